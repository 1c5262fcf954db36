//! Infers the type of the value before a dot or bracket, without evaluating anything.

use std::cell::Cell;

use rhai::Token;

use super::super::completion_index::CompletionIndex;
use super::super::lexer::{
    SpannedToken, enclosing_bracket, is_closing_bracket, is_opening_bracket,
};
use crate::script::{CompletionType, csv_columns};

/// The longest chain of properties, calls and variables that is followed.
const MAX_DEPTH: usize = 32;
/// The number of expressions that are looked at.
const MAX_STEPS: usize = 1_000;

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

/// An input up to the cursor. An expression is given by where it ends; everything before it may define its variables.
pub(super) struct Inference<'a> {
    pub(super) index: &'a CompletionIndex,
    pub(super) tokens: &'a [SpannedToken],
    steps: Cell<usize>,
}

impl<'a> Inference<'a> {
    pub(super) fn new(index: &'a CompletionIndex, tokens: &'a [SpannedToken]) -> Self {
        Self {
            index,
            tokens,
            steps: Cell::new(MAX_STEPS),
        }
    }

    /// Infers the type of the expression before token `end`.
    pub(super) fn type_before(&self, end: usize) -> Option<CompletionType> {
        self.infer(end, MAX_DEPTH)
    }

    pub(super) fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).map(|spanned| &spanned.token)
    }

    /// Infers the type of the chain of properties, calls and indexes that ends before token `end`.
    pub(super) fn infer(&self, end: usize, depth: usize) -> Option<CompletionType> {
        let depth = depth.checked_sub(1)?;
        self.steps.set(self.steps.get().checked_sub(1)?);
        let last = end.checked_sub(1)?;
        match self.token(last)? {
            Token::Identifier(name) => match last.checked_sub(1).and_then(|dot| self.token(dot)) {
                Some(Token::Period | Token::Elvis) => {
                    let owner = self.infer(last - 1, depth)?;
                    let property = || self.index.member_type(&owner.kind, name);
                    owner.field(name).cloned().or_else(property)
                }
                Some(Token::DoubleColon) => None,
                _ => self.variable_type(name, last, depth),
            },
            Token::RightParen => {
                let open = enclosing_bracket(self.tokens, last)?;
                if self.ends_value(open) {
                    self.call_type(open, last, depth)
                } else {
                    self.value(open + 1, last, depth)
                }
            }
            // `()` is one token.
            Token::Unit if self.ends_value(last) => self.call_type(last, last, depth),
            Token::RightBracket => {
                let open = enclosing_bracket(self.tokens, last)?;
                if self.ends_value(open) {
                    self.index_type(open, depth)
                } else {
                    let item_end = self.argument_end(open + 1, last);
                    let item = self.value(open + 1, item_end, depth);
                    Some(match item {
                        Some(item) => CompletionType::list("array", item),
                        None => CompletionType::named("array"),
                    })
                }
            }
            Token::RightBrace => {
                let open = enclosing_bracket(self.tokens, last)?;
                match self.token(open)? {
                    Token::MapStart => Some(self.map_type(open, last, depth)),
                    // The value of a block is that of its last expression.
                    _ => self.infer(last, depth),
                }
            }
            literal => literal_type(literal).map(CompletionType::named),
        }
    }

    /// Infers the type of the expression from token `start` to before `end`, which may have operators.
    pub(super) fn value(&self, start: usize, end: usize, depth: usize) -> Option<CompletionType> {
        let mut operator = None;
        for (at, token) in self.top_level(start, end) {
            match token {
                Token::EqualsTo
                | Token::NotEqualsTo
                | Token::LessThan
                | Token::LessThanEqualsTo
                | Token::GreaterThan
                | Token::GreaterThanEqualsTo
                | Token::In
                | Token::NotIn
                | Token::Bang
                | Token::And
                | Token::Or => return Some(CompletionType::named("bool")),
                Token::ExclusiveRange | Token::InclusiveRange => {
                    let item = CompletionType::named("int");
                    return Some(CompletionType::list("range", item));
                }
                Token::DoubleQuestion => operator = operator.or(Some(at)),
                Token::If
                | Token::Switch
                | Token::Pipe
                | Token::Plus
                | Token::Minus
                | Token::UnaryMinus
                | Token::Multiply
                | Token::Divide
                | Token::Modulo
                | Token::PowerOf => return None,
                _ => {}
            }
        }
        // `a ?? b`: both are usually of the same type.
        match operator {
            Some(at) => self.infer(at, depth).or_else(|| self.infer(end, depth)),
            None => self.infer(end, depth),
        }
    }

    /// Infers the type of a call whose arguments are between the parentheses `open` and `close`.
    fn call_type(&self, open: usize, close: usize, depth: usize) -> Option<CompletionType> {
        let name_at = open.checked_sub(1)?;
        let Token::Identifier(name) = self.token(name_at)? else {
            return None;
        };
        match name_at.checked_sub(1).and_then(|dot| self.token(dot)) {
            Some(Token::Period | Token::Elvis) => {
                let owner = self.infer(name_at - 1, depth)?;
                self.method_type(&owner, name, open, close, depth)
            }
            Some(Token::DoubleColon) => None,
            _ if self
                .index
                .defined
                .iter()
                .any(|each| each.name == name.as_str()) =>
            {
                None
            }
            _ => Some(self.with_columns(self.index.return_type(name)?, open, close)),
        }
    }

    fn method_type(
        &self,
        owner: &CompletionType,
        name: &str,
        open: usize,
        close: usize,
        depth: usize,
    ) -> Option<CompletionType> {
        let result = self.index.member_type(&owner.kind, name);
        if let Some(item) = &owner.item {
            if ITEM_FUNCTIONS.contains(&name) {
                return Some((**item).clone());
            }
            let kind = result.as_ref().map_or(&owner.kind, |result| &result.kind);
            let rows = || CompletionType::list("array", (**item).clone());
            return match name {
                "map" => Some(match self.closure_result(open, close, depth) {
                    Some(item) => CompletionType::list("array", item),
                    None => CompletionType::named("array"),
                }),
                "chunks" => Some(CompletionType::list("array", rows())),
                "group_by" => {
                    let mut group = CompletionType::named("map");
                    let key = CompletionType::named("value");
                    group.fields = vec![("key".to_owned(), key), ("rows".to_owned(), rows())];
                    Some(CompletionType::list("array", group))
                }
                _ if SELECTING_FUNCTIONS.contains(&name) => {
                    Some(CompletionType::list(kind, (**item).clone()))
                }
                _ => result,
            };
        }
        match (name, self.token(open + 1)) {
            ("get", Some(Token::StringConstant(key))) => owner.field(key).cloned(),
            ("to_map", _) => Some(CompletionType {
                fields: owner.fields.clone(),
                ..result?
            }),
            _ => result,
        }
    }

    /// Infers the type of what the closure between the parentheses `open` and `close` returns.
    fn closure_result(&self, open: usize, close: usize, depth: usize) -> Option<CompletionType> {
        let bar = open + 1;
        if self.token(bar)? != &Token::Pipe {
            return None;
        }
        let is_bar = |at: &usize| self.token(*at) == Some(&Token::Pipe);
        let body = (bar + 1..close).find(is_bar)? + 1;
        self.value(body, close, depth)
    }

    fn index_type(&self, open: usize, depth: usize) -> Option<CompletionType> {
        let owner = self.infer(open, depth)?;
        match self.token(open + 1)? {
            Token::StringConstant(key) => owner.field(key).cloned(),
            _ => owner.item.map(|item| *item),
        }
    }

    /// Returns the type of the map that is written between the braces `open` and `close`.
    fn map_type(&self, open: usize, close: usize, depth: usize) -> CompletionType {
        let mut map = CompletionType::named("map");
        let mut at = open + 1;
        while at < close {
            let end = self.argument_end(at, close);
            let key = match self.token(at) {
                Some(Token::Identifier(name)) => Some(name.to_string()),
                Some(Token::StringConstant(text)) => Some(text.to_string()),
                _ => None,
            };
            if let (Some(key), Some(Token::Colon)) = (key, self.token(at + 1)) {
                let value = self.value(at + 2, end, depth);
                let value = value.unwrap_or_else(|| CompletionType::named("value"));
                map.fields.push((key, value));
            }
            at = end + 1;
        }
        map
    }

    /// Adds the columns of the file that a call with a single literal argument reads.
    fn with_columns(
        &self,
        mut result: CompletionType,
        open: usize,
        close: usize,
    ) -> CompletionType {
        if let (Some(item), Some(Token::StringConstant(path))) =
            (&mut result.item, self.token(open + 1))
            && item.kind == "Row"
            && open + 2 == close
        {
            let text = || CompletionType::named("string");
            let columns = csv_columns(path).unwrap_or_default().into_iter();
            item.fields = columns.map(|name| (name, text())).collect();
        }
        result
    }

    /// Returns where the argument or item that begins at `start` ends: at a comma, or at `end`.
    pub(super) fn argument_end(&self, start: usize, end: usize) -> usize {
        let mut tokens = self.top_level(start, end);
        let comma = tokens.find(|(_, token)| **token == Token::Comma);
        comma.map_or(end, |(at, _)| at)
    }

    /// Lists the tokens from `start` to before `end`, without what is in brackets that open there. So a closing bracket in the
    /// list closes one that opens before `start`.
    pub(super) fn top_level(
        &self,
        start: usize,
        end: usize,
    ) -> impl Iterator<Item = (usize, &Token)> {
        let mut nesting = 0_usize;
        (start..end).filter_map(move |at| {
            let token = self.token(at)?;
            let is_inside = nesting > 0;
            if is_opening_bracket(token) {
                nesting += 1;
            } else if is_closing_bracket(token) {
                nesting = nesting.saturating_sub(1);
            }
            (!is_inside).then_some((at, token))
        })
    }

    /// Whether the tokens before `end` end with a value, so that a bracket there is a call or an index.
    pub(super) fn ends_value(&self, end: usize) -> bool {
        let last = end.checked_sub(1).and_then(|last| self.token(last));
        last.is_some_and(|last| {
            matches!(
                last,
                Token::Identifier(_) | Token::StringConstant(_) | Token::Unit
            ) || is_closing_bracket(last)
        })
    }
}

fn literal_type(token: &Token) -> Option<&'static str> {
    Some(match token {
        Token::StringConstant(_) | Token::InterpolatedString(_) => "string",
        Token::CharConstant(_) => "char",
        Token::IntegerConstant(_) => "int",
        Token::FloatConstant(_) => "float",
        Token::True | Token::False => "bool",
        _ => return None,
    })
}
