//! The existing sessions of an assessment. An invitation returns an active one, and would add a second attempt to a
//! finished one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::{Duration, Instant};

use futures_util::future::try_join_all;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::error::Error;
use super::session_differences::session_deadline;
use crate::api::{self, Candidate, CandidateFilter, Client, SessionFilter, SessionSummary, Time};
use crate::ledger::{SessionTerms, Target};
use crate::people::parse_email;
use crate::session_status::SessionStatus;

/// Sessions may have changed that were listed longer ago than this.
const MAX_AGE: Duration = Duration::from_secs(60);
/// How much the clock may deviate from the time that has passed.
const MAX_CLOCK_STEP: Duration = Duration::from_secs(1);

/// What the API knows about a candidate before the invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExistingSession {
    pub state: SessionState,
    /// When the session was created, by the clock of the API.
    pub created_at: Option<Timestamp>,
    /// The candidate's name.
    name: Option<String>,
    due_date: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    Active,
    /// The candidate is not invited again, for this reason.
    Finished(String),
}

impl ExistingSession {
    /// Returns whether the session was certainly created at `time` or later, by the clock of the API.
    pub(super) fn is_since(&self, time: Timestamp) -> bool {
        self.created_at.is_some_and(|created| created >= time)
    }

    /// Returns the name and the deadline that the session keeps, with times in `zone`.
    pub(super) fn terms(&self, zone: &TimeZone) -> SessionTerms {
        SessionTerms {
            name: self.name.clone(),
            deadline: session_deadline(self.due_date.as_ref(), zone),
        }
    }
}

/// The existing sessions of an assessment.
#[derive(Clone, Debug)]
pub struct ExistingSessions {
    /// By the candidate's lower-cased address.
    by_email: HashMap<String, ExistingSession>,
    listed_at: ListingTime,
}

/// When sessions were listed.
#[derive(Clone, Copy, Debug)]
pub struct ListingTime {
    /// Before the first request.
    pub(super) start: Timestamp,
    monotonic: Instant,
}

impl ExistingSessions {
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &ExistingSession)> {
        let entries = self.by_email.iter();
        entries.map(|(email, session)| (email.as_str(), session))
    }

    /// Returns the session of the candidate with this address, if there is one.
    pub(super) fn get(&self, email: &str) -> Option<&ExistingSession> {
        self.by_email.get(&email.to_lowercase())
    }

    /// Returns only the session of the candidate with this address, if there is one.
    pub fn of_candidate(&self, email: &str) -> Self {
        let email = email.to_lowercase();
        let session = self.by_email.get(&email).cloned();
        Self {
            by_email: session
                .map(|session| (email, session))
                .into_iter()
                .collect(),
            listed_at: self.listed_at,
        }
    }
}

impl ListingTime {
    pub(super) fn now() -> Self {
        Self {
            start: Timestamp::now(),
            monotonic: Instant::now(),
        }
    }

    /// Returns the earliest time; `None` without lists.
    pub(super) fn of_all<'s>(
        sessions: impl IntoIterator<Item = &'s ExistingSessions>,
    ) -> Option<Self> {
        let times = sessions.into_iter().map(|sessions| sessions.listed_at);
        times.min_by_key(|time| time.monotonic)
    }

    /// Returns whether it is long ago, or the clock was set since then, so that other times cannot be compared to it.
    pub(super) fn is_outdated(self) -> bool {
        let age = self.monotonic.elapsed();
        let by_clock = Timestamp::now().duration_since(self.start);
        let step = Duration::try_from(by_clock)
            .unwrap_or(Duration::MAX)
            .abs_diff(age);
        age > MAX_AGE || step > MAX_CLOCK_STEP
    }
}

/// Lists the existing sessions of each of `targets`.
pub(super) async fn list_sessions(
    client: &Client,
    targets: &[Target],
) -> Result<Vec<ExistingSessions>, Error> {
    let lists = targets
        .iter()
        .map(|target| existing_sessions(client.clone(), target.assessment.clone()));
    try_join_all(lists).await.map_err(Error::Sessions)
}

/// How far outside of the time of its request a session may have been created and still be due to it. The clocks of this machine
/// and the API are compared by dates in whole seconds.
pub(super) const CLOCK_TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// Returns the earliest time, by the clock of the API, at which a session may have been created for a row that was first asked for
/// at `millis` since 1970, by the clock of this machine.
pub(super) fn asked_at(client: &Client, millis: i64) -> Option<Timestamp> {
    let asked_at = Timestamp::from_millisecond(millis).ok()?;
    client
        .server_time(asked_at)
        .checked_sub(CLOCK_TOLERANCE)
        .ok()
}

/// Lists the existing sessions of an assessment.
pub async fn existing_sessions(
    client: Client,
    assessment: String,
) -> Result<ExistingSessions, api::Error> {
    let filter = SessionFilter {
        assessment_id: Some(assessment),
        ..SessionFilter::default()
    };
    let listed_at = ListingTime::now();
    let sessions = client.session_summaries(&filter).await?;
    let candidates = if sessions
        .iter()
        .all(|session| session.candidate_email.is_some())
    {
        HashMap::new()
    } else {
        candidates_by_id(&client).await?
    };
    let mut by_email = HashMap::new();
    for mut session in sessions {
        let candidate = session.candidate_id.as_ref();
        if let Some(candidate) = candidate.and_then(|id| candidates.get(id)) {
            let SessionSummary {
                candidate_email,
                candidate_name,
                ..
            } = &mut session;
            *candidate_email = candidate_email.take().or_else(|| candidate.email.clone());
            *candidate_name = candidate_name.take().or_else(|| candidate.name.clone());
        }
        let email = session.candidate_email.take();
        let (Some(email), Some(existing_session)) = (email, existing_session(session)) else {
            continue;
        };
        match by_email.entry(candidate_key(&email)) {
            Entry::Vacant(entry) => {
                entry.insert(existing_session);
            }
            Entry::Occupied(mut entry) if takes_precedence(&existing_session, entry.get()) => {
                entry.insert(existing_session);
            }
            Entry::Occupied(_) => {}
        }
    }
    Ok(ExistingSessions {
        by_email,
        listed_at,
    })
}

/// Returns the form in which addresses are compared. Rows contain parsed addresses, but those in the API may come from any program.
pub(super) fn candidate_key(email: &str) -> String {
    let email = parse_email(email).unwrap_or_else(|_| email.trim().to_owned());
    email.to_lowercase()
}

/// Lists all candidates by id, for sessions without an address.
async fn candidates_by_id(client: &Client) -> Result<HashMap<String, Candidate>, api::Error> {
    let candidates = client.candidates(&CandidateFilter::default()).await?;
    Ok(candidates
        .into_iter()
        .map(|candidate| (candidate.id.clone(), candidate))
        .collect())
}

/// After a second invitation, a candidate has both an active and a finished session, and the API returns the active one. Of
/// several that are finished, the latest counts.
fn takes_precedence(session: &ExistingSession, other: &ExistingSession) -> bool {
    let rank =
        |session: &ExistingSession| (session.state == SessionState::Active, session.created_at);
    rank(session) > rank(other)
}

/// An undocumented status may be one after `submitted`, so that an invitation could open a second attempt.
fn existing_session(session: SessionSummary) -> Option<ExistingSession> {
    let status = session.status.as_deref()?;
    let state = match SessionStatus::of(status) {
        Some(known) if !known.is_finished() => SessionState::Active,
        Some(_) => SessionState::Finished(format!("finished ({status})")),
        None => SessionState::Finished(format!("has a session ({status})")),
    };
    Some(ExistingSession {
        state,
        created_at: session.created_at.as_ref().and_then(Time::timestamp),
        name: session.candidate_name,
        due_date: session.due_date,
    })
}
