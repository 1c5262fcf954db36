//! The Gradient client: one file per resource. The only place that knows reqwest.
//!
//! The service is known from its public documentation alone, so every answer is read tolerantly: missing fields are
//! `None`, unknown ones are kept, unknown statuses stay text, and a body that is no JSON is an error that shows its start.
//!
//! Under every request lie the same rate, pause and retries: `retry` decides, `pace` and `rate` hold back, `persist` repeats,
//! and `exchange` sends once.

mod api_keys;
mod assessments;
mod base_url;
mod ca_certificates;
mod candidates;
mod client;
mod error;
mod invites;
mod key;
mod limiter;
mod page;
mod probe;
#[cfg(test)]
mod property_tests;
mod rate_limiter;
mod raw_response;
mod retry;
mod retry_loop;
mod scoring;
mod sessions;
mod time;
mod transport;

pub use self::api_keys::ApiKey;
pub use self::assessments::Assessment;
pub use self::base_url::BaseUrl;
pub use self::ca_certificates::CaCertificates;
pub use self::candidates::{Candidate, CandidateFilter};
pub use self::client::{Client, Config};
pub use self::error::Error;
pub use self::invites::{Invite, InviteEndpoint, InviteResponse};
pub use self::key::{Key, redact_keys};
pub use self::limiter::{LimiterStatus, Pause};
pub use self::probe::Probe;
pub use self::raw_response::{InvalidResponse, RawResponse};
pub use self::retry_loop::RetryOutcome;
pub use self::scoring::{AutoScores, CategoryScore, FollowUp, SCORING_TIMEOUT, Score};
pub use self::sessions::{Session, SessionFilter};
pub use self::time::Time;

/// Fields of an answer that this client has no name for, as they came.
pub type Extra = serde_json::Map<String, serde_json::Value>;

/// Returns the name that scripts and tables know a field by: `taskTimeMinutes` is `task_time_minutes`.
#[must_use]
pub fn snake_case(key: &str) -> String {
    let mut snake = String::with_capacity(key.len() + 4);
    for letter in key.chars() {
        if letter.is_ascii_uppercase() {
            if !snake.is_empty() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        } else {
            snake.push(letter);
        }
    }
    snake
}
