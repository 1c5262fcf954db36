//! `POST /api/assessments/:id/invite`.

use jiff::Timestamp;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::retry::Repetition;
use super::{Client, Error, RetryOutcome, Session, Time};
use crate::interrupt::Interrupt;

/// The body of an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invite {
    /// Identifies the candidate.
    pub email: String,
    /// The candidate's name.
    pub name: String,
    /// `None` for the due date of the assessment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Timestamp>,
    /// If `false`, the service sends no email, and the caller passes the link on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_email: Option<bool>,
}

#[derive(Clone, Debug)]
pub struct InviteResponse {
    /// Whether a session was created; otherwise the candidate already had an active one.
    pub created: bool,
    /// The candidate's link; `None` if there is none anywhere in the response, although the documentation promises it.
    pub invite_url: Option<String>,
    /// The session as JSON: most callers need little of it, or nothing.
    pub session: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
pub(super) struct InviteBody {
    #[serde(default, rename = "inviteUrl")]
    link: Value,
    #[serde(default, rename = "invite_url")]
    other_link: Value,
    session: Option<Box<RawValue>>,
}

/// The link as some services write it, inside the session.
#[derive(Deserialize)]
struct LinkOnly {
    #[serde(default, rename = "inviteUrl")]
    link: Value,
    #[serde(default, rename = "invite_url")]
    other_link: Value,
}

#[derive(Deserialize)]
struct IdOnly {
    id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OwnerOnly {
    #[serde(default)]
    candidate_email: Value,
    #[serde(default)]
    assessment_id: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreatedAtOnly {
    created_at: Option<Time>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TermsOnly {
    #[serde(default)]
    candidate_name: Value,
    #[serde(default)]
    due_date: InvitedDueDate,
}

/// Whose session is in a response, and of which assessment, as far as the response says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionOwner {
    /// The candidate's address.
    pub candidate_email: Option<String>,
    /// The id of the assessment.
    pub assessment_id: Option<String>,
}

/// What the session in a response says about name and deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitedTerms {
    /// The candidate's name.
    pub candidate_name: Option<String>,
    /// The due date of the session.
    pub due_date: InvitedDueDate,
}

/// The due date of the session in a response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum InvitedDueDate {
    /// The response does not say.
    #[default]
    Missing,
    /// The session has none of its own.
    Inherited,
    /// The session has one of its own.
    Own(Time),
}

impl<'de> Deserialize<'de> for InvitedDueDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let due_date = Option::deserialize(deserializer)?;
        Ok(due_date.map_or(Self::Inherited, Self::Own))
    }
}

impl InviteResponse {
    /// Parses the session; `None` if there is none, or if it does not have the documented form.
    pub fn session(&self) -> Option<Session> {
        self.parse_session()
    }

    /// Parses only the id of the session.
    pub fn session_id(&self) -> Option<String> {
        self.parse_session::<IdOnly>()?.id
    }

    /// Parses only the candidate's name and the due date of the session; `None` without a session.
    pub fn session_terms(&self) -> Option<InvitedTerms> {
        let terms: TermsOnly = self.parse_session()?;
        Some(InvitedTerms {
            candidate_name: terms.candidate_name.as_str().map(str::to_owned),
            due_date: terms.due_date,
        })
    }

    /// Parses only the address of the session's candidate and the id of its assessment.
    pub fn session_owner(&self) -> SessionOwner {
        let parsed = self.parse_session::<OwnerOnly>();
        parsed.map_or_else(SessionOwner::default, |owner| SessionOwner {
            candidate_email: owner.candidate_email.as_str().map(str::to_owned),
            assessment_id: owner.assessment_id.as_str().map(str::to_owned),
        })
    }

    /// Parses only when the session was created.
    pub fn created_at(&self) -> Option<Time> {
        self.parse_session::<CreatedAtOnly>()?.created_at
    }

    fn parse_session<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.session.as_ref()?.get()).ok()
    }
}

fn first_text(values: [&Value; 2]) -> Option<String> {
    let mut texts = values.into_iter().filter_map(Value::as_str).map(str::trim);
    texts.find(|text| !text.is_empty()).map(str::to_owned)
}

/// The URL for invites to one assessment.
#[derive(Clone, Debug)]
pub struct InviteEndpoint {
    client: Client,
    assessment: String,
    /// Built once, because thousands of invites share it; `None` if the assessment's id is not valid.
    url: Option<Url>,
}

impl Client {
    /// Returns the endpoint for invites to the assessment with the id `assessment`.
    pub fn invite_endpoint(&self, assessment: &str) -> InviteEndpoint {
        let path = ["api", "assessments", assessment, "invite"];
        InviteEndpoint {
            client: self.clone(),
            assessment: assessment.to_owned(),
            url: self.config().base_url.join(&path).ok(),
        }
    }

    /// Interprets a successful response. Without a link, only a 201 or a session shows that the candidate is invited.
    pub(super) fn invite_response(
        &self,
        status: u16,
        body: InviteBody,
    ) -> Result<InviteResponse, Error> {
        let mut response = InviteResponse {
            created: status == 201,
            invite_url: first_text([&body.link, &body.other_link]),
            session: body.session,
        };
        if response.invite_url.is_none() {
            let inside = response.parse_session::<LinkOnly>();
            response.invite_url =
                inside.and_then(|inside| first_text([&inside.link, &inside.other_link]));
        }
        let is_invited =
            response.created || response.invite_url.is_some() || response.session_id().is_some();
        if is_invited {
            Ok(response)
        } else {
            let reason = "neither `inviteUrl` nor a session with an id is in it";
            Err(self.transport().unexpected_json(status, reason))
        }
    }
}

impl InviteEndpoint {
    /// Returns the id of the assessment.
    pub fn assessment(&self) -> &str {
        &self.assessment
    }

    /// Invites one candidate. The API returns the same session while it is active, so invites are retried, but not after an
    /// [unclear end](Error::is_unclear): the API may still be creating the session, and create another one for a second request.
    ///
    /// Once `cancel` is set, the response to a request in flight is still awaited, but nothing more is sent.
    pub async fn invite(
        &self,
        invite: &Invite,
        cancel: &Interrupt,
    ) -> RetryOutcome<InviteResponse> {
        let Some(url) = &self.url else {
            let id = self.assessment.clone();
            return Error::BadId { id }.into();
        };
        let options = self.client.options(Repetition::AfterClearEnd);
        let posted = self.client.post::<InviteBody>(url, invite, options, cancel);
        posted
            .await
            .and_then(|(status, body)| self.client.invite_response(status, body))
    }
}
