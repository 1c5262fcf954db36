//! Planning to undo a run: revokes the sessions that it has created and nobody has opened.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::try_join_all;
use jiff::Timestamp;

use super::Error;
use super::executor::PlanExecutor;
use super::existing_sessions::{asked_at, candidate_key};
use super::kinds::is_unopened;
use super::plan::Plan;
use super::unclear_ends::{UnclearRows, settled_at};
use super::warnings::Warnings;
use crate::api::{Client, Session, SessionFilter, Time};
use crate::change_kind::ChangeKind;
use crate::ledger::{NewRow, PlanWriter, Row, RowIter, RowState, Run, RunId};
use crate::text::count;

/// Rows whose last request may still be carried out.
const UNANSWERED: [RowState; 2] = [RowState::Sending, RowState::Failed];
/// Rows that a request was sent for.
const ASKED: [RowState; 4] = [
    RowState::Sending,
    RowState::Created,
    RowState::Existing,
    RowState::Failed,
];

/// Checks whether a run can be taken back.
pub fn check_undoable(run: &Run) -> Result<(), Error> {
    match run.kind {
        ChangeKind::Invite => Ok(()),
        kind => Err(Error::NotUndoable {
            run: run.id,
            kind,
            has_rest: run.state.can_be_sent() && run.unsent() > 0,
        }),
    }
}

impl PlanExecutor<'_> {
    /// Adds the sessions that `undone` has created to the new run `run`, and returns its plan. The caller has locked both. Returns
    /// `None` if the user interrupts it.
    pub fn plan_undo(&self, undone: &Run, run: RunId) -> Result<Option<Plan>, Error> {
        let unclear = UnclearRows {
            ledger: self.ledger,
            run: undone.id,
            states: &UNANSWERED,
        };
        if !unclear.await_settled(self.client, self.runtime, self.frontend)? {
            return Ok(None);
        }
        let listed = self.wait(self.list_targets(undone)).transpose()?;
        let Some(listed) = listed else {
            return Ok(None);
        };
        let warnings = self.add_created(undone, run, &listed)?;
        self.compare_new(run, warnings).transpose()
    }

    async fn list_targets(&self, run: &Run) -> Result<Vec<Vec<Session>>, Error> {
        let filters: Vec<SessionFilter> = run
            .targets
            .iter()
            .map(|target| SessionFilter {
                assessment_id: Some(target.assessment.clone()),
                ..SessionFilter::default()
            })
            .collect();
        let lists = filters.iter().map(|filter| self.client.sessions(filter));
        try_join_all(lists).await.map_err(Error::Sessions)
    }

    fn add_created(
        &self,
        undone: &Run,
        run: RunId,
        listed: &[Vec<Session>],
    ) -> Result<Warnings, Error> {
        let later = self.ledger.sessions_of_later_runs(undone.id)?;
        let mut undo = Undo {
            plan_writer: self.ledger.plan_writer(run)?,
            files: HashMap::new(),
            last_number: 0,
            warnings: Warnings::default(),
        };
        for target in &undone.targets {
            undo.plan_writer.add_target(target)?;
        }
        let times = RequestTimes {
            client: self.client,
            settled_at: settled_at(self.ledger, undone.id, self.client)?,
        };
        let by_candidate: Vec<HashMap<String, Vec<&Session>>> = listed
            .iter()
            .map(|sessions| by_candidate(sessions))
            .collect();
        let not_own = format!("the session is not of run {}", undone.id);
        let mut unrecorded = 0;
        for row in RowIter::of(self.ledger, undone.id, &ASKED)? {
            let row = row?;
            let asked_at = row.asked_at.filter(|_| !row.is_known);
            let own = match (row.state, &row.session) {
                (RowState::Created, Some(id)) => {
                    undo.add(&row, RowState::Planned, Some(id), None)?;
                    Some(id)
                }
                (RowState::Created, None) => {
                    undo.add_kept(&row, "the API sent no session with the link")?;
                    None
                }
                _ if asked_at.is_none() => {
                    if row.state == RowState::Existing {
                        undo.add_kept(&row, &not_own)?;
                    }
                    continue;
                }
                _ => None,
            };
            for session in sessions_of(&row, &by_candidate) {
                if Some(&session.id) == own {
                    continue;
                }
                if let Some(later_run) = later.get(&session.id) {
                    undo.add_kept(&row, &format!("a newer session, of run {later_run}"))?;
                    continue;
                }
                let Some(asked_at) = asked_at else { continue };
                match times.creator(row.state, asked_at, session) {
                    Creator::ThisRun => {
                        unrecorded += 1;
                        undo.add(&row, RowState::Planned, Some(&session.id), None)?;
                    }
                    // Of the others, only sessions that nobody has opened could be revoked.
                    Creator::Unknown(reason)
                        if row.state == RowState::Existing || is_unopened(session) =>
                    {
                        undo.add_kept(&row, reason)?;
                    }
                    Creator::Unknown(_) => {}
                }
            }
        }
        undo.plan_writer.commit()?;
        if undo.last_number == 0 {
            let note = format!("run {} has created no sessions", undone.id);
            undo.warnings.notes.push(note);
        }
        if unrecorded > 0 {
            undo.warnings.notes.push(format!(
                "{} created at the time of a request of run {} that got no usable response",
                count(unrecorded, "session"),
                undone.id
            ));
        }
        Ok(undo.warnings)
    }
}

/// The creator of a session.
enum Creator {
    ThisRun,
    /// It stays, for this reason.
    Unknown(&'static str),
}

/// When the requests of a run may have created sessions.
struct RequestTimes<'a> {
    client: &'a Client,
    settled_at: Option<Timestamp>,
}

impl RequestTimes<'_> {
    /// Returns who has created a session of the candidate of a row, which was first asked for at `asked_at` in milliseconds since 1970. The
    /// candidate had none before that, as far as is known, and the response that would say so is missing.
    fn creator(&self, state: RowState, asked_at_millis: i64, session: &Session) -> Creator {
        let created_at = session.created_at.as_ref().and_then(Time::timestamp);
        let asked_at = asked_at(self.client, asked_at_millis);
        let Some((created_at, asked_at)) = created_at.zip(asked_at) else {
            return Creator::Unknown(
                "perhaps of this run, but it is not known when it was created",
            );
        };
        if self.settled_at.is_some_and(|settled| created_at > settled) {
            return Creator::Unknown(
                "newer than the requests of this run, by the clock of the API",
            );
        }
        // The response was compared with the time of the request when it came.
        if created_at < asked_at || state == RowState::Existing {
            return Creator::Unknown(
                "perhaps of this run, but older than its request, by the clock of the API",
            );
        }
        Creator::ThisRun
    }
}

/// The rows of the plan that undoes a run.
struct Undo {
    plan_writer: PlanWriter,
    /// The numbers of the files in the new run.
    files: HashMap<Arc<str>, u32>,
    last_number: u32,
    warnings: Warnings,
}

impl Undo {
    fn add(
        &mut self,
        row: &Row,
        state: RowState,
        session: Option<&str>,
        note: Option<&str>,
    ) -> Result<(), Error> {
        let location = match (&row.file, row.line) {
            (Some(file), Some(line)) => Some((self.file(file)?, line)),
            _ => None,
        };
        self.last_number += 1;
        let new_row = NewRow {
            state,
            target: row.target,
            location,
            source: row.source.as_deref(),
            subject: session,
            email: row.email.as_deref(),
            name: row.name.as_deref(),
            has_explicit_name: row.has_explicit_name,
            due_date: row.due_date.as_ref(),
            send_email: None,
            note,
            interpretations: None,
        };
        self.plan_writer.add(self.last_number, &new_row)?;
        Ok(())
    }

    fn add_kept(&mut self, row: &Row, reason: &str) -> Result<(), Error> {
        self.add(row, RowState::Kept, None, Some(reason))?;
        let added = Row {
            number: self.last_number,
            ..row.clone()
        };
        self.warnings.add_settled(RowState::Kept, reason, &added);
        Ok(())
    }

    fn file(&mut self, path: &Arc<str>) -> Result<u32, Error> {
        if let Some(number) = self.files.get(path) {
            return Ok(*number);
        }
        let number = self.plan_writer.add_file(path)?;
        self.files.insert(Arc::clone(path), number);
        Ok(number)
    }
}

fn by_candidate(sessions: &[Session]) -> HashMap<String, Vec<&Session>> {
    let mut by_candidate: HashMap<String, Vec<&Session>> = HashMap::new();
    for session in sessions {
        if let Some(email) = &session.candidate_email {
            let key = candidate_key(email);
            by_candidate.entry(key).or_default().push(session);
        }
    }
    by_candidate
}

/// Returns the sessions of a row's candidate in its assessment.
fn sessions_of<'s>(
    row: &Row,
    by_candidate: &'s [HashMap<String, Vec<&'s Session>>],
) -> impl Iterator<Item = &'s Session> + use<'s> {
    let key = row.email.as_deref().map(candidate_key);
    let found = by_candidate.get(row.target as usize).zip(key);
    let found = found.and_then(|(by_candidate, key)| by_candidate.get(&key));
    found.into_iter().flatten().copied()
}
