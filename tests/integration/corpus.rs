//! Findings and seeds of the fuzz targets as ordinary tests: responses of the API, arguments and inputs at the prompt.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use gradient_bulk::internals::api::{
    ApiKey, BaseUrl, Client, Config, RawResponse, RequestLimits, Session,
};
use gradient_bulk::internals::cli::read_arguments;
use gradient_bulk::internals::repl::TestHooks;
use gradient_bulk::internals::script::{ImportRoot, Source};

use crate::support::KEY;

fn client() -> Client {
    Client::new(Config {
        base_url: BaseUrl::parse("http://127.0.0.1:1").unwrap(),
        ca_certificates: None,
        key: Some(ApiKey::parse(KEY).unwrap()),
        limits: RequestLimits {
            timeout: Duration::from_secs(1),
            concurrency: 1,
            rate: None,
            max_retries: 0,
        },
    })
}

/// The JSON parser quotes unexpected JSON in its errors, and so did we, including a key in it.
#[test]
fn no_response_that_repeats_the_key_makes_it_visible() {
    for status in [200, 201, 400, 502] {
        for body in [
            format!("\"Bearer {KEY}\""),
            format!("{{\"inviteUrl\": {{\"{KEY}\": 1}}}}"),
            format!("{{\"error\": {{\"code\": \"{KEY}\", \"message\": \"no {KEY}\"}}}}"),
            format!("<html>{KEY}"),
        ] {
            let response = RawResponse {
                status,
                retry_after: None,
                date: None,
                location: None,
                body: body.as_bytes(),
            };
            let client = client();
            let invited = client.parse_invite_response(&response).map(drop);
            let session = client.parse_response::<Vec<Session>>(&response).map(drop);
            // A 201 whose link is not text is still an invitation.
            for invalid in invited.err().into_iter().chain([session.unwrap_err()]) {
                let shown = format!("{} {:?}", invalid.error, invalid.error);
                assert!(!shown.contains(KEY), "{status} {body}: {shown}");
            }
        }
    }
}

#[test]
fn a_response_decides_about_pausing_and_retrying() {
    for (status, retry_after, body, pauses, retries, wait) in [
        (429, Some("7"), "", true, false, Some(7_000)),
        (503, Some("0"), "<html>", true, false, Some(100)),
        (503, None, "{}", false, true, None),
        (400, Some("7"), "{}", false, false, Some(7_000)),
        (200, None, "<html>", false, true, None),
        (200, None, "[]", false, false, None),
    ] {
        let body = body.as_bytes();
        let (date, wait) = (None, wait.map(Duration::from_millis));
        let response = RawResponse {
            status,
            retry_after,
            date,
            location: None,
            body,
        };
        let invalid = client().parse_invite_response(&response).unwrap_err();
        assert_eq!(
            (invalid.pauses, invalid.retries),
            (pauses, retries),
            "{status}"
        );
        assert_eq!(invalid.wait, wait, "{status}");
    }
}

#[test]
fn command_line_arguments_become_values_or_an_error() {
    let read = |script: &str, words: &[&str]| {
        let root = ImportRoot::Directory(PathBuf::from("."));
        let source = Source::new("script.rhai", script, root);
        let words = words.iter().map(OsString::from).collect();
        read_arguments(source, words, &["dry-run".to_owned()])
    };
    let days = "let days = arg(\"days\", \"Days\", 5);";
    assert!(read(days, &["--days", "7"]).is_ok());
    assert!(
        read(days, &["--days", "x"])
            .unwrap_err()
            .contains("invalid value 'x'")
    );
    assert!(
        read(days, &["--dry-run"])
            .unwrap_err()
            .contains("--dry-run")
    );
    assert!(
        read("arg(\"dry_run\", \"no\", false);", &[])
            .unwrap_err()
            .contains("`--dry-run`")
    );
    assert!(read("let x = (", &[]).is_err());
}

#[test]
fn highlighting_keeps_the_input_and_completion_is_at_the_cursor() {
    let test_hooks = TestHooks::default();
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/seeds/prompt");
    let seeds = fs::read_dir(seeds).unwrap().map(|seed| {
        // The first byte is the position of the cursor, but this test tries all of them.
        let bytes = fs::read(seed.unwrap().path()).unwrap();
        String::from_utf8(bytes[1..].to_vec()).unwrap()
    });
    let inputs = [
        "let x = `a ${b + #{c: \"}\"}} d`; x.",
        "invite_all(rows, |row| #{ em",
        "/* open",
        "list_sessions().filter(|s| s.sta",
        ":help invi",
        "let é = 'ü'; // ok",
        "`${`${`",
        "((((((((((",
        "x[\"ke",
        // Found by fuzzing: the completed text started inside the `é`.
        "\"opn A\\ é u14e ",
        "'l é tisls\\ é t= '",
        "",
    ];
    let inputs: Vec<String> = inputs.map(str::to_owned).into_iter().chain(seeds).collect();
    assert!(
        inputs.len() > 20,
        "the seeds of the fuzz target are missing"
    );
    for input in &inputs {
        let ends = (0..=input.len()).filter(|at| input.is_char_boundary(*at));
        for cursor in ends {
            let whole = test_hooks.highlight(input, cursor).concat();
            assert_eq!(whole, *input);
            for (span, _) in test_hooks.complete(input, cursor) {
                assert!(span.end == cursor && input.get(span).is_some(), "{input}");
            }
        }
    }
    assert!(test_hooks.is_complete("1 + 1") && !test_hooks.is_complete("/* open"));
    let found = test_hooks.complete(":help invi", 10);
    assert!(
        found.iter().any(|(_, value)| value == "invite_all"),
        "{found:?}"
    );
}
