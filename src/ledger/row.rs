//! The data of a row at each stage: when it is stored, read back, sent and answered.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use strum::{FromRepr, IntoStaticStr, VariantArray};

use super::session_terms::{SessionDeadline, SessionTerms};
use crate::change_kind::ChangeKind;
use crate::interpretation::Interpretation;
use crate::time::DateTime;

/// The state of a row. The ledger stores the number.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromRepr, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
#[repr(u8)]
pub enum RowState {
    /// To be sent.
    Planned = 0,
    /// Perhaps sent: no result is recorded.
    Sending = 1,
    /// A session was created.
    Created = 2,
    /// The candidate already had an active session.
    Existing = 3,
    Failed = 4,
    /// Left out on purpose.
    Skipped = 5,
    /// Not fit to be sent.
    Invalid = 6,
    /// The same candidate or session is in an earlier row.
    Duplicate = 7,
    /// What was asked for is in force: the session is gone, or has a score.
    Done = 8,
    /// The session stays as it is: it is not in the status that the change is for.
    Kept = 9,
    /// The request may have been carried out, and is not repeated unless the user asks for it.
    Unclear = 10,
}

/// The number of a file among those of its run, and a line in it, from 1.
pub type FileLocation = (u32, u64);

/// A checked row, ready to be stored.
#[derive(Clone, Copy, Debug)]
pub struct NewRow<'a> {
    /// `Planned`, `Skipped` or `Invalid`.
    pub state: RowState,
    /// The number of the target, from 0; also 0 for a row without one.
    pub target: u32,
    pub location: Option<FileLocation>,
    /// The value that the script got for this row, as JSON.
    pub source: Option<&'a str>,
    /// The session that the row is about, unless it is an invitation.
    pub subject: Option<&'a str>,
    pub email: Option<&'a str>,
    pub name: Option<&'a str>,
    /// The name was given, not derived from the address. Only such a name can contradict another one.
    pub has_explicit_name: bool,
    pub due_date: Option<&'a DateTime>,
    /// Whether the service sends an email, if the script says so.
    pub send_email: Option<bool>,
    /// Why the row is not sent.
    pub note: Option<&'a str>,
    /// How values were read for the row, as JSON.
    pub interpretations: Option<&'a str>,
}

/// A stored row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its position among the rows of the run, from 1.
    pub number: u32,
    pub state: RowState,
    pub file: Option<Arc<str>>,
    /// The line in `file`, from 1.
    pub line: Option<u64>,
    /// The value that the script got for this row, as JSON.
    pub source: Option<String>,
    /// The session that the row is about, unless it is an invitation.
    pub subject: Option<String>,
    pub email: Option<String>,
    /// The name that is asked for.
    pub name: Option<String>,
    /// The name was given, not derived from the address.
    pub has_explicit_name: bool,
    /// The deadline that is asked for.
    pub due_date: Option<DateTime>,
    /// The name and the deadline in force, if the candidate is known to have a session.
    pub session_terms: Option<SessionTerms>,
    /// The number of its target.
    pub target: u32,
    /// The label of its target.
    pub assessment: Option<Arc<str>>,
    /// The candidate had an active session before the first request.
    pub is_known: bool,
    /// When the first request may have been sent, if it may have created a session that is not recorded as this row's. Milliseconds
    /// since 1970.
    pub asked_at: Option<i64>,
    /// How many requests were made for it.
    pub attempts: u32,
    /// The HTTP status of the last response.
    pub status: Option<u16>,
    pub invite_url: Option<String>,
    pub session: Option<String>,
    /// What the API answered, as JSON, if it is worth keeping.
    pub result: Option<String>,
    /// Why it was not sent or failed, or what the user should know.
    pub note: Option<String>,
    pub answered_at: Option<Timestamp>,
    /// How values were read for the row.
    pub interpretations: Vec<Interpretation>,
}

/// A row to send.
#[derive(Clone, Debug)]
pub struct PendingRow {
    pub number: u32,
    pub target: u32,
    pub location: Option<FileLocation>,
    /// The session that the row is about, unless it is an invitation.
    pub subject: Option<String>,
    /// Empty if it is not known, as the name.
    pub email: String,
    pub name: String,
    /// The name was given, not derived from the address.
    pub has_explicit_name: bool,
    pub due_date: Option<DateTime>,
    /// The name and the deadline that the candidate's session had before the first request, if there was one.
    pub session_terms: Option<SessionTerms>,
    /// Whether the service sends an email, if the script says so.
    pub send_email: Option<bool>,
    /// The candidate had an active session before the first request.
    pub is_known: bool,
    /// When the first request may have been sent, if its end is unclear. Milliseconds since 1970.
    pub asked_at: Option<i64>,
    /// How many requests of this process have had an unclear end.
    pub unclear_ends: u32,
}

/// What is recorded for a row that was sent.
#[derive(Clone, Debug)]
pub struct RowResult {
    pub number: u32,
    /// Any but `Planned`, `Skipped` and `Duplicate`; `Sending` if the result is unknown.
    pub state: RowState,
    /// How many requests were made for it this time.
    pub attempts: u32,
    /// The HTTP status of the last response.
    pub status: Option<u16>,
    pub invite_url: Option<String>,
    pub session: Option<String>,
    /// The name and the deadline in force, if a session is known.
    pub session_terms: Option<SessionTerms>,
    /// What the API answered, as JSON, if it is worth keeping.
    pub result: Option<String>,
    /// Why it failed, or what the user should know.
    pub note: Option<String>,
    /// Milliseconds since 1970.
    pub at: i64,
    /// When the first request may have been sent, if the result is unclear: the API may still carry it out, or has created a
    /// session that is not known to be this row's. Milliseconds since 1970.
    pub asked_at: Option<i64>,
}

impl PendingRow {
    /// Returns what people know the candidate by: the address, or else the name or the session.
    pub fn label(&self) -> String {
        let session = self.subject.as_deref().unwrap_or_default();
        match (self.email.as_str(), self.name.as_str()) {
            ("", "") => format!("session {session}"),
            ("", name) => name.to_owned(),
            (email, _) => email.to_owned(),
        }
    }
}

impl Row {
    /// Returns what people know the candidate by: name and address, as far as they are known, or else the session.
    pub fn label(&self) -> String {
        match (&self.name, &self.email) {
            (Some(name), Some(email)) => format!("{name} <{email}>"),
            (Some(label), None) | (None, Some(label)) => label.clone(),
            (None, None) => format!("session {}", self.subject.as_deref().unwrap_or_default()),
        }
    }

    /// Returns the candidate's name in the session, if it is known.
    pub fn session_name(&self) -> Option<&str> {
        self.session_terms.as_ref()?.name.as_deref()
    }

    /// Returns the deadline in force: that of the session or, if none is known, the one that is asked for.
    pub fn deadline(&self) -> SessionDeadline {
        let session = self.session_terms.as_ref();
        session.map_or_else(
            || SessionDeadline::of(self.due_date.as_ref()),
            |session| session.deadline.clone(),
        )
    }
}

impl RowState {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Returns the name for people in a run of this kind: `revoked`, for example, instead of `done`.
    pub fn label(self, kind: ChangeKind) -> &'static str {
        match self {
            Self::Done => kind.done(),
            _ => self.name(),
        }
    }

    /// Returns a number with a bit for each of `states`, for SQL that selects several. States that are unknown here are among them:
    /// reading such a row is an error, which is better than leaving it out.
    pub(super) fn bits(states: &[Self]) -> i64 {
        let known = (1 << Self::ALL.len()) - 1;
        states
            .iter()
            .fold(!known, |bits, state| bits | 1 << *state as u8)
    }
}

impl FromSql for RowState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let state = u8::try_from(number).ok().and_then(Self::from_repr);
        state.ok_or_else(|| FromSqlError::Other(format!("the state `{number}` of a row").into()))
    }
}

impl ToSql for RowState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as u8))
    }
}

/// Stored with its zone: `2025-02-07T23:59:59+01:00[Europe/Berlin]`.
impl ToSql for DateTime {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.to_text()))
    }
}

impl FromSql for DateTime {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        Self::from_text(text)
            .ok_or_else(|| FromSqlError::Other(format!("the deadline `{text}`").into()))
    }
}

/// Returns how interpretations are stored; `None` if there are none.
pub fn interpretations_to_json(interpretations: &[Interpretation]) -> Option<String> {
    if interpretations.is_empty() {
        return None;
    }
    serde_json::to_string(interpretations).ok()
}

/// Reads the interpretations of a row. They are for people only, so those that cannot be read are left out.
pub(super) fn interpretations_from_json(json: Option<String>) -> Vec<Interpretation> {
    json.and_then(|json| serde_json::from_str(&json).ok())
        .unwrap_or_default()
}

/// Reads the location of a row from its columns `file` and `line`, of which `file` has this index.
pub(super) fn location(
    row: &rusqlite::Row<'_>,
    file: usize,
) -> rusqlite::Result<Option<FileLocation>> {
    let columns: (Option<u32>, Option<u64>) = (row.get(file)?, row.get(file + 1)?);
    Ok(columns.0.zip(columns.1))
}
