//! The order in which sessions are shown.

use std::cmp::Ordering;

use super::{Content, Error, Field};
use crate::api::Session;
use crate::status::Status;

/// By one field, upwards or downwards; sessions that have nothing in it come last either way.
#[derive(Clone, Debug)]
pub struct Order {
    field: Field,
    is_downward: bool,
}

impl Order {
    /// Reads `due_date`, or `-due_date` for downwards.
    ///
    /// # Errors
    /// There is no such field.
    pub fn parse(text: &str, sessions: &[Session]) -> Result<Self, Error> {
        let text = text.trim();
        let down = text.strip_prefix('-');
        Ok(Self {
            field: Field::find(down.unwrap_or(text), sessions)?,
            is_downward: down.is_some(),
        })
    }

    fn compare(&self, one: &Session, other: &Session) -> Ordering {
        let (one, other) = (self.field.content(one), self.field.content(other));
        match (one, other) {
            (Content::Nothing, Content::Nothing) => Ordering::Equal,
            (Content::Nothing, _) => Ordering::Greater,
            (_, Content::Nothing) => Ordering::Less,
            _ => {
                let order = self.compare_contents(one, other);
                if self.is_downward {
                    order.reverse()
                } else {
                    order
                }
            }
        }
    }

    fn compare_contents(&self, one: Content, other: Content) -> Ordering {
        match (one, other) {
            (Content::At(one), Content::At(other)) => one.cmp(&other),
            (Content::Text(one), Content::Text(other)) if self.field.name() == "status" => {
                // Those that are not documented come last.
                let place = |name| Status::of(name).map_or((1, None), |status| (0, Some(status)));
                place(one).cmp(&place(other)).then_with(|| one.cmp(other))
            }
            (Content::Text(one), Content::Text(other)) => {
                one.to_lowercase().cmp(&other.to_lowercase())
            }
            (Content::Json(one), Content::Json(other)) => match (one.as_f64(), other.as_f64()) {
                (Some(one), Some(other)) => one.total_cmp(&other),
                _ => one.to_string().cmp(&other.to_string()),
            },
            // An instant, a text and a number in the same field: like beside like.
            (one, other) => kind(one).cmp(&kind(other)),
        }
    }
}

/// Sorts `sessions` by the first of `orders`, those alike by the next, and so on.
pub fn sort(sessions: &mut [&Session], orders: &[Order]) {
    sessions.sort_by(|one, other| {
        let mut compared = orders.iter().map(|order| order.compare(one, other));
        compared
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
}

fn kind(content: Content) -> u8 {
    match content {
        Content::At(_) => 0,
        Content::Text(_) => 1,
        Content::Json(_) => 2,
        Content::Nothing => 3,
    }
}
