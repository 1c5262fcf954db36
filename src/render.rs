//! Draws an error as text: the source line with a caret, the calls that led there, the hints.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::error::Error;
use crate::script::{self, Diagnostic, Finding, Severity, SourceLocation};

use crate::text::wrap;
use crate::text::{escape_control, escape_line, is_control_or_bidi};

/// Columns that stand before a message, and before a hint of a script with as many as 9999 lines.
const TITLE_PREFIX_WIDTH: usize = "warning: ".len();
const HINT_PREFIX_WIDTH: usize = "     = hint: ".len();

/// How errors are drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// In colours.
    pub color: bool,
    /// Where messages and hints are broken, in columns; `None`: nowhere.
    pub width: Option<u16>,
}

/// Draws `error`. The faults of a script come before what they amount to.
#[must_use]
pub fn render(error: &Error, style: Style) -> String {
    let hints = error.hints();
    let title = error.to_string();
    match error {
        Error::Script(script::Error::Failed(failure)) => {
            draw(style, Level::ERROR, &title, &hints, Some(failure))
        }
        Error::Script(script::Error::MultipleErrors(failures)) => {
            let fault = |failure: &Diagnostic| {
                let (title, hints) = (&failure.message, &failure.hints);
                draw(style, Level::ERROR, title, hints, Some(failure))
            };
            let mut parts: Vec<String> = failures.iter().map(fault).collect();
            parts.push(draw(style, Level::ERROR, &title, &hints, None));
            parts.join("\n\n")
        }
        _ => draw(style, Level::ERROR, &title, &hints, None),
    }
}

/// Draws a finding of the linter.
#[must_use]
pub fn render_finding(finding: &Finding, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let failure = &finding.failure;
    let (title, hints) = (&failure.message, &failure.hints);
    draw(style, level, title, hints, Some(failure))
}

fn draw(
    style: Style,
    level: Level,
    title: &str,
    hints: &[String],
    failure: Option<&Diagnostic>,
) -> String {
    let wrapped = |text: &str, label: usize| {
        let text = escape_line(text);
        match style.width {
            Some(width) => wrap(&text, usize::from(width).saturating_sub(label), 0),
            None => text,
        }
    };
    let message = wrapped(title, TITLE_PREFIX_WIDTH);
    let hints: Vec<String> = hints
        .iter()
        .map(|hint| wrapped(hint, HINT_PREFIX_WIDTH))
        .collect();
    let excerpt = failure.and_then(|failure| failure.location.as_ref().map(DisplayValue::of));
    let stack_lines = failure.map(stack_lines).unwrap_or_default();

    let mut group = level
        .primary_title(&message)
        .elements(excerpt.as_ref().map(|excerpt| {
            Snippet::source(&excerpt.line)
                .path(&*excerpt.name)
                .line_start(excerpt.number)
                .annotation(AnnotationKind::Primary.span(excerpt.span.clone()))
        }));
    let detail = failure.and_then(|failure| failure.detail.as_deref());
    let detail = detail.map(escape_control);
    group = group.elements(detail.as_ref().map(|text| Level::NOTE.message(text)));
    group = group.elements(stack_lines.iter().map(|call| Level::NOTE.message(call)));
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

/// The line of a place, and the bytes in it that the caret marks.
struct DisplayValue {
    name: String,
    line: String,
    number: usize,
    span: std::ops::Range<usize>,
}

impl DisplayValue {
    fn of(location: &SourceLocation) -> Self {
        // A caret under a tab or a control character would stand in the wrong column.
        let line: String = location
            .line_text()
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
            name: escape_line(&location.name),
            number: location.line,
            line,
            span,
        }
    }
}

fn stack_lines(failure: &Diagnostic) -> Vec<String> {
    failure
        .stack
        .iter()
        .map(|frame| {
            let line = frame
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            escape_line(&format!(
                "in `{}`, called at {}{line}",
                frame.function, frame.script
            ))
        })
        .collect()
}
