//! The columns of a session, by name.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::Error;
use super::progress::last_progress;
use crate::api::{Session, Time, snake_case};

/// A column of a session, with the name that scripts use.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name that was asked for.
    pub name: String,
    source: FieldSource,
}

#[derive(Clone, Copy, Debug)]
enum FieldSource {
    Documented(Getter),
    Undocumented,
}

/// The value of a session in a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldValue<'a> {
    Nothing,
    Text(&'a str),
    At(Timestamp),
    /// An undocumented value other than a text, as the API sends it.
    Json(&'a Value),
}

type Getter = fn(&Session) -> FieldValue<'_>;

const DOCUMENTED: [(&str, Getter); 14] = [
    ("id", |s| FieldValue::Text(&s.id)),
    ("status", |s| text(s.status.as_ref())),
    ("candidate_name", |s| text(s.candidate_name.as_ref())),
    ("candidate_email", |s| text(s.candidate_email.as_ref())),
    ("candidate_id", |s| text(s.candidate_id.as_ref())),
    ("assessment_name", |s| text(s.assessment_name.as_ref())),
    ("assessment_id", |s| text(s.assessment_id.as_ref())),
    ("created_at", |s| time(s.created_at.as_ref())),
    ("setup_started_at", |s| time(s.setup_started_at.as_ref())),
    ("task_started_at", |s| time(s.task_started_at.as_ref())),
    ("submitted_at", |s| time(s.submitted_at.as_ref())),
    ("last_progress_at", |s| {
        last_progress(s).map_or(FieldValue::Nothing, FieldValue::At)
    }),
    ("due_date", |s| time(s.due_date.as_ref())),
    ("token", |s| text(s.token.as_ref())),
];

impl Field {
    /// The names of all documented columns, and `last_progress_at`, which is computed from them.
    pub const NAMES: [&str; DOCUMENTED.len()] = {
        let mut names = [""; DOCUMENTED.len()];
        let mut at = 0;
        while at < DOCUMENTED.len() {
            names[at] = DOCUMENTED[at].0;
            at += 1;
        }
        names
    };

    /// Finds a documented column, or one that some of `sessions` have. Without any sessions, every name is accepted: the API
    /// might send it.
    pub fn find(name: &str, sessions: &[Session]) -> Result<Self, Error> {
        let name = name.trim();
        let known = DOCUMENTED.iter().find(|(known, _)| *known == name);
        let source = known.map(|(_, read)| FieldSource::Documented(*read));
        let source = source.or_else(|| {
            let mut all = sessions.iter();
            let is_known = all.any(|each| other(each, name).is_some());
            (is_known || sessions.is_empty()).then_some(FieldSource::Undocumented)
        });
        let source = source.ok_or_else(|| Error::Column {
            name: name.to_owned(),
            known: known_names(sessions),
        })?;
        Ok(Self {
            name: name.to_owned(),
            source,
        })
    }

    /// Returns the value of `session` in this column.
    pub fn content<'a>(&self, session: &'a Session) -> FieldValue<'a> {
        match self.source {
            FieldSource::Documented(read) => read(session),
            FieldSource::Undocumented => match other(session, &self.name) {
                None | Some(Value::Null) => FieldValue::Nothing,
                Some(Value::String(text)) => FieldValue::Text(text),
                Some(value) => FieldValue::Json(value),
            },
        }
    }
}

fn other<'a>(session: &'a Session, name: &str) -> Option<&'a Value> {
    let mut fields = session.extra.iter();
    let found = fields.find(|(key, _)| snake_case(key) == name);
    found.map(|(_, value)| value)
}

/// Lists the documented columns, and then the others that `sessions` have.
fn known_names(sessions: &[Session]) -> Vec<String> {
    let keys = sessions.iter().flat_map(|session| session.extra.keys());
    let others: BTreeSet<String> = keys.map(|key| snake_case(key)).collect();
    Field::NAMES
        .map(str::to_owned)
        .into_iter()
        .chain(others)
        .collect()
}

fn text(text: Option<&String>) -> FieldValue<'_> {
    text.map_or(FieldValue::Nothing, |text| FieldValue::Text(text))
}

fn time(time: Option<&Time>) -> FieldValue<'_> {
    match time {
        None => FieldValue::Nothing,
        Some(Time::At(at)) => FieldValue::At(*at),
        Some(Time::Text(text)) => FieldValue::Text(text),
    }
}
