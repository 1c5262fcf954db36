//! Finds out what is being typed at the cursor.

use rhai::Token;

use super::super::commands::{self, ArgumentKind};
use super::super::lexer::{SpannedToken, enclosing_bracket, lex};

/// The word at the cursor and what it can be completed to.
#[derive(Debug)]
pub(super) struct CursorContext {
    pub(super) kind: CompletionKind,
    /// The first byte of the word.
    pub(super) start: usize,
    /// The tokens before the word.
    pub(super) tokens: Vec<SpannedToken>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum CompletionKind {
    /// The name of a command.
    Command,
    Argument(ArgumentKind),
    /// A variable, function or keyword.
    Name,
    /// A method or property of the value to the left.
    Member,
    /// A function or variable of this module.
    ModuleMember(String),
    /// A key of the options of this function.
    Key(String),
    /// A key in brackets: `row["…`.
    Index,
    /// A string, which may be a path.
    Text,
    Nothing,
}

/// Finds the context at the end of `before`.
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
        return cursor_context(CompletionKind::Command, rest - command.name.len());
    }
    match command.spec().map(|spec| spec.argument) {
        Some(ArgumentKind::Script) => in_script(command.rest, rest),
        Some(argument) => {
            let word = command.rest.trim_start();
            cursor_context(
                CompletionKind::Argument(argument),
                before.len() - word.len(),
            )
        }
        None => cursor_context(CompletionKind::Nothing, before.len()),
    }
}

/// Finds the context at the end of `script`, which starts at byte `offset` of the input.
fn in_script(script: &str, offset: usize) -> CursorContext {
    let lexed = lex(script);
    let mut tokens = lexed.tokens;
    let end = script.len();
    let last = tokens.last();
    let mut start = end;
    let mut kind = CompletionKind::Name;
    match last.map(|spanned| (&spanned.token, spanned.span.clone())) {
        Some((Token::Comment(_), span))
            if lexed.is_open || span.end == end && !script.ends_with('\n') =>
        {
            kind = CompletionKind::Nothing;
        }
        Some((_, span)) if lexed.is_open => {
            // The word starts after the quotation mark. After an invalid escape, the token starts with another character.
            let mark = script
                .get(span.start..)
                .and_then(|text| text.chars().next());
            start = span.start + mark.map_or(0, char::len_utf8);
            tokens.pop();
            kind = if is_index(&tokens) {
                CompletionKind::Index
            } else {
                CompletionKind::Text
            };
        }
        Some((token, span)) if span.end == end && is_word(token) => {
            start = span.start;
            tokens.pop();
        }
        Some((Token::IntegerConstant(_) | Token::FloatConstant(_), span)) if span.end == end => {
            kind = CompletionKind::Nothing;
        }
        _ => {}
    }
    if kind == CompletionKind::Name {
        kind = match tokens.last().map(|spanned| &spanned.token) {
            Some(Token::Period | Token::Elvis) => CompletionKind::Member,
            Some(Token::DoubleColon) => module_before(&tokens),
            Some(Token::MapStart | Token::Comma) => {
                enclosing_options(&tokens).map_or(CompletionKind::Name, CompletionKind::Key)
            }
            _ => CompletionKind::Name,
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

/// Returns whether `tokens` end with the `[` of an index.
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

/// Returns the context after `module::`. Modules inside modules are not known.
fn module_before(tokens: &[SpannedToken]) -> CompletionKind {
    match tokens {
        [.., before, _, _] if before.token == Token::DoubleColon => CompletionKind::Nothing,
        [.., module, _] => match &module.token {
            Token::Identifier(alias) => CompletionKind::ModuleMember(alias.to_string()),
            _ => CompletionKind::Nothing,
        },
        _ => CompletionKind::Nothing,
    }
}

/// Returns the function whose options map is open at the end of `tokens`.
fn enclosing_options(tokens: &[SpannedToken]) -> Option<String> {
    let brace = enclosing_bracket(tokens, tokens.len())?;
    if tokens[brace].token != Token::MapStart {
        return None;
    }
    // The map may be in the body of a closure, which may have braces.
    let mut inside = brace;
    loop {
        inside = enclosing_bracket(tokens, inside)?;
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
