//! The name and the deadline in force for an invited candidate, whatever the row asked for.

use std::fmt;

use jiff::tz::TimeZone;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use crate::time::DateTime;

/// What the API says about a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTerms {
    /// The candidate's name, if it is known.
    pub name: Option<String>,
    pub deadline: SessionDeadline,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionDeadline {
    /// It has none of its own, so that of the assessment holds.
    Inherited,
    At(DateTime),
    /// In a format that is not documented.
    Text(String),
}

/// Marks an undocumented format in the ledger.
const TEXT_MARK: char = '?';

impl SessionDeadline {
    /// Returns the deadline that a row asks for.
    pub fn of(requested: Option<&DateTime>) -> Self {
        requested.cloned().map_or(Self::Inherited, Self::At)
    }

    pub fn time(&self) -> Option<&DateTime> {
        match self {
            Self::At(at) => Some(at),
            Self::Inherited | Self::Text(_) => None,
        }
    }

    /// Returns the same deadline in `zone`.
    #[must_use]
    pub fn in_tz(self, zone: &TimeZone) -> Self {
        match self {
            Self::At(at) => Self::At(at.in_tz(zone.clone())),
            other => other,
        }
    }

    /// Returns the form that `describe` gives it, or the text of the API; `None` if it is inherited.
    pub fn to_text(&self, describe: impl FnOnce(&DateTime) -> String) -> Option<String> {
        match self {
            Self::Inherited => None,
            Self::At(at) => Some(describe(at)),
            Self::Text(text) => Some(text.clone()),
        }
    }
}

impl fmt::Display for SessionDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inherited => f.write_str("none of its own"),
            Self::At(at) => at.fmt(f),
            Self::Text(text) => write!(f, "`{text}`"),
        }
    }
}

/// Stored as empty text, as a time with its zone, or as the text of the API after [`TEXT_MARK`].
impl ToSql for SessionDeadline {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Inherited => String::new(),
            Self::At(at) => at.to_text(),
            Self::Text(text) => format!("{TEXT_MARK}{text}"),
        }))
    }
}

impl FromSql for SessionDeadline {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        match text.strip_prefix(TEXT_MARK) {
            Some(text) => Ok(Self::Text(text.to_owned())),
            None if text.is_empty() => Ok(Self::Inherited),
            None => DateTime::column_result(value).map(Self::At),
        }
    }
}

/// Reads the columns `session_name` and `session_due_date`, of which the first has this index. `None` if no session is known.
pub(super) fn session_terms(
    row: &rusqlite::Row<'_>,
    first: usize,
) -> rusqlite::Result<Option<SessionTerms>> {
    let Some(deadline) = row.get(first + 1)? else {
        return Ok(None);
    };
    let name = row.get(first)?;
    Ok(Some(SessionTerms { name, deadline }))
}

/// Compares two names, ignoring case. A missing name contradicts none.
pub fn is_same_name(name: &str, other: Option<&str>) -> bool {
    other.is_none_or(|other| name.to_lowercase() == other.to_lowercase())
}
