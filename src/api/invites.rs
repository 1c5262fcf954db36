//! `POST /api/assessments/:id/invite`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Client, Error, Session};

/// An invitation of one candidate, as the API takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// The candidate's address, by which the API knows them.
    pub email: String,
    /// The name the candidate is shown under.
    pub name: String,
    /// This candidate's deadline; without one the assessment's own counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Timestamp>,
    /// `false`: the service sends no email, and the caller passes the link on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_email: Option<bool>,
}

/// What became of an invitation.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Whether a session was created; otherwise the candidate had an active one.
    pub created: bool,
    /// The candidate's link.
    pub invite_url: String,
    /// The session, where the API sent it.
    pub session: Option<Session>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    invite_url: String,
    session: Option<Session>,
}

impl Client {
    /// Invites one candidate to the assessment with id `assessment`. Asking again is safe while the session is active.
    ///
    /// # Errors
    /// The API refused, or there was no usable answer.
    pub async fn invite(&self, assessment: &str, invite: &Invite) -> Result<Invited, Error> {
        let path = ["api", "assessments", assessment, "invite"];
        let (status, answer): (u16, Answer) = self.post(&path, invite).await?;
        Ok(Invited {
            created: status == 201,
            invite_url: answer.invite_url,
            session: answer.session,
        })
    }
}
