//! `POST /api/assessments/:id/invite`.

use jiff::Timestamp;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Client, Error, RetryOutcome, Session, Time};
use crate::interrupt::Interrupt;

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
pub struct InviteResponse {
    /// Whether a session was created; otherwise the candidate had an active one.
    pub created: bool,
    /// The candidate's link.
    pub invite_url: String,
    /// The session as the API sent it: most callers need little of it, or nothing.
    pub session: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InviteBody {
    invite_url: String,
    session: Option<Box<RawValue>>,
}

/// What of a session is read alone.
#[derive(Deserialize)]
struct IdOnly {
    id: Option<String>,
}

/// What of a session is read alone.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DueDateOnly {
    due_date: Option<Time>,
}

impl From<(u16, InviteBody)> for InviteResponse {
    fn from((status, answer): (u16, InviteBody)) -> Self {
        Self {
            created: status == 201,
            invite_url: answer.invite_url,
            session: answer.session,
        }
    }
}

impl InviteResponse {
    /// Reads the session; `None` where there is none, or one of another form than documented.
    #[must_use]
    pub fn session(&self) -> Option<Session> {
        self.parse_session()
    }

    /// Reads the session's id, without the rest.
    #[must_use]
    pub fn session_id(&self) -> Option<String> {
        self.parse_session::<IdOnly>()?.id
    }

    /// Reads the session's deadline, without the rest.
    #[must_use]
    pub fn due_date(&self) -> Option<Time> {
        self.parse_session::<DueDateOnly>()?.due_date
    }

    fn parse_session<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.session.as_ref()?.get()).ok()
    }
}

/// The place that invitations to one assessment go to.
#[derive(Clone, Debug)]
pub struct InviteEndpoint {
    client: Client,
    assessment: String,
    /// Made once, because it is the same for thousands; `None` where the id is none.
    url: Option<Url>,
}

impl Client {
    /// Returns the place that invitations to the assessment with id `assessment` go to.
    #[must_use]
    pub fn invite_endpoint(&self, assessment: &str) -> InviteEndpoint {
        let path = ["api", "assessments", assessment, "invite"];
        InviteEndpoint {
            client: self.clone(),
            assessment: assessment.to_owned(),
            url: self.url(&path).ok(),
        }
    }
}

impl InviteEndpoint {
    /// Invites one candidate. Asking again is safe while the session is active, so an invitation that may succeed later is
    /// repeated.
    ///
    /// Once `cancel` is set, nothing more is sent, and what is waited for is not waited for longer, but for the answer to a
    /// request that is under way.
    ///
    /// # Errors
    /// The API refused, there was no usable answer, or it was given up before one.
    pub async fn invite(
        &self,
        invite: &Invite,
        cancel: &Interrupt,
    ) -> RetryOutcome<InviteResponse> {
        let Some(url) = &self.url else {
            let id = self.assessment.clone();
            return RetryOutcome {
                attempts: 0,
                result: Err(Error::BadId { id }),
            };
        };
        let options = self.client.idempotent_options();
        let posted = self.client.post::<InviteBody>(url, invite, options, cancel);
        let RetryOutcome { attempts, result } = posted.await;
        let result = result.map(InviteResponse::from);
        RetryOutcome { attempts, result }
    }
}
