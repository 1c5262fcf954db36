//! Decides with Rhai's parser whether an input is complete.

use reedline::{ValidationResult, Validator};
use rhai::{Engine, Token};

use super::commands;
use super::lexer::{SpannedToken, lex};

const MAX_EXPR_DEPTH: usize = 100;

/// Makes Enter continue an incomplete input.
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

/// Returns whether `input` is complete: it is valid, or has an error that more text would not fix.
pub(super) fn is_complete(input: &str) -> bool {
    let text = match commands::parse(input) {
        Some(command) => command.script(),
        None => input,
    };
    let lexed = lex(text);
    let is_comment = |spanned: &&SpannedToken| matches!(spanned.token, Token::Comment(_));
    let last = lexed
        .tokens
        .iter()
        .rev()
        .find(|spanned| !is_comment(spanned));
    // The parser accepts the end of the text as the body of a closure.
    let lacks_body = last.is_some_and(|last| matches!(last.token, Token::Pipe | Token::Or));
    if lexed.is_open || lacks_body {
        return false;
    }
    let mut engine = Engine::new_raw();
    engine.set_max_expr_depths(MAX_EXPR_DEPTH, MAX_EXPR_DEPTH);
    match engine.compile(text) {
        Ok(_) => true,
        Err(error) => !error.position().is_none() && error.position() < lexed.end,
    }
}
