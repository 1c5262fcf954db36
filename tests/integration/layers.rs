//! No files of the crate depend on each other in a cycle, and a file in `src/script` uses only its own layer and lower ones.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

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

/// The path of a module inside the crate.
type Module = Vec<String>;

/// Returns the code of each module, without comments and unit tests.
fn modules() -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open: Vec<PathBuf> = vec![root.clone()];
    let mut modules = BTreeMap::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(&root).unwrap().with_extension("");
            let mut module: Module = inside
                .iter()
                .map(|part| part.to_str().unwrap().to_owned())
                .collect();
            module.pop_if(|last| ["mod", "lib"].contains(&last.as_str()));
            let text = fs::read_to_string(&path).unwrap();
            let code: Vec<&str> = text
                .lines()
                .take_while(|line| *line != "#[cfg(test)]")
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            modules.insert(module, code.join("\n"));
        }
    }
    modules
}

/// Adds every path in `code`, relative to `start`. Expands groups: `a::{b, c::{self, d}}` is `a::b`, `a::c` and `a::c::d`.
fn paths(code: &str, start: &Module, found: &mut Vec<Module>) {
    let code = code.trim_start();
    if let Some(group) = code.strip_prefix('{') {
        let (mut depth, mut start_of_item) = (0, 0);
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    if !group[start_of_item..at].trim().is_empty() {
                        paths(&group[start_of_item..at], start, found);
                    }
                    start_of_item = at + 1;
                    if c == '}' {
                        return;
                    }
                }
                '}' => depth -= 1,
                _ => {}
            }
        }
        return;
    }
    let end = code
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(code.len());
    let mut path = start.clone();
    if !["self", ""].contains(&&code[..end]) {
        path.push(code[..end].to_owned());
    }
    match code[end..].strip_prefix("::") {
        Some(rest) => paths(rest, &path, found),
        None => found.push(path),
    }
}

/// Returns the paths that a file uses with `crate::`, `super::` and `self::`.
fn used_paths(module: &Module, code: &str) -> Vec<Module> {
    let parent = module
        .split_last()
        .map_or(Vec::new(), |(_, parent)| parent.to_vec());
    let mut found = Vec::new();
    for (prefix, start) in [
        ("crate::", &Vec::new()),
        ("super::", &parent),
        ("self::", module),
    ] {
        for (at, _) in code.match_indices(prefix) {
            let is_visibility = code[..at].ends_with("(in ");
            if is_visibility
                || code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            {
                continue;
            }
            let mut start = start.clone();
            let mut rest = &code[at + prefix.len()..];
            while let Some(outer) = rest.strip_prefix("super::") {
                start.pop();
                rest = outer;
            }
            paths(rest, &start, &mut found);
        }
    }
    found
}

/// Maps each path that a `pub use` offers to the path of the item itself.
fn reexports(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, Module> {
    let mut reexports = BTreeMap::new();
    for (module, code) in modules {
        for statement in code
            .split(';')
            .map(str::trim)
            .filter(|code| code.starts_with("pub") && code.contains(" use "))
        {
            for path in used_paths(module, statement) {
                let mut short = module.clone();
                short.extend(path.last().cloned());
                reexports.insert(short, path);
            }
        }
    }
    reexports
}

/// Returns the module that contains `path`, following re-exports.
fn target(
    mut path: Module,
    modules: &BTreeMap<Module, String>,
    reexports: &BTreeMap<Module, Module>,
) -> Module {
    // `text::wrap` may be a re-exported function and a module: followed by more, it is the module.
    while let Some((length, to)) = (1..=path.len())
        .rev()
        .filter(|&n| n == path.len() || !modules.contains_key(&path[..n]))
        .find_map(|n| Some((n, reexports.get(&path[..n])?)))
    {
        path = [to.as_slice(), &path[length..]].concat();
    }
    while !modules.contains_key(&path) {
        path.pop();
    }
    path
}

fn dependencies() -> BTreeSet<(Module, Module)> {
    let modules = modules();
    let reexports = reexports(&modules);
    let mut dependencies = BTreeSet::new();
    for (module, code) in &modules {
        for path in used_paths(module, code) {
            let to = target(path, &modules, &reexports);
            if to != *module && !to.is_empty() {
                dependencies.insert((module.clone(), to));
            }
        }
    }
    dependencies
}

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
