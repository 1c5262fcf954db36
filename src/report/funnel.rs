//! How many candidates got how far.

use super::chart::bar;
use super::format::{Share, count};
use super::session::Session;
use super::status::label;
use crate::session_status::SessionStatus;
use crate::text::group_digits;

/// The stages candidates pass through, and how many have.
#[derive(Clone, Debug)]
pub(super) struct Funnel {
    pub(super) steps: Vec<Step>,
    /// Statuses that are not documented, and how many sessions are in each.
    pub(super) others: Vec<(String, u32)>,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) label: String,
    pub(super) style: &'static str,
    /// Sessions that got here or further.
    pub(super) reached: String,
    pub(super) share: Share,
    pub(super) length: String,
    /// The length of those that went further.
    pub(super) passed: String,
    /// Sessions that are here now.
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
        // Scoring passes by itself; the later stages are for those who use them.
        let shown = |stage: &SessionStatus| match stage {
            SessionStatus::Scoring => here(*stage) > 0,
            SessionStatus::Scored | SessionStatus::Reviewed => reached(*stage) > 0,
            _ => true,
        };
        let steps = SessionStatus::ALL
            .into_iter()
            .filter(shown)
            .map(|stage| Step {
                label: label(stage.name()),
                style: stage.name(),
                reached: group_digits(reached(stage).into()),
                share: Share::of(reached(stage), total),
                length: bar(reached(stage), total),
                passed: bar(reached(stage).saturating_sub(here(stage)), total),
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
