//! Who has a session in an assessment already: an active one, which inviting returns, or a finished one, beside which
//! inviting would open a second attempt.

use std::collections::HashMap;

use crate::api::{CandidateFilter, Client, Error, Session, SessionFilter};
use crate::ledger::ExistingSession;
use crate::people::parse_email;
use crate::status::Status;

/// What the service knows of candidates, by lower-cased address.
pub type ExistingSessions = HashMap<String, ExistingSession>;

/// Lists who has a session in `assessment`.
///
/// # Errors
/// The API refused, or there was no usable answer.
pub async fn existing_sessions(
    client: Client,
    assessment: String,
) -> Result<ExistingSessions, Error> {
    let filter = SessionFilter {
        assessment_id: Some(assessment),
        ..SessionFilter::default()
    };
    let sessions = client.sessions(&filter).await?;
    let names = if sessions
        .iter()
        .all(|session| session.candidate_email.is_some())
    {
        HashMap::new()
    } else {
        addresses(&client).await?
    };
    let mut existing_sessions = ExistingSessions::new();
    for session in &sessions {
        let email = session.candidate_email.as_deref().or_else(|| {
            let id = session.candidate_id.as_ref()?;
            names.get(id).map(String::as_str)
        });
        let (Some(email), Some(existing_session)) = (email, existing_session(session)) else {
            continue;
        };
        // In the form that rows have, whoever wrote the address into the service.
        let email = parse_email(email).unwrap_or_else(|_| email.trim().to_owned());
        let email = email.to_lowercase();
        // Who has finished and was invited again has an active session, and that is the one inviting returns.
        if existing_session == ExistingSession::Active || !existing_sessions.contains_key(&email) {
            existing_sessions.insert(email, existing_session);
        }
    }
    Ok(existing_sessions)
}

/// The addresses of all candidates by id, for sessions that come without.
async fn addresses(client: &Client) -> Result<HashMap<String, String>, Error> {
    let candidates = client.candidates(&CandidateFilter::default()).await?;
    Ok(candidates
        .into_iter()
        .filter_map(|candidate| Some((candidate.id, candidate.email?)))
        .collect())
}

/// A status that is not documented may be one behind `submitted`: inviting could open a second attempt.
fn existing_session(session: &Session) -> Option<ExistingSession> {
    let status = session.status.as_deref()?;
    let what = match Status::of(status) {
        Some(known) if !known.is_finished() => return Some(ExistingSession::Active),
        Some(_) => "finished",
        None => "has a session",
    };
    Some(ExistingSession::Finished(format!("{what} ({status})")))
}
