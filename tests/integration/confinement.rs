//! Files that a script can access: those below the working directory, and what the user allows or denies.

use crate::stub::{Stub, default_reply};
use crate::support::Project;

const PEOPLE: &str = "email,name\njane@example.com,Jane\n";
const COUNT: &str = "let file = arg(\"file\", \"A list\");\nprint(read_csv(file).len());";

/// A project, and files next to it that its scripts must not access.
fn project() -> Project {
    Project::new()
        .file("inside/people.csv", PEOPLE)
        .file(
            "../elsewhere/secret.csv",
            "email,name\nsecret@example.com,Secret\n",
        )
        .file("../elsewhere/days.txt", "2030-12-24\n")
        .file("../elsewhere/page.html", "old")
}

/// Every path to the file outside that needs no link.
fn ways_out(project: &Project) -> Vec<String> {
    let absolute = project
        .path()
        .with_file_name("elsewhere")
        .join("secret.csv");
    vec![
        "../elsewhere/secret.csv".to_owned(),
        "inside/../../elsewhere/secret.csv".to_owned(),
        "nowhere/../../elsewhere/secret.csv".to_owned(),
        "./inside/./../../elsewhere/secret.csv".to_owned(),
        absolute.display().to_string(),
    ]
}

#[test]
fn no_path_leads_a_script_out_of_the_working_directory() {
    let project = project();
    for path in ways_out(&project) {
        for call in [
            format!("read_csv({path:?})"),
            format!("scan_csv({path:?}, #{{ trim: true }})"),
            format!("read_xlsx({path:?})"),
            format!("read_lines({path:?})"),
            format!("read_json({path:?})"),
            format!("now().plus_business_days(1, {path:?})"),
            format!("write_csv({path:?}, [#{{ a: 1 }}]); ()"),
            format!("write_csv({path:?}, [#{{ a: 1 }}], #{{ overwrite: true }}); ()"),
            format!("write_json({path:?}, 1); ()"),
            format!("write_report({path:?}, []); ()"),
            format!("invite_all([\"jane@example.com\"]).write_csv({path:?}); ()"),
        ] {
            project
                .rehearse(&format!("let it = {{ {call} }};\nprint(it);"))
                .exits(1)
                .prints("")
                .says(&format!("error: `{path}` is outside the working directory"))
                .says("--> script.rhai:1:")
                .says("hint: `--allow-path ")
                .never_says("secret@example.com");
        }
    }
    assert!(project.read("../elsewhere/secret.csv").contains("Secret"));
    assert_eq!(project.read("../elsewhere/page.html"), "old");
}

#[test]
fn scripts_cannot_find_out_whether_a_file_outside_exists() {
    let project = project();
    for path in ["../elsewhere/secret.csv", "../elsewhere/missing.csv"] {
        project
            .rhai(&[], &format!("try {{ read_csv({path:?}); }} catch (e) {{ print(`${{e.error}} ${{\"is_missing\" in e}}`); }}"))
            .succeeds()
            .prints("not_allowed false\n");
    }
}

#[cfg(unix)]
#[test]
fn links_to_outside_files_are_refused() {
    use std::os::unix::fs::symlink;
    let project = project();
    let inside = |name: &str| project.path().join(name);
    symlink("../elsewhere/secret.csv", inside("file.csv")).unwrap();
    symlink("../elsewhere", inside("directory")).unwrap();
    symlink("../../elsewhere", inside("inside/middle")).unwrap();
    symlink("file.csv", inside("twice.csv")).unwrap();
    symlink("../elsewhere/new.csv", inside("dangling.csv")).unwrap();
    for path in [
        "file.csv",
        "directory/secret.csv",
        "inside/middle/secret.csv",
        "twice.csv",
        "dangling.csv",
    ] {
        for call in [
            format!("read_csv({path:?})"),
            format!("write_csv({path:?}, [#{{ a: 1 }}])"),
            format!("write_json({path:?}, 1)"),
        ] {
            project
                .rhai(&[], &format!("{call};"))
                .exits(1)
                .says(&format!(
                    "error: `{path}` leads outside the working directory, through a link"
                ))
                .says("--> script.rhai:1:");
        }
    }
    assert!(project.read("../elsewhere/secret.csv").contains("Secret"));
    assert!(
        !project
            .path()
            .with_file_name("elsewhere")
            .join("new.csv")
            .exists()
    );
}

#[cfg(unix)]
#[test]
fn links_to_inside_files_are_followed_and_kept() {
    use std::os::unix::fs::symlink;
    let project = project();
    symlink("inside/people.csv", project.path().join("link.csv")).unwrap();
    symlink(
        project.path().join("inside"),
        project.path().join("absolute"),
    )
    .unwrap();
    project
        .rhai(&[], "print(read_csv(\"link.csv\").len() + read_csv(\"absolute/people.csv\").len());\nwrite_csv(\"absolute/new.csv\", [#{ a: 1 }]);")
        .succeeds()
        .prints("2\n");
    assert_eq!(project.read("inside/new.csv"), "a\n1\n");
    project
        .rhai(&[], "write_csv(\"link.csv\", [#{ a: 2 }]);")
        .succeeds();
    assert_eq!(project.read("inside/people.csv"), "a\n2\n");
    assert!(project.path().join("link.csv").is_symlink());
}

#[test]
fn a_directory_can_be_allowed() {
    let project = project();
    let script = "print(read_csv(\"../elsewhere/secret.csv\").len());\nwrite_json(\"../elsewhere/new.json\", 1);";
    project
        .rhai(
            &["--allow-path", "inside", "--allow-path", "../elsewhere"],
            script,
        )
        .succeeds()
        .prints("1\n");
    assert_eq!(project.read("../elsewhere/new.json"), "1\n");
    project
        .rhai(&["--allow-path", "../missing"], script)
        .exits(2)
        .says("error: cannot allow files below `../missing`: ");
}

#[test]
fn a_file_that_the_user_names_is_allowed_but_not_others_next_to_it() {
    let project = project();
    project
        .file("count.rhai", COUNT)
        .run(&["run", "count.rhai", "../elsewhere/secret.csv"])
        .succeeds()
        .prints("1\n");
    let project = self::project().file(
        "copy.rhai",
        "let out = arg(\"out\", \"Where\", \"o.csv\");\nwrite_csv(out, [#{ a: 1 }]);\nwrite_csv(out + \".bak\", [#{ a: 1 }]);",
    );
    project
        .run(&["run", "copy.rhai", "--out=../elsewhere/new.csv"])
        .exits(1)
        .says("error: `../elsewhere/new.csv.bak` is outside the working directory")
        .says("--> copy.rhai:3:");
    assert_eq!(project.read("../elsewhere/new.csv"), "a\n1\n");
}

#[test]
fn a_default_of_the_script_is_not_allowed() {
    project()
        .rhai(
            &[],
            "let file = arg(\"file\", \"A list\", \"../elsewhere/secret.csv\");\nread_csv(file);",
        )
        .exits(1)
        .says("is outside the working directory");
}

#[test]
fn deny_write_also_applies_to_dry_runs() {
    let project = project();
    for options in [&["--deny-write"][..], &["--deny-write", "--dry-run"]] {
        project
            .rhai(
                options,
                "write_csv(\"new.csv\", read_csv(\"inside/people.csv\"));",
            )
            .exits(1)
            .says("error: `new.csv` may not be written: `--deny-write` forbids it")
            .says("--> script.rhai:1:")
            .says("hint: leave out `--deny-write`");
    }
    assert!(!project.path().join("new.csv").exists());
    project
        .rhai(&["--dry-run"], "write_json(\"../elsewhere/new.json\", 1);")
        .exits(1)
        .says("is outside the working directory");
}

#[test]
fn the_prompt_has_the_same_limits() {
    let project = project();
    project
        .run(&[
            "repl",
            "--sandbox",
            "-e",
            "read_csv(\"../elsewhere/secret.csv\")",
        ])
        .exits(1)
        .says("is outside the working directory");
    project
        .run(&[
            "repl",
            "--sandbox",
            "--deny-write",
            "-e",
            "write_json(\"a.json\", 1)",
        ])
        .exits(1)
        .says("`--deny-write` forbids it");
    project
        .run(&[
            "repl",
            "--sandbox",
            "--allow-path",
            "..",
            "-e",
            "read_csv(\"../elsewhere/secret.csv\").len()",
        ])
        .succeeds()
        .prints("1\n");
}

#[test]
fn tests_have_the_same_limits() {
    let project = project().file(
        "a_test.rhai",
        "fn test_reading() { read_csv(\"../elsewhere/secret.csv\"); }\nfn test_running() { run_script(\"../elsewhere/secret.csv\", []); }\nfn test_writing() { write_json(\"a.json\", 1); print(read_json(\"a.json\")); }",
    );
    project
        .run(&["test", "a_test.rhai", "--filter", "reading"])
        .exits(1)
        .shows("is outside the working directory");
    project
        .run(&["test", "a_test.rhai", "--filter", "running"])
        .exits(1)
        .shows("is outside the working directory");
    project
        .run(&[
            "test",
            "a_test.rhai",
            "--allow-path",
            "../elsewhere",
            "--filter",
            "reading",
        ])
        .succeeds();
    project
        .run(&["test", "a_test.rhai", "--filter", "writing"])
        .succeeds();
    project
        .run(&["test", "a_test.rhai", "--deny-write", "--filter", "writing"])
        .exits(1)
        .shows("`a.json` may not be written: `--deny-write` forbids it");
}

#[cfg(unix)]
#[test]
fn a_script_does_not_wait_for_a_pipe_without_a_writer() {
    let project = project();
    project.shell("mkfifo pipe").succeeds();
    for call in [
        "read_csv(\"pipe\")",
        "read_lines(\"pipe\")",
        "import \"pipe\" as p",
    ] {
        project
            .rhai(&[], &format!("{call};"))
            .exits(1)
            .says("--> script.rhai:1:");
    }
    project
        .rhai(&["--allow-path", "/dev"], "read_json(\"/dev/zero\");")
        .exits(1)
        .says("error: `/dev/zero` is below `/dev` or `/proc`: scripts cannot use it");
}

#[cfg(unix)]
#[test]
fn standard_input_and_pipes_that_the_user_names_are_allowed() {
    let project = project().file("count.rhai", COUNT);
    for words in ["-", "/dev/stdin"] {
        project
            .shell(&format!(
                "gradient-bulk run count.rhai {words} < inside/people.csv"
            ))
            .succeeds()
            .prints("1\n");
    }
    project
        .shell("mkfifo pipe; cat inside/people.csv > pipe & gradient-bulk run count.rhai pipe")
        .succeeds()
        .prints("1\n");
}

#[test]
fn deny_send_refuses_every_change_at_the_api() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    for (call, name) in [
        ("invite(#{ email: \"jane@example.com\" })", "invite"),
        ("invite_all([\"jane@example.com\"])", "invite_all"),
        ("score(\"00000000-0000-0000-0000-000000000000\")", "score"),
        ("score_all([])", "score_all"),
    ] {
        project
            .rhai(&["--yes", "--deny-send"], &format!("{call};"))
            .exits(1)
            .says(&format!(
                "error: `{name}` changes something at the API, and `--deny-send` forbids it"
            ))
            .says("--> script.rhai:1:")
            .says("hint: `--dry-run` shows what a script would send");
    }
    project
        .rhai(&["--yes", "--deny-send"], "list_assessments();\ntry { invite_all([\"jane@example.com\"]); } catch (e) { print(e.error); }")
        .succeeds()
        .prints("not_allowed\n");
    assert!(
        stub.requests()
            .iter()
            .all(|request| request.method == "GET")
    );
    project
        .run(&["run", "--help"])
        .succeeds()
        .shows("--deny-send")
        .shows("--allow-path <DIR>")
        .shows("--deny-write");
}

/// Allowing a directory would not help, so the hint does not suggest it.
#[cfg(unix)]
#[test]
fn an_invalid_path_gets_no_hint_about_permissions() {
    let project = project();
    std::os::unix::fs::symlink("circle", project.path().join("circle")).unwrap();
    for path in ["", "circle", "circle/people.csv"] {
        for call in ["read_csv", "read_lines", "read_json"] {
            project
                .rehearse(&format!("{call}({path:?});"))
                .exits(1)
                .says(&format!("error: cannot open `{path}`: "))
                .never_says("--allow-path");
        }
        // Writing may replace a link that leads nowhere.
        if path != "circle" {
            project
                .rehearse(&format!("write_csv({path:?}, [#{{ a: 1 }}]);"))
                .exits(1)
                .says(&format!("error: cannot write `{path}`: "))
                .never_says("--allow-path");
        }
    }
}
