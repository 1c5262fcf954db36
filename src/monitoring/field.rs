//! What there is to know of a session, by name.

use jiff::Timestamp;
use serde_json::Value;

use super::Error;
use super::progress::last_progress;
use crate::api::{Session, Time, snake_case};

/// A field of a session, by the name that scripts know it by.
#[derive(Clone, Debug)]
pub struct Field {
    name: String,
    source: FieldSource,
}

#[derive(Clone, Copy, Debug)]
enum FieldSource {
    Documented(Getter),
    /// What the API sends besides the documented.
    Undocumented,
}

/// What a session has in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldValue<'a> {
    /// Nothing.
    Nothing,
    /// A text.
    Text(&'a str),
    /// An instant.
    At(Timestamp),
    /// What is not documented, as it came.
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
    /// The names of all documented fields, and of `last_progress_at`, which follows from them.
    pub const NAMES: [&str; DOCUMENTED.len()] = {
        let mut names = [""; DOCUMENTED.len()];
        let mut at = 0;
        while at < DOCUMENTED.len() {
            names[at] = DOCUMENTED[at].0;
            at += 1;
        }
        names
    };

    /// Finds the field called `name`: a documented one, or one that some of `sessions` have. Where there are no sessions, nobody
    /// knows what the API would send.
    ///
    /// # Errors
    /// There is none.
    pub fn find(name: &str, sessions: &[Session]) -> Result<Self, Error> {
        let name = name.trim();
        let known = DOCUMENTED.iter().find(|(known, _)| *known == name);
        let source = known.map(|(_, read)| FieldSource::Documented(*read));
        let source = source.or_else(|| {
            let mut all = sessions.iter();
            let is_known = all.any(|each| other(each, name).is_some());
            (is_known || sessions.is_empty()).then_some(FieldSource::Undocumented)
        });
        let source = source.ok_or_else(|| Error::UnknownColumn {
            name: name.to_owned(),
            others: others(sessions),
        })?;
        Ok(Self {
            name: name.to_owned(),
            source,
        })
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what `session` has in it.
    #[must_use]
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

fn others(sessions: &[Session]) -> Vec<String> {
    let keys = sessions.iter().flat_map(|session| session.extra.keys());
    let mut names: Vec<String> = keys.map(|key| snake_case(key)).collect();
    names.sort_unstable();
    names.dedup();
    names
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
