//! Wrong command lines: their messages, and hints at what was probably meant.

use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran};

const PEOPLE: &str = "name,email\nJane Doe,jane@example.com\n";

fn project() -> Project {
    Project::new().file("people.csv", PEOPLE)
}

fn planned() -> Project {
    let project = project();
    project
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .succeeds();
    project
}

fn refused(arguments: &[&str]) -> Ran {
    project().run(arguments).exits(2).prints("")
}

#[test]
fn a_script_option_before_the_script_gets_a_hint() {
    let misplaced = [
        "run",
        "--sandbox",
        "--out",
        "x.csv",
        "invite_csv",
        "people.csv",
    ];
    refused(&misplaced)
        .says("error: unexpected argument '--out' found")
        .says("hint: `--out` is an option of the script: put it after `invite_csv`")
        .never_says("-- --out");
    // What clap knows better stays.
    refused(&["--sandbox", "run", "invite_csv", "people.csv"]).says("'run --sandbox' exists");
    refused(&["run", "--nonsense", "invite_csv", "people.csv"])
        .never_says("hint:")
        .never_says("-- --nonsense")
        .says("found\n\nUsage: ");
}

/// A list is never read for a hint.
#[test]
fn only_files_named_like_scripts_are_read_for_hints() {
    let script = "let days = arg(\"days\", \"how many\", 3);\n";
    let project = project().file("days.rhai", script).file("days.csv", script);
    let put_before = |file: &str| project.run(&["run", "--days", "5", file]).exits(2);
    put_before("days.rhai")
        .says("hint: `--days` is an option of the script: put it after `days.rhai`");
    put_before("days.csv").never_says("hint:");
}

#[test]
fn a_misspelled_script_option_gets_a_suggestion() {
    refused(&["run", "invite_csv", "people.csv", "--ot", "x.csv"])
        .says("tip: a similar argument exists: '--out'")
        .says("Usage: gradient-bulk run invite_csv [OPTIONS] <FILE>\n")
        .never_says("-- --ot");
    refused(&["run", "invite_csv", "people.csv", "--encodin", "x"])
        .says("tip: a similar argument exists: '--encoding'")
        .says("Usage: gradient-bulk run invite_csv [OPTIONS] <FILE>\n");
}

#[test]
fn malformed_numbers_are_explained() {
    let cases: [(&[&str], &str); 11] = [
        (
            &["run", "--first", "0", "x"],
            "a whole number of 1 or more is needed",
        ),
        (
            &["run", "--max-invites", "-3", "x"],
            "a whole number of 0 or more is needed",
        ),
        (
            &["run", "--concurrency", "0", "x"],
            "a whole number from 1 to 256 is needed",
        ),
        (
            &["run", "--max-retries", "101", "x"],
            "a whole number from 0 to 100 is needed",
        ),
        (
            &["run", "--rate", "-1", "x"],
            "a number of requests per second from 0.01 to 10000 is needed",
        ),
        (
            &["run", "--timeout", "-1", "x"],
            "a number of seconds from 0.001 to 86400 is needed",
        ),
        (
            &["test", "--jobs", "0", "x"],
            "a whole number of 1 or more is needed",
        ),
        (
            &["sandbox", "--port", "99999"],
            "a whole number from 0 to 65535 is needed",
        ),
        (&["sandbox", "--speed", "fast"], "a number is needed"),
        (
            &["run", "invite_deadlines", "people.csv", "--days", "five"],
            "'--days <DAYS>': a whole number is needed",
        ),
        (
            &[
                "run",
                "invite_deadlines",
                "people.csv",
                "--days",
                "9223372036854775808",
            ],
            "'--days <DAYS>': the number is too large",
        ),
    ];
    for (arguments, words) in cases {
        refused(arguments).says(words);
    }
}

#[test]
fn a_script_without_run_gets_the_whole_command_line() {
    refused(&["invite_csv", "my people.csv"])
        .says("hint: to run a script: `gradient-bulk run invite_csv 'my people.csv'`");
    refused(&["invit_csv"]).says("hint: to run a script: `gradient-bulk run invite_csv`");
    refused(&["nonsense"]).never_says("hint:");
}

#[test]
fn a_list_in_place_of_the_script_gets_a_hint() {
    refused(&["run", "people.csv"])
        .says("error: `people.csv` is a data file, not a script")
        .says("`gradient-bulk run invite_csv people.csv`");
}

#[test]
fn last_is_the_newest_run() {
    let project = planned();
    project
        .run(&["run", "--sandbox", "--dry-run", "invite_csv", "people.csv"])
        .succeeds();
    project
        .run(&["runs", "last"])
        .shows("run 2: planned; nothing was sent\n");
    project
        .run(&["send", "--sandbox", "last"])
        .succeeds()
        .says("run 2: 1 row: ");
    project
        .run(&["runs", "last", "--delete", "--yes"])
        .succeeds();
    project.run(&["runs", "last"]).shows("run 1: done\n");
}

#[test]
fn last_without_runs_is_an_error() {
    let project = project();
    for command in ["runs", "send"] {
        project
            .run(&[command, "last"])
            .exits(2)
            .says("error: there are no runs yet");
    }
    project
        .run(&["runs", "latest"])
        .exits(2)
        .says("a run is a number, such as 12, or `last`");
}

#[test]
fn json_is_format_json() {
    let project = planned();
    for run in [&["runs"][..], &["runs", "1"], &["runs", "1", "--created"]] {
        let by_flag = project.run(&[run, &["--json"]].concat()).succeeds();
        let by_format = project.run(&[run, &["--format", "json"]].concat());
        assert!(by_flag.stdout.starts_with("[\n{\"run\":1,"), "{by_flag}");
        assert_eq!(by_flag.stdout, by_format.stdout);
    }
}

#[test]
fn a_run_without_rows_is_not_kept() {
    let project = project();
    project
        .run(&["run", "invite_csv", "people.csv"])
        .exits(4)
        .says("error: no API key");
    let stub = Stub::start(default_reply);
    let gone = format!("http://{}", stub.address());
    drop(stub);
    let options = ["--api-url", &gone, "--max-retries", "0", "--json"];
    let keyed = project
        .env("GRADIENT_API_KEY", "gai_1234567890")
        .env("GRADIENT_ASSESSMENT_ID", "anything");
    let ran = keyed.run(&[&["run"], &options[..], &["invite_csv", "people.csv"]].concat());
    ran.exits(1)
        .says("error: cannot connect to ")
        .shows("\"runs\":[],");
    keyed.run(&["runs"]).reports("no runs yet\n");
}

#[test]
fn a_rejected_run_shows_the_reason() {
    let project = project().file("bad.csv", "name,email\nJane,jane@example.com\nJoe,joe\n");
    project
        .run(&["run", "--sandbox", "invite_csv", "bad.csv"])
        .exits(5);
    project
        .run(&["runs", "1"])
        .shows("run 1: rejected; it cannot be sent\n  because      1 of 2 rows is invalid\n")
        .shows("\n  outcome      2 rows: ");
    project
        .run(&[
            "run",
            "--sandbox",
            "--max-invites",
            "0",
            "invite_csv",
            "people.csv",
        ])
        .exits(5);
    project
        .run(&["runs", "2"])
        .shows("\n  because      1 invitation is planned, but `--max-invites` allows 0\n");
    project
        .rehearse(
            "let list = []; for i in 0..600 { list.push(i); }
             invite_all(list, |i| if i == 590 { 5 } else { `someone${i}@example.com` });",
        )
        .exits(1);
    project
        .run(&["runs", "3"])
        .shows("\n  because      a request is a map, not `int`\n");
}

/// A dry run has the exit status of the real run, for both commands.
#[test]
fn a_dry_run_with_skipped_rows_has_the_same_status_in_run_and_send() {
    let project = project().file("bad.csv", "name,email\nJane,jane@example.com\nJoe,joe\n");
    let rehearse = [
        "run",
        "--sandbox",
        "--dry-run",
        "--skip-invalid",
        "invite_csv",
        "bad.csv",
    ];
    project.run(&rehearse).exits(3);
    project
        .run(&["send", "--sandbox", "--dry-run", "1"])
        .exits(3);
    project.run(&["send", "--sandbox", "1"]).exits(3);
}

#[test]
fn a_new_script_gets_the_extension() {
    let project = project();
    project
        .run(&["new", "foo.txt"])
        .exits(2)
        .says("error: `foo.txt` does not end in `.rhai`")
        .says("hint: did you mean `foo.rhai`?");
    assert!(!project.path().join("foo.txt").exists());
}

#[test]
fn the_help_of_a_script_is_wrapped_by_paragraph() {
    let script = "//! Invites everyone\n//! of a team.\n//!\n//! Before you run it:\n//! - look at the list,\n//! - \
                  and rehearse.\n";
    project()
        .file("team.rhai", script)
        .run(&["run", "team.rhai", "--help"])
        .succeeds()
        .shows("Invites everyone of a team.\n\nBefore you run it:\n- look at the list,\n- and rehearse.\n\nUsage: ");
}

/// Steps, commands, headings and code keep the lines of their author.
#[test]
fn the_help_of_a_script_keeps_its_lists_and_code() {
    let doc = "Invites a\nteam.\n\n# Steps\n1. Rehearse\n   with `--sandbox`.\n2. Send.\nThen:\n\n    gradient-bulk run team.rhai\n    gradient-bulk runs last\n\n```\nfirst\nsecond\n```\nThat is\nall.";
    let script = format!("//! {}\n", doc.trim_end().replace('\n', "\n//! "));
    project()
        .file("team.rhai", script)
        .run(&["run", "team.rhai", "--help"])
        .succeeds()
        .shows("Invites a team.\n\n# Steps\n1. Rehearse\n   with `--sandbox`.\n2. Send. Then:\n\n    gradient-bulk run team.rhai\n    gradient-bulk runs last\n\n```\nfirst\nsecond\n```\nThat is all.\n\nUsage: ");
}

/// Lines break between words, and never inside a command.
#[cfg(unix)]
#[test]
fn messages_on_a_terminal_wrap_between_words() {
    use crate::screen::Screen;

    let names: String = ('A'..='J').fold("name,email\n".to_owned(), |list, letter| {
        format!("{list}{letter},{letter}{letter}@example.com\n")
    });
    let project = project().file("letters.csv", names);
    let mut command = project.command(env!("CARGO_BIN_EXE_gradient-bulk"));
    let ledger = format!("a-ledger-with-a-{}long-name.db", "very-".repeat(8));
    command.args([
        "run",
        "--sandbox",
        "--ledger",
        &ledger,
        "--dry-run",
        "invite_csv",
        "letters.csv",
    ]);
    let ran = Screen::open(command).finish().succeeds();
    let lines: Vec<&str> = ran.stderr.lines().map(str::trim_end).collect();
    assert!(
        lines.iter().all(|line| line.chars().count() <= 120),
        "{ran}"
    );
    let begins = "10 names look doubtful: line 2 `A` (a single letter), ";
    let doubtful = lines
        .iter()
        .position(|line| line.starts_with(begins))
        .unwrap();
    // Continuation lines are indented, and no name is separated from its quotes.
    let goes_on = lines[doubtful + 1..]
        .iter()
        .take_while(|line| line.starts_with("  "));
    assert_eq!(goes_on.count(), 2, "{ran}");
    let send = format!("  `gradient-bulk send --ledger {ledger} 1` sends this plan");
    let send = lines.iter().position(|line| *line == send).unwrap();
    assert_eq!(lines[send - 1], "dry run: nothing was sent;", "{ran}");
}

/// Shells complete values that are known in advance.
#[test]
fn shells_complete_statuses_and_the_last_run() {
    let ran = project().run(&["completions", "bash"]).succeeds();
    ran.shows("\"invited setup in_progress submitted scoring scored reviewed\"")
        .shows(" last\"");
}
