//! From Rhai's errors to a diagnosis: the innermost error, the calls that led there, and what was probably meant.

use rhai::{
    AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, LexError, Map, ParseError, ParseErrorType,
    Position, Stmt,
};

use super::function_locations::FunctionLocations;
use super::{foreign_syntax, unknown_name};
use crate::error_code::{ErrorCategory, ErrorCode};
use crate::script::engine::import_resolver::SourceMap;
use crate::script::engine::setup;
use crate::script::error::diagnostic::{Diagnostic, Frame, lower_first};
use crate::script::error::script_error::Error;
use crate::script::error::termination::Termination;
use crate::script::limits::memory;
use crate::script::limits::text_size::fits_text_limit;
use crate::script::number::invalid_number_message;
use crate::script::source::Source;
use crate::script::values::convert::plain_type_name;
use crate::text::nearest;

/// What an error that ended a script amounts to.
pub(in crate::script) enum EvalOutcome {
    /// It was no error.
    Ended(Termination),
    /// It was one.
    Failed(Box<Diagnostic>),
}

/// What ran when an error came up.
pub(in crate::script) struct EvalContext<'a> {
    pub(in crate::script) engine: &'a Engine,
    pub(in crate::script) ast: &'a AST,
    pub(in crate::script) source_map: &'a SourceMap,
    /// Variables that were there before.
    pub(in crate::script) variables: &'a [String],
    /// Where functions stand that came from elsewhere.
    pub(in crate::script) function_locations: &'a FunctionLocations,
}

/// Diagnoses the error that ended a run.
pub(in crate::script) fn diagnose(context: &EvalContext, error: EvalAltResult) -> EvalOutcome {
    let EvalContext {
        ast, source_map, ..
    } = context;
    let main = ast.source().unwrap_or_default();
    let mut backtrace = Backtrace {
        function_locations: context.function_locations,
        script: main.to_owned(),
        stack: Vec::new(),
    };
    let innermost = backtrace.unwind(error);
    if let EvalAltResult::ErrorTerminated(token, _) = &innermost {
        match token.clone().try_cast::<Termination>() {
            Some(Termination::OutOfMemory) | None => {}
            Some(ending) => return EvalOutcome::Ended(ending),
        }
    }
    let position = innermost.position();
    let mut failure = describe(context, &innermost);
    failure.stack = backtrace.stack;
    if let Some(source) = source_map.borrow().get(backtrace.script.as_str()) {
        let category = failure.error_code().map(ErrorCode::category);
        failure = if source.is_shipped() && category != Some(ErrorCategory::Script) {
            failure.for_end_user()
        } else {
            failure.at(source, position)
        };
    }
    EvalOutcome::Failed(Box::new(failure))
}

/// Diagnoses a script that cannot be parsed; `variables` were there before.
pub(in crate::script) fn diagnose_parse(
    source: &Source,
    error: &ParseError,
    variables: &[String],
) -> Error {
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
    let mut failure = described.at(source, position);
    let Some(location) = &failure.location else {
        return failure.into();
    };
    let foreign_hint = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => foreign_syntax::variable(name, location),
        _ => foreign_syntax::at(location),
    };
    if let Some(foreign_hint) = foreign_hint {
        failure.hints = vec![foreign_hint];
    } else if !location.is_first_on_line() && lacks_semicolon(error.err_type()) {
        // The line before it is ended already.
        failure.hints.clear();
    } else if matches!(error.err_type(), ParseErrorType::VariableExpected) {
        let hint = location
            .word()
            .map(|word| format!("`{word}` is a word of the language: choose another name"));
        failure.hints.extend(hint);
    }
    failure.into()
}

fn lacks_semicolon(kind: &ParseErrorType) -> bool {
    matches!(kind, ParseErrorType::MissingToken(token, _) if token == ";")
}

/// Returns the place of the last character that is no white space.
fn end_position(text: &str) -> Position {
    let lines = text.lines().enumerate();
    let last = lines.filter(|(_, line)| !line.trim().is_empty()).last();
    let (line, column) = last.map_or((1, 1), |(index, line)| {
        (index + 1, line.trim_end().chars().count())
    });
    let number = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    Position::new(number(line), number(column))
}

/// Describes a text that ends too early.
fn describe_end(text: &str) -> Diagnostic {
    let failure = Diagnostic::new(ErrorCode::Syntax, "the text ends where more is expected");
    let text = text.trim_end();
    let before = text.trim_end_matches(|c: char| "+-*/%<>=!&|.,?".contains(c));
    match &text[before.len()..] {
        "" => failure,
        operator => failure.hint(format!("a value is expected behind `{operator}`")),
    }
}

/// The way from the outermost error to the innermost.
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
        let function = if function.starts_with("anon$") {
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
        EvalAltResult::ErrorTerminated(..) => {
            let limit = memory::LIMIT / (1024 * 1024);
            Diagnostic::new(
                ErrorCode::Memory,
                format!("the script uses more than {limit} MiB of memory"),
            )
            .hint("`scan_csv` reads the rows of a large file when they are needed")
            .user_hint("split a large file into smaller ones")
        }
        EvalAltResult::ErrorMismatchOutputType(wanted, found, _)
        | EvalAltResult::ErrorMismatchDataType(wanted, found, _) => Diagnostic::new(
            ErrorCode::WrongType,
            format!(
                "{} where {} is needed",
                plain_type_name(found),
                plain_type_name(wanted)
            ),
        ),
        EvalAltResult::ErrorArithmetic(message, _) => match invalid_number_message(message) {
            Some(message) => Diagnostic::new(ErrorCode::BadNumber, message),
            None => describe_other(error),
        },
        other => describe_other(other),
    }
}

/// Describes an error in Rhai's own words.
fn describe_other(error: &EvalAltResult) -> Diagnostic {
    let mut plain = error.to_string();
    // The position is shown apart.
    if let Some(at) = plain.rfind(" (line ") {
        plain.truncate(at);
    }
    Diagnostic::new(ErrorCode::Script, lower_first(&plain))
}

/// Describes a value that was thrown: a map as the host raises it, or whatever the script's author chose.
fn describe_thrown(value: &Dynamic) -> Diagnostic {
    let Some(map) = value.read_lock::<Map>() else {
        return Diagnostic::new(ErrorCode::Thrown, thrown_text(value));
    };
    let text = |key: &str| map.get(key).map(ToString::to_string);
    let message = text("message").unwrap_or_else(|| thrown_text(value));
    let mut failure = Diagnostic::new(ErrorCode::Thrown, message);
    if let Some(code) = text("error") {
        failure.code = code.into();
    }
    failure.detail = text("detail");
    failure.user_hint = text("cure");
    match text("hint") {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Describes a variable that the parser does not know, with the help of what it would have parsed without that check.
fn describe_undefined(
    source: &Source,
    name: &str,
    position: Position,
    variables: &[String],
) -> Diagnostic {
    let mut lenient = setup::bare();
    lenient.set_strict_variables(false);
    match lenient.compile(&*source.text) {
        Ok(ast) => describe_unknown_variable(&ast, name, is_in_function(&ast, position), variables),
        Err(_) => Diagnostic::new(
            ErrorCode::UnknownVariable,
            format!("unknown variable `{name}`"),
        ),
    }
}

fn describe_unknown_variable(
    ast: &AST,
    name: &str,
    in_function: bool,
    variables: &[String],
) -> Diagnostic {
    let failure = Diagnostic::new(
        ErrorCode::UnknownVariable,
        format!("unknown variable `{name}`"),
    );
    let before = variables.iter().map(String::as_str);
    let known: Vec<&str> = top_level_variables(ast).chain(before).collect();
    if in_function && known.contains(&name) {
        return failure.hint(outer_variable_hint(name));
    }
    match nearest(name, known.into_iter().filter(|known| *known != name)) {
        Some(likely) => failure.hint(format!("did you mean `{likely}`?")),
        None => failure,
    }
}

/// Tells whether the variable at `position` stands in the body of a function.
fn is_in_function(ast: &AST, position: Position) -> bool {
    let mut statements = 0;
    let mut found = false;
    ast.walk(&mut |path| {
        statements += usize::from(path.len() == 1);
        if let Some(ASTNode::Expr(Expr::Variable(_, _, at))) = path.last() {
            // After the statements, the walk goes on with the bodies of functions.
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

/// Says why a function does not see a variable outside it.
pub(in crate::script) fn outer_variable_hint(name: &str) -> String {
    format!(
        "a function `fn` cannot see variables outside it: pass `{name}` as an argument, \
         or use a closure (`let f = |x| …`)"
    )
}

fn describe_parse(kind: &ParseErrorType) -> Diagnostic {
    match kind {
        ParseErrorType::Reserved(word) if !word.starts_with(char::is_alphabetic) => {
            unknown_operator(word)
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _))
            if word.starts_with(char::is_alphabetic) =>
        {
            Diagnostic::new(
                ErrorCode::Syntax,
                format!("`{word}` is no part of the language here"),
            )
        }
        ParseErrorType::UnknownOperator(sign)
        | ParseErrorType::BadInput(LexError::ImproperSymbol(sign, _)) => unknown_operator(sign),
        ParseErrorType::BadInput(LexError::MalformedChar(text)) => Diagnostic::new(
            ErrorCode::Syntax,
            format!("`'{text}'` is no single character"),
        ),
        ParseErrorType::BadInput(LexError::UnterminatedString) => Diagnostic::new(
            ErrorCode::Syntax,
            "a quote is opened and not closed on its line",
        )
        .hint("a text of several lines stands between backticks"),
        ParseErrorType::Reserved(word) => Diagnostic::new(
            ErrorCode::Syntax,
            format!("`{word}` is a word of the language"),
        )
        .hint(format!(
            "for a column or key of that name, write `row[\"{word}\"]`"
        )),
        ParseErrorType::VariableExpected => {
            Diagnostic::new(ErrorCode::Syntax, "a name is expected")
        }
        ParseErrorType::MissingToken(token, reason) => {
            let failure =
                Diagnostic::new(ErrorCode::Syntax, format!("expected `{token}` {reason}"));
            if token == ";" {
                failure.hint("end the line before it with `;`")
            } else {
                failure
            }
        }
        other => Diagnostic::new(ErrorCode::Syntax, lower_first(&other.to_string())),
    }
}

fn unknown_operator(sign: &str) -> Diagnostic {
    let failure = Diagnostic::new(ErrorCode::Syntax, format!("`{sign}` is no operator"));
    if sign == "=" {
        return failure.hint("`==` compares; a single `=` assigns");
    }
    failure
}

/// Shows what a script threw, unless it is more than anybody could read.
fn thrown_text(value: &Dynamic) -> String {
    if fits_text_limit(value) {
        value.to_string()
    } else {
        "a value too large to be shown".to_owned()
    }
}
