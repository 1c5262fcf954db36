//! Where the cursor stands in an input.

use rhai::Token;

use super::super::commands::{self, ArgumentKind};
use super::super::highlighter::{is_closing_bracket, is_opening_bracket};
use super::super::lexer::{SpannedToken, lex};

/// Where the cursor stands, and where the word begins that is being written there.
#[derive(Debug)]
pub(super) struct CursorContext {
    pub(super) kind: Kind,
    /// The first byte of the word.
    pub(super) start: usize,
    /// The tokens before the word.
    pub(super) tokens: Vec<SpannedToken>,
}

/// What can stand there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The name of a command.
    Command,
    /// What follows a command.
    Argument(ArgumentKind),
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
pub(super) fn find(before: &str) -> CursorContext {
    let Some(command) = commands::parse(before) else {
        return in_script(before, 0);
    };
    let rest = before.len() - command.rest.len();
    let cursor_context = |kind, start| CursorContext {
        kind,
        start,
        tokens: Vec::new(),
    };
    if command.rest.is_empty() {
        return cursor_context(Kind::Command, rest - command.name.len());
    }
    match command.spec().map(|spec| spec.argument_kind) {
        Some(ArgumentKind::Script) => in_script(command.rest, rest),
        Some(argument_kind) => {
            let word = command.rest.trim_start();
            cursor_context(Kind::Argument(argument_kind), before.len() - word.len())
        }
        None => cursor_context(Kind::Nothing, before.len()),
    }
}

/// Finds where the end of `script` stands, which begins at byte `offset` of the input.
fn in_script(script: &str, offset: usize) -> CursorContext {
    let lexed = lex(script);
    let mut tokens = lexed.all;
    let end = script.len();
    let last = tokens.last();
    let mut start = end;
    let mut kind = Kind::Name;
    match last.map(|spanned| (&spanned.token, spanned.span.clone())) {
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
            tokens.pop();
            kind = if is_index(&tokens) {
                Kind::Index
            } else {
                Kind::Text
            };
        }
        Some((token, span)) if span.end == end && is_word(token) => {
            start = span.start;
            tokens.pop();
        }
        Some((Token::IntegerConstant(_) | Token::FloatConstant(_), span)) if span.end == end => {
            kind = Kind::Nothing;
        }
        _ => {}
    }
    if kind == Kind::Name {
        kind = match tokens.last().map(|spanned| &spanned.token) {
            Some(Token::Period | Token::Elvis) => Kind::Member,
            Some(Token::MapStart | Token::Comma) => {
                enclosing_options(&tokens).map_or(Kind::Name, Kind::Key)
            }
            _ => Kind::Name,
        };
    }
    CursorContext {
        kind,
        start: start + offset,
        tokens,
    }
}

fn is_word(token: &Token) -> bool {
    matches!(
        token,
        Token::Identifier(_) | Token::Reserved(_) | Token::True | Token::False
    ) || token.is_standard_keyword()
}

/// Tells whether a `[` that takes an index stands last.
fn is_index(tokens: &[SpannedToken]) -> bool {
    let [.., value, bracket] = tokens else {
        return false;
    };
    matches!(bracket.token, Token::LeftBracket)
        && matches!(
            value.token,
            Token::Identifier(_) | Token::RightBracket | Token::RightParen | Token::Unit
        )
}

/// The function that is handed the map within which `tokens` end.
fn enclosing_options(tokens: &[SpannedToken]) -> Option<String> {
    let brace = enclosing(tokens, tokens.len())?;
    if tokens[brace].token != Token::MapStart {
        return None;
    }
    // A closure's body may stand in braces of its own.
    let mut inside = brace;
    loop {
        inside = enclosing(tokens, inside)?;
        match &tokens[inside].token {
            Token::LeftParen => break,
            Token::LeftBrace | Token::LeftBracket => {}
            _ => return None,
        }
    }
    match &tokens[inside.checked_sub(1)?].token {
        Token::Identifier(name) => Some(name.to_string()),
        _ => None,
    }
}

/// Finds the bracket that is open at the token with number `end`.
pub(super) fn enclosing(tokens: &[SpannedToken], end: usize) -> Option<usize> {
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
