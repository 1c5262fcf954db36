//! The value to the left of a dot: what it has, as far as that is known without calling anything.

use rhai::Token;

use super::super::completion_index::CompletionIndex;
use super::super::highlighter::{is_closing_bracket, is_opening_bracket};
use super::super::lexer::SpannedToken;
use super::cursor_context::enclosing;
use crate::script::CompletionType;

/// How many values are followed that one value comes from.
const MAX_DEPTH: usize = 8;

/// Finds what the expression has that ends with `tokens`.
pub(super) fn shape(index: &CompletionIndex, tokens: &[SpannedToken]) -> Option<CompletionType> {
    infer(index, tokens, MAX_DEPTH)
}

fn infer(index: &CompletionIndex, tokens: &[SpannedToken], depth: usize) -> Option<CompletionType> {
    let depth = depth.checked_sub(1)?;
    let (last, before) = tokens.split_last()?;
    match &last.token {
        Token::Identifier(name) => match owner(before) {
            Some(owner) => {
                let owner = infer(index, owner, depth)?;
                let property = || index.member_type(&owner.kind, name);
                owner.field(name).cloned().or_else(property)
            }
            None => index
                .variable(name)
                .cloned()
                .or_else(|| bound_variable_type(index, tokens, name, depth)),
        },
        Token::RightParen => {
            let open = enclosing(tokens, tokens.len() - 1)?;
            call_type(index, &tokens[..open], depth)
                // Parentheses around an expression.
                .or_else(|| infer(index, &tokens[open + 1..tokens.len() - 1], depth))
        }
        // `()` is one token.
        Token::Unit => call_type(index, before, depth),
        Token::RightBracket => {
            let open = enclosing(tokens, tokens.len() - 1)?;
            let value = tokens[..open].last();
            if !value.is_some_and(|value| ends_value(&value.token)) {
                return Some(CompletionType::named("array"));
            }
            let owner = infer(index, &tokens[..open], depth)?;
            match &tokens[open + 1].token {
                Token::StringConstant(key) => owner.field(key).cloned(),
                _ => owner.item.map(|item| *item),
            }
        }
        Token::StringConstant(_) => Some(CompletionType::named("string")),
        Token::RightBrace => Some(CompletionType::named("map")),
        _ => None,
    }
}

/// What a call returns, of which `tokens` are the tokens before its arguments.
fn call_type(
    index: &CompletionIndex,
    tokens: &[SpannedToken],
    depth: usize,
) -> Option<CompletionType> {
    let (function, before) = tokens.split_last()?;
    let Token::Identifier(name) = &function.token else {
        return None;
    };
    let Some(owner) = owner(before) else {
        return index.return_type(name);
    };
    let owner = infer(index, owner, depth)?;
    match index.member_type(&owner.kind, name) {
        // What is left of a list has the same items.
        Some(result) if result.kind == owner.kind && owner.item.is_some() => Some(owner),
        None if name.as_str() == "filter" => Some(owner),
        result => result,
    }
}

/// The tokens before a dot that stands last.
fn owner(tokens: &[SpannedToken]) -> Option<&[SpannedToken]> {
    let (dot, before) = tokens.split_last()?;
    matches!(dot.token, Token::Period | Token::Elvis).then_some(before)
}

fn ends_value(token: &Token) -> bool {
    matches!(
        token,
        Token::Identifier(_) | Token::StringConstant(_) | Token::Unit
    ) || is_closing_bracket(token)
}

/// What `name` stands for inside a loop or a closure: an item of the list that is looped over, or that the closure's function
/// takes first.
fn bound_variable_type(
    index: &CompletionIndex,
    tokens: &[SpannedToken],
    name: &str,
    depth: usize,
) -> Option<CompletionType> {
    let is_name = |spanned: &SpannedToken| matches!(&spanned.token, Token::Identifier(it) if it.as_str() == name);
    let list = (1..tokens.len()).rev().find_map(|at| {
        if !is_name(&tokens[at]) {
            return None;
        }
        match &tokens[at - 1].token {
            Token::For => loop_iterable(&tokens[at + 1..]),
            Token::Pipe => iterated_argument(&tokens[..at - 1]),
            _ => None,
        }
    })?;
    infer(index, list, depth)?.item.map(|item| *item)
}

/// `in LIST {`.
fn loop_iterable(tokens: &[SpannedToken]) -> Option<&[SpannedToken]> {
    let (word, rest) = tokens.split_first()?;
    let end = rest
        .iter()
        .position(|spanned| spanned.token == Token::LeftBrace)?;
    (word.token == Token::In).then(|| &rest[..end])
}

/// The list that a call works on, of which a closure is an argument that comes next: `LIST.filter(` or `invite_all(LIST,`.
fn iterated_argument(tokens: &[SpannedToken]) -> Option<&[SpannedToken]> {
    let open = enclosing(tokens, tokens.len())?;
    if tokens[open].token != Token::LeftParen {
        return None;
    }
    let (_, before) = tokens[..open].split_last()?;
    if let Some(owner) = owner(before) {
        return Some(owner);
    }
    let arguments = &tokens[open + 1..];
    let mut depth = 0_usize;
    let end = arguments.iter().position(|spanned| {
        if is_opening_bracket(&spanned.token) {
            depth += 1;
        } else if is_closing_bracket(&spanned.token) {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && spanned.token == Token::Comma
    })?;
    Some(&arguments[..end])
}
