//! `GET /api/candidates`.

use serde::Deserialize;

use super::page::ListItem;
use super::{Client, Error, Extra, Time};

/// A person known to the organisation by their address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Candidate {
    /// The candidate's id.
    pub id: String,
    /// Their address.
    pub email: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// When they were first invited.
    pub created_at: Option<Time>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Which candidates to list; `None` does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidateFilter {
    /// Those invited to this assessment, by id.
    pub assessment_id: Option<String>,
}

impl ListItem for Candidate {
    const LIST_FIELD: &'static str = "candidates";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// Lists all candidates that `filter` lets through, from every page.
    ///
    /// # Errors
    /// The API refused, or there was no usable answer.
    pub async fn candidates(&self, filter: &CandidateFilter) -> Result<Vec<Candidate>, Error> {
        let query: Vec<(&'static str, String)> = filter
            .assessment_id
            .iter()
            .map(|id| ("assessmentId", id.clone()))
            .collect();
        self.list(&["api", "candidates"], &query).await
    }
}
