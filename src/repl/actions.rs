//! What the commands do.

#![allow(
    clippy::unnecessary_wraps,
    reason = "the table of commands holds functions of one type"
)]

use std::fs;
use std::path::Path;
use std::time::Instant;

use super::commands::{COMMANDS, CommandSpec};
use super::results::{draw_rows, wrap};
use super::shell::{InputResult, Shell};
use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::reference::{UnknownName, terminal};
use crate::script::{Diagnostic, Program, Source, Termination, default_arguments};
use crate::table;
use crate::text::{count, escape_control, escape_line};

/// How wide a page is that nobody sees on a screen.
const DEFAULT_WIDTH: usize = 80;

/// Characters of a value in the list of variables.
const MAX_VALUE_CHARS: usize = 40;

const KEYS: &str = "\
Enter evaluates, or continues an input that is not complete; Alt-Enter always begins a line.
Tab completes; Up, Down and Ctrl-R find earlier inputs; Right takes the grey suggestion.
Ctrl-C stops what is running, or drops what is written; Ctrl-D leaves.
`it` is the last result. `:help NAME` explains a function, `:doc` lists all of them.";

pub(super) fn help(shell: &mut Shell, name: &str) -> Result<InputResult, Error> {
    if !name.is_empty() {
        return doc(shell, name);
    }
    let width = shell.frontend.width();
    let rows: Vec<(String, String)> = COMMANDS
        .iter()
        .map(|spec| (usage(spec), spec.summary.to_owned()))
        .collect();
    let text = format!("{}\n\n{}", wrap(KEYS, width, 0), draw_rows(&rows, width));
    shell.print_message(&text);
    Ok(InputResult::Done)
}

fn usage(spec: &CommandSpec) -> String {
    format!(":{} {}", spec.name, spec.argument)
        .trim_end()
        .to_owned()
}

pub(super) fn doc(shell: &mut Shell, name: &str) -> Result<InputResult, Error> {
    let bare = name.trim_start_matches(':').trim_end_matches("()");
    let command = COMMANDS.iter().find(|spec| spec.name == bare);
    let defined = shell.session.functions();
    let own: Vec<String> = defined
        .iter()
        .filter(|function| function.name == bare)
        .map(|function| {
            format!("{}\n{}", function.signature(), function.doc)
                .trim_end()
                .to_owned()
        })
        .collect();
    if !own.is_empty() {
        shell.print_message(&escape_control(&own.join("\n\n")));
        return Ok(InputResult::Done);
    }
    let width = shell.frontend.width().map_or(DEFAULT_WIDTH, usize::from);
    let color = shell.frontend.colors();
    let text = shell.completion_index.read(|index| {
        let reference = index.reference();
        if bare.is_empty() {
            return Ok(terminal::overview(reference, width, color));
        }
        let found = reference.find(bare);
        match (found, command) {
            (Err(_), Some(spec)) => Ok(explain(spec)),
            (Ok(_), Some(spec)) if name.starts_with(':') => Ok(explain(spec)),
            (found, _) => Ok::<_, UnknownName>(terminal::entry(&found?, width, color)),
        }
    });
    shell.print_message(text?.trim_end());
    Ok(InputResult::Done)
}

fn explain(spec: &CommandSpec) -> String {
    format!("{}\n  {}", usage(spec), spec.summary)
}

pub(super) fn vars(shell: &mut Shell, _: &str) -> Result<InputResult, Error> {
    let variables = shell.session.variables();
    let functions = shell.session.functions();
    let mut rows: Vec<Vec<String>> = variables
        .into_iter()
        .map(|variable| {
            let value = truncate(&variable.value);
            vec![variable.name, variable.summary, value]
        })
        .collect();
    rows.extend(functions.iter().map(|function| {
        let summary = function.summary().to_owned();
        vec![function.signature(), "function".to_owned(), summary]
    }));
    if rows.is_empty() {
        shell.print_message("no variables and no functions yet");
        return Ok(InputResult::Done);
    }
    let columns = ["name", "type", "value"].map(str::to_owned);
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|cell| escape_line(cell)).collect())
        .collect();
    let drawn = table::draw(&columns, &rows, shell.frontend.width());
    shell.print_message(&drawn);
    Ok(InputResult::Done)
}

/// The beginning of a value, as far as a list of variables needs it.
fn truncate(value: &str) -> String {
    let mut letters = value.chars();
    let start: String = letters.by_ref().take(MAX_VALUE_CHARS).collect();
    let rest = if letters.next().is_some() { "…" } else { "" };
    format!("{start}{rest}")
}

pub(super) fn print_type(shell: &mut Shell, text: &str) -> Result<InputResult, Error> {
    require_argument(text, "type", "`:type rows`")?;
    match shell.session.describe(text)? {
        Ok(described) => {
            shell.print_message(&described);
            Ok(InputResult::Done)
        }
        Err(ending) => Ok(InputResult::Ended(ending)),
    }
}

pub(super) fn time(shell: &mut Shell, text: &str) -> Result<InputResult, Error> {
    require_argument(text, "time", "`:time list_sessions()`")?;
    let start = Instant::now();
    let result = shell.evaluate(text);
    shell
        .frontend
        .note(&format!("took {:.3} s", start.elapsed().as_secs_f64()));
    result
}

pub(super) fn all(shell: &mut Shell, _: &str) -> Result<InputResult, Error> {
    if !shell.show_last(usize::MAX)? {
        shell.print_message("there is no result yet");
    }
    Ok(InputResult::Done)
}

pub(super) fn load(shell: &mut Shell, file: &str) -> Result<InputResult, Error> {
    require_argument(file, "load", "`:load invite.rhai`")?;
    let program = Program::compile(Source::find(file)?)?;
    let arguments = default_arguments(file, &program.args(&[])?)?;
    shell.load(&program, arguments)
}

pub(super) fn save(shell: &mut Shell, file: &str) -> Result<InputResult, Error> {
    require_argument(file, "save", "`:save invite.rhai`")?;
    let path = Path::new(file);
    let failed = |message: String, hint: &str| {
        let failure = Diagnostic::new(ErrorCode::File, message);
        if hint.is_empty() {
            failure
        } else {
            failure.hint(hint)
        }
    };
    if path.exists() && !shell.saved.contains(path) {
        let message = format!("`{file}` is there already");
        let hint = "choose another name: what this session did not write is not overwritten";
        return Err(failed(message, hint).into());
    }
    let (script, left_out) = shell.input_log.script();
    if script.is_empty() {
        return Err(failed("nothing was entered that could be saved".to_owned(), "").into());
    }
    let lines = script.lines().count();
    fs::write(path, script)
        .map_err(|error| failed(format!("cannot write `{file}`: {error}"), ""))?;
    shell.saved.insert(path.to_owned());
    let lines = count(lines, "line");
    shell.print_message(&format!("{lines} written to {}", escape_line(file)));
    if left_out > 0 {
        shell.print_message(&format!("left out, as they may hold a key: {left_out}"));
    }
    Ok(InputResult::Done)
}

pub(super) fn assessment(shell: &mut Shell, name: &str) -> Result<InputResult, Error> {
    let host = shell.session.host();
    let reference = match (name, host.assessment()) {
        ("", Some(own)) => own,
        ("", None) => {
            let hint = "`:assessment NAME` chooses one; `list_assessments()` shows what there is";
            shell.print_message(&format!("no assessment is chosen\n{hint}"));
            return Ok(InputResult::Done);
        }
        (name, _) => name.trim_matches('"').to_owned(),
    };
    match host.select_assessment(&reference)? {
        Some(label) => {
            shell.print_message(&escape_line(&label));
            Ok(InputResult::Done)
        }
        None => Ok(InputResult::Ended(Termination::Interrupted)),
    }
}

pub(super) fn live(shell: &mut Shell, switch: &str) -> Result<InputResult, Error> {
    match switch {
        "on" => shell.live = true,
        "off" => shell.live = false,
        "" => {}
        other => {
            let message = format!("`:live` takes `on` or `off`, and this is `{other}`");
            return Err(Diagnostic::new(ErrorCode::Usage, message).into());
        }
    }
    let text = match (shell.sandbox, shell.live) {
        (true, _) => "this is the sandbox: nobody gets an email, and nothing is asked",
        (false, true) => "what is sent is sent at once, without a question",
        (false, false) => "before anything is sent, you are asked",
    };
    shell.print_message(text);
    Ok(InputResult::Done)
}

pub(super) fn reset(shell: &mut Shell, _: &str) -> Result<InputResult, Error> {
    shell.session.reset();
    shell.input_log.clear();
    Ok(InputResult::Done)
}

pub(super) fn clear(_: &mut Shell, _: &str) -> Result<InputResult, Error> {
    Ok(InputResult::ClearScreen)
}

pub(super) fn quit(_: &mut Shell, _: &str) -> Result<InputResult, Error> {
    Ok(InputResult::Quit)
}

fn require_argument(argument: &str, command: &str, example: &str) -> Result<(), Error> {
    if !argument.is_empty() {
        return Ok(());
    }
    let message = format!("`:{command}` takes something, and nothing follows it");
    let failure = Diagnostic::new(ErrorCode::Usage, message);
    Err(failure.hint(format!("for example {example}")).into())
}
