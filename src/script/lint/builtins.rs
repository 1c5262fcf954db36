//! The functions that are there without a script: those of `api/`, and Rhai's own.

use std::collections::{HashMap, HashSet};

use rhai::{Engine, FuncInfo};

use crate::script::metadata::doc::{Doc, DocItem};
use crate::script::metadata::functions::{Parameter, parameter, script_type, strip_comment_marks};

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

/// What a key of an option map takes. Its doc comment says so first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ExpectedType {
    /// `true` or `false`.
    Flag,
    Array,
    Map,
    /// A text or a time.
    Time,
    /// What takes more than one word to say.
    Other,
}

impl ExpectedType {
    fn of(text: &str) -> Self {
        if text.starts_with("`true`") || text.starts_with("`false`") {
            Self::Flag
        } else if text.starts_with("an array of ") {
            Self::Array
        } else if text.starts_with("a map of ") {
            Self::Map
        } else if text.contains("a DateTime, or text") {
            Self::Time
        } else {
            Self::Other
        }
    }
}

/// The functions that a script calls by name. Reading the metadata of all would take longer than the rest of the lint.
pub(super) struct Builtins(HashMap<String, Vec<BuiltinFunction>>);

/// A function of the host.
pub(super) struct BuiltinFunction {
    /// How many arguments it takes; in a method call, what stands before the dot is the first.
    pub(super) arity: usize,
    pub(super) returns_nothing: bool,
    parameters: Vec<Parameter>,
    doc: Doc,
}

impl Builtins {
    /// Collects the functions of these names.
    pub(super) fn of(engine: &Engine, names: &HashSet<&str>) -> Self {
        let mut functions: HashMap<String, Vec<BuiltinFunction>> = HashMap::new();
        if names.is_empty() {
            return Self(functions);
        }
        collect(engine, names, &mut functions);
        let referred: HashSet<String> = functions
            .values()
            .flatten()
            .flat_map(|function| &function.doc.options)
            .filter_map(|item| Some(item.reference_target()?.0.to_owned()))
            .filter(|name| !names.contains(name.as_str()))
            .collect();
        if !referred.is_empty() {
            let referred = referred.iter().map(String::as_str).collect();
            collect(engine, &referred, &mut functions);
        }
        Self(functions)
    }

    /// Returns the keys of the option map of `function`, as its doc comment lists them, each with what it takes.
    pub(super) fn options<'a>(
        &'a self,
        function: &'a BuiltinFunction,
    ) -> Vec<(&'a str, ExpectedType)> {
        let items = function.doc.resolved_options(|name, arity| {
            self.takes(name, arity).map(|other| &other.doc).collect()
        });
        let named = |item: &'a DocItem| {
            let wanted = ExpectedType::of(&item.text);
            item.names.iter().map(move |name| (name.as_str(), wanted))
        };
        items.into_iter().flat_map(named).collect()
    }

    /// Tells whether a call of `name` can reach a function, with so many arguments.
    pub(super) fn has(&self, name: &str, arguments: usize) -> bool {
        LANGUAGE_FUNCTIONS.contains(&name) || self.takes(name, arguments).next().is_some()
    }

    /// Returns the functions called `name` that take so many arguments.
    pub(super) fn takes(
        &self,
        name: &str,
        arguments: usize,
    ) -> impl Iterator<Item = &BuiltinFunction> {
        self.0
            .get(name)
            .into_iter()
            .flatten()
            .filter(move |function| function.arity == arguments)
    }
}

fn collect(
    engine: &Engine,
    names: &HashSet<&str>,
    functions: &mut HashMap<String, Vec<BuiltinFunction>>,
) {
    let asked_for = |info: FuncInfo| {
        let name = info.metadata.name.as_str();
        names
            .contains(name)
            .then(|| (name.to_owned(), native(&info)))
    };
    for (name, function) in engine.collect_fn_metadata(None, asked_for, true) {
        functions.entry(name).or_default().push(function);
    }
}

fn native(info: &FuncInfo) -> BuiltinFunction {
    let metadata = info.metadata;
    let comments = metadata.comments.iter().map(|comment| &**comment);
    BuiltinFunction {
        arity: metadata.num_params,
        returns_nothing: script_type(&metadata.return_type).is_none(),
        parameters: metadata
            .params_info
            .iter()
            .map(|info| parameter(info))
            .collect(),
        doc: Doc::parse(&strip_comment_marks(comments)),
    }
}

impl BuiltinFunction {
    /// Returns the parameter at `index`.
    pub(super) fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index)
    }

    /// Tells whether the parameter at `index` takes a map and nothing else.
    pub(super) fn takes_map(&self, index: usize) -> bool {
        let parameter = self.parameters.get(index);
        parameter.is_some_and(|parameter| parameter.kind == "map")
    }

    /// Tells whether the parameter at `index` is a request.
    pub(super) fn takes_request(&self, index: usize) -> bool {
        let parameter = self.parameters.get(index);
        parameter.is_some_and(|parameter| parameter.name == "request")
    }

    /// Returns the first word of its doc comment: what it does, in the third person.
    pub(super) fn verb(&self) -> &str {
        self.doc.summary.split(' ').next().unwrap_or("")
    }
}
