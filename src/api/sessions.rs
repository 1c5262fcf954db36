//! `GET /api/sessions`, `GET /api/sessions/:id`.

use serde::Deserialize;

use super::page::ListItem;
use super::{Client, Error, Extra, Time};

/// One candidate's attempt at an assessment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Session {
    /// The session's id.
    pub id: String,
    /// The assessment it belongs to.
    pub assessment_id: Option<String>,
    /// The candidate it belongs to.
    pub candidate_id: Option<String>,
    /// The token of the candidate's link.
    pub token: Option<String>,
    /// `invited`, `setup`, `in_progress`, `submitted`, `scoring`, `scored`, `reviewed`, or one that is not documented.
    pub status: Option<String>,
    /// When the candidate began to set up.
    pub setup_started_at: Option<Time>,
    /// When the candidate began the task.
    pub task_started_at: Option<Time>,
    /// When the candidate submitted.
    pub submitted_at: Option<Time>,
    /// The deadline.
    pub due_date: Option<Time>,
    /// When the candidate was invited.
    pub created_at: Option<Time>,
    /// The candidate's name.
    pub candidate_name: Option<String>,
    /// The candidate's address.
    pub candidate_email: Option<String>,
    /// The assessment's name.
    pub assessment_name: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which sessions to list; `None` does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Of this assessment, by id.
    pub assessment_id: Option<String>,
    /// Of this candidate, by id.
    pub candidate_id: Option<String>,
    /// In this status.
    pub status: Option<String>,
}

#[derive(Deserialize)]
struct SessionBody {
    session: Session,
}

impl ListItem for Session {
    const LIST_FIELD: &'static str = "sessions";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// Lists all sessions that `filter` lets through, from every page.
    ///
    /// # Errors
    /// The API refused, or there was no usable answer.
    pub async fn sessions(&self, filter: &SessionFilter) -> Result<Vec<Session>, Error> {
        let query: Vec<(&'static str, String)> = [
            ("assessmentId", &filter.assessment_id),
            ("candidateId", &filter.candidate_id),
            ("status", &filter.status),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.clone().map(|value| (name, value)))
        .collect();
        self.list(&["api", "sessions"], &query).await
    }

    /// Fetches one session.
    ///
    /// # Errors
    /// The API refused, knows no such session, or gave no usable answer.
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        let answer: SessionBody = self.fetch(&["api", "sessions", id], &[]).await?;
        Ok(answer.session)
    }
}
