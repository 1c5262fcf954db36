//! `sessions --watch`: a line for each change, and a live screen in a pseudo-terminal.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::screen::{CTRL_C, Screen};
use crate::stub::{Reply, Stub, default_reply};
use crate::support::Project;

/// A stub of the API whose sessions the test changes.
struct SessionStub {
    stub: Stub,
    sessions: Arc<Mutex<Vec<Value>>>,
    is_unreachable: Arc<AtomicBool>,
    polls: Arc<AtomicUsize>,
}

impl SessionStub {
    /// Starts with these candidates, all with the status `invited`.
    fn of(names: &[&str]) -> Self {
        let sessions: Vec<Value> = names
            .iter()
            .map(|name| json!({ "id": name, "candidateName": name, "status": "invited" }))
            .collect();
        let sessions = Arc::new(Mutex::new(sessions));
        let is_unreachable = Arc::new(AtomicBool::new(false));
        let polls = Arc::new(AtomicUsize::new(0));
        let (listed, unreachable, polled) =
            (sessions.clone(), is_unreachable.clone(), polls.clone());
        let stub = Stub::start(move |request| {
            if request.path != "/api/sessions" {
                return default_reply(request);
            }
            polled.fetch_add(1, Ordering::SeqCst);
            if unreachable.load(Ordering::SeqCst) {
                return Reply::text(502, "<html>bad gateway</html>");
            }
            Reply::page(request, "sessions", &listed.lock().unwrap())
        });
        Self {
            stub,
            sessions,
            is_unreachable,
            polls,
        }
    }

    fn set(&self, name: &str, field: &str, value: &Value) {
        for session in &mut *self.sessions.lock().unwrap() {
            if session["id"] == name {
                session[field] = value.clone();
            }
        }
    }

    fn set_status(&self, name: &str, status: &str) {
        self.set(name, "status", &json!(status));
    }

    fn set_unreachable(&self, is_unreachable: bool) {
        self.is_unreachable.store(is_unreachable, Ordering::SeqCst);
    }

    /// The number of candidates who are still `invited`.
    fn waiting(&self) -> usize {
        let sessions = self.sessions.lock().unwrap();
        let waiting = sessions.iter().filter(|each| each["status"] == "invited");
        waiting.count()
    }

    fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }

    fn project(&self) -> Project {
        Project::new().talking_to(&self.stub).env("NO_COLOR", "1")
    }
}

/// The options to watch with short intervals.
const WATCH: [&str; 4] = ["sessions", "--watch", "--every", "1s"];

fn watching(project: &Project, options: &[&str]) -> Command {
    project.program(&[&WATCH[..], options].concat())
}

fn watch(project: &Project, options: &[&str]) -> Screen {
    Screen::open(watching(project, options))
}

#[test]
fn without_a_terminal_each_change_is_a_line() {
    let stub = SessionStub::of(&["Ann", "Bob"]);
    stub.set_status("Bob", "setup");
    let project = stub.project();
    let mut running = project.start(&[&WATCH[..], &["--until", "submitted"]].concat());
    running.wait_for("2 sessions: invited 1 → setup 1\n");
    stub.set("Ann", "submittedAt", &json!("2030-02-05T12:00:30Z"));
    stub.set_status("Ann", "submitted");
    running.wait_for("2030-02-05 12:00:30 UTC  Ann submitted\n");
    stub.set_status("Bob", "scored");
    running
        .finish()
        .succeeds()
        .shows("UTC  Bob was scored\n")
        .shows("2 sessions: invited 0 → setup 0 → in progress 0 → submitted 1 → scoring 0 → scored 1\n")
        .reports("");
}

#[test]
fn a_goal_that_is_already_reached_ends_at_once() {
    let stub = SessionStub::of(&["Ann"]);
    stub.set_status("Ann", "reviewed");
    let ran = stub
        .project()
        .run(&["sessions", "--watch", "--until", "submitted"]);
    assert_eq!(ran.succeeds().stdout.lines().count(), 2);
    assert_eq!(stub.polls(), 1);
}

#[test]
fn timing_out_has_its_own_exit_status() {
    let stub = SessionStub::of(&["Ann", "Bob"]);
    stub.set_status("Bob", "submitted");
    stub.project()
        .run(&[&WATCH[..], &["--until", "submitted", "--wait", "1s"]].concat())
        .exits(7)
        .reports("timed out waiting: 1 of 2 is not submitted yet\n");
}

#[test]
fn an_outage_is_reported_and_survived() {
    let stub = SessionStub::of(&["Ann"]);
    let project = stub.project();
    let mut running = project.start(&[&WATCH[..], &["--until", "submitted"]].concat());
    running.wait_for("1 session: invited 1");
    stub.set_unreachable(true);
    let line = running.wait_for("no response since ");
    assert!(line.contains("answered 502"), "{line}");
    assert!(line.ends_with("; still trying\n"), "{line}");
    stub.set_status("Ann", "submitted");
    stub.set_unreachable(false);
    running.wait_for("the API responds again; there was no response since ");
    running
        .finish()
        .succeeds()
        .says_once("still trying")
        .shows("Ann submitted\n");
}

#[test]
fn an_unreachable_api_at_the_start_is_an_error() {
    let stub = SessionStub::of(&["Ann"]);
    stub.set_unreachable(true);
    stub.project()
        .run(&WATCH)
        .exits(1)
        .says("error: ")
        .says("answered 502");
}

#[test]
fn ctrl_c_prints_a_last_line() {
    let stub = SessionStub::of(&["Ann"]);
    let project = stub.project();
    let mut running = project.start(&WATCH);
    running.wait_for("1 session: invited 1");
    running.signal("INT");
    let ran = running.finish().exits(130).reports("");
    assert_eq!(ran.stdout.lines().count(), 2, "{ran}");
}

#[test]
fn a_closed_pipe_ends_the_watch() {
    let stub = SessionStub::of(&["Ann"]);
    let project = stub.project();
    let mut running = project
        .start_shell("(gradient-bulk sessions --watch --every 1s; echo status $? >&2) | head -n 1");
    running.wait_for("1 session: invited 1");
    stub.set_status("Ann", "setup");
    running.finish().succeeds().reports("status 0\n");
}

#[test]
fn a_terminal_is_redrawn_in_place() {
    let stub = SessionStub::of(&["Ann", "Bob", "Cyd"]);
    stub.set("Cyd", "dueDate", &json!("2035-02-01T12:00:00Z"));
    let project = stub.project();
    let mut screen = watch(&project, &["--until", "submitted"]);
    screen.wait_to_see("Stub Assessment at ");
    screen.wait_to_see("3 of 3 are not submitted yet");
    screen.wait_to_see("invited  3 ████████");
    screen.wait_to_see("none yet");
    screen.wait_to_see("  Cyd  01 Feb 2035 12:00 (in ");
    screen.wait_to_see("next check in 1s; Ctrl-C exits");
    for name in ["Ann", "Bob"] {
        // Keys that an impatient user types must not appear.
        screen.type_keys("are you there?\n\n");
        stub.set_status(name, "submitted");
        screen.wait_to_see(&format!("{name} submitted"));
    }
    screen.wait_to_see("1 of 3 is not submitted yet");
    screen.wait_to_see("submitted    2 ████████");
    stub.set_status("Cyd", "submitted");
    let (ran, picture, has_cursor) = screen.leave();
    ran.succeeds();
    assert!(has_cursor);
    // The screen was drawn several times but is there only once, with the latest change on top.
    for text in [
        "Stub Assessment",
        "latest changes",
        "all 3 are submitted",
        "; reached\n",
    ] {
        assert_eq!(picture.matches(text).count(), 1, "`{text}`\n{picture}");
    }
    let cyd = picture.find("Cyd submitted").unwrap();
    assert!(cyd < picture.find("Bob submitted").unwrap(), "{picture}");
    assert!(!picture.contains("not submitted yet"), "{picture}");
    assert!(!picture.contains("are you there?"), "{picture}");
}

#[test]
fn ctrl_c_restores_the_terminal() {
    let stub = SessionStub::of(&["Ann"]);
    let project = stub.project();
    let mut screen = watch(&project, &[]);
    screen.wait_to_see("invited  1 ████████");
    screen.type_keys(CTRL_C);
    let (ran, picture, has_cursor) = screen.leave();
    ran.exits(130);
    assert!(has_cursor);
    assert!(picture.contains("; stopped\n"), "{picture}");
    assert!(!picture.contains("interrupted"), "{picture}");
}

#[test]
fn an_outage_is_shown_until_it_ends() {
    let stub = SessionStub::of(&["Ann"]);
    let project = stub.project();
    let mut screen = watch(&project, &["--until", "submitted"]);
    screen.wait_to_see("invited  1 ████████");
    stub.set_unreachable(true);
    screen.wait_to_see("no response since ");
    // What was known stays to be seen.
    screen.wait_to_see("invited  1 ████████");
    stub.set_unreachable(false);
    screen.wait_to_see_no("no response since ");
    stub.set_status("Ann", "submitted");
    screen.finish().succeeds();
}

#[test]
fn resizing_the_window_redraws_the_screen() {
    let names: Vec<String> = (0..30)
        .map(|number| format!("Candidate Number {number}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let stub = SessionStub::of(&names);
    let project = stub.project();
    let mut screen = watch(&project, &[]);
    screen.wait_to_see("invited  30 ████████");
    let sizes = [(12, 40), (30, 100), (5, 20), (24, 80)];
    for (name, (lines, columns)) in names.iter().zip(sizes) {
        screen.resize(lines, columns);
        let left = stub.waiting() - 1;
        stub.set_status(name, "submitted");
        screen.wait_to_see(&format!("invited      {left} "));
        let picture = screen.picture();
        assert_eq!(picture.matches("Stub Assessment").count(), 1, "{picture}");
        assert!(picture.lines().count() < usize::from(lines), "{picture}");
        assert!(picture.starts_with("Stub Assessment"), "{picture}");
    }
    screen.type_keys(CTRL_C);
    screen.finish().exits(130);
}

#[test]
fn no_color_turns_colors_off() {
    let green = "\u{1b}[32m█";
    let stub = SessionStub::of(&["Ann"]);
    let project = Project::new().talking_to(&stub.stub);
    let mut screen = watch(&project, &[]);
    screen.wait_for(green);
    screen.type_keys(CTRL_C);
    screen.finish().exits(130);

    let project = stub.project();
    let mut screen = watch(&project, &[]);
    screen.wait_to_see("invited  1 ████████");
    screen.type_keys(CTRL_C);
    screen.finish().exits(130).never_says("\u{1b}[32m");
}

#[test]
fn polls_are_less_frequent_while_the_api_asks_to_slow_down() {
    let stub = SessionStub::of(&["Ann"]);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let sessions = Arc::clone(&stub.sessions);
    let stub = Stub::start(move |request| {
        if request.path != "/api/sessions" {
            return default_reply(request);
        }
        if count.fetch_add(1, Ordering::SeqCst) == 0 {
            return Reply::text(429, "").header("retry-after", "1");
        }
        Reply::page(request, "sessions", &sessions.lock().unwrap())
    });
    let project = Project::new().talking_to(&stub).env("NO_COLOR", "1");
    let command = project.program(&["sessions", "--watch", "--every", "60s"]);
    let mut screen = Screen::open(command);
    screen.wait_to_see("the API asks to wait (429, Retry-After): 1s");
    screen.wait_to_see("next check in 2m");
    screen.type_keys(CTRL_C);
    screen.finish().exits(130);
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}
