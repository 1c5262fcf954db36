//! Rate limits, pauses and retries: which requests are sent again, and when.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use gradient_bulk::internals::api::{
    ApiKey, BaseUrl, Client, Config, Error, Invite, InviteResponse, RequestLimits, RetryOutcome,
};
use gradient_bulk::internals::error_code::ErrorCode;
use gradient_bulk::internals::interrupt::Interrupt;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stub::{ASSESSMENT, Reply, Request, Stub, default_reply};
use crate::support::{KEY, PATIENCE, Project, Ran};

const SECOND: Duration = Duration::from_secs(1);

/// Starts a stub that replies to the first `times` invites of each candidate with `reply`, and then as usual.
fn failing(times: usize, reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Stub {
    let counts: Mutex<HashMap<String, usize>> = Mutex::default();
    Stub::inviting(move |request| {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(request.email().to_owned()).or_default();
        *count += 1;
        if *count <= times {
            reply(request)
        } else {
            default_reply(request)
        }
    })
}

fn invite_all(stub: &Stub, options: &[&str], emails: &[String]) -> Ran {
    let script = format!("print(invite_all({}));", json!(emails));
    Project::new()
        .talking_to(stub)
        .rhai(&[&["--yes"], options].concat(), &script)
}

fn invite_jane(stub: &Stub, options: &[&str]) -> Ran {
    invite_all(stub, options, &["jane@example.com".to_owned()])
}

/// The number at the start of an address such as `503.x@example.com`.
fn number(request: &Request) -> u16 {
    let (number, _) = request.email().split_once('.').unwrap();
    number.parse().unwrap()
}

fn numbered(numbers: &[u16]) -> Vec<String> {
    let address = |number| format!("{number}.x@example.com");
    numbers.iter().map(address).collect()
}

/// The time between the first invitation and the second.
fn gap(stub: &Stub) -> Duration {
    let invites = stub.invites();
    assert_eq!(invites.len(), 2);
    invites[1].arrived - invites[0].arrived
}

#[test]
fn transient_errors_are_retried() {
    let emails = numbered(&[200, 201, 408, 425, 500, 502, 503, 504, 522]);
    let stub = failing(1, |request| match number(request) {
        status @ (200 | 522) => Reply::text(status, "<html>We will be right back</html>"),
        201 => Reply::text(201, "{\"inviteUrl\": \"https://x.exa"),
        status => Reply::refusal(status, "later"),
    });
    invite_all(&stub, &["--timeout", "1"], &emails)
        .succeeds()
        .prints("9 rows: 9 created, 0 existing, 0 failed\n");
    let twice: Vec<String> = emails.iter().flat_map(|e| [e.clone(), e.clone()]).collect();
    assert_eq!(stub.invited_emails(), twice);
}

#[test]
fn final_errors_are_not_retried() {
    let emails = numbered(&[200, 400, 405, 409, 422, 501]);
    let stub = failing(1, |request| match number(request) {
        200 => Reply::json(200, &json!({ "url": "not as documented" })),
        405 => Reply::text(405, "<html>No such page</html>"),
        status => Reply::refusal(status, "never"),
    });
    invite_all(&stub, &[], &emails)
        .exits(3)
        .prints("6 rows: 0 created, 0 existing, 6 failed\n");
    assert_eq!(stub.invited_emails(), emails);
    // These end the run, and the row itself is not counted as failed.
    for status in [401, 403, 404] {
        let stub = failing(1, move |_| Reply::refusal(status, "never"));
        invite_jane(&stub, &[])
            .exits(4)
            .prints("")
            .says(&format!("the API answered {status}: never (stub_code)"))
            .says("run 1: 1 row: 0 created, 0 existing, 0 failed, 1 not sent\n");
        assert_eq!(stub.invites().len(), 1);
    }
}

#[test]
fn retries_are_limited_and_the_last_error_is_reported() {
    let stub = failing(2, |_| Reply::refusal(500, "out of order"));
    invite_jane(&stub, &["--max-retries", "1"])
        .exits(3)
        .says("failed: row 1: jane@example.com: the API answered 500: out of order (stub_code)\n");
    assert_eq!(stub.invites().len(), 2);

    let stub = failing(2, |_| Reply::refusal(500, "out of order"));
    invite_jane(&stub, &["--max-retries", "2"]).succeeds();
    assert_eq!(stub.invites().len(), 3);
}

#[test]
fn a_failed_page_of_a_list_is_retried() {
    let session = |number| json!({ "id": format!("id-{number}") });
    let sessions: Vec<Value> = (0..250).map(session).collect();
    let failed = Mutex::new(false);
    let stub = Stub::start(move |request| {
        if request.path != "/api/sessions" {
            return default_reply(request);
        }
        if request.number("offset") == 100 && !std::mem::replace(&mut *failed.lock().unwrap(), true)
        {
            return Reply::refusal(500, "out of order");
        }
        Reply::page(request, "sessions", &sessions)
    });
    Project::new()
        .talking_to(&stub)
        .rhai(&[], "print(list_sessions().len());")
        .succeeds()
        .prints("250\n");
    // The assessment, three pages, and one retry.
    assert_eq!(stub.requests().len(), 5);
}

#[test]
fn a_pause_that_the_api_asks_for_is_not_an_attempt() {
    for status in [429, 503] {
        let stub = failing(1, move |_| {
            Reply::refusal(status, "slow down").header("retry-after", "1")
        });
        invite_jane(&stub, &["--max-retries", "0"]).succeeds();
        assert!(gap(&stub) >= SECOND, "{:?}", gap(&stub));
    }
}

#[test]
fn a_429_without_retry_after_causes_a_pause() {
    let stub = failing(1, |_| Reply::text(429, "slow down"));
    invite_jane(&stub, &["--max-retries", "0"]).succeeds();
    assert!(gap(&stub) >= SECOND, "{:?}", gap(&stub));
}

/// Compared with this machine's clock, the date is long past.
#[test]
fn a_wrong_server_clock_does_not_shorten_the_pause() {
    let stub = failing(1, |_| {
        Reply::refusal(429, "slow down")
            .header("date", "Mon, 01 Jan 2001 00:00:00 GMT")
            .header("retry-after", "Mon, 01 Jan 2001 00:00:01 GMT")
    });
    invite_jane(&stub, &["--max-retries", "0"]).succeeds();
    assert!(gap(&stub) >= SECOND, "{:?}", gap(&stub));
}

#[test]
fn endless_pauses_end_in_an_error() {
    let stub = failing(100, |_| {
        Reply::refusal(429, "slow down").header("retry-after", "0")
    });
    invite_jane(&stub, &["--max-retries", "1"])
        .exits(3)
        .says("jane@example.com: the API answered 429: slow down (stub_code)");
    // Ten free pauses, one attempt, one retry.
    assert_eq!(stub.invites().len(), 12);
}

#[test]
fn requests_start_at_the_rate() {
    let stub = Stub::start(default_reply);
    let emails = numbered(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    invite_all(&stub, &["--rate", "20"], &emails).succeeds();
    let invites = stub.invites();
    let took = invites[11].arrived - invites[0].arrived;
    assert!(took >= Duration::from_millis(450), "{took:?}");
}

#[test]
fn rates_and_retries_out_of_range_are_refused() {
    for (option, value) in [
        ("--rate", "0"),
        ("--rate", "NaN"),
        ("--rate", "10001"),
        ("--max-retries", "101"),
    ] {
        Project::new()
            .rhai(&["--sandbox", option, value], "")
            .exits(2)
            .says(&format!("invalid value '{value}' for '{option} <N>'"));
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_does_not_wait_for_the_end_of_a_pause() {
    let stub = Stub::start(|_| Reply::text(429, "").header("retry-after", "3600"));
    let project = Project::new().talking_to(&stub);
    let mut running = project.start_rhai(&[], "list_assessments();");
    running.wait_for("waiting until ");
    running.signal("INT");
    running.finish().exits(130);
    assert_eq!(stub.requests().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_long_pause_is_announced_and_ctrl_c_ends_it() {
    let stub = Stub::inviting(|_| Reply::text(429, "").header("retry-after", "300"));
    let project = Project::new().talking_to(&stub);
    let began = Timestamp::now();
    let mut running = project.start_rhai(
        &["--yes", "--concurrency", "1", "--tz", "Asia/Tokyo"],
        "invite_all([\"ann@example.com\", \"bob@example.com\", \"cyd@example.com\"]);\nprint(\"went on\");",
    );
    let line = running.wait_for("waiting until ");
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .prints("")
        .says_once("waiting until ")
        .says("run 1: 3 rows: 0 created, 0 existing, 0 failed, 3 not sent\n")
        .says("the rest: `gradient-bulk send 1`\n");
    assert_eq!(stub.invites().len(), 1);
    let took = Timestamp::now().as_second() - began.as_second();
    let is_end = |after: i64| {
        let end = began + SECOND * 300 + SECOND * u32::try_from(after).unwrap();
        let end = end.in_tz("Asia/Tokyo").unwrap();
        let end = end.strftime("%a %Y-%m-%d %H:%M:%S Asia/Tokyo");
        line == format!("waiting until {end}: the API asks to wait (429, Retry-After)\n")
    };
    assert!((0..=took).any(is_end), "{line}");
}

/// Returns an API client, to test what the program does not show.
fn client(stub: &Stub) -> Client {
    Client::new(Config {
        base_url: BaseUrl::parse(&stub.url()).unwrap(),
        key: Some(ApiKey::parse(KEY).unwrap()),
        ca_certificates: None,
        limits: RequestLimits {
            timeout: PATIENCE,
            concurrency: 2,
            rate: None,
            max_retries: 100,
        },
    })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

async fn invite(client: &Client, cancel: &Interrupt) -> RetryOutcome<InviteResponse> {
    let jane = Invite {
        email: "jane@example.com".to_owned(),
        name: "Jane".to_owned(),
        due_date: None,
        send_email: None,
    };
    client
        .invite_endpoint(ASSESSMENT)
        .invite(&jane, cancel)
        .await
}

#[test]
fn a_request_cancelled_before_it_starts_is_not_sent() {
    let stub = Stub::start(default_reply);
    let cancel = Interrupt::default();
    cancel.set();
    let outcome = wait(invite(&client(&stub), &cancel));
    assert_eq!(outcome.attempts, 0);
    let result = outcome.result;
    assert!(
        matches!(result, Err(Error::Cancelled { after: None })),
        "{result:?}"
    );
    assert!(stub.requests().is_empty());
}

/// The request in flight is awaited, but no pause or retry follows.
#[test]
fn a_request_cancelled_in_flight_ends_with_its_response() {
    for (status, attempts, after) in [
        (201, 1, None),
        (429, 0, Some(None)),
        (500, 1, Some(Some(500))),
    ] {
        let cancel = Interrupt::default();
        let interrupt = cancel.clone();
        let stub = Stub::inviting(move |request| {
            interrupt.set();
            match status {
                201 => default_reply(request),
                _ => Reply::refusal(status, "later").header("retry-after", "3600"),
            }
        });
        let outcome = wait(invite(&client(&stub), &cancel));
        assert_eq!(outcome.attempts, attempts, "{status}");
        let status_after = outcome.result.err().map(|error| match error {
            Error::Cancelled { after } => after.and_then(|error| error.status()),
            other => panic!("{other}"),
        });
        assert_eq!(status_after, after, "{status}");
        assert_eq!(stub.requests().len(), 1);
    }
}

#[test]
fn a_pause_is_visible_and_can_be_cancelled() {
    let stub = Stub::inviting(|_| Reply::text(429, "").header("retry-after", "3600"));
    let (client, cancel) = (client(&stub), Interrupt::default());
    let cancel_when_paused = async {
        let pause = loop {
            match client.limiter_status().pause {
                Some(pause) => break pause,
                None => tokio::task::yield_now().await,
            }
        };
        cancel.set();
        pause
    };
    let (outcome, pause) =
        wait(async { tokio::join!(invite(&client, &cancel), cancel_when_paused) });
    assert_eq!(
        outcome.result.unwrap_err().error_code(),
        ErrorCode::Interrupted
    );
    assert_eq!(pause.reason, "the API asks to wait (429, Retry-After)");
    assert!(pause.remaining > 3_590 * SECOND, "{:?}", pause.remaining);
    assert_eq!(client.limiter_status().limit, 1);
}
