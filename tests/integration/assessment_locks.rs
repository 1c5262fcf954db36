//! Only one process at a time invites to an assessment: a second one is refused or waits, and lists the sessions again.

use std::fs;

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::hold::Hold;
use crate::ledger::{names_in, state};
use crate::service::{OTHER, Service};
use crate::stub::ASSESSMENT;
use crate::support::{Project, Ran, Running};

/// A process that is inviting four people and waits for the response to the first.
struct Inviting {
    service: Service,
    hold: Hold,
    project: Project,
    running: Running,
}

impl Inviting {
    fn start(options: &[&str]) -> Self {
        let (service, hold) = Service::holding(|_| true);
        let project = people(4)
            .file("script.rhai", INVITE_ALL)
            .talking_to(&service.stub);
        let running = start(&project, options);
        hold.await_arrivals(1);
        Self {
            service,
            hold,
            project,
            running,
        }
    }

    /// Runs another process to its end.
    fn run(&self, options: &[&str]) -> Ran {
        start(&self.project, options).finish()
    }

    /// Answers all requests.
    fn finish(self) -> (Service, Project) {
        self.hold.release();
        self.running.finish().succeeds();
        (self.service, self.project)
    }
}

fn start(project: &Project, options: &[&str]) -> Running {
    project.start(&[&["run", "--yes"], options, &["script.rhai"]].concat())
}

fn session_lists(service: &Service) -> usize {
    let requests = service.stub.requests();
    requests
        .iter()
        .filter(|request| request.path == "/api/sessions")
        .count()
}

#[test]
fn a_second_process_is_refused_and_told_by_whom() {
    let inviting = Inviting::start(&[]);
    let other = inviting.project.path().join("other.db");
    let holder = format!(
        "error: `First Assessment` is in use by run 1 (`script.rhai`) of `{}`, started ",
        inviting.project.ledger().display()
    );
    let process = format!(" UTC by process {}", inviting.running.id());
    for options in [&["--json"][..], &["--json", "--ledger", "other.db"]] {
        let ran = inviting
            .run(options)
            .exits(7)
            .says(&holder)
            .says(&process)
            .says("hint: only one process at a time can invite to an assessment, unless each sends another part of the list (`--shard I/N`); `--wait-lock SECONDS` waits")
            .says("the plan is kept; `gradient-bulk send ");
        let summary = ran.json();
        assert_eq!(summary["exit_status"], 7);
        assert_eq!(summary["planned"], 4);
    }
    assert!(other.exists());
    let (service, project) = inviting.finish();
    assert_eq!(service.stub.invites().len(), 4);
    assert_eq!(state(&project, 2), "planned");
    project.run(&["send", "2", "--yes"]).succeeds();
    service.has_one_session_for_each(&addresses(4));
}

#[test]
fn the_user_is_named_if_the_system_names_one() {
    let (service, hold) = Service::holding(|_| true);
    let project = people(1)
        .file("script.rhai", INVITE_ALL)
        .env("USER", "jane")
        .talking_to(&service.stub);
    let running = start(&project, &[]);
    hold.await_arrivals(1);
    let process = format!(" by process {} (jane)\n", running.id());
    start(&project, &[]).finish().exits(7).says(&process);
    hold.release();
    running.finish().succeeds();
}

#[test]
fn wait_lock_waits_and_lists_the_sessions_again() {
    let inviting = Inviting::start(&[]);
    let mut second = start(&inviting.project, &["--wait-lock", "30"]);
    let line = second.wait_for("waiting for run 1 (`script.rhai`) of ");
    assert!(
        line.ends_with(", which invites to `First Assessment`; Ctrl-C ends the wait\n"),
        "{line}"
    );
    let (service, _project) = inviting.finish();
    second
        .finish()
        .succeeds()
        .says("the sessions were listed again: 4 already invited\n")
        .says("run 2: 4 rows: 0 created, 4 existing, 0 failed\n");
    service.has_one_session_for_each(&addresses(4));
    assert_eq!(session_lists(&service), 3);
}

#[test]
fn wait_lock_waits_for_a_run_too() {
    let inviting = Inviting::start(&[]);
    let send = ["send", "1", "--yes", "--wait-lock"];
    let refused = inviting.project.run(&[&send[..], &["0.1"]].concat());
    refused.says("error: run 1 is in use");
    let mut second = inviting.project.start(&[&send[..], &["30"]].concat());
    second.wait_for("waiting: run 1 is in use");
    let (service, _project) = inviting.finish();
    second.finish().succeeds();
    service.has_one_session_for_each(&addresses(4));
    assert_eq!(service.stub.invites().len(), 4);
}

#[test]
fn wait_lock_gives_up() {
    let inviting = Inviting::start(&[]);
    inviting
        .run(&["--wait-lock", "0.1"])
        .exits(7)
        .says("waiting for run 1 ")
        .says("error: waited 0.1 s: `First Assessment` is in use by run 1 ")
        .says("the plan is kept; `gradient-bulk send 2` continues with it\n");
    let (service, project) = inviting.finish();
    assert_eq!(service.stub.invites().len(), 4);
    assert_eq!(state(&project, 2), "planned");
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_the_wait() {
    let inviting = Inviting::start(&[]);
    let mut second = start(&inviting.project, &["--wait-lock", "600"]);
    second.wait_for("waiting for run 1 ");
    second.signal("INT");
    second
        .finish()
        .exits(130)
        .says("the rest: `gradient-bulk send 2`\n");
    let (service, project) = inviting.finish();
    assert_eq!(service.stub.invites().len(), 4);
    assert_eq!(state(&project, 2), "planned");
}

#[test]
fn send_is_refused_and_waits_as_well() {
    let inviting = Inviting::start(&[]);
    inviting.run(&["--dry-run"]).succeeds();
    let send = &["send", "2", "--yes"];
    inviting
        .project
        .run(send)
        .exits(7)
        .says("error: `First Assessment` is in use by run 1 ");
    let mut second = inviting
        .project
        .start(&[&send[..], &["--wait-lock", "30"]].concat());
    second.wait_for("waiting for run 1 ");
    let (service, _project) = inviting.finish();
    second.finish().succeeds();
    service.has_one_session_for_each(&addresses(4));
}

#[test]
fn shards_of_the_same_division_are_sent_at_the_same_time() {
    let (service, hold) = Service::holding(|_| true);
    let project = people(40)
        .file("script.rhai", INVITE_ALL)
        .talking_to(&service.stub);
    let shard = |shard| start(&project, &["--concurrency", "1", "--shard", shard]);
    let running = [shard("1/2"), shard("2/2")];
    // Each of them sends one request at a time.
    hold.await_arrivals(2);
    hold.release();
    for each in running {
        each.finish().succeeds();
    }
    service.has_one_session_for_each(&addresses(40));
}

#[test]
fn everything_else_that_overlaps_is_refused() {
    for (first, second, is_refused) in [
        (Some("1/2"), Some("1/2"), true),
        (Some("1/2"), Some("1/3"), true),
        (Some("1/2"), Some("2/3"), true),
        (Some("1/2"), Some("2/4"), true),
        (Some("1/2"), None, true),
        (None, Some("1/2"), true),
        (None, Some("1/1"), true),
        (Some("2/2"), Some("1/2"), false),
    ] {
        let (service, hold) = Service::holding(|number| number == 1);
        let project = people(40)
            .file("script.rhai", INVITE_ALL)
            .talking_to(&service.stub);
        let shard = |shard: Option<&'static str>| {
            shard.map_or_else(Vec::new, |shard| vec!["--shard", shard])
        };
        let running = start(&project, &shard(first));
        hold.await_arrivals(1);
        let ran = start(&project, &shard(second)).finish();
        let expected = if is_refused { 7 } else { 0 };
        assert_eq!(ran.status, expected, "{first:?} {second:?}\n{ran}");
        hold.release();
        running.finish().succeeds();
    }
}

#[test]
fn another_assessment_is_not_locked() {
    let inviting = Inviting::start(&[]);
    let mut other = start(&inviting.project, &["--assessment", OTHER]);
    inviting.hold.await_arrivals(4);
    inviting.hold.release();
    other.wait_for("4 created");
    let (service, _project) = inviting.finish();
    assert_eq!(service.stub.invites().len(), 8);
}

/// A hash names the file, so no id can lead elsewhere.
#[test]
fn the_name_of_a_lock_is_a_hash() {
    let (_, project) = Inviting::start(&[]).finish();
    let names = names_in(&project.home().join("locks"));
    let [lock, gate] = &names[..] else {
        panic!("{names:?}")
    };
    assert_eq!(gate, "gate.lock");
    let hash = lock.strip_suffix(".lock").unwrap();
    assert!(
        hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{lock}"
    );
}

#[test]
fn every_spelling_of_the_server_has_the_same_lock() {
    let inviting = Inviting::start(&[]);
    let url = inviting
        .service
        .stub
        .url()
        .replace("127.0.0.1", "LocalHost");
    inviting.run(&["--api-url", &format!("{url}/api")]).exits(7);
    inviting.finish();
}

#[test]
fn a_sandbox_has_locks_of_its_own() {
    let project = people(2);
    project.rhai(&["--sandbox"], INVITE_ALL).succeeds();
    assert!(project.home().join("sandbox/locks/gate.lock").exists());
    assert!(!project.home().join("locks").exists());
}

#[test]
fn a_dry_run_needs_no_lock() {
    let inviting = Inviting::start(&[]);
    inviting.run(&["--dry-run"]).succeeds();
    inviting.finish();
}

#[test]
fn a_lock_that_cannot_be_taken_is_an_error() {
    let service = Service::healthy();
    let project = people(2).talking_to(&service.stub);
    fs::create_dir(project.home()).unwrap();
    fs::write(
        project.home().join("locks"),
        "a file in place of the directory",
    )
    .unwrap();
    project
        .rhai(&["--yes"], INVITE_ALL)
        .exits(1)
        .says("error: cannot lock assessments in `")
        .says(
            "hint: set `GRADIENT_BULK_HOME` to a directory on a local disk that you can write to",
        );
    assert!(service.stub.invites().is_empty());
    assert_eq!(state(&project, 1), "planned");
}

#[test]
fn damaged_lock_files_are_harmless() {
    let (service, project) = Inviting::start(&[]).finish();
    for entry in fs::read_dir(project.home().join("locks")).unwrap() {
        fs::write(entry.unwrap().path(), [0xff, 0, b'{']).unwrap();
    }
    start(&project, &[]).finish().succeeds();
    service.has_one_session_for_each(&addresses(4));
}

#[test]
fn single_invites_are_refused_and_scripts_can_catch_that() {
    let inviting = Inviting::start(&[]);
    inviting
        .project
        .rhai(
            &["--yes"],
            "try { invite(\"jane@example.com\", \"Jane\"); } catch (error) { print(error.error); }",
        )
        .succeeds()
        .prints("in_use\n");
    inviting
        .project
        .run(&[
            "repl",
            "--yes",
            "-e",
            "invite(\"jane@example.com\", \"Jane\")",
        ])
        .exits(7)
        .says("`First Assessment` is in use by run 1 ");
    inviting
        .project
        .start(&[
            "repl",
            "--yes",
            "--wait-lock",
            "0.1",
            "-e",
            "invite(\"jane@example.com\", \"Jane\")",
        ])
        .finish()
        .exits(7)
        .says("waited 0.1 s: ");
    let (service, _project) = inviting.finish();
    assert_eq!(service.stub.invites().len(), 4);
}

/// Each call takes the lock, so that a long script does not keep others out.
#[test]
fn single_invites_list_sessions_again_only_after_others_have_invited() {
    let (service, hold) = Service::holding(|number| number == 3);
    let project = people(4).talking_to(&service.stub);
    let script = r#"
        for email in read_lines("people.txt") { print(invite(#{ email: email }).outcome); }
    "#;
    fs::write(
        project.path().join("other.rhai"),
        "invite_all([\"someone00004@example.com\"]);",
    )
    .unwrap();
    let running = project.start_rhai(&["--yes", "--wait-lock", "30"], script);
    hold.await_arrivals(1);
    assert_eq!(session_lists(&service), 1);
    let mut other = project.start(&["run", "--yes", "--wait-lock", "30", "other.rhai"]);
    other.wait_for("waiting for run 1 ");
    hold.release();
    running.finish().succeeds();
    other.finish().succeeds();
    service.has_one_session_for_each(&addresses(4));
}

#[cfg(unix)]
mod at_the_question {
    use super::*;
    use crate::screen::Screen;

    /// Opens a terminal at which a process asks whether to invite the people.
    fn ask(project: &Project, options: &[&str]) -> Screen {
        let command = project.program(&[&["run"], options, &["script.rhai"]].concat());
        let mut screen = Screen::open(command);
        screen.wait_for("? [y/N/show] ");
        screen
    }

    #[test]
    fn nothing_is_locked_and_the_sessions_are_listed_again_afterwards() {
        let service = Service::healthy();
        let project = people(4)
            .file("script.rhai", INVITE_ALL)
            .talking_to(&service.stub);
        let screen = ask(&project, &[]);
        start(&project, &[]).finish().succeeds();
        service.submit(&addresses(4)[1]);
        screen.type_keys("y\n");
        screen
            .finish()
            .exits(0)
            .says("the sessions were listed again: 3 already invited, 1 skipped because they have finished\n")
            .says("run 1: 4 rows: 0 created, 3 existing, 0 failed, 1 skipped\n");
        service.has_one_session_for_each(&addresses(4));
        assert_eq!(session_lists(&service), 3);
    }

    #[test]
    fn the_sessions_are_not_listed_again_without_a_reason() {
        let service = Service::healthy();
        let project = people(4)
            .file("script.rhai", INVITE_ALL)
            .talking_to(&service.stub);
        start(&project, &["--assessment", OTHER])
            .finish()
            .succeeds();
        start(&project, &[]).finish().succeeds();
        let before = session_lists(&service);
        let screen = ask(&project, &[]);
        screen.type_keys("y\n");
        screen.finish().exits(0);
        assert_eq!(session_lists(&service), before + 1);
    }

    /// The user has agreed to the first two, and the third may not take the place of one who is left out.
    #[test]
    fn nobody_is_invited_in_place_of_others() {
        let service = Service::healthy();
        let project = people(4)
            .file("script.rhai", INVITE_ALL)
            .file("other.rhai", "invite_all([\"someone00001@example.com\"]);")
            .talking_to(&service.stub);
        let screen = ask(&project, &["--first", "2"]);
        project.run(&["run", "--yes", "other.rhai"]).succeeds();
        service.submit(&addresses(1)[0]);
        screen.type_keys("y\n");
        screen
            .finish()
            .exits(0)
            .says("run 1: 4 rows: 1 created, 0 existing, 0 failed, 2 not sent, 1 skipped\n");
        service.has_one_session_for_each(&addresses(2));
    }

    #[test]
    fn a_process_that_is_refused_after_yes_keeps_its_plan() {
        let (service, hold) = Service::holding(|_| true);
        let project = people(4)
            .file("script.rhai", INVITE_ALL)
            .talking_to(&service.stub);
        let screen = ask(&project, &[]);
        let other = start(&project, &[]);
        hold.await_arrivals(1);
        screen.type_keys("y\n");
        screen
            .finish()
            .exits(7)
            .says("`First Assessment` is in use by run 2 ");
        hold.release();
        other.finish().succeeds();
        assert_eq!(state(&project, 1), "planned");
        assert_eq!(service.stub.invites().len(), 4);
    }
}

#[test]
fn an_assessment_that_is_given_by_id_or_by_name_has_the_same_lock() {
    let inviting = Inviting::start(&["--assessment", "first assessment"]);
    inviting.run(&["--assessment", ASSESSMENT]).exits(7);
    inviting
        .run(&["--assessment", &ASSESSMENT.to_uppercase()])
        .exits(4);
    inviting.finish();
}
