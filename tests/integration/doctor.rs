//! `doctor`: what is configured and from where, and whether it works.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::stub::{ASSESSMENT, Reply, Stub, default_reply};
use crate::support::{KEY, Project, SECRET};

/// A stub that lists the key with these fields.
fn listing(key: Value) -> Stub {
    Stub::start(move |request| match request.path.as_str() {
        "/api/api-keys" => Reply::json(
            200,
            &json!({ "apiKeys": [
            { "keyPrefix": "gai_else", "name": "Another key", "isActive": false },
            key,
        ] }),
        ),
        _ => default_reply(request),
    })
}

fn sound_key() -> Value {
    json!({ "keyPrefix": "gai_pref", "name": "Office key", "scopes": ["read", "write"], "isActive": true })
}

#[test]
fn all_is_well_with_the_sandbox() {
    Project::new()
        .run(&["doctor", "--sandbox"])
        .succeeds()
        .shows("ok       api            http://127.0.0.1:")
        .shows("ok       assessment     ")
        .shows("ok       ledger         none yet")
        .never_says("warning");
}

#[test]
fn it_says_what_counts_and_from_where() {
    let stub = listing(sound_key());
    let project = Project::new().talking_to(&stub);
    project
        .rhai(&["--yes"], "invite_all([\"a@example.com\"]);")
        .succeeds();
    project
        .run(&["doctor", "--tz", "Europe/Berlin", "--rate", "5"])
        .succeeds()
        .shows("ok       configuration  none; it would be `")
        .shows("ok       time zone      Europe/Berlin (`--tz`)\n")
        .shows("ok       pace           16 requests in flight (default), at most 5 requests per second (`--rate`)\n")
        .shows("ok       key            gai_pref… from `GRADIENT_API_KEY`\n")
        .shows(&format!("ok       api            {} (`GRADIENT_API_URL`), answered in ", stub.url()))
        .shows("ok       access         key `Office key`, scopes: read, write\n")
        .shows(&format!("ok       assessment     Stub Assessment, {ASSESSMENT} (`GRADIENT_ASSESSMENT_ID`)\n"))
        .shows("ledger.db`: 1 run, ")
        .shows(", intact\n")
        .never_says(SECRET);
    // It looks and leaves everything as it is.
    assert_eq!(stub.invites().len(), 1);
}

#[test]
fn without_a_key_it_says_what_to_do() {
    Project::new()
        .run(&["doctor"])
        .exits(2)
        .shows("fault    key            no API key\n")
        .shows("hint: set `GRADIENT_API_KEY`");
}

#[test]
fn a_refused_key_and_an_unknown_assessment_end_with_4() {
    let stub = Stub::start(|_| Reply::refusal(401, "revoked"));
    Project::new()
        .talking_to(&stub)
        .run(&["doctor"])
        .exits(4)
        .shows("the API answered 401: revoked");
    let stub = listing(sound_key());
    Project::new()
        .talking_to(&stub)
        .run(&["doctor", "--assessment", "Stub Asessment"])
        .exits(4)
        .shows("fault    assessment     no assessment `Stub Asessment` (`--assessment`)\n")
        .shows("hint: did you mean `Stub Assessment`?");
}

#[test]
fn a_service_that_cannot_be_reached_is_a_fault_at_once() {
    Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .run(&["doctor", "--api-url", "http://127.0.0.1:9"])
        .exits(1)
        .shows("fault    api            http://127.0.0.1:9 (`--api-url`): cannot connect to 127.0.0.1:9");
}

#[test]
fn a_key_that_may_only_read_or_ends_soon_or_is_over_is_told() {
    let soon = SystemTime::now() + Duration::from_hours(48);
    let soon = jiff::Timestamp::try_from(soon).unwrap().to_string();
    for (field, value, status, said) in [
        ("scopes", json!(["read"]), 0, "it may only read"),
        ("expiresAt", json!(soon), 0, "it expires soon"),
        ("isActive", json!(false), 4, "it is not active"),
    ] {
        let mut key = sound_key();
        key[field] = value;
        Project::new()
            .talking_to(&listing(key))
            .run(&["doctor"])
            .exits(status)
            .shows(said);
    }
}

#[test]
fn whether_a_key_may_invite_is_left_open_where_the_api_does_not_say() {
    let stub = Stub::start(|request| match request.path.as_str() {
        "/api/api-keys" => Reply::refusal(403, "admins only"),
        _ => default_reply(request),
    });
    Project::new()
        .talking_to(&stub)
        .run(&["doctor"])
        .succeeds()
        .shows("warning  access         the key may not list keys")
        .shows("hint: inviting needs a key of an owner or admin");
}

#[test]
fn a_clock_that_is_wrong_is_told_with_its_side() {
    let (two_hours, slack) = (Duration::from_hours(2), Duration::from_secs(30));
    for (date, side) in [
        (SystemTime::now() - two_hours - slack, "ahead of"),
        (SystemTime::now() + two_hours + slack, "behind"),
    ] {
        let date = httpdate::fmt_http_date(date);
        let stub = Stub::start(move |request| default_reply(request).header("date", date.clone()));
        let ran = Project::new().talking_to(&stub).run(&["doctor"]).succeeds();
        let line = ran.stdout.lines().find(|line| line.contains(" clock "));
        let line = line.unwrap();
        assert!(line.starts_with("warning"), "{ran}");
        assert!(line.contains(" 2h"), "{ran}");
        assert!(line.ends_with(&format!(" {side} the API's")), "{ran}");
    }
}

#[test]
fn a_damaged_ledger_and_a_mistake_in_the_configuration_are_faults() {
    let project = Project::new();
    project
        .rehearse("invite_all([\"a@example.com\"]);")
        .succeeds();
    let path = project.ledger();
    let mut bytes = fs::read(&path).unwrap();
    let length = bytes.len();
    bytes[8192..length].fill(0x5a);
    fs::write(&path, bytes).unwrap();
    project
        .run(&["doctor", "--sandbox"])
        .exits(1)
        .shows("fault    ledger ");
    fs::write(project.home().join("config.toml"), "rat = 1").unwrap();
    fs::remove_file(&path).unwrap();
    project
        .run(&["doctor"])
        .exits(2)
        .shows("config.toml:1: there is no setting `rat`")
        .shows("hint: did you mean `rate`?");
}

#[test]
fn other_programs_get_one_object() {
    let stub = listing(sound_key());
    let ran = Project::new()
        .talking_to(&stub)
        .run(&["doctor", "--json"])
        .succeeds();
    let answer = ran.json();
    assert_eq!(answer["exit_status"], 0);
    let findings = answer["findings"].as_array().unwrap();
    let key = findings.iter().find(|each| each["name"] == "key").unwrap();
    assert_eq!(
        *key,
        json!({ "name": "key", "state": "ok", "found": "gai_pref… from `GRADIENT_API_KEY`", "cure": null })
    );
}

#[test]
fn a_wrong_address_that_answers_without_a_reason_is_doubted() {
    let stub = Stub::start(|_| Reply::json(404, &json!({ "detail": "Not Found" })));
    Project::new()
        .talking_to(&stub)
        .run(&["doctor"])
        .shows("the API answered 404: no reason given")
        .shows("this may be another server; check `--api-url`");
}
