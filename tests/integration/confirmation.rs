//! The question before anything is sent, asked at a pseudo-terminal.

use std::fs::File;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::ledger::state;
use crate::screen::{CTRL_C, CTRL_D, Screen};
use crate::stub::{Reply, Stub, default_reply};
use crate::support::{Project, Ran, SECRET};

const THREE: &str = "print(invite_all([\"ann@example.com\", \"bob@example.com\", \"cyd@example.com\"]));\nprint(\"went on\");";
const FOUR_SINGLES: &str = "for name in [\"ann\", \"bob\", \"cyd\", \"dan\"] {\n    try { print(invite(#{ email: name + \"@example.com\" }).outcome); } catch { print(\"caught\"); }\n}\nprint(\"went on\");";

/// The program with these arguments.
fn command(project: &Project, arguments: &[&str]) -> Command {
    project.program(arguments)
}

fn run_script(project: &Project, options: &[&str], script: &str) -> Command {
    std::fs::write(project.path().join("script.rhai"), script).unwrap();
    command(project, &[&["run"], options, &["script.rhai"]].concat())
}

fn question(stub: &Stub, candidates: &str) -> String {
    let address = stub.address();
    format!("Invite {candidates} to `Stub Assessment` at {address} with key gai_pref…? [y/N] ")
}

fn single_question(stub: &Stub) -> String {
    let address = stub.address();
    format!("Invite at {address} with key gai_pref…? [y/N/all] ")
}

/// Answers the question about three candidates with these keys; returns what was shown, who was invited, and the state of
/// the run.
fn answered(keys: &str) -> (Ran, Vec<String>, String) {
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
        let (ran, invited, state) = answered(keys);
        ran.exits(6)
            .says("nothing was sent; `gradient-bulk send 1` asks again\n")
            .never_says("went on");
        assert!(invited.is_empty(), "{keys:?}");
        assert_eq!(state, "declined", "{keys:?}");
    }
}

#[test]
fn what_is_no_clear_yes_is_no() {
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
        let (ran, invited, _) = answered(keys);
        ran.exits(6).never_says("went on");
        assert!(invited.is_empty(), "{keys:?}");
    }
}

#[test]
fn yes_sends() {
    for keys in ["y\n", "yes\n", "Y\n", " YES \n"] {
        let (ran, invited, state) = answered(keys);
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
    let (ran, invited, state) = answered(CTRL_C);
    ran.exits(130)
        .says("the rest: `gradient-bulk send 1`\n")
        .says("interrupted\n")
        .never_says("went on");
    assert!(invited.is_empty());
    assert_eq!(state, "declined");
}

#[test]
fn a_terminal_that_goes_away_at_the_question_sends_nothing() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let left = Screen::vanish(run_script(&project, &[], THREE), "[y/N]", "");
    // No answer is no, if that is noticed before the signal comes.
    assert!(matches!(left, Some(6 | 130)), "{left:?}");
    assert!(stub.invites().is_empty());
    assert_eq!(state(&project, 1), "declined");
}

#[test]
fn what_was_typed_before_the_question_is_no_answer() {
    let (stub, hold) = Stub::holding(|request| request.path == "/api/sessions");
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], THREE));
    hold.await_arrivals(1);
    screen.type_keys("y\ny");
    // Once it is echoed, it is in the queue.
    screen.wait_for("y\r\ny");
    hold.release();
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("\n");
    screen.finish().exits(6);
    assert!(stub.invites().is_empty());
}

#[test]
fn one_candidate_is_one() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let script = "invite_all([\"jane@example.com\"]);";
    let mut screen = Screen::open(run_script(&project, &[], script));
    screen.wait_for(&question(&stub, "1 candidate"));
    screen.type_keys("\n");
    screen.finish().exits(6);
    // As many as are sent now.
    let mut screen = Screen::open(run_script(&project, &["--first", "2"], THREE));
    screen.wait_for("only the first 2 are sent now\r\n");
    screen.wait_for(&question(&stub, "2 candidates"));
    screen.type_keys("y\n");
    screen.finish().exits(0);
    assert_eq!(stub.invites().len(), 2);
}

#[test]
fn the_bar_shows_how_far_it_got() {
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
fn what_was_declined_is_asked_again_by_send() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    project.rhai(&[], THREE).exits(6);
    let send = || Screen::open(command(&project, &["send", "1"]));
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
fn quiet_asks_all_the_same() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &["-q"], THREE));
    screen.wait_for(&question(&stub, "3 candidates"));
    screen.type_keys("n\n");
    screen.finish().exits(6).never_says("ann@example.com");
    assert!(stub.invites().is_empty());
}

#[test]
fn who_agreed_beforehand_is_not_asked() {
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
fn a_question_nobody_can_answer_is_not_asked() {
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
        .never_says("[y/N]");
    // Nor one that nobody can see.
    let seen_by_nobody = Screen::with(run_script(&project, &[], THREE), |command| {
        command.stderr(Stdio::null())
    });
    seen_by_nobody.finish().exits(6).never_says("went on");
    assert!(stub.invites().is_empty());
}

/// A script that is fed by a file or a pipe instead of the terminal.
fn fed(project: &Project, options: &[&str], script: &str) -> Screen {
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

const FED: &str = "print(invite_all(read_csv(\"-\")));\nprint(\"went on\");";

#[test]
fn where_the_input_is_the_data_the_terminal_is_asked() {
    for (keys, exit, sent) in [
        ("y\n", 0, 2),
        ("\n", 6, 0),
        (CTRL_D, 6, 0),
        (CTRL_C, 130, 0),
    ] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        let mut screen = fed(&project, &[], FED);
        screen.wait_for("  line 2: Ann <ann@example.com>\r\n");
        screen.wait_for(&question(&stub, "2 candidates"));
        assert!(stub.invites().is_empty());
        screen.type_keys(keys);
        screen.finish().exits(exit);
        assert_eq!(stub.invites().len(), sent, "{keys:?}");
    }
}

#[test]
fn every_question_of_a_script_goes_to_the_terminal_then() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let script = "for row in scan_csv(\"-\") { print(invite(row.email, row.name).outcome); }";
    let mut screen = fed(&project, &[], script);
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
fn input_that_is_no_data_does_not_move_the_question() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    fed(&project, &[], THREE)
        .finish()
        .exits(6)
        .says("there is no terminal to ask at")
        .never_says("[y/N]");
    assert!(stub.invites().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_terminal_there_is_nobody_to_ask_about_data_either() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub).file("script.rhai", FED);
    let project = project.file("people.csv", "name,email\nAnn,ann@example.com\n");
    // In a session of its own, a process has no controlling terminal.
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
fn single_invitations_are_asked_about_one_by_one() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let mut screen = Screen::open(run_script(&project, &[], FOUR_SINGLES));
    screen.wait_for("1 to invite to `Stub Assessment`: Ann <ann@example.com>\r\n");
    screen.wait_for(&single_question(&stub));
    assert!(stub.invites().is_empty());
    screen.type_keys("y\n");
    screen.wait_for("created\r\n");
    screen.wait_for("1 to invite to `Stub Assessment`: Bob <bob@example.com>\r\n");
    screen.wait_for("hint: `invite_all` plans the whole list first, and asks once\r\n");
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
fn the_hint_at_invite_all_comes_once() {
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
fn a_no_to_a_single_invitation_ends_the_script() {
    for (keys, exit) in [("\n", 6), ("what\n", 6), (CTRL_D, 6), (CTRL_C, 130)] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        let mut screen = Screen::open(run_script(&project, &[], FOUR_SINGLES));
        screen.wait_for(&single_question(&stub));
        screen.type_keys("y\n");
        screen.wait_for("created\r\n");
        screen.wait_for(&single_question(&stub));
        screen.type_keys(keys);
        // One was sent, so it is not said that nothing was.
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
fn scoring_is_asked_about_apart_from_inviting() {
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
    let judge = format!("at {address} with key gai_pref…? A judge runs for each. [y/N/all] ");
    screen.wait_for(&format!("Score 3 sessions {judge}"));
    assert!(stub.requests().is_empty());
    screen.type_keys("all\n");
    // All scores are agreed to, and no invitation.
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
fn whoever_declines_scores_nothing() {
    for (keys, status) in [("\n", 6), ("n\n", 6), (CTRL_C, 130)] {
        let stub = Stub::start(default_reply);
        let project = Project::new().talking_to(&stub);
        let script = "score_all([\"a\"]);\nprint(\"went on\");";
        let mut screen = Screen::open(run_script(&project, &[], script));
        screen.wait_for("Score 1 session at ");
        screen.type_keys(keys);
        screen.finish().exits(status).never_says("went on");
        assert!(stub.requests().is_empty());
    }
}
