//! The page of a report of sessions.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use askama::Template;
use jiff::Timestamp;

use super::chart::{Chart, LabelPosition};
use super::deadlines::{Deadlines, OpenDeadline, deadlines};
use super::format::{Share, TimeContext, count, format_duration, format_long};
use super::funnel::Funnel;
use super::histogram::{duration_bins, quantile, time_bins};
use super::page::{Figure, Page};
use super::scores::Scores;
use super::session::{Session, SessionsReport};
use super::table::{Cell, Table};
use crate::session_status::SessionStatus;
use crate::text::{count_grouped, group_digits};

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
    submissions: Option<CaptionedChart>,
    taken: Option<CaptionedChart>,
    past: Deadlines,
    ahead: Deadlines,
    scores: Option<Scores>,
    table: Table,
}

/// A chart with a sentence that summarizes it.
struct CaptionedChart {
    sentence: String,
    chart: Chart,
}

impl fmt::Display for SessionsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view().render_into(f).map_err(|_| fmt::Error)
    }
}

impl SessionsReport {
    fn view(&self) -> View {
        let time_context = TimeContext::with_now(&self.made_at, self.now);
        let open: Vec<OpenDeadline<'_>> = self
            .sessions
            .iter()
            .filter_map(|session| {
                session.open_until().map(|due_at| OpenDeadline {
                    due_at,
                    name: session.display_name(),
                })
            })
            .collect();
        let (past, ahead) = deadlines(&open, &time_context);
        let scores = Scores::of(&self.sessions);
        let mut taken: Vec<i64> = self.sessions.iter().filter_map(Session::taken).collect();
        taken.sort_unstable();
        View {
            page: Page::new(),
            title: self.title(),
            place: self.place.clone(),
            made_at: format_long(&self.made_at),
            zone: self.made_at.zone_name(),
            figures: self.figures(&past, &taken, scores.as_ref()),
            total: count(self.sessions.len()),
            funnel: Funnel::of(&self.sessions),
            submissions: self.submissions(&time_context),
            taken: time_taken_chart(&taken),
            past,
            ahead,
            table: self.table(&time_context, scores.is_some()),
            scores,
        }
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
        let reached = |stage: SessionStatus| {
            let got = self.sessions.iter().filter(|each| each.reached() >= stage);
            count(got.count())
        };
        let of_all = |number: u32| match total {
            0 => String::new(),
            total => format!("{} of all", Share::of(number, total)),
        };
        let figure = |name, number: u32, remark| Figure {
            name,
            number: group_digits(number.into()),
            remark,
            alarming: false,
        };
        let (started, submitted) = (
            reached(SessionStatus::InProgress),
            reached(SessionStatus::Submitted),
        );
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
                number: format_duration(median),
                remark: "start to submission".to_owned(),
                alarming: false,
            });
        }
        if let Some(scores) = scores {
            figures.push(Figure {
                name: "Median score",
                number: scores.median.clone(),
                remark: format!("of {} scored", group_digits(scores.count.into())),
                alarming: false,
            });
        }
        figures
    }

    fn submissions(&self, time_context: &TimeContext) -> Option<CaptionedChart> {
        let instants: Vec<Timestamp> = self
            .sessions
            .iter()
            .filter_map(|session| session.submitted_at)
            .collect();
        let (first, last) = (instants.iter().min()?, instants.iter().max()?);
        let bins = time_bins(&instants, time_context);
        let submissions = count_grouped(instants.len(), "submission");
        let (first, last) = (
            time_context.day(time_context.date(*first)),
            time_context.day(time_context.date(*last)),
        );
        let mut sentence = if first == last {
            format!("{submissions} on {first}")
        } else {
            format!("{submissions} from {first} to {last}")
        };
        // Of several equal ones, the latest.
        let busiest = bins.iter().max_by_key(|bin| bin.count);
        if let Some(bin) = busiest.filter(|bin| bin.count > 1 && bins.len() > 1) {
            let _ = write!(sentence, "; most: {} ({})", bin.range, bin.count);
        }
        Some(CaptionedChart {
            sentence,
            chart: Chart::of(&bins, "submission", LabelPosition::Centered),
        })
    }
}

fn time_taken_chart(sorted: &[i64]) -> Option<CaptionedChart> {
    let [lower, middle, upper] = [
        quantile(sorted, 2)?,
        quantile(sorted, 5)?,
        quantile(sorted, 8)?,
    ];
    let middle = format_duration(middle);
    let sentence = if sorted.len() < 5 {
        format!(
            "Median {middle}, of {}",
            count_grouped(sorted.len(), "candidate")
        )
    } else {
        format!(
            "Median {middle}; the middle 60 % took {} to {}",
            format_duration(lower),
            format_duration(upper)
        )
    };
    Some(CaptionedChart {
        sentence,
        chart: Chart::of(&duration_bins(sorted), "candidate", LabelPosition::AtEdges),
    })
}
