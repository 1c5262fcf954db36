//! The result of sending a plan as text, and the commands to run next.

use std::path::PathBuf;

use super::kind_text::kind_text;
use super::row_text::describe_differences;
use crate::bulk::{
    Counts, ExecutionResult, ExecutionStatus, OF_CREATED, OF_EXISTING, Options, RowOrigin,
    StopReason,
};
use crate::ledger::RunId;

/// How follow-up commands are spelled.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct NextCommands {
    /// The value of `--ledger`.
    pub(in crate::cli) ledger: Option<PathBuf>,
    /// The value of `--profile`.
    pub(in crate::cli) profile: Option<String>,
}

/// The text at the end.
#[derive(Debug, Default)]
pub(super) struct SummaryText {
    /// Why it ended early.
    pub(super) error: Option<String>,
    /// Everything else, line by line.
    pub(super) notes: Vec<String>,
}

impl NextCommands {
    /// Returns a command line for `run`.
    pub(in crate::cli) fn line(&self, command: &str, run: RunId, options: &str) -> String {
        let ledger = self.ledger.as_ref();
        let ledger = ledger.map_or_else(String::new, |path| {
            format!(" --ledger {}", quoted(&path.to_string_lossy()))
        });
        let profile = match (&self.profile, command) {
            (Some(name), "send") => format!(" --profile {}", quoted(name)),
            _ => String::new(),
        };
        let options = if options.is_empty() {
            String::new()
        } else {
            format!(" {options}")
        };
        format!("`gradient-bulk {command}{ledger}{profile} {run}{options}`")
    }

    /// Returns the command line that sends `run` with the same options.
    pub(super) fn send_with_options(&self, run: RunId, options: &Options, dry_run: bool) -> String {
        let first = options.first.map(|first| format!("--first {first}"));
        let again = options.again.then(|| "--again".to_owned());
        let dry_run = dry_run.then(|| "--dry-run".to_owned());
        let words: Vec<String> = first.into_iter().chain(again).chain(dry_run).collect();
        self.line("send", run, &words.join(" "))
    }
}

/// Quotes a word for a shell, if necessary.
pub(in crate::cli) fn quoted(word: &str) -> String {
    let is_plain =
        |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c) || (cfg!(windows) && c == '\\');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Describes the result of sending a plan.
pub(super) fn describe(
    ended: &ExecutionResult,
    counts: Counts,
    commands: &NextCommands,
    options: &Options,
) -> SummaryText {
    let mut text = SummaryText::default();
    let run = ended.run;
    let kind = counts.kind.unwrap_or_default();
    match &ended.status {
        ExecutionStatus::Rejected => return text,
        ExecutionStatus::Declined => {
            let send = commands.send_with_options(run, options, false);
            let unsent = describe_unsent(counts);
            text.notes.push(format!("{unsent}; {send} asks again"));
            return text;
        }
        ExecutionStatus::DryRun => {
            let send = commands.send_with_options(run, options, false);
            text.notes.push(match counts.planned {
                0 => format!("dry run: nothing would be {}", kind.sent()),
                _ => format!(
                    "dry run: nothing was {}; {send} {}",
                    kind.sent(),
                    kind_text(kind).send
                ),
            });
            return text;
        }
        ExecutionStatus::Sent => {}
        ExecutionStatus::Stopped(stop) => text.error = stop_message(stop),
    }
    if counts.sent() + counts.planned == 0 {
        return text;
    }
    text.notes
        .push(format!("run {run}: {}", describe_counts(counts)));
    let existing = &ended.differences.existing;
    for (what, total) in [
        (
            "with a different deadline than requested",
            existing.deadlines.total,
        ),
        ("with a different name than requested", existing.names.total),
        ("whose deadline has passed", existing.expired.total),
    ] {
        if total > 0 {
            let see = commands.line("runs", run, "--existing");
            let note = format!("  existing sessions {what}: {total}; see {see}");
            text.notes.push(note);
        }
    }
    let unannounced = describe_differences(
        &ended.differences.unannounced,
        OF_EXISTING,
        RowOrigin::to_string,
    );
    let unannounced = unannounced.map(|line| format!("  not in the plan: {line}"));
    text.notes.extend(unannounced);
    let created =
        describe_differences(&ended.differences.created, OF_CREATED, RowOrigin::to_string);
    text.notes.extend(created.map(|line| format!("  {line}")));
    if ended.without_link > 0 {
        text.notes.push(format!(
            "  invited, but the API sent no link: {}; see {}",
            ended.without_link,
            commands.line("runs", run, "--created --existing")
        ));
    }
    text.notes.extend(next_commands(run, counts, commands));
    text
}

/// Says which rows of a plan that was not confirmed were not sent.
pub(super) fn describe_unsent(counts: Counts) -> String {
    let sent = counts.kind.unwrap_or_default().sent();
    // Candidates who are invited one by one share a run, so others of it may have been invited.
    match counts.sent() - counts.kept {
        0 => format!("nothing was {sent}"),
        _ => format!("the rest was not {sent}"),
    }
}

/// Returns the counts, with the number of rows that may have been sent.
pub(in crate::cli) fn describe_counts(counts: Counts) -> String {
    match counts.perhaps_sent {
        0 => counts.to_string(),
        sending => {
            let sent = counts.kind.unwrap_or_default().sent();
            format!(
                "{counts} ({sending} of them may have been {sent}, without a recorded response)"
            )
        }
    }
}

/// Returns the commands that show a run and continue with it, line by line.
pub(in crate::cli) fn next_commands(
    run: RunId,
    counts: Counts,
    commands: &NextCommands,
) -> Vec<String> {
    let mut next = Vec::new();
    let links = match (counts.created, counts.existing) {
        (0, 0) => None,
        (_, 0) => Some("--created --format csv"),
        (0, _) => Some("--existing --format csv"),
        (_, _) => Some("--created --existing --format csv"),
    };
    if let Some(options) = links {
        next.push(format!("  links: {}", commands.line("runs", run, options)));
    }
    if counts.kept > 0 {
        next.push(format!("  kept: {}", commands.line("runs", run, "--kept")));
    }
    if counts.failed > 0 {
        next.push(format!(
            "  failed: {}; retry: {}",
            commands.line("runs", run, "--failed"),
            commands.line("send", run, "--failed")
        ));
    }
    if counts.unclear > 0 {
        next.push(format!(
            "  unclear: {}; again: {}",
            commands.line("runs", run, "--unclear"),
            commands.line("send", run, "--unclear")
        ));
    }
    if counts.planned > 0 {
        next.push(format!("  the rest: {}", commands.line("send", run, "")));
    }
    next
}

fn stop_message(stop: &StopReason) -> Option<String> {
    match stop {
        StopReason::Interrupted => None,
        StopReason::Refused(error) => Some(with_hint(format!("stopped: {error}"), error.hint())),
        StopReason::NoAssessment { label, error } => Some(with_hint(
            format!("cannot invite to `{label}`: {error}"),
            error.hint(),
        )),
        StopReason::NotListed(error) => Some(with_hint(
            format!("stopped: cannot list the existing sessions to ask again: {error}"),
            error.hint(),
        )),
        StopReason::RepeatedFailures { rows, last, hint } => Some(with_hint(
            format!("stopped after {rows} consecutive failures; the last one: {last}"),
            hint.clone(),
        )),
    }
}

fn with_hint(message: String, hint: Option<String>) -> String {
    match hint {
        Some(hint) => format!("{message}\n  hint: {hint}"),
        None => message,
    }
}
