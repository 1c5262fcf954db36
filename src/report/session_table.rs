//! The table in a report of sessions.

use super::format::{TimeContext, label};
use super::session::{Session, SessionsReport};
use super::table::{Cell, Filter, Group, MAX_ROWS, PAGE_ROWS, Row, Table, beyond};
use crate::session_status::SessionStatus;

impl SessionsReport {
    pub(super) fn table(&self, time_context: &TimeContext, with_scores: bool) -> Table {
        let with_assessment =
            self.assessment.is_none() && self.sessions.iter().any(|each| each.assessment.is_some());
        let mut columns = vec![
            "Candidate",
            "Status",
            "Deadline",
            "Invited",
            "Submitted",
            "Time taken",
        ];
        if with_scores {
            columns.insert(2, "Score");
        }
        if with_assessment {
            columns.insert(1, "Assessment");
        }
        let row = |session: &Session| {
            let deadline_status = session.deadline_status(time_context.now);
            let deadline = |due_at| Cell::Deadline {
                at: time_context.format_deadline(due_at),
                deadline_status,
            };
            let mut cells = vec![
                Cell::Person {
                    name: session.name.clone(),
                    email: session.email.clone(),
                },
                Cell::status(&session.status),
                session.due_at.as_ref().map_or(Cell::Empty, deadline),
                Cell::time(session.invited_at, time_context),
                Cell::time(session.submitted_at, time_context),
                Cell::duration(session.taken()),
            ];
            if with_scores {
                cells.insert(
                    2,
                    Cell::points(session.score.as_ref().map(|score| score.total)),
                );
            }
            if with_assessment {
                cells.insert(1, Cell::text(session.assessment.as_deref()));
            }
            let tag = deadline_status.map(|(tag, _)| tag.to_owned());
            Row {
                tags: std::iter::once(status_tag(&session.status))
                    .chain(tag)
                    .collect(),
                cells,
            }
        };
        Table {
            caption: format!(
                "Sessions, times in {}, deadlines in their own zone if it is named",
                self.made_at.zone_name()
            ),
            columns,
            groups: self.groups(time_context),
            entries: self.sessions.iter().take(MAX_ROWS).map(row).collect(),
            page: PAGE_ROWS,
            beyond: beyond(
                self.sessions.len(),
                self.sessions.len() as u64,
                "`sessions --format csv` lists all",
            ),
        }
    }

    fn groups(&self, time_context: &TimeContext) -> Vec<Group> {
        let mut statuses = SessionStatus::names();
        for session in &self.sessions {
            if !statuses.contains(&session.status.as_str()) {
                statuses.push(&session.status);
            }
        }
        let number = |matches: &dyn Fn(&Session) -> bool| {
            self.sessions
                .iter()
                .filter(|session| matches(session))
                .count() as u64
        };
        let by_status = statuses.into_iter().map(|status| {
            let count = number(&|session| session.status == status);
            (status_tag(status), label(status), count)
        });
        let by_deadline = [
            ("overdue", "Overdue"),
            ("near", "Due in 2 days"),
            ("late", "Submitted late"),
        ];
        let by_deadline = by_deadline.map(|(tag, label)| {
            let matches = |session: &Session| {
                let deadline_status = session.deadline_status(time_context.now);
                deadline_status.is_some_and(|(deadline_status, _)| deadline_status == tag)
            };
            (tag.to_owned(), label.to_owned(), number(&matches))
        });
        [
            ("Status", Filter::each(by_status)),
            ("Deadline", Filter::each(by_deadline)),
        ]
        .into_iter()
        .filter(|(_, filters)| !filters.is_empty())
        .map(|(name, filters)| Group { name, filters })
        .collect()
    }
}

/// Turns a status into a tag, which is one word: an undocumented status may be any text.
fn status_tag(status: &str) -> String {
    let word: String = status
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    format!("is-{word}")
}
