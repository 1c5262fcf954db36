//! Updating the rows of a plan before they are sent: for existing sessions and expired deadlines.

use rusqlite::params;

use super::Error;
use super::plan_writer::PlanWriter;
use super::row::RowState;
use super::session_terms::SessionTerms;
use super::subject::{self, FoundRow, Subject};

impl PlanWriter {
    /// Returns the row of a candidate, if there is one in one of `states`.
    pub fn find_candidate(
        &mut self,
        target: u32,
        email: &str,
        states: &[RowState],
    ) -> Result<Option<FoundRow>, Error> {
        let Some(assessment) = self.assessments.get(target as usize).cloned() else {
            return Ok(None);
        };
        let subject = Subject::Candidate {
            target,
            assessment: &assessment,
            email,
        };
        let found = self.write(|connection, run| subject::find(connection, run, subject))?;
        Ok(found.filter(|found| states.contains(&found.state)))
    }

    /// Records what is known about a row without a request: `note` says why its state changes.
    pub fn settle(
        &mut self,
        number: u32,
        target: u32,
        from: RowState,
        to: RowState,
        note: &str,
    ) -> Result<(), Error> {
        let id = self.run.row(number);
        self.write(|connection, _| {
            connection
                .prepare_cached(
                    "UPDATE invites SET state = ?2, note = ?3, asked_at = NULL WHERE id = ?1",
                )?
                .execute(params![id, to, note])
        })?;
        self.changes.change_state(target, from, to);
        Ok(())
    }

    /// Records that the candidate of a row has an active session. Unless a request for the row may have created it, the candidate
    /// had it before, or got it from somebody else: that is certain if `is_of_others`.
    pub fn mark_known(
        &mut self,
        row: &FoundRow,
        session: &SessionTerms,
        is_of_others: bool,
    ) -> Result<(), Error> {
        let id = self.run.row(row.number);
        self.write(|connection, _| {
            connection
                .prepare_cached(
                    "UPDATE invites SET known = known OR asked_at IS NULL OR ?4, session_name = ?2, session_due_date = ?3
                     WHERE id = ?1",
                )?
                .execute((id, &session.name, &session.deadline, is_of_others))
                .map(drop)
        })
    }

    /// Forgets the sessions of the rows in one of `states`, before those that exist by now are recorded.
    pub fn forget_sessions(&mut self, states: &[RowState]) -> Result<(), Error> {
        self.write(|connection, run| {
            connection
                .prepare_cached(
                    "UPDATE invites SET session_name = NULL, session_due_date = NULL
                     WHERE id BETWEEN ?1 AND ?2 AND (1 << state) & ?3 AND session_due_date IS NOT NULL",
                )?
                .execute((run.row(0), run.row(u32::MAX), RowState::bits(states)))
                .map(drop)
        })
    }

    /// Resets rows that an earlier recheck left out to `planned`, because this recheck may come to another result: with other
    /// options, or another state of the session.
    pub fn reopen(&mut self) -> Result<(), Error> {
        // Only rows that were fit to be sent when they were planned have a key.
        const LEFT_OUT: &str = "id BETWEEN ?1 AND ?2 AND state IN (?3, ?4, ?5) AND key IS NOT NULL";
        let left_out = self.write(|connection, run| {
            let bounds = (
                run.row(0),
                run.row(u32::MAX),
                RowState::Skipped,
                RowState::Invalid,
                RowState::Kept,
            );
            let counted = connection
                .prepare(&format!(
                    "SELECT target, state, count(*) FROM invites WHERE {LEFT_OUT} GROUP BY target, state"
                ))?
                .query_map(bounds, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .collect::<rusqlite::Result<Vec<(u32, RowState, i64)>>>()?;
            let planned = RowState::Planned as u8;
            connection.execute(
                &format!("UPDATE invites SET state = {planned}, note = NULL WHERE {LEFT_OUT}"),
                bounds,
            )?;
            Ok(counted)
        })?;
        for (target, state, count) in left_out {
            self.changes.add(target, state, -count);
            self.changes.add(target, RowState::Planned, count);
        }
        Ok(())
    }
}
