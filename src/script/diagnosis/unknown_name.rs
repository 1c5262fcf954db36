//! A function, property or index that a value does not have: what there is, and what was probably meant.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Engine, Expr};

use super::foreign_syntax;
use crate::error_code::ErrorCode;
use crate::script::error::diagnostic::{Diagnostic, lower_first};
use crate::script::metadata::functions::{self, Function, FunctionKind};
use crate::script::rows::row_list::lazy_hint;
use crate::script::values::convert::plain_type_name;
use crate::text::nearest;

/// How the names begin that Rhai gives to closures.
const CLOSURE: &str = "anon$";

/// Describes a call that no function takes; `signature` is Rhai's: `name (type, type)`.
pub(super) fn function(engine: &Engine, ast: &AST, signature: &str) -> Diagnostic {
    let (name, arguments) = signature.split_once(" (").unwrap_or((signature, ""));
    let arguments: Vec<&str> = arguments
        .strip_suffix(')')
        .unwrap_or(arguments)
        .split(", ")
        .filter(|each| !each.is_empty())
        .map(plain_type_name)
        .collect();
    if name.starts_with(CLOSURE) {
        return closure(ast, name);
    }
    let call = format!("{name}({})", arguments.join(", "));
    let known = known_functions(engine, ast);
    let same_name: Vec<&Function> = known.iter().filter(|other| other.name == name).collect();
    let failure = if same_name.is_empty() {
        Diagnostic::new(
            ErrorCode::UnknownFunction,
            format!("unknown function `{call}`"),
        )
    } else {
        Diagnostic::new(
            ErrorCode::UnknownFunction,
            format!("no function takes `{call}`"),
        )
    };
    let lazy = arguments.iter().find_map(|kind| lazy_hint(kind));
    if !is_word(name) {
        let hint = operator_hint(name, &arguments).map(ToOwned::to_owned);
        return match hint.or(lazy) {
            Some(hint) => failure.hint(hint),
            None => failure,
        };
    }
    let takes_rows =
        |function: &&Function| function.parameters.iter().any(|each| each.name == "rows");
    match lazy {
        Some(hint) if !same_name.iter().any(takes_rows) => failure.hint(hint),
        _ => failure.hint(alternatives(name, &known)),
    }
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Says how a number of days is added to a time, or taken from it.
fn operator_hint(operator: &str, operands: &[&str]) -> Option<&'static str> {
    match (operator, operands) {
        ("+" | "+=", ["DateTime", "int" | "float"] | ["int" | "float", "DateTime"]) => {
            Some("a number may be days or hours: write `time.plus_days(5)` or `time.plus_hours(5)`")
        }
        ("-" | "-=", ["DateTime", "int" | "float"]) => Some(
            "a number may be days or hours: write `time.plus_days(-5)` or `time.plus_hours(-5)`",
        ),
        _ => None,
    }
}

/// Describes a call of a closure: it takes more or fewer values, or stands in another script. How many is not said: what it
/// captures counts among them.
fn closure(ast: &AST, name: &str) -> Diagnostic {
    if ast.iter_functions().any(|own| own.name == name) {
        let message = "the closure takes another number of values";
        return Diagnostic::new(ErrorCode::UnknownFunction, message).hint(
            "a closure takes as many values as stand between its bars: `|a, b| …` takes two",
        );
    }
    let message = "a closure of an imported script cannot be called from here";
    Diagnostic::new(ErrorCode::UnknownFunction, message).hint(
        "make it a function of that script, `fn name(…) { … }`, and call it as `module::name(…)`",
    )
}

/// Returns what to call instead of a function `name` that does not exist, or not with those arguments.
pub(in crate::script) fn alternatives(name: &str, known: &[Function]) -> String {
    let overloads: BTreeSet<String> = known
        .iter()
        .filter(|other| other.name == name)
        .map(|other| format!("`{}`", other.signature()))
        .collect();
    if overloads.is_empty() {
        return likely(name, known);
    }
    let overloads: Vec<String> = overloads.into_iter().take(6).collect();
    format!("there is {}", overloads.join(", "))
}

/// Describes a property that a value does not have; `message` is Rhai's.
pub(super) fn property(message: &str) -> Diagnostic {
    let mut quoted = message.split('\'').skip(1).step_by(2);
    let (name, kind) = (
        quoted.next().unwrap_or_default(),
        quoted.next().unwrap_or_default(),
    );
    let known = functions::functions();
    let getters = known
        .iter()
        .filter(|function| function.kind == FunctionKind::Getter && function.owner() == Some(kind));
    let likely = nearest(name, getters.map(|getter| getter.name.as_str()));
    let message = if kind.is_empty() {
        lower_first(message)
    } else {
        format!("unknown property `{name}` of type `{kind}`")
    };
    let failure = Diagnostic::new(ErrorCode::UnknownProperty, message);
    match likely {
        Some(likely) => failure.hint(format!("did you mean `{likely}`?")),
        None => hint_at_lazy(failure, kind),
    }
}

/// Describes a key that a map does not have. Rhai does not say which map it is: what the script and the documentation call
/// such things is searched.
pub(super) fn key(ast: &AST, name: &str) -> Diagnostic {
    let mut own: BTreeSet<String> = BTreeSet::new();
    ast.walk(&mut |path| {
        match path.last() {
            Some(ASTNode::Expr(Expr::Property(property, _))) => {
                own.insert(property.2.to_string());
            }
            Some(ASTNode::Expr(Expr::Map(map, _))) => {
                own.extend(map.0.iter().map(|(key, _)| key.as_str().to_owned()));
            }
            _ => {}
        }
        true
    });
    let documented = functions::functions();
    let documented = documented.iter().flat_map(|function| {
        let quoted = function.doc.split('`').skip(1).step_by(2);
        quoted.filter(|word| is_name(word))
    });
    let likely =
        nearest(name, own.iter().map(String::as_str)).or_else(|| nearest(name, documented));
    let failure = Diagnostic::new(
        ErrorCode::UnknownKey,
        format!("the map has no key `{name}`"),
    );
    match likely {
        Some(likely) => failure.hint(format!("did you mean `{likely}`?")),
        None => failure.hint(format!(
            "for a key that may be absent, write `get(\"{name}\") ?? \"\"`"
        )),
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Describes an index that a value does not take; `types` is Rhai's: `type [type]`.
pub(super) fn index(types: &str) -> Diagnostic {
    let (kind, index) = types.split_once(" [").unwrap_or((types, ""));
    let (kind, index) = (
        plain_type_name(kind),
        plain_type_name(index.trim_end_matches(']')),
    );
    let message = format!("a value of type `{kind}` has no index of type `{index}`");
    hint_at_lazy(Diagnostic::new(ErrorCode::UnknownIndex, message), kind)
}

fn hint_at_lazy(failure: Diagnostic, kind: &str) -> Diagnostic {
    match lazy_hint(kind) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn likely(name: &str, known: &[Function]) -> String {
    if let Some(foreign_hint) = foreign_syntax::function(name) {
        return foreign_hint.to_owned();
    }
    // Operators and Rhai's internal names are no suggestions.
    let names = known
        .iter()
        .map(|function| function.name.as_str())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    match nearest(name, names) {
        Some(likely) => format!("did you mean `{likely}`?"),
        None => "`gradient-bulk docs` lists what scripts can call".to_owned(),
    }
}

/// Lists every function that a script can call.
pub(in crate::script) fn known_functions(engine: &Engine, ast: &AST) -> Vec<Function> {
    let mut known = functions::collect(engine, true);
    known.retain(|function| function.kind.is_callable());
    known.extend(
        ast.iter_functions()
            .map(|function| Function::from_script(&function)),
    );
    known
}
