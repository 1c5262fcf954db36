//! One invitation, checked: what may be sent, and what is wrong with what may not.

use std::sync::Arc;

use jiff::Timestamp;

use crate::people::{EmailError, name_from_email, parse_email, trim_invisible};
use crate::time::DateTime;

/// The assessment candidates are invited to.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    /// Its id.
    pub id: String,
    /// Its name, or its id where it has none.
    pub label: String,
    /// Whether it takes invitations, where the API says so.
    pub is_active: Option<bool>,
}

/// An invitation as it was asked for, unchecked.
#[derive(Clone, Debug)]
pub struct InviteRequest {
    /// The candidate's address.
    pub email: String,
    /// The candidate's name; blank or missing, it is derived from the address.
    pub name: Option<String>,
    /// The candidate's own deadline.
    pub due_date: Option<DateTime>,
    /// `false`: the service sends no email.
    pub send_email: Option<bool>,
    /// What they are invited to.
    pub target: Arc<Target>,
}

/// An invitation that may be sent.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The candidate's address, trimmed, its domain in ASCII.
    pub email: String,
    /// The candidate's name, given or derived.
    pub name: String,
    /// Somebody gave it.
    pub has_explicit_name: bool,
    /// The candidate's own deadline, in the zone it was given in.
    pub due_date: Option<DateTime>,
    /// `false`: the service sends no email.
    pub send_email: Option<bool>,
    /// What they are invited to.
    pub target: Arc<Target>,
}

/// Why a row cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong: `email`, `name`, `due_date`, `assessment`, or `row` where the script said so.
    pub field: &'static str,
    /// The value that is wrong, where one is.
    pub value: Option<String>,
    /// Why.
    pub reason: String,
}

/// What a script made of a row.
#[derive(Clone, Debug)]
pub enum RowDecision {
    /// Invite this candidate.
    Invite(InviteRequest),
    /// Leave the row out, for this reason.
    Skip(String),
    /// The row is wrong.
    Invalid(Problem),
}

impl Invitation {
    /// Checks `request` as of the instant `now`.
    ///
    /// # Errors
    /// The address is none, no name is given or can be derived, the deadline has passed, or the assessment is closed.
    pub fn check(request: InviteRequest, now: Timestamp) -> Result<Self, Problem> {
        let given = one_line(request.name.as_deref().unwrap_or(""));
        let email = parse_email(&request.email).map_err(|error| match error {
            // Nothing else tells whose row it is.
            EmailError::Empty if !given.is_empty() => {
                Problem::email("", format!("{error} ({given})"))
            }
            _ => Problem::email(&request.email, error),
        })?;
        let has_explicit_name = !given.is_empty();
        let name = if given.is_empty() {
            name_from_email(&email)
        } else {
            given
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

/// Returns a name without invisible characters around it, and without line breaks inside, which a quoted field may hold.
fn one_line(name: &str) -> String {
    let words: Vec<&str> = trim_invisible(name).split_whitespace().collect();
    words.join(" ")
}

impl Problem {
    /// Describes a deadline that has passed.
    #[must_use]
    pub fn expired(due: &DateTime) -> Self {
        Self {
            field: "due_date",
            value: Some(due.to_string()),
            reason: "the deadline has passed".to_owned(),
        }
    }

    /// Describes a row without an assessment among those of its run: the ledger was changed by hand.
    pub(super) fn no_target(number: u32) -> Self {
        Self {
            field: "assessment",
            value: Some(number.to_string()),
            reason: "the run has no assessment with this number".to_owned(),
        }
    }

    /// Describes why `value` is no address.
    #[must_use]
    pub fn email(value: &str, reason: impl std::fmt::Display) -> Self {
        let value = Some(value.to_owned()).filter(|value| !value.trim().is_empty());
        Self {
            field: "email",
            reason: match value {
                Some(_) => format!("no email address ({reason})"),
                None => reason.to_string(),
            },
            value,
        }
    }
}

/// Shows the value and what is wrong with it: ``email `jane@@x.com`: no email address (more than one `@`)``.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{} `{value}`: {}", self.field, self.reason),
            None => write!(f, "{}: {}", self.field, self.reason),
        }
    }
}
