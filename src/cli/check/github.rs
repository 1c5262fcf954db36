//! Findings as workflow commands, which GitHub Actions shows next to the lines of a pull request.

use std::path::MAIN_SEPARATOR;

use crate::script::{Finding, SourceLocation};
use crate::text::escape_line;

/// Formats a finding as `::error file=…,line=…,col=…::…`.
pub(super) fn annotation(finding: &Finding) -> String {
    let diagnostic = &finding.diagnostic;
    let mut properties = diagnostic
        .location
        .as_ref()
        .map(position)
        .unwrap_or_default();
    properties.push(("title", diagnostic.code.to_string()));
    let hints = diagnostic.hints.iter();
    let lines: Vec<String> = std::iter::once(diagnostic.message.clone())
        .chain(hints.map(|hint| format!("hint: {hint}")))
        .collect();
    workflow_command(finding.severity.name(), &properties, &lines)
}

/// Formats a script that cannot be read.
pub(super) fn unreadable(message: &str) -> String {
    workflow_command("error", &[], &[message.to_owned()])
}

/// The runner takes columns from 1, and the last one is part of the marked text.
fn position(location: &SourceLocation) -> Vec<(&'static str, String)> {
    let span = location.span();
    let line = location.line.to_string();
    vec![
        ("file", file(&location.name)),
        ("line", line.clone()),
        ("endLine", line),
        ("col", (span.start + 1).to_string()),
        ("endColumn", span.end.max(span.start + 1).to_string()),
    ]
}

/// Writes the path of a file as the repository has it.
fn file(name: &str) -> String {
    let path = if MAIN_SEPARATOR == '/' {
        name.to_owned()
    } else {
        name.replace(MAIN_SEPARATOR, "/")
    };
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

/// Without the escapes, a text from a script could end the command and start another one.
fn workflow_command(name: &str, properties: &[(&str, String)], lines: &[String]) -> String {
    let properties: Vec<String> = properties
        .iter()
        .map(|(key, value)| format!("{key}={}", escape_property(value)))
        .collect();
    let space = if properties.is_empty() { "" } else { " " };
    let lines: Vec<String> = lines
        .iter()
        .map(|line| escape_data(&escape_line(line)))
        .collect();
    format!(
        "::{name}{space}{}::{}",
        properties.join(","),
        lines.join("%0A")
    )
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
