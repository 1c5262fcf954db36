//! The source files of the crate, and which uses which.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::files_below;

/// The path of a module inside the crate.
pub(crate) type Module = Vec<String>;

pub(crate) struct Source {
    /// Such as `src/text/wrap.rs`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Returns the Rust files of `src`.
pub(crate) fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = files_below(&root.join("src"));
    files.retain(|path| path.extension().is_some_and(|end| end == "rs"));
    assert!(files.len() > 50, "the sources are not found");
    let source = |path: PathBuf| Source {
        text: fs::read_to_string(&path).unwrap(),
        path: path
            .strip_prefix(root)
            .unwrap()
            .display()
            .to_string()
            .replace('\\', "/"),
    };
    files.into_iter().map(source).collect()
}

impl Source {
    pub(crate) fn module(&self) -> Module {
        let inside = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        let mut module: Module = inside.split('/').map(str::to_owned).collect();
        module.pop_if(|last| ["mod", "lib"].contains(&last.as_str()));
        module
    }

    /// Returns the text without comments and unit tests.
    pub(crate) fn code(&self) -> String {
        let lines = self.text.lines();
        let code: Vec<&str> = lines
            .take_while(|line| *line != "#[cfg(test)]")
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        code.join("\n")
    }
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

/// Returns the paths that a file uses with `crate::`, `super::` and `self::`, or with the name of the crate.
fn used_paths(module: &Module, code: &str) -> Vec<Module> {
    let parent = module
        .split_last()
        .map_or(Vec::new(), |(_, parent)| parent.to_vec());
    let mut found = Vec::new();
    for (prefix, start) in [
        ("crate::", &Vec::new()),
        ("gradient_bulk::", &Vec::new()),
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

/// Returns which module uses which, without those that only unit tests use.
pub(crate) fn dependencies() -> BTreeSet<(Module, Module)> {
    let modules: BTreeMap<Module, String> = sources()
        .iter()
        .map(|source| (source.module(), source.code()))
        .collect();
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
