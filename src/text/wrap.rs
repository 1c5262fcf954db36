//! Prose in lines: broken between words, and never within what stands in backticks, for a command is there to be copied.

use std::iter;

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter};

/// Breaks the lines of `text` that are longer than `width`; what follows is set in by `indent` more than its line. What
/// cannot be broken stays longer.
pub(crate) fn wrap(text: &str, width: usize, indent: usize) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| wrap_line(line, width, indent))
        .collect();
    lines.join("\n")
}

fn wrap_line(line: &str, width: usize, indent: usize) -> String {
    let unindented = line.trim_start_matches(' ');
    let first = " ".repeat(line.len() - unindented.len());
    let rest = " ".repeat(first.len() + indent);
    let options = Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .word_separator(WordSeparator::Custom(split_words))
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::wrap(unindented, options).join("\n")
}

fn split_words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut left = line;
    Box::new(iter::from_fn(move || {
        let (word, rest) = left.split_at(word_length(left));
        left = rest;
        (!word.is_empty()).then(|| Word::from(word))
    }))
}

/// How many bytes the first word of `text` takes, with the spaces behind it.
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
    fn lines_are_broken_between_words() {
        let text = "  one two three four\nfive";
        assert_eq!(wrap(text, 12, 2), "  one two\n    three\n    four\nfive");
        assert_eq!(wrap("short", 12, 2), "short");
        assert_eq!(wrap("", 12, 2), "");
    }

    #[test]
    fn what_is_to_be_copied_stays_whole() {
        let text = "the rest: `gradient-bulk send 12` sends it";
        assert_eq!(
            wrap(text, 16, 2),
            "the rest:\n  `gradient-bulk send 12`\n  sends it"
        );
        // One that never ends quotes nothing.
        assert_eq!(wrap("a` bb cc", 5, 0), "a` bb\ncc");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(wrap("李小龙 李小龙", 10, 0), "李小龙\n李小龙");
    }
}
