//! What was entered and went well, as a script.

use rhai::{Engine, Token};

use super::lexer::lex;

/// How every API key begins.
const KEY_PREFIX: &str = "gai_";

/// Tells whether `text` may hold an API key, which is stored nowhere.
pub(super) fn may_contain_key(text: &str) -> bool {
    text.contains(KEY_PREFIX)
}

/// The inputs that went well, in order.
#[derive(Debug, Default)]
pub(super) struct InputLog(Vec<Input>);

#[derive(Debug)]
struct Input {
    text: String,
    /// It had a result, which is `it` for those after it.
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

    /// Returns the script, and how many inputs are not in it because they may hold a key.
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
                // Behind a comment, the end would be part of it.
                let last = input.text.lines().last().unwrap_or("");
                script.push_str(if last.contains("//") { "\n;" } else { ";" });
            }
            script.push('\n');
        }
        (script, left_out)
    }

    /// Tells whether an input uses the result of the one with number `at`.
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
    let tokens = lex(text).all;
    tokens
        .iter()
        .any(|spanned| matches!(&spanned.token, Token::Identifier(name) if name.as_str() == "it"))
}

fn is_expression(text: &str) -> bool {
    let mut engine = Engine::new_raw();
    engine.set_strict_variables(false);
    engine.compile_expression(text).is_ok()
}

/// Tells whether another statement can follow only behind a `;`.
fn needs_semicolon(text: &str) -> bool {
    let mut engine = Engine::new_raw();
    engine.set_strict_variables(false);
    engine.compile(format!("{text}\nlet it = 0;")).is_err()
}
