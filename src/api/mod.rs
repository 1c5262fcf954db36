//! The Gradient client: one file per resource. The only place that knows reqwest.
//!
//! The service is known from its public documentation alone, so every answer is read tolerantly: missing fields are
//! `None`, unknown ones are kept, unknown statuses stay text, and a body that is no JSON is an error that shows its start.
//!
//! Under every request lie the same rate, pause and retries: `retry` decides, `pace` and `rate` hold back, `persist` repeats,
//! and `exchange` sends once.

mod answer;
mod api_keys;
mod assessments;
mod authorities;
mod base_url;
mod candidates;
mod client;
mod error;
mod exchange;
mod health;
mod invites;
mod key;
mod pace;
mod page;
mod persist;
#[cfg(test)]
mod properties;
mod rate;
mod retry;
mod scoring;
mod sessions;
mod time;

pub use self::answer::{Answer, Useless};
pub use self::api_keys::ApiKey;
pub use self::assessments::Assessment;
pub use self::authorities::Authorities;
pub use self::base_url::BaseUrl;
pub use self::candidates::{Candidate, CandidateFilter};
pub use self::client::{Client, Config};
pub use self::error::Error;
pub use self::health::Probe;
pub use self::invites::{Invitations, Invite, Invited};
pub use self::key::{Key, hide_keys};
pub use self::pace::{Pace, Pause};
pub use self::persist::Attempted;
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
