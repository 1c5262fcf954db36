//! The number of candidates who reached each stage.

use super::format::{Share, count, label};
use super::session::Session;
use crate::session_status::SessionStatus;
use crate::text::group_digits;

#[derive(Clone, Debug)]
pub(super) struct Funnel {
    pub(super) steps: Vec<Step>,
    /// Undocumented statuses, and the number of sessions in each.
    pub(super) others: Vec<(String, u32)>,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) label: String,
    pub(super) style: &'static str,
    /// Sessions in this stage or a later one.
    pub(super) reached: String,
    pub(super) share: Share,
    pub(super) length: String,
    /// The length for sessions in a later stage.
    pub(super) passed: String,
    /// Sessions in this stage.
    pub(super) here: String,
}

impl Funnel {
    pub(super) fn of(sessions: &[Session]) -> Self {
        let total = count(sessions.len());
        let reached = |stage: SessionStatus| {
            let got = sessions.iter().filter(|session| session.reached() >= stage);
            count(got.count())
        };
        let here = |stage: SessionStatus| {
            let is_here = |session: &&Session| session.status == stage.name();
            count(sessions.iter().filter(is_here).count())
        };
        // Scoring ends by itself, and not everyone uses the later stages.
        let shown = |stage: &SessionStatus| match stage {
            SessionStatus::Scoring => here(*stage) > 0,
            SessionStatus::Scored | SessionStatus::Reviewed => reached(*stage) > 0,
            _ => true,
        };
        let steps = SessionStatus::ALL
            .iter()
            .copied()
            .filter(shown)
            .map(|stage| Step {
                label: label(stage.name()),
                style: stage.name(),
                reached: group_digits(reached(stage).into()),
                share: Share::of(reached(stage), total),
                length: Share::of(reached(stage), total).length(),
                passed: Share::of(reached(stage).saturating_sub(here(stage)), total).length(),
                here: group_digits(here(stage).into()),
            });
        let mut others: Vec<(String, u32)> = Vec::new();
        for session in sessions {
            if SessionStatus::of(&session.status).is_some() {
                continue;
            }
            let name = label(&session.status);
            match others.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => others.push((name, 1)),
            }
        }
        Self {
            steps: steps.collect(),
            others,
        }
    }
}
