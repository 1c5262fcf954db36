//! The number of sessions in each status, in the order in which sessions go through them.

use std::collections::BTreeMap;
use std::fmt;

use super::status::status_text;
use crate::api::Session;
use crate::session_status::SessionStatus;

/// The number of sessions in one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// `None` if the API sends no status.
    pub status: Option<String>,
    /// The number of sessions.
    pub count: usize,
}

/// The number of sessions in each status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    /// The documented statuses, in order, up to the last one with a session.
    pub stages: Vec<Stage>,
    /// Undocumented statuses.
    pub others: Vec<Stage>,
}

impl Funnel {
    /// Counts `sessions` by status.
    pub fn of<'a>(sessions: impl IntoIterator<Item = &'a Session>) -> Self {
        let mut counts: Vec<_> = SessionStatus::ALL
            .iter()
            .map(|status| (*status, 0))
            .collect();
        let mut others = BTreeMap::<Option<&str>, usize>::new();
        for session in sessions {
            let status = session.status.as_deref();
            let known = status.and_then(SessionStatus::of);
            let known = counts.iter_mut().find(|(each, _)| Some(*each) == known);
            *known.map_or_else(|| others.entry(status).or_default(), |(_, count)| count) += 1;
        }
        let reached = counts.iter().rposition(|(_, count)| *count > 0);
        let stages = counts.into_iter().map(|(status, count)| Stage {
            status: Some(status.name().to_owned()),
            count,
        });
        let others = others.into_iter().map(|(status, count)| Stage {
            status: status.map(ToOwned::to_owned),
            count,
        });
        Self {
            stages: stages.take(reached.map_or(0, |last| last + 1)).collect(),
            others: others.collect(),
        }
    }

    /// Returns the number of all sessions.
    pub fn total(&self) -> usize {
        let all = self.stages.iter().chain(&self.others);
        all.map(|stage| stage.count).sum()
    }
}

impl Stage {
    /// Returns the status for display.
    pub fn words(&self) -> String {
        self.status
            .as_deref()
            .map_or_else(|| "no status".to_owned(), status_text)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.words(), self.count)
    }
}

/// `invited 40 → setup 12 → in progress 9 → submitted 31; on hold 2`
impl fmt::Display for Funnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |stages: &[Stage], between: &str| {
            let stages: Vec<String> = stages.iter().map(ToString::to_string).collect();
            stages.join(between)
        };
        let known = list(&self.stages, " → ");
        let others = list(&self.others, ", ");
        match (known.as_str(), others.as_str()) {
            ("", "") => f.write_str("no sessions"),
            ("", only) | (only, "") => f.write_str(only),
            (known, others) => write!(f, "{known}; {others}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Funnel;
    use crate::api::Session;

    fn shown(statuses: &[Option<&str>]) -> String {
        let sessions: Vec<Session> = statuses
            .iter()
            .map(|status| Session {
                status: status.map(ToOwned::to_owned),
                ..Session::default()
            })
            .collect();
        let funnel = Funnel::of(&sessions);
        assert_eq!(funnel.total(), statuses.len());
        funnel.to_string()
    }

    #[test]
    fn stages_are_in_order_up_to_the_last_one_reached() {
        assert_eq!(shown(&[]), "no sessions");
        assert_eq!(
            shown(&[Some("submitted"), Some("invited"), Some("submitted")]),
            "invited 1 → setup 0 → in progress 0 → submitted 2"
        );
    }

    #[test]
    fn undocumented_statuses_come_last() {
        assert_eq!(
            shown(&[Some("on_hold"), Some("invited"), Some("expired"), None]),
            "invited 1; no status 1, expired 1, on hold 1"
        );
        assert_eq!(shown(&[Some("on_hold")]), "on hold 1");
    }
}
