//! `GET /api/sessions`, `GET /api/sessions/:id`.

use serde::Deserialize;

use super::pagination::ListItem;
use super::{Client, Error, Extra, Time};

/// One candidate's attempt at an assessment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the API documents its fields")]
pub struct Session {
    pub id: String,
    pub assessment_id: Option<String>,
    pub candidate_id: Option<String>,
    /// The secret part of the candidate's link.
    pub token: Option<String>,
    /// `invited`, `setup`, `in_progress`, `submitted`, `scoring`, `scored`, `reviewed`, or an undocumented status.
    pub status: Option<String>,
    pub setup_started_at: Option<Time>,
    pub task_started_at: Option<Time>,
    pub submitted_at: Option<Time>,
    pub due_date: Option<Time>,
    /// When the candidate was invited.
    pub created_at: Option<Time>,
    pub candidate_name: Option<String>,
    pub candidate_email: Option<String>,
    pub assessment_name: Option<String>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which sessions to list; `None` matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a session")]
pub struct SessionFilter {
    pub assessment_id: Option<String>,
    pub candidate_id: Option<String>,
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
    /// Lists all sessions that match `filter`.
    ///
    /// # Errors
    /// The API refused the request, or sent no usable response.
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
    /// The API refused the request, knows no such session, or sent no usable response.
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        let body: SessionBody = self.fetch(&["api", "sessions", id], &[]).await?;
        Ok(body.session)
    }
}
