//! Checking an invitation before it is sent.

use std::sync::Arc;

use jiff::Timestamp;

use crate::people::{EmailError, name_from_email, parse_email, trim_invisible};
use crate::time::DateTime;

/// The assessment candidates are invited to.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    pub id: String,
    /// The name of the assessment, or its id if it has none.
    pub label: String,
    /// Whether it accepts invitations, if the API says so.
    pub is_active: Option<bool>,
}

/// An unchecked invitation, as the script requests it.
#[derive(Clone, Debug)]
pub struct InviteRequest {
    pub email: String,
    /// If blank or missing, the name is derived from the address.
    pub name: Option<String>,
    pub due_date: Option<DateTime>,
    /// `Some(false)`: the service sends no email.
    pub send_email: Option<bool>,
    pub target: Arc<Target>,
}

/// A checked invitation.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The candidate's address, trimmed, its domain in ASCII.
    pub email: String,
    pub name: String,
    /// The name was given, not derived from the address.
    pub has_explicit_name: bool,
    /// The deadline, in the zone it was given in.
    pub due_date: Option<DateTime>,
    /// `Some(false)`: the service sends no email.
    pub send_email: Option<bool>,
    pub target: Arc<Target>,
}

/// Why a row cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The invalid field: `email`, `name`, `due_date` or `assessment`; `row` if the script reported the problem.
    pub field: &'static str,
    /// The invalid value, if there is one.
    pub value: Option<String>,
    pub reason: String,
}

/// What the script decided about a row.
#[derive(Clone, Debug)]
pub enum RowDecision {
    Invite(InviteRequest),
    /// Skip the row for this reason.
    Skip(String),
    Invalid(Problem),
}

impl Invitation {
    /// Checks `request`, with deadlines compared to `now`.
    pub fn check(request: InviteRequest, now: Timestamp) -> Result<Self, Problem> {
        let given_name = one_line(request.name.as_deref().unwrap_or(""));
        let email = parse_email(&request.email).map_err(|error| match error {
            // Only the name shows whose row it is.
            EmailError::Empty if !given_name.is_empty() => {
                Problem::email("", format!("{error} ({given_name})"))
            }
            _ => Problem::email(&request.email, error),
        })?;
        let has_explicit_name = !given_name.is_empty();
        let name = if has_explicit_name {
            given_name
        } else {
            name_from_email(&email)
        };
        if name.is_empty() {
            return Err(Problem {
                field: "name",
                value: Some(email),
                reason: "no name is given and none can be derived from the address".to_owned(),
            });
        }
        if let Some(due) = request
            .due_date
            .as_ref()
            .filter(|due| due.timestamp() <= now)
        {
            return Err(Problem::expired(due));
        }
        if request.target.is_active == Some(false) {
            return Err(Problem {
                field: "assessment",
                value: Some(request.target.label.clone()),
                reason: "the assessment is not active".to_owned(),
            });
        }
        Ok(Self {
            email,
            name,
            has_explicit_name,
            due_date: request.due_date,
            send_email: request.send_email,
            target: request.target,
        })
    }
}

/// Removes invisible characters around a name, and line breaks inside, which a quoted CSV field may hold.
fn one_line(name: &str) -> String {
    let words: Vec<&str> = trim_invisible(name).split_whitespace().collect();
    words.join(" ")
}

impl Problem {
    pub fn expired(due: &DateTime) -> Self {
        Self {
            field: "due_date",
            value: Some(due.to_string()),
            reason: "the deadline has passed".to_owned(),
        }
    }

    /// For a row whose assessment is not in its run, because someone edited the ledger by hand.
    pub(super) fn no_target(number: u32) -> Self {
        Self {
            field: "assessment",
            value: Some(number.to_string()),
            reason: "the run has no assessment with this number".to_owned(),
        }
    }

    pub fn email(value: &str, reason: impl std::fmt::Display) -> Self {
        let value = Some(value.to_owned()).filter(|value| !value.trim().is_empty());
        Self {
            field: "email",
            reason: match value {
                Some(_) => format!("not an email address ({reason})"),
                None => reason.to_string(),
            },
            value,
        }
    }
}

/// For example ``email `jane@@x.com`: not an email address (more than one `@`)``.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} `{value}`: {}", self.field, self.reason),
            None => write!(f, "{}: {}", self.field, self.reason),
        }
    }
}
