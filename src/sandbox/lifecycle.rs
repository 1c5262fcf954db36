//! How the status of a session changes: a pure function of its creation time, its candidate and the current time.
//!
//! A candidate sets up 12 minutes to 30 hours after the invite (more often early than late), starts the task within an hour, and
//! takes at least half of the time for it. If the time runs out, the session is submitted automatically. The samples allow up to
//! two hours, so that everyone submits within 36 hours. Sessions are scored on request, and reviewed 24 hours later.

use super::clock::{HOUR, MINUTE, Millis};
use super::seed::Seed;
use crate::session_status::SessionStatus;

/// The time from scoring to review.
pub(crate) const REVIEW_AFTER: Millis = 24 * HOUR;

/// When a session changes its status. The API shows only times in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeline {
    pub(crate) setup: Millis,
    pub(crate) task: Millis,
    pub(crate) submitted: Millis,
    pub(crate) scored: Option<Millis>,
}

impl Timeline {
    /// Decides the course of a session created at this time, in which the task may take `task_time`.
    pub(crate) fn new(created: Millis, seed: Seed, task_time: Millis) -> Self {
        // The lower of two draws, so that most candidates open the link on the first day.
        let delay = seed
            .draw(0, HOUR / 5, 30 * HOUR)
            .min(seed.draw(1, HOUR / 5, 30 * HOUR));
        let setup = created.saturating_add(delay);
        let task = setup.saturating_add(seed.draw(2, 2 * MINUTE, HOUR));
        // One candidate in three would take longer than allowed.
        let wanted = seed.draw(3, task_time / 2, task_time / 4 * 5);
        let submitted = task.saturating_add(wanted.min(task_time));
        Self {
            setup,
            task,
            submitted,
            scored: None,
        }
    }

    pub(crate) fn status(&self, now: Millis) -> SessionStatus {
        match self.scored {
            Some(scored) if scored.saturating_add(REVIEW_AFTER) <= now => SessionStatus::Reviewed,
            Some(_) => SessionStatus::Scored,
            None if self.submitted <= now => SessionStatus::Submitted,
            None if self.task <= now => SessionStatus::InProgress,
            None if self.setup <= now => SessionStatus::Setup,
            None => SessionStatus::Invited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR, Millis, REVIEW_AFTER, SessionStatus, Timeline};
    use crate::sandbox::seed::Seed;

    const CREATED: Millis = 1_700_000_000_000;
    const TASK_TIME: Millis = 2 * HOUR;

    fn timelines() -> impl Iterator<Item = Timeline> {
        (0..2_000).map(|number| {
            Timeline::new(
                CREATED,
                Seed::from_text(&format!("candidate{number}@example.com")),
                TASK_TIME,
            )
        })
    }

    #[test]
    fn every_timeline_keeps_its_bounds() {
        for timeline in timelines() {
            let delay = timeline.setup - CREATED;
            assert!((HOUR / 5..30 * HOUR).contains(&delay), "{timeline:?}");
            assert!(
                (0..HOUR).contains(&(timeline.task - timeline.setup)),
                "{timeline:?}"
            );
            assert!(
                (HOUR..=TASK_TIME).contains(&(timeline.submitted - timeline.task)),
                "{timeline:?}"
            );
            assert!(
                (HOUR / 2..36 * HOUR).contains(&(timeline.submitted - CREATED)),
                "{timeline:?}"
            );
        }
    }

    #[test]
    fn a_session_is_submitted_when_its_time_runs_out() {
        let ran_out =
            timelines().filter(|timeline| timeline.submitted - timeline.task == TASK_TIME);
        let count = ran_out.count();
        assert!((500..900).contains(&count), "{count} of 2000");
    }

    #[test]
    fn submissions_are_spread_over_the_hours() {
        let mut per_quarter = [0_u32; 4];
        for timeline in timelines() {
            let quarter = usize::try_from((timeline.submitted - CREATED) / (9 * HOUR)).unwrap_or(3);
            per_quarter[quarter] += 1;
        }
        assert!(
            per_quarter.iter().all(|count| *count > 50),
            "{per_quarter:?}"
        );
    }

    #[test]
    fn the_status_only_moves_forward() {
        for timeline in timelines().take(50) {
            let statuses: Vec<_> = (0..=36)
                .map(|hour| timeline.status(CREATED + hour * HOUR))
                .collect();
            assert!(statuses.is_sorted(), "{statuses:?}");
            assert_eq!(statuses.first(), Some(&SessionStatus::Invited));
            assert_eq!(statuses.last(), Some(&SessionStatus::Submitted));
        }
    }

    #[test]
    fn a_scored_session_is_reviewed_a_day_later() {
        let mut timeline = Timeline::new(CREATED, Seed::from_text("ana@example.com"), TASK_TIME);
        let scored = timeline.submitted + HOUR;
        timeline.scored = Some(scored);
        assert_eq!(timeline.status(scored), SessionStatus::Scored);
        assert_eq!(
            timeline.status(scored + REVIEW_AFTER - 1),
            SessionStatus::Scored
        );
        assert_eq!(
            timeline.status(scored + REVIEW_AFTER),
            SessionStatus::Reviewed
        );
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
}
