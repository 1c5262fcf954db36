//! Sorts sessions.

use std::cmp::Ordering;

use super::{Error, Field, FieldValue};
use crate::api::Session;
use crate::session_status::SessionStatus;

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
            (FieldValue::Text(one), FieldValue::Text(other)) if self.field.name() == "status" => {
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
