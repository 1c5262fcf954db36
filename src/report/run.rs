//! The page of a report of a run: the plan, the outcomes and all rows.

use std::fmt;

use askama::Template;

use super::deadlines::{Deadlines, OpenDeadline, deadlines};
use super::format::{Share, TimeContext, format_long, label};
use super::page::{Figure, Page};
use super::table::{Cell, Filter, Group, MAX_ROWS, PAGE_ROWS, Row, Table, beyond};
use crate::change_kind::ChangeKind;
use crate::text::group_digits;
use crate::time::DateTime;

/// A run with its rows; its `Display` is a page of HTML.
#[derive(Clone, Debug)]
pub struct RunReport {
    pub number: i64,
    pub kind: ChangeKind,
    pub state: String,
    /// The server, for display.
    pub place: String,
    pub assessments: Vec<String>,
    pub shard: Option<String>,
    pub planned_at: DateTime,
    /// When the report was created, in the zone that its times are shown in.
    pub made_at: DateTime,
    /// The number of rows by outcome, in the order of display.
    pub counts: Vec<OutcomeCount>,
    /// The rows, or the first [`MAX_ROWS`] of them.
    pub rows: Vec<RunRow>,
}

/// The number of rows with an outcome.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeCount {
    pub outcome: &'static str,
    pub count: u64,
}

#[derive(Clone, Debug, Default)]
pub struct RunRow {
    /// The position among the rows, from 1.
    pub number: u32,
    /// The file and line of the row.
    pub origin: Option<String>,
    pub email: String,
    pub name: String,
    pub assessment: Option<String>,
    pub outcome: &'static str,
    /// The deadline in force.
    pub due_at: Option<DateTime>,
    /// The deadline in force, if it cannot be read.
    pub due_text: Option<String>,
    pub link: Option<String>,
    /// Why the row failed or was skipped, or a warning.
    pub note: Option<String>,
}

#[derive(Template)]
#[template(path = "run.html", config = "src/report/askama.toml")]
struct View<'a> {
    page: Page,
    run: &'a RunReport,
    title: String,
    state: String,
    planned_at: String,
    made_at: String,
    zone: String,
    figures: Vec<Figure>,
    outcomes: Vec<Outcome>,
    /// Whether the deadlines of its rows are of interest.
    has_deadlines: bool,
    past: Deadlines,
    ahead: Deadlines,
    table: Table,
}

struct Outcome {
    name: &'static str,
    label: String,
    number: String,
    share: Share,
    length: String,
    meaning: &'static str,
}

impl fmt::Display for RunReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().render_into(f).map_err(|_| fmt::Error)
    }
}

impl RunReport {
    fn view(&self) -> View<'_> {
        let time_context = TimeContext::at_creation(&self.made_at);
        let open: Vec<OpenDeadline<'_>> = self
            .rows
            .iter()
            .filter(|row| matches!(row.outcome, "created" | "existing" | "planned" | "sending"))
            .filter_map(|row| {
                row.due_at.as_ref().map(|due_at| OpenDeadline {
                    due_at,
                    name: if row.name.is_empty() {
                        &row.email
                    } else {
                        &row.name
                    },
                })
            })
            .collect();
        let (past, ahead) = deadlines(&open, &time_context);
        let planned_at = self
            .planned_at
            .in_tz(self.made_at.zoned().time_zone().clone());
        View {
            page: Page::new(),
            title: format!("Run {}", self.number),
            run: self,
            state: label(&self.state),
            planned_at: format_long(&planned_at),
            made_at: format_long(&self.made_at),
            zone: self.made_at.zone_name(),
            figures: self.figures(),
            outcomes: self.outcomes(),
            has_deadlines: self.kind == ChangeKind::Invite,
            past,
            ahead,
            table: self.table(&time_context),
        }
    }

    fn total(&self) -> u64 {
        self.counts.iter().map(|each| each.count).sum()
    }

    fn count(&self, outcomes: &[&str]) -> u64 {
        let counts = self.counts.iter();
        let selected = counts.filter(|each| outcomes.contains(&each.outcome));
        selected.map(|each| each.count).sum()
    }

    fn figures(&self) -> Vec<Figure> {
        let wrong = self.count(&["failed", "invalid"]);
        let left = self.count(&["planned", "sending", "unclear"]);
        let unsure = self.count(&["sending", "unclear"]) > 0;
        let figure = |name, number: u64, remark: &str, alarming| Figure {
            name,
            number: group_digits(number),
            remark: remark.to_owned(),
            alarming,
        };
        let success = |name, outcome: &'static str| {
            let number = self.count(&[outcome]);
            figure(name, number, self.meaning(outcome), false)
        };
        let (successes, not_done) = match self.kind {
            ChangeKind::Invite => (
                [
                    success("Invited", "created"),
                    success("Already invited", "existing"),
                ],
                "not invited",
            ),
            ChangeKind::Revoke => (
                [success("Revoked", "revoked"), success("Kept", "kept")],
                "not revoked",
            ),
            ChangeKind::Score => (
                [success("Scored", "scored"), success("Kept", "kept")],
                "not scored",
            ),
        };
        let mut figures = vec![figure("Rows", self.total(), "in the plan", false)];
        figures.extend(successes);
        figures.extend([
            figure(
                "Left out",
                self.count(&["skipped", "duplicate"]),
                "skipped or duplicate",
                false,
            ),
            figure("Not sent", left, "planned, or no response", unsure),
            figure("Failed or invalid", wrong, not_done, wrong > 0),
        ]);
        figures
    }

    /// Explains an outcome.
    fn meaning(&self, outcome: &str) -> &'static str {
        match outcome {
            "created" => "a session was created",
            "existing" => "had an active session",
            "revoked" => "the session is gone",
            "scored" => "the session has a score",
            "kept" if self.kind == ChangeKind::Revoke => "opened, finished or gone already",
            "kept" => "scored already, or not submitted",
            "unclear" => "perhaps scored, without a recorded response",
            "failed" => "the API refused, or gave no response",
            "planned" => "not sent yet",
            "sending" => "perhaps sent, without a recorded response",
            "skipped" => "left out on purpose, or has finished",
            "duplicate" => "in an earlier row as well",
            "invalid" => "the row has a mistake",
            _ => "",
        }
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let total = saturating_u32(self.total());
        self.counts
            .iter()
            .filter(|each| each.count > 0)
            .map(|each| Outcome {
                name: each.outcome,
                label: label(each.outcome),
                number: group_digits(each.count),
                share: Share::of(saturating_u32(each.count), total),
                length: Share::of(saturating_u32(each.count), total).length(),
                meaning: self.meaning(each.outcome),
            })
            .collect()
    }

    fn table(&self, time_context: &TimeContext) -> Table {
        let with_assessment = self.assessments.len() > 1;
        let mut columns = vec!["Row", "Candidate", "Outcome", "Deadline", "Link", "Note"];
        if with_assessment {
            columns.insert(2, "Assessment");
        }
        let row = |row: &RunRow| {
            let origin = row.origin.clone();
            let mut cells = vec![
                Cell::Sorted {
                    text: origin.unwrap_or_else(|| row.number.to_string()),
                    sort: row.number.to_string(),
                },
                Cell::Person {
                    name: row.name.clone(),
                    email: row.email.clone(),
                },
                Cell::Badge {
                    text: label(row.outcome),
                    style: row.outcome,
                },
                match row.due_text.as_deref() {
                    None => Cell::deadline(row.due_at.as_ref(), time_context),
                    text => Cell::text(text),
                },
                Cell::link(row.link.as_deref()),
                Cell::text(row.note.as_deref()),
            ];
            if with_assessment {
                cells.insert(2, Cell::text(row.assessment.as_deref()));
            }
            Row {
                tags: vec![row.outcome.to_owned()],
                cells,
            }
        };
        let filters = self.counts.iter().map(|each| {
            let name = each.outcome.to_owned();
            (name, label(each.outcome), each.count)
        });
        Table {
            caption: format!(
                "Rows of the run, times in {}, deadlines in their own zone if it is named",
                self.made_at.zone_name()
            ),
            columns,
            groups: vec![Group {
                name: "Outcome",
                filters: Filter::each(filters),
            }],
            entries: self.rows.iter().take(MAX_ROWS).map(row).collect(),
            page: PAGE_ROWS,
            beyond: beyond(
                self.rows.len(),
                self.total(),
                "`runs` with `--format csv` lists all",
            ),
        }
    }
}

fn saturating_u32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
