//! What fuzzing found, and what it begins with at the prompt, as ordinary tests: answers, arguments and inputs without a wire.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use gradient_bulk::api::{BaseUrl, Client, Config, Key, RawResponse, RequestLimits, Session};
use gradient_bulk::cli::read_arguments;
use gradient_bulk::repl::TestHooks;
use gradient_bulk::script::{ImportRoot, Source};

use crate::support::KEY;

fn client() -> Client {
    Client::new(Config {
        base_url: BaseUrl::parse("http://127.0.0.1:1").unwrap(),
        ca_certificates: None,
        key: Some(Key::parse(KEY).unwrap()),
        limits: RequestLimits {
            timeout: Duration::from_secs(1),
            concurrency: 1,
            rate: None,
            max_retries: 0,
        },
    })
}

/// JSON of another form than documented is quoted by the parser, and so was the key in it.
#[test]
fn an_answer_that_repeats_the_key_does_not_show_it_whatever_its_form() {
    for status in [200, 201, 400, 502] {
        for body in [
            format!("\"Bearer {KEY}\""),
            format!("{{\"inviteUrl\": {{\"{KEY}\": 1}}}}"),
            format!("{{\"error\": {{\"code\": \"{KEY}\", \"message\": \"no {KEY}\"}}}}"),
            format!("<html>{KEY}"),
        ] {
            let answer = RawResponse {
                status,
                retry_after: None,
                date: None,
                body: body.as_bytes(),
            };
            let client = client();
            let invited = client.parse_invite_response(&answer).map(drop);
            let session = client.parse_response::<Vec<Session>>(&answer).map(drop);
            for useless in [invited.unwrap_err(), session.unwrap_err()] {
                let told = format!("{} {:?}", useless.error, useless.error);
                assert!(!told.contains(KEY), "{status} {body}: {told}");
            }
        }
    }
}

#[test]
fn an_answer_tells_whether_to_wait_or_to_ask_again() {
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
        let answer = RawResponse {
            status,
            retry_after,
            date,
            body,
        };
        let useless = client().parse_invite_response(&answer).unwrap_err();
        assert_eq!(
            (useless.pauses, useless.retries),
            (pauses, retries),
            "{status}"
        );
        assert_eq!(useless.wait, wait, "{status}");
    }
}

#[test]
fn words_behind_a_script_become_values_or_a_message() {
    let read = |script: &str, words: &[&str]| {
        let source = Source {
            name: "script.rhai".into(),
            text: script.into(),
            import_root: ImportRoot::Directory(PathBuf::from(".")),
        };
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
fn every_input_keeps_its_letters_and_is_completed_at_the_cursor() {
    let test_hooks = TestHooks::default();
    let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/seeds/prompt");
    let seeds = fs::read_dir(seeds).unwrap().map(|seed| {
        // The first byte places the cursor, which stands everywhere here.
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
        // Found by fuzzing: what is completed began within the é.
        "\"opn A\\ é u14e ",
        "'l é tisls\\ é t= '",
        "",
    ];
    let inputs: Vec<String> = inputs.map(str::to_owned).into_iter().chain(seeds).collect();
    assert!(inputs.len() > 20, "the seeds are not where this test looks");
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
