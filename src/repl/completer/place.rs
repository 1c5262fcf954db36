//! Where the cursor stands in an input.

use rhai::Token;

use super::super::commands::{self, Takes};
use super::super::highlighter::{closes, opens};
use super::super::lexer::{Piece, lex};

/// Where the cursor stands, and where the word begins that is being written there.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) kind: Kind,
    /// The first byte of the word.
    pub(super) start: usize,
    /// The tokens before the word.
    pub(super) pieces: Vec<Piece>,
}

/// What can stand there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The name of a command.
    Command,
    /// What follows a command.
    Argument(Takes),
    /// A name, at the start of an expression.
    Name,
    /// A method or property of the value to the left.
    Member,
    /// A key of the map that is handed to this function.
    Key(String),
    /// A key between brackets.
    Index,
    /// A text.
    Text,
    /// Nothing that could be completed.
    Nothing,
}

/// Finds where the end of `before` stands.
pub(super) fn find(before: &str) -> Place {
    let Some(command) = commands::parse(before) else {
        return in_script(before, 0);
    };
    let rest = before.len() - command.rest.len();
    let place = |kind, start| Place {
        kind,
        start,
        pieces: Vec::new(),
    };
    if command.rest.is_empty() {
        return place(Kind::Command, rest - command.name.len());
    }
    match command.spec().map(|spec| spec.takes) {
        Some(Takes::Script) => in_script(command.rest, rest),
        Some(takes) => {
            let word = command.rest.trim_start();
            place(Kind::Argument(takes), before.len() - word.len())
        }
        None => place(Kind::Nothing, before.len()),
    }
}

/// Finds where the end of `script` stands, which begins at byte `offset` of the input.
fn in_script(script: &str, offset: usize) -> Place {
    let lexed = lex(script);
    let mut pieces = lexed.all;
    let end = script.len();
    let last = pieces.last();
    let mut start = end;
    let mut kind = Kind::Name;
    match last.map(|piece| (&piece.token, piece.span.clone())) {
        Some((Token::Comment(_), span))
            if lexed.is_open || span.end == end && !script.ends_with('\n') =>
        {
            kind = Kind::Nothing;
        }
        Some((_, span)) if lexed.is_open => {
            // Behind the quotation mark; after an escape that is none, another letter stands for it.
            let mark = script
                .get(span.start..)
                .and_then(|text| text.chars().next());
            start = span.start + mark.map_or(0, char::len_utf8);
            pieces.pop();
            kind = if is_index(&pieces) {
                Kind::Index
            } else {
                Kind::Text
            };
        }
        Some((token, span)) if span.end == end && is_word(token) => {
            start = span.start;
            pieces.pop();
        }
        Some((Token::IntegerConstant(_) | Token::FloatConstant(_), span)) if span.end == end => {
            kind = Kind::Nothing;
        }
        _ => {}
    }
    if kind == Kind::Name {
        kind = match pieces.last().map(|piece| &piece.token) {
            Some(Token::Period | Token::Elvis) => Kind::Member,
            Some(Token::MapStart | Token::Comma) => {
                enclosing_options(&pieces).map_or(Kind::Name, Kind::Key)
            }
            _ => Kind::Name,
        };
    }
    Place {
        kind,
        start: start + offset,
        pieces,
    }
}

fn is_word(token: &Token) -> bool {
    matches!(
        token,
        Token::Identifier(_) | Token::Reserved(_) | Token::True | Token::False
    ) || token.is_standard_keyword()
}

/// Tells whether a `[` that takes an index stands last.
fn is_index(pieces: &[Piece]) -> bool {
    let [.., value, bracket] = pieces else {
        return false;
    };
    matches!(bracket.token, Token::LeftBracket)
        && matches!(
            value.token,
            Token::Identifier(_) | Token::RightBracket | Token::RightParen | Token::Unit
        )
}

/// The function that is handed the map within which `pieces` end.
fn enclosing_options(pieces: &[Piece]) -> Option<String> {
    let brace = enclosing(pieces, pieces.len())?;
    if pieces[brace].token != Token::MapStart {
        return None;
    }
    // A closure's body may stand in braces of its own.
    let mut inside = brace;
    loop {
        inside = enclosing(pieces, inside)?;
        match &pieces[inside].token {
            Token::LeftParen => break,
            Token::LeftBrace | Token::LeftBracket => {}
            _ => return None,
        }
    }
    match &pieces[inside.checked_sub(1)?].token {
        Token::Identifier(name) => Some(name.to_string()),
        _ => None,
    }
}

/// Finds the bracket that is open at the token with number `end`.
pub(super) fn enclosing(pieces: &[Piece], end: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for at in (0..end).rev() {
        let token = &pieces[at].token;
        if closes(token) {
            depth += 1;
        } else if opens(token) {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}
