//! `new`: creates a script, also from a shipped one.

use crate::support::{Project, Ran};

const PEOPLE: &str =
    "name,email,team\nJane Smith,jane@example.com,design\nJohn Doe,john@example.com,alumni\n";

/// The command that the program suggests to run next.
fn suggested_command(ran: &Ran) -> &str {
    let (_, rest) = ran.stdout.split_once("sandbox: `gradient-bulk ").unwrap();
    rest.split('`').next().unwrap()
}

#[test]
fn a_new_script_runs_with_the_suggested_command() {
    let project = Project::new().file("people.csv", PEOPLE);
    let ran = project.run(&["new", "mine"]).succeeds();
    assert_eq!(
        ran.stdout,
        "wrote mine.rhai\ntry it against the sandbox: `gradient-bulk run --sandbox mine.rhai FILE`\n"
    );
    let command = suggested_command(&ran).replace("FILE", "people.csv");
    let words: Vec<&str> = command.split(' ').collect();
    project
        .run(&words)
        .succeeds()
        .says("1 skipped: alumni are invited by hand")
        .shows("2 rows: 1 created");
    assert!(project.read("invited.csv").contains("jane@example.com"));
    // Its first lines are its help.
    project
        .run(&["run", "mine.rhai", "--help"])
        .succeeds()
        .shows("Invites everyone in a CSV file, with a deadline by your own rules.");
}

#[test]
fn every_shipped_script_can_be_copied() {
    let project = Project::new();
    let list = project.run(&["scripts"]).succeeds().stdout;
    assert!(!list.contains("starter"), "{list}");
    for line in list.lines() {
        let name = line.split_whitespace().next().unwrap();
        let file = format!("in/two/{name}/copy.rhai");
        project
            .run(&["new", &file, "--from", name])
            .succeeds()
            .shows(&format!("wrote {file}\n"));
        let shipped = format!("{}/scripts/{name}.rhai", env!("CARGO_MANIFEST_DIR"));
        let shipped = std::fs::read_to_string(shipped).unwrap();
        assert_eq!(project.read(&file), shipped);
        project.run(&["run", &file, "--help"]).succeeds();
    }
}

#[test]
fn no_file_is_overwritten() {
    let project = Project::new()
        .file("mine.rhai", "print(1);")
        .file("directory/a.txt", "");
    for (file, shown) in [
        ("mine", "mine.rhai"),
        ("mine.rhai", "mine.rhai"),
        ("directory", "directory"),
    ] {
        project
            .run(&["new", file, "--from", "invite_csv"])
            .exits(2)
            .prints("")
            .reports(&format!(
                "error: `{shown}` already exists\n |\n = hint: choose another name: existing files are never overwritten\n"
            ));
    }
    assert_eq!(project.read("mine.rhai"), "print(1);");
    project
        .run(&["new", "mine.rhai/below"])
        .exits(1)
        .says("error: cannot write `");
}

#[test]
fn an_unknown_shipped_script_gets_a_suggestion() {
    let project = Project::new();
    project
        .run(&["new", "mine", "--from", "invite_cvs"])
        .exits(2)
        .says("error: no shipped script `invite_cvs`")
        .says("hint: did you mean `invite_csv`?");
    project
        .run(&["new", "mine", "--from", "starter"])
        .exits(2)
        .says("hint: `gradient-bulk scripts` lists them");
    assert!(!project.path().join("mine.rhai").exists());
}

#[test]
fn a_path_with_spaces_is_quoted_in_the_suggested_command() {
    let project = Project::new();
    let ran = project.run(&["new", "my scripts/first one"]).succeeds();
    assert!(
        suggested_command(&ran).ends_with("\"my scripts/first one.rhai\" FILE"),
        "{ran}"
    );
}
