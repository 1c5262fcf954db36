//! Why a command failed, and how that is reported.

use std::io::{self, Write as _};

use clap::error::{ContextKind, ContextValue};

use super::output::{self, Streams};
use crate::error::{Error, ExitStatus};
use crate::render::{Style, render};
use crate::text::{escape_line, redact_keys};

/// Why a command failed.
#[derive(Debug)]
pub(super) enum CommandError {
    /// The command line is wrong, or asks for help or the version.
    Usage {
        source: clap::Error,
        /// A hint that clap cannot know.
        hint: Option<String>,
    },
    Error(Error),
}

impl<E: Into<Error>> From<E> for CommandError {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl CommandError {
    /// Makes an error about a command line, which is escaped where the error quotes it.
    pub(super) fn usage(mut source: clap::Error, hint: Option<String>) -> Self {
        let escape = |value: &ContextValue| match value {
            ContextValue::String(text) => Some(ContextValue::String(escape_line(text))),
            ContextValue::Strings(texts) => Some(ContextValue::Strings(
                texts.iter().map(|text| escape_line(text)).collect(),
            )),
            _ => None,
        };
        let context = source.context();
        let escaped: Vec<(ContextKind, ContextValue)> = context
            .filter_map(|(kind, value)| Some((kind, escape(value)?)))
            .collect();
        for (kind, value) in escaped {
            source.insert(kind, value);
        }
        let hint = hint.map(|hint| escape_line(&hint));
        Self::Usage { source, hint }
    }

    /// Reports the error to `streams` and returns the exit status.
    pub(super) fn report(&self, streams: &Streams) -> ExitStatus {
        match self {
            Self::Usage { source, hint } => {
                match streams {
                    Streams::Process => {
                        let printed = print_without_keys(source);
                        if !source.use_stderr()
                            && let Err(lost) = output::ignore_closed_pipe(printed)
                        {
                            return Self::Error(lost).report(streams);
                        }
                    }
                    Streams::Captured(captured) if source.use_stderr() => {
                        let text = redact_keys(&source.render().to_string());
                        let first = text.split("\n\n").next().unwrap_or_default();
                        captured.record_error(first.trim_start_matches("error: "));
                        captured.note(text.trim_end());
                    }
                    Streams::Captured(captured) => {
                        captured.print(source.render().to_string().trim_end());
                    }
                }
                if let Some(hint) = hint {
                    streams.note(&format!("\n  hint: {hint}"));
                }
                match source.exit_code() {
                    0 => ExitStatus::Success,
                    _ => ExitStatus::Usage,
                }
            }
            Self::Error(error) => {
                match streams {
                    Streams::Process => {
                        output::note_preformatted(&render(error, output::stderr_style()));
                    }
                    Streams::Captured(captured) => {
                        captured.record_error(&error.to_string());
                        captured.note(&render(error, Style::default()));
                    }
                }
                error.exit_status()
            }
        }
    }
}

/// Prints what clap has to say: help and the version to standard output, and errors to standard error.
fn print_without_keys(error: &clap::Error) -> io::Result<()> {
    let text = redact_keys(&error.render().ansi().to_string());
    if error.use_stderr() {
        write!(anstream::stderr().lock(), "{text}")
    } else {
        let mut stdout = anstream::stdout().lock();
        write!(stdout, "{text}").and_then(|()| stdout.flush())
    }
}
