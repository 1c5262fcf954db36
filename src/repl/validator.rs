//! Whether an input is complete: Rhai's parser decides.

use reedline::{ValidationResult, Validator};
use rhai::{Engine, Token};

use super::commands;
use super::lexer::{SpannedToken, lex};

/// Nesting of expressions that is parsed to find out.
const MAX_EXPR_DEPTH: usize = 100;

/// Lets Enter continue an input that is not complete.
pub(super) struct ParserValidator;

impl Validator for ParserValidator {
    fn validate(&self, line: &str) -> ValidationResult {
        if is_complete(line) {
            ValidationResult::Complete
        } else {
            ValidationResult::Incomplete
        }
    }
}

/// Tells whether `input` is a whole one, right or wrong: more text would not make it right.
pub(super) fn is_complete(input: &str) -> bool {
    let text = match commands::parse(input) {
        Some(command) => command.script(),
        None => input,
    };
    let tokens = lex(text);
    let is_comment = |spanned: &&SpannedToken| matches!(spanned.token, Token::Comment(_));
    let last = tokens.all.iter().rev().find(|spanned| !is_comment(spanned));
    // The parser takes the end of the text for the body of a closure.
    let lacks_body = last.is_some_and(|last| matches!(last.token, Token::Pipe | Token::Or));
    if tokens.is_open || lacks_body {
        return false;
    }
    let mut engine = Engine::new_raw();
    engine
        .set_max_expr_depths(MAX_EXPR_DEPTH, MAX_EXPR_DEPTH)
        .set_strict_variables(false);
    match engine.compile(text) {
        Ok(_) => true,
        Err(error) => !error.position().is_none() && error.position() < tokens.end,
    }
}
