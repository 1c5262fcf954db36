//! The order in which sessions are shown.

use std::cmp::Ordering;

use super::{Error, Field, FieldValue};
use crate::api::Session;
use crate::session_status::SessionStatus;

/// By one field, upwards or downwards; sessions that have nothing in it come last either way.
#[derive(Clone, Debug)]
pub struct SortKey {
    field: Field,
    descending: bool,
}

impl SortKey {
    /// Reads `due_date`, or `-due_date` for downwards.
    ///
    /// # Errors
    /// There is no such field.
    pub fn parse(text: &str, sessions: &[Session]) -> Result<Self, Error> {
        let text = text.trim();
        let down = text.strip_prefix('-');
        Ok(Self {
            field: Field::find(down.unwrap_or(text), sessions)?,
            descending: down.is_some(),
        })
    }

    fn compare(&self, one: &Session, other: &Session) -> Ordering {
        let (one, other) = (self.field.content(one), self.field.content(other));
        match (one, other) {
            (FieldValue::Nothing, FieldValue::Nothing) => Ordering::Equal,
            (FieldValue::Nothing, _) => Ordering::Greater,
            (_, FieldValue::Nothing) => Ordering::Less,
            _ => {
                let order = self.compare_contents(one, other);
                if self.descending {
                    order.reverse()
                } else {
                    order
                }
            }
        }
    }

    fn compare_contents(&self, one: FieldValue, other: FieldValue) -> Ordering {
        match (one, other) {
            (FieldValue::At(one), FieldValue::At(other)) => one.cmp(&other),
            (FieldValue::Text(one), FieldValue::Text(other)) if self.field.name() == "status" => {
                // Those that are not documented come last.
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
            // An instant, a text and a number in the same field: like beside like.
            (one, other) => kind(one).cmp(&kind(other)),
        }
    }
}

/// Sorts `sessions` by the first of `orders`, those alike by the next, and so on.
pub fn sort(sessions: &mut [&Session], orders: &[SortKey]) {
    sessions.sort_by(|one, other| {
        let mut compared = orders.iter().map(|order| order.compare(one, other));
        compared
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}

fn kind(content: FieldValue) -> u8 {
    match content {
        FieldValue::At(_) => 0,
        FieldValue::Text(_) => 1,
        FieldValue::Json(_) => 2,
        FieldValue::Nothing => 3,
    }
}
