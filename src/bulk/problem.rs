//! Why a row cannot be sent, and the problems of a plan by kind.

use std::fmt;
use std::sync::Arc;

use super::sample::{RowOrigin, Sample};
use crate::time::DateTime;

/// How many kinds of problems are kept apart.
const MAX_KINDS: usize = 20;

/// Why a row cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The invalid field: `email`, `name`, `due_date` or `assessment`. `None` if the script reported the problem.
    pub field: Option<&'static str>,
    /// The column that the field was read from, if it has another name.
    pub column: Option<Arc<str>>,
    /// The invalid value, if there is one.
    pub value: Option<String>,
    pub reason: String,
    pub candidate: GivenCandidate,
}

/// What is known about the candidate of a row that is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenCandidate {
    /// The address, which may not be valid.
    pub email: Option<String>,
    pub name: Option<String>,
}

/// The problems of a plan: each kind once, with the rows that have it.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    pub total: u64,
    pub kinds: Vec<ProblemKind>,
    /// How many rows have a problem of a kind that was not kept.
    pub others: u64,
}

/// Problems that differ at most in values.
#[derive(Clone, Debug)]
pub struct ProblemKind {
    key: String,
    /// The problem of the first row.
    pub first: Problem,
    /// Whether the problems of all rows have the same text.
    pub is_uniform: bool,
    /// Whether they have the same reason, so that they differ in the invalid value only.
    pub has_one_reason: bool,
    /// The rows, each with its value.
    pub rows: Sample<Option<String>>,
}

impl Problem {
    /// A problem that the script reported.
    pub fn of_script(reason: String) -> Self {
        Self {
            field: None,
            column: None,
            value: None,
            reason,
            candidate: GivenCandidate::default(),
        }
    }

    /// A problem with a field of a request.
    pub fn of_field(field: &'static str, value: Option<String>, reason: String) -> Self {
        Self {
            field: Some(field),
            value,
            ..Self::of_script(reason)
        }
    }

    pub fn expired(due: &DateTime) -> Self {
        let reason = "the deadline has passed".to_owned();
        Self::of_field("due_date", Some(due.to_string()), reason)
    }

    /// For a row whose assessment is not in its run, because someone edited the ledger by hand.
    pub(super) fn no_target(number: u32) -> Self {
        let reason = "the run has no assessment with this number".to_owned();
        Self::of_field("assessment", Some(number.to_string()), reason)
    }

    pub fn email(value: &str, reason: impl fmt::Display) -> Self {
        let value = Some(value.to_owned()).filter(|value| !value.trim().is_empty());
        let reason = match value {
            Some(_) => format!("not an email address ({reason})"),
            None => reason.to_string(),
        };
        Self::of_field("email", value, reason)
    }

    /// Returns what distinguishes this row from others with the problem: the value, or else the candidate's name.
    fn detail(&self) -> Option<String> {
        match (&self.value, &self.candidate.name) {
            (Some(value), _) => Some(format!("`{value}`")),
            // Only the name shows whose row it is.
            (None, Some(name)) if self.field == Some("email") => Some(format!("({name})")),
            _ => None,
        }
    }

    /// Returns the name of the field or of its column.
    fn label(&self) -> Option<String> {
        match &self.column {
            Some(column) => Some(format!("column `{column}`")),
            None => self.field.map(ToOwned::to_owned),
        }
    }

    /// Returns what problems of one kind have in common: everything but values, which are in backticks, and addresses.
    fn key(&self) -> String {
        let email = self.candidate.email.as_deref().unwrap_or_default();
        let reason = match email.trim() {
            "" => self.reason.clone(),
            email => self.reason.replace(email, "…"),
        };
        let pieces = reason.split('`').enumerate();
        let masked = pieces.map(|(index, piece)| if index % 2 == 0 { piece } else { "…" });
        let masked: Vec<&str> = masked.collect();
        format!("{}: {}", self.label().unwrap_or_default(), masked.join("`"))
    }

    /// Returns the problem without the value of the row.
    pub fn headline(&self) -> String {
        match self.label() {
            Some(label) => format!("{label}: {}", self.reason),
            None => self.reason.clone(),
        }
    }
}

/// For example ``email `jane@@x.com`: not an email address (more than one `@`)``.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.label(), self.detail()) {
            (Some(label), Some(detail)) if self.value.is_some() => {
                write!(f, "{label} {detail}: {}", self.reason)
            }
            (_, Some(detail)) => write!(f, "{} {detail}", self.headline()),
            (_, None) => f.write_str(&self.headline()),
        }
    }
}

impl Problems {
    pub(super) fn add(&mut self, origin: RowOrigin, problem: Problem) {
        self.total += 1;
        let key = problem.key();
        let detail = problem.detail();
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.key == key) {
            kind.is_uniform &= kind.first.to_string() == problem.to_string();
            kind.has_one_reason &= kind.first.reason == problem.reason;
            kind.rows.add(origin, detail);
        } else if self.kinds.len() < MAX_KINDS {
            let mut rows = Sample::default();
            rows.add(origin, detail);
            self.kinds.push(ProblemKind {
                key,
                first: problem,
                is_uniform: true,
                has_one_reason: true,
                rows,
            });
        } else {
            self.others += 1;
        }
    }
}
