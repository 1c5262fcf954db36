//! The data of a run's report, from the ledger.

use std::rc::Rc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, from_str};

use super::text::endpoint;
use crate::change_kind::ChangeKind;
use crate::ledger::{self, Ledger, Row, RowIter, RowState, RunId, SessionDeadline, is_same_name};
use crate::report::{self, MAX_ROWS, OutcomeCount, RunRow};
use crate::time::DateTime;

/// The states of a report's rows: first those that need attention.
const NEEDS_ATTENTION: [RowState; 5] = [
    RowState::Failed,
    RowState::Unclear,
    RowState::Invalid,
    RowState::Sending,
    RowState::Planned,
];
const COMPLETED: [RowState; 6] = [
    RowState::Created,
    RowState::Existing,
    RowState::Done,
    RowState::Kept,
    RowState::Skipped,
    RowState::Duplicate,
];

/// Reads the data of the report of `run`, with times in `zone`.
pub(super) fn report(
    ledger: &Rc<Ledger>,
    run: RunId,
    zone: &TimeZone,
) -> Result<report::RunReport, ledger::Error> {
    let found = ledger.run(run)?;
    let local = |at: Timestamp| DateTime::of(at, zone).to_second();
    let urgent = RowIter::of(ledger, run, &NEEDS_ATTENTION)?;
    let completed = RowIter::of(ledger, run, &COMPLETED)?;
    let rows = urgent.chain(completed).take(MAX_ROWS);
    let count = |outcome: RowState| OutcomeCount {
        outcome: outcome.label(found.kind),
        count: found.state_counts.of(outcome),
    };
    Ok(report::RunReport {
        number: run.number(),
        kind: found.kind,
        state: found.state.name().to_owned(),
        place: endpoint(&found),
        assessments: found
            .targets
            .iter()
            .map(|target| target.label.clone())
            .collect(),
        shard: found.spec.shard.clone(),
        planned_at: local(found.created_at),
        made_at: local(Timestamp::now()),
        counts: COMPLETED
            .into_iter()
            .chain(NEEDS_ATTENTION)
            .map(count)
            .collect(),
        rows: rows
            .map(|row| row.map(|row| report_row(row, found.kind)))
            .collect::<Result<_, ledger::Error>>()?,
    })
}

fn report_row(row: Row, kind: ChangeKind) -> RunRow {
    // A row that was skipped was not validated, so its name and address may only be in the input.
    let source: Option<Value> = row.source.as_deref().and_then(|json| from_str(json).ok());
    let of_source = |column: &str| Some(source.as_ref()?.get(column)?.as_str()?.to_owned());
    let deadline = row.deadline();
    let note = note(&row);
    RunRow {
        number: row.number,
        origin: row
            .file
            .zip(row.line)
            .map(|(file, line)| format!("{file}:{line}")),
        email: row.email.or_else(|| of_source("email")).unwrap_or_default(),
        name: row.name.or_else(|| of_source("name")).unwrap_or_default(),
        assessment: row.assessment.map(|label| label.to_string()),
        outcome: row.state.label(kind),
        due_at: deadline.time().cloned(),
        due_text: match deadline {
            SessionDeadline::Text(text) => Some(text),
            SessionDeadline::Inherited | SessionDeadline::At(_) => None,
        },
        link: row.invite_url,
        note,
    }
}

/// Returns the note of a row, and what it asked for if something else is in force. The note of an existing session says that already.
fn note(row: &Row) -> Option<String> {
    let mut notes: Vec<String> = row.note.clone().into_iter().collect();
    if row.state != RowState::Existing {
        let deadline = row.deadline();
        let requested = row.due_date.as_ref();
        if let Some(requested) = requested.filter(|_| deadline.time() != requested) {
            notes.push(format!("the list asks for the deadline {requested}"));
        }
        let name = row.session_name().filter(|_| row.has_explicit_name);
        if let Some(name) = name.filter(|name| !is_same_name(name, row.name.as_deref())) {
            notes.push(format!("the name in the session is `{name}`"));
        }
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}
