//! The layers inside `src/script`: a file uses its own layer and those before it, and no files use each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up.
const LAYERS: [&str; 16] = [
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

type Module = Vec<String>;

/// The files of `src/script` by module, each with its code without comments and unit tests.
fn modules() -> BTreeMap<Module, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/script");
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
            module.pop_if(|last| last == "mod");
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

/// Every path that code names from `start` on, with groups taken apart: `a::{b, c::{self, d}}` is `a::b`, `a::c`, `a::c::d`.
fn paths(code: &str, start: &Module, found: &mut Vec<Module>) {
    let code = code.trim_start();
    if let Some(group) = code.strip_prefix('{') {
        let (mut depth, mut begin) = (0, 0);
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                ',' | '}' if depth == 0 => {
                    if !group[begin..at].trim().is_empty() {
                        paths(&group[begin..at], start, found);
                    }
                    begin = at + 1;
                    if letter == '}' {
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

/// What a file names: through `crate::script::`, `super::` and `self::`.
fn named(module: &Module, code: &str) -> Vec<Module> {
    let parent = module
        .split_last()
        .map_or(Vec::new(), |(_, parent)| parent.to_vec());
    let mut found = Vec::new();
    for (word, start) in [
        ("crate::script::", &Vec::new()),
        ("super::", &parent),
        ("self::", module),
    ] {
        for (at, _) in code.match_indices(word) {
            if !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                paths(&code[at + word.len()..], start, &mut found);
            }
        }
    }
    found
}

/// What `pub use` hands on: the path it can be named by, and where it stands.
fn reexports(modules: &BTreeMap<Module, String>) -> BTreeMap<Module, Module> {
    let mut handed = BTreeMap::new();
    for (module, code) in modules {
        for statement in code
            .split(';')
            .map(str::trim)
            .filter(|code| code.starts_with("pub") && code.contains(" use "))
        {
            for path in named(module, statement) {
                let mut short = module.clone();
                short.extend(path.last().cloned());
                handed.insert(short, path);
            }
        }
    }
    handed
}

/// The file that `path` leads to, re-exports followed.
fn target(
    mut path: Module,
    modules: &BTreeMap<Module, String>,
    handed: &BTreeMap<Module, Module>,
) -> Module {
    while let Some((length, to)) = (1..=path.len())
        .rev()
        .find_map(|n| Some((n, handed.get(&path[..n])?)))
    {
        path = [to.as_slice(), &path[length..]].concat();
    }
    while !modules.contains_key(&path) {
        path.pop();
    }
    path
}

fn arrows() -> BTreeSet<(Module, Module)> {
    let modules = modules();
    let handed = reexports(&modules);
    let mut arrows = BTreeSet::new();
    for (module, code) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        for path in named(module, code) {
            let to = target(path, &modules, &handed);
            if to != *module {
                arrows.insert((module.clone(), to));
            }
        }
    }
    arrows
}

#[test]
fn layers_of_script_use_lower_ones_only() {
    let height = |module: &Module| {
        let layer = module
            .first()
            .unwrap_or_else(|| panic!("a file of script/ takes something out of script/mod.rs"));
        LAYERS
            .iter()
            .position(|name| name == layer)
            .unwrap_or_else(|| panic!("`{layer}` is no layer of script"))
    };
    for (from, to) in arrows() {
        assert!(
            height(&to) <= height(&from),
            "script::{} uses script::{}, which is above it",
            from.join("::"),
            to.join("::")
        );
    }
}

#[test]
fn no_files_of_script_use_each_other_in_a_circle() {
    let mut left = arrows();
    loop {
        let before = left.len();
        let sources: BTreeSet<Module> = left.iter().map(|(from, _)| from.clone()).collect();
        left.retain(|(_, to)| sources.contains(to));
        if left.is_empty() {
            return;
        }
        assert!(left.len() < before, "a circle among {left:?}");
    }
}
