//! Plans: all rows are checked before the first one is sent, and exactly the plan is sent.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::stub::{Stub, default_reply};
use crate::support::{PATIENCE, Project, Ran};

/// Runs `invite_all` over one row with this request against a stub, and returns the request body.
fn body_sent_for(options: &[&str], request: &str) -> Value {
    let stub = Stub::start(default_reply);
    let script = format!("invite_all([1], |x| {request});");
    Project::new()
        .talking_to(&stub)
        .rhai(&[&["--yes"], options].concat(), &script)
        .succeeds();
    let mut invites = stub.invites();
    assert_eq!(invites.len(), 1);
    invites.remove(0).body
}

/// Plans one row with this request.
fn plan(options: &[&str], request: &str) -> Ran {
    let script = format!("invite_all([1], |x| {request});\nprint(\"went on\");");
    Project::new().rhai(&[&["--sandbox"], options].concat(), &script)
}

#[test]
fn one_invalid_row_rejects_the_plan() {
    let stub = Stub::start(default_reply);
    Project::new()
        .file(
            "people.csv",
            "name,email\nJane,jane@example.com\n\nBob,bob@@example.com\n\"Line\nbreak\",x@example.com\nNobody,\n123,123@example.com\n,4711@example.com\n",
        )
        .talking_to(&stub)
        .rhai(&["--yes"], "try { invite_all(read_csv(\"people.csv\")); } catch { print(\"caught\"); }\nprint(\"went on\");")
        .exits(5)
        .prints("")
        .says(
            "error: 3 of 6 rows are invalid, so nothing is sent:\n  \
             people.csv line 4: email `bob@@example.com`: not an email address (more than one `@`)\n  \
             people.csv line 7: email: no address (Nobody)\n  \
             people.csv line 9: column `email` `4711@example.com`: no name is given and none can be derived from the address\n",
        );
    assert!(stub.invites().is_empty());
}

#[test]
fn duplicates_are_invited_once() {
    let stub = Stub::start(default_reply);
    Project::new()
        .file(
            "people.csv",
            "name,email\nJane,jane@example.com\nJohn,john@example.com\nJ. Smith, JANE@Example.com \n",
        )
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "let o = invite_all(read_csv(\"people.csv\"));\nprint(o);\nprint(o.results().to_array()[2].note);",
        )
        .succeeds()
        .prints("3 rows: 2 created, 0 existing, 0 failed, 1 duplicate\nsame address as people.csv line 2, whose name is `Jane`\n")
        .says("1 duplicate, invited once: line 4 repeats line 2 (`Jane` is sent, not `J. Smith`)\n");
    assert_eq!(
        stub.invited_emails(),
        ["jane@example.com", "john@example.com"]
    );
}

#[test]
fn one_address_may_be_invited_to_two_assessments() {
    Project::new()
        .rehearse(
            "let o = invite_all([\"Senior PM Assessment\", \"data analyst assessment\"], |name| #{ email: \"jane@example.com\", assessment: name });\nprint(o.created);",
        )
        .succeeds()
        .prints("2\n")
        .says("1 to invite to `Senior PM Assessment`")
        .says("1 to invite to `Data Analyst Assessment`");
}

#[test]
fn skipped_rows_are_listed_by_reason() {
    Project::new()
        .file(
            "people.csv",
            "email,team\na.b@example.com,alumni\nc.d@example.com,design\ne.f@example.com,alumni\n",
        )
        .rehearse(
            r#"
            let outcome = invite_all(read_csv("people.csv"), |row| {
                if row.team == "alumni" { return skip("alumni are invited by hand"); }
                row.email
            });
            print(`${outcome.created} ${outcome.skipped} ${outcome.results().to_array()[0].note}`);
            "#,
        )
        .succeeds()
        .prints("1 2 alumni are invited by hand\n")
        .says("2 skipped: alumni are invited by hand (lines 2, 4)");
}

#[test]
fn an_empty_plan_is_not_an_error() {
    Project::new()
        .rehearse("print(invite_all([1, 2], |x| skip(\"later\")));\nprint(invite_all([]));")
        .succeeds()
        .prints("2 rows: 0 created, 0 existing, 0 failed, 2 skipped\n0 rows: 0 created, 0 existing, 0 failed\n")
        .says("nobody to invite");
}

#[test]
fn a_thrown_string_makes_the_row_invalid() {
    Project::new()
        .file("people.csv", "email,team\na.b@example.com,\nc.d@example.com,design\n")
        .rehearse(
            r#"
            fn check(row) { if row.team == "" { throw `no team for ${row.email}`; } }
            invite_all(read_csv("people.csv"), |row| { check(row); row.email });
            "#,
        )
        .exits(5)
        .says("1 of 2 rows is invalid, so nothing is sent:\n  people.csv line 2: no team for a.b@example.com\n");
}

#[test]
fn invalid_data_in_a_host_function_makes_the_row_invalid() {
    Project::new()
        .file("people.csv", "email,due\na.b@example.com,someday\nc.d@example.com,2035-01-01\n")
        .rehearse("invite_all(read_csv(\"people.csv\"), |row| #{ email: row.email, due_date: datetime(row.due) });")
        .exits(5)
        .says("1 of 2 rows is invalid")
        .says("people.csv line 2: column `due`: `someday` is not a date; write a date as `YYYY-MM-DD`");
}

#[test]
fn a_bug_in_the_closure_is_reported_once() {
    let people = "email,name\na.b@example.com,A\nc.d@example.com,C\n";
    for (bug, message, hint) in [
        (
            "row.emial",
            "`people.csv` has no column `emial`; its columns are `email`, `name`",
            "did you mean `row.email`?",
        ),
        (
            "invit(row.email)",
            "unknown function `invit(row.email)`",
            "did you mean `invite`?",
        ),
        (
            "#{ email: row.email, nmae: row.name }",
            "a request has no key `nmae`",
            "did you mean `name`?",
        ),
        (
            "#{ name: row.name }",
            "the request has no `email`",
            "a request is `#{ email: …, name: … }`",
        ),
        ("42", "a request is a map, not `int`", "skip(\"reason\")"),
    ] {
        Project::new()
            .file("people.csv", people)
            .rehearse(&format!(
                "let rows = read_csv(\"people.csv\");\ninvite_all(rows, |row| {{\n    {bug}\n}});"
            ))
            .exits(1)
            .says_once(&format!("error: {message}"))
            .says_once(hint)
            .says("--> script.rhai:");
    }
}

#[test]
fn a_bug_in_the_closure_shows_its_line() {
    Project::new()
        .rehearse("invite_all([1], |x| {\n    let y = x + 1;\n    x.email\n});")
        .exits(1)
        .says("--> script.rhai:3:");
}

#[test]
fn keys_of_a_request_are_type_checked() {
    for (request, message) in [
        ("#{ email: 1 }", "`email` must be a string, not `int`"),
        (
            "#{ email: \"jane@example.com\", name: [] }",
            "`name` must be a string, not `array`",
        ),
        (
            "#{ email: \"jane@example.com\", send_email: \"no\" }",
            "`send_email` must be `true` or `false`, not `string`",
        ),
        (
            "#{ email: \"jane@example.com\", due_date: 5 }",
            "`due_date` must be a DateTime or a string, not `int`",
        ),
    ] {
        plan(&[], request)
            .exits(1)
            .prints("")
            .says(&format!("error: {message}"));
    }
}

#[test]
fn a_deadline_is_a_date_an_instant_or_a_datetime() {
    for (due, expected) in [
        ("\"2035-02-01\"", "2035-02-01T22:59:59Z"),
        ("\" 2035-02-01 \"", "2035-02-01T22:59:59Z"),
        ("\"2035-02-01T17:00:00Z\"", "2035-02-01T17:00:00Z"),
        ("\"2035-02-01T17:00:00+05:30\"", "2035-02-01T11:30:00Z"),
        (
            "datetime(\"2035-07-01\").at(\"17:00\")",
            "2035-07-01T15:00:00Z",
        ),
    ] {
        let request = format!("#{{ email: \"jane@example.com\", due_date: {due} }}");
        let body = body_sent_for(&["--tz", "Europe/Berlin"], &request);
        assert_eq!(body["dueDate"], expected, "{due}");
    }
}

#[test]
fn the_request_arrives_as_documented() {
    let body = body_sent_for(
        &[],
        "#{ email: \" jane@bücher.example \", name: \"  Jane \", send_email: false }",
    );
    assert_eq!(
        body,
        json!({ "email": "jane@xn--bcher-kva.example", "name": "Jane", "sendEmail": false })
    );
    let body = body_sent_for(
        &[],
        "#{ email: \"mary.ann@example.com\", due_date: (), send_email: () }",
    );
    assert_eq!(
        body,
        json!({ "email": "mary.ann@example.com", "name": "Mary Ann" })
    );
}

#[test]
fn ambiguous_or_invalid_deadlines_are_refused_with_a_hint() {
    for (due, message) in [
        (
            "01/02/2030",
            "the order of day and month in `01/02/2030` is not known; pass the order of the file before the script: `--dates dmy`, ",
        ),
        (
            "2030-02-01 17:00",
            "`2030-02-01 17:00` has a time but no time zone; add the zone (`Z`, `+01:00`)",
        ),
        (
            "2030-02-30",
            "`2030-02-30` is not a date: that month is shorter",
        ),
        ("tomorrow", "`tomorrow` is not a date"),
        ("", "no date (the text is empty); use `()` for no date"),
    ] {
        let request = format!("#{{ email: \"jane@example.com\", due_date: \"{due}\" }}");
        plan(&[], &request)
            .exits(5)
            .says("error: 1 of 1 row is invalid, so nothing is sent:\n")
            .says("row 1: due_date: ")
            .says(message);
    }
}

#[test]
fn a_deadline_in_the_past_is_refused() {
    let request = "#{ email: \"jane@example.com\", due_date: \"2030-02-01\" }";
    plan(&["--now", "2030-02-01T12:00:00Z"], request)
        .succeeds()
        .prints("went on\n");
    plan(&["--now", "2030-02-02T00:00:00Z"], request)
        .exits(5)
        .says("row 1: due_date `Fri 2030-02-01 23:59:59 UTC`: the deadline has passed");
}

#[test]
fn an_inactive_assessment_is_refused() {
    plan(
        &["--assessment", "Staff Engineer Assessment 2024"],
        "\"jane@example.com\"",
    )
    .exits(5)
    .says("row 1: assessment `Staff Engineer Assessment 2024`: the assessment is not active");
}

#[test]
fn the_closure_cannot_have_side_effects() {
    for (call, function) in [
        ("invite(\"jane@example.com\", \"Jane\")", "invite"),
        ("invite_all([])", "invite_all"),
        ("write_csv(\"out.csv\", [])", "write_csv"),
        ("write_json(\"out.json\", [])", "write_json"),
        ("sleep(0)", "sleep"),
    ] {
        let project = Project::new();
        project
            .rehearse(&format!("invite_all([1], |x| {call});"))
            .exits(1)
            .says(&format!(
                "error: `{function}` may not be called while `invite_all` plans"
            ));
        assert!(!project.path().join("out.csv").exists());
    }
}

#[test]
fn the_closure_cannot_write_an_outcome() {
    let project = Project::new();
    project
        .rehearse("let o = invite_all([\"jane@example.com\"]);\ninvite_all([1], |x| { o.write_csv(\"out.csv\"); \"john@example.com\" });")
        .exits(1)
        .says("may not be called while `invite_all` plans");
    assert!(!project.path().join("out.csv").exists());
}

#[test]
fn side_effects_are_allowed_again_after_a_failed_plan() {
    let project = Project::new();
    project
        .rehearse("try { invite_all([1], |x| 42); } catch {}\nwrite_csv(\"out.csv\", [[1]]);")
        .succeeds();
    assert_eq!(project.read("out.csv"), "1\n1\n");
}

/// The script waits for more than a second, the precision of `now`.
#[test]
fn the_clock_stands_still_while_planning() {
    Project::new()
        .rehearse(
            r"
            let rows = invite_all([1, 2], |row| {
                let began = timestamp();
                while row == 1 && began.elapsed < 1.1 {}
                skip(now().to_string())
            }).results().to_array();
            print(rows[0].note == rows[1].note);
            ",
        )
        .succeeds()
        .prints("true\n");
}

#[test]
fn the_real_api_needs_confirmation() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    let all = "invite_all([\"jane@example.com\"]);\nprint(\"went on\");";
    let one = "try { invite(\"jane@example.com\", \"Jane\"); } catch {}\nprint(\"went on\");";
    for script in [all, one] {
        project
            .rhai(&[], script)
            .exits(6)
            .prints("")
            .says("1 to invite to `Stub Assessment`")
            .says(&format!(
                "not confirmed: this would invite real candidates at {}, and there is no terminal to ask at\n",
                stub.address()
            ))
            .says("hint: pass `--yes` to send without asking, or `--sandbox` to rehearse\n")
            .says("nothing was sent; `gradient-bulk send ");
    }
    assert!(stub.invites().is_empty());
    project.rhai(&["--yes"], all).succeeds().prints("went on\n");
    project.rhai(&["-y"], one).succeeds().prints("went on\n");
    assert_eq!(
        stub.invited_emails(),
        ["jane@example.com", "jane@example.com"]
    );
}

#[test]
fn the_plan_shows_candidates_and_deadlines() {
    Project::new()
        .file("people.csv", "name,email,due_date\nJane Doe,jane@example.com,2035-02-01\nJohn Doe,john@example.com,2035-02-02\n")
        .rhai(&["--sandbox", "--tz", "Asia/Tokyo"], "invite_all(read_csv(\"people.csv\"));")
        .succeeds()
        .reports(
            "2 to invite to `Senior PM Assessment` at the sandbox, from people.csv\n  \
             line 2: Jane Doe <jane@example.com>, due Thu 2035-02-01 23:59:59 Asia/Tokyo\n  \
             line 3: John Doe <john@example.com>, due Fri 2035-02-02 23:59:59 Asia/Tokyo\n\
             run 1: 2 rows: 2 created, 0 existing, 0 failed\n  \
             links: `gradient-bulk runs 1 --created --format csv`\n",
        );
}

#[test]
fn errors_in_a_list_name_the_line() {
    Project::new()
        .file(
            "emails.txt",
            "# people\njane@example.com\n\n  not an address\n",
        )
        .rehearse("invite_all(read_lines(\"emails.txt\"));")
        .exits(5)
        .says("emails.txt line 4: email `not an address`: not an email address (no `@`)");
}

/// Counts the invites in flight. Each is held until a goal is reached.
#[derive(Default)]
struct Gate {
    /// The current number and the maximum so far.
    state: Mutex<(usize, usize)>,
    changed: Condvar,
}

impl Gate {
    /// Holds this request until `goal` requests have been held at the same time, or `patience` is over.
    fn pass(&self, goal: usize, patience: Duration) {
        let mut state = self.state.lock().unwrap();
        state.0 += 1;
        state.1 = state.1.max(state.0);
        self.changed.notify_all();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| state.1 < goal)
            .unwrap();
        state.0 -= 1;
    }

    fn max(&self) -> usize {
        self.state.lock().unwrap().1
    }
}

fn max_in_flight(concurrency: &str, goal: usize, patience: Duration) -> usize {
    let gate = Arc::new(Gate::default());
    let stub_gate = Arc::clone(&gate);
    let stub = Stub::inviting(move |request| {
        stub_gate.pass(goal, patience);
        default_reply(request)
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--concurrency", concurrency],
            "let emails = [];\nfor i in 0..24 { emails.push(`someone${i}@example.com`); }\nprint(invite_all(emails).created);",
        )
        .succeeds()
        .prints("24\n");
    gate.max()
}

#[test]
fn invites_are_sent_concurrently() {
    // No request is answered before six have arrived. If they were sent one by one, the first would time out.
    assert_eq!(max_in_flight("6", 6, PATIENCE), 6);
}

#[test]
fn concurrency_is_bounded() {
    // If a fourth request were sent, it would arrive before the patience is over.
    assert_eq!(max_in_flight("3", 4, Duration::from_millis(20)), 3);
    assert_eq!(max_in_flight("1", 2, Duration::from_millis(5)), 1);
}
