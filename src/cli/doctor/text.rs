//! The results of `doctor` as text and as JSON.

use anstyle::{AnsiColor, Style};
use serde_json::json;

use crate::error::{Error, ExitStatus};
use crate::text::{escape_line, to_json, wrap};

/// The column at which results start.
const INDENT: usize = 24;
/// The minimum width of a result on a narrow terminal.
const MIN_TEXT_WIDTH: usize = 40;

impl CheckStatus {
    fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Warning => "warning",
            Self::Failed(_) => "fault",
        }
    }

    fn style(self) -> Style {
        let color = match self {
            Self::Passed => AnsiColor::Green,
            Self::Warning => AnsiColor::Yellow,
            Self::Failed(_) => AnsiColor::Red,
        };
        Style::new().fg_color(Some(color.into())).bold()
    }
}

/// Returns a line for each result, with its hint below.
pub(super) fn draw(results: &[CheckResult], width: Option<u16>, color: bool) -> String {
    let width = width.map_or(usize::MAX, |width| {
        usize::from(width).max(INDENT + MIN_TEXT_WIDTH)
    });
    let lines: Vec<String> = results
        .iter()
        .map(|result| {
            let style = if color {
                result.state.style()
            } else {
                Style::new()
            };
            let word = result.state.word();
            let found = indented(&escape_line(&result.found), width);
            let hint = result.hint.as_deref().map_or_else(String::new, |hint| {
                let hint = indented(&format!("hint: {}", escape_line(hint)), width);
                format!("\n{:INDENT$}{hint}", "")
            });
            format!(
                "{style}{word:7}{style:#}  {:13}  {found}{hint}",
                result.name
            )
        })
        .collect();
    lines.join("\n")
}

fn indented(text: &str, width: usize) -> String {
    wrap(text, width.saturating_sub(INDENT), 0).replace('\n', &format!("\n{:INDENT$}", ""))
}

/// Returns the results for other programs.
pub(super) fn json(results: &[CheckResult], status: ExitStatus) -> String {
    let results: Vec<serde_json::Value> = results
        .iter()
        .map(|result| {
            json!({
                "name": result.name,
                "state": result.state.word(),
                "found": result.found,
                "hint": result.hint,
            })
        })
        .collect();
    to_json(&json!({ "exit_status": status.code(), "findings": results })).unwrap_or_default()
}

pub(super) struct CheckResult {
    pub(super) name: &'static str,
    pub(super) state: CheckStatus,
    pub(super) found: String,
    pub(super) hint: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CheckStatus {
    Passed,
    Warning,
    /// A command that needs this would exit with this status.
    Failed(ExitStatus),
}

impl CheckResult {
    pub(super) fn passed(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            state: CheckStatus::Passed,
            found: found.into(),
            hint: None,
        }
    }

    pub(super) fn warning(
        name: &'static str,
        found: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            name,
            state: CheckStatus::Warning,
            found: found.into(),
            hint: Some(hint.into()),
        }
    }

    pub(super) fn failed(name: &'static str, error: &Error) -> Self {
        let hints = error.hints();
        Self {
            name,
            state: CheckStatus::Failed(error.exit_status()),
            found: error.to_string(),
            hint: (!hints.is_empty()).then(|| hints.join("; ")),
        }
    }
}
