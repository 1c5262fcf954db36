//! The rules of the house: which module may use which, and what stands in one place only.

use std::fs;
use std::path::{Path, PathBuf};

/// Each module with those it may use. Arrows go down only.
const ARROWS: [(&str, &[&str]); 24] = [
    (
        "cli",
        &[
            "error",
            "render",
            "settings",
            "repl",
            "reference",
            "script",
            "report",
            "bulk",
            "api",
            "ledger",
            "sandbox",
            "runtime",
            "interrupt",
            "survey",
            "table",
            "moment",
            "testing",
        ],
    ),
    (
        "repl",
        &[
            "error",
            "render",
            "reference",
            "script",
            "suggest",
            "table",
            "digits",
        ],
    ),
    (
        "error",
        &[
            "settings",
            "reference",
            "script",
            "bulk",
            "api",
            "ledger",
            "sandbox",
            "survey",
            "table",
            "testing",
        ],
    ),
    (
        "testing",
        &["script", "api", "sandbox", "moment", "runtime", "interrupt"],
    ),
    ("render", &["error", "script", "visible"]),
    ("settings", &["api", "ledger", "moment"]),
    ("reference", &["script", "suggest"]),
    (
        "script",
        &[
            "report",
            "bulk",
            "api",
            "ledger",
            "table",
            "people",
            "moment",
            "runtime",
            "interrupt",
            "suggest",
        ],
    ),
    (
        "bulk",
        &[
            "api",
            "ledger",
            "people",
            "moment",
            "runtime",
            "interrupt",
            "status",
        ],
    ),
    ("survey", &["api", "status", "suggest"]),
    ("status", &[]),
    ("suggest", &[]),
    ("report", &["moment", "status", "visible", "digits"]),
    ("runtime", &["interrupt"]),
    ("interrupt", &[]),
    ("digits", &[]),
    ("api", &["interrupt"]),
    ("ledger", &[]),
    ("table", &[]),
    ("people", &[]),
    ("moment", &[]),
    ("sandbox", &[]),
    ("visible", &[]),
    ("main", &["cli", "error"]),
];

/// What may be named in some modules only.
const PLACES: [(&str, &[&str]); 13] = [
    ("rhai::", &["src/script/", "src/reference/", "src/repl/"]),
    ("reedline::", &["src/repl/"]),
    ("reqwest::", &["src/api/"]),
    ("clap::", &["src/cli/", "src/error.rs"]),
    ("rusqlite::", &["src/ledger/", "src/sandbox/"]),
    ("axum::", &["src/sandbox/"]),
    ("calamine::", &["src/table/workbook/"]),
    ("encoding_rs::", &["src/table/"]),
    ("ZipArchive", &["src/table/workbook/"]),
    ("askama::", &["src/report/"]),
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

/// The modules of this crate that a line of code names.
fn used(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::")
        .skip(1)
        .chain(line.split("gradient_bulk::").skip(1))
        .map(|rest| {
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            &rest[..end.unwrap_or(rest.len())]
        })
}

#[test]
fn arrows_between_modules_go_down() {
    for (path, text) in sources() {
        let module = module_of(&path);
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == module) else {
            panic!("{}: the module `{module}` is in no rule", path.display());
        };
        for (number, line) in (1..).zip(text.lines()) {
            for other in used(line).filter(|other| ARROWS.iter().any(|(name, _)| name == other)) {
                assert!(
                    other == module || allowed.contains(&other),
                    "{}:{number}: `{module}` may not use `{other}`",
                    path.display()
                );
            }
        }
        for line in text.lines().filter(|line| line.contains("use crate::{")) {
            for (other, _) in ARROWS.iter().filter(|(name, _)| {
                line.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|word| word == *name)
            }) {
                assert!(
                    *other == module || allowed.contains(other),
                    "{}: `{module}` may not use `{other}`",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn libraries_stay_in_their_modules() {
    for (path, text) in sources() {
        let shown = path.display().to_string().replace('\\', "/");
        for (what, places) in PLACES {
            let named = text
                .lines()
                .any(|line| !line.trim_start().starts_with("//") && line.contains(what));
            let allowed = places.iter().any(|place| shown.starts_with(place));
            assert!(!named || allowed, "{shown} names `{what}`");
        }
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
        "src",
        "scripts",
        "tests",
        "benches",
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
