//! Which errors are retried, and after how long.

use std::time::{Duration, SystemTime};

use super::RetryDecision::{self, Final, Pause, Retry, Unclear};
use super::{FailedAttempt, Repetition, backoff, default_pause, retry_after};
use crate::api::Error;

const DATE: &str = "Tue, 14 Nov 2023 22:13:20 GMT";
const LATER: &str = "Tue, 14 Nov 2023 22:13:50 GMT";

fn error_response(status: u16) -> Error {
    Error::ErrorResponse {
        status,
        code: None,
        message: None,
    }
}

fn not_json(status: u16) -> Error {
    Error::NotJson {
        host: String::new(),
        status,
        first_line: String::new(),
    }
}

/// Errors without a status: no connection, no response in time, and a connection that broke.
fn connection_errors() -> [Error; 3] {
    let (host, reason) = ("host".to_owned(), "reason".to_owned());
    [
        Error::Connect {
            host: host.clone(),
            reason: reason.clone(),
        },
        Error::Timeout {
            host: host.clone(),
            limit: Duration::from_secs(1),
            while_connecting: false,
        },
        Error::ConnectionLost { host, reason },
    ]
}

fn decide(error: Error, repetition: Repetition, has_retry_after: bool) -> RetryDecision {
    let retry_after = has_retry_after.then_some(Duration::from_secs(1));
    FailedAttempt { error, retry_after }.retry_decision(repetition)
}

#[test]
fn transient_statuses_are_retried() {
    for status in (300..600).filter(|status| *status != 429) {
        let is_transient = matches!(status, 408 | 425 | 500 | 502 | 503 | 504);
        let expected = if is_transient { Retry } else { Final };
        let decision = decide(error_response(status), Repetition::AtOnce, false);
        assert_eq!(decision, expected, "{status}");
    }
}

#[test]
fn pages_are_retried_unless_they_blame_the_request() {
    for (status, expected) in [
        (200, Retry),
        (302, Final),
        (401, Final),
        (404, Final),
        (408, Retry),
        (502, Retry),
        (522, Retry),
    ] {
        let decision = decide(not_json(status), Repetition::AtOnce, false);
        assert_eq!(decision, expected, "{status}");
    }
}

#[test]
fn connection_errors_are_retried_and_unusable_bodies_are_not() {
    let (host, reason) = (String::new(), String::new());
    for error in connection_errors() {
        assert_eq!(decide(error, Repetition::AtOnce, false), Retry);
    }
    let too_large = Error::TooLarge {
        host: host.clone(),
        limit: 1,
    };
    assert_eq!(decide(too_large, Repetition::AtOnce, false), Final);
    let unexpected = Error::UnexpectedJson {
        host,
        status: 200,
        reason,
    };
    assert_eq!(decide(unexpected, Repetition::AtOnce, false), Final);
}

#[test]
fn all_requests_pause_when_the_api_asks_for_it() {
    for (error, has_retry_after, pauses) in [
        (error_response(429), false, true),
        (error_response(429), true, true),
        (not_json(429), false, true),
        (error_response(503), true, true),
        (not_json(503), true, true),
        (error_response(503), false, false),
        (error_response(500), true, false),
    ] {
        let shown = format!("{error}, {has_retry_after}");
        let decision = decide(error, Repetition::AtOnce, has_retry_after);
        assert_eq!(matches!(decision, Pause(_)), pauses, "{shown}");
    }
}

#[test]
fn a_request_that_is_not_idempotent_is_retried_only_if_it_had_no_effect() {
    let [connect, timeout, lost] = connection_errors();
    assert_eq!(decide(connect, Repetition::WithoutEffect, false), Retry);
    let decision = decide(error_response(429), Repetition::WithoutEffect, true);
    assert!(matches!(decision, Pause(_)));
    for error in [
        timeout,
        lost,
        error_response(409),
        error_response(500),
        error_response(504),
        not_json(200),
        not_json(502),
    ] {
        let shown = error.to_string();
        assert_eq!(
            decide(error, Repetition::WithoutEffect, false),
            Final,
            "{shown}"
        );
    }
    assert_eq!(
        decide(error_response(503), Repetition::WithoutEffect, true),
        Final
    );
}

#[test]
fn an_invite_is_not_repeated_while_the_api_may_be_carrying_it_out() {
    let decide = |error| decide(error, Repetition::AfterClearEnd, false);
    let [connect, timeout, lost] = connection_errors();
    assert_eq!(decide(connect), Retry);
    assert_eq!(decide(timeout), Unclear);
    assert_eq!(decide(lost), Unclear);
    assert_eq!(
        decide(Error::Timeout {
            host: String::new(),
            limit: Duration::from_secs(1),
            while_connecting: true,
        }),
        Retry
    );
    for status in [502, 504, 520, 524, 599] {
        assert_eq!(decide(error_response(status)), Unclear, "{status}");
        assert_eq!(decide(not_json(status)), Unclear, "{status}");
    }
    for status in [200, 201, 202, 204, 299] {
        assert_eq!(decide(not_json(status)), Unclear, "{status}");
    }
    for status in [408, 425, 500, 503] {
        assert_eq!(decide(error_response(status)), Retry, "{status}");
        assert_eq!(decide(not_json(status)), Retry, "{status}");
    }
    for status in [400, 409, 422, 501] {
        assert_eq!(decide(error_response(status)), Final, "{status}");
    }
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = httpdate::parse_http_date(DATE).unwrap_or(SystemTime::UNIX_EPOCH);
    let far = now + Duration::from_secs(1_000_000);
    for (value, date, now, expected) in [
        ("7", None, now, Some(7_000)),
        (" 7 ", None, now, Some(7_000)),
        ("0", None, now, Some(100)),
        ("86401", None, now, Some(86_400_000)),
        ("99999999999999999999999", None, now, Some(86_400_000)),
        (LATER, None, now, Some(30_000)),
        (LATER, Some(DATE), far, Some(30_000)),
        (LATER, Some("yesterday"), now, Some(30_000)),
        (LATER, None, far, Some(100)),
        ("", None, now, None),
        ("-1", None, now, None),
        ("soon", Some(DATE), now, None),
    ] {
        let expected = expected.map(Duration::from_millis);
        assert_eq!(retry_after(value, date, now), expected, "`{value}`");
    }
}

#[test]
fn default_pauses_double_up_to_a_minute() {
    let seconds = |number| default_pause(number).as_secs();
    assert_eq!(
        [0, 1, 2, 5, 6, 7, 99].map(seconds),
        [1, 2, 4, 32, 60, 60, 60]
    );
}

#[test]
fn only_a_broken_connection_is_retried_without_delay_and_only_twice() {
    let delay = |error, repetition, number| {
        let attempt = FailedAttempt::from(error);
        attempt.delay(repetition, number, 0.5).as_millis()
    };
    let lost = || {
        let [_, _, lost] = connection_errors();
        lost
    };
    assert_eq!(delay(lost(), Repetition::AtOnce, 0), 0);
    assert_eq!(delay(lost(), Repetition::AtOnce, 1), 0);
    assert_eq!(delay(lost(), Repetition::AtOnce, 2), 250);
    assert_eq!(delay(lost(), Repetition::AtOnce, 3), 500);
    assert_eq!(delay(lost(), Repetition::AfterClearEnd, 0), 250);
    assert_eq!(delay(lost(), Repetition::WithoutEffect, 0), 250);
    let [connect, timeout, _] = connection_errors();
    for error in [connect, timeout, error_response(503), not_json(502)] {
        let shown = error.to_string();
        assert_eq!(delay(error, Repetition::AtOnce, 0), 250, "{shown}");
    }
}

#[test]
fn backoff_is_a_fraction_of_a_doubling_bound() {
    let millis = |(number, jitter)| backoff(number, jitter).as_millis();
    assert_eq!([(0, 0.0), (0, 0.5), (1, 0.5)].map(millis), [0, 250, 500]);
    let later = [3, 5, 6, 99].map(|number| millis((number, 0.5)));
    assert_eq!(later, [2_000, 8_000, 15_000, 15_000]);
}
