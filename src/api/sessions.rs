//! `GET /api/sessions`, `GET /api/sessions/:id`, `DELETE /api/sessions/:id`.

use serde::Deserialize;

use super::pagination::ListItem;
use super::retry::Repetition;
use super::{Client, Error, Extra, RetryOutcome, Time};
use crate::interrupt::Interrupt;

/// One candidate's attempt at an assessment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
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

/// What a plan needs of a session: far less memory than all of it, in lists of a million sessions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionSummary {
    pub id: String,
    pub candidate_id: Option<String>,
    pub status: Option<String>,
    pub due_date: Option<Time>,
    pub created_at: Option<Time>,
    pub candidate_name: Option<String>,
    pub candidate_email: Option<String>,
}

/// Which sessions to list; `None` matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    pub assessment_id: Option<String>,
    pub candidate_id: Option<String>,
    pub status: Option<String>,
}

/// What a request to delete a session has come to.
#[derive(Debug)]
pub enum Deletion {
    Deleted,
    /// There was no such session any more.
    Gone,
    /// It is as it was: in this status, it may not be deleted.
    Kept(Option<String>),
    /// It may have been deleted, or the API may still delete it.
    Unclear(Error),
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

impl ListItem for SessionSummary {
    const LIST_FIELD: &'static str = Session::LIST_FIELD;

    fn id(&self) -> &str {
        &self.id
    }
}

impl Client {
    /// Lists all sessions that match `filter`.
    pub async fn sessions(&self, filter: &SessionFilter) -> Result<Vec<Session>, Error> {
        self.list_sessions(filter).await
    }

    /// Lists what a plan needs of all sessions that match `filter`.
    pub async fn session_summaries(
        &self,
        filter: &SessionFilter,
    ) -> Result<Vec<SessionSummary>, Error> {
        self.list_sessions(filter).await
    }

    async fn list_sessions<T: ListItem>(&self, filter: &SessionFilter) -> Result<Vec<T>, Error> {
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
    pub async fn session(&self, id: &str) -> Result<Session, Error> {
        let body: SessionBody = self.fetch(&["api", "sessions", id], &[]).await?;
        self.unless_other(body.session, id)
    }

    /// Returns an error if the response to a request for the session `id` shows another one.
    fn unless_other(&self, session: Session, id: &str) -> Result<Session, Error> {
        if session.id.is_empty() || session.id.eq_ignore_ascii_case(id) {
            return Ok(session);
        }
        let reason = format!("it is about the session `{}`", session.id);
        Err(self.transport().unexpected_json(200, &reason))
    }

    /// Looks at a session, and deletes it at once if `may_delete` says so. Nothing is waited for in between, and each attempt looks
    /// again.
    ///
    /// If the end of the deletion is [unclear](Deletion::Unclear), nothing more is sent. An error means that nothing was deleted. Once
    /// `cancel` is set, the response to requests in flight is still awaited.
    pub async fn delete_session_if(
        &self,
        id: &str,
        may_delete: fn(&Session) -> bool,
        cancel: &Interrupt,
    ) -> RetryOutcome<Deletion> {
        let url = match self.config().base_url.join(&["api", "sessions", id]) {
            Ok(url) => url,
            Err(error) => return error.into(),
        };
        let timeout = self.config().limits.timeout;
        let transport = self.transport();
        let build_requests = || {
            let http = transport.http()?;
            Ok((http.get(url.clone()), http.delete(url.clone())))
        };
        let look_and_delete = async |(look, delete)| {
            let looked = transport.send_once::<SessionBody>(look, timeout).await;
            let session = match looked {
                Ok((_, body)) => self.unless_other(body.session, id)?,
                Err(failed) if failed.error.is_missing() => return Ok(Deletion::Gone),
                Err(failed) => return Err(failed),
            };
            if !may_delete(&session) {
                return Ok(Deletion::Kept(session.status));
            }
            match transport.send_once_without_result(delete, timeout).await {
                Ok(()) => Ok(Deletion::Deleted),
                Err(failed) if failed.error.is_missing() => Ok(Deletion::Deleted),
                Err(failed) if failed.error.may_have_taken_effect() => {
                    Ok(Deletion::Unclear(failed.error))
                }
                Err(failed) => Err(failed),
            }
        };
        self.retry_loop(2, Repetition::AtOnce, cancel)
            .send(build_requests, look_and_delete)
            .await
    }
}
