//! Draws an error as text: the source line with a caret, the calls that led there, the hints.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::error::Error;
use crate::script::{self, Failure, Place};

pub use crate::visible::{visible, visible_line};

/// Draws `error`, coloured or plain.
#[must_use]
pub fn render(error: &Error, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let message = visible(&error.to_string());
    let hints: Vec<String> = error.hints().iter().map(|hint| visible(hint)).collect();
    let failure = match error {
        Error::Script(script::Error::Failed(failure)) => Some(&**failure),
        _ => None,
    };
    let shown = failure.and_then(|failure| failure.place.as_ref().map(Shown::of));
    let calls = failure.map(calls).unwrap_or_default();

    let mut group = Level::ERROR
        .primary_title(&message)
        .elements(shown.as_ref().map(|shown| {
            Snippet::source(&shown.line)
                .path(&*shown.name)
                .line_start(shown.number)
                .annotation(AnnotationKind::Primary.span(shown.span.clone()))
        }));
    group = group.elements(calls.iter().map(|call| Level::NOTE.message(call)));
    group = group.elements(
        hints
            .iter()
            .map(|hint| Level::HELP.with_name("hint").message(hint)),
    );
    renderer.render(&[group])
}

/// The line of a place, and the characters in it that the caret marks.
struct Shown {
    name: String,
    line: String,
    number: usize,
    span: std::ops::Range<usize>,
}

impl Shown {
    fn of(place: &Place) -> Self {
        let text = place.text.lines().nth(place.line - 1).unwrap_or("");
        // A caret under a tab or a control character would stand in the wrong column.
        let line: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let at = line
            .char_indices()
            .nth(place.column.saturating_sub(1))
            .map_or(line.len(), |(at, _)| at);
        // The place of a property is its dot.
        let start = at + usize::from(line[at..].starts_with('.'));
        let first = line[start..].chars().next().map_or(0, char::len_utf8);
        let span = start..start + script::word_at(&line, start).len().max(first);
        Self {
            name: visible(&place.name),
            line,
            number: place.line,
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
            visible(&format!(
                "in `{}`, called at {}{line}",
                frame.function, frame.script
            ))
        })
        .collect()
}
