//! `POST /api/scoring`.
//!
//! Scoring is not idempotent: each request runs a judge, which takes time and money. A request is retried only if it certainly
//! was not carried out, and a response that is not quite as documented is kept as far as it can be read.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Number, Value, json};

use super::client::RequestOptions;
use super::retry::Repetition;
use super::{Client, Error, Extra, RetryOutcome, Time};
use crate::interrupt::Interrupt;

/// Minimum time limit of a scoring request; a longer configured timeout is used instead.
const SCORING_TIMEOUT: Duration = Duration::from_secs(300);

/// The score of a session.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Score {
    #[serde(deserialize_with = "lenient_option")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lenient_option")]
    pub session_id: Option<String>,
    #[serde(deserialize_with = "lenient_option")]
    pub auto_scores: Option<AutoScores>,
    #[serde(deserialize_with = "lenient_option")]
    pub final_score: Option<Number>,
    /// For the recruiter.
    #[serde(deserialize_with = "lenient_option")]
    pub summary_text: Option<String>,
    /// For the candidate.
    #[serde(deserialize_with = "lenient_option")]
    pub feedback_text: Option<String>,
    #[serde(deserialize_with = "lenient_option")]
    pub follow_up_questions: Option<Vec<FollowUp>>,
    #[serde(deserialize_with = "lenient_option")]
    pub percentile_this_assessment: Option<Number>,
    #[serde(deserialize_with = "lenient_option")]
    pub percentile_category: Option<Number>,
    #[serde(deserialize_with = "lenient_option")]
    pub percentile_global: Option<Number>,
    #[serde(deserialize_with = "lenient_option")]
    pub scored_at: Option<Time>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// The points that the judge gave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutoScores {
    /// A [`CategoryScore`] for each category, in the API's order.
    #[serde(deserialize_with = "lenient_option")]
    pub categories: Option<Map<String, Value>>,
    #[serde(deserialize_with = "lenient_option")]
    pub raw_total: Option<Number>,
    #[serde(deserialize_with = "lenient_option")]
    pub final_total: Option<Number>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// The points in one category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryScore {
    #[serde(deserialize_with = "lenient_option")]
    pub score: Option<Number>,
    #[serde(deserialize_with = "lenient_option")]
    pub max_points: Option<Number>,
}

/// A question to ask the candidate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FollowUp {
    #[serde(deserialize_with = "lenient_option")]
    pub category_id: Option<String>,
    #[serde(deserialize_with = "lenient_option")]
    pub question: Option<String>,
    #[serde(deserialize_with = "lenient_option")]
    pub rationale: Option<String>,
    /// What a good answer contains.
    #[serde(deserialize_with = "lenient_option")]
    pub look_for: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Deserialize)]
struct ScoreBody {
    score: Box<RawValue>,
}

/// The response to a request to score a session.
#[derive(Clone, Debug)]
pub struct ScoreResponse {
    pub score: Score,
    /// The same as JSON, with all fields.
    pub json: Box<RawValue>,
}

impl Score {
    /// Returns the points in each category, in the API's order.
    pub fn categories(&self) -> impl Iterator<Item = (&str, CategoryScore)> {
        let categories = self.auto_scores.as_ref();
        let categories = categories.and_then(|auto| auto.categories.as_ref());
        categories.into_iter().flatten().map(|(name, value)| {
            let score = CategoryScore::deserialize(value).unwrap_or_default();
            (name.as_str(), score)
        })
    }
}

impl Client {
    /// Scores a session, which must be submitted or scored. The request is retried only if no connection was made, or if the
    /// API asked to wait.
    ///
    /// Once `cancel` is set, the response to a request in flight is still awaited, but nothing more is sent.
    ///
    /// The error is [`Error::OutcomeUnknown`] if the session may have been scored. With any other error it was not.
    pub async fn score(&self, session_id: &str, cancel: &Interrupt) -> RetryOutcome<ScoreResponse> {
        let url = match self.config().base_url.join(&["api", "scoring"]) {
            Ok(url) => url,
            Err(error) => return error.into(),
        };
        let options = RequestOptions {
            timeout: SCORING_TIMEOUT.max(self.config().limits.timeout),
            repetition: Repetition::WithoutEffect,
        };
        let body = json!({ "sessionId": session_id });
        let outcome = self.post::<ScoreBody>(&url, &body, options, cancel).await;
        let mut scored =
            outcome.and_then(|(status, body)| self.score_response(session_id, status, body.score));
        scored.result = scored.result.map_err(|error| {
            if error.may_have_taken_effect() {
                Error::OutcomeUnknown {
                    after: Box::new(error),
                }
            } else {
                error
            }
        });
        scored
    }

    fn score_response(
        &self,
        session_id: &str,
        status: u16,
        json: Box<RawValue>,
    ) -> Result<ScoreResponse, Error> {
        let unexpected = |reason: &str| self.transport().unexpected_json(status, reason);
        let score: Score =
            serde_json::from_str(json.get()).map_err(|error| unexpected(&error.to_string()))?;
        let other = score.session_id.as_ref();
        if let Some(other) = other.filter(|other| !other.eq_ignore_ascii_case(session_id)) {
            return Err(unexpected(&format!(
                "it is the score of the session `{other}`"
            )));
        }
        Ok(ScoreResponse { score, json })
    }
}

/// Reads a field with an undocumented type as `None`, so that the rest of a paid score is not lost.
fn lenient_option<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
