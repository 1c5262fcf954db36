//! Planning to take a run back: the sessions that it has created, and that nobody has opened, are revoked.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::future::try_join_all;

use super::Error;
use super::executor::{PlanExecutor, UNSENT};
use super::existing_sessions::{asked_at, candidate_key};
use super::plan::Plan;
use super::sample::RowOrigin;
use super::unclear_ends::UnclearRows;
use super::warnings::Warnings;
use crate::api::{Session, SessionFilter, Time};
use crate::change_kind::ChangeKind;
use crate::ledger::{NewRow, PlanWriter, Row, RowIter, RowState, Run, RunId};

/// Rows that may have created a session without a recorded response.
const PERHAPS_CREATED: [RowState; 2] = [RowState::Sending, RowState::Failed];

impl PlanExecutor<'_> {
    /// Adds the sessions that `undone` has created to the new run `run`, and returns its plan. The caller has locked both. Returns
    /// `None` if the user interrupts it.
    ///
    /// # Errors
    /// [`Error::NotUndoable`] if `undone` does not invite.
    pub fn plan_undo(&self, undone: &Run, run: RunId) -> Result<Option<Plan>, Error> {
        if undone.kind != ChangeKind::Invite {
            return Err(Error::NotUndoable {
                run: undone.id,
                kind: undone.kind,
            });
        }
        let unclear = UnclearRows {
            ledger: self.ledger,
            run: undone.id,
            states: &PERHAPS_CREATED,
        };
        if !unclear.await_settled(self.client, self.runtime, self.frontend)? {
            return Ok(None);
        }
        let listed = self.wait(self.list_targets(undone)).transpose()?;
        let Some(listed) = listed else {
            return Ok(None);
        };
        let warnings = self.add_created(undone, run, &listed)?;
        let run = self.ledger.run(run)?;
        self.wait(self.compare_sessions(&run, &UNSENT, warnings))
            .transpose()
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
        let by_candidate: Vec<HashMap<String, Vec<&Session>>> = listed
            .iter()
            .map(|sessions| by_candidate(sessions))
            .collect();
        let mut own = HashSet::new();
        for row in RowIter::of(self.ledger, undone.id, &[RowState::Created])? {
            let row = row?;
            match &row.session {
                Some(id) => {
                    own.insert(id.clone());
                    undo.add(&row, RowState::Planned, Some(id), None)?;
                }
                None => undo.add_kept(&row, "the API sent no session with the link")?,
            }
        }
        for row in RowIter::of(self.ledger, undone.id, &PERHAPS_CREATED)? {
            let row = row?;
            for session in self.created_unrecorded(&row, &by_candidate) {
                if !later.contains_key(&session.id) && own.insert(session.id.clone()) {
                    undo.add(&row, RowState::Planned, Some(&session.id), None)?;
                }
            }
        }
        // What others have created since then is not of this run, but it is named.
        for row in RowIter::of(self.ledger, undone.id, &[RowState::Created])? {
            let row = row?;
            for session in sessions_of(&row, &by_candidate) {
                if let Some(later_run) = later
                    .get(&session.id)
                    .filter(|_| !own.contains(&session.id))
                {
                    undo.add_kept(&row, &format!("a newer session, of run {later_run}"))?;
                }
            }
        }
        undo.plan_writer.commit()?;
        let existing = undone.state_counts.of(RowState::Existing);
        if existing > 0 {
            undo.warnings.notes.push(format!(
                "{existing} with a session from before run {}: they keep it",
                undone.id
            ));
        }
        Ok(undo.warnings)
    }

    /// Returns the sessions that a request for this row has created, although there is no recorded response.
    fn created_unrecorded<'s>(
        &self,
        row: &Row,
        by_candidate: &'s [HashMap<String, Vec<&'s Session>>],
    ) -> impl Iterator<Item = &'s Session> + use<'s> {
        let since = row.asked_at.and_then(|at| asked_at(self.client, at));
        let since = since.filter(|_| !row.is_known);
        sessions_of(row, by_candidate).filter(move |session| {
            let created_at = session.created_at.as_ref().and_then(Time::timestamp);
            created_at
                .zip(since)
                .is_some_and(|(created, since)| created >= since)
        })
    }
}

/// The rows of the plan that takes a run back.
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
        let origin = RowOrigin {
            number: self.last_number,
            ..RowOrigin::of(row)
        };
        self.warnings.add_kept(reason, origin, row.label());
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
