//! Checking an invitation before it is sent.

use std::sync::Arc;

use jiff::Timestamp;

use super::assessment_deadline::AssessmentDeadline;
use super::problem::{GivenCandidate, Problem};
use super::session_differences::RequestedTerms;
use crate::interpretation::Interpretation;
use crate::people::{interpret_domain, name_from_email, parse_email};
use crate::text::{describe_letters, is_control_or_bidi, trim_invisible};
use crate::time::DateTime;

/// The assessment candidates are invited to.
#[derive(Debug, PartialEq, Eq)]
pub struct Target {
    pub id: String,
    /// The name of the assessment, or its id if it has none.
    pub label: String,
    /// Whether it accepts invitations, if the API says so.
    pub is_active: Option<bool>,
    /// For invitations without a deadline of their own.
    pub deadline: Option<AssessmentDeadline>,
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
    /// What a person should see about the address.
    pub interpretation: Option<Interpretation>,
}

/// A change of a session, as the script requests it.
#[derive(Clone, Debug)]
pub struct SessionRequest {
    /// The id of the session.
    pub session: String,
    /// The candidate's address and name, if they are known.
    pub email: Option<String>,
    pub name: Option<String>,
    pub target: Arc<Target>,
}

/// What the script decided about a row.
#[derive(Clone, Debug)]
pub enum RowDecision {
    Invite(InviteRequest),
    Change(SessionRequest),
    /// Skip the row for this reason.
    Skip(String),
    Invalid(Problem),
}

impl Invitation {
    /// Returns the name and the deadline that it asks for.
    pub fn requested_terms(&self) -> RequestedTerms<'_> {
        RequestedTerms {
            name: self.has_explicit_name.then_some(&self.name),
            due_date: self.due_date.as_ref(),
        }
    }

    /// Checks `request`, with deadlines compared to `now`.
    pub fn check(request: InviteRequest, now: Timestamp) -> Result<Self, Problem> {
        let given_name = one_line(request.name.as_deref().unwrap_or(""));
        match find_problem(&request, &given_name, now) {
            Ok((email, name)) => Ok(Self {
                interpretation: interpret_domain(&request.email, &email),
                email,
                has_explicit_name: !given_name.is_empty(),
                name,
                due_date: request.due_date,
                send_email: request.send_email,
                target: request.target,
            }),
            Err(problem) => Err(Problem {
                candidate: Box::new(GivenCandidate {
                    email: Some(request.email).filter(|email| !email.trim().is_empty()),
                    name: Some(given_name).filter(|name| !name.is_empty()),
                }),
                ..problem
            }),
        }
    }
}

/// Returns the address and the name to send, or why the request cannot be sent.
fn find_problem(
    request: &InviteRequest,
    given_name: &str,
    now: Timestamp,
) -> Result<(String, String), Problem> {
    let email =
        parse_email(&request.email).map_err(|error| Problem::email(&request.email, error))?;
    let is_control = |letter: &char| is_control_or_bidi(*letter) && !is_direction_mark(*letter);
    if given_name.contains(|letter| is_control(&letter)) {
        let wrong = describe_letters(given_name.chars().filter(is_control));
        let reason = format!("not a name ({wrong} inside)");
        return Err(Problem::of_field(
            "name",
            Some(given_name.to_owned()),
            reason,
        ));
    }
    let name = if given_name.is_empty() {
        name_from_email(&email)
    } else {
        given_name.to_owned()
    };
    if name.is_empty() {
        let reason = "no name is given and none can be derived from the address";
        return Err(Problem::of_field("name", Some(email), reason.to_owned()));
    }
    let due_date = request.due_date.as_ref();
    if let Some(due) = due_date.filter(|due| due.timestamp() <= now) {
        return Err(Problem::expired(due));
    }
    if request.target.is_active == Some(false) {
        let label = request.target.label.clone();
        let reason = "the assessment is not active".to_owned();
        return Err(Problem::of_field("assessment", Some(label), reason));
    }
    if let (None, Some(deadline)) = (due_date, &request.target.deadline)
        && let Some(problem) = deadline.problem(&request.target.label, now)
    {
        return Err(problem);
    }
    Ok((email, name))
}

/// Returns whether `letter` is a mark that names in Arabic and Hebrew letters may have.
fn is_direction_mark(letter: char) -> bool {
    matches!(letter, '\u{61C}' | '\u{200E}' | '\u{200F}')
}

/// Removes invisible characters around a name, and line breaks inside, which a quoted CSV field may hold.
fn one_line(name: &str) -> String {
    let words: Vec<&str> = trim_invisible(name).split_whitespace().collect();
    words.join(" ")
}
