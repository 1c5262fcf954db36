//! How the sending of a plan ended, as text: what happened, and which command comes next.

use std::path::PathBuf;

use crate::api;
use crate::bulk::{Counts, ExecutionResult, ExecutionStatus, Options, StopReason};
use crate::ledger::RunId;

/// How the commands are called that come next.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct NextCommands {
    /// The ledger, where it was named on the command line.
    pub(in crate::cli) ledger: Option<PathBuf>,
    /// The profile, where one was named.
    pub(in crate::cli) profile: Option<String>,
}

/// What is said at the end.
#[derive(Debug, Default)]
pub(super) struct SummaryText {
    /// Why it ended early.
    pub(super) error: Option<String>,
    /// What else there is to say, line by line.
    pub(super) notes: Vec<String>,
}

impl NextCommands {
    /// Returns a command line that goes on with `run`.
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

    /// Returns a command line that sends of `run` what `options` let be sent of its plan, or rehearses that.
    pub(super) fn send_with_options(&self, run: RunId, options: &Options, dry_run: bool) -> String {
        let first = options.first.map(|first| format!("--first {first}"));
        let again = options.again.then(|| "--again".to_owned());
        let dry_run = dry_run.then(|| "--dry-run".to_owned());
        let words: Vec<String> = first.into_iter().chain(again).chain(dry_run).collect();
        self.line("send", run, &words.join(" "))
    }
}

/// Returns a word as a shell takes it for one: in quotes, unless it is plain.
pub(in crate::cli) fn quoted(word: &str) -> String {
    let plain =
        |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c) || (cfg!(windows) && c == '\\');
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Describes how the course of a plan ended.
pub(super) fn describe(
    ended: &ExecutionResult,
    counts: Counts,
    commands: &NextCommands,
    options: &Options,
) -> SummaryText {
    let mut text = SummaryText::default();
    let run = ended.run;
    match &ended.status {
        ExecutionStatus::Rejected => return text,
        ExecutionStatus::Declined => {
            let send = commands.send_with_options(run, options, false);
            // Candidates who are invited one by one share a run: others of it may have been invited.
            let what = match counts.created + counts.existing + counts.failed {
                0 => "nothing was sent",
                _ => "the rest was not sent",
            };
            text.notes.push(format!("{what}; {send} asks again"));
            return text;
        }
        ExecutionStatus::DryRun => {
            let send = commands.send_with_options(run, options, false);
            text.notes.push(match counts.planned {
                0 => "dry run: nothing would be sent".to_owned(),
                _ => format!("dry run: nothing was sent; {send} sends this plan"),
            });
            return text;
        }
        ExecutionStatus::Sent => {}
        ExecutionStatus::Stopped(stop) => text.error = stop_message(stop),
    }
    if counts.created + counts.existing + counts.failed + counts.planned == 0 {
        return text;
    }
    text.notes.push(format!("run {run}: {counts}"));
    if ended.deadline_mismatches > 0 {
        text.notes.push(format!(
            "  other deadline than asked for, in an existing session: {}; see {}",
            ended.deadline_mismatches,
            commands.line("runs", run, "--existing")
        ));
    }
    text.notes.extend(next_commands(run, counts, commands));
    text
}

/// Names the commands that show and go on with a run that may be sent, line by line.
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
    if counts.failed > 0 {
        next.push(format!(
            "  failed: {}; once more: {}",
            commands.line("runs", run, "--failed"),
            commands.line("send", run, "--failed")
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
        StopReason::Refused(error) => Some(with_hint(&format!("stopped: {error}"), error)),
        StopReason::NoAssessment { label, error } => Some(with_hint(
            &format!("`{label}` cannot be invited to: {error}"),
            error,
        )),
        StopReason::Outage { rows, last } => Some(format!(
            "stopped after {rows} failures in succession; the last one: {last}"
        )),
    }
}

fn with_hint(message: &str, error: &api::Error) -> String {
    match error.hint() {
        Some(hint) => format!("{message}\n  hint: {hint}"),
        None => message.to_owned(),
    }
}
