//! The arguments that a script declares with `arg`, found before it runs.

use std::collections::BTreeMap;

use rhai::{AST, ASTNode, Dynamic, Expr, INT, Position, Stmt};

use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::Diagnostic;
use crate::script::error::script_error::Error;
use crate::script::source::Source;

/// An `arg` call.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgSpec {
    pub name: String,
    /// The help text.
    pub help: String,
    pub kind: ArgKind,
}

/// The kind of an argument, which its default determines.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgKind {
    /// No default: a required, positional argument.
    Positional,
    /// `[]`: all remaining positional arguments.
    Rest,
    /// `false` or `true`: a flag that inverts the value.
    Flag(bool),
    /// An integer: an option that takes an integer.
    Integer(INT),
    /// A number with a decimal point: an option that takes a number.
    Float(f64),
    /// `[()]`: an option that can be repeated.
    Repeated,
    /// A string: an option that takes text.
    Text(String),
    /// `()`: an option that may be absent.
    OptionalText,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ArgValue {
    None,
    Flag(bool),
    Integer(INT),
    Float(f64),
    Text(String),
    List(Vec<String>),
}

/// The values of a script's arguments, by name.
pub type Arguments = BTreeMap<String, ArgValue>;

impl From<ArgValue> for Dynamic {
    fn from(value: ArgValue) -> Self {
        match value {
            ArgValue::None => Dynamic::UNIT,
            ArgValue::Flag(flag) => flag.into(),
            ArgValue::Integer(number) => number.into(),
            ArgValue::Float(number) => number.into(),
            ArgValue::Text(text) => text.into(),
            ArgValue::List(texts) => texts
                .into_iter()
                .map(Dynamic::from)
                .collect::<Vec<_>>()
                .into(),
        }
    }
}

impl ArgSpec {
    /// Returns the name on the command line: `due_in` is `--due-in`, and `--no-…` turns off a flag that is `true`.
    #[must_use]
    pub fn option_name(&self) -> String {
        let name = self.name.replace('_', "-");
        match self.kind {
            ArgKind::Flag(true) => format!("no-{name}"),
            _ => name,
        }
    }

    /// Returns whether the argument has no option name.
    #[must_use]
    pub fn is_positional(&self) -> bool {
        matches!(self.kind, ArgKind::Positional | ArgKind::Rest)
    }
}

/// Finds the `arg` calls of a script that was compiled without optimization.
///
/// # Errors
/// The calls that may not run exactly once, that have arguments other than literals, or whose name is repeated or in
/// `reserved`.
pub fn find_args(
    source: &Source,
    ast: &AST,
    reserved: &[String],
) -> Result<Vec<ArgSpec>, Vec<Diagnostic>> {
    let mut specs: Vec<ArgSpec> = Vec::new();
    let mut failures = Vec::new();
    for (call, is_top_level) in arg_calls(ast) {
        match parse_arg_call(&call, is_top_level, &specs, reserved) {
            Ok(spec) => specs.push(spec),
            Err(InvalidArgCall(message, hint)) => {
                let failure = Diagnostic::new(ErrorCode::ArgMisuse, message).hint(hint);
                failures.push(failure.at(source, call.position));
            }
        }
    }
    if failures.is_empty() {
        Ok(specs)
    } else {
        Err(failures)
    }
}

/// Lists the calls of `arg`, each with whether it is certain to run exactly once.
fn arg_calls(ast: &AST) -> Vec<(Call, bool)> {
    let mut calls = Vec::new();
    let top_level = ast.statements().len();
    let mut statements = 0;
    ast.walk(&mut |path| {
        if path.len() == 1 {
            statements += 1;
        }
        if let Some(call) = arg_call(path) {
            // After the statements, the walk visits the bodies of functions and closures.
            let is_top_level = statements <= top_level && path.iter().all(|node| runs_once(node));
            calls.push((call, is_top_level));
        }
        true
    });
    calls
}

/// The message and the hint for an invalid call.
struct InvalidArgCall(String, &'static str);

/// Reads a call that comes after those of `specs`.
fn parse_arg_call(
    call: &Call,
    is_top_level: bool,
    specs: &[ArgSpec],
    reserved: &[String],
) -> Result<ArgSpec, InvalidArgCall> {
    let fail = |message: &str, hint| Err(InvalidArgCall(message.to_owned(), hint));
    if !is_top_level {
        return fail(
            "`arg` may only be called at the top level",
            "call it in a `let` at the start of the script, and pass the value on",
        );
    }
    let Some(spec) = spec(&call.args) else {
        return fail(
            "`arg` takes literals: a name, a help text and perhaps a default",
            "for example `arg(\"file\", \"CSV of candidates\")` or `arg(\"days\", \"Days to finish\", 5)`",
        );
    };
    if !is_name(&spec.name) {
        return fail(
            &format!("`{}` is not a valid argument name", spec.name),
            "use lower-case letters, digits and `_`, starting with a letter",
        );
    }
    let option = spec.option_name();
    if reserved.contains(&option) {
        return fail(
            &format!("`--{option}` is an option of gradient-bulk itself"),
            "choose another name",
        );
    }
    if specs
        .iter()
        .any(|other| other.name == spec.name || other.option_name() == option)
    {
        return fail(
            &format!("the argument `{}` is declared twice", spec.name),
            "keep the first value in a variable",
        );
    }
    if spec.is_positional() && specs.iter().any(|other| other.kind == ArgKind::Rest) {
        return fail(
            &format!(
                "`{}` comes after an argument that takes all remaining ones",
                spec.name
            ),
            "move the `arg` call with the default `[]` to the end",
        );
    }
    Ok(spec)
}

/// Returns the default values of arguments.
///
/// # Errors
/// One of them is required. `script` is the name of the script.
pub fn default_arguments(script: &str, specs: &[ArgSpec]) -> Result<Arguments, Error> {
    let default = |spec: &ArgSpec| {
        let value = match &spec.kind {
            ArgKind::Positional => {
                let message = format!("`{script}` needs the argument `{}`", spec.name);
                let hint = format!(
                    "start with it: `gradient-bulk repl {script} {}`",
                    spec.option_name().to_uppercase()
                );
                return Err(Error::from(
                    Diagnostic::new(ErrorCode::ArgMisuse, message).hint(hint),
                ));
            }
            ArgKind::Rest | ArgKind::Repeated => ArgValue::List(Vec::new()),
            ArgKind::Flag(flag) => ArgValue::Flag(*flag),
            ArgKind::Integer(number) => ArgValue::Integer(*number),
            ArgKind::Float(number) => ArgValue::Float(*number),
            ArgKind::Text(text) => ArgValue::Text(text.clone()),
            ArgKind::OptionalText => ArgValue::None,
        };
        Ok((spec.name.clone(), value))
    };
    specs.iter().map(default).collect()
}

struct Call {
    args: Vec<Expr>,
    position: Position,
}

/// Returns the last node of `path`, if it is a call of `arg`.
fn arg_call(path: &[ASTNode]) -> Option<Call> {
    let (ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position))) =
        path.last()?
    else {
        return None;
    };
    (call.name == "arg" && !call.is_qualified()).then(|| Call {
        args: call.args.iter().cloned().collect(),
        position: *position,
    })
}

/// Returns whether a node runs exactly once when the script reaches it.
fn runs_once(node: &ASTNode) -> bool {
    match node {
        ASTNode::Stmt(statement) => matches!(
            statement,
            Stmt::Var(..)
                | Stmt::Assignment(..)
                | Stmt::FnCall(..)
                | Stmt::Expr(..)
                | Stmt::Share(..)
        ),
        ASTNode::Expr(expression) => !matches!(
            expression,
            Expr::Stmt(..) | Expr::And(..) | Expr::Or(..) | Expr::Coalesce(..)
        ),
        _ => false,
    }
}

fn spec(args: &[Expr]) -> Option<ArgSpec> {
    let (name, help, default) = match args {
        [Expr::StringConstant(name, _), Expr::StringConstant(help, _)] => (name, help, None),
        [
            Expr::StringConstant(name, _),
            Expr::StringConstant(help, _),
            default,
        ] => (name, help, Some(default)),
        _ => return None,
    };
    let kind = match default {
        None => ArgKind::Positional,
        Some(Expr::Array(items, _)) => match items.as_slice() {
            [] => ArgKind::Rest,
            [Expr::Unit(_)] => ArgKind::Repeated,
            _ => return None,
        },
        Some(Expr::BoolConstant(flag, _)) => ArgKind::Flag(*flag),
        Some(Expr::IntegerConstant(number, _)) => ArgKind::Integer(*number),
        Some(Expr::FloatConstant(number, _)) => ArgKind::Float(**number),
        Some(Expr::StringConstant(text, _)) => ArgKind::Text(text.to_string()),
        Some(Expr::Unit(_)) => ArgKind::OptionalText,
        Some(Expr::DynamicConstant(value, _)) => {
            match value.read_lock::<rhai::Array>()?.as_slice() {
                [] => ArgKind::Rest,
                [item] if item.is_unit() => ArgKind::Repeated,
                _ => return None,
            }
        }
        Some(_) => return None,
    };
    Some(ArgSpec {
        name: name.to_string(),
        help: help.to_string(),
        kind,
    })
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}
