//! Colours for an input, by Rhai's own tokens; a bracket at the cursor lights up with its partner.

use std::ops::Range;

use nu_ansi_term::{Color, Style};
use reedline::{Highlighter, StyledText};
use rhai::Token;

use super::commands;
use super::knowledge::Shared;
use super::lexer::{Piece, lex};

/// Colours inputs.
pub(super) struct ByTokens {
    pub(super) knowledge: Shared,
}

impl Highlighter for ByTokens {
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
        let pieces = lex(text).all;
        let partners = partners(&pieces, cursor.wrapping_sub(start));
        let mut done = 0;
        for (at, piece) in pieces.iter().enumerate() {
            let Range { start, end } = piece.span.clone();
            let (Some(gap), Some(token)) = (text.get(done..start), text.get(start..end)) else {
                break;
            };
            styled.push((Style::new(), gap.to_owned()));
            let next = pieces.get(at + 1).map(|next| &next.token);
            let mut style = self.style(&piece.token, next);
            if partners.contains(&at) {
                style = style.bold().underline();
            }
            styled.push((style, token.to_owned()));
            done = end;
        }
        styled.push((Style::new(), text.get(done..).unwrap_or("").to_owned()));
        styled
    }
}

impl ByTokens {
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
                if is_call && self.knowledge.read(|known| known.can_call(name)) {
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

/// The bracket at the cursor and its partner.
fn partners(pieces: &[Piece], cursor: usize) -> Vec<usize> {
    let touches = |piece: &Piece| piece.span.start == cursor || piece.span.end == cursor;
    let mut open: Vec<usize> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if opens(&piece.token) {
            open.push(at);
        } else if closes(&piece.token) {
            let Some(partner) = open.pop() else {
                continue;
            };
            if touches(piece) || touches(&pieces[partner]) {
                return vec![partner, at];
            }
        }
    }
    Vec::new()
}

/// Tells whether `token` is an opening bracket.
pub(super) fn opens(token: &Token) -> bool {
    matches!(
        token,
        Token::LeftParen | Token::LeftBracket | Token::LeftBrace | Token::MapStart
    )
}

/// Tells whether `token` is a closing bracket.
pub(super) fn closes(token: &Token) -> bool {
    matches!(
        token,
        Token::RightParen | Token::RightBracket | Token::RightBrace
    )
}
