//! Why a row cannot be sent or failed, and the problems of several rows by kind.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::sample::{RowOrigin, Sample};
use crate::time::{DateOrder, DateTime};

/// An id of the API, such as that of a session or of a request.
static ID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").expect("the pattern is valid")
});

/// How many kinds of problems are kept apart.
const MAX_KINDS: usize = 20;

/// Why a row cannot be sent or failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The invalid field: one of [`FIELDS`]. `None` if the script or the API reported the problem.
    pub field: Option<&'static str>,
    /// The column that the field was read from, if it has another name.
    pub column: Option<Arc<str>>,
    /// The invalid value, if there is one.
    pub value: Option<String>,
    pub reason: String,
    /// Whether the first text in backticks in the reason is the value of the row that is invalid.
    pub names_value: bool,
    /// Whether problems with different values are of different kinds, because each value is fixed on its own.
    pub is_grouped_by_value: bool,
    /// The order of day, month and year that a date without a known order proves.
    pub proves: Option<DateOrder>,
    pub candidate: Box<GivenCandidate>,
}

/// The fields of a request that may be invalid.
const FIELDS: [&str; 4] = ["email", "name", "due_date", "assessment"];

/// What is known about the candidate of a row that is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenCandidate {
    /// The address, which may not be valid.
    pub email: Option<String>,
    pub name: Option<String>,
}

/// The problems of several rows: each kind once, with the rows that have it.
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
    /// The problem of the first of `rows`.
    pub first: Problem,
    /// Whether the problems of all rows have the same text.
    pub is_uniform: bool,
    /// Whether they have the same reason, so that they differ in the invalid value only.
    pub has_one_reason: bool,
    /// The rows, each with its value.
    pub rows: Sample<Option<String>>,
    /// The first row that proves each order of day, month and year, with its date.
    pub proofs: BTreeMap<DateOrder, (RowOrigin, String)>,
}

impl Problem {
    /// A problem that the script reported.
    pub fn of_script(reason: String) -> Self {
        Self {
            field: None,
            column: None,
            value: None,
            reason,
            names_value: false,
            is_grouped_by_value: false,
            proves: None,
            candidate: Box::default(),
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

    /// A problem that a function reported, which names a value.
    pub fn of_function(reason: String) -> Self {
        Self {
            names_value: true,
            ..Self::of_script(reason)
        }
    }

    /// A problem that the API reported for the invitation of the candidate with this address.
    pub fn of_response(email: &str, reason: String) -> Self {
        Self {
            candidate: Box::new(GivenCandidate {
                email: Some(email.to_owned()),
                name: None,
            }),
            ..Self::of_script(reason)
        }
    }

    /// Reads the problem of a row back from its note. The text stays the same, even if the note is not a problem with a field.
    pub fn of_note(note: &str, candidate: GivenCandidate) -> Self {
        let problem = Self::parse(note, candidate.name.as_deref());
        let problem = problem.unwrap_or_else(|| Self::of_script(note.to_owned()));
        Self {
            candidate: Box::new(candidate),
            ..problem
        }
    }

    fn parse(note: &str, name: Option<&str>) -> Option<Self> {
        // Which field it is does not show if it has a column of another name.
        let (field, column, rest) = if let Some(rest) = note.strip_prefix("column `") {
            let (column, rest) = rest.split_once('`')?;
            (None, Some(Arc::from(column)), rest)
        } else {
            let field = FIELDS.into_iter().find(|field| note.starts_with(field))?;
            (Some(field), None, &note[field.len()..])
        };
        let (value, reason) = match rest.strip_prefix(" `") {
            Some(rest) => {
                let (value, reason) = rest.split_once("`: ")?;
                (Some(value.to_owned()), reason)
            }
            None => (None, rest.strip_prefix(": ")?),
        };
        let may_have_name = value.is_none() && (field == Some("email") || column.is_some());
        let (field, reason) = match name.filter(|_| may_have_name) {
            None => (field, reason),
            // Problems with an address end with the name, if it is known.
            Some(name) => match reason.strip_suffix(&format!(" ({name})")) {
                Some(reason) => (Some("email"), reason),
                None if column.is_some() => (field, reason),
                None => return None,
            },
        };
        Some(Self {
            field,
            column,
            value,
            ..Self::of_script(reason.to_owned())
        })
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

    /// Returns the value of the row that is invalid, if it is known.
    pub(super) fn invalid_value(&self) -> Option<&str> {
        let named = || self.reason.split('`').nth(1).filter(|_| self.names_value);
        self.value.as_deref().or_else(named)
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

    /// Returns what problems of one kind have in common: everything but values, which are in backticks, addresses and ids.
    fn key(&self) -> String {
        if self.is_grouped_by_value {
            return self.to_string();
        }
        let email = self.candidate.email.as_deref().unwrap_or_default();
        let reason = match email.trim() {
            "" => self.reason.clone(),
            email => self.reason.replace(email, "…"),
        };
        let reason = ID.replace_all(&reason, "…");
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

impl ProblemKind {
    fn add_proof(&mut self, origin: &RowOrigin, problem: &Problem) {
        if let (Some(order), Some(date)) = (problem.proves, problem.invalid_value()) {
            let proof = self.proofs.entry(order);
            let proof = proof.or_insert_with(|| (origin.clone(), date.to_owned()));
            if origin.number < proof.0.number {
                *proof = (origin.clone(), date.to_owned());
            }
        }
    }
}

impl Problems {
    /// Adds the problem of a row. Rows may come in any order. Returns whether it is the first of a kind that is kept.
    pub fn add(&mut self, origin: RowOrigin, problem: Problem) -> bool {
        self.total += 1;
        let key = problem.key();
        let detail = problem.detail();
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.key == key) {
            kind.is_uniform &= kind.first.to_string() == problem.to_string();
            kind.has_one_reason &= kind.first.reason == problem.reason;
            kind.add_proof(&origin, &problem);
            let first = kind.rows.first.first();
            if first.is_some_and(|(first, _)| origin.number < first.number) {
                kind.first = problem;
            }
            kind.rows.add_unordered(origin, detail);
            false
        } else if self.kinds.len() < MAX_KINDS {
            let mut kind = ProblemKind {
                key,
                first: problem.clone(),
                is_uniform: true,
                has_one_reason: true,
                rows: Sample::default(),
                proofs: BTreeMap::new(),
            };
            kind.add_proof(&origin, &problem);
            kind.rows.add(origin, detail);
            self.kinds.push(kind);
            true
        } else {
            self.others += 1;
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{FIELDS, GivenCandidate, Problem, Problems};
    use crate::bulk::RowOrigin;

    const TEXTS: [Option<&str>; 11] = [
        None,
        Some(""),
        Some("a"),
        Some("`"),
        Some("`: "),
        Some("a` `b"),
        Some("x: y"),
        Some("no (a)"),
        Some("column `x`: y"),
        Some("email: y"),
        Some("email: y (a)"),
    ];

    fn check_text(problem: &Problem) {
        let text = problem.to_string();
        let read = Problem::of_note(&text, (*problem.candidate).clone());
        assert_eq!(read.to_string(), text, "{problem:?}");
    }

    #[test]
    fn a_problem_that_was_read_back_has_the_same_text() {
        for reason in TEXTS.into_iter().flatten() {
            for name in TEXTS {
                let candidate = Box::new(GivenCandidate {
                    email: None,
                    name: name.map(str::to_owned),
                });
                let of_script = Problem::of_script(reason.to_owned());
                check_text(&Problem {
                    candidate: candidate.clone(),
                    ..of_script
                });
                for (field, column, value) in FIELDS
                    .into_iter()
                    .flat_map(|field| TEXTS.map(|column| (field, column)))
                    .flat_map(|(field, column)| TEXTS.map(|value| (field, column, value)))
                {
                    let value = value.map(str::to_owned);
                    check_text(&Problem {
                        column: column.map(Arc::from),
                        candidate: candidate.clone(),
                        ..Problem::of_field(field, value, reason.to_owned())
                    });
                }
            }
        }
    }

    #[test]
    fn problems_that_were_read_back_have_the_same_kinds() {
        let of_row = |number: u32| {
            let name = Some(format!("Name {number}"));
            let value = Some(format!("{number}@@x.com"));
            let mut problems = [
                Problem::of_field("email", value, "more than one `@`".to_owned()),
                Problem::of_field("email", None, "no address".to_owned()),
                Problem::of_script("no rule".to_owned()),
            ];
            problems[0].column = Some("E-Mail".into());
            problems.map(|problem| Problem {
                candidate: Box::new(GivenCandidate {
                    email: None,
                    name: name.clone(),
                }),
                ..problem
            })
        };
        let (mut stored, mut read) = (Problems::default(), Problems::default());
        for number in (1..=3).rev() {
            for problem in of_row(number) {
                let origin = RowOrigin {
                    number,
                    location: None,
                };
                let note = problem.to_string();
                read.add(
                    origin.clone(),
                    Problem::of_note(&note, (*problem.candidate).clone()),
                );
                stored.add(origin, problem);
            }
        }
        for problems in [&stored, &read] {
            let kinds = problems.kinds.iter();
            let kinds =
                kinds.map(|kind| (kind.first.to_string(), kind.rows.total, kind.has_one_reason));
            let expected = [
                "column `E-Mail` `1@@x.com`: more than one `@`",
                "email: no address (Name 1)",
                "no rule",
            ];
            assert!(
                kinds.eq(expected.map(|text| (text.to_owned(), 3, true))),
                "{problems:?}"
            );
        }
    }
}
