//! Runs an input: a command, or a piece of script.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::commands::{self, Action, COMMANDS, Command, CommandSpec};
use super::results::{draw_pairs, wrap};
use super::shell::{InputResult, Shell};
use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::reference::{UnknownName, terminal};
use crate::script::{Diagnostic, Program, Source, Termination, default_arguments, word_at};
use crate::table;
use crate::text::{count, escape_control, escape_line, nearest};

/// Width of a help page without a terminal.
const DEFAULT_WIDTH: usize = 80;

/// Characters of a value in the list of variables.
const MAX_VALUE_CHARS: usize = 40;

const KEYS: &str = "\
Enter evaluates a complete input and continues an incomplete one; Alt-Enter always starts a new line.
Tab completes; Up, Down and Ctrl-R find earlier inputs; Right accepts the gray suggestion.
Ctrl-C stops a running script or discards the current input; Ctrl-D quits.
`it` is the last result. `:help NAME` explains a function, `:doc` lists all of them.";

/// Runs `input` as a command, or else evaluates it.
pub(super) fn handle_input(shell: &mut Shell, input: &str) -> Result<InputResult, Error> {
    if input.trim().is_empty() {
        return Ok(InputResult::Done);
    }
    let command = commands::parse(input).or_else(|| parse_bare_command(shell, input));
    let Some(command) = command else {
        return shell.evaluate(input);
    };
    let spec = command.spec();
    let spec = spec.ok_or_else(|| unknown_command(command.name))?;
    shell.prepare_input();
    run(shell, spec.action, command.rest.trim())
}

/// Parses `quit`, `help` or `help NAME` as a command, unless a variable has that name.
fn parse_bare_command<'a>(shell: &Shell, input: &'a str) -> Option<Command<'a>> {
    let command = commands::parse_bare(input)?;
    let word = word_at(input.trim_start(), 0);
    let variables = shell.session.variables();
    let is_variable = variables.iter().any(|variable| variable.name == word);
    (!is_variable).then_some(command)
}

fn unknown_command(name: &str) -> Diagnostic {
    let failure = Diagnostic::new(
        ErrorCode::UnknownCommand,
        format!("unknown command `:{name}`"),
    );
    match nearest(name, COMMANDS.iter().map(|spec| spec.name)) {
        Some(likely) => failure.hint(format!("did you mean `:{likely}`?")),
        None => failure.hint("`:help` lists the commands"),
    }
}

fn run(shell: &mut Shell, action: Action, argument: &str) -> Result<InputResult, Error> {
    match action {
        Action::Help if argument.is_empty() => help(shell),
        Action::Help | Action::Doc => doc(shell, argument)?,
        Action::Vars => vars(shell),
        Action::Type => return print_type(shell, argument),
        Action::Time => return time(shell, argument),
        Action::All => {
            if !shell.show_last(usize::MAX)? {
                shell.print_message("there is no result yet");
            }
        }
        Action::Load => return load(shell, argument),
        Action::Save => save(shell, argument)?,
        Action::Assessment => return assessment(shell, argument),
        Action::Live => live(shell, argument)?,
        Action::Reset => {
            shell.session.reset();
            shell.input_log.clear();
        }
        Action::Clear => return Ok(InputResult::ClearScreen),
        Action::Quit => return Ok(InputResult::Quit),
    }
    Ok(InputResult::Done)
}

fn help(shell: &Shell) {
    let width = shell.frontend.width();
    let rows: Vec<(String, String)> = COMMANDS
        .iter()
        .map(|spec| (usage(spec), spec.summary.to_owned()))
        .collect();
    let text = format!("{}\n\n{}", wrap(KEYS, width, 0), draw_pairs(&rows, width));
    shell.print_message(&text);
}

fn usage(spec: &CommandSpec) -> String {
    format!(":{} {}", spec.name, spec.argument.placeholder())
        .trim_end()
        .to_owned()
}

fn doc(shell: &Shell, name: &str) -> Result<(), Error> {
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
        return Ok(());
    }
    let width = shell.frontend.width().map_or(DEFAULT_WIDTH, usize::from);
    let color = shell.frontend.colors();
    let text = shell.completion_index.read(|index| {
        let reference = index.reference();
        if bare.is_empty() {
            return Ok::<_, UnknownName>(terminal::overview(reference, width, color));
        }
        match (reference.find(bare), command) {
            (Err(_), Some(spec)) => Ok(explain(spec)),
            (Ok(_), Some(spec)) if name.starts_with(':') => Ok(explain(spec)),
            _ => reference.explain(bare, width, color),
        }
    });
    shell.print_message(text?.trim_end());
    Ok(())
}

fn explain(spec: &CommandSpec) -> String {
    format!("{}\n  {}", usage(spec), spec.summary)
}

fn vars(shell: &Shell) {
    let variables = shell.session.variables().into_iter().map(|variable| {
        let value = truncate(&variable.value);
        [variable.name, variable.summary, value]
    });
    let functions = shell.session.functions();
    let functions = functions.iter().map(|function| {
        let summary = function.summary().to_owned();
        [function.signature(), "function".to_owned(), summary]
    });
    let imports = shell.session.imports.iter();
    let imports = imports.map(|import| {
        let members = import.members();
        [
            format!("{}::", import.alias),
            "module".to_owned(),
            truncate(&members),
        ]
    });
    let rows: Vec<Vec<String>> = variables
        .chain(functions)
        .chain(imports)
        .map(|row| row.iter().map(|cell| escape_line(cell)).collect())
        .collect();
    if rows.is_empty() {
        shell.print_message("no variables, functions and imports yet");
        return;
    }
    let columns = ["name", "type", "value"].map(str::to_owned);
    let drawn = table::draw(&columns, &rows, shell.frontend.width());
    shell.print_message(&drawn);
}

fn truncate(value: &str) -> String {
    let mut letters = value.chars();
    let start: String = letters.by_ref().take(MAX_VALUE_CHARS).collect();
    let rest = if letters.next().is_some() { "…" } else { "" };
    format!("{start}{rest}")
}

fn print_type(shell: &mut Shell, text: &str) -> Result<InputResult, Error> {
    require_argument(text, "type", "`:type rows`")?;
    match shell.session.describe(text)? {
        Ok(described) => {
            shell.print_message(&described);
            Ok(InputResult::Done)
        }
        Err(ending) => Ok(InputResult::Ended(ending)),
    }
}

fn time(shell: &mut Shell, text: &str) -> Result<InputResult, Error> {
    require_argument(text, "time", "`:time list_sessions()`")?;
    let start = Instant::now();
    let result = shell.evaluate(text);
    shell
        .frontend
        .note(&format!("took {:.3} s", start.elapsed().as_secs_f64()));
    result
}

fn load(shell: &mut Shell, file: &str) -> Result<InputResult, Error> {
    require_argument(file, "load", "`:load invite.rhai`")?;
    let program = Program::compile(Source::find(file)?)?;
    let arguments = default_arguments(file, &program.args(&[])?)?;
    shell.load(&program, arguments)
}

fn save(shell: &mut Shell, file: &str) -> Result<(), Error> {
    require_argument(file, "save", "`:save invite.rhai`")?;
    let file = &*with_extension(file);
    let path = Path::new(file);
    let failed = |message: String| Diagnostic::new(ErrorCode::File, message);
    if path.exists() && !shell.saved.contains(path) {
        let hint =
            "choose another name: `:save` only overwrites files that it wrote in this session";
        return Err(failed(format!("`{file}` already exists")).hint(hint).into());
    }
    let (script, left_out) = shell.input_log.script();
    if script.is_empty() {
        return Err(failed("there are no inputs to save".to_owned()).into());
    }
    let lines = script.lines().count();
    fs::write(path, script).map_err(|error| failed(format!("cannot write `{file}`: {error}")))?;
    shell.saved.insert(path.to_owned());
    let lines = count(lines, "line");
    shell.print_message(&format!("{lines} written to {}", escape_line(file)));
    if left_out > 0 {
        shell.print_message(&format!(
            "inputs left out because they may contain an API key: {left_out}"
        ));
    }
    Ok(())
}

/// Adds `.rhai` to the name of a file that has no extension.
fn with_extension(file: &str) -> Cow<'_, str> {
    let is_directory = file.ends_with(std::path::is_separator);
    if is_directory || Path::new(file).extension().is_some() {
        return file.into();
    }
    format!("{file}.rhai").into()
}

fn assessment(shell: &Shell, name: &str) -> Result<InputResult, Error> {
    let host = &shell.session.host;
    let reference = match (name, host.assessment()) {
        ("", Some(own)) => own,
        ("", None) => {
            shell.print_message(
                "no assessment is selected\n`:assessment NAME` selects one; `list_assessments()` lists them",
            );
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

fn live(shell: &mut Shell, switch: &str) -> Result<(), Error> {
    match switch {
        "on" => shell.live = true,
        "off" => shell.live = false,
        "" => {}
        other => {
            let message = format!("`:live` takes `on` or `off`, not `{other}`");
            return Err(Diagnostic::new(ErrorCode::Usage, message).into());
        }
    }
    let text = match (shell.sandbox, shell.live) {
        (true, _) => "this is the sandbox: no emails are sent, and nothing needs confirmation",
        (false, true) => "gradient-bulk sends without asking, but asks before it deletes sessions",
        (false, false) => "gradient-bulk asks before it sends anything",
    };
    shell.print_message(text);
    Ok(())
}

fn require_argument(argument: &str, command: &str, example: &str) -> Result<(), Error> {
    if !argument.is_empty() {
        return Ok(());
    }
    let failure = Diagnostic::new(ErrorCode::Usage, format!("`:{command}` needs an argument"));
    Err(failure.hint(format!("for example {example}")).into())
}
