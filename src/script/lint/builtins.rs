//! The functions that every script can call: those of `api`, and those of Rhai.

use std::collections::{HashMap, HashSet};

use rhai::{Engine, FuncInfo};

use crate::script::metadata::functions::{Function, describe};

/// Functions of the evaluator itself, which take various numbers of arguments.
const LANGUAGE_FUNCTIONS: [&str; 8] = [
    "Fn",
    "call",
    "curry",
    "eval",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "type_of",
];

/// The functions whose names occur in a script. Reading the metadata of all functions would take longer than the rest
/// of the lint.
pub(super) struct Builtins {
    functions: HashMap<String, Vec<Function>>,
    /// The functions of `api`.
    own: Vec<Function>,
}

impl Builtins {
    /// Collects the functions with these names.
    pub(super) fn of(engine: &Engine, names: &HashSet<String>) -> Self {
        let described = |info: FuncInfo| {
            let name = info.metadata.name.as_str();
            names
                .contains(name)
                .then(|| (name.to_owned(), describe(info.metadata)))
        };
        let own = engine.collect_fn_metadata(None, described, false);
        let mut functions: HashMap<String, Vec<Function>> = HashMap::new();
        for (name, function) in engine.collect_fn_metadata(None, described, true) {
            functions.entry(name).or_default().push(function);
        }
        Self {
            functions,
            own: own.into_iter().map(|(_, function)| function).collect(),
        }
    }

    /// Returns whether the function belongs to `api`.
    pub(super) fn is_own(&self, function: &Function) -> bool {
        self.own.contains(function)
    }

    /// Returns whether there is a function with this name that takes `arguments` arguments.
    pub(super) fn has(&self, name: &str, arguments: usize) -> bool {
        LANGUAGE_FUNCTIONS.contains(&name) || self.named(name, arguments).next().is_some()
    }

    /// Returns the getter of a property of a type.
    pub(super) fn getter(&self, property: &str, kind: &str) -> Option<&Function> {
        let mut getters = self.functions.get(&getter_name(property))?.iter();
        getters.find(|getter| getter.owner() == Some(kind))
    }

    /// Returns the functions with this name that take `arguments` arguments.
    pub(super) fn named(&self, name: &str, arguments: usize) -> impl Iterator<Item = &Function> {
        self.functions
            .get(name)
            .into_iter()
            .flatten()
            .filter(move |function| function.parameters.len() == arguments)
    }
}

/// The name of the function that reads a property.
pub(super) fn getter_name(property: &str) -> String {
    format!("get${property}")
}
