//! Rules about the structure of the code: which module may use which, and what only one place may use.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the modules it may use. They come later in this list, so cycles are impossible.
const MODULES: &[(&str, &[&str])] = &[
    ("main", &["cli", "exit_status", "file_access", "hardening"]),
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
            "memory",
            "ledger",
            "table",
            "time",
            "file_access",
            "error_code",
            "change_kind",
            "process_limits",
            "text",
        ],
    ),
    (
        "repl",
        &[
            "error",
            "reference",
            "runtime",
            "script",
            "runtime",
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
            "memory",
            "ledger",
            "table",
            "file_access",
            "error_code",
            "exit_status",
            "process_limits",
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
        &[
            "api",
            "ledger",
            "time",
            "change_kind",
            "file_access",
            "private_file",
            "text",
        ],
    ),
    ("reference", &["script", "error_code", "text"]),
    (
        "script",
        &[
            "interpretation",
            "report",
            "bulk",
            "runtime",
            "api",
            "interrupt",
            "memory",
            "ledger",
            "table",
            "people",
            "time",
            "text",
            "file_access",
            "error_code",
            "change_kind",
            "quiet_panic",
        ],
    ),
    ("report", &["time", "session_status", "text"]),
    (
        "bulk",
        &[
            "interpretation",
            "runtime",
            "api",
            "interrupt",
            "ledger",
            "people",
            "time",
            "change_kind",
            "session_status",
            "file_lock",
            "private_file",
            "text",
        ],
    ),
    ("monitoring", &["api", "session_status", "text"]),
    ("runtime", &["interrupt", "process_limits"]),
    ("api", &["interrupt", "error_code", "text"]),
    ("sandbox", &["file_lock", "private_file"]),
    ("interrupt", &[]),
    ("memory", &[]),
    (
        "ledger",
        &[
            "change_kind",
            "interpretation",
            "time",
            "file_lock",
            "file_identity",
            "private_file",
            "process_limits",
        ],
    ),
    (
        "table",
        &[
            "file_access",
            "people",
            "quiet_panic",
            "process_limits",
            "text",
        ],
    ),
    ("file_access", &["file_identity"]),
    ("people", &["text", "interpretation"]),
    ("time", &["interpretation", "text"]),
    ("interpretation", &[]),
    ("error_code", &["exit_status"]),
    ("exit_status", &[]),
    ("change_kind", &[]),
    ("session_status", &[]),
    ("file_lock", &["file_identity", "private_file"]),
    ("file_identity", &[]),
    ("quiet_panic", &[]),
    ("private_file", &[]),
    ("hardening", &["process_limits"]),
    ("process_limits", &[]),
    ("text", &[]),
];

/// Text that may appear only in files whose path starts with one of these.
const CONFINED: &[(&str, &[&str])] = &[
    ("rhai::", &["src/script/", "src/reference/", "src/repl/"]),
    ("reedline::", &["src/repl/"]),
    ("reqwest::", &["src/api/"]),
    ("clap::", &["src/cli/"]),
    ("rusqlite::", &["src/ledger/", "src/sandbox/"]),
    ("axum::", &["src/sandbox/"]),
    ("calamine::", &["src/table/workbook/"]),
    ("encoding_rs::", &["src/table/", "src/people/mojibake.rs"]),
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
    assert!(files.len() > 50, "this test does not find the sources");
    files
}

fn module_of(path: &Path) -> String {
    let inside = path.strip_prefix("src").unwrap();
    let first = inside.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the modules of this crate that `code` uses, as `crate::module` or in `crate::{one, other::Thing}`.
fn used_modules(code: &str) -> Vec<&str> {
    ["crate::", "gradient_bulk::"]
        .iter()
        .flat_map(|prefix| code.match_indices(prefix).map(|(at, _)| at + prefix.len()))
        .flat_map(|at| match code[at..].strip_prefix('{') {
            None => vec![identifier(&code[at..])],
            Some(group) => items(group).into_iter().map(identifier).collect(),
        })
        .collect()
}

/// Returns the identifier that `code` starts with.
fn identifier(code: &str) -> &str {
    let code = code.trim_start();
    let end = code.find(|c: char| !c.is_alphanumeric() && c != '_');
    &code[..end.unwrap_or(code.len())]
}

/// Splits a `use` group at its commas, up to its closing brace. `group` starts after the opening brace.
fn items(group: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut start = 0;
    let mut items = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                items.push(&group[start..at]);
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    items
}

/// Returns each dependency between modules, with one file that causes it.
fn dependencies() -> BTreeMap<(String, String), PathBuf> {
    let mut dependencies = BTreeMap::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        for other in used_modules(&code(&text)) {
            if other != module && MODULES.iter().any(|(name, _)| *name == other) {
                dependencies.insert((module.clone(), other.to_owned()), path.clone());
            }
        }
    }
    dependencies
}

/// Returns `text` without its comment lines.
fn code(text: &str) -> String {
    let lines = text.lines();
    let code: Vec<&str> = lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    code.join("\n")
}

#[test]
fn every_module_is_listed() {
    let listed: BTreeSet<String> = MODULES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let modules: BTreeSet<String> = sources()
        .iter()
        .map(|(path, _)| module_of(path))
        .filter(|name| name != "lib")
        .collect();
    assert_eq!(modules, listed);
}

#[test]
fn modules_use_only_what_they_may() {
    let dependencies = dependencies();
    for ((module, other), path) in &dependencies {
        let is_allowed = MODULES
            .iter()
            .any(|(name, allowed)| name == module && allowed.contains(&other.as_str()));
        assert!(
            is_allowed || module == "lib",
            "{}: `{module}` may not use `{other}`",
            path.display()
        );
    }
    for (module, allowed) in MODULES {
        for other in *allowed {
            let dependency = ((*module).to_owned(), (*other).to_owned());
            assert!(
                dependencies.contains_key(&dependency),
                "`{module}` no longer uses `{other}`: remove it from the list"
            );
        }
    }
}

#[test]
fn modules_use_later_ones_only() {
    for (position, (module, allowed)) in MODULES.iter().enumerate() {
        for other in *allowed {
            assert!(
                MODULES[position + 1..]
                    .iter()
                    .any(|(name, _)| name == other),
                "`{other}` must come after `{module}`"
            );
        }
    }
}

#[test]
fn libraries_and_system_calls_stay_in_their_files() {
    let sources = sources();
    for (name, places) in CONFINED {
        let mut used = BTreeSet::new();
        for (path, text) in &sources {
            if code(text).contains(name) {
                let path = path.display().to_string().replace('\\', "/");
                let place = places.iter().find(|place| path.starts_with(**place));
                used.insert(*place.unwrap_or_else(|| panic!("{path} may not use `{name}`")));
            }
        }
        let listed: BTreeSet<&str> = places.iter().copied().collect();
        assert_eq!(used, listed, "files that use `{name}`");
    }
}

#[test]
fn maps_show_every_module() {
    let library = include_str!("../../src/lib.rs");
    let architecture = include_str!("../../docs/architecture.md");
    for (document, text, line_start) in [
        ("src/lib.rs", library, "//! - "),
        ("docs/architecture.md", architecture, "| `"),
    ] {
        let map: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with(line_start))
            .collect();
        for (module, _) in MODULES {
            let names = [
                format!("[`mod@{module}`]"),
                format!("`{module}`"),
                format!("`{module}.rs`"),
            ];
            let is_shown = map
                .iter()
                .any(|line| names.iter().any(|name| line.contains(name)));
            assert!(is_shown, "the map in {document} has no `{module}`");
        }
    }
}

#[test]
fn every_file_has_a_header() {
    for (path, text) in sources() {
        assert!(
            text.starts_with("//! "),
            "{} has no `//!` header",
            path.display()
        );
    }
}

#[test]
fn the_top_level_has_only_known_entries() {
    let known = [
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "benches",
        "docs",
        "scripts",
        "src",
        "target",
        "tests",
    ];
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            known.contains(&name.as_str()) || name.starts_with('.'),
            "unknown entry `{name}`"
        );
    }
}
