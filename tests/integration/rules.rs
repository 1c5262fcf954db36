//! The rules of the house: which module may use which, and what stands in one place only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with those it may use, which stand below it: no arrow goes up, and so none goes round.
const ARROWS: [(&str, &[&str]); 26] = [
    ("main", &["cli", "error", "file_access"]),
    (
        "cli",
        &[
            "repl",
            "render",
            "error",
            "testing",
            "settings",
            "reference",
            "script",
            "report",
            "bulk",
            "monitoring",
            "runtime",
            "api",
            "sandbox",
            "interrupt",
            "ledger",
            "table",
            "time",
            "file_access",
            "error_code",
            "text",
        ],
    ),
    (
        "repl",
        &[
            "error",
            "reference",
            "script",
            "error_code",
            "table",
            "private_file",
            "text",
        ],
    ),
    ("render", &["error", "script", "text"]),
    (
        "error",
        &[
            "testing",
            "settings",
            "reference",
            "script",
            "bulk",
            "monitoring",
            "runtime",
            "api",
            "sandbox",
            "ledger",
            "table",
            "file_access",
            "error_code",
            "exit_status",
        ],
    ),
    (
        "testing",
        &[
            "script",
            "runtime",
            "api",
            "sandbox",
            "interrupt",
            "time",
            "file_access",
        ],
    ),
    (
        "settings",
        &["api", "ledger", "time", "private_file", "text"],
    ),
    ("reference", &["script", "error_code", "text"]),
    (
        "script",
        &[
            "report",
            "bulk",
            "runtime",
            "api",
            "interrupt",
            "ledger",
            "table",
            "people",
            "time",
            "text",
            "file_access",
            "error_code",
        ],
    ),
    ("report", &["time", "session_status", "text"]),
    (
        "bulk",
        &[
            "runtime",
            "api",
            "interrupt",
            "ledger",
            "people",
            "time",
            "session_status",
            "text",
        ],
    ),
    ("monitoring", &["api", "session_status", "text"]),
    ("runtime", &["interrupt"]),
    ("api", &["interrupt", "error_code", "text"]),
    ("sandbox", &["private_file"]),
    ("interrupt", &[]),
    ("ledger", &["private_file"]),
    ("table", &["file_access", "text"]),
    ("file_access", &[]),
    ("people", &["text"]),
    ("time", &["text"]),
    ("error_code", &["exit_status"]),
    ("exit_status", &[]),
    ("session_status", &[]),
    ("private_file", &[]),
    ("text", &[]),
];

/// What may be named in some modules only.
const PLACES: [(&str, &[&str]); 16] = [
    ("rhai::", &["src/script/", "src/reference/", "src/repl/"]),
    ("reedline::", &["src/repl/"]),
    ("reqwest::", &["src/api/"]),
    ("clap::", &["src/cli/"]),
    ("rusqlite::", &["src/ledger/", "src/sandbox/"]),
    ("axum::", &["src/sandbox/"]),
    ("calamine::", &["src/table/workbook/"]),
    ("encoding_rs::", &["src/table/"]),
    ("ZipArchive", &["src/table/workbook/"]),
    ("askama::", &["src/report/"]),
    ("cap_std::", &["src/file_access/"]),
    ("textwrap::", &["src/text/"]),
    ("0o600", &["src/private_file.rs"]),
    ("block_on(", &["src/runtime.rs"]),
    ("stdout()", &["src/cli/"]),
    ("stderr()", &["src/cli/"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("src")];
    let mut files = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(
        files.len() > 50,
        "the sources are not where this test looks"
    );
    files
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules of this crate that code names: in `crate::module`, and in `crate::{one, other::Thing}`.
fn used(code: &str) -> Vec<&str> {
    let starts = ["crate::", "gradient_bulk::"];
    let places = starts
        .iter()
        .flat_map(|start| code.match_indices(start).map(|(at, _)| at + start.len()));
    places
        .flat_map(|at| match code[at..].strip_prefix('{') {
            None => vec![first_word(&code[at..])],
            Some(group) => parts(group).into_iter().map(first_word).collect(),
        })
        .collect()
}

fn first_word(code: &str) -> &str {
    let code = code.trim_start();
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_');
    &code[..end.unwrap_or(code.len())]
}

/// What commas part in a group whose opening brace is behind.
fn parts(group: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut begin = 0;
    let mut parts = Vec::new();
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                parts.push(&group[begin..at]);
                begin = at + 1;
                if letter == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    parts
}

/// Each module that uses another, with a file that does.
fn arrows() -> BTreeMap<(String, String), PathBuf> {
    let mut arrows = BTreeMap::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        let is_code = |line: &&str| !line.trim_start().starts_with("//");
        let code: Vec<&str> = text.lines().filter(is_code).collect();
        for other in used(&code.join("\n")) {
            if other != module && ARROWS.iter().any(|(name, _)| *name == other) {
                arrows.insert((module.clone(), other.to_owned()), path.clone());
            }
        }
    }
    arrows
}

#[test]
fn every_module_has_its_place() {
    let known: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let modules: BTreeSet<String> = sources().iter().map(|(path, _)| module_of(path)).collect();
    let modules: BTreeSet<String> = modules.into_iter().filter(|name| name != "lib").collect();
    assert_eq!(modules, known);
}

#[test]
fn arrows_between_modules_are_those_that_may_be() {
    let arrows = arrows();
    for ((module, other), path) in &arrows {
        let rule = ARROWS.iter().find(|(name, _)| name == module);
        let may = rule.is_some_and(|(_, allowed)| allowed.contains(&other.as_str()));
        assert!(
            may || module == "lib",
            "{}: `{module}` may not use `{other}`",
            path.display()
        );
    }
    for (module, allowed) in ARROWS {
        for other in allowed {
            let arrow = (module.to_owned(), (*other).to_owned());
            assert!(
                arrows.contains_key(&arrow),
                "`{module}` uses no `{other}` any more"
            );
        }
    }
}

#[test]
fn arrows_go_down_only() {
    for (place, (module, allowed)) in ARROWS.iter().enumerate() {
        let below: Vec<&str> = ARROWS[place + 1..].iter().map(|(name, _)| *name).collect();
        for other in *allowed {
            assert!(
                below.contains(other),
                "`{other}` does not stand below `{module}`"
            );
        }
    }
}

#[test]
fn libraries_stay_in_their_modules() {
    let sources = sources();
    for (what, places) in PLACES {
        let mut used = BTreeSet::new();
        for (path, text) in &sources {
            let shown = path.display().to_string().replace('\\', "/");
            let is_code = |line: &&str| !line.trim_start().starts_with("//");
            if text.lines().filter(is_code).any(|line| line.contains(what)) {
                let place = places.iter().find(|place| shown.starts_with(**place));
                let Some(place) = place else {
                    panic!("{shown} names `{what}`");
                };
                used.insert(*place);
            }
        }
        let known: BTreeSet<&str> = places.iter().copied().collect();
        assert_eq!(used, known, "where `{what}` is named");
    }
}

#[test]
fn the_map_of_the_house_has_every_module() {
    let library = include_str!("../../src/lib.rs");
    let map: Vec<&str> = library
        .lines()
        .filter(|line| line.starts_with("//! - "))
        .collect();
    for (module, _) in ARROWS {
        let names = [
            format!("[`{module}`]"),
            format!("[`mod@{module}`]"),
            format!("`{module}`"),
            format!("`{module}.rs`"),
        ];
        let is_there = map
            .iter()
            .any(|line| names.iter().any(|name| line.contains(name)));
        assert!(is_there, "the map in src/lib.rs has no `{module}`");
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for (path, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{} has no `//!` header",
            path.display()
        );
    }
}

#[test]
fn nothing_else_stands_at_the_top() {
    let known = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "benches",
        "docs",
        "scripts",
        "src",
        "tests",
        "target",
    ];
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            name.starts_with('.') || known.contains(&name.as_str()),
            "what is `{name}`?"
        );
    }
}
