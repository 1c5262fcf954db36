//! Draws an error as text: the source line with a caret, the calls that led there, the hints.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::error::Error;
use crate::script::{self, Failure, Finding, Place, Severity};

use crate::visible::steers;
pub use crate::visible::{visible, visible_line, visible_text};

/// Draws `error`, coloured or plain. The faults of a script come before what they amount to.
#[must_use]
pub fn render(error: &Error, color: bool) -> String {
    let renderer = renderer(color);
    let hints = error.hints();
    let title = error.to_string();
    match error {
        Error::Script(script::Error::Failed(failure)) => {
            draw(&renderer, Level::ERROR, &title, &hints, Some(failure))
        }
        Error::Script(script::Error::Faulty(failures)) => {
            let fault = |failure: &Failure| {
                let (title, hints) = (&failure.message, &failure.hints);
                draw(&renderer, Level::ERROR, title, hints, Some(failure))
            };
            let mut parts: Vec<String> = failures.iter().map(fault).collect();
            parts.push(draw(&renderer, Level::ERROR, &title, &hints, None));
            parts.join("\n\n")
        }
        _ => draw(&renderer, Level::ERROR, &title, &hints, None),
    }
}

/// Draws a finding of the linter, coloured or plain.
#[must_use]
pub fn render_finding(finding: &Finding, color: bool) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let failure = &finding.failure;
    let (title, hints) = (&failure.message, &failure.hints);
    draw(&renderer(color), level, title, hints, Some(failure))
}

fn renderer(color: bool) -> Renderer {
    if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
}

fn draw(
    renderer: &Renderer,
    level: Level,
    title: &str,
    hints: &[String],
    failure: Option<&Failure>,
) -> String {
    let message = visible_line(title);
    let hints: Vec<String> = hints.iter().map(|hint| visible_line(hint)).collect();
    let shown = failure.and_then(|failure| failure.place.as_ref().map(Shown::of));
    let calls = failure.map(calls).unwrap_or_default();

    let mut group = level
        .primary_title(&message)
        .elements(shown.as_ref().map(|shown| {
            Snippet::source(&shown.line)
                .path(&*shown.name)
                .line_start(shown.number)
                .annotation(AnnotationKind::Primary.span(shown.span.clone()))
        }));
    let detail = failure.and_then(|failure| failure.detail.as_deref());
    let detail = detail.map(visible);
    group = group.elements(detail.as_ref().map(|text| Level::NOTE.message(text)));
    group = group.elements(calls.iter().map(|call| Level::NOTE.message(call)));
    group = group.elements(
        hints
            .iter()
            .map(|hint| Level::HELP.with_name("hint").message(hint)),
    );
    renderer.render(&[group])
}

/// The line of a place, and the bytes in it that the caret marks.
struct Shown {
    name: String,
    line: String,
    number: usize,
    span: std::ops::Range<usize>,
}

impl Shown {
    fn of(place: &Place) -> Self {
        // A caret under a tab or a control character would stand in the wrong column.
        let line: String = place
            .line_text()
            .chars()
            .map(|c| match c {
                '\t' => ' ',
                c if steers(c) => '\u{FFFD}',
                c => c,
            })
            .collect();
        let byte = |column: usize| {
            let at = line.char_indices().nth(column);
            at.map_or(line.len(), |(at, _)| at)
        };
        let span = place.span();
        let span = byte(span.start)..byte(span.end);
        Self {
            name: visible_line(&place.name),
            number: place.line,
            line,
            span,
        }
    }
}

fn calls(failure: &Failure) -> Vec<String> {
    failure
        .stack
        .iter()
        .map(|frame| {
            let line = frame
                .line
                .map_or_else(String::new, |line| format!(":{line}"));
            visible_line(&format!(
                "in `{}`, called at {}{line}",
                frame.function, frame.script
            ))
        })
        .collect()
}
