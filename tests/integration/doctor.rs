//! `doctor`: shows what is configured and from where, and checks whether it works.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::stub::{ASSESSMENT, Reply, Stub, default_reply};
use crate::support::{KEY, Project, SECRET};

/// A stub that lists the key with these fields.
fn stub_with_key(key: Value) -> Stub {
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

fn valid_key() -> Value {
    json!({ "keyPrefix": "gai_pref", "name": "Office key", "scopes": [], "isActive": true })
}

#[test]
fn the_sandbox_passes_all_checks() {
    Project::new()
        .run(&["doctor", "--sandbox"])
        .succeeds()
        .shows("ok       api            http://127.0.0.1:")
        .shows("ok       assessment     ")
        .shows("ok       ledger         none yet")
        .never_says("warning");
}

#[test]
fn settings_are_shown_with_their_origin() {
    let stub = stub_with_key(valid_key());
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
        .shows("ok       access         key `Office key`, with admin access\n")
        .shows(&format!("ok       assessment     Stub Assessment, {ASSESSMENT} (`GRADIENT_ASSESSMENT_ID`)\n"))
        .shows("ledger.db`: 1 run, ")
        .shows(", intact\n")
        .never_says(SECRET);
    // It looks and leaves everything as it is.
    assert_eq!(stub.invites().len(), 1);
}

#[test]
fn a_missing_key_is_a_fault_with_a_hint() {
    Project::new()
        .run(&["doctor"])
        .exits(2)
        .shows("fault    key            no API key\n")
        .shows("hint: set `GRADIENT_API_KEY`");
}

#[test]
fn a_refused_key_or_an_unknown_assessment_exits_with_4() {
    let stub = Stub::start(|_| Reply::refusal(401, "revoked"));
    Project::new()
        .talking_to(&stub)
        .run(&["doctor"])
        .exits(4)
        .shows("the API answered 401: revoked");
    let stub = stub_with_key(valid_key());
    Project::new()
        .talking_to(&stub)
        .run(&["doctor", "--assessment", "Stub Asessment"])
        .exits(4)
        .shows("fault    assessment     no assessment `Stub Asessment` (`--assessment`)\n")
        .shows("hint: did you mean `Stub Assessment`?");
}

#[test]
fn an_unreachable_api_is_reported_without_retries() {
    Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .run(&["doctor", "--api-url", "http://127.0.0.1:9"])
        .exits(1)
        .shows("fault    api            http://127.0.0.1:9 (`--api-url`): cannot connect to 127.0.0.1:9");
}

#[test]
fn expiring_and_inactive_keys_are_reported_and_scopes_mean_nothing() {
    let soon = SystemTime::now() + Duration::from_hours(48);
    let soon = jiff::Timestamp::try_from(soon).unwrap().to_string();
    for (field, value, status, said) in [
        (
            "scopes",
            json!(["read"]),
            0,
            "ok       access         key `Office key`, with admin access\n",
        ),
        (
            "keyPrefix",
            json!("gai_other"),
            0,
            "ok       access         a key with admin access, which the API does not list\n",
        ),
        ("expiresAt", json!(soon), 0, "it expires soon"),
        ("isActive", json!(false), 4, "it is not active"),
    ] {
        let mut key = valid_key();
        key[field] = value;
        Project::new()
            .talking_to(&stub_with_key(key))
            .run(&["doctor"])
            .exits(status)
            .shows(said);
    }
}

#[test]
fn an_unlisted_key_is_a_warning() {
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
fn a_clock_that_is_ahead_or_behind_is_a_warning() {
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
fn a_damaged_ledger_and_a_configuration_mistake_are_faults() {
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
fn json_is_one_object() {
    let stub = stub_with_key(valid_key());
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
        json!({ "name": "key", "state": "ok", "found": "gai_pref… from `GRADIENT_API_KEY`", "hint": null })
    );
}

#[test]
fn a_404_in_another_form_gets_a_hint_about_the_address() {
    let stub = Stub::start(|_| Reply::json(404, &json!({ "detail": "Not Found" })));
    Project::new()
        .talking_to(&stub)
        .run(&["doctor"])
        .shows("the API answered 404: Not Found")
        .shows("this may be another server; check `--api-url`");
}
