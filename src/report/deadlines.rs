//! The deadlines of candidates who have not submitted, by day in the zone of each deadline.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::format::{TimeContext, count, relative_day};
use crate::time::DateTime;

/// The most days that are listed; the others are added up.
const MAX_DAYS: usize = 7;
/// The most names that are listed for a day.
const MAX_NAMES: usize = 3;

/// The deadline of a candidate who has not submitted.
#[derive(Clone, Copy, Debug)]
pub(super) struct OpenDeadline<'a> {
    pub(super) due_at: &'a DateTime,
    pub(super) name: &'a str,
}

/// The open deadlines before or after now.
#[derive(Clone, Debug)]
pub(super) struct Deadlines {
    pub(super) total: u32,
    pub(super) days: Vec<Day>,
    /// Candidates with deadlines on days that are not listed.
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

/// Returns past deadlines, the latest first, and those ahead, the earliest first.
pub(super) fn deadlines(
    open: &[OpenDeadline<'_>],
    time_context: &TimeContext,
) -> (Deadlines, Deadlines) {
    let mut past = BTreeMap::<Date, Vec<OpenDeadline<'_>>>::new();
    let mut ahead = past.clone();
    for each in open {
        let side = if each.due_at.timestamp() < time_context.now {
            &mut past
        } else {
            &mut ahead
        };
        side.entry(each.due_at.zoned().date())
            .or_default()
            .push(*each);
    }
    (
        side(past.into_iter().rev(), time_context),
        side(ahead.into_iter(), time_context),
    )
}

fn side<'a>(
    days: impl Iterator<Item = (Date, Vec<OpenDeadline<'a>>)>,
    time_context: &TimeContext,
) -> Deadlines {
    let mut days: Vec<_> = days.collect();
    let sum = |days: &[(Date, Vec<OpenDeadline<'_>>)]| {
        count(days.iter().map(|(_, open)| open.len()).sum())
    };
    let total = sum(&days);
    let beyond = sum(days.get(MAX_DAYS..).unwrap_or(&[]));
    days.truncate(MAX_DAYS);
    Deadlines {
        total,
        days: days
            .into_iter()
            .map(|(date, open)| day(date, &open, time_context))
            .collect(),
        beyond,
    }
}

fn day(date: Date, open: &[OpenDeadline<'_>], time_context: &TimeContext) -> Day {
    // The candidates may be in different zones, and today may be another day in each.
    let first = open.iter().min_by_key(|each| each.due_at.timestamp());
    Day {
        date: time_context.day(date),
        distance: first.map_or_else(String::new, |first| {
            relative_day(
                date,
                first.due_at.at_instant(time_context.now).zoned().date(),
            )
        }),
        count: count(open.len()),
        names: open
            .iter()
            .take(MAX_NAMES)
            .map(|each| each.name.to_owned())
            .collect(),
        more: count(open.len().saturating_sub(MAX_NAMES)),
    }
}
