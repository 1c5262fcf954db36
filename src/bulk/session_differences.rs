//! How a session differs from what its row asks for. The API's documentation has no request that changes the deadline of a
//! session, so the plan shows the difference before anything is sent, and the result shows it again.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::assessment_deadline::AssessmentDeadline;
use crate::api::{InviteResponse, InvitedDueDate, Time};
use crate::ledger::{SessionDeadline, SessionTerms, is_same_name};
use crate::time::DateTime;

/// The name and the deadline that a row asks for.
#[derive(Clone, Copy, Debug)]
pub struct RequestedTerms<'a> {
    /// `None` if the name was derived from the address.
    pub name: Option<&'a str>,
    pub due_date: Option<&'a DateTime>,
}

/// How an existing session differs from what a row asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionDifferences {
    pub deadline: Option<OtherDeadline>,
    pub name: Option<OtherName>,
    /// The deadline of the session, if it has passed: its link is dead.
    pub expired: Option<DateTime>,
}

/// A session keeps a different deadline than the requested one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherDeadline {
    /// In the zone of the requested one.
    pub kept: SessionDeadline,
    pub requested: DateTime,
}

/// A candidate keeps a different name than the requested one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherName {
    pub kept: String,
    pub requested: String,
}

/// What a plan says about one candidate, and about several.
#[derive(Clone, Copy, Debug)]
pub struct Announcement {
    one: &'static str,
    several: &'static str,
}

/// What is said about each kind of difference.
#[derive(Clone, Copy, Debug)]
pub struct Announcements {
    pub deadline: Announcement,
    pub name: Announcement,
    pub expired: Announcement,
}

const EXPIRED: Announcement = Announcement {
    one: "has a session whose deadline has passed, so its link is dead",
    several: "have sessions whose deadlines have passed, so their links are dead",
};

/// For candidates with an existing session.
pub const OF_EXISTING: Announcements = Announcements {
    deadline: Announcement {
        one: "keeps a different deadline",
        several: "keep a different deadline",
    },
    name: Announcement {
        one: "keeps a different name",
        several: "keep a different name",
    },
    expired: EXPIRED,
};

/// For candidates whose session was created.
pub const OF_CREATED: Announcements = Announcements {
    deadline: Announcement {
        one: "has a new session with a different deadline",
        several: "have new sessions with a different deadline",
    },
    name: Announcement {
        one: "has a new session with a different name",
        several: "have new sessions with a different name",
    },
    expired: EXPIRED,
};

impl Announcement {
    /// Returns the text for this many candidates.
    pub fn of(self, candidates: u64) -> &'static str {
        if candidates == 1 {
            self.one
        } else {
            self.several
        }
    }
}

impl SessionDifferences {
    /// Compares the session with what the row asks for, at the time `now`. The deadline of the assessment is `inherited` by sessions
    /// without one of their own.
    pub fn of(
        session: &SessionTerms,
        requested: RequestedTerms<'_>,
        inherited: Option<&AssessmentDeadline>,
        now: Timestamp,
    ) -> Self {
        let kept = match requested.due_date {
            Some(due_date) => session.deadline.clone().in_tz(due_date.zoned().time_zone()),
            None => session.deadline.clone(),
        };
        let name = session.name.as_deref().map(str::trim);
        let name = name.filter(|name| !name.is_empty());
        let other_name = name
            .zip(requested.name)
            .filter(|(kept, requested)| !is_same_name(kept, Some(requested)));
        let due_date = requested.due_date.cloned();
        let in_force = match &kept {
            SessionDeadline::Inherited => inherited.and_then(AssessmentDeadline::time),
            own => own.time(),
        };
        let is_same_deadline = kept.time() == requested.due_date;
        Self {
            expired: in_force.filter(|at| at.timestamp() <= now).cloned(),
            deadline: due_date
                .filter(|_| !is_same_deadline)
                .map(|requested| OtherDeadline { kept, requested }),
            name: other_name.map(|(kept, requested)| OtherName {
                kept: kept.to_owned(),
                requested: requested.to_owned(),
            }),
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the differences that are not among those that were `announced`.
    #[must_use]
    pub(super) fn except(&self, announced: &Self) -> Self {
        let Self {
            deadline,
            name,
            expired,
        } = self.clone();
        Self {
            deadline: deadline.filter(|it| announced.deadline.as_ref() != Some(it)),
            name: name.filter(|it| announced.name.as_ref() != Some(it)),
            expired: expired.filter(|it| announced.expired.as_ref() != Some(it)),
        }
    }

    /// Returns what is said about each difference before or after the invitation.
    pub fn announcements(&self, texts: Announcements) -> impl Iterator<Item = String> {
        let say = |what: Announcement, kept: &dyn fmt::Display| format!("{}: {kept}", what.one);
        let deadline = self.deadline.as_ref();
        let deadline = deadline.map(|deadline| say(texts.deadline, deadline));
        let name = self.name.as_ref().map(|name| say(texts.name, name));
        let expired = self.expired.as_ref().map(|at| say(texts.expired, at));
        deadline.into_iter().chain(name).chain(expired)
    }

    /// Returns what the user should know about each difference after the invitation, which may have created the session.
    pub(super) fn notes(&self, is_created: bool) -> impl Iterator<Item = String> {
        let deadline = self.deadline.as_ref();
        let deadline = deadline.map(|OtherDeadline { kept, requested }| {
            let session = if is_created {
                "the new session has a different deadline"
            } else {
                "the existing session keeps its deadline"
            };
            format!("{session}: {kept}, not {requested}")
        });
        let name = self.name.as_ref();
        let name = name.map(|name| format!("the candidate keeps the name {name}"));
        let expired = self.expired.as_ref().map(|at| {
            let session = if is_created { "new" } else { "existing" };
            format!("the deadline of the {session} session has passed ({at}), so its link is dead")
        });
        deadline.into_iter().chain(name).chain(expired)
    }
}

/// For example ``Fri 2027-02-05 17:00:00 Europe/Berlin, not Mon 2027-02-08 17:00:00 Europe/Berlin``.
impl fmt::Display for OtherDeadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kept, requested } = self;
        write!(f, "{kept}, not {requested}")
    }
}

/// For example `` `Jane Smith`, not `Jane Smyth` ``.
impl fmt::Display for OtherName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, not `{}`", self.kept, self.requested)
    }
}

/// Returns the deadline of a session as the API sent it, in `zone`.
pub(super) fn session_deadline(due_date: Option<&Time>, zone: &TimeZone) -> SessionDeadline {
    match due_date {
        None => SessionDeadline::Inherited,
        Some(Time::At(at)) => SessionDeadline::At(DateTime::of(*at, zone)),
        Some(Time::Text(text)) => SessionDeadline::Text(text.clone()),
    }
}

/// Returns the terms of the session in a response. What it does not say is taken from the session as it was `listed` or, if the
/// session is new, from the request. `None` if nothing is known.
pub(super) fn terms_in_force(
    invited: &InviteResponse,
    requested: Option<&DateTime>,
    listed: Option<&SessionTerms>,
    zone: &TimeZone,
) -> Option<SessionTerms> {
    let zone = requested.map_or(zone, |requested| requested.zoned().time_zone());
    let listed = listed.filter(|_| !invited.created);
    let Some(session) = invited.session_terms() else {
        return listed.cloned();
    };
    let deadline = match (session.due_date, listed) {
        (InvitedDueDate::Own(due_date), _) => session_deadline(Some(&due_date), zone),
        (InvitedDueDate::Missing, Some(listed)) => listed.deadline.clone(),
        (InvitedDueDate::Missing, None) if invited.created => SessionDeadline::of(requested),
        (InvitedDueDate::Missing, None) | (InvitedDueDate::Inherited, _) => {
            SessionDeadline::Inherited
        }
    };
    let name = session.candidate_name;
    Some(SessionTerms {
        name: name.or_else(|| listed?.name.clone()),
        deadline,
    })
}
