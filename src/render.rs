//! Renders an error as text: the source line with a caret, the stack of calls, the hints.

use std::collections::HashMap;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::error::Error;
use crate::script::{self, Diagnostic, Finding, Severity, SourceLocation};
use crate::text::{
    escape_control, escape_line, is_control_or_bidi, join_first, plural, redact_keys, wrap,
};

/// Columns before a message, and before a hint about a script of up to 9999 lines.
const TITLE_PREFIX_WIDTH: usize = "warning: ".len();
const HINT_PREFIX_WIDTH: usize = "     = hint: ".len();

/// How errors are rendered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Use colors.
    pub color: bool,
    /// The columns to which messages and hints are wrapped; `None` for no wrapping.
    pub width: Option<u16>,
}

/// Renders `error`. If a script has several errors, they come before the summary.
pub fn render(error: &Error, style: Style) -> String {
    let hints = error.hints();
    let title = error.to_string();
    match error {
        Error::Script(script::Error::Failed(diagnostic)) => {
            draw(style, Level::ERROR, &title, &hints, Some(diagnostic), &[])
        }
        Error::Script(script::Error::MultipleErrors(diagnostics)) => {
            let errors = diagnostics.iter().map(|it| (Severity::Error, it));
            let mut parts = draw_all(errors, style);
            parts.push(draw(style, Level::ERROR, &title, &hints, None, &[]));
            parts.join("\n\n")
        }
        _ => draw(style, Level::ERROR, &title, &hints, None, &[]),
    }
}

/// Renders findings of the linter. Those that are equal are rendered once, with all their lines.
pub fn render_findings(findings: &[Finding], style: Style) -> Vec<String> {
    let found = findings.iter().map(|it| (it.severity, &it.diagnostic));
    draw_all(found, style)
}

fn draw_all<'a>(
    found: impl Iterator<Item = (Severity, &'a Diagnostic)>,
    style: Style,
) -> Vec<String> {
    let mut kinds: Vec<(Severity, &Diagnostic, Vec<usize>)> = Vec::new();
    let mut positions = HashMap::new();
    for (severity, diagnostic) in found {
        let location = diagnostic.location.as_ref();
        let key = (
            severity.name(),
            location.map(|location| &location.name),
            &diagnostic.message,
            &diagnostic.hints,
            &diagnostic.detail,
        );
        let position = *positions.entry(key).or_insert(kinds.len());
        let line = location.map(|location| location.line);
        match kinds.get_mut(position) {
            None => kinds.push((severity, diagnostic, Vec::new())),
            Some((_, first, other_lines)) => {
                let first = first.location.as_ref().map(|location| location.line);
                let last = other_lines.last().copied().or(first);
                other_lines.extend(line.filter(|_| line != last));
            }
        }
    }
    let kinds = kinds.into_iter();
    let drawn = kinds.map(|(severity, diagnostic, other_lines)| {
        let level = match severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let (title, hints) = (&diagnostic.message, &diagnostic.hints);
        draw(style, level, title, hints, Some(diagnostic), &other_lines)
    });
    drawn.collect()
}

/// `other_lines` of the script have the same error.
fn draw(
    style: Style,
    level: Level,
    title: &str,
    hints: &[String],
    diagnostic: Option<&Diagnostic>,
    other_lines: &[usize],
) -> String {
    let wrapped = |text: &str, prefix: usize| {
        let text = escape_line(&redact_keys(text));
        match style.width {
            Some(width) => wrap(&text, usize::from(width).saturating_sub(prefix), 0),
            None => text,
        }
    };
    let message = wrapped(title, TITLE_PREFIX_WIDTH);
    let hints: Vec<String> = hints
        .iter()
        .map(|hint| wrapped(hint, HINT_PREFIX_WIDTH))
        .collect();
    let excerpt =
        diagnostic.and_then(|diagnostic| diagnostic.location.as_ref().map(SourceExcerpt::of));
    let stack_lines = diagnostic.map(stack_lines).unwrap_or_default();
    let others = other_lines.len();
    let lines = plural(others, "line");
    let numbers = join_first(other_lines.iter().map(ToString::to_string), others as u64);
    let others = (others > 0).then(|| format!("the same on {lines} {numbers}"));

    let mut group = level
        .primary_title(&message)
        .elements(excerpt.as_ref().map(|excerpt| {
            Snippet::source(&excerpt.line)
                .path(&*excerpt.name)
                .line_start(excerpt.number)
                .annotation(AnnotationKind::Primary.span(excerpt.span.clone()))
        }));
    let detail = diagnostic.and_then(|diagnostic| diagnostic.detail.as_deref());
    let detail = detail.map(|detail| escape_control(&redact_keys(detail)));
    group = group.elements(detail.as_ref().map(|text| Level::NOTE.message(text)));
    group = group.elements(stack_lines.iter().map(|call| Level::NOTE.message(call)));
    group = group.elements(others.as_ref().map(|text| Level::NOTE.message(text)));
    group = group.elements(
        hints
            .iter()
            .map(|hint| Level::HELP.with_name("hint").message(hint)),
    );
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    renderer.render(&[group])
}

/// A source line, and the bytes in it that the caret marks.
struct SourceExcerpt {
    name: String,
    line: String,
    number: usize,
    span: std::ops::Range<usize>,
}

impl SourceExcerpt {
    fn of(location: &SourceLocation) -> Self {
        // After a tab or a control character, the caret would be in the wrong column.
        let line: String = redact_keys(location.line_text())
            .chars()
            .map(|c| match c {
                '\t' => ' ',
                c if is_control_or_bidi(c) => '\u{FFFD}',
                c => c,
            })
            .collect();
        let byte = |column: usize| {
            let at = line.char_indices().nth(column);
            at.map_or(line.len(), |(at, _)| at)
        };
        let span = location.span();
        let span = byte(span.start)..byte(span.end);
        Self {
            name: escape_line(&redact_keys(&location.name)),
            number: location.line,
            line,
            span,
        }
    }
}

fn stack_lines(diagnostic: &Diagnostic) -> Vec<String> {
    diagnostic
        .stack
        .iter()
        .map(|frame| {
            let line = frame
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            escape_line(&redact_keys(&format!(
                "in `{}`, called at {}{line}",
                frame.function, frame.script
            )))
        })
        .collect()
}
