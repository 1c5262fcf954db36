//! Unknown functions, properties, keys and indices, with the nearest existing name.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Engine, Expr};

use super::foreign_syntax;
use crate::error_code::ErrorCode;
use crate::script::engine::environments::CLOSURE_PREFIX;
use crate::script::error::diagnostic::{Diagnostic, lower_first};
use crate::script::metadata::functions::{self, Function, FunctionKind};
use crate::script::rows::row_list::lazy_hint;
use crate::script::values::comparison::named;
use crate::script::values::convert::{in_script_types, plain_type_name};
use crate::text::did_you_mean;

/// Describes a call that matches no function. `signature` is in Rhai's form: `name (type, type)`.
pub(super) fn function(engine: &Engine, ast: &AST, signature: &str) -> Diagnostic {
    let (name, arguments) = signature.split_once(" (").unwrap_or((signature, ""));
    let arguments: Vec<&str> = arguments
        .strip_suffix(')')
        .unwrap_or(arguments)
        .split(", ")
        .filter(|each| !each.is_empty())
        .map(plain_type_name)
        .collect();
    if name.starts_with(CLOSURE_PREFIX) {
        return closure();
    }
    if !is_word(name) {
        return operation(name, &arguments);
    }
    let call = format!("{name}({})", arguments.join(", "));
    let known = known_functions(engine, ast);
    let same_name: Vec<&Function> = known.iter().filter(|other| other.name == name).collect();
    let diagnostic = unknown_function(&call, !same_name.is_empty());
    let lazy = arguments.iter().find_map(|kind| lazy_hint(kind));
    let takes_rows =
        |function: &&Function| function.parameters.iter().any(|each| each.name == "rows");
    // `int("5")`: a function of another language that means something else here.
    let is_text = arguments.first() == Some(&"string");
    if let Some(foreign_hint) = foreign_syntax::function(name).filter(|_| is_text) {
        return diagnostic.hint(foreign_hint);
    }
    match lazy {
        Some(hint) if !same_name.iter().any(takes_rows) => diagnostic.hint(hint),
        _ => diagnostic.hint(alternatives(name, &known)),
    }
}

/// Describes a call that matches no function, as it is written.
pub(in crate::script) fn unknown_function(call: &str, is_name_known: bool) -> Diagnostic {
    let message = if is_name_known {
        format!("no function takes `{call}`")
    } else {
        format!("unknown function `{call}`")
    };
    Diagnostic::new(ErrorCode::UnknownFunction, message)
}

/// Whether `name` is that of a function and not of an operator.
pub(in crate::script) fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Describes an operator that does not take values of these types.
pub(in crate::script) fn operation(operator: &str, operands: &[impl AsRef<str>]) -> Diagnostic {
    let kinds: Vec<&str> = operands.iter().map(AsRef::as_ref).collect();
    let named: Vec<String> = kinds.iter().map(|kind| named(kind)).collect();
    let message = format!("`{}` does not take {}", operator, named.join(" and "));
    let lazy = kinds.iter().find_map(|kind| lazy_hint(kind));
    let hint = operator_hint(operator, &kinds).map(ToOwned::to_owned);
    Diagnostic::new(ErrorCode::UnknownFunction, message).hint_if(hint.or(lazy))
}

/// Returns what to write instead of an operator, by the types of its operands.
fn operator_hint(operator: &str, operands: &[&str]) -> Option<&'static str> {
    match (operator, operands) {
        ("+" | "+=", ["DateTime", "int" | "float"] | ["int" | "float", "DateTime"]) => {
            Some("a number may be days or hours: write `time.plus_days(5)` or `time.plus_hours(5)`")
        }
        ("-" | "-=", ["DateTime", "int" | "float"]) => Some(
            "a number may be days or hours: write `time.plus_days(-5)` or `time.plus_hours(-5)`",
        ),
        ("+" | "-" | "*" | "/" | "+=" | "-=", ["()", other] | [other, "()"]) if *other != "()" => {
            Some(
                "a value is missing: write `x ?? 0` for a default, as in `map[key] = (map.get(key) ?? 0) + 1`",
            )
        }
        ("%", ["string", _]) => {
            Some("to insert values, put the text between backticks: `` `Dear ${name}` ``")
        }
        ("&", ["string", _] | [_, "string"]) => Some("join texts with `+`: `a + b`"),
        ("*", ["string", "int"] | ["int", "string"]) => Some(
            "turn the text into a number: `parse_int(text)` or `parse_float(text)`; to repeat it, write `text.repeated(3)`",
        ),
        (
            "-" | "*" | "/" | "-=" | "*=" | "/=",
            ["string", "int" | "float"] | ["int" | "float", "string"],
        ) => Some("turn the text into a number: `parse_int(text)` or `parse_float(text)`"),
        _ => None,
    }
}

/// Describes a failed call of a closure. The message gives no number, because Rhai counts captured variables as parameters.
fn closure() -> Diagnostic {
    let message = "wrong number of arguments for the closure";
    Diagnostic::new(ErrorCode::UnknownFunction, message)
        .hint("a closure takes one argument for each name between its bars: `|a, b| …` takes two")
}

/// Lists the overloads of `name`, or suggests a similar function if there are none.
pub(in crate::script) fn alternatives(name: &str, known: &[Function]) -> String {
    if name == "print" {
        return "it takes one value: put several into a text between backticks, ``print(`${a} ${b}`)``".to_owned();
    }
    let overloads: BTreeSet<String> = known
        .iter()
        .filter(|other| other.name == name)
        .map(|other| format!("`{}`", other.signature()))
        .collect();
    if overloads.is_empty() {
        return likely(name, known);
    }
    let overloads: Vec<String> = overloads.into_iter().take(6).collect();
    format!("available: {}", overloads.join(", "))
}

/// Describes an unknown property. `message` is Rhai's.
pub(super) fn property(message: &str) -> Diagnostic {
    let mut quoted = message.split('\'').skip(1).step_by(2);
    let (name, kind) = (
        quoted.next().unwrap_or_default(),
        quoted.next().unwrap_or_default(),
    );
    if kind.is_empty() {
        let message = in_script_types(&lower_first(message));
        return Diagnostic::new(ErrorCode::UnknownProperty, message);
    }
    property_of(name, plain_type_name(kind))
}

/// Describes a property that values of the type `kind` do not have.
pub(in crate::script) fn property_of(name: &str, kind: &str) -> Diagnostic {
    let known = functions::functions();
    let is_method = known.iter().any(|function| function.name == name);
    let getters = known
        .iter()
        .filter(|function| function.kind == FunctionKind::Getter && function.owner() == Some(kind));
    let likely = did_you_mean(name, getters.map(|getter| getter.name.as_str()));
    let message = format!("unknown property `{name}` of type `{kind}`");
    // A lazy list has few of the methods of arrays.
    let method = is_method
        .then(|| lazy_hint(kind).unwrap_or_else(|| format!("write `.{name}()`: it is a method")));
    let foreign_hint = foreign_syntax::function(name).map(str::to_owned);
    let hint = method.or(foreign_hint).or(likely);
    Diagnostic::new(ErrorCode::UnknownProperty, message).hint_if(hint.or_else(|| lazy_hint(kind)))
}

/// Describes an unknown key. Rhai does not say of which map, so the suggestion comes from all keys and properties of the
/// script, and then from the documentation.
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
    let returned = functions::functions();
    let returned = returned.iter().filter_map(|function| function.result_shape);
    let returned = returned.flat_map(|shape| shape.keys).map(|key| key.name);
    let likely = did_you_mean(name, own.iter().map(String::as_str))
        .or_else(|| did_you_mean(name, returned.chain(documented)));
    let message = format!("the map has no key `{name}`");
    Diagnostic::new(ErrorCode::UnknownKey, message).hint(likely.unwrap_or_else(|| {
        format!("for a key that may be absent, write `get(\"{name}\") ?? \"\"`")
    }))
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Describes an index of the wrong type. `types` is in Rhai's form: `type [type]`.
pub(super) fn index(types: &str) -> Diagnostic {
    let (kind, index) = types.split_once(" [").unwrap_or((types, ""));
    let (kind, index) = (
        plain_type_name(kind),
        plain_type_name(index.trim_end_matches(']')),
    );
    let message = format!("a value of type `{kind}` has no index of type `{index}`");
    Diagnostic::new(ErrorCode::UnknownIndex, message).hint_if(lazy_hint(kind))
}

fn likely(name: &str, known: &[Function]) -> String {
    if let Some(foreign_hint) = foreign_syntax::function(name) {
        return foreign_hint.to_owned();
    }
    // Neither operators nor Rhai's internal names are worth suggesting.
    let names = known
        .iter()
        .map(|function| function.name.as_str())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    did_you_mean(name, names)
        .unwrap_or_else(|| "`gradient-bulk docs` lists what scripts can call".to_owned())
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
