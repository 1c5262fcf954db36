//! The table of a report: columns, filters and rows.

use jiff::Timestamp;

use super::format::{FormattedTime, TimeContext, decimal, format_duration, label, status_class};
use crate::text::{count_grouped, group_digits};
use crate::time::DateTime;

/// The most rows of a table: browsers become slow with more.
pub const MAX_ROWS: usize = 10_000;

/// Rows that are shown at first: browsers can lay them out while the user types.
pub(super) const PAGE_ROWS: usize = 100;

/// A table that can be searched, sorted and filtered.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) groups: Vec<Group>,
    pub(super) entries: Vec<Row>,
    /// The number of rows that are shown at first.
    pub(super) page: usize,
    /// A sentence about rows that the table leaves out.
    pub(super) beyond: Option<String>,
}

/// Alternative filters: a row must pass one of each group in which any is selected.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) filters: Vec<Filter>,
}

#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) tag: String,
    pub(super) label: String,
    pub(super) count: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// The filters that the row passes.
    pub(super) tags: Vec<String>,
    pub(super) cells: Vec<Cell>,
}

#[derive(Clone, Debug)]
pub(super) enum Cell {
    Empty,
    Person {
        name: String,
        email: String,
    },
    Badge {
        text: String,
        style: &'static str,
    },
    Time(FormattedTime),
    Deadline {
        at: FormattedTime,
        /// The CSS class and the text of a remark.
        deadline_status: Option<(&'static str, &'static str)>,
    },
    Sorted {
        text: String,
        sort: String,
    },
    Text(String),
    Link(String),
}

impl Cell {
    pub(super) fn status(status: &str) -> Self {
        Self::Badge {
            text: label(status),
            style: status_class(status),
        }
    }

    pub(super) fn time(at: Option<Timestamp>, time_context: &TimeContext) -> Self {
        at.map_or(Self::Empty, |at| {
            Self::Time(time_context.format_instant(at))
        })
    }

    pub(super) fn deadline(due_at: Option<&DateTime>, time_context: &TimeContext) -> Self {
        due_at.map_or(Self::Empty, |due_at| {
            Self::Time(time_context.format_deadline(due_at))
        })
    }

    pub(super) fn duration(seconds: Option<i64>) -> Self {
        seconds.map_or(Self::Empty, |seconds| Self::Sorted {
            text: format_duration(seconds),
            sort: seconds.to_string(),
        })
    }

    pub(super) fn points(points: Option<f64>) -> Self {
        points.map_or(Self::Empty, |points| Self::Sorted {
            text: decimal(points),
            sort: points.to_string(),
        })
    }

    pub(super) fn text(text: Option<&str>) -> Self {
        match text {
            None | Some("") => Self::Empty,
            Some(text) => Self::Text(text.to_owned()),
        }
    }

    /// A link if a browser can follow it safely; any other scheme stays text.
    pub(super) fn link(link: Option<&str>) -> Self {
        match link {
            Some(url) if url.starts_with("https://") || url.starts_with("http://") => {
                Self::Link(url.to_owned())
            }
            other => Self::text(other),
        }
    }
}

impl Filter {
    /// Builds a filter for each tag that any row has, from tags, labels and numbers.
    pub(super) fn each(tags: impl IntoIterator<Item = (String, String, u64)>) -> Vec<Self> {
        tags.into_iter()
            .filter(|(_, _, count)| *count > 0)
            .map(|(tag, label, count)| Self {
                tag,
                label,
                count: group_digits(count),
            })
            .collect()
    }
}

/// Says how many of `total` rows the table leaves out, if any; `hint` says where to find them.
pub(super) fn beyond(shown: usize, total: u64, hint: &str) -> Option<String> {
    let shown = shown.min(MAX_ROWS);
    let left_out = total.saturating_sub(shown as u64);
    (left_out > 0).then(|| {
        format!(
            "The table holds {} of {}; {hint}.",
            group_digits(shown as u64),
            count_grouped(total, "row")
        )
    })
}
