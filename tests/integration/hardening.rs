//! What the process does to protect itself when it starts.

use std::fs;

use crate::stub::{Stub, default_reply};
use crate::support::{KEY, Project, SECRET, files_below, has};

/// A core dump contains the key, so there is none.
#[test]
fn an_abort_leaves_no_core_dump() {
    let project = Project::new().env("GRADIENT_API_KEY", KEY);
    let mut server = project.start_shell("ulimit -c unlimited; exec gradient-bulk sandbox");
    server.wait_for("the sandbox serves ");
    if cfg!(target_os = "linux") {
        let limits = fs::read_to_string(format!("/proc/{}/limits", server.id())).unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max core"));
        let fields: Vec<&str> = line.unwrap().split_whitespace().collect();
        assert_eq!(fields, ["Max", "core", "file", "size", "0", "0", "bytes"]);
    }
    server.signal("ABRT");
    server.finish().exits(1006);
    for file in files_below(project.path().parent().unwrap()) {
        assert!(!has(&file, SECRET), "the key is in {}", file.display());
    }
}

/// Programs that this one starts may have the key in their memory, too.
#[test]
fn a_key_command_leaves_no_core_dump_either() {
    let project = Project::new().file(
        "../home/config.toml",
        format!("api_key_command = \"ulimit -c > limit; echo {KEY}\"\n"),
    );
    project.rhai(&["--max-retries", "0"], "exit(0);").succeeds();
    assert_eq!(project.read("limit"), "0\n");
}

#[test]
fn a_file_above_the_limit_is_an_error() {
    let project = Project::new().file(
        "script.rhai",
        "let text = \"0123456789\"; text.pad(4000, 'x'); write_json(\"new.json\", text);",
    );
    project
        .shell("ulimit -f 1; exec gradient-bulk run script.rhai")
        .exits(1)
        .says("error: cannot write `new.json`: File too large")
        .says("hint: `ulimit -f` allows files of ");
    assert!(!project.path().join("new.json").exists());
}

/// SQLite reports only an error of input or output.
#[test]
fn a_ledger_above_the_limit_names_it() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub).file(
        "script.rhai",
        "let people = [];\nfor i in 0..3000 { people.push(`person${i}@example.com`); }\ninvite_all(people);",
    );
    project
        .shell("ulimit -f 500; exec gradient-bulk run --yes script.rhai")
        .exits(1)
        .says("ledger.db` cannot grow: `ulimit -f` allows files of ")
        .says("hint: raise the limit, for example with `ulimit -f unlimited`");
}

#[test]
fn too_few_open_files_are_an_error_at_the_start() {
    let project = Project::new().file("script.rhai", "print(1);");
    for limit in 5..=63 {
        project
            .shell(&format!("ulimit -n {limit}; exec gradient-bulk run --sandbox script.rhai"))
            .exits(1)
            .prints("")
            .says(&format!(
                "error: cannot start: only {limit} files may be open (`ulimit -n`), and 64 are needed\n"
            ));
    }
    project
        .shell("ulimit -n 500; exec gradient-bulk run --sandbox --concurrency 256 script.rhai")
        .exits(1)
        .says("error: cannot start: only 500 files may be open (`ulimit -n`), and 576 are needed");
    project
        .shell("ulimit -n 96; exec gradient-bulk run --sandbox script.rhai")
        .succeeds()
        .prints("1\n");
    // The process raises a limit that it may raise.
    project
        .shell("ulimit -S -n 20; exec gradient-bulk run --sandbox script.rhai")
        .succeeds()
        .prints("1\n");
}

/// Others could read the addresses in the ledger, or configure a command.
#[test]
fn files_that_others_can_use_are_warned_about_once() {
    let project = Project::new()
        .file("../home/config.toml", "tz = \"UTC\"\n")
        .file("script.rhai", "invite_all([\"jane@example.com\"]);");
    let modes = |home: &str, config: &str, ledger: &str| {
        project
            .shell(&format!(
                "chmod {home} ../home && chmod {config} ../home/config.toml && {{ ! test -e ../home/ledger.db || chmod {ledger} ../home/ledger.db; }}"
            ))
            .succeeds();
    };
    let lines: [&[&str]; 4] = [
        &["run", "--sandbox", "script.rhai"],
        &["send", "1"],
        &["repl", "--sandbox", "-e", "1"],
        &["doctor", "--sandbox"],
    ];
    modes("700", "600", "600");
    for line in lines {
        project.run(line).never_says("others can");
    }
    let home = project.home().display().to_string();
    for (mode, what, hint) in [
        (
            ["700", "644", "600"],
            format!("read the configuration `{home}/config.toml`"),
            format!("`chmod 600 {home}/config.toml`"),
        ),
        (
            ["700", "620", "600"],
            format!("write the configuration `{home}/config.toml`"),
            format!("`chmod 600 {home}/config.toml`"),
        ),
        (
            ["770", "600", "600"],
            format!("replace the files of gradient-bulk in `{home}`"),
            format!("`chmod 700 {home}`"),
        ),
        (
            ["700", "600", "640"],
            format!("read the ledger `{home}/ledger.db`"),
            format!("`chmod 600 {home}/ledger.db`"),
        ),
        (
            ["700", "600", "606"],
            format!("write the ledger `{home}/ledger.db`"),
            format!("`chmod 600 {home}/ledger.db`"),
        ),
    ] {
        modes(mode[0], mode[1], mode[2]);
        for line in &lines[..3] {
            project.run(line).says_once(&format!(
                "warning: others can {what}\n  hint: {hint} makes it private\n"
            ));
        }
        project.run(lines[3]).shows("others can ").shows(&hint);
    }
    // The directory of a file decides, too.
    project.shell("mkdir shared && chmod 777 shared").succeeds();
    project
        .run(&[
            "run",
            "--sandbox",
            "--ledger",
            "shared/ledger.db",
            "script.rhai",
        ])
        .succeeds();
    project
        .run(&["run", "--sandbox", "--ledger", "shared/ledger.db", "script.rhai"])
        .says_once("warning: others can replace the ledger `shared/ledger.db`\n  hint: `chmod go-w shared` protects its directory\n");
}
