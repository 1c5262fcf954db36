//! `find`: what is known about a candidate, in the ledger and at the API.

use serde_json::json;

use crate::candidate_list::INVITE_ALL;
use crate::change_service::{ChangeService, Kind};
use crate::service::Service;
use crate::support::Project;

/// Three people, of whom one has a session already.
fn project(service: &Service) -> Project {
    service.add_session_with(
        "ann.lee@example.com",
        "in_progress",
        json!("Ann Lee"),
        json!("2030-02-08T16:00:00Z"),
    );
    Project::new()
        .file(
            "people.csv",
            "name,email\nAnn Lee,ann.lee@example.com\nBo Li,BO@example.com\nCy Leeman,cy@@example.com\n",
        )
        .talking_to(&service.stub)
}

const SCRIPT: &str = "invite_all(read_csv(\"people.csv\"));";

#[test]
fn a_candidate_is_found_in_every_run_and_at_the_api() {
    let service = Service::healthy();
    let project = project(&service);
    let now = ["--now", "2030-02-01T12:00:00Z", "--tz", "UTC"];
    let options = [&["--yes", "--skip-invalid"], &now[..]].concat();
    for _ in 0..2 {
        project.rhai(&options, SCRIPT).exits(3);
    }
    // Part of an address or a name, in any case.
    let ran = project.run(&["find", " LEE ", "--tz", "UTC"]).succeeds();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let at = |text: &str| {
        let found: Vec<usize> = (0..lines.len())
            .filter(|at| lines[*at].contains(text))
            .collect();
        found
    };
    let runs = [at("run 2, "), at("run 1, ")];
    assert!(runs[0] < runs[1], "{ran}");
    let cy = at("not an email address (more than one `@`)");
    let ann = at("ann.lee@example.com");
    assert_eq!((cy.len(), ann.len()), (2, 3), "{ran}");
    let urls = at("https://service.example/s/0");
    assert_eq!(urls, ann[..2], "{ran}");
    let sessions = at("sessions in First Assessment at 127.0.0.1:");
    assert!(sessions[0] > urls[1] && ann[2] > sessions[0], "{ran}");
    assert!(lines[ann[2]].contains("in_progress"), "{ran}");
    assert!(lines[ann[2]].contains("2030-02-08 16:00 UTC"), "{ran}");
    assert_eq!(at("bo@example.com"), [0; 0], "{ran}");
}

#[test]
fn what_is_found_is_one_json_object() {
    let service = Service::healthy();
    let project = project(&service);
    let find = |text: &str| project.run(&["find", text, "--json"]);
    assert_eq!(
        find("zoe").succeeds().reports("").json(),
        json!({ "rows": [], "sessions": [] })
    );
    for _ in 0..2 {
        project.rhai(&["--yes", "--skip-invalid"], SCRIPT).exits(3);
    }
    let found = find("lee").succeeds().reports("").json();
    let rows = found["rows"].as_array().unwrap();
    let expected = [
        (2, "ann.lee@example.com", "existing"),
        (2, "cy@@example.com", "invalid"),
        (1, "ann.lee@example.com", "existing"),
        (1, "cy@@example.com", "invalid"),
    ];
    assert_eq!(rows.len(), expected.len(), "{rows:?}");
    for (row, (run, email, outcome)) in rows.iter().zip(expected) {
        assert_eq!(row["run"], run);
        assert_eq!(row["email"], email);
        assert_eq!(row["outcome"], outcome);
        assert_eq!(row["kind"], "invite");
    }
    let sessions = found["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0]["candidate_email"], "ann.lee@example.com");
    assert!(sessions[0].get("token").is_none());
    // Without the API, the rows are all there is.
    service.refuse_list(service.stub.lists() + 1);
    let ran = find("lee").exits(1).says("no list today");
    assert_eq!(ran.json()["sessions"], json!(null));
    assert_eq!(ran.json()["rows"], found["rows"]);
}

/// Not only the letters of ASCII, in the rows as in the sessions.
#[test]
fn the_case_of_every_letter_is_ignored() {
    let service = Service::healthy();
    let project = Project::new().talking_to(&service.stub);
    let script = "invite(#{ email: \"a@example.com\", name: \"Ärzte ÖZGÜR Łukasz\" });";
    project.rhai(&["--yes"], script).succeeds();
    for text in ["özgür", "ÖZGÜR", "ärzte", "łUKASZ", "A@EXAMPLE"] {
        let found = project.run(&["find", text, "--json"]).succeeds().json();
        assert_eq!(found["rows"].as_array().unwrap().len(), 1, "{text}");
        assert_eq!(found["sessions"].as_array().unwrap().len(), 1, "{text}");
    }
}

/// Where an invitation was taken back, the run that did it says so.
#[test]
fn a_revoked_session_is_found_as_revoked() {
    let service = ChangeService::healthy(Kind::Invite, 2);
    let project = service.project();
    service.run(&project, &[]).succeeds();
    let undo = ["undo", "1", "--yes", "--max-changes", "2"];
    project.run(&undo).succeeds();
    let ran = project.run(&["find", "p2@example.com"]).succeeds();
    let at = |text: &str| {
        ran.stdout
            .find(text)
            .unwrap_or_else(|| panic!("no {text}: {ran}"))
    };
    let (undone, invited) = (at("run 2, "), at("run 1, "));
    assert!(
        undone < at(" revoked ") && at(" revoked ") < invited,
        "{ran}"
    );
    assert!(invited < at(" created "), "{ran}");
}

#[test]
fn nobody_is_found() {
    let service = Service::healthy();
    let project = project(&service);
    let ran = project.run(&["find", "zoe"]).succeeds();
    let place = service.stub.address();
    ran.prints("").reports(&format!(
        "no row with `zoe` in the runs at {place}\nno session with `zoe` in First Assessment at {place}\n"
    ));
    for text in ["", " "] {
        project
            .run(&["find", text])
            .exits(2)
            .says("part of an address or a name is needed");
    }
}

#[test]
fn the_ledger_is_shown_if_the_api_cannot_be_reached() {
    let service = Service::healthy();
    let project = project(&service);
    project.rhai(&["--yes", "--skip-invalid"], SCRIPT).exits(3);
    service.refuse_list(service.stub.lists() + 1);
    project
        .run(&["find", "ann.lee"])
        .exits(1)
        .shows("https://service.example/s/0")
        .says("no list today");
}

#[test]
fn the_sandbox_and_the_api_are_kept_apart() {
    let service = Service::healthy();
    let project = project(&service).file("people.txt", "ann.lee@example.com\n");
    project.rhai(&["--sandbox"], INVITE_ALL).succeeds();
    project
        .run(&["find", "ann.lee"])
        .succeeds()
        .says(&format!(
            "no row with `ann.lee` in the runs at {}\n",
            service.stub.address()
        ))
        .shows("in_progress");
    project
        .run(&["find", "--sandbox", "ann.lee"])
        .succeeds()
        .shows("run 1, ")
        .shows(" at the sandbox\n");
}

#[test]
fn other_assessments_are_searched_on_request() {
    let project = Project::new();
    let other = ["--sandbox", "--assessment", "Data Analyst Assessment"];
    project
        .rhai(&other, "invite(\"ann.lee@example.com\", \"Ann Lee\");")
        .succeeds();
    project
        .run(&["find", "--sandbox", "ann.lee"])
        .succeeds()
        .shows("run 1, ")
        .says("no session with `ann.lee` in Senior PM Assessment at the sandbox\n");
    project
        .run(&["find", "--sandbox", "--all-assessments", "ann.lee"])
        .succeeds()
        .shows("sessions in all assessments at the sandbox\n")
        .shows("Data Analyst Assessment");
}
