//! Charts of columns, as percentages of a box whose size the style sheet gives.

use super::shown::{Share, count, counted, grouped};

/// Columns that have room for their number above them.
const NUMBERED: usize = 16;
/// Labels that have room below the columns on a phone, and the letters of all of them.
const LABELS: usize = 6;
const LETTERS: usize = 40;
/// The width of a letter on a phone, in percent.
const LETTER: f64 = 2.4;
/// How much of the height the highest column takes, in percent: its number stands above it.
const HIGHEST: f64 = 86.0;
/// How much of its place a column fills.
const FILLED: f64 = 0.78;

/// Where a label stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    /// Below its column: it names all of it.
    Centred,
    /// Where its column begins: it names the least value.
    AtEdges,
}

/// What a column stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bin {
    /// What stands below it.
    pub(super) label: String,
    /// What it covers, in words.
    pub(super) range: String,
    pub(super) count: u32,
}

/// A chart, ready to be drawn.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    /// All that it says, for those who do not see it.
    pub(super) text: String,
    pub(super) columns: Vec<Column>,
    pub(super) labels: Vec<Label>,
    /// Whether labels stand where columns begin.
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
    pub(super) fn of(bins: &[Bin], noun: &str, labels: Labels) -> Self {
        let highest = bins.iter().map(|bin| bin.count).max().unwrap_or(0);
        let pitch = 100.0 / f64::from(count(bins.len()).max(1));
        let numbered = bins.len() <= NUMBERED;
        let title = |bin: &Bin| format!("{}: {}", bin.range, counted(bin.count, noun));
        let columns = (0_u32..).zip(bins).filter(|(_, bin)| bin.count > 0);
        let columns = columns.map(|(at, bin)| {
            let left = pitch * f64::from(at);
            let height = f64::from(bin.count) / f64::from(highest) * HIGHEST;
            Column {
                x: percent(left + pitch * (1.0 - FILLED) / 2.0),
                y: percent(100.0 - height),
                width: percent(pitch * FILLED),
                height: percent(height),
                middle: percent(left + pitch / 2.0),
                number: numbered.then(|| grouped(bin.count.into())),
                title: title(bin),
            }
        });
        let edges = labels == Labels::AtEdges;
        let shift = if edges { (1.0 - FILLED) / 2.0 } else { 0.5 };
        let longest = bins.iter().map(|bin| bin.label.chars().count()).max();
        let longest = longest.unwrap_or(0).max(1);
        let room = (LETTERS / longest).clamp(1, LABELS);
        let every = bins.len().div_ceil(room).max(1);
        // A label that begins too far to the right would leave the box.
        let last = if edges {
            100.0 - LETTER * f64::from(count(longest))
        } else {
            100.0
        };
        let places = (0_u32..).map(|at| pitch * (f64::from(at) + shift));
        let labels = places
            .zip(bins)
            .step_by(every)
            .filter(|(x, _)| *x <= last)
            .map(|(x, bin)| Label {
                x: percent(x),
                text: bin.label.clone(),
            });
        let told: Vec<String> = bins.iter().filter(|bin| bin.count > 0).map(title).collect();
        Self {
            text: told.join("; "),
            columns: columns.collect(),
            labels: labels.collect(),
            edges,
        }
    }
}

/// A bar that lies: how much of its track is filled.
pub(super) fn bar(part: u32, whole: u32) -> String {
    Share::of(part, whole).length()
}

fn percent(number: f64) -> String {
    format!("{number:.2}%")
}
