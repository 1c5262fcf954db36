//! Renders an error as text: the source line with a caret, the stack of calls, the hints.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::error::Error;
use crate::script::{self, Diagnostic, Finding, Severity, SourceLocation};
use crate::text::{escape_control, escape_line, is_control_or_bidi, redact_keys, wrap};

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
            draw(style, Level::ERROR, &title, &hints, Some(diagnostic))
        }
        Error::Script(script::Error::MultipleErrors(diagnostics)) => {
            let part = |diagnostic: &Diagnostic| {
                let (title, hints) = (&diagnostic.message, &diagnostic.hints);
                draw(style, Level::ERROR, title, hints, Some(diagnostic))
            };
            let mut parts: Vec<String> = diagnostics.iter().map(part).collect();
            parts.push(draw(style, Level::ERROR, &title, &hints, None));
            parts.join("\n\n")
        }
        _ => draw(style, Level::ERROR, &title, &hints, None),
    }
}

/// Renders a finding of the linter.
pub fn render_finding(finding: &Finding, style: Style) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let diagnostic = &finding.diagnostic;
    let (title, hints) = (&diagnostic.message, &diagnostic.hints);
    draw(style, level, title, hints, Some(diagnostic))
}

fn draw(
    style: Style,
    level: Level,
    title: &str,
    hints: &[String],
    diagnostic: Option<&Diagnostic>,
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
