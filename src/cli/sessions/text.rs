//! Sessions as text: a table, the funnel below it, and the deadlines that are over or near.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::api::Session;
use crate::bulk::cell_text;
use crate::monitoring::{Deadlines, Field, FieldValue, Funnel, display_name};
use crate::table::draw;
use crate::text::{count, escape_line};
use crate::time::DateTime;

/// Deadlines within this time are listed.
const DUE_SOON: SignedDuration = SignedDuration::from_hours(24);
/// How many candidates are listed per kind of deadline.
const MAX_NAMED: usize = 5;

/// Returns a table of sessions, with times in `zone`.
pub(super) fn table(
    columns: &[Field],
    sessions: &[&Session],
    zone: &TimeZone,
    width: Option<u16>,
) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|field| escape_line(&field.name))
        .collect();
    let rows: Vec<Vec<String>> = sessions
        .iter()
        .map(|session| {
            let fields = columns.iter();
            fields
                .map(|field| match field.content(session) {
                    FieldValue::At(at) => DateTime::of(at, zone).to_minute(),
                    content => escape_line(&text(content)),
                })
                .collect()
        })
        .collect();
    draw(&names, &rows, width)
}

/// Returns the cells of a session for CSV.
pub(super) fn cells(columns: &[Field], session: &Session) -> Vec<String> {
    let fields = columns.iter();
    fields.map(|field| text(field.content(session))).collect()
}

/// Returns a session for other programs.
pub(super) fn record(columns: &[Field], session: &Session) -> Map<String, Value> {
    let value = |field: &Field| match field.content(session) {
        FieldValue::Nothing => Value::Null,
        FieldValue::Json(value) => value.clone(),
        content => Value::String(text(content)),
    };
    let fields = columns.iter();
    fields
        .map(|field| (field.name.clone(), value(field)))
        .collect()
}

/// Describes the `shown` sessions of `total`: their funnel, and the deadlines that are over or near.
pub(super) fn summary(shown: &[&Session], total: usize, now: Timestamp, zone: &TimeZone) -> String {
    let mut text = match (total, shown.len()) {
        (0, _) => return "no sessions".to_owned(),
        (total, shown) if total == shown => count(total, "session"),
        (total, shown) => format!("{shown} of {}", count(total, "session")),
    };
    if shown.is_empty() {
        return text;
    }
    let funnel = Funnel::of(shown.iter().copied());
    let _ = write!(text, ": {}", escape_line(&funnel.to_string()));
    let deadlines = Deadlines::of(shown.iter().copied(), now);
    let near = deadlines.before(now.checked_add(DUE_SOON).unwrap_or(Timestamp::MAX));
    for (title, found) in [
        ("past the deadline", &*deadlines.past),
        ("due within a day", near),
    ] {
        if !found.is_empty() {
            let _ = write!(text, "\n{title}: {}", deadline_list(found, zone));
        }
    }
    text
}

/// Returns the number of deadlines, and the first of them line by line.
fn deadline_list(found: &[(Timestamp, &Session)], zone: &TimeZone) -> String {
    let mut text = found.len().to_string();
    for (due, session) in found.iter().take(MAX_NAMED) {
        let due = DateTime::of(*due, zone).to_minute();
        let _ = write!(text, "\n  {due}  {}", escape_line(display_name(session)));
    }
    let more = found.len().saturating_sub(MAX_NAMED);
    if more > 0 {
        let _ = write!(text, "\n  … {more} more");
    }
    text
}

fn text(content: FieldValue) -> String {
    match content {
        FieldValue::Nothing => String::new(),
        FieldValue::Text(text) => text.to_owned(),
        FieldValue::At(at) => at.to_string(),
        FieldValue::Json(value) => cell_text(value).into_owned(),
    }
}
