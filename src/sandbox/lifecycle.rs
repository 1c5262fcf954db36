//! How a session moves on by itself: a pure function of its creation, its candidate and the time.
//!
//! A candidate sets up 12 minutes to 30 hours after the invite (more often early than late), starts
//! the task within an hour and submits one to four hours later, so everybody submits within 36
//! hours. Scoring is asked for; 24 hours after it a session counts as reviewed.

use serde::Serialize;

use super::clock::{HOUR, MINUTE, Millis};
use super::seed::Seed;

/// How long a scored session waits for its review.
pub(crate) const REVIEW_AFTER: Millis = 24 * HOUR;

/// Where a session stands, in the order of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// The link was handed out.
    Invited,
    /// The candidate opened it.
    Setup,
    /// The candidate works on the task.
    InProgress,
    /// The work is handed in.
    Submitted,
    /// The judge is at work; the sandbox scores at once, so no session is ever seen here.
    Scoring,
    /// There is a score.
    Scored,
    /// A person has looked at the score.
    Reviewed,
}

impl Status {
    /// Every status, in order.
    pub(crate) const ALL: [Self; 7] = [
        Self::Invited,
        Self::Setup,
        Self::InProgress,
        Self::Submitted,
        Self::Scoring,
        Self::Scored,
        Self::Reviewed,
    ];

    /// Returns the status with this word, if a session can be put there: nobody ever sees `scoring`.
    pub(crate) fn parse_settable(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|status| *status != Self::Scoring && status.name() == name)
    }

    /// Returns the word the API uses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Setup => "setup",
            Self::InProgress => "in_progress",
            Self::Submitted => "submitted",
            Self::Scoring => "scoring",
            Self::Scored => "scored",
            Self::Reviewed => "reviewed",
        }
    }
}

/// The instants at which a session moves on; those in the future are not yet known to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// The candidate opens the link.
    pub(crate) setup: Millis,
    /// The candidate starts the task.
    pub(crate) task: Millis,
    /// The candidate hands in.
    pub(crate) submitted: Millis,
    /// The session was scored.
    pub(crate) scored: Option<Millis>,
}

impl Timeline {
    /// Decides how a session created at an instant will go.
    pub(crate) fn new(created: Millis, seed: Seed) -> Self {
        // The lesser of two draws: most candidates open the link on the first day.
        let delay = seed
            .draw(0, HOUR / 5, 30 * HOUR)
            .min(seed.draw(1, HOUR / 5, 30 * HOUR));
        let setup = created.saturating_add(delay);
        let task = setup.saturating_add(seed.draw(2, 2 * MINUTE, HOUR));
        let submitted = task.saturating_add(seed.draw(3, HOUR, 4 * HOUR));
        Self {
            setup,
            task,
            submitted,
            scored: None,
        }
    }

    /// Returns the status at an instant.
    pub(crate) fn status(&self, now: Millis) -> Status {
        match self.scored {
            Some(scored) if scored.saturating_add(REVIEW_AFTER) <= now => Status::Reviewed,
            Some(_) => Status::Scored,
            None if self.submitted <= now => Status::Submitted,
            None if self.task <= now => Status::InProgress,
            None if self.setup <= now => Status::Setup,
            None => Status::Invited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR, Millis, REVIEW_AFTER, Status, Timeline};
    use crate::sandbox::seed::Seed;

    const CREATED: Millis = 1_700_000_000_000;

    fn timelines() -> impl Iterator<Item = Timeline> {
        (0..2_000).map(|number| {
            Timeline::new(
                CREATED,
                Seed::from_text(&format!("candidate{number}@example.com")),
            )
        })
    }

    #[test]
    fn every_timeline_keeps_its_bounds() {
        for line in timelines() {
            let delay = line.setup - CREATED;
            assert!((HOUR / 5..30 * HOUR).contains(&delay), "{line:?}");
            assert!((0..HOUR).contains(&(line.task - line.setup)), "{line:?}");
            assert!(
                (HOUR..4 * HOUR).contains(&(line.submitted - line.task)),
                "{line:?}"
            );
            assert!(
                (HOUR / 2..36 * HOUR).contains(&(line.submitted - CREATED)),
                "{line:?}"
            );
        }
    }

    #[test]
    fn submissions_are_spread_over_the_hours() {
        let mut per_quarter = [0_u32; 4];
        for line in timelines() {
            let quarter = usize::try_from((line.submitted - CREATED) / (9 * HOUR)).unwrap_or(3);
            per_quarter[quarter] += 1;
        }
        assert!(
            per_quarter.iter().all(|count| *count > 50),
            "{per_quarter:?}"
        );
    }

    #[test]
    fn the_status_only_moves_forward() {
        for line in timelines().take(50) {
            let statuses: Vec<_> = (0..=36)
                .map(|hour| line.status(CREATED + hour * HOUR))
                .collect();
            assert!(statuses.is_sorted(), "{statuses:?}");
            assert_eq!(statuses.first(), Some(&Status::Invited));
            assert_eq!(statuses.last(), Some(&Status::Submitted));
        }
    }

    #[test]
    fn a_scored_session_is_reviewed_a_day_later() {
        let mut line = Timeline::new(CREATED, Seed::from_text("ana@example.com"));
        let scored = line.submitted + HOUR;
        line.scored = Some(scored);
        assert_eq!(line.status(scored), Status::Scored);
        assert_eq!(line.status(scored + REVIEW_AFTER - 1), Status::Scored);
        assert_eq!(line.status(scored + REVIEW_AFTER), Status::Reviewed);
    }

    #[test]
    fn the_case_of_an_address_changes_nothing() {
        assert_eq!(
            Seed::from_text("Ana@Example.com"),
            Seed::from_text("ana@example.com")
        );
        // The published FNV-1a test vector for "a".
        assert_eq!(
            Seed::from_text("A").bits().cast_unsigned(),
            0xaf63_dc4c_8601_ec8c
        );
    }

    #[test]
    fn status_words_are_those_of_the_api() {
        for status in Status::ALL {
            assert_eq!(
                serde_json::to_value(status).ok(),
                Some(status.name().into())
            );
        }
    }
}
