//! The existing sessions of an assessment. An invitation returns an active one, and would add a second attempt to a
//! finished one.

use std::collections::HashMap;

use crate::api::{CandidateFilter, Client, Error, Session, SessionFilter};
use crate::ledger::ExistingSession;
use crate::people::parse_email;
use crate::session_status::SessionStatus;

/// Existing sessions by the candidate's lower-cased address.
pub type ExistingSessions = HashMap<String, ExistingSession>;

/// Lists the existing sessions of an assessment.
pub async fn existing_sessions(
    client: Client,
    assessment: String,
) -> Result<ExistingSessions, Error> {
    let filter = SessionFilter {
        assessment_id: Some(assessment),
        ..SessionFilter::default()
    };
    let sessions = client.sessions(&filter).await?;
    let addresses = if sessions
        .iter()
        .all(|session| session.candidate_email.is_some())
    {
        HashMap::new()
    } else {
        candidate_addresses(&client).await?
    };
    let mut existing_sessions = ExistingSessions::new();
    for session in &sessions {
        let email = session.candidate_email.as_deref().or_else(|| {
            let id = session.candidate_id.as_ref()?;
            addresses.get(id).map(String::as_str)
        });
        let (Some(email), Some(existing_session)) = (email, existing_session(session)) else {
            continue;
        };
        // Rows contain parsed addresses, but those in the API may come from any program.
        let email = parse_email(email).unwrap_or_else(|_| email.trim().to_owned());
        let email = email.to_lowercase();
        // After a second invitation, a candidate has both an active and a finished session, and the API returns the active
        // one.
        if existing_session == ExistingSession::Active || !existing_sessions.contains_key(&email) {
            existing_sessions.insert(email, existing_session);
        }
    }
    Ok(existing_sessions)
}

/// Lists the addresses of all candidates by id, for sessions without an address.
async fn candidate_addresses(client: &Client) -> Result<HashMap<String, String>, Error> {
    let candidates = client.candidates(&CandidateFilter::default()).await?;
    Ok(candidates
        .into_iter()
        .filter_map(|candidate| Some((candidate.id, candidate.email?)))
        .collect())
}

/// An undocumented status may be one after `submitted`, so that an invitation could open a second attempt.
fn existing_session(session: &Session) -> Option<ExistingSession> {
    let status = session.status.as_deref()?;
    let reason = match SessionStatus::of(status) {
        Some(known) if !known.is_finished() => return Some(ExistingSession::Active),
        Some(_) => "finished",
        None => "has a session",
    };
    Some(ExistingSession::Finished(format!("{reason} ({status})")))
}
