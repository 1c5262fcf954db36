//! A key in the wrong place: as an option, an argument, a setting or a script. No message repeats it.

use crate::help::commands;
use crate::support::{KEY, Project, Ran, Running, SECRET, files_below, has};

#[track_caller]
fn assert_hidden(ran: &Ran) {
    assert!(!ran.to_string().contains(SECRET), "{ran}");
    assert!(!ran.to_string().contains("MARKED"), "{ran}");
}

fn project() -> Project {
    Project::new().file("script.rhai", "print(1);").file(
        "list.rhai",
        "let words = arg(\"words\", \"Words\", []);\nprint(1);",
    )
}

/// Runs the program with a variable.
fn run_with(project: &Project, variable: &str, value: &str, words: &[&str]) -> Ran {
    let mut command = project.program(words);
    command.env(variable, value);
    Running::spawn(command).finish()
}

/// The options of `command` that take a value, and those that take none.
fn options(project: &Project, command: &str) -> Vec<String> {
    let help = project.run(&[command, "--help"]).succeeds().stdout;
    let words = help.split_whitespace();
    let mut options: Vec<String> = words
        .filter(|word| word.starts_with("--"))
        .map(|word| {
            word.trim_end_matches([',', '.', ';', ')', ':', '`'])
                .to_owned()
        })
        .filter(|word| !["--", "--help"].contains(&word.as_str()))
        .collect();
    options.sort();
    options.dedup();
    options
}

#[test]
fn no_option_and_no_argument_repeats_it() {
    let project = project();
    let mut tried = 0;
    for command in commands() {
        for option in options(&project, &command) {
            let assigned = format!("{option}={KEY}");
            for words in [&[option.as_str(), KEY][..], &[&assigned]] {
                let line = [&[command.as_str()], words].concat();
                if command == "sandbox" && option == "--quiet" {
                    continue;
                }
                assert_hidden(&project.run(&line));
                tried += 1;
            }
        }
        for words in [
            &[KEY][..],
            &[&format!("--{KEY}")],
            &[&format!("--{KEY}=1")],
            &["--api-key", KEY],
            &[&format!("-{KEY}")],
            &[&format!("dir/{KEY}")],
            &["script.rhai", KEY],
            &["script.rhai", &format!("--{KEY}")],
        ] {
            assert_hidden(&project.run(&[&[command.as_str()], words].concat()));
        }
    }
    assert!(tried > 100, "only {tried} options");
    for words in [
        &[KEY][..],
        &[&format!("--{KEY}")],
        &[&format!("--help={KEY}")],
    ] {
        assert_hidden(&project.run(words));
    }
}

#[test]
fn no_setting_repeats_it() {
    for name in [
        "api_url",
        "assessment",
        "tz",
        "rate",
        "concurrency",
        "api_key",
        "api_key_file",
        "api_key_command",
        "ca_file",
        "allow",
        "max_invites",
        "never_invite",
        "unknown",
    ] {
        for setting in [
            format!("{name} = \"{KEY}\""),
            format!("{name} = [\"{KEY}\"]"),
            format!("{name} = \"dir/{KEY}\""),
            format!("{name} = \"https://{KEY}@127.0.0.1:9\""),
            format!("{name} = {KEY}"),
            format!("[profiles.{KEY}]\n{name} = 1"),
            format!("[profiles.one.{KEY}]"),
            format!("[{KEY}]"),
        ] {
            let project = project().file("../home/config.toml", format!("{setting}\n"));
            for line in [
                &["doctor"][..],
                &["doctor", "--json"],
                &["run", "--profile", "one", "script.rhai"],
            ] {
                let line = [&line[..1], &["--timeout", "0.1"], &line[1..]].concat();
                assert_hidden(&run_with(
                    &project,
                    "HTTPS_PROXY",
                    "http://127.0.0.1:9",
                    &line,
                ));
            }
        }
    }
    for variable in [
        "GRADIENT_API_URL",
        "GRADIENT_ASSESSMENT_ID",
        "TZ",
        "GRADIENT_BULK_HOME",
        "HTTPS_PROXY",
    ] {
        let project = project();
        for line in [
            &["doctor"][..],
            &["run", "script.rhai"],
            &["run", "--sandbox", "script.rhai"],
        ] {
            assert_hidden(&run_with(&project, variable, KEY, line));
        }
    }
}

#[test]
fn no_script_repeats_it() {
    let key_script = Project::new().file("key.txt", format!("{KEY}\n"));
    for line in [
        &["run", "key.txt"][..],
        &["run", "--sandbox", "key.txt"],
        &["check", "key.txt"],
        &["repl", "--sandbox", "key.txt"],
        &["test", "key.txt"],
    ] {
        let ran = key_script.run(line);
        assert_hidden(&ran);
        assert!(
            ran.to_string()
                .contains("`key.txt` contains an API key, not a script"),
            "{ran}"
        );
    }
    let project = project();
    for line in [
        &["repl", "--sandbox", "-e", KEY][..],
        &["repl", "--sandbox", "-e", &format!("read_csv(\"{KEY}\")")],
        &[
            "repl",
            "--sandbox",
            "-e",
            &format!("fn f() {{ throw \"{KEY}\" }} f()"),
        ],
        &[
            "repl",
            "--sandbox",
            "-e",
            &format!("let x = 1 +* 2; // {KEY}"),
        ],
    ] {
        let ran = project.run(line).exits(1);
        assert_hidden(&ran);
    }
}

/// A script that accepts every word gets the key; the ledger does not.
#[test]
fn the_ledger_does_not_store_arguments_with_a_key() {
    let project = project().file(
        "invite.rhai",
        "let words = arg(\"words\", \"Words\", []);\ninvite_all([\"jane@example.com\"]);",
    );
    assert_hidden(
        &project
            .run(&["run", "--sandbox", "invite.rhai", KEY, "other"])
            .succeeds(),
    );
    let shown = project
        .run(&["runs", "1"])
        .succeeds()
        .shows("invite.rhai 'gai_…' other");
    assert_hidden(&shown);
    for file in files_below(&project.home()) {
        assert!(!has(&file, SECRET), "the key is in {}", file.display());
    }
}

#[test]
fn an_email_address_that_looks_like_a_key_is_shown() {
    project()
        .rehearse("invite_all([\"gai_tanaka@example.com\"]);")
        .succeeds()
        .says("<gai_tanaka@example.com>");
}
