//! Deadlines, day by day: who has not submitted though it is over, and what comes next.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::shown::{Clock, count, distance};

/// Days that are shown; the others are summed up.
const DAYS: usize = 7;
/// Names that are shown for a day.
const NAMES: usize = 3;

/// A deadline that somebody has not met yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open<'a> {
    pub(super) due_at: Timestamp,
    pub(super) name: &'a str,
}

/// Open deadlines on one side of now.
#[derive(Clone, Debug)]
pub(super) struct Deadlines {
    pub(super) total: u32,
    pub(super) days: Vec<Day>,
    /// Candidates whose deadlines are on days that are not shown.
    pub(super) beyond: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Day {
    pub(super) date: String,
    pub(super) distance: String,
    pub(super) count: u32,
    pub(super) names: Vec<String>,
    pub(super) more: u32,
}

/// Returns the deadlines that are over, the latest first, and those ahead, the next first.
pub(super) fn deadlines(open: &[Open<'_>], clock: &Clock) -> (Deadlines, Deadlines) {
    let mut past = BTreeMap::<Date, Vec<Open<'_>>>::new();
    let mut ahead = past.clone();
    for each in open {
        let side = if each.due_at < clock.now {
            &mut past
        } else {
            &mut ahead
        };
        side.entry(clock.date(each.due_at)).or_default().push(*each);
    }
    (
        side(past.into_iter().rev(), clock),
        side(ahead.into_iter(), clock),
    )
}

fn side<'a>(days: impl Iterator<Item = (Date, Vec<Open<'a>>)>, clock: &Clock) -> Deadlines {
    let mut days: Vec<_> = days.collect();
    let sum = |days: &[(Date, Vec<Open<'_>>)]| count(days.iter().map(|(_, open)| open.len()).sum());
    let total = sum(&days);
    let beyond = sum(days.get(DAYS..).unwrap_or(&[]));
    days.truncate(DAYS);
    Deadlines {
        total,
        days: days
            .into_iter()
            .map(|(date, open)| day(date, &open, clock))
            .collect(),
        beyond,
    }
}

fn day(date: Date, open: &[Open<'_>], clock: &Clock) -> Day {
    let first = open.iter().map(|each| each.due_at).min();
    Day {
        date: clock.day(date),
        distance: first.map_or_else(String::new, |due_at| distance(due_at, clock.now)),
        count: count(open.len()),
        names: open
            .iter()
            .take(NAMES)
            .map(|each| each.name.to_owned())
            .collect(),
        more: count(open.len().saturating_sub(NAMES)),
    }
}
