//! The value to the left of a dot: what it has, as far as that is known without calling anything.

use rhai::Token;

use super::super::highlighter::{closes, opens};
use super::super::knowledge::Knowledge;
use super::super::lexer::Piece;
use super::place::enclosing;
use crate::script::Shape;

/// How many values are followed that one value comes from.
const DEPTH: usize = 8;

/// Finds what the expression has that ends with `pieces`.
pub(super) fn shape(known: &Knowledge, pieces: &[Piece]) -> Option<Shape> {
    follow(known, pieces, DEPTH)
}

fn follow(known: &Knowledge, pieces: &[Piece], depth: usize) -> Option<Shape> {
    let depth = depth.checked_sub(1)?;
    let (last, before) = pieces.split_last()?;
    match &last.token {
        Token::Identifier(name) => match owner(before) {
            Some(owner) => {
                let owner = follow(known, owner, depth)?;
                let property = || known.member(&owner.kind, name);
                owner.field(name).cloned().or_else(property)
            }
            None => known
                .variable(name)
                .cloned()
                .or_else(|| bound(known, pieces, name, depth)),
        },
        Token::RightParen => {
            let open = enclosing(pieces, pieces.len() - 1)?;
            called(known, &pieces[..open], depth)
                // Parentheses around an expression.
                .or_else(|| follow(known, &pieces[open + 1..pieces.len() - 1], depth))
        }
        // `()` is one token.
        Token::Unit => called(known, before, depth),
        Token::RightBracket => {
            let open = enclosing(pieces, pieces.len() - 1)?;
            let value = pieces[..open].last();
            if !value.is_some_and(|value| ends_value(&value.token)) {
                return Some(Shape::of_kind("array"));
            }
            let owner = follow(known, &pieces[..open], depth)?;
            match &pieces[open + 1].token {
                Token::StringConstant(key) => owner.field(key).cloned(),
                _ => owner.item.map(|item| *item),
            }
        }
        Token::StringConstant(_) => Some(Shape::of_kind("string")),
        Token::RightBrace => Some(Shape::of_kind("map")),
        _ => None,
    }
}

/// What a call returns, of which `pieces` are the tokens before its arguments.
fn called(known: &Knowledge, pieces: &[Piece], depth: usize) -> Option<Shape> {
    let (function, before) = pieces.split_last()?;
    let Token::Identifier(name) = &function.token else {
        return None;
    };
    let Some(owner) = owner(before) else {
        return known.returned(name);
    };
    let owner = follow(known, owner, depth)?;
    match known.member(&owner.kind, name) {
        // What is left of a list has the same items.
        Some(result) if result.kind == owner.kind && owner.item.is_some() => Some(owner),
        None if name.as_str() == "filter" => Some(owner),
        result => result,
    }
}

/// The tokens before a dot that stands last.
fn owner(pieces: &[Piece]) -> Option<&[Piece]> {
    let (dot, before) = pieces.split_last()?;
    matches!(dot.token, Token::Period | Token::Elvis).then_some(before)
}

fn ends_value(token: &Token) -> bool {
    matches!(
        token,
        Token::Identifier(_) | Token::StringConstant(_) | Token::Unit
    ) || closes(token)
}

/// What `name` stands for inside a loop or a closure: an item of the list that is looped over, or that the closure's function
/// takes first.
fn bound(known: &Knowledge, pieces: &[Piece], name: &str, depth: usize) -> Option<Shape> {
    let is_name =
        |piece: &Piece| matches!(&piece.token, Token::Identifier(it) if it.as_str() == name);
    let list = (1..pieces.len()).rev().find_map(|at| {
        if !is_name(&pieces[at]) {
            return None;
        }
        match &pieces[at - 1].token {
            Token::For => looped_over(&pieces[at + 1..]),
            Token::Pipe => first_argument(&pieces[..at - 1]),
            _ => None,
        }
    })?;
    follow(known, list, depth)?.item.map(|item| *item)
}

/// `in LIST {`.
fn looped_over(pieces: &[Piece]) -> Option<&[Piece]> {
    let (word, rest) = pieces.split_first()?;
    let end = rest
        .iter()
        .position(|piece| piece.token == Token::LeftBrace)?;
    (word.token == Token::In).then(|| &rest[..end])
}

/// The list that a call works on, of which a closure is an argument that comes next: `LIST.filter(` or `invite_all(LIST,`.
fn first_argument(pieces: &[Piece]) -> Option<&[Piece]> {
    let open = enclosing(pieces, pieces.len())?;
    if pieces[open].token != Token::LeftParen {
        return None;
    }
    let (_, before) = pieces[..open].split_last()?;
    if let Some(owner) = owner(before) {
        return Some(owner);
    }
    let arguments = &pieces[open + 1..];
    let mut depth = 0_usize;
    let end = arguments.iter().position(|piece| {
        if opens(&piece.token) {
            depth += 1;
        } else if closes(&piece.token) {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && piece.token == Token::Comma
    })?;
    Some(&arguments[..end])
}
