//! The report of a run: what was planned, what was sent, and what came of it.

use std::fmt;

use askama::Template;
use jiff::Timestamp;

use super::MOST_ROWS;
use super::chart::bar;
use super::deadlines::{Deadlines, OpenDeadline, deadlines};
use super::format::{Share, TimeContext, made_at};
use super::page::{Figure, Page};
use super::rows::{Cell, Filter, Group, PAGE, Row, Rows, beyond};
use super::status::label;
use crate::text::group_digits;
use crate::time::DateTime;

/// A run with its rows; shows itself as a page of HTML.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// Its number.
    pub number: i64,
    /// How far it got.
    pub state: String,
    /// The script with its arguments.
    pub script: String,
    /// The directory it ran in.
    pub directory: String,
    /// Where it invites to, as a person knows it.
    pub place: String,
    /// What it invites to.
    pub assessments: Vec<String>,
    /// The part of the rows that it keeps.
    pub shard: Option<String>,
    /// When it was planned.
    pub planned_at: DateTime,
    /// When the report was made, in the zone of its times.
    pub made_at: DateTime,
    /// How many rows had which outcome, in the order to be shown.
    pub counts: Vec<OutcomeCount>,
    /// The rows, or the first [`MOST_ROWS`] of them.
    pub rows: Vec<RunRow>,
}

/// How many rows of a run had an outcome.
#[derive(Clone, Copy, Debug)]
pub struct OutcomeCount {
    /// The outcome.
    pub outcome: &'static str,
    /// How many.
    pub count: u64,
}

/// A row of a run.
#[derive(Clone, Debug, Default)]
pub struct RunRow {
    /// Its place among the rows, from 1.
    pub number: u32,
    /// The file and line it came from.
    pub origin: Option<String>,
    /// The candidate's address.
    pub email: String,
    /// The candidate's name.
    pub name: String,
    /// What the candidate is invited to.
    pub assessment: Option<String>,
    /// What became of it.
    pub outcome: &'static str,
    /// The deadline.
    pub due_at: Option<Timestamp>,
    /// The candidate's link.
    pub link: Option<String>,
    /// Why it failed or was left out, or what the user should know.
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
    past: Deadlines,
    ahead: Deadlines,
    rows: Rows,
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
        let time_context = TimeContext::at(&self.made_at);
        let open: Vec<OpenDeadline<'_>> = self
            .rows
            .iter()
            .filter(|row| matches!(row.outcome, "created" | "existing" | "planned" | "sending"))
            .filter_map(|row| {
                row.due_at.map(|due_at| OpenDeadline {
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
            planned_at: made_at(&planned_at),
            made_at: made_at(&self.made_at),
            zone: self.made_at.zone_name(),
            figures: self.figures(),
            outcomes: self.outcomes(),
            past,
            ahead,
            rows: self.table(&time_context),
        }
    }

    fn total(&self) -> u64 {
        self.counts.iter().map(|each| each.count).sum()
    }

    fn of(&self, outcomes: &[&str]) -> u64 {
        let counts = self.counts.iter();
        let asked = counts.filter(|each| outcomes.contains(&each.outcome));
        asked.map(|each| each.count).sum()
    }

    fn figures(&self) -> Vec<Figure> {
        let wrong = self.of(&["failed", "invalid"]);
        let left = self.of(&["planned", "sending"]);
        let unsure = self.of(&["sending"]) > 0;
        let figure = |name, number: u64, remark: &str, alarming| Figure {
            name,
            number: group_digits(number),
            remark: remark.to_owned(),
            alarming,
        };
        vec![
            figure("Rows", self.total(), "in the plan", false),
            figure(
                "Invited",
                self.of(&["created"]),
                "a session was created",
                false,
            ),
            figure(
                "Already invited",
                self.of(&["existing"]),
                "had an active session",
                false,
            ),
            figure(
                "Left out",
                self.of(&["skipped", "duplicate"]),
                "skipped or duplicate",
                false,
            ),
            figure("Not sent", left, "planned, or no answer", unsure),
            figure("Wrong", wrong, "failed or invalid", wrong > 0),
        ]
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
                length: bar(saturating_u32(each.count), total),
                meaning: meaning(each.outcome),
            })
            .collect()
    }

    fn table(&self, time_context: &TimeContext) -> Rows {
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
                Cell::time(row.due_at, time_context),
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
        Rows {
            caption: format!("Rows of the run, times in {}", self.made_at.zone_name()),
            columns,
            groups: vec![Group {
                name: "Outcome",
                filters: Filter::each(filters),
            }],
            entries: self.rows.iter().take(MOST_ROWS).map(row).collect(),
            page: PAGE,
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

/// What an outcome means, where its name does not say it.
fn meaning(outcome: &str) -> &'static str {
    match outcome {
        "created" => "a session was created",
        "existing" => "the candidate had an active session",
        "failed" => "the API refused, or gave no answer",
        "planned" => "not sent yet",
        "sending" => "perhaps sent, without a recorded answer",
        "skipped" => "left out on purpose, or has finished",
        "duplicate" => "the address stands in an earlier row",
        "invalid" => "could not be sent as it stood",
        _ => "",
    }
}
