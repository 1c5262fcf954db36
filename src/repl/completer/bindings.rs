//! Finds where the input that is being typed defines a variable, and infers its type.

use rhai::Token;

use super::super::lexer::{enclosing_bracket, is_closing_bracket, is_opening_bracket};
use super::receiver::Inference;
use crate::script::CompletionType;

/// Functions whose closure gets two items.
const COMPARING_FUNCTIONS: [&str; 2] = ["sort", "sort_by"];
/// Functions whose closure gets an accumulated value, and then an item.
const FOLDING_FUNCTIONS: [&str; 3] = ["fold", "reduce", "reduce_rev"];

/// The function with this name returns an error, as `catch` gets it.
const ERROR_FUNCTION: &str = "assert_throws";

/// A definition of a variable, with the type as far as it is known.
struct Definition(Option<CompletionType>);

impl Inference<'_> {
    /// Infers the type of the variable `name` that is used at token `at`: by its last definition in the input, or else as the
    /// session knows it.
    pub(super) fn variable_type(
        &self,
        name: &str,
        at: usize,
        depth: usize,
    ) -> Option<CompletionType> {
        for defined in (0..at).rev() {
            let is_name =
                matches!(self.token(defined), Some(Token::Identifier(it)) if it.as_str() == name);
            if !is_name {
                continue;
            }
            if let Some(Definition(found)) = self.definition(defined, at, depth) {
                return found;
            }
        }
        // A function sees only its parameters.
        if self.is_in_function(at) {
            return None;
        }
        self.index.variable(name).cloned()
    }

    /// If token `defined` defines a variable that is visible at `at`, returns its type as far as it is known.
    fn definition(&self, defined: usize, at: usize, depth: usize) -> Option<Definition> {
        let before = defined.checked_sub(1).and_then(|before| self.token(before));
        let is_assigned = self.token(defined + 1) == Some(&Token::Equals);
        match before {
            Some(Token::Let | Token::Const) if self.is_open(defined, at) => {
                self.assigned(defined, at, depth)
            }
            None | Some(Token::SemiColon | Token::LeftBrace | Token::RightBrace)
                if is_assigned && self.is_open(defined, at) =>
            {
                self.assigned(defined, at, depth)
            }
            Some(Token::For) => self.loop_item(defined + 1, 0, at, depth),
            Some(Token::LeftParen | Token::Comma | Token::Pipe) => {
                let (open, number) = self.name_list(defined)?;
                let first = open.checked_sub(1);
                match (self.token(open)?, first.and_then(|first| self.token(first))) {
                    (Token::Pipe, _) if !self.ends_value(open) && self.is_open(open, at) => {
                        self.closure_parameter(open, number, at, depth)
                    }
                    (Token::LeftParen, Some(Token::For)) => {
                        self.loop_item(self.close_of(open)? + 1, number, at, depth)
                    }
                    (Token::LeftParen, Some(Token::Catch)) => {
                        let body = self.close_of(open)? + 1;
                        let error = || self.index.return_type(ERROR_FUNCTION);
                        self.is_inside(body, at).then(|| Definition(error()))
                    }
                    (Token::LeftParen, Some(Token::Identifier(_))) => {
                        let keyword = open.checked_sub(2).and_then(|keyword| self.token(keyword));
                        let body = self.close_of(open)? + 1;
                        (keyword == Some(&Token::Fn) && self.is_inside(body, at))
                            .then_some(Definition(None))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Infers the type of `name = value;`, unless `at` is in the value.
    fn assigned(&self, name: usize, at: usize, depth: usize) -> Option<Definition> {
        if self.token(name + 1) != Some(&Token::Equals) {
            return Some(Definition(None));
        }
        let start = name + 2;
        let mut tokens = self.top_level(start, at);
        let (end, _) = tokens.find(|(_, token)| **token == Token::SemiColon)?;
        Some(Definition(self.value(start, end, depth)))
    }

    /// Infers the type of variable `number` of a loop, whose `in` is token `word`.
    fn loop_item(&self, word: usize, number: usize, at: usize, depth: usize) -> Option<Definition> {
        if self.token(word) != Some(&Token::In) {
            return None;
        }
        let mut tokens = self.top_level(word + 1, at);
        let (body, _) = tokens.find(|(_, token)| **token == Token::LeftBrace)?;
        if !self.is_inside(body, at) {
            return None;
        }
        if number > 0 {
            return Some(Definition(Some(CompletionType::named("int"))));
        }
        let list = self.value(word + 1, body, depth);
        let item = list.and_then(|list| list.item);
        Some(Definition(item.map(|item| *item)))
    }

    /// Infers the type of parameter `number` of the closure whose parameters begin at `bar`: an item of the list that the
    /// function is called on, or that is its first argument.
    fn closure_parameter(
        &self,
        bar: usize,
        number: usize,
        at: usize,
        depth: usize,
    ) -> Option<Definition> {
        let is_bar = |at: &usize| self.token(*at) == Some(&Token::Pipe);
        let body = (bar + 1..at).find(is_bar)? + 1;
        if self.argument_end(body, at) < at {
            return None;
        }
        Some(Definition(self.iterated_item(bar, number, depth)))
    }

    fn iterated_item(&self, bar: usize, number: usize, depth: usize) -> Option<CompletionType> {
        let open = enclosing_bracket(self.tokens, bar)?;
        let function = open.checked_sub(1)?;
        let (Token::LeftParen, Token::Identifier(name)) =
            (self.token(open)?, self.token(function)?)
        else {
            return None;
        };
        let name = name.as_str();
        match number {
            0 if FOLDING_FUNCTIONS.contains(&name) => return None,
            1 if FOLDING_FUNCTIONS.contains(&name) || COMPARING_FUNCTIONS.contains(&name) => {}
            0 => {}
            1 => return Some(CompletionType::named("int")),
            _ => return None,
        }
        let dot = function.checked_sub(1).and_then(|dot| self.token(dot));
        let list = match dot {
            Some(Token::Period | Token::Elvis) => self.infer(function - 1, depth),
            _ => self.value(open + 1, self.argument_end(open + 1, bar), depth),
        };
        list?.item.map(|item| *item)
    }

    /// Returns where the list of names around token `at` begins, and the number of names before it.
    fn name_list(&self, at: usize) -> Option<(usize, usize)> {
        let mut open = at.checked_sub(1)?;
        let mut number = 0;
        while self.token(open)? == &Token::Comma {
            if !matches!(self.token(open.checked_sub(1)?)?, Token::Identifier(_)) {
                return None;
            }
            number += 1;
            open = open.checked_sub(2)?;
        }
        Some((open, number))
    }

    fn close_of(&self, open: usize) -> Option<usize> {
        let mut tokens = self.top_level(open + 1, self.tokens.len());
        let close = tokens.find(|(_, token)| is_closing_bracket(token));
        close.map(|(at, _)| at)
    }

    /// Whether the block around token `defined` is still open at `at`.
    fn is_open(&self, defined: usize, at: usize) -> bool {
        let mut tokens = self.top_level(defined, at);
        !tokens.any(|(_, token)| is_closing_bracket(token))
    }

    /// Whether token `at` is inside the brackets that open at `open`.
    fn is_inside(&self, open: usize, at: usize) -> bool {
        self.token(open).is_some_and(is_opening_bracket) && open < at && self.is_open(open + 1, at)
    }

    /// Whether token `at` is in the body of a `fn`.
    fn is_in_function(&self, at: usize) -> bool {
        let mut inside = at;
        while let Some(open) = enclosing_bracket(self.tokens, inside) {
            inside = open;
            let close = open.checked_sub(1);
            let is_body = self.token(open) == Some(&Token::LeftBrace)
                && close
                    .and_then(|close| self.token(close))
                    .is_some_and(|token| matches!(token, Token::RightParen | Token::Unit));
            if !is_body {
                continue;
            }
            let parameters = match close.and_then(|close| self.token(close)) {
                Some(Token::Unit) => close,
                _ => close.and_then(|close| enclosing_bracket(self.tokens, close)),
            };
            let keyword = parameters.and_then(|parameters| parameters.checked_sub(2));
            if keyword.and_then(|keyword| self.token(keyword)) == Some(&Token::Fn) {
                return true;
            }
        }
        false
    }
}
