//! What the process does to protect itself when it starts.

use std::fs;

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
        .says("error: cannot write `new.json`: File too large");
    assert!(!project.path().join("new.json").exists());
}
