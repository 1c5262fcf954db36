//! Which sessions are scored, and the results.

use std::collections::HashSet;
use std::fmt;
use std::ops::Add;

use serde::Serialize;

use crate::api::{Error, Pause, Score};
use crate::session_status::SessionStatus;

/// A session to score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scorable {
    pub id: String,
    pub status: Option<String>,
    pub email: Option<String>,
    pub name: Option<String>,
}

#[derive(Debug)]
pub struct ScoringResult {
    pub session: Scorable,
    pub scoring_status: ScoringStatus,
}

#[derive(Debug)]
pub enum ScoringStatus {
    /// To be scored, or not requested because the user interrupted it.
    Open,
    Scored(Box<Score>),
    /// Not scored, for this reason.
    Skipped(String),
    /// The request failed, or its result is unknown.
    Failed(Error),
}

/// How far scoring has got.
#[derive(Clone, Debug, Default)]
pub struct ScoringProgress {
    pub scored: u64,
    pub failed: u64,
    /// Why nothing is sent right now.
    pub pause: Option<Pause>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScoreCounts {
    pub scored: u64,
    pub skipped: u64,
    pub failed: u64,
    #[serde(skip)]
    pub open: u64,
}

impl ScoreCounts {
    pub fn of(rows: &[ScoringResult]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            *match row.scoring_status {
                ScoringStatus::Open => &mut counts.open,
                ScoringStatus::Scored(_) => &mut counts.scored,
                ScoringStatus::Skipped(_) => &mut counts.skipped,
                ScoringStatus::Failed(_) => &mut counts.failed,
            } += 1;
        }
        counts
    }
}

impl Add for ScoreCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            scored: self.scored + other.scored,
            skipped: self.skipped + other.skipped,
            failed: self.failed + other.failed,
            open: self.open + other.open,
        }
    }
}

/// For example `3 scored, 1 skipped, 0 failed`.
impl fmt::Display for ScoreCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scored,
            skipped,
            failed,
            open,
        } = self;
        write!(f, "{scored} scored, {skipped} skipped, {failed} failed")?;
        match open {
            0 => Ok(()),
            open => write!(f, ", {open} not requested"),
        }
    }
}

/// Decides which of `sessions` to score; with `again`, also those that have a score.
pub fn select(sessions: Vec<Scorable>, again: bool) -> Vec<ScoringResult> {
    let mut ids = HashSet::new();
    let mut skip_reason =
        |session: &Scorable| match session.status.as_deref().and_then(SessionStatus::of) {
            _ if !ids.insert(session.id.clone()) => Some("listed twice"),
            Some(status) if !status.is_finished() => Some("not submitted yet"),
            Some(SessionStatus::Scoring) => Some("being scored already"),
            Some(SessionStatus::Scored) if !again => Some("scored already"),
            Some(SessionStatus::Reviewed) => Some("reviewed already"),
            // The API decides about statuses that are unknown here.
            _ => None,
        };
    let result = |session: Scorable| ScoringResult {
        scoring_status: match skip_reason(&session) {
            Some(reason) => ScoringStatus::Skipped(reason.to_owned()),
            None => ScoringStatus::Open,
        },
        session,
    };
    sessions.into_iter().map(result).collect()
}

#[cfg(test)]
mod tests {
    use super::{Scorable, ScoreCounts, ScoringStatus, select};

    fn session(id: &str, status: Option<&str>) -> Scorable {
        Scorable {
            id: id.to_owned(),
            status: status.map(ToOwned::to_owned),
            ..Scorable::default()
        }
    }

    fn selected(again: bool) -> String {
        let sessions = [
            ("a", Some("submitted")),
            ("b", Some("scored")),
            ("c", Some("setup")),
            ("d", Some("reviewed")),
            ("e", Some("on_hold")),
            ("f", None),
            ("a", Some("submitted")),
        ];
        let sessions = sessions.map(|(id, status)| session(id, status));
        let rows = select(sessions.to_vec(), again);
        let open = rows
            .iter()
            .filter(|row| matches!(row.scoring_status, ScoringStatus::Open));
        assert_eq!(
            ScoreCounts::of(&rows).skipped + open.clone().count() as u64,
            7
        );
        open.map(|row| &*row.session.id).collect()
    }

    #[test]
    fn scored_sessions_are_skipped_unless_again() {
        assert_eq!(selected(false), "aef");
        assert_eq!(selected(true), "abef");
    }
}
