//! What a script writes without permission: files for data, and nothing that a shell or another program runs.

use std::fs;

use crate::support::Project;

/// The calls that write a file, with `PATH` for its path.
const CALLS: [&str; 8] = [
    "ensure_writable(PATH)",
    "write_csv(PATH, [#{ a: 1 }])",
    "write_csv(PATH, [[1]], [\"a\"])",
    "write_json(PATH, 1)",
    "write_report(PATH, [])",
    "write_text(PATH, \"\")",
    "write_xlsx(PATH, [#{ a: 1 }])",
    "invite_all([\"jane@example.com\"]).write_csv(PATH)",
];

/// Names that a script must not write without permission, and whether it is because they are hidden.
const REFUSED: [(&str, bool); 16] = [
    (".bashrc", false),
    (".csv", false),
    ("run.sh", false),
    ("run", false),
    ("Makefile", false),
    ("config.toml", false),
    ("a.csv.sh", false),
    ("a.csv.", false),
    ("a.csv ", false),
    ("a.rhai", false),
    (".a.csv", true),
    (".config/a.csv", true),
    ("./.config/../.config/a.csv", true),
    ("inside/.deep/a.csv", true),
    ("inside/../.config/new.json", true),
    ("...csv", true),
];

fn project() -> Project {
    Project::new()
        .file(".config/old.csv", "old")
        .file("inside/.deep/old.csv", "old")
}

#[test]
fn a_script_writes_only_files_for_data() {
    let project = project();
    for (path, is_hidden) in REFUSED {
        let reason = if is_hidden {
            "it is hidden, or in a hidden directory"
        } else {
            "its name does not end in csv, tsv, txt, md, json, jsonl, html, xlsx, eml or ics"
        };
        for call in CALLS {
            let call = call.replace("PATH", &format!("{path:?}"));
            project
                .rehearse(&format!("{call};"))
                .exits(1)
                .says(&format!("error: `{path}` may not be written: {reason}\n"))
                .says("--> script.rhai:1:")
                .says("`--allow-path DIR` before the script allows every name");
        }
        assert!(!project.path().join(path).exists(), "{path}");
    }
    for path in [
        "a.csv",
        "A.CSV",
        "b.tsv",
        "c.txt",
        "d.Md",
        "e.json",
        "f.jsonl",
        "g.html",
        "h.xlsx",
        "i.eml",
        "j.ics",
        "inside/k.sh.csv",
        "./inside/../l.csv",
    ] {
        project
            .rehearse(&format!("write_json({path:?}, 1);"))
            .succeeds();
        assert_eq!(project.read(path), "1\n");
    }
    project
        .rehearse("write_json(\"a.csv/\", 1);")
        .exits(1)
        .says("error: cannot write `a.csv/`: is a directory");
}

#[cfg(unix)]
#[test]
fn links_to_refused_places_are_refused() {
    use std::os::unix::fs::symlink;
    let project = project().file(".profile", "old");
    symlink(".config", project.path().join("out")).unwrap();
    symlink(".profile", project.path().join("a.csv")).unwrap();
    symlink("run.sh", project.path().join("dangling.csv")).unwrap();
    for path in ["out/old.csv", "out/new.csv", "a.csv", "dangling.csv"] {
        project
            .rehearse(&format!("write_json({path:?}, 1);"))
            .exits(1)
            .says(&format!("error: `{path}` may not be written: "));
    }
    assert_eq!(project.read(".config/old.csv"), "old");
    assert_eq!(project.read(".profile"), "old");
    assert!(!project.path().join("run.sh").exists());
    // Hidden files may be read.
    project
        .rehearse("print(read_lines(\".config/old.csv\"));")
        .succeeds()
        .prints("[\"old\"]\n");
}

#[test]
fn permissions_and_arguments_allow_every_name() {
    let project = project();
    for (path, _) in REFUSED {
        project
            .rhai(
                &["--sandbox", "--allow-path", "."],
                &format!("write_json({path:?}, 1);"),
            )
            .succeeds();
        assert_eq!(project.read(path), "1\n");
        fs::remove_file(project.path().join(path)).unwrap();
    }
    let project = project.file(
        "write.rhai",
        "let out = arg(\"out\", \"A file\");\nwrite_json(out, 1);\nwrite_json(out + \".sh\", 1);",
    );
    project
        .run(&["run", "--sandbox", "write.rhai", ".config/links"])
        .exits(1)
        .says("error: `.config/links.sh` may not be written: ")
        .says("--> write.rhai:3:");
    assert_eq!(project.read(".config/links"), "1\n");
}

#[test]
fn tests_and_the_prompt_have_the_same_rule() {
    let project = project().file(
        "a_test.rhai",
        "fn test_shell() { write_json(\"run.sh\", 1); }\nfn test_hidden() { write_json(\".config/a.csv\", 1); }\nfn test_data() { write_json(\"a.csv\", 1); }",
    );
    project
        .run(&["test", "a_test.rhai"])
        .exits(1)
        .shows("`run.sh` may not be written: its name does not end in csv")
        .shows("`.config/a.csv` may not be written: it is hidden")
        .shows("1 passed; 2 failed");
    project
        .run(&["repl", "--sandbox", "-e", "write_json(\".bashrc\", 1)"])
        .exits(1)
        .says("error: `.bashrc` may not be written: ");
}

/// The attack that this rule is about: a configuration file that runs a command, or a file that the shell runs.
#[test]
fn a_script_in_the_home_directory_cannot_run_commands() {
    let project = Project::new().file("../.config/gradient-bulk/note.txt", "");
    let home = project.path().parent().unwrap().to_owned();
    fs::write(
        home.join("attack.rhai"),
        "for path in [\".config/gradient-bulk/config.toml\", \".bashrc\", \".config/autostart.txt\"] {\ntry { write_csv(path, [[1]], [\"api_key_command = 'touch owned'\"]); } catch (e) { print(e.error); } }",
    )
    .unwrap();
    let mut command = project.program(&["run", "--sandbox", "attack.rhai"]);
    command.current_dir(&home).env_remove("GRADIENT_BULK_HOME");
    crate::support::Running::spawn(command)
        .finish()
        .succeeds()
        .prints("not_allowed\nnot_allowed\nnot_allowed\n")
        .says_once("warning: the working directory contains ");
    assert!(!home.join(".bashrc").exists());
    assert!(!home.join(".config/gradient-bulk/config.toml").exists());
}

#[test]
fn a_working_directory_with_own_files_is_warned_about_once() {
    let warning = |what: &str, path: &str| {
        format!(
            "warning: the working directory contains {what}, `{path}`\n  hint: run scripts in a directory of their own\n"
        )
    };
    let key = "gai_0123456789";
    let project = Project::new()
        .file("key.txt", key)
        .file("a.rhai", "print(1);");
    project.shell("chmod 600 key.txt").succeeds();
    for command in ["run", "repl"] {
        project
            .run(&[command, "--sandbox", "--api-key-file", "key.txt", "a.rhai"])
            .succeeds()
            .says_once(&warning("an API key", "key.txt"));
    }
    Project::new()
        .env("GRADIENT_BULK_HOME", ".")
        .file("config.toml", "tz = \"UTC\"\n")
        .rehearse("print(1);")
        .succeeds()
        .says_once(&warning(
            "the configuration of gradient-bulk",
            "./config.toml",
        ));
    Project::new()
        .env("GRADIENT_BULK_HOME", "below")
        .file("below/note.txt", "")
        .rehearse("print(1);")
        .succeeds()
        .says_once(&warning("the home directory of gradient-bulk", "below"));
    // Other directories get no warning.
    Project::new()
        .file("../home/config.toml", "tz = \"UTC\"\n")
        .rehearse("print(1);")
        .succeeds()
        .never_says("the working directory contains");
}
