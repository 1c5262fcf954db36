//! Wrapping text at a width: between words, and never inside backticks, so that a command can be copied.

use std::{iter, mem};

use textwrap::core::Word;
pub(crate) use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter};

/// Wraps each line of `text` at `width`. What follows is indented by `indent` more than the line; words that are too long
/// stay whole.
pub(crate) fn wrap(text: &str, width: usize, indent: usize) -> String {
    wrap_lines(text, width, indent, |options| {
        options.word_separator(WordSeparator::Custom(split_words))
    })
}

/// Wraps as [`wrap`] does, but backticks mean nothing: for text that is shown with and without them.
pub(crate) fn wrap_at_spaces(text: &str, width: usize, indent: usize) -> String {
    wrap_lines(text, width, indent, |options| options)
}

/// Wraps values as [`wrap`] wraps prose, but backticks mean nothing in them and words that are too long are broken.
pub(crate) fn wrap_anywhere(text: &str, width: usize, indent: usize) -> String {
    wrap_lines(text, width, indent, |options| options.break_words(true))
}

fn wrap_lines(
    text: &str,
    width: usize,
    indent: usize,
    adjust: impl for<'a> Fn(Options<'a>) -> Options<'a>,
) -> String {
    let wrap_line = |line: &str| {
        let unindented = line.trim_start_matches(' ');
        let first = " ".repeat(line.len() - unindented.len());
        let rest = " ".repeat(first.len() + indent);
        let options = Options::new(width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .word_splitter(WordSplitter::NoHyphenation)
            .break_words(false);
        textwrap::wrap(unindented, adjust(options)).join("\n")
    };
    let lines: Vec<String> = text.split('\n').map(wrap_line).collect();
    lines.join("\n")
}

/// Joins the lines of Markdown to paragraphs and wraps these at `width`.
///
/// List items, headings and blank lines stay lines of their own; code stays as it is.
pub(crate) fn reflow(lines: impl Iterator<Item = String>, width: usize) -> String {
    let mut set: Vec<String> = Vec::new();
    let mut paragraph = String::new();
    let mut is_fenced = false;
    for line in lines {
        let is_fence = line.trim_start().starts_with("```");
        let is_code = is_fence || is_fenced || line.starts_with([' ', '\t']);
        is_fenced ^= is_fence;
        let is_own_paragraph = is_code || line.is_empty() || line.starts_with('#');
        if !paragraph.is_empty() && (is_own_paragraph || is_list_item(&line)) {
            set.push(wrap(&mem::take(&mut paragraph), width, 0));
        }
        if is_code {
            set.push(line);
        } else if is_own_paragraph {
            set.push(wrap(&line, width, 0));
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(&line);
        }
    }
    if !paragraph.is_empty() {
        set.push(wrap(&paragraph, width, 0));
    }
    set.join("\n")
}

/// Returns whether a line starts with a bullet, a bar, or a number such as `2.` or `2)`.
fn is_list_item(line: &str) -> bool {
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = behind.len() < line.len() && behind.starts_with(['.', ')']);
    let mark = behind.get(1..).unwrap_or_default();
    line.starts_with(['-', '*', '+', '|']) || (is_numbered && mark.starts_with(' '))
}

fn split_words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut left = line;
    Box::new(iter::from_fn(move || {
        let (word, rest) = left.split_at(word_length(left));
        left = rest;
        (!word.is_empty()).then(|| Word::from(word))
    }))
}

/// Returns the length in bytes of the first word of `text` with the spaces after it.
fn word_length(text: &str) -> usize {
    let mut is_quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '`' if is_quoted || text[at + 1..].contains('`') => is_quoted = !is_quoted,
            ' ' if !is_quoted => {
                let behind = text[at..].trim_start_matches(' ');
                return text.len() - behind.len();
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_are_wrapped_between_words() {
        let text = "  one two three four\nfive";
        assert_eq!(wrap(text, 12, 2), "  one two\n    three\n    four\nfive");
        assert_eq!(wrap("short", 12, 2), "short");
        assert_eq!(wrap("", 12, 2), "");
    }

    #[test]
    fn text_in_backticks_stays_whole() {
        let text = "the rest: `gradient-bulk send 12` sends it";
        assert_eq!(
            wrap(text, 16, 2),
            "the rest:\n  `gradient-bulk send 12`\n  sends it"
        );
        // An unclosed backtick quotes nothing.
        assert_eq!(wrap("a` bb cc", 5, 0), "a` bb\ncc");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(wrap("李小龙 李小龙", 10, 0), "李小龙\n李小龙");
    }
}
