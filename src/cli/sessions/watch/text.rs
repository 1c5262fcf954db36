//! What is seen while sessions are watched, as lines.

use std::collections::VecDeque;
use std::time::Duration;

use indicatif::HumanDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;
use unicode_width::UnicodeWidthStr as _;

use super::screen::{Line, TextStyle, truncate_to_width};
use crate::api::{Pause, Session};
use crate::monitoring::{
    Deadlines, Funnel, SessionChange, Stage, TargetStatus, display_name, latest_time, status_text,
};
use crate::text::{count, escape_line, is_or_are};
use crate::time::{DateTime, zone_name};

/// How many changes are remembered.
const MAX_CHANGES: usize = 20;
/// Most candidates that are named who are late, and most whose deadline comes next.
const MAX_DEADLINES: usize = 20;
/// A time further away is shown with its year.
const SHOW_YEAR_AFTER: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// Most columns of a bar, and of a candidate's name or a status.
const MAX_BAR_WIDTH: usize = 40;
const MAX_NAME_WIDTH: usize = 30;

/// What is known of what is watched.
pub(super) struct View {
    label: String,
    zone: TimeZone,
    pub(super) goal: Option<TargetStatus>,
    /// When it is waited no longer.
    pub(super) end: Option<Instant>,
    pub(super) sessions: Vec<Session>,
    funnel: Funnel,
    /// The latest first.
    changes: VecDeque<(Timestamp, String)>,
    /// When sessions were last listed, and the time they are judged by.
    last_poll: Option<(Timestamp, Timestamp)>,
    pub(super) next_poll: Option<Instant>,
    /// When the last answer came, while there is none, and why there is none.
    pub(super) outage_since: Option<Timestamp>,
    pub(super) outage_reason: String,
    pub(super) pause: Option<Pause>,
    pub(super) ended: Option<&'static str>,
}

impl View {
    pub(super) fn new(label: &str, zone: TimeZone, goal: Option<TargetStatus>) -> Self {
        Self {
            label: escape_line(label),
            zone,
            goal,
            end: None,
            sessions: Vec::new(),
            funnel: Funnel::default(),
            changes: VecDeque::new(),
            last_poll: None,
            next_poll: None,
            outage_since: None,
            outage_reason: String::new(),
            pause: None,
            ended: None,
        }
    }

    /// Tells whether sessions were listed at least once.
    pub(super) fn has_data(&self) -> bool {
        self.last_poll.is_some()
    }

    /// Takes up that a look at `clock` had no answer, and why; returns whether that is new, and when the last answer came.
    pub(super) fn record_outage(
        &mut self,
        outage_reason: &str,
        clock: Timestamp,
    ) -> (bool, Timestamp) {
        let is_new = self.outage_since.is_none();
        let last = self.last_poll.map_or(clock, |(last_poll, _)| last_poll);
        self.outage_since = Some(last);
        self.outage_reason = escape_line(outage_reason);
        (is_new, last)
    }

    /// Takes up what a look at `clock` showed, and how it differs from the one before, in the order it happened.
    pub(super) fn take(
        &mut self,
        sessions: Vec<Session>,
        changed: &[SessionChange],
        clock: Timestamp,
        now: Option<Timestamp>,
    ) {
        let now = now.unwrap_or_else(|| latest_time(&sessions, clock));
        for change in changed {
            let text = escape_line(&change.to_string());
            self.changes.push_front((change.at.unwrap_or(clock), text));
        }
        self.changes.truncate(MAX_CHANGES);
        self.funnel = Funnel::of(&sessions);
        self.sessions = sessions;
        self.last_poll = Some((clock, now));
    }

    /// Tells whether there is nothing to wait for any more.
    pub(super) fn is_reached(&self) -> bool {
        self.goal.is_some_and(|goal| goal.left(&self.sessions) == 0)
    }

    /// `9 of 12 are not submitted yet`
    pub(super) fn left(&self) -> String {
        let Some(goal) = self.goal else {
            return String::new();
        };
        let status = status_text(goal.status());
        let (left, total) = (goal.left(&self.sessions), self.sessions.len());
        match (left, total) {
            (0, 0) => "there are no sessions to wait for".to_owned(),
            (0, 1) => format!("the one session is {status}, or further"),
            (0, _) => format!("all {total} are {status}, or further"),
            (left, _) => format!("{left} of {total} {} not {status} yet", is_or_are(left)),
        }
    }

    /// `12 sessions: invited 9 → setup 3`
    pub(super) fn summary(&self) -> String {
        match self.funnel.total() {
            0 => "no sessions".to_owned(),
            total => format!("{}: {}", count(total, "session"), self.funnel()),
        }
    }

    /// Returns `at` as a line of a log begins.
    pub(super) fn format_timestamp(&self, at: Timestamp) -> String {
        let at = DateTime::of(at, &self.zone);
        at.zoned().strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    fn funnel(&self) -> String {
        escape_line(&self.funnel.to_string())
    }

    /// `14:02`, as `time` writes it, and with the day where that is another one than that of `now`.
    fn time_of_day(&self, at: Timestamp, now: Timestamp, time: &str) -> String {
        let (at, now) = (DateTime::of(at, &self.zone), DateTime::of(now, &self.zone));
        let is_today = at.zoned().date() == now.zoned().date();
        let day = if is_today { "" } else { "%a %d %b " };
        at.zoned().strftime(&format!("{day}{time}")).to_string()
    }
}

/// Draws `view` on a screen of `width` columns and `height` lines.
pub(super) fn frame(view: &View, width: usize, height: usize) -> Vec<Line> {
    let mut lines = vec![title(view)];
    lines.extend(goal(view));
    lines.push(state(view));
    if view.outage_since.is_some() {
        lines.push(vec![(TextStyle::Faint, view.outage_reason.clone())]);
    }
    let Some((_, now)) = view.last_poll else {
        return lines;
    };
    lines.push(Line::new());
    lines.extend(bars(&view.funnel, width));
    // Two headings with a blank line before each, and the line that the cursor stands in.
    let room = height.saturating_sub(lines.len() + 5);
    let (late, coming) = deadlines(view, now);
    let least = (late.len() + coming.len()).min(room / 2);
    let changes = changes(view, room - least, now);
    let rest = room.saturating_sub(changes.len());
    // However many are late, those who can still be in time are seen.
    let late_shown = late.len().min(rest - coming.len().min(rest / 2));
    lines.extend([Line::new(), heading("latest changes")]);
    lines.extend(changes);
    lines.extend([
        Line::new(),
        heading("deadlines of those who have not finished"),
    ]);
    lines.extend(late.into_iter().take(late_shown));
    lines.extend(coming.into_iter().take(rest - late_shown));
    lines
}

fn title(view: &View) -> Line {
    let zone = zone_name(&view.zone);
    let count = count(view.sessions.len(), "session");
    vec![
        (TextStyle::Strong, view.label.clone()),
        (TextStyle::Plain, format!(": {count}; times of {zone}")),
    ]
}

fn goal(view: &View) -> Option<Line> {
    view.goal?;
    let mut line = vec![(TextStyle::Plain, view.left())];
    if let (Some(end), None) = (view.end, view.ended) {
        let left = end.saturating_duration_since(Instant::now());
        line.push((
            TextStyle::Faint,
            format!("; waits {} more", format_duration(left)),
        ));
    }
    Some(line)
}

/// When it looked last, and what it does now.
fn state(view: &View) -> Line {
    let mut line = Line::new();
    let clock = |at: Timestamp| view.time_of_day(at, Timestamp::now(), "%H:%M:%S");
    match (view.outage_since, view.last_poll) {
        (Some(since), _) => line.push((
            TextStyle::Bad,
            format!("no answer since {}; ", clock(since)),
        )),
        (None, Some((last_poll, _))) => {
            line.push((
                TextStyle::Faint,
                format!("looked at {}; ", clock(last_poll)),
            ));
        }
        (None, None) => {}
    }
    let now = match (view.ended, &view.pause, view.next_poll) {
        (Some(ended), _, _) => ended.to_owned(),
        (None, Some(pause), _) => format!("{}: {}", pause.reason, format_duration(pause.remaining)),
        (None, None, Some(next)) => {
            let left = next.saturating_duration_since(Instant::now());
            format!("looks again in {}; Ctrl-C leaves", format_duration(left))
        }
        (None, None, None) => "looking; Ctrl-C leaves".to_owned(),
    };
    let text_style = match view.ended {
        Some(_) => TextStyle::Strong,
        None => TextStyle::Faint,
    };
    line.push((text_style, now));
    line
}

fn bars(funnel: &Funnel, width: usize) -> Vec<Line> {
    let all = || funnel.stages.iter().chain(&funnel.others);
    let words =
        |stage: &Stage| truncate_to_width(&escape_line(&stage.words()), MAX_NAME_WIDTH).to_owned();
    let label = all().map(|stage| words(stage).width()).max().unwrap_or(0);
    let most = all().map(|stage| stage.count).max().unwrap_or(0).max(1);
    let number = most.to_string().len();
    let columns = MAX_BAR_WIDTH
        .min(width.saturating_sub(label + number + 4))
        .max(1);
    all()
        .map(|stage| {
            // Whoever is there is seen, also as one of thousands.
            let length = (stage.count * columns).div_ceil(most);
            vec![
                (TextStyle::Plain, pad_to_width(&words(stage), label)),
                (TextStyle::Plain, format!("  {:number$} ", stage.count)),
                (TextStyle::Good, "█".repeat(length)),
            ]
        })
        .collect()
}

fn changes(view: &View, room: usize, now: Timestamp) -> Vec<Line> {
    if view.changes.is_empty() {
        return vec![vec![(TextStyle::Faint, "  none yet".to_owned())]];
    }
    // Yesterday's times were today's when they came.
    let shown = view.changes.iter().take(room);
    let shown: Vec<(String, &String)> = shown
        .map(|(at, text)| (view.time_of_day(*at, now, "%H:%M"), text))
        .collect();
    let column = shown.iter().map(|(at, _)| at.width()).max().unwrap_or(0);
    shown
        .into_iter()
        .map(|(at, text)| {
            vec![
                (
                    TextStyle::Faint,
                    format!("  {}  ", pad_to_width(&at, column)),
                ),
                (TextStyle::Plain, text.clone()),
            ]
        })
        .collect()
}

/// Those who are late, who became so last first, and those whose deadline comes, who come next first.
fn deadlines(view: &View, now: Timestamp) -> (Vec<Line>, Vec<Line>) {
    let deadlines = Deadlines::of(&view.sessions, now);
    if deadlines.past.is_empty() && deadlines.next.is_empty() {
        let none = vec![(TextStyle::Faint, "  none".to_owned())];
        return (Vec::new(), vec![none]);
    }
    let past = deadlines.past.iter().rev().take(MAX_DEADLINES);
    let past = past.map(|(due, session)| (TextStyle::Bad, *due, *session));
    let next = deadlines.next.iter().take(MAX_DEADLINES);
    let next = next.map(|(due, session)| (TextStyle::Plain, *due, *session));
    let shown: Vec<_> = past.chain(next).collect();
    let names: Vec<String> = shown
        .iter()
        .map(|(_, _, session)| {
            truncate_to_width(&escape_line(display_name(session)), MAX_NAME_WIDTH).to_owned()
        })
        .collect();
    let column = names.iter().map(|name| name.width()).max().unwrap_or(0);
    let late = deadlines.past.len().min(MAX_DEADLINES);
    let mut lines: Vec<Line> = shown
        .into_iter()
        .zip(names)
        .map(|((text_style, due, session), name)| {
            let status = status_text(session.status.as_deref().unwrap_or_default());
            let (at, apart) = (DateTime::of(due, &view.zone), due.duration_since(now));
            let is_near = apart.unsigned_abs() < SHOW_YEAR_AFTER;
            let pattern = if is_near {
                "%a %d %b %H:%M"
            } else {
                "%d %b %Y %H:%M"
            };
            let at = at.zoned().strftime(pattern);
            let time = format_duration(apart.unsigned_abs());
            let when = if apart.is_negative() {
                format!("{time} ago")
            } else {
                format!("in {time}")
            };
            vec![
                (
                    TextStyle::Plain,
                    format!("  {}  ", pad_to_width(&name, column)),
                ),
                (text_style, format!("{at} ({when})")),
                (TextStyle::Faint, format!("  {}", escape_line(&status))),
            ]
        })
        .collect();
    let coming = lines.split_off(late);
    (lines, coming)
}

fn heading(text: &str) -> Line {
    vec![(TextStyle::Strong, text.to_owned())]
}

/// Widens `text` to `columns`; padding by characters would shift names in wide letters.
fn pad_to_width(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

fn format_duration(time: Duration) -> String {
    format!("{:#}", HumanDuration(time.max(Duration::from_secs(1))))
}

#[cfg(test)]
mod tests;
