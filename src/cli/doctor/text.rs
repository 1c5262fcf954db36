//! What `doctor` found, as text and as JSON.

use anstyle::{AnsiColor, Style};
use serde_json::json;
use textwrap::{Options, wrap};

use super::finding::{Finding, State};
use crate::error::ExitStatus;
use crate::render::visible_line;

/// The column that findings begin at.
const INDENT: usize = 24;
/// The least that is left for a finding on a narrow terminal.
const NARROWEST: usize = 40;

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Fault(_) => "fault",
        }
    }

    fn style(self) -> Style {
        let color = match self {
            Self::Fine => AnsiColor::Green,
            Self::Warning => AnsiColor::Yellow,
            Self::Fault(_) => AnsiColor::Red,
        };
        Style::new().fg_color(Some(color.into())).bold()
    }
}

/// Draws a line for each finding, with its cure below.
pub(super) fn draw(findings: &[Finding], width: Option<u16>, color: bool) -> String {
    let width = width.map_or(usize::MAX, |width| {
        usize::from(width).max(INDENT + NARROWEST)
    });
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let style = if color {
                finding.state.style()
            } else {
                Style::new()
            };
            let word = finding.state.word();
            let found = indented(&visible_line(&finding.found), width);
            let cure = finding.cure.as_deref().map_or_else(String::new, |cure| {
                let cure = indented(&format!("cure: {}", visible_line(cure)), width);
                format!("\n{:INDENT$}{cure}", "")
            });
            format!(
                "{style}{word:7}{style:#}  {:13}  {found}{cure}",
                finding.name
            )
        })
        .collect();
    lines.join("\n")
}

fn indented(text: &str, width: usize) -> String {
    let options = Options::new(width.saturating_sub(INDENT)).break_words(false);
    wrap(text, options).join(&format!("\n{:INDENT$}", ""))
}

/// The same for other programs.
pub(super) fn json(findings: &[Finding], status: ExitStatus) -> String {
    let findings: Vec<serde_json::Value> = findings
        .iter()
        .map(|finding| {
            json!({
                "name": finding.name,
                "state": finding.state.word(),
                "found": finding.found,
                "cure": finding.cure,
            })
        })
        .collect();
    json!({ "exit_status": status.code(), "findings": findings }).to_string()
}
