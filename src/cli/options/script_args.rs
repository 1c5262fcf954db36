//! The arguments of a script: turns its `arg` calls into a clap command, and the command line into values.

use std::ffi::OsString;

use clap::{Arg, ArgAction, ArgMatches, Args, Command};

use super::value_parsers;
use crate::cli::command_error::CommandError;
use crate::cli::{output, usage};
use crate::render::{Style, render};
use crate::script::{ArgKind, ArgSpec, ArgValue, Arguments, Program, Source};
use crate::text::{escape_line, reflow};

/// The maximum width of help.
const MAX_HELP_WIDTH: u16 = 100;

/// Compiles `source`, which was named `reference` on the command line, and parses its arguments from `given`. Scripts cannot
/// use the names in `reserved`. The help of the script is an error, too.
pub(in crate::cli) fn compile_and_parse_args(
    reference: &str,
    source: Source,
    given: Vec<OsString>,
    reserved: &[String],
) -> Result<(Program, Arguments), CommandError> {
    let program = Program::compile(source)?;
    program.check(reserved)?;
    let specs = program.args(reserved)?;
    let arguments = parse(reference, &program.source, &specs, reserved, given)?;
    Ok((program, arguments))
}

fn parse(
    reference: &str,
    source: &Source,
    specs: &[ArgSpec],
    reserved: &[String],
    given: Vec<OsString>,
) -> Result<Arguments, CommandError> {
    let name = format!("gradient-bulk run {}", escape_line(reference));
    let command = specs.iter().fold(command(&name, source), |command, spec| {
        command.arg(argument(spec))
    });
    let words = std::iter::once(OsString::from(&name)).chain(given);
    let matches = with_usage(command)
        .try_get_matches_from(words)
        .map_err(|mut source| {
            let hint = misplaced_option(&source, reserved);
            let names: Vec<String> = specs.iter().map(ArgSpec::option_name).collect();
            usage::suggest(&mut source, names.iter().map(String::as_str));
            CommandError::usage(source, hint)
        })?;
    Ok(specs
        .iter()
        .map(|spec| (spec.name.clone(), value(spec, &matches)))
        .collect())
}

/// Parses the arguments of a script as `run` does, for tests and fuzzing. The error is what the user would see.
pub fn read_arguments(
    source: Source,
    given: Vec<OsString>,
    reserved: &[String],
) -> Result<Arguments, String> {
    match compile_and_parse_args("script", source, given, reserved) {
        Ok((_, arguments)) => Ok(arguments),
        Err(CommandError::Usage { source, .. }) => Err(source.render().to_string()),
        Err(CommandError::Error(error)) => Err(render(&error, Style::default())),
    }
}

/// Returns the names of the options of a command, which scripts cannot use.
pub(in crate::cli) fn option_names<T: Args>() -> Vec<String> {
    T::augment_args(Command::new(""))
        .get_arguments()
        .filter_map(|arg| arg.get_long().map(ToOwned::to_owned))
        .chain(["help".to_owned()])
        .collect()
}

fn command(name: &str, source: &Source) -> Command {
    // Escaped, so that a script cannot control the terminal of a user who reads its help.
    let width = output::width()
        .unwrap_or(MAX_HELP_WIDTH)
        .min(MAX_HELP_WIDTH);
    let about = reflow(source.doc().map(escape_line), usize::from(width));
    Command::new(name.to_owned())
        .bin_name(name)
        .no_binary_name(false)
        .disable_version_flag(true)
        .about(about)
}

/// Makes errors show the usage of `--help`: clap's own would make options look required.
fn with_usage(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim().to_owned();
    command.override_usage(usage)
}

fn argument(spec: &ArgSpec) -> Arg {
    let arg = Arg::new(spec.name.clone()).help(escape_line(&spec.help));
    let shown = spec.option_name().to_uppercase();
    let option = |arg: Arg| {
        let arg = arg.long(spec.option_name()).value_name(shown.clone());
        if spec.option_name() == spec.name {
            arg
        } else {
            arg.alias(spec.name.clone())
        }
    };
    match &spec.kind {
        ArgKind::Positional => arg.value_name(shown).required(true),
        ArgKind::Rest => arg
            .value_name(shown)
            .num_args(0..)
            .action(ArgAction::Append),
        ArgKind::Flag(false) => arg.long(spec.option_name()).action(ArgAction::SetTrue),
        ArgKind::Flag(true) => arg.long(spec.option_name()).action(ArgAction::SetFalse),
        ArgKind::Integer(number) => option(arg)
            .value_parser(value_parsers::integer)
            .allow_negative_numbers(true)
            .default_value(number.to_string()),
        ArgKind::Float(number) => option(arg)
            .value_parser(value_parsers::number)
            .allow_negative_numbers(true)
            .default_value(number.to_string()),
        ArgKind::Text(text) if text.is_empty() => {
            option(arg).hide_default_value(true).default_value("")
        }
        ArgKind::Text(text) => option(arg).default_value(text.clone()),
        ArgKind::OptionalText => option(arg),
        ArgKind::Repeated => option(arg).action(ArgAction::Append),
    }
}

fn value(spec: &ArgSpec, matches: &ArgMatches) -> ArgValue {
    let text = || matches.get_one::<String>(&spec.name).cloned();
    match &spec.kind {
        ArgKind::Positional | ArgKind::OptionalText => {
            text().map_or(ArgValue::None, ArgValue::Text)
        }
        ArgKind::Text(default) => ArgValue::Text(text().unwrap_or_else(|| default.clone())),
        ArgKind::Flag(_) => ArgValue::Flag(matches.get_flag(&spec.name)),
        ArgKind::Integer(default) => {
            ArgValue::Integer(matches.get_one(&spec.name).copied().unwrap_or(*default))
        }
        ArgKind::Float(default) => {
            ArgValue::Float(matches.get_one(&spec.name).copied().unwrap_or(*default))
        }
        ArgKind::Rest | ArgKind::Repeated => ArgValue::List(
            matches
                .get_many::<String>(&spec.name)
                .map(|texts| texts.cloned().collect())
                .unwrap_or_default(),
        ),
    }
}

/// Returns a hint if an unknown option is one of the command, which belongs before the script.
fn misplaced_option(error: &clap::Error, reserved: &[String]) -> Option<String> {
    let name = usage::unknown_option(error)?;
    reserved
        .contains(&name)
        .then(|| format!("put `--{name}` before the script"))
}
