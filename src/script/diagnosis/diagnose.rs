//! Turns errors of Rhai into diagnostics: the innermost error, the calls that led to it, and a hint.

use rhai::{
    AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, ImmutableString, LexError, Map, ParseError,
    ParseErrorType, Position, Stmt,
};

use super::function_locations::FunctionLocations;
use super::{certain_fix, foreign_syntax, unknown_name};
use crate::error_code::{ErrorCategory, ErrorCode};
use crate::script::engine::environments::CLOSURE_PREFIX;
use crate::script::engine::import_resolver::SourceMap;
use crate::script::engine::setup;
use crate::script::error::diagnostic::{self, Diagnostic, Frame, lower_first};
use crate::script::error::termination::Termination;
use crate::script::limits::name_lookups;
use crate::script::limits::text_size::is_text_within;
use crate::script::number::invalid_number_message;
use crate::script::source::Source;
use crate::script::values::convert::in_script_types;
use crate::text::did_you_mean;

/// The longest text of a thrown value that is shown in full.
const MAX_THROWN_BYTES: usize = 64 * 1024;
/// The characters that are shown of a longer one.
const SHOWN_CHARS: usize = 200;

/// What was running when an error occurred.
pub(in crate::script) struct EvalContext<'a> {
    pub(in crate::script) engine: &'a Engine,
    pub(in crate::script) ast: &'a AST,
    pub(in crate::script) source_map: &'a SourceMap,
    /// Variables that existed before.
    pub(in crate::script) variables: &'a [String],
    /// The sources of functions that were merged into `ast`.
    pub(in crate::script) function_locations: &'a FunctionLocations,
}

/// Diagnoses the error that ended a run. A termination of the script is not an error.
pub(in crate::script) fn diagnose(
    context: &EvalContext,
    error: EvalAltResult,
) -> Result<Termination, Box<Diagnostic>> {
    let EvalContext {
        ast, source_map, ..
    } = context;
    let mut backtrace = Backtrace {
        function_locations: context.function_locations,
        script: ast.source().unwrap_or_default().to_owned(),
        stack: Vec::new(),
    };
    let innermost = backtrace.unwind(error);
    if let EvalAltResult::ErrorTerminated(token, _) = &innermost {
        match token.clone().try_cast::<Termination>() {
            Some(Termination::OutOfMemory(_) | Termination::UnreadOutput) | None => {}
            Some(termination) => return Ok(termination),
        }
    }
    let position = innermost.position();
    let mut diagnostic = describe(context, &innermost);
    diagnostic.stack = backtrace.stack;
    if let Some(source) = source_map.borrow().get(backtrace.script.as_str()) {
        let category = diagnostic.error_code().map(ErrorCode::category);
        // A shipped script is not to blame for a bad file, setting or answer.
        diagnostic = if source.is_shipped() && category != Some(ErrorCategory::Script) {
            diagnostic.for_end_user()
        } else {
            diagnostic.at(source, position)
        };
    }
    Err(Box::new(diagnostic))
}

/// Diagnoses a script that cannot be parsed. `variables` existed before.
pub(in crate::script) fn diagnose_parse(
    source: &Source,
    error: &ParseError,
    variables: &[String],
) -> Diagnostic {
    let end = end_position(&source.text);
    let position = match error.position() {
        at if at.is_none() || at > end => end,
        at => at,
    };
    let described = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => {
            describe_undefined(source, name, position, variables)
        }
        ParseErrorType::UnexpectedEOF => describe_end(&source.text),
        kind => describe_parse(kind),
    };
    let mut diagnostic = described.at(source, position);
    let Some(location) = &diagnostic.location else {
        return diagnostic;
    };
    let foreign_hint = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => foreign_syntax::variable(name, location),
        // The hint of the type says what to write.
        ParseErrorType::MismatchedType(..)
        | ParseErrorType::DuplicatedProperty(_)
        | ParseErrorType::WrongSwitchCaseCondition => None,
        kind if name_lookups::exceeded(kind).is_some() => None,
        _ => foreign_syntax::at(location),
    };
    if let Some(foreign_hint) = foreign_hint {
        diagnostic.hints = vec![foreign_hint];
    } else if !location.is_first_on_line() && lacks_semicolon(error.err_type()) {
        // The semicolon is missing on this line, and the hint is about the line before.
        diagnostic.hints.clear();
    } else if matches!(error.err_type(), ParseErrorType::VariableExpected) {
        let hint = location
            .word()
            .map(|word| format!("`{word}` is a reserved word: choose another name"));
        diagnostic.hints.extend(hint);
    }
    certain_fix::of_syntax(diagnostic, error.err_type())
}

/// Parses a script without checking that its variables exist, to look for those that do not.
pub(in crate::script) fn parse_leniently(source: &Source) -> Result<AST, ParseError> {
    let mut engine = setup::bare();
    engine.set_strict_variables(false);
    name_lookups::register(&mut engine);
    name_lookups::compile(&engine, &source.text)
}

fn lacks_semicolon(kind: &ParseErrorType) -> bool {
    matches!(kind, ParseErrorType::MissingToken(token, _) if token == ";")
}

/// Returns the position of the last character that is not white space.
fn end_position(text: &str) -> Position {
    let lines = text.lines().enumerate();
    let last = lines.filter(|(_, line)| !line.trim().is_empty()).last();
    let (line, column) = last.map_or((1, 1), |(index, line)| {
        (index + 1, line.trim_end().chars().count())
    });
    diagnostic::position(line, column)
}

fn describe_end(text: &str) -> Diagnostic {
    let diagnostic = syntax("the script ends too early");
    let text = text.trim_end();
    let before = text.trim_end_matches(|c: char| "+-*/%<>=!&|.,?".contains(c));
    match &text[before.len()..] {
        "" => diagnostic,
        operator => diagnostic.hint(format!("write a value after `{operator}`")),
    }
}

/// The calls from the outermost to the innermost error.
struct Backtrace<'a> {
    function_locations: &'a FunctionLocations,
    script: String,
    stack: Vec<Frame>,
}

impl Backtrace<'_> {
    fn unwind(&mut self, error: EvalAltResult) -> EvalAltResult {
        match error {
            EvalAltResult::ErrorInFunctionCall(function, source, inner, position) => {
                self.push_frame(&function, position);
                if let Some(text) = self.function_locations.find(&function, inner.position()) {
                    text.clone_into(&mut self.script);
                } else if !source.is_empty() {
                    self.script = source;
                }
                self.unwind(*inner)
            }
            EvalAltResult::ErrorInModule(script, inner, position) => {
                self.push_frame("import", position);
                self.script = script;
                self.unwind(*inner)
            }
            other => other,
        }
    }

    fn push_frame(&mut self, function: &str, position: Position) {
        let function = if function.starts_with(CLOSURE_PREFIX) {
            "closure"
        } else {
            function
        };
        self.stack.insert(
            0,
            Frame {
                function: function.to_owned(),
                script: self.script.as_str().into(),
                line: position.line(),
            },
        );
    }
}

/// Describes the terminations that are errors.
fn describe_termination(token: &Dynamic) -> Option<Diagnostic> {
    match token.clone().try_cast::<Termination>()? {
        Termination::UnreadOutput => {
            let message = "the script prints without end, and nothing reads its output any more";
            Some(Diagnostic::new(ErrorCode::UnreadOutput, message).hint(
                "end the loop that prints, or print to a file if the program behind the pipe reads only a part",
            ))
        }
        Termination::OutOfMemory(limit) => {
            let message = format!("the script uses more than {limit} of memory");
            Some(
                Diagnostic::new(ErrorCode::Memory, message)
                    .hint("read a large file with `scan_csv`, which does not keep its rows in memory, or allow more with `--max-memory`")
                    .user_hint("split a large file into smaller ones, or allow more memory with `--max-memory`"),
            )
        }
        _ => None,
    }
}

fn describe(context: &EvalContext, error: &EvalAltResult) -> Diagnostic {
    let EvalContext { engine, ast, .. } = context;
    match error {
        EvalAltResult::ErrorRuntime(value, _) => describe_thrown(value),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            unknown_name::function(engine, ast, signature)
        }
        EvalAltResult::ErrorVariableNotFound(name, position) => {
            describe_unknown_variable(ast, name, is_in_function(ast, *position), context.variables)
        }
        EvalAltResult::ErrorPropertyNotFound(name, _) => unknown_name::key(ast, name),
        EvalAltResult::ErrorDotExpr(message, _) => unknown_name::property(message),
        EvalAltResult::ErrorIndexingType(types, _) => unknown_name::index(types),
        EvalAltResult::ErrorParsing(kind, _) => describe_parse(kind),
        EvalAltResult::ErrorStackOverflow(_) => {
            Diagnostic::new(ErrorCode::Recursion, "functions call each other too deeply")
                .hint("a function that calls itself needs a case in which it stops")
        }
        EvalAltResult::ErrorTerminated(token, _) => {
            describe_termination(token).unwrap_or_else(|| describe_other(error))
        }
        EvalAltResult::ErrorMismatchOutputType(wanted, found, _)
        | EvalAltResult::ErrorMismatchDataType(wanted, found, _) => {
            describe_wrong_type(&in_script_types(wanted), &in_script_types(found))
        }
        EvalAltResult::ErrorFor(_) => not_iterable(),
        EvalAltResult::ErrorArithmetic(message, _) => match invalid_number_message(message) {
            Some(message) => Diagnostic::new(ErrorCode::BadNumber, message),
            None => describe_other(error),
        },
        other => describe_other(other),
    }
}

/// Describes a loop over something that is not a list.
pub(in crate::script) fn not_iterable() -> Diagnostic {
    Diagnostic::new(ErrorCode::WrongType, "a `for` loop needs a list").hint(
        "over a map, write `for key in map.keys() { … }`; to count, write `for i in 0..3 { … }`",
    )
}

/// Describes a value of another type than is needed.
pub(in crate::script) fn describe_wrong_type(wanted: &str, found: &str) -> Diagnostic {
    let message = format!("expected {wanted}, found {found}");
    let hint = match (wanted, found) {
        ("bool", _) => Some(
            "a condition is `true` or `false`: write `text != \"\"`, `n != 0` or `x != ()`; for a default, write `if text == \"\" { … } else { text }`",
        ),
        ("int", "range") => Some("a part of a list is `list.extract(0..2)`"),
        ("int", "string") => Some(
            "a list has no keys: take an item first, as in `rows[0][\"name\"]`, or loop over it",
        ),
        ("string", "int") => Some("a map has no order: write `map[\"key\"]`, or `map.values()[0]`"),
        _ => None,
    };
    Diagnostic::new(ErrorCode::WrongType, message).hint_if(hint)
}

/// Repeats Rhai's own message.
fn describe_other(error: &EvalAltResult) -> Diagnostic {
    let mut message = error.to_string();
    // The diagnostic shows the position itself.
    if let Some(at) = message.rfind(" (line ") {
        message.truncate(at);
    }
    Diagnostic::new(ErrorCode::Script, in_script_types(&lower_first(&message)))
}

/// Describes a thrown value: a map with the keys of [`Throw`](crate::script::error::throw::Throw), or anything else.
fn describe_thrown(value: &Dynamic) -> Diagnostic {
    let Some(map) = value.read_lock::<Map>() else {
        return Diagnostic::new(ErrorCode::Thrown, thrown_text(value));
    };
    let text = |key: &str| map.get(key).map(thrown_text);
    let message = text("message").unwrap_or_else(|| thrown_text(value));
    let mut diagnostic = Diagnostic::new(ErrorCode::Thrown, message).hint_if(text("hint"));
    if let Some(code) = text("error") {
        diagnostic.code = code.into();
    }
    diagnostic.detail = text("detail");
    diagnostic.user_hint = text("user_hint");
    diagnostic
}

/// Describes a variable that the parser does not know.
fn describe_undefined(
    source: &Source,
    name: &str,
    position: Position,
    variables: &[String],
) -> Diagnostic {
    match parse_leniently(source) {
        Ok(ast) => describe_unknown_variable(&ast, name, is_in_function(&ast, position), variables),
        Err(_) => unknown_variable(name),
    }
}

fn describe_unknown_variable(
    ast: &AST,
    name: &str,
    in_function: bool,
    variables: &[String],
) -> Diagnostic {
    let before = variables.iter().map(String::as_str);
    let known: Vec<&str> = top_level_variables(ast).chain(before).collect();
    let hint = if in_function && known.contains(&name) {
        Some(outer_variable_hint(name))
    } else {
        did_you_mean(name, known)
    };
    unknown_variable(name).hint_if(hint)
}

/// Whether the variable at `position` is in the body of a function.
fn is_in_function(ast: &AST, position: Position) -> bool {
    let mut statements = 0;
    let mut found = false;
    ast.walk(&mut |path| {
        statements += usize::from(path.len() == 1);
        if let Some(ASTNode::Expr(Expr::Variable(_, _, at))) = path.last() {
            // Rhai visits the top-level statements first, and then the bodies of functions.
            found |= *at == position && statements > ast.statements().len();
        }
        !found
    });
    found
}

fn top_level_variables(ast: &AST) -> impl Iterator<Item = &str> {
    ast.statements()
        .iter()
        .filter_map(|statement| match statement {
            Stmt::Var(variable, ..) => Some(variable.0.name.as_str()),
            _ => None,
        })
}

pub(in crate::script) fn unknown_variable(name: &str) -> Diagnostic {
    Diagnostic::new(
        ErrorCode::UnknownVariable,
        format!("unknown variable `{name}`"),
    )
}

/// Explains why a function does not see a variable outside it.
pub(in crate::script) fn outer_variable_hint(name: &str) -> String {
    format!(
        "a function `fn` cannot see variables outside it: pass `{name}` as an argument, \
         or use a closure (`let f = |x| …`)"
    )
}

fn syntax(message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(ErrorCode::Syntax, message)
}

fn describe_parse(kind: &ParseErrorType) -> Diagnostic {
    if let Some(reason) = name_lookups::exceeded(kind) {
        return syntax(reason).hint(
            "keep data in a file, and read it with `read_csv` or `read_json`, or divide the script into scripts that it imports",
        );
    }
    match kind {
        ParseErrorType::Reserved(word) if !word.starts_with(char::is_alphabetic) => {
            unknown_operator(word)
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _))
            if word.starts_with(char::is_alphabetic) =>
        {
            syntax(format!("`{word}` is not available"))
        }
        ParseErrorType::UnknownOperator(sign)
        | ParseErrorType::BadInput(LexError::ImproperSymbol(sign, _)) => unknown_operator(sign),
        ParseErrorType::BadInput(LexError::MalformedChar(text)) => {
            syntax(format!("`'{text}'` is not a single character"))
        }
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            syntax("this quote is not closed on its line")
                .hint("put a text of several lines between backticks")
        }
        ParseErrorType::Reserved(word) => syntax(format!("`{word}` is a reserved word")).hint(
            format!("for a column or key of that name, write `row[\"{word}\"]`"),
        ),
        ParseErrorType::VariableExpected => syntax("expected a name"),
        ParseErrorType::DuplicatedProperty(key) => {
            syntax(format!("the map has the key `{key}` twice")).hint("remove one of them")
        }
        ParseErrorType::AssignmentToConstant(name) => {
            syntax(format!("`{name}` is a constant, which cannot change"))
                .hint(format!("declare it with `let {name} = …`"))
        }
        ParseErrorType::WrongSwitchCaseCondition => syntax("the case `_` takes no condition")
            .hint("put the condition behind it: `_ => if n > 5 { a } else { b }`"),
        ParseErrorType::LoopBreak => syntax("this is outside a loop")
            .hint("to leave a function or the script, write `return;`"),
        ParseErrorType::MismatchedType(wanted, found) => describe_wrong_literal(wanted, found),
        ParseErrorType::MissingToken(token, reason) => {
            let hint = (token == ";").then_some("end the line before it with `;`");
            syntax(format!("expected `{token}` {reason}")).hint_if(hint)
        }
        other => syntax(in_script_types(&lower_first(&other.to_string()))),
    }
}

/// Describes a literal of a type that cannot be there.
fn describe_wrong_literal(wanted: &str, found: &str) -> Diagnostic {
    let message = format!(
        "expected {}, not {}",
        in_script_types(wanted),
        in_script_types(found)
    );
    let hint = if wanted.contains("boolean") {
        "a condition is `true` or `false`: write `text != \"\"`, `n != 0` or `x != ()`; for a default, write `if text == \"\" { … } else { text }`"
    } else if wanted.contains("iterable") && found.contains("map") {
        "write `for key in map.keys() { … }`"
    } else if wanted.contains("iterable") {
        "write a loop over a list as `for item in list { … }`, and one that counts as `for i in 0..3 { … }`"
    } else {
        return syntax(message);
    };
    syntax(message).hint(hint)
}

fn unknown_operator(sign: &str) -> Diagnostic {
    let hint = (sign == "=").then_some("`==` compares; a single `=` assigns");
    syntax(format!("`{sign}` is not an operator")).hint_if(hint)
}

/// Shows what a script threw, unless it is too large. Of a long text, only the start is shown.
fn thrown_text(value: &Dynamic) -> String {
    match value.read_lock::<ImmutableString>() {
        Some(text) if text.len() > MAX_THROWN_BYTES => {
            let start: String = text.chars().take(SHOWN_CHARS).collect();
            format!("{start}… ({} bytes)", text.len())
        }
        _ if is_text_within(value, MAX_THROWN_BYTES) => value.to_string(),
        _ => "a value that is too large to show".to_owned(),
    }
}
