//! Lists that are short, do not end, change while they are read, lack `total`, or repeat entries.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::stub::{Reply, Stub, default_reply};
use crate::support::{Project, Ran};

const PRINT_IDS: &str = "for s in list_sessions() { print(s.id); }";

fn session(number: usize) -> Value {
    json!({ "id": format!("id-{number:04}"), "status": "submitted", "candidateEmail": format!("{number}@example.com") })
}

fn sessions(numbers: impl IntoIterator<Item = usize>) -> Vec<Value> {
    numbers.into_iter().map(session).collect()
}

/// The entries from `offset`, at most `limit`.
fn part(entries: &[Value], offset: usize, limit: usize) -> Vec<Value> {
    entries.iter().skip(offset).take(limit).cloned().collect()
}

/// Starts a stub whose `list` answers requests for one page by offset: the entries, and what `total` says.
fn stub_with(
    list: &'static str,
    page: impl Fn(usize) -> (Vec<Value>, Value) + Send + Sync + 'static,
) -> Stub {
    let path = format!("/api/{list}");
    Stub::start(move |request| {
        if request.path != path {
            return default_reply(request);
        }
        let (entries, total) = page(request.number("offset"));
        let mut body = json!({ list: entries });
        if !total.is_null() {
            body["total"] = total;
        }
        Reply::json(200, &body)
    })
}

fn paged(page: impl Fn(usize) -> (Vec<Value>, Value) + Send + Sync + 'static) -> Stub {
    stub_with("sessions", page)
}

fn page_requests(stub: &Stub) -> usize {
    let requests = stub.requests();
    let pages = requests.iter().filter(|r| r.path == "/api/sessions");
    pages.count()
}

fn run(stub: &Stub, script: &str) -> Ran {
    Project::new().talking_to(stub).rhai(&["--yes"], script)
}

/// Returns the ids that a script lists, sorted.
fn listed(stub: &Stub) -> Vec<String> {
    let ran = run(stub, PRINT_IDS).succeeds();
    let mut ids: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    ids.sort_unstable();
    ids
}

fn ids(numbers: impl IntoIterator<Item = usize>) -> Vec<String> {
    numbers.into_iter().map(|n| format!("id-{n:04}")).collect()
}

/// A list that claims 250 sessions and has 100.
fn short() -> Stub {
    paged(|offset| (part(&sessions(0..100), offset, 100), json!(250)))
}

#[test]
fn a_short_list_refuses_a_plan() {
    for script in [
        "invite_all([\"jane@example.com\"]);\nprint(\"went on\");",
        "invite(\"jane@example.com\", \"Jane\");\nprint(\"went on\");",
    ] {
        let stub = short();
        run(&stub, script)
            .exits(1)
            .prints("")
            .says_once(
                "error: cannot list the existing sessions: the API listed 100 of 250 sessions\n",
            )
            .says("try again later");
        assert!(stub.invites().is_empty());
    }
}

#[test]
fn a_list_that_is_short_once_is_read_again() {
    let is_first = Mutex::new(true);
    let stub = paged(move |offset| {
        let is_first = std::mem::take(&mut *is_first.lock().unwrap());
        let total = if is_first { 2 } else { 1 };
        (part(&sessions(0..1), offset, 100), json!(total))
    });
    run(&stub, "invite_all([\"jane@example.com\"]);").succeeds();
    assert_eq!(stub.invited_emails(), ["jane@example.com"]);
}

#[test]
fn every_user_of_a_list_reports_that_it_is_short() {
    let message = "error: the API listed 100 of 250 sessions\n";
    let project = |stub: &Stub| {
        Project::new()
            .file("people.csv", "email,name\njane@example.com,Jane Smith\n")
            .talking_to(stub)
    };
    for arguments in [
        &["sessions"][..],
        &["sessions", "--watch", "--until", "submitted"],
        &["run", "--yes", "invite_new", "people.csv"],
        &["run", "report"],
        &["run", "--yes", "score_submitted"],
    ] {
        let stub = short();
        project(&stub)
            .run(arguments)
            .exits(1)
            .says("the API listed 100 of 250 sessions");
        assert!(stub.invites().is_empty(), "{arguments:?}");
    }
    run(&short(), "list_sessions();").exits(1).says(message);
    let script = "try { list_sessions() } catch (problem) { print(problem.error); }";
    run(&short(), script).succeeds().prints("bad_answer\n");
    for (list, script) in [
        ("candidates", "list_candidates();"),
        ("assessments", "list_assessments();"),
    ] {
        let stub = stub_with(list, |offset| {
            (part(&sessions(0..3), offset, 100), json!(7))
        });
        run(&stub, script)
            .exits(1)
            .says(&format!("error: the API listed 3 of 7 {list}\n"));
    }
}

/// Each of these has `name`, what a page at an offset is, and the sessions and total of the error.
#[test]
fn short_lists_are_read_three_times() {
    type Page = fn(usize) -> (Vec<Value>, Value);
    let cases: [(&str, Page, &str); 6] = [
        ("empty", |_| (vec![], json!(250)), "0 of 250"),
        (
            "offset ignored",
            |_| (sessions(0..100), json!(250)),
            "100 of 250",
        ),
        (
            "one id again and again",
            |_| (sessions([7; 100]), json!(250)),
            "1 of 250",
        ),
        (
            "a total without end",
            |offset| {
                (
                    part(&sessions(0..3), offset, 100),
                    json!(1_000_000_000_000_u64),
                )
            },
            "3 of 1000000000000",
        ),
        (
            "a total as text",
            |offset| (part(&sessions(0..120), offset, 50), json!("130")),
            "120 of 130",
        ),
        (
            "pages that repeat the last entry for ever",
            |offset| {
                let entries = part(&sessions(0..150), offset, 100);
                let last = || vec![session(149)];
                (
                    if entries.is_empty() { last() } else { entries },
                    json!(1_000_000_000),
                )
            },
            "150 of 1000000000",
        ),
    ];
    for (name, page, counts) in cases {
        let stub = paged(page);
        run(&stub, PRINT_IDS)
            .exits(1)
            .prints("")
            .says(&format!("error: the API listed {counts} sessions\n"));
        let requests = page_requests(&stub);
        assert!((3..=60).contains(&requests), "{name}: {requests} requests");
    }
}

#[test]
fn a_list_without_total_ends_with_an_empty_page() {
    type Page = fn(usize) -> Vec<Value>;
    let cases: [(&str, Page, usize, usize); 4] = [
        (
            "full pages",
            |offset| part(&sessions(0..230), offset, 100),
            230,
            4,
        ),
        (
            "smaller pages",
            |offset| part(&sessions(0..130), offset, 50),
            130,
            4,
        ),
        (
            "a last full page",
            |offset| part(&sessions(0..200), offset, 100),
            200,
            3,
        ),
        ("empty", |_| vec![], 0, 1),
    ];
    for (name, page, count, requests) in cases {
        let stub = paged(move |offset| (page(offset), Value::Null));
        assert_eq!(listed(&stub), ids(0..count), "{name}");
        assert_eq!(page_requests(&stub), requests, "{name}");
    }
}

/// Whoever ignores `offset` may have more sessions than the first page shows.
#[test]
fn a_list_without_total_that_repeats_a_page_refuses_a_plan() {
    type Page = fn(usize) -> Vec<Value>;
    let cases: [(Page, usize, usize); 3] = [
        (|_| sessions(0..100), 100, 2),
        (|_| sessions(0..30), 30, 2),
        (
            |offset| part(&sessions(0..150), offset.min(100), 100),
            150,
            3,
        ),
    ];
    for (page, listed, requests) in cases {
        let stub = paged(move |offset| (page(offset), Value::Null));
        run(&stub, "invite_all([\"jane@example.com\"]);")
            .exits(1)
            .says(&format!(
                "the API repeated a page of its list after {listed} sessions, and does not say how many there are\n"
            ));
        assert!(stub.invites().is_empty());
        assert_eq!(page_requests(&stub), requests);
    }
}

#[test]
fn repeated_ids_are_listed_once() {
    for seed in 0..30 {
        let mut random = fastrand::Rng::with_seed(seed);
        let count = random.usize(1..300);
        let limit = random.usize(10..=100);
        let mut numbers: Vec<usize> = (0..count).collect();
        // Repeated entries are near the first one, so that each page has new ones.
        for _ in 0..random.usize(0..20) {
            let at = random.usize(0..numbers.len());
            numbers.insert(at, numbers[at]);
        }
        let entries = sessions(numbers);
        let total = if random.bool() {
            json!(count)
        } else {
            Value::Null
        };
        let has_total = !total.is_null();
        let stub = paged(move |offset| (part(&entries, offset, limit), total.clone()));
        let found = listed(&stub);
        assert_eq!(found, ids(0..count), "seed {seed}, total: {has_total}");
    }
}

/// A list that others add to while it is read, in any place.
#[test]
fn a_growing_list_is_not_short() {
    for seed in 0..30 {
        let mut random = fastrand::Rng::with_seed(seed);
        let count = random.usize(100..400);
        let newest_first = random.bool();
        let most = random.usize(1..40);
        let state = Mutex::new((sessions(0..count), random));
        let stub = paged(move |offset| {
            let mut state = state.lock().unwrap();
            let (entries, random) = &mut *state;
            for _ in 0..random.usize(0..=most) {
                let new = session(entries.len());
                let at = if newest_first { 0 } else { entries.len() };
                entries.insert(at, new);
            }
            (part(entries, offset, 100), json!(entries.len()))
        });
        let found = listed(&stub);
        let missing: Vec<String> = ids(0..count)
            .into_iter()
            .filter(|id| !found.contains(id))
            .collect();
        assert!(missing.is_empty(), "seed {seed}: {missing:?}");
        let mut distinct = found.clone();
        distinct.dedup();
        assert_eq!(found, distinct, "seed {seed}");
    }
}

/// A list that others delete from while it is read, in any place.
#[test]
fn a_shrinking_list_is_not_short() {
    for seed in 0..30 {
        let mut random = fastrand::Rng::with_seed(seed);
        let count = random.usize(200..400);
        let most = random.usize(1..10);
        let state = Mutex::new((sessions(0..count), random));
        let stub = paged(move |offset| {
            let mut state = state.lock().unwrap();
            let (entries, random) = &mut *state;
            for _ in 0..random.usize(0..=most) {
                if !entries.is_empty() {
                    entries.remove(random.usize(0..entries.len()));
                }
            }
            (part(entries, offset, 100), json!(entries.len()))
        });
        let found = listed(&stub);
        let mut distinct = found.clone();
        distinct.dedup();
        assert_eq!(found, distinct, "seed {seed}");
    }
}

#[test]
fn random_short_lists_are_never_trusted() {
    for seed in 0..30 {
        let mut random = fastrand::Rng::with_seed(seed);
        let total = random.usize(2..400);
        let count = random.usize(0..total);
        let limit = random.usize(10..=100);
        let entries = sessions(0..count);
        let stub = paged(move |offset| (part(&entries, offset, limit), json!(total)));
        run(&stub, "invite_all([\"jane@example.com\"]);")
            .exits(1)
            .says(&format!("the API listed {count} of {total} sessions\n"));
        assert!(stub.invites().is_empty(), "seed {seed}");
    }
}

#[test]
fn the_sandbox_rehearses_short_lists() {
    let project = Project::new();
    project
        .rehearse("invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);")
        .succeeds();
    let sandbox = project.sandbox(&["--fault", "short-list=2"]);
    let (_, list) = sandbox.get("/api/sessions?offset=1");
    assert_eq!(list["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(list["total"], 3);
    project
        .rehearse("invite_all([\"d@example.com\"]);")
        .exits(1)
        .says("error: cannot list the existing sessions: the API listed 2 of 3 sessions\n");
}
