//! Splits an input into the tokens of Rhai, each with its bytes.
//!
//! `Engine::lex` drops comments, goes wrong after `${}` and does not report where tokens end, so this drives the tokenizer
//! the way Rhai's parser does.

use std::ops::Range;

use rhai::{InputStream, LexError, Position, Token, TokenizeState, get_next_token};

/// A token and its bytes.
#[derive(Clone, Debug)]
pub(super) struct SpannedToken {
    pub(super) token: Token,
    pub(super) span: Range<usize>,
}

pub(super) struct LexedInput {
    pub(super) tokens: Vec<SpannedToken>,
    /// The position at which the parser reaches the end.
    pub(super) end: Position,
    /// The input ends inside a string or a comment.
    pub(super) is_open: bool,
}

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
    let mut tokens: Vec<SpannedToken> = Vec::new();
    // The number of open braces in each `${`.
    let mut depths: Vec<usize> = Vec::new();
    loop {
        let begin = stream.offset();
        let in_text = state.is_within_text_terminated_by.is_some();
        let (token, _) = get_next_token(&mut stream, &mut state, &mut position);
        let end = stream.offset();
        let is_open = state.is_within_text_terminated_by.is_some() || state.comment_level > 0;
        if token == Token::EOF {
            return LexedInput {
                tokens,
                end: position,
                is_open,
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
        tokens.push(SpannedToken {
            token,
            span: begin + blank..end,
        });
        if end >= text.len() && (unterminated || is_open) {
            return LexedInput {
                tokens,
                end: position,
                is_open: true,
            };
        }
    }
}

pub(super) fn is_opening_bracket(token: &Token) -> bool {
    matches!(
        token,
        Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::MapStart
    )
}

pub(super) fn is_closing_bracket(token: &Token) -> bool {
    matches!(
        token,
        Token::RightParen | Token::RightBracket | Token::RightBrace
    )
}

/// Finds the bracket that is still open before token `end`.
pub(super) fn enclosing_bracket(tokens: &[SpannedToken], end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..end).rev() {
        let token = &tokens[at].token;
        if is_closing_bracket(token) {
            depth += 1;
        } else if is_opening_bracket(token) {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

/// The characters of an input, and the number of bytes read.
struct Stream<'a> {
    text: &'a str,
    at: usize,
    /// A character that the tokenizer put back.
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
