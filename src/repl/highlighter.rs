//! Colors an input by Rhai's tokens, and marks the bracket at the cursor and its partner.

use std::ops::Range;

use nu_ansi_term::{Color, Style};
use reedline::{Highlighter, StyledText};
use rhai::Token;

use super::commands;
use super::completion_index::SharedIndex;
use super::lexer::{SpannedToken, is_closing_bracket, is_opening_bracket, lex};

pub(super) struct TokenHighlighter {
    pub(super) completion_index: SharedIndex,
}

impl Highlighter for TokenHighlighter {
    fn highlight(&self, line: &str, cursor: usize) -> StyledText {
        let mut styled = StyledText::new();
        let start = match commands::parse(line) {
            Some(command) => {
                let script = command.script();
                let name = line.len() - script.len();
                let style = Style::new().fg(Color::Purple).bold();
                styled.push((style, line[..name].to_owned()));
                name
            }
            None => 0,
        };
        let text = &line[start..];
        let tokens = lex(text).tokens;
        let matching_brackets = matching_brackets(&tokens, cursor.wrapping_sub(start));
        let mut done = 0;
        for (at, spanned) in tokens.iter().enumerate() {
            let Range { start, end } = spanned.span.clone();
            let (Some(gap), Some(token)) = (text.get(done..start), text.get(start..end)) else {
                break;
            };
            styled.push((Style::new(), gap.to_owned()));
            let next = tokens.get(at + 1).map(|next| &next.token);
            let mut style = self.style(&spanned.token, next);
            if matching_brackets.contains(&at) {
                style = style.bold().underline();
            }
            styled.push((style, token.to_owned()));
            done = end;
        }
        styled.push((Style::new(), text.get(done..).unwrap_or("").to_owned()));
        styled
    }
}

impl TokenHighlighter {
    fn style(&self, token: &Token, next: Option<&Token>) -> Style {
        let plain = Style::new();
        match token {
            Token::Comment(_) => plain.fg(Color::DarkGray),
            Token::StringConstant(_) | Token::InterpolatedString(_) | Token::CharConstant(_) => {
                plain.fg(Color::Green)
            }
            Token::IntegerConstant(_) | Token::FloatConstant(_) | Token::True | Token::False => {
                plain.fg(Color::Cyan)
            }
            Token::LexError(_) => plain.fg(Color::Red),
            Token::Identifier(name) => {
                let is_call = matches!(next, Some(Token::LeftParen | Token::Unit));
                if is_call && self.completion_index.read(|index| index.can_call(name)) {
                    plain.fg(Color::Blue)
                } else {
                    plain
                }
            }
            word if word.is_standard_keyword() => plain.fg(Color::Purple),
            _ => plain,
        }
    }
}

/// Returns the indices of the bracket at the cursor and its partner.
fn matching_brackets(tokens: &[SpannedToken], cursor: usize) -> Vec<usize> {
    let touches =
        |spanned: &SpannedToken| spanned.span.start == cursor || spanned.span.end == cursor;
    let mut open: Vec<usize> = Vec::new();
    for (at, spanned) in tokens.iter().enumerate() {
        if is_opening_bracket(&spanned.token) {
            open.push(at);
        } else if is_closing_bracket(&spanned.token) {
            let Some(partner) = open.pop() else {
                continue;
            };
            if touches(spanned) || touches(&tokens[partner]) {
                return vec![partner, at];
            }
        }
    }
    Vec::new()
}
