//! The functions that are there without a script: those of `api/`, and Rhai's own.

use std::collections::{HashMap, HashSet};

use rhai::{Engine, FuncInfo};

/// What Rhai's evaluator does itself, for any number of arguments it makes sense for.
const WORDS_OF_THE_LANGUAGE: [&str; 8] = [
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
pub(super) struct Catalog(HashMap<String, Vec<Native>>);

/// A function of the host.
pub(super) struct Native {
    /// How many arguments it takes; in a method call, what stands before the dot is the first.
    pub(super) arity: usize,
    /// The parameters as they are declared: `email: &str`.
    parameters: Vec<String>,
    doc: String,
}

impl Catalog {
    /// Collects the functions of these names.
    pub(super) fn of(engine: &Engine, names: &HashSet<&str>) -> Self {
        let mut functions: HashMap<String, Vec<Native>> = HashMap::new();
        if names.is_empty() {
            return Self(functions);
        }
        let asked_for = |info: FuncInfo| {
            let name = info.metadata.name.as_str();
            names
                .contains(name)
                .then(|| (name.to_owned(), native(&info)))
        };
        for (name, function) in engine.collect_fn_metadata(None, asked_for, true) {
            functions.entry(name).or_default().push(function);
        }
        Self(functions)
    }

    /// Tells whether a call of `name` can reach a function, with so many arguments.
    pub(super) fn has(&self, name: &str, arguments: usize) -> bool {
        WORDS_OF_THE_LANGUAGE.contains(&name) || self.takes(name, arguments).next().is_some()
    }

    /// Returns the functions called `name` that take so many arguments.
    pub(super) fn takes(&self, name: &str, arguments: usize) -> impl Iterator<Item = &Native> {
        self.0
            .get(name)
            .into_iter()
            .flatten()
            .filter(move |function| function.arity == arguments)
    }
}

fn native(info: &FuncInfo) -> Native {
    let metadata = info.metadata;
    Native {
        arity: metadata.num_params,
        parameters: metadata
            .params_info
            .iter()
            .map(ToString::to_string)
            .collect(),
        doc: metadata.comments.join("\n"),
    }
}

impl Native {
    /// Tells whether the parameter at `index` takes a map and nothing else.
    pub(super) fn takes_map(&self, index: usize) -> bool {
        self.parameter(index).is_some_and(|(_, kind)| kind == "Map")
    }

    /// Tells whether the parameter at `index` is a request.
    pub(super) fn takes_request(&self, index: usize) -> bool {
        self.parameter(index)
            .is_some_and(|(name, _)| name == "request")
    }

    fn parameter(&self, index: usize) -> Option<(&str, &str)> {
        let (name, kind) = self.parameters.get(index)?.split_once(':')?;
        Some((name.trim(), kind.trim()))
    }

    /// Returns the keys of its option map, as its doc comment lists them: ``- `key`: what it does``.
    pub(super) fn options(&self) -> Vec<&str> {
        let lines = self.lines();
        lines
            .skip_while(|line| *line != "# Options")
            .skip(1)
            .take_while(|line| !line.starts_with("# "))
            .filter_map(|line| line.strip_prefix("- "))
            .filter_map(|item| Some(item.split_once(':')?.0))
            .flat_map(|keys| keys.split('`').skip(1).step_by(2))
            .collect()
    }

    /// Returns the first word of its doc comment: what it does, in the third person.
    pub(super) fn verb(&self) -> &str {
        let summary = self.lines().next().unwrap_or("");
        summary.split(' ').next().unwrap_or("")
    }

    fn lines(&self) -> impl Iterator<Item = &str> {
        self.doc.lines().map(|line| {
            let text = line.trim_start().strip_prefix("///").unwrap_or(line);
            text.strip_prefix(' ').unwrap_or(text)
        })
    }
}
