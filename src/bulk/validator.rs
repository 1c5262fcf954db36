//! Comparing rows and storing them in the ledger, on the planner's last thread.

use std::path::Path;
use std::sync::Arc;

use super::assessment_deadline::AssessmentDeadline;
use super::input_row::{CheckedDecision, InputRow};
use super::invitation::{Invitation, SessionRequest, Target};
use super::never_invite::NeverInviteCheck;
use super::problem::{GivenCandidate, Problem};
use super::row_source::Source;
use super::sample::RowOrigin;
use super::shard::Shard;
use super::shared_names::SharedNames;
use super::warnings::{DuplicateRow, Warnings};
use crate::interpretation::Interpretation;
use crate::ledger::{
    self, FileLocation, InsertResult, Ledger, NewRow, PlanWriter, RowState, RunId,
};
use crate::people::{self, NameIssue};

/// A plan whose rows are all checked and stored.
#[derive(Debug)]
pub struct ValidatedPlan {
    pub(super) run: RunId,
    pub(super) plan_writer: PlanWriter,
    pub(super) targets: Vec<ledger::Target>,
    /// The deadline of each target.
    pub(super) deadlines: Vec<Option<AssessmentDeadline>>,
    pub(super) files: Vec<Arc<str>>,
    pub(super) warnings: Warnings,
}

/// A candidate that a line of the `never_invite` list excludes.
struct NeverInvited {
    email: String,
    name: Option<String>,
    list_line: u64,
}

pub(super) struct RowValidator {
    shard: Option<Shard>,
    never_invite: Option<NeverInviteCheck>,
    last_number: u32,
    paths: Vec<Arc<Path>>,
    shared_names: SharedNames,
    validated: ValidatedPlan,
}

impl RowValidator {
    /// Continues after the last stored row of `run`. That is not the number of its rows: rows of other shards leave gaps.
    pub(super) fn resume(
        ledger: &Ledger,
        run: RunId,
        shard: Option<Shard>,
        never_invite: Option<NeverInviteCheck>,
    ) -> Result<Self, ledger::Error> {
        let found = ledger.run(run)?;
        let files = ledger.files(run)?;
        let plan_writer = ledger.plan_writer(run)?;
        Ok(Self {
            shard,
            never_invite,
            last_number: plan_writer.last_number()?,
            paths: files.iter().map(|file| Path::new(&**file).into()).collect(),
            shared_names: SharedNames::default(),
            validated: ValidatedPlan {
                run,
                plan_writer,
                // Added with the first row.
                deadlines: vec![None; found.targets.len()],
                targets: found.targets,
                files,
                warnings: Warnings::default(),
            },
        })
    }

    /// Lets other processes write to the ledger until the next row comes.
    pub(super) fn pause(&mut self) -> Result<(), ledger::Error> {
        self.validated.plan_writer.commit()
    }

    pub(super) fn finish(mut self) -> Result<ValidatedPlan, ledger::Error> {
        self.pause()?;
        Ok(self.validated)
    }

    pub(super) fn validate(
        &mut self,
        input_row: InputRow<CheckedDecision>,
    ) -> Result<(), ledger::Error> {
        self.last_number = self
            .last_number
            .checked_add(1)
            .ok_or(ledger::Error::TooManyRows)?;
        let location = match input_row.location {
            Some((path, line)) => Some((self.file(&path)?, line)),
            None => None,
        };
        let (json, columns, is_hidden) = match input_row.source {
            Some(source) => ((source.json)(), Some(source.columns), source.is_hidden),
            None => (None, None, false),
        };
        let source = Source {
            json: json.as_deref(),
            columns: columns.as_deref(),
            is_hidden,
        };
        self.validated.warnings.hidden.total += u64::from(is_hidden);
        match input_row.decision {
            CheckedDecision::Invite {
                target,
                checked,
                name_issue,
            } => {
                if let Some(forbidden) = self.never_invited(&checked) {
                    return self.add_never_invited(location, source.json, &target, &forbidden);
                }
                match checked {
                    Ok(mut invitation) => {
                        let mut interpretations = input_row.interpretations;
                        interpretations.extend(invitation.interpretation.take());
                        let interpretations = source.with_columns(interpretations);
                        self.add_invitation(
                            location,
                            source,
                            &invitation,
                            name_issue,
                            interpretations,
                        )
                    }
                    Err(problem) => self.add_invalid(location, source, problem),
                }
            }
            CheckedDecision::Change(request) => {
                let interpretations = source.with_columns(input_row.interpretations);
                self.add_change(location, source, &request, interpretations)
            }
            CheckedDecision::Skip(reason) => self.add_skipped(location, source, &reason),
            CheckedDecision::Invalid(problem) => self.add_invalid(location, source, problem),
        }
    }

    fn add_invitation(
        &mut self,
        location: Option<FileLocation>,
        source: Source<'_>,
        invitation: &Invitation,
        name_issue: Option<NameIssue>,
        interpretations: Vec<Interpretation>,
    ) -> Result<(), ledger::Error> {
        if self
            .shard
            .is_some_and(|shard| !shard.contains(&invitation.email))
        {
            self.validated.warnings.other_shards += 1;
            return Ok(());
        }
        let stored = ledger::interpretations_to_json(&interpretations);
        let row = NewRow {
            state: RowState::Planned,
            target: self.target(&invitation.target)?,
            location,
            source: source.json,
            subject: None,
            email: Some(&invitation.email),
            name: Some(&invitation.name),
            has_explicit_name: invitation.has_explicit_name,
            due_date: invitation.due_date.as_ref(),
            send_email: invitation.send_email,
            note: None,
            interpretations: stored.as_deref(),
        };
        match self.validated.plan_writer.add(self.last_number, &row)? {
            InsertResult::Duplicate {
                number,
                location: first,
                name,
            } => {
                let first = self.origin(number, first);
                let origin = self.origin(self.last_number, location);
                let names = name.map(|sent| (sent, invitation.name.clone()));
                let duplicate = DuplicateRow { first, names };
                self.validated.warnings.duplicates.add(origin, duplicate);
            }
            InsertResult::Stored => {
                for interpretation in interpretations {
                    let origin = self.origin(self.last_number, location);
                    let warnings = &mut self.validated.warnings;
                    warnings.interpretations.add(Some(origin), interpretation);
                }
                if source.is_hidden {
                    let origin = self.origin(self.last_number, location);
                    self.validated.warnings.hidden.add_invited(origin);
                }
                if self.shared_names.add(&invitation.name, &invitation.email) {
                    let origin = self.origin(self.last_number, location);
                    let shared_names = &mut self.validated.warnings.shared_names;
                    shared_names.add(origin, invitation.name.clone());
                }
                if let Some(name_issue) = name_issue {
                    let origin = self.origin(self.last_number, location);
                    self.validated
                        .warnings
                        .add_name_issue(&invitation.name, name_issue, origin);
                }
            }
        }
        Ok(())
    }

    fn add_change(
        &mut self,
        location: Option<FileLocation>,
        source: Source<'_>,
        request: &SessionRequest,
        interpretations: Vec<Interpretation>,
    ) -> Result<(), ledger::Error> {
        let candidate = request.email.as_ref().unwrap_or(&request.session);
        if self.shard.is_some_and(|shard| !shard.contains(candidate)) {
            self.validated.warnings.other_shards += 1;
            return Ok(());
        }
        let stored = ledger::interpretations_to_json(&interpretations);
        let row = NewRow {
            state: RowState::Planned,
            target: self.target(&request.target)?,
            location,
            source: source.json,
            subject: Some(&request.session),
            email: request.email.as_deref(),
            name: request.name.as_deref(),
            has_explicit_name: false,
            due_date: None,
            send_email: None,
            interpretations: stored.as_deref(),
            note: None,
        };
        let inserted = self.validated.plan_writer.add(self.last_number, &row)?;
        if let InsertResult::Duplicate {
            number,
            location: first,
            ..
        } = inserted
        {
            let first = self.origin(number, first);
            let origin = self.origin(self.last_number, location);
            let duplicate = DuplicateRow { first, names: None };
            self.validated.warnings.duplicates.add(origin, duplicate);
            return Ok(());
        }
        for interpretation in interpretations {
            let origin = self.origin(self.last_number, location);
            let warnings = &mut self.validated.warnings;
            warnings.interpretations.add(Some(origin), interpretation);
        }
        Ok(())
    }

    /// Returns the candidate of a request if the list excludes it. Nothing else in the request matters then, not even a
    /// problem.
    fn never_invited(&self, checked: &Result<Invitation, Problem>) -> Option<NeverInvited> {
        let never_invite = self.never_invite.as_ref()?;
        let (email, name) = match checked {
            Ok(invitation) => {
                let name = invitation
                    .has_explicit_name
                    .then(|| invitation.name.clone());
                (invitation.email.clone(), name)
            }
            Err(problem) => {
                let candidate = &problem.candidate;
                let email = people::parse_email(candidate.email.as_deref()?).ok()?;
                (email, candidate.name.clone())
            }
        };
        let list_line = never_invite.line_of(&email)?;
        Some(NeverInvited {
            email,
            name,
            list_line,
        })
    }

    fn add_never_invited(
        &mut self,
        location: Option<FileLocation>,
        source: Option<&str>,
        target: &Target,
        NeverInvited {
            email,
            name,
            list_line,
        }: &NeverInvited,
    ) -> Result<(), ledger::Error> {
        if self.shard.is_some_and(|shard| !shard.contains(email)) {
            self.validated.warnings.other_shards += 1;
            return Ok(());
        }
        let Some(never_invite) = &self.never_invite else {
            return Ok(());
        };
        let reason = never_invite.reason(*list_line);
        let list = never_invite.name();
        let row = NewRow {
            state: RowState::Skipped,
            target: self.target(target)?,
            location,
            source,
            subject: None,
            email: Some(email),
            name: name.as_deref(),
            has_explicit_name: false,
            due_date: None,
            send_email: None,
            note: Some(&reason),
            interpretations: None,
        };
        self.validated.plan_writer.add(self.last_number, &row)?;
        let origin = self.origin(self.last_number, location);
        self.validated
            .warnings
            .add_never_invited(&list, *list_line, origin);
        Ok(())
    }

    fn add_skipped(
        &mut self,
        location: Option<FileLocation>,
        source: Source<'_>,
        reason: &str,
    ) -> Result<(), ledger::Error> {
        if self.shard.is_some_and(|shard| !shard.is_first()) {
            self.validated.warnings.other_shards += 1;
            return Ok(());
        }
        let origin = self.origin(self.last_number, location);
        self.validated.warnings.add_skipped(reason, origin);
        let candidate = source.candidate();
        self.store_unsendable(RowState::Skipped, location, source, &candidate, reason)
    }

    /// Every shard of a list keeps its invalid rows, so that all shards reject the list or none.
    fn add_invalid(
        &mut self,
        location: Option<FileLocation>,
        source: Source<'_>,
        mut problem: Problem,
    ) -> Result<(), ledger::Error> {
        let known = source.candidate();
        let candidate = &mut problem.candidate;
        candidate.email = candidate.email.take().or(known.email);
        candidate.name = candidate.name.take().or(known.name);
        let of_field = problem.field.and_then(|field| source.column_of(field));
        problem.column = of_field.or_else(|| {
            let column = source.column_with(problem.invalid_value()?)?;
            (problem.field != Some(&column)).then_some(column)
        });
        self.store_unsendable(
            RowState::Invalid,
            location,
            source,
            &problem.candidate,
            &problem.to_string(),
        )?;
        let origin = self.origin(self.last_number, location);
        self.validated.warnings.problems.add(origin, problem);
        Ok(())
    }

    fn store_unsendable(
        &mut self,
        state: RowState,
        location: Option<FileLocation>,
        source: Source<'_>,
        candidate: &GivenCandidate,
        reason: &str,
    ) -> Result<(), ledger::Error> {
        let row = NewRow {
            state,
            target: 0,
            location,
            source: source.json,
            subject: None,
            email: candidate.email.as_deref(),
            name: candidate.name.as_deref(),
            has_explicit_name: false,
            due_date: None,
            send_email: None,
            note: Some(reason),
            interpretations: None,
        };
        self.validated
            .plan_writer
            .add(self.last_number, &row)
            .map(drop)
    }

    fn target(&mut self, target: &Target) -> Result<u32, ledger::Error> {
        let known = |known: &ledger::Target| known.assessment == target.id;
        let known = self.validated.targets.iter().position(known);
        if let Some(number) = known.and_then(|number| u32::try_from(number).ok()) {
            let deadline = self.validated.deadlines.get_mut(number as usize);
            if let Some(deadline @ None) = deadline {
                deadline.clone_from(&target.deadline);
            }
            return Ok(number);
        }
        self.validated.deadlines.push(target.deadline.clone());
        let target = ledger::Target {
            assessment: target.id.clone(),
            label: target.label.clone(),
        };
        let number = self.validated.plan_writer.add_target(&target)?;
        self.validated.targets.push(target);
        Ok(number)
    }

    fn file(&mut self, path: &Arc<Path>) -> Result<u32, ledger::Error> {
        let known = self.paths.iter().rposition(|known| known == path);
        if let Some(number) = known.and_then(|number| u32::try_from(number).ok()) {
            return Ok(number);
        }
        self.paths.push(Arc::clone(path));
        let name = path.display().to_string();
        self.validated.files.push(Arc::from(name.as_str()));
        self.validated.plan_writer.add_file(&name)
    }

    fn origin(&self, number: u32, location: Option<FileLocation>) -> RowOrigin {
        RowOrigin::new(number, location, &self.validated.files)
    }
}
