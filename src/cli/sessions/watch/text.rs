//! The screen of `--watch`, as lines.

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

/// How many changes are kept.
const MAX_CHANGES: usize = 20;
/// How many late candidates, and how many upcoming deadlines are listed.
const MAX_DEADLINES: usize = 20;
/// Times further away are shown with their year.
const SHOW_YEAR_AFTER: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// The maximum width of a bar, and of a candidate's name or a status.
const MAX_BAR_WIDTH: usize = 40;
const MAX_NAME_WIDTH: usize = 30;

/// The state that the screen shows.
pub(super) struct View {
    label: String,
    zone: TimeZone,
    pub(super) goal: Option<TargetStatus>,
    /// When `--wait` runs out.
    pub(super) deadline: Option<Instant>,
    pub(super) sessions: Vec<Session>,
    funnel: Funnel,
    /// The changes with their times, the latest first.
    changes: VecDeque<(Timestamp, String)>,
    /// The time of the last poll, and the time that decides which deadlines are over.
    last_poll: Option<(Timestamp, Timestamp)>,
    pub(super) next_poll: Option<Instant>,
    /// During an outage: the time of the last response, and the reason.
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
            deadline: None,
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

    /// Returns whether sessions were listed at least once.
    pub(super) fn has_data(&self) -> bool {
        self.last_poll.is_some()
    }

    /// Records that a poll at `clock` failed. Returns whether that is new, and the time of the last response.
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

    /// Records the result of a poll at `clock`, and what changed since the previous one, in order.
    pub(super) fn update(
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

    /// Returns whether the goal is reached.
    pub(super) fn is_reached(&self) -> bool {
        self.goal.is_some_and(|goal| goal.left(&self.sessions) == 0)
    }

    /// `9 of 12 are not submitted yet`
    pub(super) fn remaining_text(&self) -> String {
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

    /// Formats `at` for the start of a log line.
    pub(super) fn format_timestamp(&self, at: Timestamp) -> String {
        let at = DateTime::of(at, &self.zone);
        at.zoned().strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    fn funnel(&self) -> String {
        escape_line(&self.funnel.to_string())
    }

    /// Formats `at` with the pattern `time`, such as `14:02`, and adds the day if it is not that of `now`.
    fn time_of_day(&self, at: Timestamp, now: Timestamp, time: &str) -> String {
        let (at, now) = (DateTime::of(at, &self.zone), DateTime::of(now, &self.zone));
        let is_today = at.zoned().date() == now.zoned().date();
        let day = if is_today { "" } else { "%a %d %b " };
        at.zoned().strftime(&format!("{day}{time}")).to_string()
    }
}

/// Returns the lines of a screen of `width` columns and `height` lines.
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
    // Two headings with a blank line before each, and the line of the cursor.
    let room = height.saturating_sub(lines.len() + 5);
    let (late, coming) = deadlines(view, now);
    let least = (late.len() + coming.len()).min(room / 2);
    let changes = changes(view, room - least, now);
    let rest = room.saturating_sub(changes.len());
    // However many candidates are late, those who can still be in time are shown.
    let late_shown = late.len().min(rest - coming.len().min(rest / 2));
    lines.extend([Line::new(), heading("latest changes")]);
    lines.extend(changes);
    lines.extend([
        Line::new(),
        heading("deadlines of candidates who have not finished"),
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
    let mut line = vec![(TextStyle::Plain, view.remaining_text())];
    if let (Some(deadline), None) = (view.deadline, view.ended) {
        let left = deadline.saturating_duration_since(Instant::now());
        line.push((
            TextStyle::Faint,
            format!("; giving up in {}", format_duration(left)),
        ));
    }
    Some(line)
}

/// Returns the line about the last poll and the next one.
fn state(view: &View) -> Line {
    let mut line = Line::new();
    let clock = |at: Timestamp| view.time_of_day(at, Timestamp::now(), "%H:%M:%S");
    match (view.outage_since, view.last_poll) {
        (Some(since), _) => line.push((
            TextStyle::Bad,
            format!("no response since {}; ", clock(since)),
        )),
        (None, Some((last_poll, _))) => {
            line.push((
                TextStyle::Faint,
                format!("checked at {}; ", clock(last_poll)),
            ));
        }
        (None, None) => {}
    }
    let now = match (view.ended, &view.pause, view.next_poll) {
        (Some(ended), _, _) => ended.to_owned(),
        (None, Some(pause), _) => format!("{}: {}", pause.reason, format_duration(pause.remaining)),
        (None, None, Some(next)) => {
            let left = next.saturating_duration_since(Instant::now());
            format!("next check in {}; Ctrl-C exits", format_duration(left))
        }
        (None, None, None) => "checking; Ctrl-C exits".to_owned(),
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
    let max = all().map(|stage| stage.count).max().unwrap_or(0).max(1);
    let number = max.to_string().len();
    let columns = MAX_BAR_WIDTH
        .min(width.saturating_sub(label + number + 4))
        .max(1);
    all()
        .map(|stage| {
            // Rounded up, so that one of thousands is visible.
            let length = (stage.count * columns).div_ceil(max);
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
    // A change of yesterday was recorded without its day.
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

/// Returns the lines of late candidates, the latest deadline first, and of upcoming deadlines, the next one first.
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

/// Pads `text` to `columns`. Counting characters would misalign names in wide letters.
fn pad_to_width(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}

fn format_duration(time: Duration) -> String {
    format!("{:#}", HumanDuration(time.max(Duration::from_secs(1))))
}

#[cfg(test)]
mod tests;
