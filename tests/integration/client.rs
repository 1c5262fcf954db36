//! The API client against servers that behave unlike the sandbox: pages that shift, missing fields, redirects.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::stub::{ASSESSMENT, Reply, Request, Stub, default_reply};
use crate::support::{KEY, Project, Ran};

fn session(number: usize) -> Value {
    json!({ "id": format!("id-{number:04}"), "status": "invited" })
}

/// Starts a stub whose sessions `page` returns by offset.
fn paged(page: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Stub {
    Stub::start(move |request| {
        if request.path == "/api/sessions" {
            page(request.number("offset"))
        } else {
            default_reply(request)
        }
    })
}

/// The page of `sessions` at `offset`, with at most `limit` entries.
fn page(sessions: &[Value], offset: usize, limit: usize) -> Reply {
    let entries: Vec<&Value> = sessions.iter().skip(offset).take(limit).collect();
    let total = sessions.len();
    Reply::json(
        200,
        &json!({ "sessions": entries, "total": total, "limit": limit, "offset": offset }),
    )
}

/// The requests for pages of sessions so far.
fn page_requests(stub: &Stub) -> Vec<Request> {
    let mut requests = stub.requests();
    requests.retain(|request| request.path == "/api/sessions");
    requests
}

fn run_script(stub: &Stub, script: &str) -> Ran {
    Project::new().talking_to(stub).rhai(&[], script).succeeds()
}

/// Asserts that a script lists the sessions 0 to `count` once each.
#[track_caller]
fn lists_each_once(stub: &Stub, count: usize) {
    let ran = run_script(stub, "for s in list_sessions() { print(s.id); }");
    let mut ids: Vec<&str> = ran.stdout.lines().collect();
    ids.sort_unstable();
    let expected: Vec<String> = (0..count).map(|n| format!("id-{n:04}")).collect();
    assert_eq!(ids, expected);
}

/// Runs a script against a server with this response for the list of keys.
fn with_keys(response: Value, script: &str) -> Ran {
    let stub = Stub::start(move |request| match &*request.path {
        "/api/api-keys" => Reply::json(200, &response),
        _ => default_reply(request),
    });
    Project::new().talking_to(&stub).rhai(&[], script)
}

#[test]
fn keys_are_listed_with_all_their_fields() {
    let key = json!({
        "id": "k1", "name": "Night job", "keyPrefix": "gai_abcd", "scopes": ["invite"], "isActive": true,
        "expiresAt": "2030-02-01T00:00:00Z", "lastUsedAt": null, "createdBy": "ann@example.com", "lastIp": "192.0.2.1",
    });
    let script = "let key = list_api_keys()[0];\n\
        print(`${key.name} ${key.key_prefix} ${key.scopes} ${key.is_active} ${key.created_by} ${key.last_ip}`);\n\
        print(key.expires_at.plus_days(1).format(\"%F\"));\n\
        print(key.last_used_at == () && key.created_at == ());";
    let expected =
        "Night job gai_abcd [\"invite\"] true ann@example.com 192.0.2.1\n2030-02-02\ntrue\n";
    for response in [
        json!({ "apiKeys": [key] }),
        json!({ "keys": [key] }),
        json!([key]),
    ] {
        with_keys(response, script).succeeds().prints(expected);
    }
}

#[test]
fn a_response_without_keys_is_an_error() {
    let script = "try { list_api_keys() } catch (problem) { print(problem.error); throw problem; }";
    with_keys(json!({ "total": 0 }), script)
        .exits(1)
        .prints("bad_answer\n")
        .says("`apiKeys` is missing");
}

#[test]
fn the_sandbox_lists_the_key_of_the_request() {
    Project::new()
        .rehearse("let keys = list_api_keys(); print(`${keys.len()} ${keys[0].key_prefix} ${keys[0].expires_at}`);")
        .succeeds()
        .prints("1 gai_sand \n");
}

/// Runs a script against a server that has one session.
fn with_session(session: Value, script: &str) -> Ran {
    run_script(&Stub::listing(vec![session]), script)
}

#[test]
fn pages_are_fetched_with_the_maximum_size() {
    let sessions: Vec<Value> = (0..250).map(session).collect();
    let stub = paged(move |offset| page(&sessions, offset, 100));
    lists_each_once(&stub, 250);
    let mut requested: Vec<(usize, usize)> = page_requests(&stub)
        .iter()
        .map(|request| (request.number("limit"), request.number("offset")))
        .collect();
    requested.sort_unstable();
    assert_eq!(requested, [(100, 0), (100, 100), (100, 200)]);
}

#[test]
fn a_full_last_page_is_not_followed_by_another_request() {
    let sessions: Vec<Value> = (0..200).map(session).collect();
    let stub = paged(move |offset| page(&sessions, offset, 100));
    lists_each_once(&stub, 200);
    assert_eq!(page_requests(&stub).len(), 2);
}

#[test]
fn smaller_pages_than_requested_are_followed() {
    let sessions: Vec<Value> = (0..70).map(session).collect();
    let stub = paged(move |offset| page(&sessions, offset, 20));
    lists_each_once(&stub, 70);
}

/// New sessions come first: one that is created between two pages moves an entry to the next page. There it is seen
/// again, and the list is longer than the first page reported.
#[test]
fn a_session_created_between_pages_neither_duplicates_nor_hides_others() {
    let grown = AtomicUsize::new(150);
    let stub = paged(move |offset| {
        let count = grown.load(Ordering::SeqCst);
        let newest_first: Vec<Value> = (0..count).rev().map(session).collect();
        if offset == 0 {
            grown.store(151, Ordering::SeqCst);
        }
        page(&newest_first, offset, 100)
    });
    lists_each_once(&stub, 151);
}

/// A session deleted between two pages moves an entry to the previous page, which was already read.
#[test]
fn a_session_deleted_between_pages_does_not_hide_another() {
    let shrunk = AtomicUsize::new(0);
    let stub = paged(move |offset| {
        let deleted = shrunk.load(Ordering::SeqCst);
        let left: Vec<Value> = (0..150 + 1 - deleted).rev().map(session).collect();
        if offset == 0 {
            shrunk.store(1, Ordering::SeqCst);
        }
        page(&left, offset, 100)
    });
    lists_each_once(&stub, 150);
}

#[test]
fn a_list_that_keeps_changing_comes_to_an_end() {
    let reads = AtomicUsize::new(0);
    let stub = paged(move |offset| {
        let read = reads.fetch_add(1, Ordering::SeqCst);
        let sessions: Vec<Value> = (0..150 + read).map(session).collect();
        page(&sessions, offset, 100)
    });
    let ran = run_script(
        &stub,
        "let ids = list_sessions().map(|s| s.id);\nprint(ids.len());\nids.sort();\nids.dedup();\nprint(ids.len());",
    );
    let counts: Vec<usize> = ran
        .stdout
        .lines()
        .map(|line| line.parse().unwrap())
        .collect();
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] >= 150, "{ran}");
}

#[test]
fn a_page_that_fails_fails_the_list() {
    let sessions: Vec<Value> = (0..150).map(session).collect();
    let stub = paged(move |offset| match offset {
        0 => page(&sessions, 0, 100),
        _ => Reply::refusal(500, "out of order"),
    });
    Project::new()
        .talking_to(&stub)
        .rhai(&["--max-retries", "0"], "list_sessions();")
        .exits(1)
        .says("error: the API answered 500: out of order (stub_code)");
}

#[test]
fn lists_are_filtered_by_the_server() {
    let stub = Stub::start(default_reply);
    run_script(
        &stub,
        "list_sessions(#{ status: \"in_progress\", candidate: \"c&1\" });",
    );
    let query = &page_requests(&stub)[0].query;
    for part in [
        "status=in_progress",
        "candidateId=c%261",
        &format!("assessmentId={ASSESSMENT}"),
    ] {
        assert!(
            query.split('&').any(|each| each == part),
            "no `{part}` in `{query}`"
        );
    }
}

#[test]
fn unknown_fields_are_kept_in_snake_case() {
    with_session(
        json!({
            "id": "x", "proctorNote": "fine", "extraScores": [{ "subScore": 1.5 }],
            "already_snake": null, "inviteURL": "u"
        }),
        "let s = list_sessions()[0];\nprint([s.proctor_note, s.extra_scores[0].sub_score, s.already_snake]);\nprint(\"candidate_name\" in s);",
    )
    .prints("[\"fine\", 1.5, ()]\ntrue\n");
}

#[test]
fn missing_fields_are_unit() {
    with_session(
        json!({}),
        "let s = list_sessions()[0];\nprint([s.status, s.candidate_name, s.due_date, s.token]);\nprint_table([s], [\"candidate_name\", \"status\"]);",
    )
    .shows("[(), (), (), ()]\n");
}

#[test]
fn an_unknown_status_and_an_undocumented_time_stay_text() {
    with_session(
        json!({ "id": "x", "status": "on_hold", "dueDate": "next week", "createdAt": "2030-02-01T12:00:00.5+01:00" }),
        "let s = list_sessions()[0];\nprint([s.status, s.due_date]);\nprint(s.created_at == datetime(\"2030-02-01T11:00:00.5Z\"));",
    )
    .prints("[\"on_hold\", \"next week\"]\ntrue\n");
}

#[test]
fn monitor_counts_an_unknown_status() {
    let stub = Stub::listing(vec![
        json!({ "id": "a", "status": "on_hold" }),
        json!({ "id": "b", "status": "invited" }),
    ]);
    Project::new()
        .talking_to(&stub)
        .run(&["run", "monitor"])
        .succeeds()
        .shows("2 sessions: 1 invited, 1 on_hold\n");
}

#[test]
fn the_error_for_a_wrong_field_type_names_the_type() {
    let stub = Stub::listing(vec![json!({ "id": 17, "status": "invited" })]);
    Project::new()
        .talking_to(&stub)
        .rhai(&[], "list_sessions();")
        .exits(1)
        .says("answered 200 with unexpected JSON: invalid type: integer `17`, expected a string");
}

#[test]
fn an_invite_response_needs_only_the_link() {
    let stub = Stub::inviting(|_| {
        Reply::json(
            201,
            &json!({ "inviteUrl": "https://x.example/s/1", "new": 1 }),
        )
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "let i = invite(\"jane@example.com\", \"Jane\");\nprint([i.outcome, i.invite_url, i.session, i.note]);",
        )
        .succeeds()
        .prints("[\"created\", \"https://x.example/s/1\", (), ()]\n");
}

#[test]
fn a_candidate_without_a_link_is_invited_with_a_note() {
    let session = || json!({ "id": "x", "dueDate": "2035-01-01T12:00:00Z" });
    let stub = Stub::inviting(move |request| match request.email() {
        "a@example.com" => Reply::json(201, &json!({})),
        "b@example.com" => Reply::json(201, &json!({ "inviteUrl": null, "session": session() })),
        "c@example.com" => Reply::json(201, &json!({ "inviteUrl": { "href": 1 } })),
        "d@example.com" => Reply::json(200, &json!({ "inviteUrl": " ", "session": session() })),
        _ => default_reply(request),
    });
    let project = Project::new().talking_to(&stub);
    project
        .rhai(
            &["--yes", "--tz", "UTC"],
            "let o = invite_all([\"a\", \"b\", \"c\", \"d\", \"e\"], |n| #{ email: n + \"@example.com\", due_date: \"2035-01-02\" });
for r in o.results() { print(`${r.outcome} ${r.invite_url} ${r.note}`); }",
        )
        .succeeds()
        .prints(
            "created  the API sent no link
created  the API sent no link; the new session has a different deadline: Mon 2035-01-01 12:00:00 UTC, not Tue 2035-01-02 23:59:59 UTC
created  the API sent no link
existing  the API sent no link; the existing session keeps its deadline: Mon 2035-01-01 12:00:00 UTC, not Tue 2035-01-02 23:59:59 UTC
created https://stub.example/s/e@example.com \n",
        )
        .says("run 1: 5 rows: 4 created, 1 existing, 0 failed\n")
        .says("  invited, but the API sent no link: 4; see `gradient-bulk runs 1 --created --existing`\n")
        .says("  existing sessions with a different deadline than requested: 1;");
    project
        .run(&["runs", "1", "--created"])
        .succeeds()
        .shows("the API sent no link");
}

#[test]
fn a_link_is_found_wherever_it_is() {
    let link = "https://stub.example/s/1";
    for body in [
        json!({ "invite_url": link }),
        json!({ "inviteUrl": null, "invite_url": link }),
        json!({ "inviteUrl": "", "session": { "id": "x", "inviteUrl": link } }),
        json!({ "session": { "id": 7, "invite_url": link } }),
        json!({ "inviteUrl": link, "session": { "inviteUrl": "https://stub.example/other" } }),
    ] {
        let shown = body.to_string();
        for status in [200, 201] {
            let body = body.clone();
            let stub = Stub::inviting(move |_| Reply::json(status, &body));
            let ran = Project::new().talking_to(&stub).rhai(
                &["--yes"],
                "print(invite(\"jane@example.com\", \"Jane Smith\").invite_url);",
            );
            assert_eq!(ran.stdout, format!("{link}\n"), "{shown}\n{ran}");
        }
    }
}

#[test]
fn a_session_of_another_form_has_no_link() {
    for session in [
        json!("text"),
        json!([1]),
        json!(null),
        json!({ "inviteUrl": {} }),
    ] {
        let stub = Stub::inviting(move |_| Reply::json(201, &json!({ "session": session })));
        Project::new()
            .talking_to(&stub)
            .rhai(
                &["--yes"],
                "print(invite(\"jane@example.com\", \"Jane Smith\").invite_url);",
            )
            .succeeds()
            .prints("\n");
    }
}

#[test]
fn a_single_invite_without_a_link_has_a_note() {
    let stub = Stub::inviting(|_| Reply::json(201, &json!({ "session": { "id": "x" } })));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "for time in 0..2 { let i = invite(\"jane@example.com\", \"Jane\"); print([i.outcome, i.invite_url, i.note]); }",
        )
        .succeeds()
        .prints(
            "[\"created\", (), \"the API sent no link\"]\n[\"existing\", (), \"the API sent no link\"]\n",
        );
}

#[test]
fn a_200_without_a_link_and_a_session_fails_its_row() {
    for body in [json!({}), json!({ "session": {} }), json!({ "ok": true })] {
        let stub = Stub::inviting(move |_| Reply::json(200, &body));
        Project::new()
            .talking_to(&stub)
            .rhai(&["--yes"], "invite_all([\"jane@example.com\"]);")
            .exits(3)
            .says("failed: row 1: jane@example.com: ")
            .says("unexpected JSON: neither `inviteUrl` nor a session with an id is in it");
    }
}

#[test]
fn an_address_that_ends_in_api_is_understood() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    for end in ["", "/", "/api", "/api/"] {
        let url = format!("{}{end}", stub.url());
        project
            .rhai(
                &["--api-url", &url, "--yes", "--json"],
                "invite_all([\"jane@example.com\"]);",
            )
            .succeeds()
            .shows(&format!("\"api_url\":\"{}\"", stub.url()));
    }
    let path = |request: &Request| request.path.clone();
    assert!(
        stub.requests()
            .iter()
            .all(|request| request.path.starts_with("/api/assessments")
                || request.path == "/api/sessions"),
        "{:?}",
        stub.requests().iter().map(path).collect::<Vec<_>>()
    );
    assert_eq!(stub.invites().len(), 4);
    let below = format!("{}/proxy/api/", stub.url());
    project
        .rhai(&["--api-url", &below], "list_assessments();")
        .exits(1);
    assert_eq!(
        stub.requests().last().map(path).unwrap(),
        "/proxy/api/assessments"
    );
}

#[test]
fn an_existing_session_reports_that_it_keeps_its_due_date() {
    let stub = Stub::inviting(|_| {
        let session = json!({ "id": "x", "dueDate": "2035-01-01T12:00:00Z" });
        Reply::json(
            200,
            &json!({ "inviteUrl": "https://x.example/s/1", "session": session }),
        )
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--tz", "Asia/Tokyo"],
            "let o = invite_all([\"2035-01-01\", \"2035-01-01T12:00:00Z\"], |due| #{ email: `a.${due.len()}.b@example.com`, due_date: due });\nfor r in o.results() { print(`${r.outcome} ${r.note}; ${r.due_date.format(\"%H:%M\")}`); }",
        )
        .succeeds()
        .prints("existing the existing session keeps its deadline: Mon 2035-01-01 21:00:00 Asia/Tokyo, not Mon 2035-01-01 23:59:59 Asia/Tokyo; 21:00\nexisting ; 21:00\n");
}

#[test]
fn a_redirect_is_not_followed() {
    let target = Stub::start(default_reply);
    let target_url = target.url();
    for status in [301, 302, 307, 308] {
        let location = format!("{target_url}/api/assessments");
        let stub =
            Stub::start(move |_| Reply::text(status, "").header("location", location.clone()));
        Project::new()
            .talking_to(&stub)
            .rhai(&["--yes"], "list_assessments();")
            .exits(1)
            .says(&format!(
                "error: {} answered {status}, a redirect to `{target_url}/api/assessments`",
                stub.address()
            ))
            .says("redirects are not followed")
            .says("if that is the address of the API, pass it with `--api-url`");
    }
    assert!(target.requests().is_empty());
}

#[test]
fn a_response_that_is_too_large_is_abandoned() {
    let huge = " ".repeat(17 * 1024 * 1024);
    let stub = Stub::start(move |_| Reply::text(200, huge.clone()));
    Project::new()
        .talking_to(&stub)
        .rhai(&[], "list_assessments();")
        .exits(1)
        .says(&format!(
            "error: {} sent more than 16777216 bytes",
            stub.address()
        ));
}

#[test]
fn only_the_start_of_a_long_page_is_shown() {
    let stub = Stub::start(|_| Reply::text(200, "x".repeat(100_000)));
    let ran = Project::new()
        .talking_to(&stub)
        .rhai(&["--max-retries", "0"], "list_assessments();")
        .exits(1);
    assert!(ran.stderr.len() < 1000, "{} bytes", ran.stderr.len());
}

#[test]
fn requests_carry_the_key_and_the_user_agent() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "invite_all([\"jane@example.com\"]);\nlist_sessions();",
        )
        .succeeds();
    // The assessment, its existing sessions, the invite, and the sessions of the script.
    assert_eq!(stub.requests().len(), 4);
    for request in stub.requests() {
        assert_eq!(request.header("authorization"), format!("Bearer {KEY}"));
        let agent = request.header("user-agent");
        assert!(
            agent.contains(&format!("gradient-bulk/{}", env!("CARGO_PKG_VERSION"))),
            "{agent}"
        );
    }
    assert_eq!(stub.invites()[0].header("content-type"), "application/json");
}

#[test]
fn the_path_of_the_api_url_is_kept() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--api-url", &format!("{}/gateway/", stub.url())],
            "list_assessments();",
        )
        .exits(1);
    assert_eq!(stub.requests()[0].path, "/gateway/api/assessments");
}

#[test]
fn an_id_cannot_lead_to_another_path() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &[],
            "try { session(\"../assessments?x=1#\"); } catch {}\ntry { session(\"..\"); } catch {}",
        )
        .succeeds();
    assert!(!stub.requests().is_empty());
    for request in stub.requests() {
        assert!(
            request.path.starts_with("/api/sessions/"),
            "{}",
            request.path
        );
        assert_eq!(request.query, "");
    }
}

#[test]
fn an_assessment_is_looked_up_by_name_once() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--assessment", " stub ASSESSMENT "],
            "invite_all([\"jane@example.com\", \"john@example.com\"]);\nlist_sessions();",
        )
        .succeeds();
    let lookups = stub
        .requests()
        .iter()
        .filter(|request| request.path == "/api/assessments")
        .count();
    assert_eq!(lookups, 1);
    assert!(
        stub.invites()
            .iter()
            .all(|i| i.path == format!("/api/assessments/{ASSESSMENT}/invite"))
    );
}

#[test]
fn a_name_shared_by_two_assessments_is_ambiguous() {
    let stub = Stub::start(|_| {
        let assessments = json!([{ "id": "one", "name": "PM" }, { "id": "two", "name": "pm" }]);
        Reply::json(200, &json!({ "assessments": assessments, "total": 2 }))
    });
    Project::new()
        .talking_to(&stub)
        .rhai(&["--assessment", "PM"], "list_sessions();")
        .exits(4)
        .says("error: `PM` is the name of 2 assessments")
        .says("use an id: one, two");
}

#[test]
fn connections_are_reused() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--concurrency", "1"],
            "let emails = [];\nfor i in 0..20 { emails.push(`someone${i}@example.com`); }\ninvite_all(emails);",
        )
        .succeeds();
    assert_eq!(stub.invites().len(), 20);
    // A new connection is opened if the previous one is not yet back in the pool when the next request starts.
    assert!(
        stub.connections() < 10,
        "{} connections",
        stub.connections()
    );
}
