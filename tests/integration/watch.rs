//! `sessions --watch`: changes line by line, and a live view in a pseudo-terminal.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::screen::{CTRL_C, Screen};
use crate::stub::{Reply, Stub, default_reply};
use crate::support::Project;

/// A service whose sessions move on when the test says so.
struct Course {
    stub: Stub,
    sessions: Arc<Mutex<Vec<Value>>>,
    is_lost: Arc<AtomicBool>,
    looks: Arc<AtomicUsize>,
}

impl Course {
    /// Starts with these candidates, all of them invited.
    fn of(names: &[&str]) -> Self {
        let sessions: Vec<Value> = names
            .iter()
            .map(|name| json!({ "id": name, "candidateName": name, "status": "invited" }))
            .collect();
        let sessions = Arc::new(Mutex::new(sessions));
        let is_lost = Arc::new(AtomicBool::new(false));
        let looks = Arc::new(AtomicUsize::new(0));
        let (listed, lost, looked) = (sessions.clone(), is_lost.clone(), looks.clone());
        let stub = Stub::start(move |request| {
            if request.path != "/api/sessions" {
                return default_reply(request);
            }
            looked.fetch_add(1, Ordering::SeqCst);
            if lost.load(Ordering::SeqCst) {
                return Reply::text(502, "<html>bad gateway</html>");
            }
            Reply::page(request, "sessions", &listed.lock().unwrap())
        });
        Self {
            stub,
            sessions,
            is_lost,
            looks,
        }
    }

    fn set(&self, name: &str, field: &str, value: &Value) {
        for session in &mut *self.sessions.lock().unwrap() {
            if session["id"] == name {
                session[field] = value.clone();
            }
        }
    }

    fn moves(&self, name: &str, status: &str) {
        self.set(name, "status", &json!(status));
    }

    fn loses(&self, is_lost: bool) {
        self.is_lost.store(is_lost, Ordering::SeqCst);
    }

    /// How many candidates were invited and did nothing yet.
    fn waiting(&self) -> usize {
        let sessions = self.sessions.lock().unwrap();
        let waiting = sessions.iter().filter(|each| each["status"] == "invited");
        waiting.count()
    }

    fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }

    fn project(&self) -> Project {
        Project::new().talking_to(&self.stub).env("NO_COLOR", "1")
    }
}

/// The options that let it look again soon.
const WATCH: [&str; 4] = ["sessions", "--watch", "--every", "1s"];

fn watching(project: &Project, options: &[&str]) -> Command {
    project.program(&[&WATCH[..], options].concat())
}

fn watch(project: &Project, options: &[&str]) -> Screen {
    Screen::open(watching(project, options))
}

#[test]
fn without_a_terminal_each_change_is_a_line() {
    let course = Course::of(&["Ann", "Bob"]);
    course.moves("Bob", "setup");
    let project = course.project();
    let mut running = project.start(&[&WATCH[..], &["--until", "submitted"]].concat());
    running.wait_for("2 sessions: invited 1 → setup 1\n");
    course.set("Ann", "submittedAt", &json!("2030-02-05T12:00:30Z"));
    course.moves("Ann", "submitted");
    running.wait_for("2030-02-05 12:00:30 UTC  Ann submitted\n");
    course.moves("Bob", "scored");
    running
        .finish()
        .succeeds()
        .shows("UTC  Bob was scored\n")
        .shows("2 sessions: invited 0 → setup 0 → in progress 0 → submitted 1 → scoring 0 → scored 1\n")
        .reports("");
}

#[test]
fn a_goal_that_is_reached_already_is_no_wait() {
    let course = Course::of(&["Ann"]);
    course.moves("Ann", "reviewed");
    let ran = course
        .project()
        .run(&["sessions", "--watch", "--until", "submitted"]);
    assert_eq!(ran.succeeds().stdout.lines().count(), 2);
    assert_eq!(course.looks(), 1);
}

#[test]
fn waiting_in_vain_has_a_status_of_its_own() {
    let course = Course::of(&["Ann", "Bob"]);
    course.moves("Bob", "submitted");
    course
        .project()
        .run(&[&WATCH[..], &["--until", "submitted", "--wait", "1s"]].concat())
        .exits(7)
        .reports("timed out waiting: 1 of 2 is not submitted yet\n");
}

#[test]
fn a_lost_network_is_said_and_survived() {
    let course = Course::of(&["Ann"]);
    let project = course.project();
    let mut running = project.start(&[&WATCH[..], &["--until", "submitted"]].concat());
    running.wait_for("1 session: invited 1");
    course.loses(true);
    let line = running.wait_for("no answer since ");
    assert!(line.contains("answered 502"), "{line}");
    assert!(line.ends_with("; still trying\n"), "{line}");
    course.moves("Ann", "submitted");
    course.loses(false);
    running.wait_for("the API answers again; there was no answer since ");
    running
        .finish()
        .succeeds()
        .says_once("it goes on looking")
        .shows("Ann submitted\n");
}

#[test]
fn a_network_that_never_was_is_an_error() {
    let course = Course::of(&["Ann"]);
    course.loses(true);
    course
        .project()
        .run(&WATCH)
        .exits(1)
        .says("error: ")
        .says("answered 502");
}

#[test]
fn ctrl_c_leaves_with_a_last_line() {
    let course = Course::of(&["Ann"]);
    let project = course.project();
    let mut running = project.start(&WATCH);
    running.wait_for("1 session: invited 1");
    running.signal("INT");
    let ran = running.finish().exits(130).reports("");
    assert_eq!(ran.stdout.lines().count(), 2, "{ran}");
}

#[test]
fn a_reader_that_goes_away_has_seen_enough() {
    let course = Course::of(&["Ann"]);
    let project = course.project();
    let mut running = project
        .start_shell("(gradient-bulk sessions --watch --every 1s; echo status $? >&2) | head -n 1");
    running.wait_for("1 session: invited 1");
    course.moves("Ann", "setup");
    running.finish().succeeds().reports("status 0\n");
}

#[test]
fn a_terminal_is_redrawn_in_place() {
    let course = Course::of(&["Ann", "Bob", "Cyd"]);
    course.set("Cyd", "dueDate", &json!("2035-02-01T12:00:00Z"));
    let project = course.project();
    let mut screen = watch(&project, &["--until", "submitted"]);
    screen.wait_to_see("Stub Assessment at ");
    screen.wait_to_see("3 of 3 are not submitted yet");
    screen.wait_to_see("invited  3 ████████");
    screen.wait_to_see("none yet");
    screen.wait_to_see("  Cyd  01 Feb 2035 12:00 (in ");
    screen.wait_to_see("next check in 1s; Ctrl-C exits");
    for name in ["Ann", "Bob"] {
        // Whoever is impatient garbles nothing.
        screen.type_keys("are you there?\n\n");
        course.moves(name, "submitted");
        screen.wait_to_see(&format!("{name} submitted"));
    }
    screen.wait_to_see("1 of 3 is not submitted yet");
    screen.wait_to_see("submitted    2 ████████");
    course.moves("Cyd", "submitted");
    let (ran, picture, has_cursor) = screen.leave();
    ran.succeeds();
    assert!(has_cursor);
    // However often it was drawn, it stands there once, with the latest change on top.
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
fn ctrl_c_gives_the_terminal_back() {
    let course = Course::of(&["Ann"]);
    let project = course.project();
    let mut screen = watch(&project, &[]);
    screen.wait_to_see("invited  1 ████████");
    screen.type_keys(CTRL_C);
    let (ran, picture, has_cursor) = screen.leave();
    ran.exits(130);
    assert!(has_cursor);
    assert!(picture.contains("; left\n"), "{picture}");
    assert!(!picture.contains("interrupted"), "{picture}");
}

#[test]
fn a_lost_network_is_seen_until_it_is_back() {
    let course = Course::of(&["Ann"]);
    let project = course.project();
    let mut screen = watch(&project, &["--until", "submitted"]);
    screen.wait_to_see("invited  1 ████████");
    course.loses(true);
    screen.wait_to_see("no answer since ");
    // What was known stays to be seen.
    screen.wait_to_see("invited  1 ████████");
    course.loses(false);
    screen.wait_to_see_no("no answer since ");
    course.moves("Ann", "submitted");
    screen.finish().succeeds();
}

#[test]
fn another_size_of_the_window_garbles_nothing() {
    let names: Vec<String> = (0..30)
        .map(|number| format!("Candidate Number {number}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let course = Course::of(&names);
    let project = course.project();
    let mut screen = watch(&project, &[]);
    screen.wait_to_see("invited  30 ████████");
    let sizes = [(12, 40), (30, 100), (5, 20), (24, 80)];
    for (name, (lines, columns)) in names.iter().zip(sizes) {
        screen.resize(lines, columns);
        let left = course.waiting() - 1;
        course.moves(name, "submitted");
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
fn colours_are_shown_unless_they_are_unwanted() {
    let green = "\u{1b}[32m█";
    let course = Course::of(&["Ann"]);
    let project = Project::new().talking_to(&course.stub);
    let mut screen = watch(&project, &[]);
    screen.wait_for(green);
    screen.type_keys(CTRL_C);
    screen.finish().exits(130);

    let project = course.project();
    let mut screen = watch(&project, &[]);
    screen.wait_to_see("invited  1 ████████");
    screen.type_keys(CTRL_C);
    screen.finish().exits(130).never_says("\u{1b}[32m");
}

#[test]
fn it_looks_less_often_while_the_api_asks_to_go_slower() {
    let course = Course::of(&["Ann"]);
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let sessions = Arc::clone(&course.sessions);
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
