//! The functions that are there without a script: those of `api/`, and Rhai's own.

use std::collections::{HashMap, HashSet};

use rhai::{Engine, FuncInfo};

use crate::script::metadata::functions::{Function, describe};

/// What Rhai's evaluator does itself, for any number of arguments it makes sense for.
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

/// The functions that a script calls by name. Reading the metadata of all would take longer than the rest of the lint.
pub(super) struct Builtins {
    functions: HashMap<String, Vec<Function>>,
    /// Those of `api/`.
    own: Vec<Function>,
}

impl Builtins {
    /// Collects the functions of these names.
    pub(super) fn of(engine: &Engine, names: &HashSet<&str>) -> Self {
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

    /// Tells whether the function is one of `api/`.
    pub(super) fn is_own(&self, function: &Function) -> bool {
        self.own.contains(function)
    }

    /// Tells whether a call of `name` can reach a function, with so many arguments.
    pub(super) fn has(&self, name: &str, arguments: usize) -> bool {
        LANGUAGE_FUNCTIONS.contains(&name) || self.takes(name, arguments).next().is_some()
    }

    /// Returns the functions called `name` that take so many arguments.
    pub(super) fn takes(&self, name: &str, arguments: usize) -> impl Iterator<Item = &Function> {
        self.functions
            .get(name)
            .into_iter()
            .flatten()
            .filter(move |function| function.parameters.len() == arguments)
    }
}
