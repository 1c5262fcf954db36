//! Infers the types of results from the types of arguments and the metadata of functions.

use std::collections::HashSet;

use rhai::Expr;

use super::builtins::Builtins;
use super::value_type::{ValueType, common, literal_type};
use crate::script::metadata::functions::{Function, FunctionKind};

/// Functions whose result is a list, with the type of its items. The metadata of functions knows the type of the list only.
const LISTS: [(&str, &str); 4] = [
    ("keys", "string"),
    ("read_lines", "string"),
    ("split", "string"),
    ("to_chars", "char"),
];

/// Functions whose result is a list of items of the list that they are called on.
const SELECTIONS: [&str; 10] = [
    "drain",
    "extract",
    "filter",
    "order",
    "order_by",
    "order_desc",
    "reversed",
    "sorted",
    "sorted_by",
    "unique",
];

/// Functions whose closure takes two items of the list.
const COMPARISONS: [&str; 5] = ["dedup", "order", "order_by", "sort", "sort_by"];

/// Functions whose closure takes something else before the item.
const FOLDS: [&str; 3] = ["reduce", "reduce_rev", "fold"];

/// What is known about the functions that a call can reach.
pub(super) struct Inference<'a> {
    pub(super) builtins: &'a Builtins,
    /// The names of the functions that scripts define.
    pub(super) own: HashSet<&'a str>,
}

impl Inference<'_> {
    /// Returns the type of the result of a call. For a method, the first argument is what it is called on.
    pub(super) fn result(
        &self,
        name: &str,
        is_method: bool,
        arguments: &[Option<ValueType>],
    ) -> Option<ValueType> {
        if self.own.contains(name) {
            return None;
        }
        let first = arguments.first().and_then(Option::as_ref);
        // A closure in a map can be called as a method of any name.
        if is_method && first.is_none_or(|first| first.kind == "map") {
            return None;
        }
        let mut results = self
            .builtins
            .named(name, arguments.len())
            .filter(|native| accepts(native, arguments))
            .map(|native| (native.returns.as_deref(), native.result_shape));
        let (result, shape) = results.next()?;
        let is_known = results.all(|other| other == (result, shape));
        let result = result.filter(|kind| is_known && *kind != "value")?;
        if let Some(shape) = shape {
            return Some(ValueType::result(result, shape));
        }
        let item = || {
            if SELECTIONS.contains(&name) {
                return first.and_then(|list| list.item.as_deref().cloned());
            }
            if name == "to_array" {
                return first.and_then(|list| list.item.as_deref().cloned());
            }
            let (_, item) = LISTS.iter().find(|(list, _)| *list == name)?;
            Some(ValueType::named(item))
        };
        Some(match result {
            "array" | "Scan" => ValueType::list(result, item()),
            _ => ValueType::named(result),
        })
    }

    /// Whether a method with this name changes what it is called on, and returns nothing.
    pub(super) fn changes_in_place(&self, name: &str, arguments: usize) -> bool {
        let mut natives = self.builtins.named(name, arguments).peekable();
        !self.own.contains(name)
            && natives.peek().is_some()
            && natives.all(|native| native.kind == FunctionKind::Method && native.returns.is_none())
    }

    /// Returns the type of the result of an operator.
    pub(super) fn operation(
        &self,
        operator: &str,
        operands: &[Option<ValueType>],
    ) -> Option<ValueType> {
        if matches!(
            operator,
            "==" | "!=" | "<" | "<=" | ">" | ">=" | "!" | "in" | "!in"
        ) {
            return Some(ValueType::named("bool"));
        }
        if matches!(operator, ".." | "..=") {
            return Some(ValueType::named("range"));
        }
        let kinds: Vec<&str> = operands
            .iter()
            .map(|operand| operand.as_ref().map(|operand| operand.kind.as_str()))
            .collect::<Option<_>>()?;
        match (operator, kinds.as_slice()) {
            ("+", ["string", _] | [_, "string"]) => Some(ValueType::named("string")),
            ("+" | "-" | "*" | "/" | "%", ["int", "int"]) | ("-" | "+", ["int"]) => {
                Some(ValueType::named("int"))
            }
            ("+" | "-" | "*" | "/" | "%", ["int" | "float", "int" | "float"])
            | ("-" | "+", ["float"]) => Some(ValueType::named("float")),
            _ => self.result(operator, false, operands),
        }
    }

    /// Returns the type of `value.property`.
    pub(super) fn property(&self, value: &ValueType, property: &str) -> Option<ValueType> {
        if value.kind == "Row" {
            return Some(ValueType::named("string"));
        }
        if let Some(shape) = value.shape {
            let key = shape.key(property)?;
            return Some(ValueType::result(key.kind, key.shape?));
        }
        let getter = self.builtins.getter(property, &value.kind)?;
        let result = getter.returns.as_deref()?;
        (result != "value").then(|| ValueType::named(result))
    }

    /// Returns the types of the parameters of a closure that is passed to a function.
    pub(super) fn closure_parameters(
        &self,
        name: &str,
        list: Option<&ValueType>,
    ) -> [Option<ValueType>; 2] {
        let item = list.and_then(|list| list.item.as_deref()).cloned();
        if self.own.contains(name) || FOLDS.contains(&name) {
            return [None, None];
        }
        if COMPARISONS.contains(&name) {
            return [item.clone(), item];
        }
        [item, None]
    }
}

/// Whether `native` may take arguments of these types.
pub(super) fn accepts(native: &Function, arguments: &[Option<ValueType>]) -> bool {
    let parameters = native.parameters.iter().zip(arguments);
    native.kind != FunctionKind::Getter
        && parameters.into_iter().all(|(parameter, argument)| {
            argument.as_ref().is_none_or(|argument| {
                let (takes, kind) = (parameter.kind.as_str(), argument.kind.as_str());
                takes == "value" || parameter.accepts(kind) || (takes == "float" && kind == "int")
            })
        })
}

/// Returns the type of `value[index]`.
pub(super) fn indexed(value: &ValueType, index: &ValueType) -> Option<ValueType> {
    match (value.kind.as_str(), index.kind.as_str()) {
        ("Row", "string") | ("string", "range") => Some(ValueType::named("string")),
        ("array", "int") => value.item.as_deref().cloned(),
        ("string", "int") => Some(ValueType::named("char")),
        _ => None,
    }
}

/// Returns the type of the value of an argument of the script: `arg(name, help, default)`.
pub(super) fn argument_type(arguments: &[Expr]) -> Option<ValueType> {
    match arguments {
        [_, _] => Some(ValueType::named("string")),
        [_, _, Expr::Array(..)] => {
            let text = ValueType::named("string");
            Some(ValueType::list("array", Some(text)))
        }
        [_, _, default] => match literal_type(default)? {
            "()" => None,
            kind => Some(ValueType::named(kind)),
        },
        _ => None,
    }
}

/// Returns the type of a literal list.
pub(super) fn list_of(items: Vec<Option<ValueType>>) -> ValueType {
    ValueType::list("array", common(items))
}
