//! An input cut into tokens by Rhai's own tokenizer, each with the bytes it takes.
//!
//! `Engine::lex` leaves out comments, loses its way after `${}` and tells no ends. So the tokenizer is driven here, as the
//! parser does it.

use std::ops::Range;

use rhai::{InputStream, LexError, Position, Token, TokenizeState, get_next_token};

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(super) struct SpannedToken {
    pub(super) token: Token,
    /// Its bytes.
    pub(super) span: Range<usize>,
}

/// An input as tokens.
pub(super) struct LexedInput {
    pub(super) all: Vec<SpannedToken>,
    /// Where the parser meets the end.
    pub(super) end: Position,
    /// The end comes within a text or a comment.
    pub(super) is_open: bool,
}

/// Cuts `text` into tokens.
pub(super) fn lex(text: &str) -> LexedInput {
    let mut stream = Stream {
        text,
        at: 0,
        returned: None,
    };
    let mut state = TokenizeState {
        include_comments: true,
        ..TokenizeState::default()
    };
    let mut position = Position::new(1, 0);
    let mut all: Vec<SpannedToken> = Vec::new();
    // How many braces are open within each `${`.
    let mut depths: Vec<usize> = Vec::new();
    loop {
        let begin = stream.offset();
        let in_text = state.is_within_text_terminated_by.is_some();
        let (token, _) = get_next_token(&mut stream, &mut state, &mut position);
        let end = stream.offset();
        let is_open = state.is_within_text_terminated_by.is_some() || state.comment_level > 0;
        if token == Token::EOF {
            return LexedInput {
                all,
                end: position,
                is_open: is_open || state.comment_level > 0,
            };
        }
        let blank = if in_text {
            0
        } else {
            let passed = text.get(begin..end).unwrap_or("");
            passed.len() - passed.trim_start().len()
        };
        let unterminated =
            matches!(&token, Token::LexError(error) if **error == LexError::UnterminatedString);
        match token {
            Token::InterpolatedString(_) => depths.push(0),
            Token::LeftBrace | Token::MapStart => {
                if let Some(depth) = depths.last_mut() {
                    *depth += 1;
                }
            }
            Token::RightBrace => {
                if let Some(depth) = depths.last_mut() {
                    *depth = depth.saturating_sub(1);
                    if *depth == 0 {
                        depths.pop();
                        state.is_within_text_terminated_by = Some("`".into());
                    }
                }
            }
            _ => {}
        }
        all.push(SpannedToken {
            token,
            span: begin + blank..end,
        });
        if end >= text.len() && (unterminated || is_open) {
            return LexedInput {
                all,
                end: position,
                is_open: true,
            };
        }
    }
}

/// The characters of an input, with the number of bytes that were taken.
struct Stream<'a> {
    text: &'a str,
    at: usize,
    /// A character that was given back.
    returned: Option<char>,
}

impl Stream<'_> {
    fn offset(&self) -> usize {
        self.at - self.returned.map_or(0, char::len_utf8)
    }

    fn next_in_text(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }
}

impl InputStream for Stream<'_> {
    fn unget(&mut self, letter: char) {
        self.returned = Some(letter);
    }

    fn get_next(&mut self) -> Option<char> {
        if let Some(letter) = self.returned.take() {
            return Some(letter);
        }
        let letter = self.next_in_text()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn peek_next(&mut self) -> Option<char> {
        self.returned.or_else(|| self.next_in_text())
    }
}
