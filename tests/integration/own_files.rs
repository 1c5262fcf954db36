//! The program's own files: no script reads or writes them, by whatever function, name or permission.

use std::collections::BTreeSet;
use std::fs;

use crate::support::{KEY, Project, SECRET};

/// A call of each function that takes a path, by its signature. `PATH` stands for the path.
const CALLS: &[(&str, &str)] = &[
    ("ensure_writable(path: string)", "ensure_writable(PATH)"),
    (
        "ensure_writable(path: string, options: map)",
        "ensure_writable(PATH, #{ overwrite: true })",
    ),
    ("list_files(pattern: string) -> array", "list_files(PATH)"),
    ("read_csv(path: string) -> array", "read_csv(PATH)"),
    (
        "read_csv(path: string, options: map) -> array",
        "read_csv(PATH, #{ header: false, columns: [\"key\"] })",
    ),
    ("read_json(path: string) -> value", "read_json(PATH)"),
    ("read_lines(path: string) -> array", "read_lines(PATH)"),
    ("read_table(path: string) -> array", "read_table(PATH)"),
    (
        "read_table(path: string, options: map) -> array",
        "read_table(PATH, #{ trim: true })",
    ),
    ("read_xlsx(path: string) -> array", "read_xlsx(PATH)"),
    (
        "read_xlsx(path: string, options: map) -> array",
        "read_xlsx(PATH, #{ sheet: 1 })",
    ),
    ("scan_csv(path: string) -> Scan", "scan_csv(PATH)"),
    (
        "scan_csv(path: string, options: map) -> Scan",
        "scan_csv(PATH, #{ header: false, columns: [\"key\"] })",
    ),
    (
        "write_csv(path: string, rows: value)",
        "write_csv(PATH, [#{ a: 1 }])",
    ),
    (
        "write_csv(path: string, rows: value, columns: array)",
        "write_csv(PATH, [[1]], [\"a\"])",
    ),
    (
        "write_csv(path: string, rows: value, options: map)",
        "write_csv(PATH, [#{ a: 1 }], #{ overwrite: true })",
    ),
    (
        "write_json(path: string, value: value)",
        "write_json(PATH, 1)",
    ),
    (
        "write_json(path: string, value: value, options: map)",
        "write_json(PATH, 1, #{ overwrite: true })",
    ),
    (
        "write_report(path: string, sessions: value)",
        "write_report(PATH, [])",
    ),
    (
        "write_report(path: string, sessions: value, scores: value)",
        "write_report(PATH, [], [])",
    ),
    (
        "write_report(path: string, sessions: value, scores: value, options: map)",
        "write_report(PATH, [], [], #{ overwrite: true })",
    ),
    (
        "write_text(path: string, text: string)",
        "write_text(PATH, \"\")",
    ),
    (
        "write_text(path: string, text: string, options: map)",
        "write_text(PATH, \"\", #{ overwrite: true })",
    ),
    (
        "write_xlsx(path: string, rows: value)",
        "write_xlsx(PATH, [#{ a: 1 }])",
    ),
    (
        "write_xlsx(path: string, rows: value, options: map)",
        "write_xlsx(PATH, [#{ a: 1 }], #{ overwrite: true })",
    ),
    ("outcome.write_csv(path: string)", "outcome.write_csv(PATH)"),
    (
        "outcome.write_csv(path: string, options: map)",
        "outcome.write_csv(PATH, #{ overwrite: true })",
    ),
    (
        "time.business_days_until(other: DateTime, holidays: value) -> int",
        "now().business_days_until(now(), PATH)",
    ),
    (
        "time.is_business_day(holidays: value) -> bool",
        "now().is_business_day(PATH)",
    ),
    (
        "time.plus_business_days(days: int, holidays: value) -> DateTime",
        "now().plus_business_days(1, PATH)",
    ),
];

/// The same, for functions that only tests can call.
const TEST_CALLS: &[(&str, &str)] = &[
    ("run_script(path: string) -> map", "run_script(PATH)"),
    (
        "run_script(path: string, arguments: array) -> map",
        "run_script(PATH, [])",
    ),
    (
        "run_script(path: string, arguments: array, options: map) -> map",
        "run_script(PATH, [], #{ dry_run: true })",
    ),
];

/// Files of the program below the directory that contains those of the project. Some of them do not exist.
const OWN_FILES: [&str; 11] = [
    "key.txt",
    "profile.key",
    "home/config.toml",
    "home/ledger.db",
    "home/ledger.db-wal",
    "home/ledger.db-shm",
    "home/ledger.db-run1.lock",
    "home/history.txt",
    "home/sandbox/sandbox.db",
    "home/locks/new.json",
    ".config/gradient-bulk/config.toml",
];

/// A project with a configuration, a ledger and two key files, and with a directory for a second configuration.
fn project() -> Project {
    Project::new()
        .file("../key.txt", format!("{KEY}\n"))
        .file("../profile.key", format!("{KEY}\n"))
        .file(
            "../home/config.toml",
            "[profiles.other]\napi_key_file = \"../profile.key\"\n",
        )
        .file("../home/history.txt", format!("{SECRET}\n"))
        .file("../home/locks/old.json", "1")
        .file("../.config/gradient-bulk/note.txt", "")
}

/// The signatures in the reference that take a path: by the name of a parameter, or because their errors are about files.
fn signatures_with_path() -> BTreeSet<String> {
    const REFERENCE: &str = include_str!("../../scripts/REFERENCE.md");
    let entries = REFERENCE.split("\n**`").skip(1);
    let entries = entries.filter_map(|entry| entry.split_once("`**\n"));
    entries
        .filter(|(signature, text)| {
            let mut names = ["path: ", "holidays: ", "file: "].iter();
            let errors = text.split("\n#").next().unwrap_or_default();
            names.any(|name| signature.contains(name)) || errors.contains("\n- `file`: ")
        })
        .map(|(signature, _)| signature.to_owned())
        .collect()
}

#[test]
fn every_function_that_takes_a_path_is_attacked() {
    let attacked = CALLS.iter().chain(TEST_CALLS);
    let attacked: BTreeSet<String> = attacked.map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(signatures_with_path(), attacked);
}

/// Every function of a script gets its files from the gate that these tests attack.
#[test]
fn no_function_opens_a_file_by_itself() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/script");
    for directory in ["api", "rows", "values", "display", "engine"] {
        for file in crate::support::files_below(&root.join(directory)) {
            let text = fs::read_to_string(&file).unwrap();
            for call in ["fs::", "File::", "ResolvedPath::from", "&path.into()"] {
                assert!(!text.contains(call), "`{call}` in {}", file.display());
            }
        }
    }
}

/// The script tries `call` with each path, and prints the code of the error.
fn attack(call: &str, paths: &[String]) -> String {
    let call = call.replace("PATH", "path");
    format!(
        "let outcome = invite_all([]);\nfor path in {paths:?} {{ try {{ print(`${{{call}}} ${{path}}`); }} catch (e) {{ print(`${{e.error}} ${{path}}`); }} }}"
    )
}

fn refused(paths: &[String]) -> String {
    let lines = paths.iter().map(|path| format!("not_allowed {path}\n"));
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn no_permission_leads_to_them() {
    let project = project();
    let paths: Vec<String> = OWN_FILES.iter().map(|file| format!("../{file}")).collect();
    let named: Vec<&str> = paths.iter().map(String::as_str).collect();
    for (_, call) in CALLS {
        let project = &project;
        fs::write(project.path().join("attack.rhai"), attack(call, &paths)).unwrap();
        let run = |options: &[&str], words: &[&str]| {
            let line = [
                &["run", "--sandbox", "--api-key-file", "../key.txt"],
                options,
            ]
            .concat();
            project.run(&[line.as_slice(), &["attack.rhai"], words].concat())
        };
        // The directory is allowed, or all of them are.
        for allowed in ["..", "/"] {
            run(&["--allow-path", allowed], &[])
                .succeeds()
                .prints(&refused(&paths));
        }
        // Also in a dry run, which writes nothing.
        run(&["--allow-path", "..", "--dry-run"], &[])
            .succeeds()
            .prints(&refused(&paths));
        // The user names each file.
        fs::write(
            project.path().join("attack.rhai"),
            format!(
                "let files = arg(\"files\", \"Files\", []);\n{}",
                attack(call, &paths)
            ),
        )
        .unwrap();
        run(&[], &named).succeeds().prints(&refused(&paths));
    }
    assert!(
        !project
            .path()
            .join("../.config/gradient-bulk/config.toml")
            .exists()
    );
    assert_eq!(project.read("../key.txt"), format!("{KEY}\n"));
    assert!(
        project
            .read("../home/config.toml")
            .starts_with("[profiles.other]")
    );
}

/// A hard link has the name of a table and the content of the key file; writing to one would replace only the link, but is
/// refused as well.
#[cfg(unix)]
#[test]
fn no_link_leads_to_them() {
    let project = project();
    fs::remove_file(project.path().join("../home/history.txt")).unwrap();
    // A run creates the ledger.
    project
        .rehearse("invite_all([\"jane@example.com\"]);")
        .succeeds();
    let mut links = Vec::new();
    for (number, file) in [
        "key.txt",
        "profile.key",
        "home/config.toml",
        "home/ledger.db",
        "home/sandbox/sandbox.db",
    ]
    .iter()
    .enumerate()
    {
        let target = project.path().join("..").join(file);
        fs::hard_link(&target, project.path().join(format!("hard{number}.csv"))).unwrap();
        std::os::unix::fs::symlink(&target, project.path().join(format!("soft{number}.csv")))
            .unwrap();
        links.extend([format!("hard{number}.csv"), format!("soft{number}.csv")]);
    }
    let history = project.path().join("../home/history.txt");
    std::os::unix::fs::symlink(history, project.path().join("dangling.csv")).unwrap();
    links.push("dangling.csv".to_owned());
    for (_, call) in CALLS {
        let ran = project
            .rhai(
                &[
                    "--sandbox",
                    "--api-key-file",
                    "../key.txt",
                    "--allow-path",
                    "..",
                ],
                &attack(call, &links),
            )
            .succeeds()
            .prints(&refused(&links));
        assert!(!ran.to_string().contains(SECRET), "{ran}");
    }
    assert!(!project.path().join("../home/history.txt").exists());
    assert_eq!(project.read("hard0.csv"), format!("{KEY}\n"));
}

#[cfg(unix)]
#[test]
fn no_script_imports_or_runs_them() {
    let project = project();
    fs::hard_link(
        project.path().join("../key.txt"),
        project.path().join("key.rhai"),
    )
    .unwrap();
    fs::hard_link(
        project.path().join("../profile.key"),
        project.path().join("run.rhai"),
    )
    .unwrap();
    project
        .rhai(
            &["--sandbox", "--api-key-file", "../key.txt"],
            "let name = \"key\";\ntry { import name as key; } catch (e) { print(e.message); }",
        )
        .succeeds()
        .prints(
            "cannot read the script `key.rhai`: `key.rhai` contains an API key: scripts cannot use it\n",
        );
    for (number, (_, call)) in TEST_CALLS.iter().enumerate() {
        let call = call.replace("PATH", "\"run.rhai\"");
        let name = format!("own{number}_test.rhai");
        fs::write(
            project.path().join(&name),
            format!("fn test_it() {{ {call}; }}"),
        )
        .unwrap();
        project
            .run(&["test", &name])
            .exits(1)
            .shows("`run.rhai` contains an API key: scripts cannot use it");
    }
    fs::write(
        project.path().join("read_test.rhai"),
        "fn test_it() { read_lines(\"run.rhai\"); }",
    )
    .unwrap();
    project
        .run(&["test", "read_test.rhai"])
        .exits(1)
        .shows("`run.rhai` contains an API key: scripts cannot use it");
}

#[test]
fn the_message_names_what_the_file_is() {
    let project = project().file("read.rhai", "print(read_lines(arg(\"file\", \"A file\")));");
    for (file, what) in [
        ("../key.txt", "an API key"),
        ("../profile.key", "an API key"),
        ("../home/config.toml", "the configuration of gradient-bulk"),
        ("../home/ledger.db", "the ledger"),
        ("../home/history.txt", "the history of the prompt"),
        ("../home/sandbox/sandbox.db", "the data of the sandbox"),
    ] {
        project
            .run(&[
                "run",
                "--sandbox",
                "--api-key-file",
                "../key.txt",
                "read.rhai",
                file,
            ])
            .exits(1)
            .says(&format!(
                "error: `{file}` contains {what}: scripts cannot use it\n --> read.rhai:1:7"
            ))
            .says("hint: no option allows it; use another file");
    }
    project
        .run(&[
            "repl",
            "--sandbox",
            "--allow-path",
            "..",
            "-e",
            "read_lines(\"../profile.key\")",
        ])
        .exits(1)
        .says("error: `../profile.key` contains an API key: scripts cannot use it");
}

/// They are not secret, but a script that replaces them lifts a restriction.
#[test]
fn certificates_and_addresses_never_to_invite_can_be_read_and_not_written() {
    for (setting, content) in [
        ("ca_file", "certificates that gradient-bulk trusts"),
        ("never_invite", "addresses that are never invited"),
    ] {
        Project::new()
            .file("../list.txt", "a@example.com")
            .file(
                "../home/config.toml",
                format!("[profiles.other]\n{setting} = \"../list.txt\"\n"),
            )
            .rhai(
                &["--sandbox", "--allow-path", ".."],
                "print(read_lines(\"../list.txt\"));\nwrite_json(\"../list.txt\", 1);",
            )
            .exits(1)
            .prints("[\"a@example.com\"]\n")
            .says(&format!(
                "error: `../list.txt` contains {content}: scripts cannot write it"
            ));
    }
}

/// What `--api-key-file -` has read is not read again under another name of standard input.
#[cfg(unix)]
#[test]
fn standard_input_is_never_opened_again() {
    let project = Project::new()
        .file("../key.txt", format!("{KEY}\n"))
        .file("../both.txt", format!("{KEY}\nrow\n"));
    std::os::unix::fs::symlink("/dev/stdin", project.path().join("link.csv")).unwrap();
    std::os::unix::fs::symlink("link.csv", project.path().join("twice.csv")).unwrap();
    let mut paths = vec![
        "-",
        "/dev/stdin",
        "//dev/./stdin",
        "/dev/fd/0",
        "/dev/../dev/fd/0",
        "link.csv",
        "twice.csv",
    ];
    if cfg!(target_os = "linux") {
        paths.extend([
            "/proc/self/fd/0",
            "/proc/thread-self/fd/0",
            "/proc/self/task/../fd/0",
        ]);
    }
    for path in paths {
        for (input, rest) in [("../key.txt", "[]"), ("../both.txt", "[\"row\"]")] {
            for words in [String::new(), format!("--file={path}")] {
                fs::write(
                    project.path().join("read.rhai"),
                    format!("let file = arg(\"file\", \"A file\", {path:?});\nprint(read_lines(file));\nread_lines(file);"),
                )
                .unwrap();
                for options in ["", "--allow-path /", "--sandbox"] {
                    project
                        .shell(&format!("gradient-bulk run --api-key-file - {options} read.rhai {words} < {input}"))
                        .exits(1)
                        .prints(&format!("{rest}\n"))
                        .says("error: `standard input` was already read")
                        .never_says(SECRET);
                }
            }
        }
    }
}

/// The file that standard input came from is the key file.
#[cfg(unix)]
#[test]
fn the_key_file_behind_standard_input_is_refused_too() {
    for options in ["", "--sandbox"] {
        Project::new()
            .file("key.txt", format!("{KEY}\n"))
            .file("read.rhai", "print(read_lines(\"key.txt\"));")
            .shell(&format!(
                "gradient-bulk run --api-key-file - {options} read.rhai < key.txt"
            ))
            .exits(1)
            .prints("")
            .says("error: `key.txt` contains an API key: scripts cannot use it");
    }
}

/// The environment contains the key.
#[cfg(target_os = "linux")]
#[test]
fn files_about_processes_and_devices_are_refused() {
    let project = Project::new().env("GRADIENT_API_KEY", KEY);
    std::os::unix::fs::symlink("/proc/self/environ", project.path().join("link.csv")).unwrap();
    std::os::unix::fs::symlink("/proc/self", project.path().join("self")).unwrap();
    let paths: Vec<String> = [
        "/proc/self/environ",
        "/proc/thread-self/environ",
        "/proc/1/environ",
        "/proc/self/mem",
        "/proc/self/cmdline",
        "/proc/self/fd/3",
        "/dev/fd/3",
        "/dev/zero",
        "/dev/../proc/self/environ",
        "//proc/self/environ",
        "../../../../../../../../proc/self/environ",
        "link.csv",
        "self/environ",
    ]
    .iter()
    .map(|path| (*path).to_owned())
    .collect();
    for (_, call) in CALLS {
        let script = attack(call, &paths);
        fs::write(project.path().join("attack.rhai"), script).unwrap();
        project
            .shell("gradient-bulk run --sandbox --allow-path / attack.rhai 3< attack.rhai")
            .succeeds()
            .prints(&refused(&paths))
            .never_says(SECRET);
    }
    // A pipe can be named, and files about processes cannot.
    let read = "print(read_lines(arg(\"file\", \"A file\")));";
    fs::write(project.path().join("read.rhai"), read).unwrap();
    for path in [
        "/proc/self/environ",
        "link.csv",
        "self/environ",
        "/proc/self/cmdline",
    ] {
        project
            .run(&["run", "--sandbox", "read.rhai", path])
            .exits(1)
            .prints("")
            .says(&format!(
                "error: `{path}` is below `/dev` or `/proc`: scripts cannot use it"
            ));
    }
    project
        .shell("echo row | { gradient-bulk run --sandbox read.rhai /dev/fd/3; } 3<&0 < /dev/null")
        .succeeds()
        .prints("[\"row\"]\n");
}

#[cfg(unix)]
#[test]
fn devices_are_not_replaced() {
    let project = Project::new().file(
        "write.rhai",
        "write_csv(arg(\"out\", \"A file\"), [#{ a: 1 }]);",
    );
    project.shell("mkfifo pipe.csv").succeeds();
    project
        .run(&["run", "--sandbox", "write.rhai", "pipe.csv"])
        .exits(1)
        .says("error: cannot write `pipe.csv`: it is a pipe or a device");
    assert!(!project.path().join("pipe.csv").is_file());
}
