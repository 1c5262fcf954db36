//! Hints that clap cannot give for a wrong command line, about scripts and their options.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::command_error::CommandError;
use super::terminal::quoted;
use crate::script::{Error, Program, Source};
use crate::text::nearest;

/// The largest script that is read for a hint, in bytes.
const MAX_SCRIPT_BYTES: u64 = 1 << 20;

/// What people type as a command, and what there is for it.
const INTENTIONS: [(&[&str], &str); 14] = [
    (
        &["help", "usage", "man", "?"],
        "`gradient-bulk --help` lists the commands, and `gradient-bulk run --help` explains one",
    ),
    (
        &["search", "lookup", "grep", "candidate", "link"],
        "to see what is known about a candidate: `gradient-bulk find jane.doe`",
    ),
    (
        &["invite", "add", "create", "import", "upload"],
        "to invite the people in a file: `gradient-bulk run invite_csv people.csv`",
    ),
    (
        &["remind", "nudge", "extend", "postpone"],
        "to list who is late, and whose deadline should be extended: `gradient-bulk run extend_or_report`",
    ),
    (
        &["revoke", "cancel", "withdraw", "uninvite", "rollback"],
        "to take back what a run has created: `gradient-bulk undo RUN`; some candidates: `gradient-bulk run revoke people.csv`; a plan \
         that was not sent: `gradient-bulk runs RUN --discard`",
    ),
    (
        &["delete", "remove", "rm", "purge"],
        "to delete a run from the ledger: `gradient-bulk runs RUN --delete`; the sessions that it has created: `gradient-bulk undo RUN`",
    ),
    (
        &["resend", "retry", "resume", "continue"],
        "to send what a run has not sent yet: `gradient-bulk send RUN`, and with `--failed` also what failed",
    ),
    (
        &[
            "status",
            "progress",
            "watch",
            "monitor",
            "late",
            "candidates",
        ],
        "to see the sessions of an assessment: `gradient-bulk sessions`; to keep watching: `gradient-bulk sessions --watch`",
    ),
    (
        &["report", "dashboard", "export"],
        "to write a report of the sessions: `gradient-bulk sessions --report report.html`",
    ),
    (
        &["score", "grade"],
        "to score submitted sessions: `gradient-bulk run score_submitted`",
    ),
    (
        &["history", "log", "logs", "list", "ls", "plans", "show"],
        "to list the runs: `gradient-bulk runs`, and the rows of one: `gradient-bulk runs RUN`",
    ),
    (
        &[
            "init",
            "login",
            "auth",
            "config",
            "configure",
            "setup",
            "whoami",
        ],
        "to see what is configured, and what is missing: `gradient-bulk doctor`",
    ),
    (
        &["lint", "validate", "verify"],
        "to check scripts without running them: `gradient-bulk check SCRIPT`",
    ),
    (
        &["shell", "console", "eval", "exec"],
        "for an interactive session: `gradient-bulk repl`",
    ),
];

/// Explains why clap refused `words`, the command line.
pub(super) fn explain(mut error: clap::Error, words: &[OsString]) -> CommandError {
    let hint = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let hint = command_for(&error).or_else(|| script_without_run(&error, words));
            if hint.is_some() {
                error.remove(ContextKind::SuggestedSubcommand);
            }
            hint
        }
        ErrorKind::UnknownArgument => {
            let hint = option_of_script(&error, words);
            suggest(&mut error, []);
            hint
        }
        _ => None,
    };
    CommandError::usage(error, hint)
}

/// Suggests the closest of `names` for an unknown option, and removes clap's tip to pass it as a value.
pub(super) fn suggest<'a>(error: &mut clap::Error, names: impl IntoIterator<Item = &'a str>) {
    let Some(name) = unknown_option(error) else {
        return;
    };
    if let Some(ContextValue::StyledStrs(mut tips)) = error.remove(ContextKind::Suggested) {
        tips.retain(|tip| !tip.to_string().contains("as a value"));
        if !tips.is_empty() {
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
        }
    }
    if error.get(ContextKind::SuggestedArg).is_none()
        && let Some(likely) = nearest(&name, names)
    {
        let likely = ContextValue::String(format!("--{likely}"));
        error.insert(ContextKind::SuggestedArg, likely);
    }
}

/// Returns the name of the long option that clap does not know.
pub(super) fn unknown_option(error: &clap::Error) -> Option<String> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let name = given.strip_prefix("--")?.split('=').next()?;
    Some(name.to_owned())
}

/// Returns what there is for an intention that is not a command.
fn command_for(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let name = given.to_lowercase();
    let mut intentions = INTENTIONS.iter();
    let (_, hint) = intentions.find(|(words, _)| words.contains(&name.as_str()))?;
    Some((*hint).to_owned())
}

/// Returns a hint if a script is in the place of a command.
fn script_without_run(error: &clap::Error, words: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidSubcommand) else {
        return None;
    };
    let name = match Source::find(given) {
        Ok(_) => given.clone(),
        Err(Error::NoScript {
            likely: Some(likely),
            ..
        }) => likely,
        Err(_) => return None,
    };
    let rest = words.iter().skip_while(|word| *word != given.as_str());
    let rest = rest.skip(1).map(|word| word.to_string_lossy());
    let line: Vec<String> = std::iter::once(name.into())
        .chain(rest)
        .map(|word| quoted(&word))
        .collect();
    let line = line.join(" ");
    Some(format!("to run a script: `gradient-bulk run {line}`"))
}

/// Returns whether a word may be a script: a file with the name and size of one, or no file but perhaps a shipped script.
fn may_be_script(word: &Path) -> bool {
    fs::metadata(word).map_or(true, |file| {
        file.is_file()
            && word.extension().is_some_and(|end| end == "rhai")
            && file.len() <= MAX_SCRIPT_BYTES
    })
}

/// Returns a hint if an option of a script is before the script.
fn option_of_script(error: &clap::Error, words: &[OsString]) -> Option<String> {
    let option = unknown_option(error)?;
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
    let [_, command, rest @ ..] = words.as_slice() else {
        return None;
    };
    if !["run", "repl"].contains(&&**command) {
        return None;
    }
    let declares_option = |word: &str| {
        if !may_be_script(Path::new(word)) {
            return None;
        }
        let program = Program::compile(Source::find(word).ok()?).ok()?;
        let specs = program.args(&[]).ok()?;
        specs.iter().find(|spec| spec.option_name() == option)?;
        Some(())
    };
    let script = rest.iter().find(|word| declares_option(word).is_some())?;
    Some(format!(
        "`--{option}` is an option of the script: put it after `{script}`"
    ))
}
