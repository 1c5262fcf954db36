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

/// Explains why clap refused `words`, the command line.
pub(super) fn explain(mut error: clap::Error, words: &[OsString]) -> CommandError {
    let hint = match error.kind() {
        ErrorKind::InvalidSubcommand => script_without_run(&error, words),
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
