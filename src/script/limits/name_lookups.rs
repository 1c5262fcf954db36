//! Refuses scripts that Rhai's parser would read for minutes.
//!
//! For each name, the parser compares it with the variables in scope and with all functions, so its time grows with the square
//! of their number. This counts those comparisons while the parser asks for tokens, and ends it with an error.

use std::cell::RefCell;
use std::collections::HashSet;

use rhai::{AST, Engine, Identifier, LexError, ParseError, ParseErrorType, Position, Token};

/// The most comparisons of names in one script: less than a second in a release build. A script whose every line declares a
/// variable and uses it once may have 10,000 lines.
const MAX_COMPARISONS: u64 = 100_000_000;
const REASON: &str = "the script has too many variables, functions and uses of names";

/// Operators that compare, those that also check the types of the operands, and their precedence.
pub(in crate::script) const CHECKED_OPERATORS: [(&str, &str, u8); 6] = [
    ("==", "== checked", 90),
    ("!=", "!= checked", 90),
    ("<", "< checked", 130),
    ("<=", "<= checked", 130),
    (">", "> checked", 130),
    (">=", ">= checked", 130),
];

thread_local! {
    /// The positions at which the parser of this thread replaces operators with checked ones.
    static CHECKED: RefCell<HashSet<Position>> = RefCell::default();
    /// Not part of the engine, which does not know where the next script starts.
    static COMPARISONS: RefCell<Comparisons> = RefCell::default();
}

/// What the parser of this thread has to search.
#[derive(Default)]
struct Comparisons {
    count: u64,
    functions: u64,
    /// The variables and imports in scope.
    visible: u64,
    /// The open braces, innermost last.
    open: Vec<Brace>,
    /// The names so far in a list like the parameters of a function, which the parser compares with each other.
    listed: u64,
    /// The names since `fn`, before the body of the function.
    signature: Option<u64>,
    /// Names that were used, declared or not.
    used: HashSet<Identifier>,
}

enum Brace {
    /// A block, with the number of variables in scope before it.
    Block(u64),
    /// A map, with the number of its keys so far.
    Map(u64),
}

impl Comparisons {
    /// Returns whether the script may go on.
    fn add(&mut self, token: &Token, is_strict: bool) -> bool {
        match token {
            Token::Let | Token::Const | Token::Import => self.visible += 1,
            Token::Fn => {
                self.functions += 1;
                self.signature = Some(0);
            }
            Token::MapStart => self.open.push(Brace::Map(0)),
            Token::LeftBrace => {
                self.open.push(Brace::Block(self.visible));
                // A function sees its parameters only.
                self.visible = self.signature.take().unwrap_or(self.visible);
            }
            Token::RightBrace => {
                if let Some(Brace::Block(visible)) = self.open.pop() {
                    self.visible = visible;
                }
            }
            Token::Colon => {
                if let Some(Brace::Map(keys)) = self.open.last_mut() {
                    *keys += 1;
                    self.count += *keys;
                }
            }
            // Probably the parameters of a closure, which see the variables around it.
            Token::Pipe => self.visible += self.listed,
            Token::Identifier(name) => {
                self.listed += 1;
                if let Some(names) = &mut self.signature {
                    *names += 1;
                }
                // Without strict variables, the parser collects the names that are not declared.
                if !is_strict && self.used.insert((**name).clone()) {
                    self.visible += 1;
                }
                self.count += self.visible + self.functions + self.listed;
            }
            _ => {}
        }
        if !matches!(token, Token::Identifier(_) | Token::Comma) {
            self.listed = 0;
        }
        self.count <= MAX_COMPARISONS
    }
}

/// Makes the parser of `engine` count, for [`compile`].
#[expect(deprecated, reason = "Rhai marks what may change as deprecated")]
pub(in crate::script) fn register(engine: &mut Engine) {
    let is_strict = engine.strict_variables();
    engine.on_parse_token(move |token, position, _| {
        let is_within = COMPARISONS.with_borrow_mut(|names| names.add(&token, is_strict));
        if is_within {
            checked_operator(&token, position).unwrap_or(token)
        } else {
            Token::LexError(Box::new(LexError::Runtime(REASON.to_owned())))
        }
    });
}

/// Parses a script.
///
/// # Errors
/// It is not valid Rhai, or has too many names.
pub(in crate::script) fn compile(engine: &Engine, text: &str) -> Result<AST, ParseError> {
    parse(|| engine.compile(text))
}

/// Returns the operator that also checks the types, if `token` is a comparison at one of the positions for that.
fn checked_operator(token: &Token, position: Position) -> Option<Token> {
    let is_checked = CHECKED.with_borrow(|checked| checked.contains(&position));
    let operator = is_checked.then(|| token.literal_syntax())?;
    let (_, name, _) = CHECKED_OPERATORS
        .iter()
        .find(|(known, ..)| *known == operator)?;
    Some(Token::Custom(Box::new((*name).into())))
}

/// Runs `parse`, which parses one script, with checked comparisons at `positions`.
pub(in crate::script) fn parse_checked(
    positions: HashSet<Position>,
    parse_script: impl FnOnce() -> Result<AST, ParseError>,
) -> Result<AST, ParseError> {
    CHECKED.set(positions);
    let parsed = parse(parse_script);
    CHECKED.take();
    parsed
}

/// Runs `parse`, which parses one script.
pub(in crate::script) fn parse(
    parse: impl FnOnce() -> Result<AST, ParseError>,
) -> Result<AST, ParseError> {
    COMPARISONS.take();
    parse().map_err(|error| {
        if COMPARISONS.take().count <= MAX_COMPARISONS {
            return error;
        }
        // In some places, the parser reports something else about the token that ended it.
        let reason = LexError::Runtime(REASON.to_owned());
        ParseError(Box::new(ParseErrorType::BadInput(reason)), error.1)
    })
}

/// Returns the reason if the script has too many names.
pub(in crate::script) fn exceeded(kind: &ParseErrorType) -> Option<&str> {
    match kind {
        ParseErrorType::BadInput(LexError::Runtime(reason)) => Some(reason),
        _ => None,
    }
}
