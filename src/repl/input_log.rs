//! The inputs that succeeded, as a script for `:save`.

use rhai::{Engine, Token};

use super::lexer::lex;
use crate::text::may_contain_key;

/// The inputs that succeeded, in order.
#[derive(Debug, Default)]
pub(super) struct InputLog(Vec<Input>);

#[derive(Debug)]
struct Input {
    text: String,
    /// It had a result, which later inputs can use as `it`.
    has_result: bool,
}

impl InputLog {
    pub(super) fn add(&mut self, text: &str, has_result: bool) {
        self.0.push(Input {
            text: text.trim().to_owned(),
            has_result,
        });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns the script, and how many inputs it leaves out because they may contain an API key.
    pub(super) fn script(&self) -> (String, usize) {
        let mut script = String::new();
        let mut left_out = 0;
        for (at, input) in self.0.iter().enumerate() {
            if may_contain_key(&input.text) {
                left_out += 1;
                continue;
            }
            if input.has_result && self.is_result_used(at) && is_expression(&input.text) {
                script.push_str("let it = ");
            }
            script.push_str(&input.text);
            if needs_semicolon(&input.text) {
                // After a comment, `;` would be part of the comment.
                let last = input.text.lines().last().unwrap_or("");
                script.push_str(if last.contains("//") { "\n;" } else { ";" });
            }
            script.push('\n');
        }
        (script, left_out)
    }

    /// Returns whether a later input uses the result of input `at`.
    fn is_result_used(&self, at: usize) -> bool {
        for input in &self.0[at + 1..] {
            if mentions_it(&input.text) {
                return true;
            }
            if input.has_result {
                return false;
            }
        }
        false
    }
}

fn mentions_it(text: &str) -> bool {
    lex(text)
        .tokens
        .iter()
        .any(|spanned| matches!(&spanned.token, Token::Identifier(name) if name.as_str() == "it"))
}

fn is_expression(text: &str) -> bool {
    Engine::new_raw().compile_expression(text).is_ok()
}

/// Returns whether `text` needs a `;` before the next statement.
fn needs_semicolon(text: &str) -> bool {
    let with_next = format!("{text}\nlet it = 0;");
    Engine::new_raw().compile(with_next).is_err()
}
