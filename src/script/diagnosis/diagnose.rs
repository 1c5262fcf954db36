//! From Rhai's errors to a diagnosis: the innermost error, the calls that led there, and what was probably meant.

use rhai::{
    AST, ASTNode, Dynamic, Engine, EvalAltResult, Expr, LexError, Map, ParseError, ParseErrorType,
    Position, Stmt,
};

use super::definitions::Definitions;
use super::{foreign_syntax, unknown_name};
use crate::script::engine::import_resolver::Texts;
use crate::script::engine::setup;
use crate::script::error::ending::Ending;
use crate::script::error::failure::{Failure, Frame, lower_first};
use crate::script::error::script_error::Error;
use crate::script::limits::memory;
use crate::script::limits::written::can_be_written;
use crate::script::number::no_number;
use crate::script::source::Source;
use crate::script::values::value::plain_type_name;
use crate::suggest::nearest;

/// Codes of errors that functions raise where a script calls them wrongly.
const FAULTS_OF_SCRIPTS: [&str; 9] = [
    "arg_misuse",
    "import",
    "missing_key",
    "no_host",
    "planning",
    "test_only",
    "unknown_key",
    "unknown_option",
    "wrong_type",
];
/// Codes of errors of the language that are due to what a script was given.
const FAULTS_OF_DATA: [&str; 2] = ["bad_number", "memory"];

/// What an error that ended a script amounts to.
pub(in crate::script) enum Diagnosis {
    /// It was no error.
    Ended(Ending),
    /// It was one.
    Failed(Box<Failure>),
}

/// What ran when an error came up.
pub(in crate::script) struct Scene<'a> {
    pub(in crate::script) engine: &'a Engine,
    pub(in crate::script) ast: &'a AST,
    pub(in crate::script) texts: &'a Texts,
    /// Variables that were there before.
    pub(in crate::script) variables: &'a [String],
    /// Where functions stand that came from elsewhere.
    pub(in crate::script) definitions: &'a Definitions,
}

/// Diagnoses the error that ended a run.
pub(in crate::script) fn diagnose(scene: &Scene, error: EvalAltResult) -> Diagnosis {
    let Scene { ast, texts, .. } = scene;
    let main = ast.source().unwrap_or_default();
    let mut trail = Trail {
        definitions: scene.definitions,
        script: main.to_owned(),
        stack: Vec::new(),
    };
    let innermost = trail.follow(error);
    if let EvalAltResult::ErrorTerminated(token, _) = &innermost {
        match token.clone().try_cast::<Ending>() {
            Some(Ending::OutOfMemory) | None => {}
            Some(ending) => return Diagnosis::Ended(ending),
        }
    }
    let position = innermost.position();
    let mut failure = describe(scene, &innermost);
    failure.stack = trail.stack;
    if let Some(source) = texts.borrow().get(trail.script.as_str()) {
        failure = if source.is_shipped() && !is_fault_of_script(&innermost, &failure) {
            failure.for_its_user()
        } else {
            failure.at(source, position)
        };
    }
    Diagnosis::Failed(Box::new(failure))
}

/// Diagnoses a script that cannot be parsed; `variables` were there before.
pub(in crate::script) fn diagnose_parse(
    source: &Source,
    error: &ParseError,
    variables: &[String],
) -> Error {
    let end = end_of(&source.text);
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
    let Some(place) = &failure.place else {
        return failure.into();
    };
    let habit = match error.err_type() {
        ParseErrorType::VariableUndefined(name) => foreign_syntax::variable(name, place),
        _ => foreign_syntax::at(place),
    };
    if let Some(habit) = habit {
        failure.hints = vec![habit];
    } else if !place.starts_line() && lacks_semicolon(error.err_type()) {
        // The line before it is ended already.
        failure.hints.clear();
    } else if matches!(error.err_type(), ParseErrorType::VariableExpected) {
        let hint = place
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
fn end_of(text: &str) -> Position {
    let lines = text.lines().enumerate();
    let last = lines.filter(|(_, line)| !line.trim().is_empty()).last();
    let (line, column) = last.map_or((1, 1), |(index, line)| {
        (index + 1, line.trim_end().chars().count())
    });
    let number = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
    Position::new(number(line), number(column))
}

/// Describes a text that ends too early.
fn describe_end(text: &str) -> Failure {
    let failure = Failure::new("syntax", "the text ends where more is expected");
    let text = text.trim_end();
    let before = text.trim_end_matches(|c: char| "+-*/%<>=!&|.,?".contains(c));
    match &text[before.len()..] {
        "" => failure,
        operator => failure.hint(format!("a value is expected behind `{operator}`")),
    }
}

/// The way from the outermost error to the innermost.
struct Trail<'a> {
    definitions: &'a Definitions,
    script: String,
    stack: Vec<Frame>,
}

impl Trail<'_> {
    fn follow(&mut self, error: EvalAltResult) -> EvalAltResult {
        match error {
            EvalAltResult::ErrorInFunctionCall(function, source, inner, position) => {
                self.enter(&function, position);
                if let Some(text) = self.definitions.find(&function, inner.position()) {
                    text.clone_into(&mut self.script);
                } else if !source.is_empty() {
                    self.script = source;
                }
                self.follow(*inner)
            }
            EvalAltResult::ErrorInModule(script, inner, position) => {
                self.enter("import", position);
                self.script = script;
                self.follow(*inner)
            }
            other => other,
        }
    }

    fn enter(&mut self, function: &str, position: Position) {
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

fn describe(scene: &Scene, error: &EvalAltResult) -> Failure {
    let Scene { engine, ast, .. } = scene;
    match error {
        EvalAltResult::ErrorRuntime(value, _) => describe_thrown(value),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            unknown_name::function(engine, ast, signature)
        }
        EvalAltResult::ErrorVariableNotFound(name, position) => {
            describe_unknown_variable(ast, name, is_in_function(ast, *position), scene.variables)
        }
        EvalAltResult::ErrorPropertyNotFound(name, _) => unknown_name::key(ast, name),
        EvalAltResult::ErrorDotExpr(message, _) => unknown_name::property(message),
        EvalAltResult::ErrorIndexingType(types, _) => unknown_name::index(types),
        EvalAltResult::ErrorParsing(kind, _) => describe_parse(kind),
        EvalAltResult::ErrorStackOverflow(_) => {
            Failure::new("recursion", "functions call each other too deeply")
                .hint("a function that calls itself needs a case in which it stops")
        }
        EvalAltResult::ErrorTerminated(..) => {
            let limit = memory::LIMIT / (1024 * 1024);
            Failure::new(
                "memory",
                format!("the script uses more than {limit} MiB of memory"),
            )
            .hint("`scan_csv` reads the rows of a large file when they are needed")
            .cure("split a large file into smaller ones")
        }
        EvalAltResult::ErrorMismatchOutputType(wanted, found, _)
        | EvalAltResult::ErrorMismatchDataType(wanted, found, _) => Failure::new(
            "wrong_type",
            format!(
                "{} where {} is needed",
                plain_type_name(found),
                plain_type_name(wanted)
            ),
        ),
        EvalAltResult::ErrorArithmetic(message, _) => match no_number(message) {
            Some(message) => Failure::new("bad_number", message),
            None => describe_plainly(error),
        },
        other => describe_plainly(other),
    }
}

/// Tells whether an error shows that the script is wrong, rather than what it was given: a file, the settings, an answer.
fn is_fault_of_script(error: &EvalAltResult, failure: &Failure) -> bool {
    match error {
        EvalAltResult::ErrorRuntime(..) => FAULTS_OF_SCRIPTS.contains(&failure.code.as_str()),
        _ => !FAULTS_OF_DATA.contains(&failure.code.as_str()),
    }
}

/// Describes an error in Rhai's own words.
fn describe_plainly(error: &EvalAltResult) -> Failure {
    let mut plain = error.to_string();
    // The position is shown apart.
    if let Some(at) = plain.rfind(" (line ") {
        plain.truncate(at);
    }
    Failure::new("script", lower_first(&plain))
}

/// Describes a value that was thrown: a map as the host raises it, or whatever the script's author chose.
fn describe_thrown(value: &Dynamic) -> Failure {
    let Some(map) = value.read_lock::<Map>() else {
        return Failure::new("thrown", as_text(value));
    };
    let text = |key: &str| map.get(key).map(ToString::to_string);
    let message = text("message").unwrap_or_else(|| as_text(value));
    let mut failure = Failure::new(
        &text("error").unwrap_or_else(|| "thrown".to_owned()),
        message,
    );
    failure.detail = text("detail");
    failure.cure = text("cure");
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
) -> Failure {
    let mut lenient = setup::bare();
    lenient.set_strict_variables(false);
    match lenient.compile(&*source.text) {
        Ok(ast) => describe_unknown_variable(&ast, name, is_in_function(&ast, position), variables),
        Err(_) => Failure::new("unknown_variable", format!("unknown variable `{name}`")),
    }
}

fn describe_unknown_variable(
    ast: &AST,
    name: &str,
    in_function: bool,
    variables: &[String],
) -> Failure {
    let failure = Failure::new("unknown_variable", format!("unknown variable `{name}`"));
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

fn describe_parse(kind: &ParseErrorType) -> Failure {
    match kind {
        ParseErrorType::Reserved(word) if !word.starts_with(char::is_alphabetic) => {
            no_operator(word)
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(word, _))
            if word.starts_with(char::is_alphabetic) =>
        {
            Failure::new(
                "syntax",
                format!("`{word}` is no part of the language here"),
            )
        }
        ParseErrorType::UnknownOperator(sign)
        | ParseErrorType::BadInput(LexError::ImproperSymbol(sign, _)) => no_operator(sign),
        ParseErrorType::BadInput(LexError::MalformedChar(text)) => {
            Failure::new("syntax", format!("`'{text}'` is no single character"))
        }
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            Failure::new("syntax", "a quote is opened and not closed on its line")
                .hint("a text of several lines stands between backticks")
        }
        ParseErrorType::Reserved(word) => {
            Failure::new("syntax", format!("`{word}` is a word of the language")).hint(format!(
                "for a column or key of that name, write `row[\"{word}\"]`"
            ))
        }
        ParseErrorType::VariableExpected => Failure::new("syntax", "a name is expected"),
        ParseErrorType::MissingToken(token, reason) => {
            let failure = Failure::new("syntax", format!("expected `{token}` {reason}"));
            if token == ";" {
                failure.hint("end the line before it with `;`")
            } else {
                failure
            }
        }
        other => Failure::new("syntax", lower_first(&other.to_string())),
    }
}

fn no_operator(sign: &str) -> Failure {
    let failure = Failure::new("syntax", format!("`{sign}` is no operator"));
    if sign == "=" {
        return failure.hint("`==` compares; a single `=` assigns");
    }
    failure
}

/// Shows what a script threw, unless it is more than anybody could read.
fn as_text(value: &Dynamic) -> String {
    if can_be_written(value) {
        value.to_string()
    } else {
        "a value too large to be shown".to_owned()
    }
}
