//! Inviting candidates.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::kind::{EndedRow, Kind, Meaning, Requests};
use crate::api::{
    Client, Error, Invite, InviteEndpoint, InviteResponse, RetryOutcome, SessionOwner, Time,
    is_assessment_id,
};
use crate::bulk::assessment_deadline::AssessmentDeadline;
use crate::bulk::existing_sessions::{ExistingSession, SessionState, asked_at, candidate_key};
use crate::bulk::plan::AnnouncedDifferences;
use crate::bulk::problem::Problem;
use crate::bulk::request_loop::FailureKind;
use crate::bulk::send_result::{SendResult, success_note};
use crate::bulk::session_differences::{RequestedTerms, SessionDifferences, terms_in_force};
use crate::change_kind::ChangeKind;
use crate::interrupt::Interrupt;
use crate::ledger::{PendingRow, RowResult, RowState, SessionTerms};
use crate::time::{Clock, DateTime};

pub(in crate::bulk) struct InviteKind {
    pub(in crate::bulk) client: Client,
    /// One for each target.
    pub(in crate::bulk) endpoints: Vec<InviteEndpoint>,
    /// The deadline of each target.
    pub(in crate::bulk) deadlines: Vec<Option<AssessmentDeadline>>,
    /// The time that the plan compares deadlines with.
    pub(in crate::bulk) planned_at: Timestamp,
    /// How sessions differ in the plan that was agreed to, if they have been listed again since then.
    pub(in crate::bulk) announced: Option<Arc<AnnouncedDifferences>>,
    pub(in crate::bulk) clock: Clock,
    /// The time zone of deadlines that no row asks for.
    pub(in crate::bulk) zone: TimeZone,
    /// Invite candidates again even if they have finished.
    pub(in crate::bulk) again: bool,
}

impl Kind for InviteKind {
    type Response = InviteResponse;

    const KIND: ChangeKind = ChangeKind::Invite;
    const LISTS_SESSIONS: bool = true;

    /// The candidate has finished in the meantime.
    fn reason_to_skip(&self, row: &PendingRow, session: &ExistingSession) -> Option<String> {
        let SessionState::Finished(reason) = &session.state else {
            return None;
        };
        let is_older = || {
            let asked_at = row.asked_at.and_then(|at| asked_at(&self.client, at));
            asked_at.is_none_or(|asked_at| !session.is_since(asked_at))
        };
        (!self.again || !is_older()).then(|| reason.clone())
    }

    async fn send(
        &self,
        row: &PendingRow,
        has_session: bool,
        cancel: &Interrupt,
    ) -> Result<RetryOutcome<InviteResponse>, Problem> {
        // Hours may pass between planning and sending: at the prompt, or because of a rate limit.
        let due_date = row.due_date.as_ref();
        let expired = due_date.filter(|due| !has_session && due.timestamp() <= self.clock.now());
        if let Some(expired) = expired {
            return Err(Problem::expired(expired));
        }
        let Some(endpoint) = self.endpoints.get(row.target as usize) else {
            return Err(Problem::no_target(row.target));
        };
        let invite = Invite {
            email: row.email.clone(),
            name: row.name.clone(),
            due_date: due_date.map(DateTime::timestamp),
            send_email: row.send_email,
        };
        let RetryOutcome { attempts, result } = endpoint.invite(&invite, cancel).await;
        let result =
            result.and_then(|invited| unless_of_other(invited, &row.email, endpoint.assessment()));
        Ok(RetryOutcome { attempts, result })
    }

    fn interpret(&self, requests: Requests<'_>, result: Result<InviteResponse, Error>) -> Meaning {
        match result {
            Ok(invited) => Meaning::Ended(self.invited(requests, invited)),
            Err(error) if error.status() == Some(404) => Meaning::NoTarget(error),
            Err(error) if error.is_unclear() => Meaning::Unclear(error),
            Err(error) => Meaning::Ended(EndedRow::failed(requests, error)),
        }
    }

    fn failure_kind(&self, error: &Error) -> Option<FailureKind> {
        FailureKind::of_invitation(error)
    }
}

impl InviteKind {
    fn invited(&self, requests: Requests<'_>, invited: InviteResponse) -> EndedRow {
        let row = requests.row;
        let is_created = invited.created || self.is_ours(requests, &invited);
        let listed = row.session_terms.as_ref().filter(|_| !is_created);
        let terms = terms_in_force(&invited, row.due_date.as_ref(), listed, &self.zone);
        let differences = self.differences(row, terms.as_ref(), self.clock.now());
        let recorded = RowResult {
            status: Some(if invited.created { 201 } else { 200 }),
            invite_url: invited.invite_url.clone(),
            session: invited.session_id(),
            note: success_note(&invited, is_created, &differences),
            session_terms: terms,
            asked_at: (!is_created && may_be_ours(requests)).then_some(requests.asked_at),
            ..requests.new_result(if is_created {
                RowState::Created
            } else {
                RowState::Existing
            })
        };
        let unannounced = if is_created || differences.is_empty() {
            SessionDifferences::default()
        } else {
            differences.clone().except(&self.announced(row))
        };
        let result = if is_created {
            SendResult::Created(invited)
        } else {
            SendResult::Existing(invited)
        };
        EndedRow {
            differences,
            unannounced,
            ..EndedRow::new(recorded, result)
        }
    }

    /// Returns how a session differs at the time `now` from what `row` asks for.
    fn differences(
        &self,
        row: &PendingRow,
        session: Option<&SessionTerms>,
        now: Timestamp,
    ) -> SessionDifferences {
        let requested = RequestedTerms {
            name: row.has_explicit_name.then_some(&row.name),
            due_date: row.due_date.as_ref(),
        };
        let inherited = self.deadlines.get(row.target as usize);
        let inherited = inherited.and_then(Option::as_ref);
        session.map_or_else(SessionDifferences::default, |session| {
            SessionDifferences::of(session, requested, inherited, now)
        })
    }

    /// Returns how the session of a row differs in the plan that was agreed to.
    fn announced(&self, row: &PendingRow) -> SessionDifferences {
        match &self.announced {
            Some(announced) => announced.get(&row.number).cloned().unwrap_or_default(),
            None => self.differences(row, row.session_terms.as_ref(), self.planned_at),
        }
    }

    /// Returns whether an existing session was created by an earlier request for this row, whose result is unclear.
    fn is_ours(&self, requests: Requests<'_>, invited: &InviteResponse) -> bool {
        if !may_be_ours(requests) {
            return false;
        }
        let created_at = invited.created_at().as_ref().and_then(Time::timestamp);
        let asked_at = asked_at(&self.client, requests.asked_at);
        created_at
            .zip(asked_at)
            .is_some_and(|(created_at, asked_at)| created_at >= asked_at)
    }
}

/// Returns whether an earlier request for a row may have created the session that its candidate has by now.
fn may_be_ours(requests: Requests<'_>) -> bool {
    let was_asked = requests.row.asked_at.is_some() || requests.attempts > 1;
    was_asked && !requests.row.is_known
}

/// Returns an error if the session in a response belongs to another candidate or another assessment: so may its link.
fn unless_of_other(
    invited: InviteResponse,
    email: &str,
    assessment: &str,
) -> Result<InviteResponse, Error> {
    let SessionOwner {
        candidate_email,
        assessment_id,
    } = invited.session_owner();
    let other_candidate = candidate_email
        .filter(|other| !other.trim().is_empty() && candidate_key(other) != candidate_key(email));
    // Ids of another form than the documented one cannot be compared.
    let other_assessment = assessment_id.filter(|other| {
        is_assessment_id(other)
            && is_assessment_id(assessment)
            && !other.eq_ignore_ascii_case(assessment)
    });
    let other = other_candidate.map(|email| ("candidate", email));
    match other.or(other_assessment.map(|id| ("assessment", id))) {
        Some((owner, id)) => Err(Error::OtherSession {
            status: if invited.created { 201 } else { 200 },
            owner,
            id,
        }),
        None => Ok(invited),
    }
}
