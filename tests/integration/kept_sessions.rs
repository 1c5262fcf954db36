//! What existing sessions keep: the plan says which candidates keep a different deadline or name, or have a dead link, and that is what
//! happens then.

use std::fmt::Write as _;
use std::slice;

use serde_json::{Value, json};

#[cfg(unix)]
use crate::screen::Screen;
use crate::service::{STATUSES, Service};
use crate::stub::{ASSESSMENT, Reply, Stub, default_reply};
use crate::support::{Project, Ran};

const NOW: &str = "2030-01-01T12:00:00Z";
const REQUESTED: &str = "2030-02-01T16:00:00Z";
const NAME: &str = "Kim Smyth";
const OPTIONS: [&str; 5] = ["--yes", "--tz", "Europe/Berlin", "--now", NOW];

const PASSED: &str = "2029-12-31T23:00:00Z";

/// Deadlines of sessions: the requested one in two forms, others, one that has passed, none, and three that cannot be read.
fn deadlines() -> [Value; 9] {
    [
        json!(REQUESTED),
        json!("2030-02-01T17:00:00+01:00"),
        json!("2030-02-08T16:00:00Z"),
        json!("2030-02-01T16:00:01Z"),
        json!(PASSED),
        Value::Null,
        json!("soon"),
        json!("2030-02-01T16:00:00"),
        json!(1_896_192_000),
    ]
}

/// Names in sessions: the requested one, in another case, and others.
fn names() -> [Value; 5] {
    [
        json!(NAME),
        json!("KIM smyth"),
        json!("Kim Smith"),
        json!(" "),
        Value::Null,
    ]
}

/// A candidate with a session, and what the row asks for.
struct Candidate {
    email: String,
    status: &'static str,
    deadline: Value,
    name: Value,
    asks_for_deadline: bool,
    asks_for_name: bool,
}

impl Candidate {
    /// Returns candidates with all combinations.
    fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for status in STATUSES {
            for deadline in deadlines() {
                for name in names() {
                    for asks_for in 0..4 {
                        all.push(Self {
                            email: format!("kim.lee+{}@example.com", all.len()),
                            status,
                            deadline: deadline.clone(),
                            name: name.clone(),
                            asks_for_deadline: asks_for & 1 > 0,
                            asks_for_name: asks_for & 2 > 0,
                        });
                    }
                }
            }
        }
        all
    }

    fn is_active(&self) -> bool {
        STATUSES[..3].contains(&self.status)
    }

    fn keeps_other_deadline(&self) -> bool {
        self.is_active() && self.asks_for_deadline && !deadlines()[..2].contains(&self.deadline)
    }

    fn keeps_other_name(&self) -> bool {
        self.is_active() && self.asks_for_name && self.name == names()[2]
    }

    fn is_expired(&self) -> bool {
        self.is_active() && self.deadline == PASSED
    }

    /// The deadline in force, as the program shows it.
    fn deadline_in_force(&self) -> Value {
        match &self.deadline {
            second_form if *second_form == deadlines()[1] => json!(REQUESTED),
            Value::Number(number) => json!(number.to_string()),
            other => other.clone(),
        }
    }
}

fn service_with(candidates: &[Candidate]) -> Service {
    let service = Service::healthy();
    for candidate in candidates {
        let Candidate {
            email,
            status,
            deadline,
            name,
            ..
        } = candidate;
        service.add_session_with(email, status, name.clone(), deadline.clone());
    }
    service
}

fn project_with(candidates: &[Candidate], service: &Service) -> Project {
    let mut file = "email,name,due\n".to_owned();
    for candidate in candidates {
        let name = if candidate.asks_for_name { NAME } else { "" };
        let due = if candidate.asks_for_deadline {
            REQUESTED
        } else {
            ""
        };
        writeln!(file, "{},{name},{due}", candidate.email).unwrap();
    }
    Project::new()
        .file("people.csv", file)
        .talking_to(&service.stub)
}

const REQUEST: &str = "|row| {
    let request = #{ email: row.email };
    if row.name != \"\" { request.name = row.name; }
    if row.due != \"\" { request.due_date = row.due; }
    request
}";

fn count(candidates: &[Candidate], which: impl Fn(&Candidate) -> bool) -> usize {
    candidates.iter().filter(|it| which(it)).count()
}

#[test]
fn the_plan_says_what_happens_for_every_status_deadline_and_name() {
    let candidates = Candidate::all();
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let deadlines = count(&candidates, Candidate::keeps_other_deadline);
    let names = count(&candidates, Candidate::keeps_other_name);
    let expired = count(&candidates, Candidate::is_expired);
    let announces = |ran: Ran| {
        ran.succeeds()
            .says(&format!("{deadlines} keep a different deadline: line "))
            .says(&format!("{names} keep a different name: line "))
            .says(&format!(
                "{expired} have sessions whose deadlines have passed, so their links are dead: line "
            ))
    };
    let script = format!("invite_all(read_csv(\"people.csv\"), {REQUEST});");
    announces(project.rhai(&[&OPTIONS[..], &["--dry-run"]].concat(), &script));
    let planned = rows(&project);
    announces(project.run(&[&["send", "1"], &OPTIONS[..]].concat()))
        .says(&format!(
            "with a different deadline than requested: {deadlines};"
        ))
        .says(&format!("with a different name than requested: {names};"))
        .says(&format!("whose deadline has passed: {expired};"));
    let sent = rows(&project);
    for ((candidate, planned), sent) in candidates.iter().zip(planned).zip(sent) {
        check(candidate, &planned, &sent);
    }
}

fn rows(project: &Project) -> Vec<Value> {
    let ran = project.run(&["runs", "1", "--format", "jsonl"]);
    ran.succeeds().json_lines()
}

/// Checks a row before and after it was sent.
fn check(candidate: &Candidate, planned: &Value, sent: &Value) {
    let about = format!(
        "{} {}: {planned}\n{sent}",
        candidate.email, candidate.status
    );
    let asked_for = candidate.asks_for_deadline.then_some(REQUESTED);
    let asked_for = json!(asked_for);
    for row in [planned, sent] {
        assert_eq!(row["email"], candidate.email, "{about}");
        assert_eq!(row["requested_due_date"], asked_for, "{about}");
    }
    if !candidate.is_active() {
        assert_eq!(sent["outcome"], "skipped", "{about}");
        return;
    }
    assert_eq!(sent["outcome"], "existing", "{about}");
    for row in [planned, sent] {
        assert_eq!(row["due_date"], candidate.deadline_in_force(), "{about}");
        assert_eq!(row["session_name"], candidate.name, "{about}");
    }
    let note = sent["note"].as_str().unwrap_or_default();
    for (is_noted, text) in [
        (candidate.keeps_other_deadline(), "keeps its deadline"),
        (
            candidate.keeps_other_name(),
            "keeps the name `Kim Smith`, not `Kim Smyth`",
        ),
        (candidate.is_expired(), "has passed"),
    ] {
        assert_eq!(note.contains(text), is_noted, "{about}");
    }
}

#[test]
fn a_single_invite_says_it_before_and_after() {
    let candidates: Vec<Candidate> = Candidate::all()
        .into_iter()
        .filter(|candidate| candidate.status == "setup")
        .collect();
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!(
        "let request = {REQUEST};
         for row in read_csv(\"people.csv\") {{
             let result = invite(request.call(row));
             let due = if type_of(result.due_date) == \"DateTime\" {{ result.due_date.in_tz(\"UTC\").format(\"%FT%TZ\") }}
                 else {{ result.due_date }};
             print(#{{ due: due, asks: result.requested_due_date != (), name: result.session_name, note: result.note }}.to_json());
         }}"
    );
    let ran = project.rhai(&OPTIONS, &script).succeeds();
    let results = ran.json_lines();
    assert_eq!(results.len(), candidates.len());
    for (candidate, result) in candidates.iter().zip(&results) {
        let about = format!("{}: {result}", candidate.email);
        assert_eq!(result["due"], candidate.deadline_in_force(), "{about}");
        assert_eq!(result["asks"], candidate.asks_for_deadline, "{about}");
        assert_eq!(result["name"], candidate.name, "{about}");
        let note = result["note"].as_str().unwrap_or_default();
        for (is_noted, text, announcement) in [
            (
                candidate.keeps_other_deadline(),
                "keeps its deadline",
                "keeps a different deadline: ",
            ),
            (
                candidate.keeps_other_name(),
                "keeps the name",
                "keeps a different name: `Kim Smith`, not `Kim Smyth`",
            ),
            (
                candidate.is_expired(),
                "has passed",
                "has a session whose deadline has passed, so its link is dead: ",
            ),
        ] {
            assert_eq!(note.contains(text), is_noted, "{about}");
            let line = format!("{} {announcement}", candidate.email);
            assert_eq!(ran.stderr.contains(&line), is_noted, "{line}\n{about}");
        }
    }
}

fn candidate(email: &str, name: &str, deadline: Value) -> Candidate {
    Candidate {
        email: email.to_owned(),
        status: "invited",
        deadline,
        name: json!(name),
        asks_for_deadline: true,
        asks_for_name: true,
    }
}

fn four() -> Vec<Candidate> {
    vec![
        candidate("ann@example.com", NAME, json!("2030-02-08T16:00:00Z")),
        candidate("bo@example.com", "Kim Smith", json!(REQUESTED)),
        candidate("cy@example.com", NAME, json!(PASSED)),
        candidate("di@example.com", "kim SMYTH", Value::Null),
    ]
}

#[test]
fn the_plan_names_the_lines_in_their_order() {
    let candidates = four();
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!("print(invite_all(read_csv(\"people.csv\"), {REQUEST}));");
    let requested = "not Fri 2030-02-01 17:00:00 Europe/Berlin";
    project
        .rhai(&OPTIONS, &script)
        .succeeds()
        .says("4 of them already invited: session, link and deadline stay the same\n")
        .says(&format!(
            "3 keep a different deadline: line 2 (Fri 2030-02-08 17:00:00 Europe/Berlin, {requested}), \
             line 4 (Tue 2030-01-01 00:00:00 Europe/Berlin, {requested}), \
             line 5 (none of its own, {requested})\n"
        ))
        .says("1 keeps a different name: line 3 (`Kim Smith`, not `Kim Smyth`)\n")
        .says("1 has a session whose deadline has passed, so its link is dead: line 4 (Tue 2030-01-01 00:00:00 Europe/Berlin)\n");
}

#[test]
fn every_output_has_what_is_in_force_and_what_was_asked_for() {
    let candidates = four();
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!(
        "let outcome = invite_all(read_csv(\"people.csv\"), {REQUEST});
         outcome.write_csv(\"results.csv\");
         let first = outcome.results().to_array()[0];
         print([first.due_date.format(\"%F\"), first.requested_due_date.format(\"%F\"), first.session_name]);"
    );
    project
        .rhai(&OPTIONS, &script)
        .succeeds()
        .prints("[\"2030-02-08\", \"2030-02-01\", \"Kim Smyth\"]\n");
    let written = project.read_csv("results.csv");
    let exported = project.run(&["runs", "1", "--format", "csv"]).csv();
    for (table, prefix) in [(written, ""), (exported, "gb_")] {
        let column = |name: &str| {
            let name = format!("{prefix}{name}");
            let at = table[0].iter().position(|column| *column == name).unwrap();
            let cells = table[1..].iter().map(|row| row[at].clone());
            cells.collect::<Vec<String>>()
        };
        assert_eq!(
            column("due_date"),
            ["2030-02-08T16:00:00Z", REQUESTED, PASSED, ""]
        );
        assert_eq!(column("requested_due_date"), [REQUESTED; 4]);
        assert_eq!(
            column("session_name"),
            [NAME, "Kim Smith", NAME, "kim SMYTH"]
        );
    }
    project
        .run(&["runs", "1", "--existing"])
        .succeeds()
        .shows("requested_due_date")
        .shows("session_name");
}

#[test]
fn the_report_of_a_run_shows_what_is_in_force() {
    let mut candidates = four();
    candidates.push(candidate("eve@example.com", NAME, json!("soon")));
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!("invite_all(read_csv(\"people.csv\"), {REQUEST});");
    let planned = project.rhai(&[&OPTIONS[..], &["--dry-run"]].concat(), &script);
    planned.succeeds().says("line 6 (`soon`, not");
    let report = ["runs", "1", "--report", "run.html", "--tz", "Europe/Berlin"];
    project.run(&report).succeeds();
    let page = project.read("run.html");
    assert!(page.contains("the list asks for the deadline Fri 2030-02-01 17:00:00 Europe/Berlin"));
    assert!(page.contains("the name in the session is `Kim Smith`"));
    assert!(page.contains("soon"));
}

/// Its session has no deadline of its own, so that of the assessment holds.
#[test]
fn the_deadline_of_the_assessment_may_have_passed() {
    let session = json!({
        "id": "s", "candidateEmail": "ann@example.com", "status": "invited", "dueDate": null
    });
    let stub = Stub::start(move |request| match request.path.as_str() {
        "/api/sessions" => Reply::page(request, "sessions", slice::from_ref(&session)),
        path if path == format!("/api/assessments/{ASSESSMENT}") => {
            let assessment = json!({ "id": ASSESSMENT, "name": "Closed", "dueDate": PASSED });
            Reply::json(200, &json!({ "assessment": assessment }))
        }
        _ if request.is_invite() => Reply::json(
            200,
            &json!({ "inviteUrl": "https://x.example/1", "session": session }),
        ),
        _ => default_reply(request),
    });
    let project = Project::new().talking_to(&stub);
    let request = format!("#{{ email: \"ann@example.com\", due_date: \"{REQUESTED}\" }}");
    project
        .rhai(&OPTIONS, &format!("invite_all([{request}]);"))
        .succeeds()
        .says("1 keeps a different deadline: row 1 (none of its own, not")
        .says("1 has a session whose deadline has passed, so its link is dead: row 1 (Tue 2030-01-01 00:00:00 Europe/Berlin)")
        .says("whose deadline has passed: 1;");
    project
        .rhai(&OPTIONS, &format!("print(invite({request}).note);"))
        .shows("has passed (Tue 2030-01-01 00:00:00 Europe/Berlin), so its link is dead")
        .says("ann@example.com has a session whose deadline has passed");
}

/// More rows than a plan names, in the order of a hash map.
#[test]
fn the_first_rows_are_named_of_many() {
    let candidates: Vec<Candidate> = (0..120)
        .map(|number| {
            let email = format!("kim.lee+{number}@example.com");
            candidate(&email, "Kim Smith", json!(REQUESTED))
        })
        .collect();
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!("invite_all(read_csv(\"people.csv\"), {REQUEST});");
    let lines: Vec<String> = (2..12)
        .map(|line| format!("line {line} (`Kim Smith`, not `Kim Smyth`)"))
        .collect();
    project
        .rhai(&[&OPTIONS[..], &["--dry-run"]].concat(), &script)
        .succeeds()
        .says(&format!(
            "120 keep a different name: {}, and 110 more\n",
            lines.join(", ")
        ));
}

#[cfg(unix)]
#[test]
fn show_begins_with_sessions_that_differ() {
    let mut candidates = four();
    candidates.insert(0, candidate("al@example.com", NAME, json!(REQUESTED)));
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!("invite_all(read_csv(\"people.csv\"), {REQUEST});");
    std::fs::write(project.path().join("script.rhai"), script).unwrap();
    let arguments = ["run", "--tz", "Europe/Berlin", "--now", NOW, "script.rhai"];
    let mut screen = Screen::open(project.program(&arguments));
    screen.wait_for("[y/N/show] ");
    screen.type_keys("show\n");
    for line in [
        "line 3: Kim Smyth <ann@example.com>",
        "(keeps a different deadline: ",
        "line 4: Kim Smyth <bo@example.com>",
        "`Kim Smith`, not",
        "line 5: Kim Smyth <cy@example.com>",
        "line 6: Kim Smyth <di@example.com>",
        "line 2: Kim Smyth <al@example.com>",
        "[y/N/show] ",
    ] {
        screen.wait_for(line);
    }
    screen.type_keys("n\n");
    screen.finish().exits(6);
}

/// The columns would repeat what is next to them.
#[test]
fn a_table_without_differences_shows_each_fact_once() {
    let candidates = [candidate("ann@example.com", NAME, json!(REQUESTED))];
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!("invite_all(read_csv(\"people.csv\"), {REQUEST});");
    project
        .rhai(&OPTIONS, &script)
        .succeeds()
        .never_says("keep");
    let ran = project.run(&["runs", "1", "--existing"]).succeeds();
    let ran = ran.shows("due_date");
    assert!(!ran.stdout.contains("requested_due_date"));
    assert!(!ran.stdout.contains("session_name"));
}

/// A session that was deleted after the plan keeps nothing.
#[test]
fn sessions_are_forgotten_when_they_are_gone() {
    let candidates = four();
    let service = service_with(&candidates);
    let project = project_with(&candidates, &service);
    let script = format!("invite_all(read_csv(\"people.csv\"), {REQUEST});");
    project
        .rhai(&[&OPTIONS[..], &["--dry-run"]].concat(), &script)
        .succeeds()
        .says("3 keep a different deadline");
    service.delete_sessions();
    project
        .run(&[&["send", "1"], &OPTIONS[..]].concat())
        .succeeds()
        .never_says("another deadline")
        .says("4 created, 0 existing");
    for row in rows(&project) {
        assert_eq!(row["due_date"], REQUESTED);
        assert_eq!(row["session_name"], NAME);
    }
}
