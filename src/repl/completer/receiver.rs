//! Infers the type of the value before a dot or bracket, without evaluating anything.

use rhai::Token;

use super::super::completion_index::CompletionIndex;
use super::super::lexer::{
    SpannedToken, enclosing_bracket, is_closing_bracket, is_opening_bracket,
};
use crate::script::CompletionType;

/// The longest chain of properties, calls and variables that is followed.
const MAX_DEPTH: usize = 8;

/// Functions that return items of the list that they are called on.
const SELECTING_FUNCTIONS: [&str; 13] = [
    "drain",
    "extract",
    "filter",
    "order",
    "order_by",
    "order_desc",
    "retain",
    "reversed",
    "sorted",
    "splice",
    "split",
    "to_array",
    "unique",
];
/// Functions that return one item of the list that they are called on.
const ITEM_FUNCTIONS: [&str; 7] = ["find", "get", "max_by", "min_by", "pop", "remove", "shift"];

/// Infers the type of the expression at the end of `tokens`.
pub(super) fn infer_type(
    index: &CompletionIndex,
    tokens: &[SpannedToken],
) -> Option<CompletionType> {
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
            let open = enclosing_bracket(tokens, tokens.len() - 1)?;
            call_type(index, &tokens[..open], depth)
                // The parentheses may be around an expression.
                .or_else(|| infer(index, &tokens[open + 1..tokens.len() - 1], depth))
        }
        // `()` is one token.
        Token::Unit => call_type(index, before, depth),
        Token::RightBracket => {
            let open = enclosing_bracket(tokens, tokens.len() - 1)?;
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

/// Infers the type of a call from the tokens before its arguments.
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
    if SELECTING_FUNCTIONS.contains(&name.as_str()) {
        let kind = index
            .member_type(&owner.kind, name)
            .map_or(owner.kind, |result| result.kind);
        return Some(CompletionType { kind, ..owner });
    }
    if ITEM_FUNCTIONS.contains(&name.as_str()) {
        return owner.item.map(|item| *item);
    }
    index.member_type(&owner.kind, name)
}

/// Returns the tokens before the dot if `tokens` end with one.
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

/// Infers the type of the variable of a loop or closure: an item of the list that the loop iterates over, or that is the first
/// argument of the function called with the closure.
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

/// Returns LIST of `in LIST {`.
fn loop_iterable(tokens: &[SpannedToken]) -> Option<&[SpannedToken]> {
    let (word, rest) = tokens.split_first()?;
    let end = rest
        .iter()
        .position(|spanned| spanned.token == Token::LeftBrace)?;
    (word.token == Token::In).then(|| &rest[..end])
}

/// Returns LIST of `LIST.filter(` or `invite_all(LIST,`, where `tokens` end before a closure.
fn iterated_argument(tokens: &[SpannedToken]) -> Option<&[SpannedToken]> {
    let open = enclosing_bracket(tokens, tokens.len())?;
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
