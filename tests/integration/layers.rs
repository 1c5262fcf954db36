//! No files of the crate depend on each other in a cycle, and a file in `src/script` uses only its own layer and lower ones.

use std::collections::BTreeSet;

use crate::source_code::{Module, dependencies};

/// The layers of `src/script`, lowest first.
const LAYERS: &[&str] = &[
    "number",
    "source",
    "error",
    "library",
    "arguments",
    "limits",
    "values",
    "host",
    "rows",
    "display",
    "api",
    "metadata",
    "engine",
    "diagnosis",
    "lint",
    "program",
];

#[test]
fn layers_of_script_use_only_lower_layers() {
    let layer = |module: &[String]| {
        let [script, layer, ..] = module else {
            return None;
        };
        let height = || LAYERS.iter().position(|name| name == layer);
        (script == "script")
            .then(|| height().unwrap_or_else(|| panic!("`{layer}` is not a layer of script")))
    };
    for (from, to) in dependencies() {
        let Some(height) = layer(&from) else {
            continue;
        };
        assert!(
            to != ["script"],
            "{} uses an item of script/mod.rs",
            from.join("::")
        );
        assert!(
            layer(&to).is_none_or(|lower| lower <= height),
            "{} uses {}, which is above it",
            from.join("::"),
            to.join("::")
        );
    }
}

#[test]
fn files_have_no_cyclic_dependencies() {
    let mut left = dependencies();
    loop {
        let before = left.len();
        let users: BTreeSet<Module> = left.iter().map(|(from, _)| from.clone()).collect();
        left.retain(|(_, to)| users.contains(to));
        let used: BTreeSet<Module> = left.iter().map(|(_, to)| to.clone()).collect();
        left.retain(|(from, _)| used.contains(from));
        if left.is_empty() {
            return;
        }
        assert!(left.len() < before, "a cycle among {left:?}");
    }
}
