//! `GET /api/candidates`.

use serde::Deserialize;

use super::pagination::ListItem;
use super::{Client, Error, Extra, Time};

/// A person the organization has invited, identified by their email address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Candidate {
    pub id: String,
    pub email: Option<String>,
    pub name: Option<String>,
    pub created_at: Option<Time>,
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which candidates to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidateFilter {
    /// The id of an assessment that they are invited to; `None` for all.
    pub assessment_id: Option<String>,
}

impl ListItem for Candidate {
    const LIST_FIELD: &'static str = "candidates";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// Lists all candidates that match `filter`.
    pub async fn candidates(&self, filter: &CandidateFilter) -> Result<Vec<Candidate>, Error> {
        let id = filter.assessment_id.iter();
        let query: Vec<(&'static str, String)> =
            id.map(|id| ("assessmentId", id.clone())).collect();
        self.list(&["api", "candidates"], &query).await
    }
}
