//! What is looked up before candidates are invited: at the same time if possible, and nothing that is not needed.

use crate::candidate_list::{INVITE_ALL, addresses, people};
use crate::service::{OTHER, Service};
use crate::stub::{ASSESSMENT, Stub};
use crate::support::Project;

/// Runs a script, and returns the paths that it looked up, sorted.
fn looked_up(options: &[&str], script: &str) -> Vec<String> {
    let service = Service::healthy();
    let project = people(5).talking_to(&service.stub);
    project.rhai(&[&["--yes"], options].concat(), script);
    let requests = service.stub.requests();
    let look_ups = requests.iter().filter(|request| !request.is_invite());
    let mut paths: Vec<String> = look_ups
        .map(|request| request.path.trim_start_matches("/api/").to_owned())
        .collect();
    paths.sort();
    paths
}

fn by_id() -> String {
    format!("assessments/{ASSESSMENT}")
}

#[test]
fn the_assessment_and_its_sessions_are_looked_up_at_the_same_time() {
    for script in [
        INVITE_ALL,
        "invite_all(read_lines(\"people.txt\"), |email| #{ email: email });",
        "for email in read_lines(\"people.txt\") { invite(#{ email: email }); }",
    ] {
        let (stub, hold) = Stub::holding(|request| !request.is_invite());
        let project = people(5).talking_to(&stub);
        let running = project.start_rhai(&["--yes"], script);
        hold.await_arrivals(2);
        let mut paths: Vec<String> = stub.requests().into_iter().map(|it| it.path).collect();
        paths.sort();
        assert_eq!(
            paths,
            [format!("/api/{}", by_id()), "/api/sessions".to_owned()]
        );
        hold.release();
        running.finish().succeeds();
        assert_eq!(stub.invited_emails(), addresses(5));
        assert_eq!(stub.requests().len(), 2 + 5);
    }
}

#[test]
fn several_assessments_are_looked_up_once_each() {
    let script = format!(
        "invite_all(read_lines(\"people.txt\"), |email| #{{ email: email, assessment: if email.contains(\"3\") {{ \"{OTHER}\" }} else {{ \"{ASSESSMENT}\" }} }});"
    );
    assert_eq!(
        looked_up(&[], &script),
        [
            &format!("assessments/{OTHER}"),
            &by_id(),
            "sessions",
            "sessions"
        ]
    );
}

#[test]
fn a_name_is_looked_up_first() {
    assert_eq!(
        looked_up(&["--assessment", "first assessment"], INVITE_ALL),
        ["assessments", "sessions"]
    );
}

#[test]
fn a_dry_run_looks_up_the_same() {
    assert_eq!(
        looked_up(&["--dry-run"], INVITE_ALL),
        [&by_id(), "sessions"]
    );
}

#[test]
fn sessions_are_not_listed_for_nobody() {
    for script in [
        &format!("print(assessment(\"{ASSESSMENT}\").name);"),
        "invite_all(read_lines(\"people.txt\"), |email| #{ email: email, due_date: \"never\" });",
        "invite(#{ email: \"nobody\" });",
        "invite(#{ email: \"jane@example.com\", due_date: \"never\" });",
    ] {
        assert_eq!(looked_up(&[], script), [by_id()], "{script}");
    }
    for script in [
        "print(1);",
        "invite_all([]);",
        "invite_all(read_lines(\"people.txt\"), |email| skip(\"no\"));",
        "invite_all(read_lines(\"people.txt\"), |email| #{ mail: email });",
    ] {
        assert!(looked_up(&[], script).is_empty(), "{script}");
    }
}

/// The candidate's own list of sessions is not that of a later one: the first call failed after its look-ups had begun.
#[test]
fn a_list_that_was_begun_in_vain_is_not_used_later() {
    let service = Service::healthy();
    let project = Project::new().talking_to(&service.stub);
    project
        .rhai(
            &["--yes"],
            r#"
            try { invite(#{ email: "jane@example.com", due_date: "2020-01-01" }); } catch (error) { print(error.error); }
            print(invite(#{ email: "jane@example.com" }).outcome);
            "#,
        )
        .succeeds()
        .prints("bad_date\ncreated\n");
    service.has_one_session_for_each(&["jane@example.com".to_owned()]);
}

#[test]
fn an_unknown_assessment_is_an_error_whatever_its_sessions_are() {
    let id = "00000000-0000-4000-8000-000000000000";
    let service = Service::healthy();
    let project = people(5).talking_to(&service.stub);
    project
        .rhai(&["--yes", "--assessment", id], INVITE_ALL)
        .exits(4)
        .says("error: no assessment `00000000-0000-4000-8000-000000000000`")
        .says("--> script.rhai:1:");
    assert!(service.stub.invites().is_empty());
}
