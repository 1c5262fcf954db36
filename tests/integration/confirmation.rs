//! The question before anything is sent, on a pseudo-terminal.

use std::fs::File;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::ledger::state;
use crate::screen::{CTRL_C, CTRL_D, Screen};
use crate::stub::{Reply, Stub, default_reply};
use crate::support::{Project, Ran, SECRET};

const THREE: &str = "print(invite_all([\"ann@example.com\", \"bob@example.com\", \"cyd@example.com\"]));\nprint(\"went on\");";
const FOUR_SINGLES: &str = "for name in [\"ann\", \"bob\", \"cyd\", \"dan\"] {\n    try { print(invite(#{ email: name + \"@example.com\" }).outcome); } catch { print(\"caught\"); }\n}\nprint(\"went on\");";

fn run_script(project: &Project, options: &[&str], script: &str) -> Command {
    std::fs::write(project.path().join("script.rhai"), script).unwrap();
    project.program(&[&["run"], options, &["script.rhai"]].concat())
}

fn question(stub: &Stub, candidates: &str) -> String {
    let address = stub.address();
    format!("Invite {candidates} to `Stub Assessment` at {address} with key gai_pref…? [y/N/show] ")
}

fn single_question(stub: &Stub) -> String {
    let address = stub.address();
    format!("Invite at {address} with key gai_pref…? [y/N/all] ")
}

/// Answers the question about three candidates with these keys. Returns the output, the invited addresses and the state of
/// the run.
fn answer_question(keys: &str) -> (Ran, Vec<String>, String) {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], THREE));
    screen.wait_for(&question(&stub, "3 candidates"));
    assert!(stub.invites().is_empty());
    screen.type_keys(keys);
    let ran = screen.finish().never_says(SECRET);
    (ran, stub.invited_emails(), state(&project, 1))
}

#[test]
fn the_plan_is_shown_before_the_question() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], THREE));
    screen.wait_for(&format!(
        "3 to invite to `Stub Assessment` at {}\r\n",
        stub.address()
    ));
    screen.wait_for("  row 1: Ann <ann@example.com>\r\n");
    screen.wait_for("  row 3: Cyd <cyd@example.com>\r\n");
    screen.wait_for(&question(&stub, "3 candidates"));
}

#[test]
fn no_is_the_default() {
    for keys in ["\n", "n\n", "N\n", "no\n", CTRL_D] {
        let (ran, invited, state) = answer_question(keys);
        ran.exits(6)
            .says("nothing was sent; `gradient-bulk send 1` asks again\n")
            .never_says("went on");
        assert!(invited.is_empty(), "{keys:?}");
        assert_eq!(state, "declined", "{keys:?}");
    }
}

#[test]
fn anything_but_yes_is_no() {
    for keys in [
        "yy\n",
        "yep\n",
        "j\n",
        "ok\n",
        "y n\n",
        "all\n",
        "1\n",
        "\u{1b}[A\n",
        "y?\n",
    ] {
        let (ran, invited, _) = answer_question(keys);
        ran.exits(6).never_says("went on");
        assert!(invited.is_empty(), "{keys:?}");
    }
}

#[test]
fn yes_sends() {
    for keys in ["y\n", "yes\n", "Y\n", " YES \n"] {
        let (ran, invited, state) = answer_question(keys);
        ran.exits(0)
            .says("run 1: 3 rows: 3 created, 0 existing, 0 failed\n")
            .says("links: `gradient-bulk runs 1 --created --format csv`\n")
            .says("went on\n");
        let all = ["ann@example.com", "bob@example.com", "cyd@example.com"];
        assert_eq!(invited, all, "{keys:?}");
        assert_eq!(state, "done", "{keys:?}");
    }
}

#[test]
fn ctrl_c_at_the_question_sends_nothing() {
    let (ran, invited, state) = answer_question(CTRL_C);
    ran.exits(130)
        .says("the rest: `gradient-bulk send 1`\n")
        .says("interrupted\n")
        .never_says("went on");
    assert!(invited.is_empty());
    assert_eq!(state, "declined");
}

#[test]
fn a_terminal_that_closes_at_the_question_sends_nothing() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let left = Screen::vanish(run_script(&project, &[], THREE), "[y/N/show]", "");
    // Depending on which comes first, the program sees the end of its input or a signal.
    assert!(matches!(left, Some(6 | 130)), "{left:?}");
    assert!(stub.invites().is_empty());
    assert_eq!(state(&project, 1), "declined");
}

#[test]
fn input_typed_before_the_question_is_not_an_answer() {
    let (stub, hold) = Stub::holding(|request| request.path == "/api/sessions");
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], THREE));
    hold.await_arrivals(1);
    screen.type_keys("y\ny");
    // Echoed input is in the queue of the terminal.
    screen.wait_for("y\r\ny");
    hold.release();
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("\n");
    screen.finish().exits(6);
    assert!(stub.invites().is_empty());
}

#[test]
fn the_question_counts_the_candidates_to_send_now() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let script = "invite_all([\"jane@example.com\"]);";
    let mut screen = Screen::open(run_script(&project, &[], script));
    screen.wait_for(&question(&stub, "1 candidate"));
    screen.type_keys("\n");
    screen.finish().exits(6);
    // With `--first`, the question counts only the rows that are sent now.
    let mut screen = Screen::open(run_script(&project, &["--first", "2"], THREE));
    screen.wait_for("only the first 2 are sent now\r\n");
    screen.wait_for(&question(&stub, "2 candidates"));
    screen.type_keys("y\n");
    screen.finish().exits(0);
    assert_eq!(stub.invites().len(), 2);
}

#[test]
fn the_progress_bar_shows_counts() {
    let (stub, hold) = Stub::holding(|request| request.email() == "cyd@example.com");
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &["--concurrency", "1"], THREE));
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("y\n");
    screen.wait_for(" 2/3  2 created");
    hold.release();
    screen.wait_for("run 1: 3 rows: 3 created, 0 existing, 0 failed\r\n");
    screen.finish().exits(0);
}

#[test]
fn send_asks_again_about_a_declined_plan() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    project.rhai(&[], THREE).exits(6);
    let send = || Screen::open(project.program(&["send", "1"]));
    let mut screen = send();
    screen.wait_for("run 1 was planned just now, on ");
    screen.wait_for("  row 1: Ann <ann@example.com>\r\n");
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("\n");
    screen
        .finish()
        .exits(6)
        .says("nothing was sent; `gradient-bulk send 1` asks again\n");
    assert!(stub.invites().is_empty());
    let mut screen = send();
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("y\n");
    screen.finish().exits(0).says("3 created");
    assert_eq!(stub.invites().len(), 3);
    assert_eq!(state(&project, 1), "done");
}

#[test]
fn quiet_still_asks() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &["-q"], THREE));
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("n\n");
    screen.finish().exits(6).never_says("ann@example.com");
    assert!(stub.invites().is_empty());
}

#[test]
fn yes_sandbox_and_dry_run_ask_nothing() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    for options in [&["--yes"][..], &["--sandbox"], &["--dry-run"]] {
        for script in [THREE, FOUR_SINGLES] {
            Screen::open(run_script(&project, options, script))
                .finish()
                .exits(0)
                .says("went on\n")
                .never_says("[y/N");
        }
    }
}

#[test]
fn a_question_that_cannot_be_answered_is_not_asked() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let no_input = Screen::with(run_script(&project, &[], THREE), |command| {
        command.stdin(Stdio::null())
    });
    no_input
        .finish()
        .exits(6)
        .says("not confirmed: this would invite real candidates at ")
        .says("hint: pass `--yes`")
        .never_says("[y/N/show]");
    // The same for a question that cannot be seen.
    let no_stderr = Screen::with(run_script(&project, &[], THREE), |command| {
        command.stderr(Stdio::null())
    });
    no_stderr.finish().exits(6).never_says("went on");
    assert!(stub.invites().is_empty());
}

/// Runs a script with a file of people on its standard input.
fn with_data_on_stdin(project: &Project, options: &[&str], script: &str) -> Screen {
    let people = project.path().join("people.csv");
    std::fs::write(
        &people,
        "name,email\nAnn,ann@example.com\nBob,bob@example.com\n",
    )
    .unwrap();
    Screen::with(run_script(project, options, script), |command| {
        command.stdin(File::open(people).unwrap())
    })
}

const INVITE_STDIN: &str = "print(invite_all(read_csv(\"-\")));\nprint(\"went on\");";

#[test]
fn with_data_on_stdin_the_terminal_is_asked() {
    for (keys, exit, sent) in [
        ("y\n", 0, 2),
        ("\n", 6, 0),
        (CTRL_D, 6, 0),
        (CTRL_C, 130, 0),
    ] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        let mut screen = with_data_on_stdin(&project, &[], INVITE_STDIN);
        screen.wait_for("  line 2: Ann <ann@example.com>\r\n");
        screen.wait_for(&question(&stub, "2 candidates"));
        assert!(stub.invites().is_empty());
        screen.type_keys(keys);
        screen.finish().exits(exit);
        assert_eq!(stub.invites().len(), sent, "{keys:?}");
    }
}

#[test]
fn with_data_on_stdin_every_question_goes_to_the_terminal() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let script = "for row in scan_csv(\"-\") { print(invite(row.email, row.name).outcome); }";
    let mut screen = with_data_on_stdin(&project, &[], script);
    for _ in 0..2 {
        screen.wait_for(&single_question(&stub));
        screen.type_keys("y\n");
        screen.wait_for("created\r\n");
    }
    screen.finish().exits(0);
    assert_eq!(
        stub.invited_emails(),
        ["ann@example.com", "bob@example.com"]
    );
}

#[test]
fn unused_stdin_does_not_redirect_the_question() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    with_data_on_stdin(&project, &[], THREE)
        .finish()
        .exits(6)
        .says("there is no terminal to ask at")
        .never_says("[y/N/show]");
    assert!(stub.invites().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn with_data_on_stdin_and_no_terminal_nothing_is_asked() {
    let stub = Stub::start(default_reply);
    let project = Project::new()
        .talking_to(&stub)
        .file("script.rhai", INVITE_STDIN);
    let project = project.file("people.csv", "name,email\nAnn,ann@example.com\n");
    // A process in its own session has no controlling terminal.
    project
        .shell("setsid -w gradient-bulk run script.rhai < people.csv")
        .exits(6)
        .says("not confirmed: this would invite real candidates at ")
        .says("hint: pass `--yes`");
    assert!(stub.invites().is_empty());
    project
        .shell("setsid -w gradient-bulk run --yes script.rhai < people.csv")
        .exits(0)
        .shows("went on\n");
    assert_eq!(stub.invites().len(), 1);
}

#[test]
fn single_invites_are_confirmed_one_by_one() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], FOUR_SINGLES));
    screen.wait_for("1 to invite to `Stub Assessment`: Ann <ann@example.com>\r\n");
    screen.wait_for(&single_question(&stub));
    assert!(stub.invites().is_empty());
    screen.type_keys("y\n");
    screen.wait_for("created\r\n");
    screen.wait_for("1 to invite to `Stub Assessment`: Bob <bob@example.com>\r\n");
    screen.wait_for("hint: `invite_all` plans the whole list first and asks once\r\n");
    screen.wait_for(&single_question(&stub));
    assert_eq!(stub.invited_emails(), ["ann@example.com"]);
    screen.type_keys("all\n");
    let ran = screen
        .finish()
        .exits(0)
        .says("went on\n")
        .says_once("hint: `invite_all`")
        .never_says(SECRET);
    assert_eq!(ran.stderr.matches("[y/N/all]").count(), 2, "{ran}");
    assert_eq!(stub.invites().len(), 4);
}

#[test]
fn the_hint_at_invite_all_is_shown_once() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], FOUR_SINGLES));
    for _ in 0..4 {
        screen.wait_for(&single_question(&stub));
        screen.type_keys("y\n");
    }
    screen.finish().exits(0).says_once("hint: `invite_all`");
    assert_eq!(stub.invites().len(), 4);
}

#[test]
fn declining_a_single_invite_ends_the_script() {
    for (keys, exit) in [("\n", 6), ("what\n", 6), (CTRL_D, 6), (CTRL_C, 130)] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        let mut screen = Screen::open(run_script(&project, &[], FOUR_SINGLES));
        screen.wait_for(&single_question(&stub));
        screen.type_keys("y\n");
        screen.wait_for("created\r\n");
        screen.wait_for(&single_question(&stub));
        screen.type_keys(keys);
        // One was sent, so the program must not report that nothing was.
        screen
            .finish()
            .exits(exit)
            .says("`gradient-bulk send 1`")
            .never_says("nothing was sent")
            .never_says("caught")
            .never_says("went on");
        assert_eq!(stub.invited_emails(), ["ann@example.com"], "{keys:?}");
    }
}

#[test]
fn scoring_is_confirmed_separately_from_inviting() {
    let stub = Stub::start(|request| match request.path.as_str() {
        "/api/scoring" => Reply::json(200, &json!({ "score": { "finalScore": 78 } })),
        _ => default_reply(request),
    });
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(
        &project,
        &[],
        "score_all([\"a\", \"b\", \"c\"]);\nprint(score(\"d\").final_score);\ninvite(#{ email: \"ann@example.com\" });",
    ));
    let address = stub.address();
    let judge = format!("at {address} with key gai_pref…? Each score costs money. [y/N/all/show] ");
    screen.wait_for(&format!("Score 3 sessions {judge}"));
    assert!(stub.requests().iter().all(|seen| seen.method == "GET"));
    screen.type_keys("all\n");
    // This confirms all scores, but no invitation.
    screen.wait_for("78");
    screen.wait_for(&single_question(&stub));
    screen.type_keys("n\n");
    screen.finish().exits(6).never_says("Score 1 session");
    assert!(stub.invites().is_empty());
    let scored = stub.requests();
    let scored = scored.iter().filter(|seen| seen.path == "/api/scoring");
    assert_eq!(scored.count(), 4);
}

#[test]
fn declined_scoring_scores_nothing() {
    for (keys, status) in [("\n", 6), ("n\n", 6), (CTRL_C, 130)] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        let script = "score_all([\"a\"]);\nprint(\"went on\");";
        let mut screen = Screen::open(run_script(&project, &[], script));
        screen.wait_for("Score 1 session at ");
        screen.type_keys(keys);
        screen.finish().exits(status).never_says("went on");
        assert!(stub.requests().iter().all(|seen| seen.method == "GET"));
    }
}

/// A list of 50 candidates, with rows that are left out and a doubtful name, in a terminal of 40 lines.
fn long_list() -> (Project, Stub, Screen) {
    use std::fmt::Write as _;
    let mut list = "name,email,team\n".to_owned();
    for number in 1..=50 {
        let _ = writeln!(list, "Ann Lee,ann{number}@example.com,a");
    }
    list.push_str(
        "Bo Re,bo@example,a\nAnn Lee,ANN7@example.com,a\nAl Um,al@example.com,alumni\nQ,q.quill@example.com,a\n",
    );
    let stub = Stub::start(default_reply);
    let project = Project::new().file("people.csv", list).talking_to(&stub);
    let script = "invite_all(read_csv(\"people.csv\"), |row| if row.team == \"alumni\" { skip(\"by hand\") } else { row });";
    let mut screen = Screen::open(run_script(&project, &["--skip-invalid"], script));
    screen.wait_for(&question(&stub, "51 candidates"));
    (project, stub, screen)
}

#[test]
fn show_lists_all_rows_page_by_page_problems_first() {
    for answer in ["show\n", "s\n", "SHOW\n"] {
        let (_project, stub, mut screen) = long_list();
        screen.type_keys(answer);
        for line in [
            "line 52: invalid: <bo@example>: email `bo@example`: ",
            "line 53: duplicate: <ANN7@example.com>: same address as people.csv line 8",
            "line 54: skipped: ",
            "line 55: Q <q.quill@example.com> (the name looks doubtful: a single letter)\r\n",
            "line 2: Ann Lee <ann1@example.com>\r\n",
            "line 35: Ann Lee <ann34@example.com>\r\n",
            "-- Enter shows more, q returns to the question -- ",
        ] {
            screen.wait_for(line);
        }
        screen.type_keys("\n");
        screen.wait_for("line 36: Ann Lee <ann35@example.com>\r\n");
        screen.wait_for("line 51: Ann Lee <ann50@example.com>\r\n");
        screen.wait_for(&question(&stub, "51 candidates"));
        assert!(stub.invites().is_empty());
        screen.type_keys("y\n");
        screen.finish().exits(3);
        assert_eq!(stub.invites().len(), 51);
    }
}

#[test]
fn the_list_can_be_left_and_shown_again() {
    let (_project, stub, mut screen) = long_list();
    for _ in 0..2 {
        screen.type_keys("show\n");
        screen.wait_for("-- Enter shows more, q returns to the question -- ");
        screen.type_keys("q\n");
        screen.wait_for(&question(&stub, "51 candidates"));
    }
    screen.type_keys("\n");
    screen.finish().exits(6);
    assert!(stub.invites().is_empty());
}

#[test]
fn ctrl_c_in_the_list_sends_nothing() {
    let (project, stub, mut screen) = long_list();
    screen.type_keys("show\n");
    screen.wait_for("-- Enter shows more, q returns to the question -- ");
    screen.type_keys(CTRL_C);
    screen.finish().exits(130);
    assert!(stub.invites().is_empty());
    assert_eq!(state(&project, 1), "declined");
}
