//! Answers of the API: status, `Retry-After`, `Date` and body, parted by line ends. The key must be in no error, and a wait
//! within its bounds.
#![no_main]

use std::sync::LazyLock;
use std::time::Duration;

use gradient_bulk::api::{
    RawResponse, Assessment, BaseUrl, Candidate, Client, Config, Key, RequestLimits, Score, Session, InvalidResponse,
};
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;

const KEY: &str = "gai_k";

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    Client::new(Config {
        base_url: BaseUrl::parse("http://127.0.0.1:1").expect("an address"),
        ca_certificates: None,
        key: Some(Key::parse(KEY).expect("a key")),
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
    let answer = RawResponse {
        status,
        retry_after: text(retry_after),
        date: text(date),
        body,
    };
    invited(&answer);
    read::<Session>(&answer);
    read::<Vec<Session>>(&answer);
    read::<Assessment>(&answer);
    read::<Candidate>(&answer);
    read::<Score>(&answer);
});

fn invited(answer: &RawResponse) {
    match CLIENT.parse_invite_response(answer) {
        Ok(invited) => {
            let _ = (invited.session(), invited.session_id(), invited.due_date());
        }
        Err(useless) => judge(&useless),
    }
}

fn read<T: DeserializeOwned>(answer: &RawResponse) {
    if let Err(useless) = CLIENT.parse_response::<T>(answer) {
        judge(&useless);
    }
}

fn judge(useless: &InvalidResponse) {
    let InvalidResponse {
        error,
        wait,
        pauses,
        repeats,
    } = useless;
    assert!(!(*pauses && *repeats));
    let bounds = Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60);
    assert!(wait.is_none_or(|wait| bounds.contains(&wait)), "{wait:?}");
    let told = format!("{error} {error:?} {:?}", error.hint());
    assert!(!told.contains(KEY), "{told}");
    assert!(told.len() < 20_000);
}
