//! The report of an assessment's sessions.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use askama::Template;
use jiff::Timestamp;

use super::MOST_ROWS;
use super::chart::{Chart, Labels};
use super::deadlines::{Deadlines, Open, deadlines};
use super::funnel::Funnel;
use super::histogram::{lengths, over_time, quantile};
use super::page::Page;
use super::rows::{Cell, Filter, Group, PAGE, Row, Rows, beyond};
use super::scores::{Score, Scores};
use super::shown::{Clock, Share, count, counted, length_of_time};
use super::status::label;
use crate::digits::grouped;
use crate::moment::DateTime;
use crate::status::Status;

/// Seconds before a deadline from which it is near.
const NEAR: i64 = 48 * 60 * 60;

/// Sessions with what a reader must know about them; shows itself as a page of HTML.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// What the candidates are invited to, where that is one assessment.
    pub assessment: Option<String>,
    /// Where the sessions are, as a person knows it.
    pub place: String,
    /// When the report was made, in the zone of its times.
    pub made_at: DateTime,
    /// The sessions.
    pub sessions: Vec<Session>,
}

/// One candidate's attempt.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The candidate's name.
    pub name: String,
    /// The candidate's address.
    pub email: String,
    /// The assessment's name.
    pub assessment: Option<String>,
    /// The status as the API writes it.
    pub status: String,
    /// When the candidate was invited.
    pub invited_at: Option<Timestamp>,
    /// When the candidate began to set up.
    pub setup_at: Option<Timestamp>,
    /// When the candidate began the task.
    pub started_at: Option<Timestamp>,
    /// When the candidate submitted.
    pub submitted_at: Option<Timestamp>,
    /// The deadline.
    pub due_at: Option<Timestamp>,
    /// The candidate's link.
    pub link: Option<String>,
    /// What the session was worth.
    pub score: Option<Score>,
}

impl Session {
    /// How far the candidate got, as the status says; where that is not documented, as the times say.
    pub(super) fn reached(&self) -> Status {
        Status::of(&self.status).unwrap_or({
            if self.submitted_at.is_some() {
                Status::Submitted
            } else if self.started_at.is_some() {
                Status::InProgress
            } else if self.setup_at.is_some() {
                Status::Setup
            } else {
                Status::Invited
            }
        })
    }

    pub(super) fn known_as(&self) -> &str {
        if self.name.is_empty() {
            &self.email
        } else {
            &self.name
        }
    }

    /// How long the candidate took, in seconds.
    fn taken(&self) -> Option<i64> {
        let seconds = self.submitted_at?.as_second() - self.started_at?.as_second();
        (seconds >= 0).then_some(seconds)
    }

    /// The deadline, where the candidate has yet to meet it.
    fn open_until(&self) -> Option<Timestamp> {
        self.due_at.filter(|_| self.reached() < Status::Submitted)
    }

    /// What there is to say about the deadline, and the tag of the filter for it.
    fn standing(&self, now: Timestamp) -> Option<(&'static str, &'static str)> {
        let Some(due_at) = self.open_until() else {
            let late = self.submitted_at? > self.due_at?;
            return late.then_some(("late", "submitted late"));
        };
        match due_at.as_second() - now.as_second() {
            ..0 => Some(("overdue", "overdue")),
            0..NEAR => Some(("near", "due soon")),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "sessions.html", config = "src/report/askama.toml")]
struct View {
    page: Page,
    title: String,
    place: String,
    made_at: String,
    zone: String,
    figures: Vec<Figure>,
    total: u32,
    funnel: Funnel,
    submissions: Option<Summed>,
    taken: Option<Summed>,
    past: Deadlines,
    ahead: Deadlines,
    scores: Option<Scores>,
    rows: Rows,
}

/// A number at the top of the page.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) number: String,
    pub(super) remark: String,
    /// Whether it calls for somebody.
    pub(super) alarming: bool,
}

/// A chart with the sentence that says what it comes to.
struct Summed {
    sentence: String,
    chart: Chart,
}

impl fmt::Display for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().render_into(f).map_err(|_| fmt::Error)
    }
}

impl Sessions {
    fn view(&self) -> View {
        let clock = self.clock();
        let open: Vec<Open<'_>> = self
            .sessions
            .iter()
            .filter_map(|session| {
                session.open_until().map(|due_at| Open {
                    due_at,
                    name: session.known_as(),
                })
            })
            .collect();
        let (past, ahead) = deadlines(&open, &clock);
        let scores = Scores::of(&self.sessions);
        let mut taken: Vec<i64> = self.sessions.iter().filter_map(Session::taken).collect();
        taken.sort_unstable();
        View {
            page: Page::new(),
            title: self.title(),
            place: self.place.clone(),
            made_at: made_at(&self.made_at),
            zone: self.made_at.zone_name(),
            figures: self.figures(&past, &taken, scores.as_ref()),
            total: count(self.sessions.len()),
            funnel: Funnel::of(&self.sessions),
            submissions: self.submissions(&clock),
            taken: summed_lengths(&taken),
            past,
            ahead,
            rows: self.rows(&clock, scores.is_some()),
            scores,
        }
    }

    /// The report's clock, or the latest thing that happened, where that is later: this machine's clock may be slow, and the
    /// sandbox lets time pass faster.
    fn clock(&self) -> Clock {
        let mut clock = Clock::at(&self.made_at);
        let times = self.sessions.iter().flat_map(|each| {
            [
                each.invited_at,
                each.setup_at,
                each.started_at,
                each.submitted_at,
            ]
        });
        clock.now = times.flatten().fold(clock.now, Ord::max);
        clock
    }

    fn title(&self) -> String {
        if let Some(assessment) = &self.assessment {
            return assessment.clone();
        }
        let names = self
            .sessions
            .iter()
            .filter_map(|each| each.assessment.as_deref());
        match names.collect::<BTreeSet<&str>>().len() {
            0 | 1 => "Sessions".to_owned(),
            several => format!("{several} assessments"),
        }
    }

    fn figures(&self, past: &Deadlines, taken: &[i64], scores: Option<&Scores>) -> Vec<Figure> {
        let total = count(self.sessions.len());
        let reached = |stage: Status| {
            let got = self.sessions.iter().filter(|each| each.reached() >= stage);
            count(got.count())
        };
        let of_all = |number: u32| match total {
            0 => String::new(),
            total => format!("{} of all", Share::of(number, total)),
        };
        let figure = |name, number: u32, remark| Figure {
            name,
            number: grouped(number.into()),
            remark,
            alarming: false,
        };
        let (started, submitted) = (reached(Status::InProgress), reached(Status::Submitted));
        let mut figures = vec![
            figure("Invited", total, String::new()),
            figure("Started", started, of_all(started)),
            figure("Submitted", submitted, of_all(submitted)),
            Figure {
                alarming: past.total > 0,
                ..figure("Overdue", past.total, "past the deadline".to_owned())
            },
        ];
        if let Some(median) = quantile(taken, 5) {
            figures.push(Figure {
                name: "Median time",
                number: length_of_time(median),
                remark: "start to submission".to_owned(),
                alarming: false,
            });
        }
        if let Some(scores) = scores {
            figures.push(Figure {
                name: "Median score",
                number: scores.median.clone(),
                remark: format!("of {} scored", grouped(scores.count.into())),
                alarming: false,
            });
        }
        figures
    }

    fn submissions(&self, clock: &Clock) -> Option<Summed> {
        let instants: Vec<Timestamp> = self
            .sessions
            .iter()
            .filter_map(|session| session.submitted_at)
            .collect();
        let (first, last) = (instants.iter().min()?, instants.iter().max()?);
        let bins = over_time(&instants, clock);
        let submissions = counted(count(instants.len()), "submission");
        let (first, last) = (clock.day(clock.date(*first)), clock.day(clock.date(*last)));
        let mut sentence = if first == last {
            format!("{submissions} on {first}")
        } else {
            format!("{submissions} from {first} to {last}")
        };
        // Of several highest ones, the latest.
        let busiest = bins.iter().max_by_key(|bin| bin.count);
        if let Some(bin) = busiest.filter(|bin| bin.count > 1 && bins.len() > 1) {
            let _ = write!(sentence, "; most: {} ({})", bin.range, bin.count);
        }
        Some(Summed {
            sentence,
            chart: Chart::of(&bins, "submission", Labels::Centred),
        })
    }

    fn rows(&self, clock: &Clock, with_scores: bool) -> Rows {
        let with_assessment =
            self.assessment.is_none() && self.sessions.iter().any(|each| each.assessment.is_some());
        let with_links = self.sessions.iter().any(|each| each.link.is_some());
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
        if with_links {
            columns.push("Link");
        }
        let row = |session: &Session| {
            let standing = session.standing(clock.now);
            let deadline = |due_at| Cell::Deadline {
                at: clock.moment(due_at),
                standing,
            };
            let mut cells = vec![
                Cell::Person {
                    name: session.name.clone(),
                    email: session.email.clone(),
                },
                Cell::status(&session.status),
                session.due_at.map_or(Cell::Empty, deadline),
                Cell::time(session.invited_at, clock),
                Cell::time(session.submitted_at, clock),
                Cell::length(session.taken()),
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
            if with_links {
                cells.push(Cell::link(session.link.as_deref()));
            }
            let tag = standing.map(|(tag, _)| tag.to_owned());
            Row {
                tags: std::iter::once(status_tag(&session.status))
                    .chain(tag)
                    .collect(),
                cells,
            }
        };
        Rows {
            caption: format!("Sessions, times in {}", self.made_at.zone_name()),
            columns,
            groups: self.groups(clock),
            entries: self.sessions.iter().take(MOST_ROWS).map(row).collect(),
            page: PAGE,
            beyond: beyond(
                self.sessions.len(),
                self.sessions.len() as u64,
                "`sessions --format csv` lists all",
            ),
        }
    }

    fn groups(&self, clock: &Clock) -> Vec<Group> {
        let mut statuses: Vec<&str> = Status::ALL.map(Status::name).to_vec();
        for session in &self.sessions {
            if !statuses.contains(&session.status.as_str()) {
                statuses.push(&session.status);
            }
        }
        let number = |is_it: &dyn Fn(&Session) -> bool| {
            self.sessions
                .iter()
                .filter(|session| is_it(session))
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
            let is_it = |session: &Session| {
                let standing = session.standing(clock.now);
                standing.is_some_and(|(standing, _)| standing == tag)
            };
            (tag.to_owned(), label.to_owned(), number(&is_it))
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

/// A status as a tag: tags are words, and a status may be anything.
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

/// The time a report was made at, in full.
pub(super) fn made_at(at: &DateTime) -> String {
    at.format("%A %-d %B %Y, %H:%M")
        .unwrap_or_else(|_| at.to_string())
}

fn summed_lengths(sorted: &[i64]) -> Option<Summed> {
    let [lower, middle, upper] = [
        quantile(sorted, 2)?,
        quantile(sorted, 5)?,
        quantile(sorted, 8)?,
    ];
    let middle = length_of_time(middle);
    let sentence = if sorted.len() < 5 {
        format!(
            "Median {middle}, of {}",
            counted(count(sorted.len()), "candidate")
        )
    } else {
        format!(
            "Median {middle}; six of ten took between {} and {}",
            length_of_time(lower),
            length_of_time(upper)
        )
    };
    Some(Summed {
        sentence,
        chart: Chart::of(&lengths(sorted), "candidate", Labels::AtEdges),
    })
}
