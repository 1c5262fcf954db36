//! Selects and sorts the sessions that are shown.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::progress::{is_unfinished, last_progress};
use super::status::statuses;
use super::{Error, Field, FieldValue, Funnel};
use crate::api::{Session, Time};
use crate::session_status::SessionStatus;
use crate::text::nearest;

/// Conditions that shown sessions must meet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListFilter {
    /// The status is one of these; if empty, it does not matter.
    pub statuses: Vec<String>,
    /// The deadline is before this time.
    pub due_before: Option<Timestamp>,
    /// The candidate has not finished, and has made no progress since then.
    pub idle_since: Option<Timestamp>,
}

impl ListFilter {
    /// Returns whether `session` meets all conditions.
    pub fn matches(&self, session: &Session) -> bool {
        let status = session.status.as_deref().unwrap_or_default();
        let due = || session.due_date.as_ref().and_then(Time::timestamp);
        (self.statuses.is_empty() || self.statuses.iter().any(|wanted| wanted == status))
            && self
                .due_before
                .is_none_or(|end| due().is_some_and(|due| due < end))
            && self.idle_since.is_none_or(|since| {
                is_unfinished(session) && last_progress(session).is_none_or(|last| last <= since)
            })
    }

    /// Returns the wanted statuses that are not documented and that no session in `funnel` has. The API may have more statuses
    /// than it documents, but one that is similar to a documented status is probably a typo.
    pub fn unknown_statuses(&self, funnel: &Funnel) -> Result<Vec<&str>, Error> {
        let is_known = |status: &str| {
            let mut others = funnel.others.iter();
            SessionStatus::of(status).is_some()
                || others.any(|stage| stage.status.as_deref() == Some(status))
        };
        let unknown = self.statuses.iter().map(String::as_str);
        let unknown: Vec<&str> = unknown.filter(|status| !is_known(status)).collect();
        match unknown
            .iter()
            .find(|status| nearest(status, statuses()).is_some())
        {
            Some(status) => Err(Error::Status {
                status: (*status).to_owned(),
            }),
            None => Ok(unknown),
        }
    }
}

/// A column and a direction; sessions without a value come last in both directions.
#[derive(Clone, Debug)]
pub struct SortKey {
    field: Field,
    descending: bool,
}

impl SortKey {
    /// Parses `due_date`, or `-due_date` for descending order.
    pub fn parse(text: &str, sessions: &[Session]) -> Result<Self, Error> {
        let text = text.trim();
        let descending = text.strip_prefix('-');
        Ok(Self {
            field: Field::find(descending.unwrap_or(text), sessions)?,
            descending: descending.is_some(),
        })
    }

    fn compare(&self, one: &Session, other: &Session) -> Ordering {
        let (one, other) = (self.field.content(one), self.field.content(other));
        match (one, other) {
            (FieldValue::Nothing, FieldValue::Nothing) => Ordering::Equal,
            (FieldValue::Nothing, _) => Ordering::Greater,
            (_, FieldValue::Nothing) => Ordering::Less,
            _ => {
                let order = self.compare_values(one, other);
                if self.descending {
                    order.reverse()
                } else {
                    order
                }
            }
        }
    }

    fn compare_values(&self, one: FieldValue, other: FieldValue) -> Ordering {
        match (one, other) {
            (FieldValue::At(one), FieldValue::At(other)) => one.cmp(&other),
            (FieldValue::Text(one), FieldValue::Text(other)) if self.field.name == "status" => {
                // Undocumented statuses come last.
                let place =
                    |name| SessionStatus::of(name).map_or((1, None), |status| (0, Some(status)));
                place(one).cmp(&place(other)).then_with(|| one.cmp(other))
            }
            (FieldValue::Text(one), FieldValue::Text(other)) => {
                one.to_lowercase().cmp(&other.to_lowercase())
            }
            (FieldValue::Json(one), FieldValue::Json(other)) => {
                match (one.as_f64(), other.as_f64()) {
                    (Some(one), Some(other)) => one.total_cmp(&other),
                    _ => one.to_string().cmp(&other.to_string()),
                }
            }
            // Values of different types in one column are grouped by type.
            (one, other) => type_rank(one).cmp(&type_rank(other)),
        }
    }
}

/// Sorts `sessions` by the first of `keys`, ties by the next, and so on.
pub fn sort(sessions: &mut [&Session], keys: &[SortKey]) {
    sessions.sort_by(|one, other| {
        let mut compared = keys.iter().map(|key| key.compare(one, other));
        compared
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}

fn type_rank(value: FieldValue) -> u8 {
    match value {
        FieldValue::At(_) => 0,
        FieldValue::Text(_) => 1,
        FieldValue::Json(_) => 2,
        FieldValue::Nothing => 3,
    }
}
