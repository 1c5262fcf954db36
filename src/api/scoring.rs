//! `POST /api/scoring`.
//!
//! Scoring is not idempotent: each request runs a judge, which costs money and takes its time. So a request is repeated only
//! where it surely was not carried out, and an answer that is not quite as documented is kept as far as it can be read.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value, json};

use super::client::RequestOptions;
use super::{Client, Error, Extra, Time};
use crate::interrupt::Interrupt;

/// How long the judge may take, unless the configured time for one request is longer.
pub const SCORING_TIMEOUT: Duration = Duration::from_secs(300);

/// What a session was worth.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Score {
    /// The score's id.
    #[serde(deserialize_with = "if_readable")]
    pub id: Option<String>,
    /// The session's id.
    #[serde(deserialize_with = "if_readable")]
    pub session_id: Option<String>,
    /// What the judge gave.
    #[serde(deserialize_with = "if_readable")]
    pub auto_scores: Option<AutoScores>,
    /// The points that count.
    #[serde(deserialize_with = "if_readable")]
    pub final_score: Option<Number>,
    /// What a recruiter should know.
    #[serde(deserialize_with = "if_readable")]
    pub summary_text: Option<String>,
    /// What the candidate may be told.
    #[serde(deserialize_with = "if_readable")]
    pub feedback_text: Option<String>,
    /// What to ask the candidate.
    #[serde(deserialize_with = "if_readable")]
    pub follow_up_questions: Option<Vec<FollowUp>>,
    /// How many of a hundred did worse in this assessment.
    #[serde(deserialize_with = "if_readable")]
    pub percentile_this_assessment: Option<Number>,
    /// How many of a hundred did worse in assessments of this kind.
    #[serde(deserialize_with = "if_readable")]
    pub percentile_category: Option<Number>,
    /// How many of a hundred did worse anywhere.
    #[serde(deserialize_with = "if_readable")]
    pub percentile_global: Option<Number>,
    /// When it was made.
    #[serde(deserialize_with = "if_readable")]
    pub scored_at: Option<Time>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the judge gave.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutoScores {
    /// A [`CategoryScore`] for each category, as it came, in the API's order.
    #[serde(deserialize_with = "if_readable")]
    pub categories: Option<Map<String, Value>>,
    /// The sum of all points.
    #[serde(deserialize_with = "if_readable")]
    pub raw_total: Option<Number>,
    /// The sum after the rubric's corrections.
    #[serde(deserialize_with = "if_readable")]
    pub final_total: Option<Number>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The points in one category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryScore {
    /// What was reached.
    #[serde(deserialize_with = "if_readable")]
    pub score: Option<Number>,
    /// What can be reached.
    #[serde(deserialize_with = "if_readable")]
    pub max_points: Option<Number>,
}

/// A question to ask the candidate.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FollowUp {
    /// The category it is about.
    #[serde(deserialize_with = "if_readable")]
    pub category_id: Option<String>,
    /// The question.
    #[serde(deserialize_with = "if_readable")]
    pub question: Option<String>,
    /// Why it is asked.
    #[serde(deserialize_with = "if_readable")]
    pub rationale: Option<String>,
    /// What a good answer has in it.
    #[serde(deserialize_with = "if_readable")]
    pub look_for: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

#[derive(Deserialize)]
struct ScoreBody {
    score: Score,
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
    /// Scores a session, which must be submitted or scored. The request is sent once; only where no connection came about,
    /// or the API asked to wait, is it sent again.
    ///
    /// Once `cancel` is set, nothing more is sent; the answer to a request that is under way is waited for.
    ///
    /// # Errors
    /// [`Error::OutcomeUnknown`]: nobody knows whether the session was scored. Else it was not: the API refused, it could not be
    /// reached, or it was given up before.
    pub async fn score(&self, session_id: &str, cancel: &Interrupt) -> Result<Score, Error> {
        let url = self.url(&["api", "scoring"])?;
        let options = RequestOptions {
            timeout: SCORING_TIMEOUT.max(self.config().timeout),
            is_idempotent: false,
        };
        let body = json!({ "sessionId": session_id });
        let outcome = self.post::<ScoreBody>(&url, &body, options, cancel).await;
        match outcome.result {
            Ok((_, answer)) => Ok(answer.score),
            Err(error) if error.may_have_taken_effect() => Err(Error::OutcomeUnknown {
                after: Box::new(error),
            }),
            Err(error) => Err(error),
        }
    }
}

/// Reads a field, or takes one of another type than documented for absent: a score that was paid for is not lost for it.
fn if_readable<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}
