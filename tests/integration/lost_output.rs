//! Standard output that cannot be written: a full disk is an error of every command, a closed pipe is not.

use std::process::Stdio;

use crate::candidate_list::{addresses, people};
use crate::service::Service;
use crate::support::{Project, Running};

#[cfg(target_os = "linux")]
#[test]
fn every_command_reports_output_that_cannot_be_written() {
    let project = Project::new()
        .file("unused.rhai", "let unused = 1;")
        .file("printing.rhai", "print(\"one\");\nprint(\"two\");")
        .file("passing.rhai", "fn test_nothing() {}")
        .file("exiting.rhai", "print(\"one\");\nexit(0);")
        .file("people.csv", "name,email\nAnn Lee,ann@example.com\n");
    project
        .run(&["run", "--sandbox", "invite_csv", "people.csv"])
        .succeeds();
    for command in [
        "run --sandbox --json printing.rhai",
        "run --sandbox printing.rhai",
        "run --sandbox exiting.rhai",
        "run --sandbox monitor",
        "run --sandbox invite_list new@example.com",
        "run --sandbox monitor --help",
        "send last --json",
        "docs",
        "docs invite_all",
        "docs --format markdown",
        "scripts",
        "check unused.rhai",
        "check --format json unused.rhai",
        "test passing.rhai",
        "test --quiet passing.rhai",
        "completions bash",
        "new mine.rhai",
        "doctor --sandbox",
        "sandbox",
        "sessions --sandbox",
        "sessions --sandbox --format csv",
        "sessions --sandbox --watch",
        "runs",
        "runs 1 --all --format json",
        "repl --sandbox -e 1+1",
        "repl --sandbox --json -e 1+1",
        "--help",
        "--version",
        "run --help",
    ] {
        project
            .shell(&format!("gradient-bulk {command} >/dev/full"))
            .exits(1)
            .says("error: cannot write the output: No space left on device");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_status_that_precedes_lost_output_stays() {
    let stub = crate::stub::Stub::start(crate::stub::default_reply);
    let project = Project::new()
        .talking_to(&stub)
        .file("script.rhai", "print(\"one\");\ninvite_all([\"nobody\"]);");
    project
        .shell("gradient-bulk run --yes script.rhai >/dev/full")
        .exits(5)
        .says("error: cannot write the output: No space left on device");
    assert!(stub.invites().is_empty());
}

#[cfg(target_os = "linux")]
#[test]
fn lost_output_does_not_stop_sending() {
    let service = Service::healthy();
    let project = people(300).talking_to(&service.stub).file(
        "script.rhai",
        "print(\"one\");\ninvite_all(read_lines(\"people.txt\"));",
    );
    project
        .shell("gradient-bulk run --yes script.rhai >/dev/full")
        .exits(1)
        .says("run 1: 300 rows: 300 created")
        .says_once("error: cannot write the output: No space left on device");
    service.has_one_session_for_each(&addresses(300));
}

/// Starts a command whose standard output is a pipe that nothing reads.
#[cfg(unix)]
fn start_unread(project: &Project, arguments: &[&str]) -> Running {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = project.program(arguments);
    command.stdout(Stdio::from(writer));
    Running::spawn(command)
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_stops_no_sending_and_is_not_an_error() {
    let service = Service::healthy();
    let project = people(300).talking_to(&service.stub).file(
        "script.rhai",
        "print(\"one\");\nprint(invite_all(read_lines(\"people.txt\")));\nfor n in 0..50 { print(invite(`late${n}@example.com`, \"Late Lee\")); }",
    );
    start_unread(&project, &["run", "--yes", "script.rhai"])
        .finish()
        .succeeds()
        .never_says("error");
    let mut everyone = addresses(300);
    everyone.extend((0..50).map(|number| format!("late{number}@example.com")));
    everyone.sort();
    service.has_one_session_for_each(&everyone);
}

#[cfg(unix)]
#[test]
fn commands_behind_a_closed_pipe_keep_their_status() {
    let project = Project::new()
        .file("unused.rhai", "let unused = 1;")
        .file("failing.rhai", "print(\"one\");\nthrow \"no good\";")
        .file("failing_test.rhai", "fn test_it() { assert(false); }");
    for (arguments, status) in [
        (&["docs"][..], 0),
        (&["scripts"], 0),
        (&["--help"], 0),
        (&["check", "unused.rhai"], 0),
        (&["test", "failing_test.rhai"], 1),
        (&["run", "--sandbox", "--json", "failing.rhai"], 1),
        (&["sessions", "--sandbox", "--watch"], 0),
    ] {
        start_unread(&project, arguments)
            .finish()
            .exits(status)
            .never_says("cannot write the output");
    }
}

#[cfg(unix)]
#[test]
fn an_endless_print_behind_a_closed_pipe_ends() {
    let project = Project::new()
        .file("script.rhai", "loop { print(\"again\"); }")
        .file(
            "finite.rhai",
            "for number in 0..1000 { print(number); }\nexit(7);",
        )
        .file(
            "caught.rhai",
            "loop { try { loop { print(\"again\"); } } catch { } }",
        );
    for script in ["script.rhai", "caught.rhai"] {
        start_unread(&project, &["run", "--sandbox", script])
            .finish()
            .exits(1)
            .says("error: the script prints without end, and nothing reads its output any more");
    }
    start_unread(&project, &["run", "--sandbox", "finite.rhai"])
        .finish()
        .exits(7);
}

#[cfg(target_os = "linux")]
#[test]
fn an_endless_print_to_a_full_disk_ends() {
    let project = Project::new().file("script.rhai", "loop { print(\"again\"); }");
    project
        .shell("gradient-bulk run --sandbox script.rhai >/dev/full")
        .exits(1)
        .says("error: cannot write the output: No space left on device");
}
