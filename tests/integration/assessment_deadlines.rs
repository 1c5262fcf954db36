//! The assessment's own deadline, which holds for rows without one.

use serde_json::json;

use crate::stub::{Reply, Stub, default_reply};
use crate::support::Project;

const NOW: &str = "2030-01-01T12:00:00Z";
const LIST: &str = "email,name,due_date\n\
    ann@example.com,Ann Lee,\n\
    bo@example.com,Bo Li,2030-02-01\n\
    cy@example.com,Cy Mo,\n";
const INVITE: &str = "invite_all(read_csv(\"people.csv\"), |row| {
    let request = #{ email: row.email, name: row.name };
    if row.due_date != \"\" { request.due_date = row.due_date; }
    request
});";

/// A stub whose assessment has this deadline.
fn stub_due(due_date: &'static str) -> Stub {
    Stub::start(move |request| {
        let mut reply = default_reply(request);
        if request.path.starts_with("/api/assessments/") && !request.is_invite() {
            let mut body: serde_json::Value = reply.json_body();
            body["assessment"]["dueDate"] = json!(due_date);
            reply = Reply::json(200, &body);
        }
        reply
    })
}

fn project(stub: &Stub) -> Project {
    Project::new().file("people.csv", LIST).talking_to(stub)
}

fn at<'a>(now: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    [&["--yes", "--tz", "Europe/Berlin", "--now", now], options].concat()
}

#[test]
fn rows_without_a_deadline_are_invalid_once_that_of_the_assessment_has_passed() {
    let stub = stub_due("2029-12-31T22:59:59Z");
    let project = project(&stub);
    project
        .rhai(&at(NOW, &[]), INVITE)
        .exits(5)
        .says("2 of 3 rows are invalid")
        .says_once(
            "its deadline has passed (Mon 2029-12-31 23:59:59 Europe/Berlin), and the row has none of its own",
        );
    assert!(stub.invites().is_empty());
    project.rhai(&at(NOW, &["--skip-invalid"]), INVITE).exits(3);
    assert_eq!(stub.invited_emails(), ["bo@example.com"]);
    let single =
        "try { invite(\"di@example.com\", \"Di Po\") } catch (problem) { print(problem.message); }";
    project
        .rhai(&at(NOW, &[]), single)
        .shows("its deadline has passed (Mon 2029-12-31 23:59:59 Europe/Berlin)");
    assert_eq!(stub.invites().len(), 1);
}

#[test]
fn the_plan_shows_the_deadline_that_is_inherited() {
    let stub = stub_due("2030-03-01T22:59:59Z");
    let project = project(&stub);
    project
        .rhai(&at(NOW, &["--dry-run"]), INVITE)
        .succeeds()
        .says("line 2: Ann Lee <ann@example.com>, due Fri 2030-03-01 23:59:59 Europe/Berlin (the assessment's deadline)\n")
        .says("line 3: Bo Li <bo@example.com>, due Fri 2030-02-01 23:59:59 Europe/Berlin\n");
    project
        .run(&["send", "1", "--dry-run", "--now", NOW, "--tz", "Europe/Berlin"])
        .succeeds()
        .says("line 4: Cy Mo <cy@example.com>, due Fri 2030-03-01 23:59:59 Europe/Berlin (the assessment's deadline)\n");
    project
        .run(&["send", "1", "--yes", "--now", "2030-03-02T00:00:00Z"])
        .exits(5)
        .says("3 of 3 rows are invalid");
    assert!(stub.invites().is_empty());
    project
        .run(&["send", "1", "--yes", "--now", NOW])
        .succeeds();
    assert_eq!(stub.invites().len(), 3);
}

#[test]
fn a_deadline_in_another_format_is_shown_as_it_is() {
    let stub = stub_due("early in March");
    project(&stub).rhai(&at(NOW, &[]), INVITE).succeeds().says(
        "line 2: Ann Lee <ann@example.com>, due `early in March` (the assessment's deadline)\n",
    );
    assert_eq!(stub.invites().len(), 3);
}
