//! The table of a report: its columns, what its rows can be filtered by, and the rows.

use jiff::Timestamp;

use super::MOST_ROWS;
use super::format::{FormattedTime, TimeContext, format_duration};
use super::scores::decimal;
use super::status::{label, style};
use crate::text::{count_grouped, group_digits};

/// Rows that are shown at once: as many as a browser lays out while one types.
pub(super) const PAGE: usize = 100;

/// A table that can be searched, sorted and filtered.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) caption: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) groups: Vec<Group>,
    pub(super) entries: Vec<Row>,
    /// How many of them are shown at once.
    pub(super) page: usize,
    /// What is said about rows that the table does not hold.
    pub(super) beyond: Option<String>,
}

/// Filters that exclude each other; a row must pass one of each group where any is chosen.
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
    /// What filters it passes.
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
        /// The style and the text of what there is to say.
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
            style: style(status),
        }
    }

    pub(super) fn time(at: Option<Timestamp>, time_context: &TimeContext) -> Self {
        at.map_or(Self::Empty, |at| Self::Time(time_context.moment(at)))
    }

    pub(super) fn length(seconds: Option<i64>) -> Self {
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

    /// A link where a browser should follow it; any other scheme stays text.
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
    /// A filter for each tag that any row has; `tags` come with their labels and numbers.
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

/// What is said where the table holds `shown` of `total` rows; `hint` tells where all of them are.
pub(super) fn beyond(shown: usize, total: u64, hint: &str) -> Option<String> {
    let shown = shown.min(MOST_ROWS);
    let left_out = total.saturating_sub(shown as u64);
    (left_out > 0).then(|| {
        format!(
            "The table holds {} of {}; {hint}.",
            group_digits(shown as u64),
            count_grouped(total, "row")
        )
    })
}
