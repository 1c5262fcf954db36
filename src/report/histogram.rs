//! Sorts times, durations and points into the bins of a chart.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan as _};

use super::chart::Bin;
use super::format::{TimeContext, count, format_duration};

/// The most months that a chart over time goes back.
const MAX_MONTHS: i64 = 60;

/// The widths of bins for durations, in minutes.
const WIDTHS: [i64; 13] = [
    1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1_440, 10_080, 43_200,
];

/// The most bins for the shorter nine tenths of the durations; one more bin holds the longest.
const MAX_BODY_BINS: i64 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BinWidth {
    Hour,
    Day,
    Week,
    Month,
}

/// Sorts instants by hour, day, week or month: the finest of these that does not lead to too many bins.
pub(super) fn time_bins(instants: &[Timestamp], time_context: &TimeContext) -> Vec<Bin> {
    let mut times: Vec<DateTime> = instants.iter().map(|at| time_context.local(*at)).collect();
    times.sort_unstable();
    let (Some(first), Some(last)) = (times.first().copied(), times.last().copied()) else {
        return Vec::new();
    };
    let step = [BinWidth::Hour, BinWidth::Day, BinWidth::Week]
        .into_iter()
        .find(|step| step.fits(first, last))
        .unwrap_or(BinWidth::Month);
    // If submissions span more than five years, some clock was wrong, and the latest ones matter.
    let earliest = last.checked_sub(MAX_MONTHS.months()).unwrap_or(first);
    let mut bins = Vec::new();
    let mut begin = step.floor(first.max(earliest));
    while begin <= last {
        let Some(end) = step.after(begin) else { break };
        let within = |at: &&DateTime| (begin..end).contains(*at);
        bins.push(Bin {
            label: step.label(begin, time_context),
            range: step.range(begin, time_context),
            count: count(times.iter().filter(within).count()),
        });
        begin = end;
    }
    bins
}

impl BinWidth {
    fn fits(self, first: DateTime, last: DateTime) -> bool {
        let days = (last.date() - first.date()).get_days();
        match self {
            Self::Hour => {
                let next = first.date().checked_add(1.day());
                days < 2 && next.is_ok_and(|next| last.date() <= next)
            }
            Self::Day => days < 56,
            Self::Week => days < 7 * 52,
            Self::Month => true,
        }
    }

    fn floor(self, at: DateTime) -> DateTime {
        let midnight = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
        match self {
            Self::Hour => at.date().at(at.hour(), 0, 0, 0),
            Self::Day => midnight(at.date()),
            Self::Week => {
                let days = i64::from(at.date().weekday().to_monday_zero_offset());
                midnight(at.date().checked_sub(days.days()).unwrap_or(at.date()))
            }
            Self::Month => midnight(at.date().first_of_month()),
        }
    }

    fn after(self, at: DateTime) -> Option<DateTime> {
        let step = match self {
            Self::Hour => 1.hour(),
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        };
        at.checked_add(step).ok()
    }

    fn label(self, at: DateTime, time_context: &TimeContext) -> String {
        match self {
            Self::Hour => at.strftime("%H:%M").to_string(),
            Self::Day | Self::Week => at.strftime("%-d %b").to_string(),
            Self::Month if at.year() == time_context.year => at.strftime("%b").to_string(),
            Self::Month => at.strftime("%b %y").to_string(),
        }
    }

    fn range(self, at: DateTime, time_context: &TimeContext) -> String {
        match self {
            Self::Hour => format!("{}, {}", time_context.day(at.date()), at.strftime("%H:%M")),
            Self::Day => time_context.day(at.date()),
            Self::Week => format!("week of {}", time_context.day(at.date())),
            Self::Month => at.strftime("%B %Y").to_string(),
        }
    }
}

/// Sorts ascending durations, in seconds, into bins of a round width.
pub(super) fn duration_bins(sorted: &[i64]) -> Vec<Bin> {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    let body = sorted.get(sorted.len() * 9 / 10).unwrap_or(last);
    let fits = |minutes: &i64| (body - first) / (minutes * 60) < MAX_BODY_BINS;
    let width = WIDTHS.into_iter().find(fits).unwrap_or(43_200 * 12) * 60;
    let begin = first - first.rem_euclid(width);
    let bins = (last - begin) / width + 1;
    let all_fit = bins <= MAX_BODY_BINS + 2;
    let shown = if all_fit {
        bins
    } else {
        ((body - begin) / width + 2).min(MAX_BODY_BINS + 2)
    };
    (0..shown)
        .map(|at| {
            let from = begin + at * width;
            let open = at + 1 == shown && !all_fit;
            let until = if open { i64::MAX } else { from + width };
            let within = |seconds: &&i64| (from..until).contains(*seconds);
            let (label, range) = if open {
                let length = format_duration(from);
                (format!("{length}+"), format!("{length} or longer"))
            } else {
                let range = format!("{} to {}", format_duration(from), format_duration(until));
                (format_duration(from), range)
            };
            Bin {
                label,
                range,
                count: count(sorted.iter().filter(within).count()),
            }
        })
        .collect()
}

/// Sorts points into ten bins from 0 to the next hundred.
pub(super) fn score_bins(points: &[f64]) -> Vec<Bin> {
    let highest = points.iter().copied().fold(0.0, f64::max);
    let top = (highest / 100.0).ceil().max(1.0) * 100.0;
    let width = top / 10.0;
    (0_u32..10)
        .map(|at| {
            let from = width * f64::from(at);
            let until = from + width;
            let last = at == 9;
            let within = |p: &&f64| **p >= from && (**p < until || last);
            Bin {
                label: format!("{from:.0}"),
                range: format!("{from:.0} to {until:.0} points"),
                count: count(points.iter().filter(within).count()),
            }
        })
        .collect()
}

/// Returns the value at a number of tenths of the sorted values; 5 tenths is the median.
pub(super) fn quantile<T: Copy>(sorted: &[T], tenths: usize) -> Option<T> {
    let at = sorted.len().saturating_sub(1) * tenths / 10;
    sorted.get(at).copied()
}
