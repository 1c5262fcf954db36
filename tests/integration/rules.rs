//! Rules about the structure of the code: which module may use which, and what only one place may use.

use std::collections::BTreeSet;
use std::fs;

use crate::source_code::{dependencies, sources};

/// Each module with those that it uses. They come later in this list, so cycles are impossible.
const MODULES: &str = "
    main: cli exit_status file_access hardening
    cli: repl render error testing settings reference script report bulk monitoring runtime api sandbox interrupt
        memory ledger table time file_access error_code exit_status change_kind process_limits text
    repl: error reference runtime script error_code table private_file text
    render: error script text
    error: testing settings reference script bulk monitoring runtime api sandbox memory ledger table file_access
        error_code exit_status process_limits
    testing: script runtime api sandbox interrupt time file_access
    settings: api ledger time change_kind file_access private_file text
    reference: script error_code text
    script: interpretation report bulk runtime api interrupt memory ledger table people time text file_access
        error_code change_kind quiet_panic
    report: time change_kind session_status text
    bulk: interpretation runtime api interrupt ledger people time change_kind session_status file_lock private_file
        text
    monitoring: api session_status text
    runtime: interrupt process_limits
    api: interrupt error_code text
    sandbox: session_status file_lock private_file
    interrupt:
    memory:
    ledger: change_kind interpretation time file_lock file_identity private_file process_limits
    table: file_access interpretation people quiet_panic process_limits text
    file_access: file_identity
    people: text interpretation
    time: interpretation text
    interpretation:
    error_code: exit_status
    exit_status:
    change_kind:
    session_status:
    file_lock: file_identity private_file
    file_identity:
    quiet_panic:
    private_file:
    hardening: process_limits
    process_limits:
    text:
";

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

/// Returns the names of all modules, and each pair of a module and one that it uses.
fn listed() -> (Vec<&'static str>, BTreeSet<(String, String)>) {
    let mut modules = Vec::new();
    let mut uses = BTreeSet::new();
    for word in MODULES.split_whitespace() {
        if let Some(module) = word.strip_suffix(':') {
            modules.push(module);
        } else {
            let module = *modules.last().unwrap();
            uses.insert((module.to_owned(), word.to_owned()));
        }
    }
    (modules, uses)
}

#[test]
fn modules_use_what_is_listed() {
    let used: BTreeSet<(String, String)> = dependencies()
        .into_iter()
        .filter_map(|(from, to)| Some((from.first()?.clone(), to.first()?.clone())))
        .filter(|(from, to)| from != to)
        .collect();
    let listed = listed().1;
    let new: Vec<_> = used.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&used).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "used, but not listed: {new:?}; listed, but not used: {gone:?}"
    );
}

#[test]
fn every_module_is_listed() {
    let listed: BTreeSet<String> = listed().0.iter().map(ToString::to_string).collect();
    let modules: BTreeSet<String> = sources()
        .iter()
        .filter_map(|source| source.module().first().cloned())
        .collect();
    assert_eq!(modules, listed);
}

#[test]
fn modules_use_later_ones_only() {
    let (modules, uses) = listed();
    let position = |name: &str| modules.iter().position(|module| *module == name);
    for (module, other) in &uses {
        assert!(
            position(module) < position(other),
            "`{other}` must come after `{module}`"
        );
    }
}

#[test]
fn libraries_and_system_calls_stay_in_their_files() {
    let sources = sources();
    for (name, places) in CONFINED {
        let mut used = BTreeSet::new();
        for source in sources.iter().filter(|source| source.code().contains(name)) {
            let path = &source.path;
            let place = places.iter().find(|place| path.starts_with(**place));
            used.insert(*place.unwrap_or_else(|| panic!("{path} may not use `{name}`")));
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
        for module in listed().0 {
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
    for source in sources() {
        let path = source.path;
        assert!(
            source.text.starts_with("//! "),
            "{path} has no `//!` header"
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
