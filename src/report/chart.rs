//! Column charts, in percent of a box whose size the style sheet sets.

use super::format::count;
use crate::text::count_grouped;
use crate::text::group_digits;

/// With more columns, there is no room for numbers above them.
const MAX_NUMBERED_COLUMNS: usize = 16;
/// The labels that fit below the columns on a phone, and their letters in total.
const MAX_LABELS: usize = 6;
const MAX_LABEL_CHARS: usize = 40;
/// The width of a letter on a phone, in percent.
const CHAR_WIDTH: f64 = 2.4;
/// The height of the highest column, in percent; the rest is for its number.
const MAX_COLUMN_HEIGHT: f64 = 86.0;
/// The least number of slots, so that two columns are not as wide as walls.
const MIN_SLOTS: u32 = 6;
/// The part of a slot that is empty on either side of its column.
const COLUMN_MARGIN: f64 = 0.11;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LabelPosition {
    /// Below the middle of its column, which it names.
    Centered,
    /// Below the left edge of its column, whose least value it names.
    AtEdges,
}

/// An interval of values, shown as one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    pub(super) label: String,
    /// The interval in words.
    pub(super) range: String,
    pub(super) count: u32,
}

#[derive(Clone, Debug)]
pub(super) struct Chart {
    /// The content as text, for screen readers.
    pub(super) text: String,
    pub(super) columns: Vec<Column>,
    pub(super) labels: Vec<Label>,
    /// The labels are at the edges of columns.
    pub(super) edges: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) width: String,
    pub(super) height: String,
    pub(super) middle: String,
    pub(super) number: Option<String>,
    pub(super) title: String,
}

#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) x: String,
    pub(super) text: String,
}

impl Chart {
    /// Draws a column for each bin; `noun` is what they count.
    pub(super) fn of(bins: &[Bin], noun: &str, labels: LabelPosition) -> Self {
        let title = |bin: &Bin| format!("{}: {}", bin.range, count_grouped(bin.count, noun));
        let filled = |bin: &&Bin| bin.count > 0;
        let texts: Vec<String> = bins.iter().filter(filled).map(title).collect();
        let layout = ColumnLayout::of(bins);
        Self {
            text: texts.join("; "),
            columns: layout.columns(bins, title),
            labels: layout.labels(bins, labels),
            edges: labels == LabelPosition::AtEdges,
        }
    }
}

/// The horizontal positions of columns, in percent.
#[derive(Clone, Copy)]
struct ColumnLayout {
    begin: f64,
    pitch: f64,
}

impl ColumnLayout {
    fn of(bins: &[Bin]) -> Self {
        let number = count(bins.len());
        let pitch = 100.0 / f64::from(number.max(MIN_SLOTS));
        Self {
            begin: (100.0 - pitch * f64::from(number)) / 2.0,
            pitch,
        }
    }

    /// Returns the position in slot `at`, where `into` is the part of the slot to its left.
    fn x(self, at: u32, into: f64) -> f64 {
        self.begin + self.pitch * (f64::from(at) + into)
    }

    fn columns(self, bins: &[Bin], title: impl Fn(&Bin) -> String) -> Vec<Column> {
        let highest = bins.iter().map(|bin| bin.count).max().unwrap_or(0);
        let numbered = bins.len() <= MAX_NUMBERED_COLUMNS;
        let filled = (0_u32..).zip(bins).filter(|(_, bin)| bin.count > 0);
        let column = |(at, bin): (u32, &Bin)| {
            let height = f64::from(bin.count) / f64::from(highest) * MAX_COLUMN_HEIGHT;
            Column {
                x: percent(self.x(at, COLUMN_MARGIN)),
                y: percent(100.0 - height),
                width: percent(self.pitch * (1.0 - 2.0 * COLUMN_MARGIN)),
                height: percent(height),
                middle: percent(self.x(at, 0.5)),
                number: numbered.then(|| group_digits(bin.count.into())),
                title: title(bin),
            }
        };
        filled.map(column).collect()
    }

    /// Returns as many labels as fit, without those that would leave the box on the right.
    fn labels(self, bins: &[Bin], labels: LabelPosition) -> Vec<Label> {
        let longest = bins.iter().map(|bin| bin.label.chars().count()).max();
        let longest = longest.unwrap_or(0).max(1);
        let room = (MAX_LABEL_CHARS / longest).clamp(1, MAX_LABELS);
        let every = bins.len().div_ceil(room).max(1);
        let (into, last) = match labels {
            LabelPosition::Centered => (0.5, 100.0),
            LabelPosition::AtEdges => (
                COLUMN_MARGIN,
                100.0 - CHAR_WIDTH * f64::from(count(longest)),
            ),
        };
        (0_u32..)
            .zip(bins)
            .step_by(every)
            .map(|(at, bin)| (self.x(at, into), bin))
            .filter(|(x, _)| *x <= last)
            .map(|(x, bin)| Label {
                x: percent(x),
                text: bin.label.clone(),
            })
            .collect()
    }
}

fn percent(number: f64) -> String {
    format!("{number:.2}%")
}
