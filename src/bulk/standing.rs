//! Who has a session in an assessment already: an active one, which inviting returns, or a finished one, beside which
//! inviting would open a second attempt.

use std::collections::HashMap;

use crate::api::{CandidateFilter, Client, Error, Session, SessionFilter};
use crate::ledger::Standing;
use crate::people::parse_email;
use crate::status::Status;

/// What the service knows of candidates, by lower-cased address.
pub type Standings = HashMap<String, Standing>;

/// Lists who has a session in `assessment`.
///
/// # Errors
/// The API refused, or there was no usable answer.
pub async fn standings(client: Client, assessment: String) -> Result<Standings, Error> {
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
    let mut standings = Standings::new();
    for session in &sessions {
        let email = session.candidate_email.as_deref().or_else(|| {
            let id = session.candidate_id.as_ref()?;
            names.get(id).map(String::as_str)
        });
        let (Some(email), Some(standing)) = (email, standing(session)) else {
            continue;
        };
        // In the form that rows have, whoever wrote the address into the service.
        let email = parse_email(email).unwrap_or_else(|_| email.trim().to_owned());
        let email = email.to_lowercase();
        // Who has finished and was invited again has an active session, and that is the one inviting returns.
        if standing == Standing::Active || !standings.contains_key(&email) {
            standings.insert(email, standing);
        }
    }
    Ok(standings)
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
fn standing(session: &Session) -> Option<Standing> {
    let status = session.status.as_deref()?;
    let what = match Status::of(status) {
        Some(known) if !known.is_finished() => return Some(Standing::Active),
        Some(_) => "finished",
        None => "has a session",
    };
    Some(Standing::Finished(format!("{what} ({status})")))
}
