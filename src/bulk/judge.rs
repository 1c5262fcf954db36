//! Judging rows, one after the other, and writing them to the ledger: the planner's other thread.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Draft, Invitation, Origin, Problem, Remarks, Repeated, Shard, Target};
use crate::ledger::{self, Drafting, Inserted, Ledger, NewRow, Place, RowState, RunId};
use crate::moment::DateTime;
use crate::people;

/// Writes what a script was given for a row as JSON; on the planner's other thread, where time is left.
pub type Source = Box<dyn FnOnce() -> Option<String> + Send>;

/// A row as the script left it.
pub(super) struct Given {
    pub(super) place: Option<(Arc<Path>, u64)>,
    /// What the script was given for it.
    pub(super) source: Option<Source>,
    pub(super) draft: Draft,
}

/// The rows of a plan, judged and written.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) drafting: Drafting,
    pub(super) targets: Vec<ledger::Target>,
    pub(super) files: Vec<Arc<str>>,
    pub(super) remarks: Remarks,
}

pub(super) struct Judge {
    now: Timestamp,
    shard: Option<Shard>,
    seen: u32,
    paths: Vec<Arc<Path>>,
    judged: Judged,
}

impl Judge {
    /// Begins behind the rows that `run` has.
    pub(super) fn resume(
        ledger: &Ledger,
        run: RunId,
        now: Timestamp,
        shard: Option<Shard>,
    ) -> Result<Self, ledger::Error> {
        let found = ledger.run(run)?;
        let files = ledger.files(run)?;
        Ok(Self {
            now,
            shard,
            seen: u32::try_from(found.tally.total()).map_err(|_| ledger::Error::TooManyRows)?,
            paths: files.iter().map(|file| Path::new(&**file).into()).collect(),
            judged: Judged {
                drafting: ledger.draft(run)?,
                targets: found.targets,
                files,
                remarks: Remarks::default(),
            },
        })
    }

    /// Lets other processes into the ledger, while there are no rows.
    pub(super) fn pause(&mut self) -> Result<(), ledger::Error> {
        self.judged.drafting.pause()
    }

    pub(super) fn finish(mut self) -> Result<Judged, ledger::Error> {
        // What comes next may take its time: the sessions of the assessments are listed.
        self.pause()?;
        Ok(self.judged)
    }

    pub(super) fn take(&mut self, given: Given) -> Result<(), ledger::Error> {
        self.seen = self.seen.checked_add(1).ok_or(ledger::Error::TooManyRows)?;
        let place = match given.place {
            Some((path, line)) => Some((self.file(&path)?, line)),
            None => None,
        };
        let source = given.source.and_then(|json| json());
        let source = source.as_deref();
        match given.draft {
            Draft::Invite(request) => match Invitation::check(request, self.now) {
                Ok(invitation) => self.plan(place, source, &invitation),
                Err(problem) => self.refuse(place, source, problem),
            },
            Draft::Skip(reason) => self.skip(place, source, &reason),
            Draft::Invalid(problem) => self.refuse(place, source, problem),
        }
    }

    fn plan(
        &mut self,
        place: Option<Place>,
        source: Option<&str>,
        invitation: &Invitation,
    ) -> Result<(), ledger::Error> {
        if self
            .shard
            .is_some_and(|shard| !shard.keeps(&invitation.email))
        {
            self.judged.remarks.elsewhere += 1;
            return Ok(());
        }
        let due_date = invitation.due_date.as_ref().map(DateTime::to_text);
        let row = NewRow {
            state: RowState::Planned,
            target: self.target(&invitation.target)?,
            place,
            source,
            email: Some(&invitation.email),
            name: Some(&invitation.name),
            is_named: invitation.is_named,
            due_date: due_date.as_deref(),
            send_email: invitation.send_email,
            note: None,
        };
        match self.judged.drafting.add(self.seen, &row)? {
            Inserted::Duplicate {
                number,
                place: first,
                name,
            } => {
                let first = self.origin(number, first);
                let origin = self.origin(self.seen, place);
                let names = name.map(|sent| (sent, invitation.name.clone()));
                let repeated = Repeated { first, names };
                self.judged.remarks.duplicates.add(origin, repeated);
            }
            Inserted::Stored => {
                if let Some(doubt) = people::doubt(&invitation.name, Some(&invitation.email)) {
                    let origin = self.origin(self.seen, place);
                    self.judged.remarks.doubt(&invitation.name, doubt, origin);
                }
            }
        }
        Ok(())
    }

    fn skip(
        &mut self,
        place: Option<Place>,
        source: Option<&str>,
        reason: &str,
    ) -> Result<(), ledger::Error> {
        if self.shard.is_some_and(|shard| !shard.is_first()) {
            self.judged.remarks.elsewhere += 1;
            return Ok(());
        }
        let origin = self.origin(self.seen, place);
        self.judged.remarks.skip(reason, origin);
        self.leave_out(RowState::Skipped, place, source, None, reason)
    }

    /// Every share of a list refuses an invalid row: none of them may send while one does not.
    fn refuse(
        &mut self,
        place: Option<Place>,
        source: Option<&str>,
        problem: Problem,
    ) -> Result<(), ledger::Error> {
        let email = problem.value.clone().filter(|_| problem.field == "email");
        self.leave_out(
            RowState::Invalid,
            place,
            source,
            email.as_deref(),
            &problem.to_string(),
        )?;
        let origin = self.origin(self.seen, place);
        self.judged.remarks.problems.add(origin, problem);
        Ok(())
    }

    fn leave_out(
        &mut self,
        state: RowState,
        place: Option<Place>,
        source: Option<&str>,
        email: Option<&str>,
        reason: &str,
    ) -> Result<(), ledger::Error> {
        let row = NewRow {
            state,
            target: 0,
            place,
            source,
            email,
            name: None,
            is_named: false,
            due_date: None,
            send_email: None,
            note: Some(reason),
        };
        self.judged.drafting.add(self.seen, &row).map(drop)
    }

    fn target(&mut self, target: &Target) -> Result<u32, ledger::Error> {
        let known = |known: &ledger::Target| known.assessment == target.id;
        let known = self.judged.targets.iter().position(known);
        if let Some(number) = known.and_then(|number| u32::try_from(number).ok()) {
            return Ok(number);
        }
        let target = ledger::Target {
            assessment: target.id.clone(),
            label: target.label.clone(),
        };
        let number = self.judged.drafting.add_target(&target)?;
        self.judged.targets.push(target);
        Ok(number)
    }

    fn file(&mut self, path: &Arc<Path>) -> Result<u32, ledger::Error> {
        let known = self.paths.iter().rposition(|known| known == path);
        if let Some(number) = known.and_then(|number| u32::try_from(number).ok()) {
            return Ok(number);
        }
        self.paths.push(Arc::clone(path));
        let name = path.display().to_string();
        self.judged.files.push(Arc::from(name.as_str()));
        self.judged.drafting.add_file(&name)
    }

    fn origin(&self, number: u32, place: Option<Place>) -> Origin {
        Origin::new(number, place, &self.judged.files)
    }
}
