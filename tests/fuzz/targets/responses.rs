//! Responses of the API: status, `Retry-After`, `Date` and body, separated by newlines. No error may contain the key, and
//! waiting times must be within their bounds.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use gradient_bulk::internals::api::{
    ApiKey, Assessment, BaseUrl, Candidate, Client, Config, InvalidResponse, RawResponse,
    RequestLimits, Score, Session,
};
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;

const KEY: &str = "gai_k";

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::new(Config {
        base_url: BaseUrl::parse("http://127.0.0.1:1").expect("an address"),
        ca_certificates: None,
        key: Some(ApiKey::parse(KEY).expect("a key")),
        limits: RequestLimits {
            timeout: Duration::from_secs(1),
            concurrency: 1,
            rate: None,
            max_retries: 0,
        },
    })
});

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(4, |byte| *byte == b'\n');
    let (Some(status), Some(retry_after), Some(date), Some(body)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    let text = |bytes| {
        std::str::from_utf8(bytes)
            .ok()
            .filter(|text| !text.is_empty())
    };
    let Some(status) = text(status).and_then(|status| status.parse().ok()) else {
        return;
    };
    let response = RawResponse {
        status,
        retry_after: text(retry_after),
        date: text(date),
        location: text(date),
        body,
    };
    parse_invite(&response);
    parse::<Session>(&response);
    parse::<Vec<Session>>(&response);
    parse::<Assessment>(&response);
    parse::<Candidate>(&response);
    parse::<Score>(&response);
});

fn parse_invite(response: &RawResponse) {
    match CLIENT.parse_invite_response(response) {
        Ok(invited) => {
            let _ = (invited.session(), invited.session_id(), invited.due_date());
        }
        Err(invalid) => check(&invalid),
    }
}

fn parse<T: DeserializeOwned>(response: &RawResponse) {
    if let Err(invalid) = CLIENT.parse_response::<T>(response) {
        check(&invalid);
    }
}

fn check(invalid: &InvalidResponse) {
    let InvalidResponse {
        error,
        wait,
        pauses,
        retries,
    } = invalid;
    assert!(!(*pauses && *retries));
    let bounds = Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60);
    assert!(wait.is_none_or(|wait| bounds.contains(&wait)), "{wait:?}");
    let shown = format!("{error} {error:?} {:?}", error.hint());
    assert!(!shown.contains(KEY), "{shown}");
    assert!(shown.len() < 20_000);
}
