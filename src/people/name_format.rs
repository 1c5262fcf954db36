//! How the names of a list are written: in which order, and in which columns. The rules are at the head of `people`.

use super::name_issue::is_one_word;
use super::order::{NameOrder, name_order, reorder_capitals, reorder_name};
use super::suffixes::is_suffix;
use super::titles::leading_titles;
use super::word_lists::is_comma;
use crate::interpretation::{Interpretation, Interpreted};

const OTHER_ORDER: &str =
    "not written `Last, First` as most names of the list are, so it is sent as it is";
const OTHER_CAPITALS: &str =
    "not written `LAST First` as most names of the list are, so it is sent as it is";
const SHORT_CAPITALS: &str =
    "the capitals are read as the last name, as in most names of the list, and may be initials";
const OTHER_COLUMNS: &str = "the columns for names differ from those of most rows";

/// What a row has in its columns for names.
#[derive(Clone, Copy, Debug, Default)]
pub struct NameCells<'a> {
    /// The column for the name.
    pub name: Option<&'a str>,
    /// The column for the first name.
    pub first: Option<&'a str>,
    /// The column for the last name.
    pub last: Option<&'a str>,
    /// The columns for particles before the last name, and for a second last name.
    pub around_last: [Option<&'a str>; 2],
}

/// Which order of first and last name is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderChoice {
    /// That of most names of the list.
    #[default]
    Auto,
    /// The last name is first in every name with a comma, and before it in capitals.
    LastFirst,
    /// Names are left as they are.
    AsIs,
}

/// What the column for the name holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameColumn {
    Full,
    /// There is a column for the first name and none for the last.
    Last,
    /// There is a column for the last name and none for the first.
    First,
}

/// Counts how the names of a list are written.
#[derive(Clone, Debug, Default)]
pub struct NameFormatFinder {
    choice: OrderChoice,
    /// The columns for the name and for a part of it, if the first may hold only the rest.
    columns: Option<(String, String)>,
    first_last: u64,
    last_first: u64,
    capitals_first: u64,
    /// The first name with the last name first, and the first that has it in capitals.
    example: Option<String>,
    capitals_example: Option<String>,
    /// How many names contain the other column, and how many do not.
    full: u64,
    parts: u64,
    part: Option<NameColumn>,
    /// How many names there are, how many of them are one word, and the first of these.
    names: u64,
    single_words: u64,
    single_word: Option<String>,
}

/// How the names of a list are written.
#[derive(Clone, Copy, Debug)]
pub struct NameFormat {
    choice: OrderChoice,
    column: NameColumn,
    is_last_first: bool,
    is_capitals_first: bool,
}

impl NameFormatFinder {
    /// Starts without names. `columns` are those for the name and for its first or last name, if the column for the name may hold
    /// only the rest.
    #[must_use]
    pub fn new(choice: OrderChoice, columns: Option<(String, String)>) -> Self {
        Self {
            choice,
            columns,
            ..Self::default()
        }
    }

    /// Counts the name of a row.
    pub fn add(&mut self, cells: NameCells) {
        let name = cells.name.unwrap_or_default().trim();
        let other = match (cells.first, cells.last) {
            (Some(first), None) => Some((NameColumn::Last, first)),
            (None, Some(last)) => Some((NameColumn::First, last)),
            _ => None,
        };
        if let Some((part, other)) = other.filter(|_| self.columns.is_some()) {
            self.part = Some(part);
            if !name.is_empty() && !other.trim().is_empty() {
                let count = if contains(name, other) {
                    &mut self.full
                } else {
                    &mut self.parts
                };
                *count += 1;
            }
        }
        let has_other_part = cells.first.is_some() || cells.last.is_some();
        if !name.is_empty() {
            self.names += 1;
            if !has_other_part && is_one_word(name) {
                self.single_words += 1;
                self.single_word.get_or_insert_with(|| name.to_owned());
            }
        }
        match name_order(name) {
            NameOrder::FirstLast => self.first_last += 1,
            NameOrder::LastFirst => {
                self.last_first += 1;
                self.example.get_or_insert_with(|| name.to_owned());
            }
            NameOrder::CapitalsFirst => {
                self.capitals_first += 1;
                self.capitals_example.get_or_insert_with(|| name.to_owned());
            }
            NameOrder::Either | NameOrder::Unknown => {}
        }
    }

    /// Returns how most names are written, and what a person should see about it.
    #[must_use]
    pub fn finish(self) -> Interpreted<NameFormat> {
        let is_part = self.parts > 0 && self.parts >= self.full;
        let column = self.part.filter(|_| is_part).unwrap_or(NameColumn::Full);
        let is_used = |is_auto: bool| {
            column == NameColumn::Full
                && match self.choice {
                    OrderChoice::Auto => is_auto,
                    OrderChoice::LastFirst => true,
                    OrderChoice::AsIs => false,
                }
        };
        let others = self.first_last + self.last_first;
        let result = NameFormat {
            choice: self.choice,
            column,
            is_last_first: is_used(self.last_first > self.first_last + self.capitals_first),
            is_capitals_first: is_used(self.capitals_first > others.max(1)),
        };
        let mut interpretations = Vec::new();
        if let Some((name, other)) = self.columns.filter(|_| column != NameColumn::Full) {
            let part = if column == NameColumn::Last {
                "last"
            } else {
                "first"
            };
            let remark = format!(
                "the column is read as the {part} name, because `{other}` has the rest of the name"
            );
            interpretations.push(Interpretation::new(&name, remark));
        }
        if let Some(name) = self
            .single_word
            .filter(|_| self.single_words > 1 && self.single_words > self.names / 2)
        {
            let remark = format!(
                "most names are one word ({} of {}): is the rest in another column?",
                self.single_words, self.names
            );
            interpretations.push(Interpretation::new(&name, remark));
        }
        let ordered = others + self.capitals_first;
        for (is_first, count, example, form) in [
            (
                result.is_last_first,
                self.last_first,
                self.example,
                "the last name first",
            ),
            (
                result.is_capitals_first,
                self.capitals_first,
                self.capitals_example,
                "the last name first, in capitals",
            ),
        ] {
            if let Some(name) = example.filter(|_| is_first) {
                let remark = format!(
                    "{count} of {ordered} names have {form}, so their order is changed; `--names as-is` of a shipped script keeps it"
                );
                let reading = result.read_full(&name).result;
                interpretations.push(Interpretation::with_reading(&name, remark, reading));
            }
        }
        Interpreted {
            result,
            interpretations,
        }
    }
}

impl NameFormat {
    /// Returns the format as text.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self {
                choice: OrderChoice::AsIs,
                ..
            } => "as is",
            Self {
                is_last_first: true,
                ..
            } => "Last, First",
            Self {
                is_capitals_first: true,
                ..
            } => "LAST First",
            _ => "First Last",
        }
    }

    /// Reads the name of a row, with the first name first if that is known; empty if all of its columns are.
    #[must_use]
    pub fn read(self, cells: NameCells) -> Interpreted<String> {
        let text = |cell: Option<&str>| words(cell.unwrap_or_default());
        let name = text(cells.name);
        let first = || text(cells.first);
        let last = || {
            let [before, after] = cells.around_last.map(Option::unwrap_or_default);
            let last = cells.last.unwrap_or_default();
            words(&format!("{before} {last} {after}"))
        };
        if name.is_empty() {
            return join(&first(), &last());
        }
        if self.choice == OrderChoice::AsIs {
            return Interpreted::plain(name);
        }
        let other = match (cells.first, cells.last) {
            (Some(_), None) => &first(),
            (None, Some(_)) => &last(),
            _ => return self.read_full(&name),
        };
        if other.is_empty() {
            return self.read_full(&name);
        }
        match (self.column, contains(&name, other)) {
            (NameColumn::Full, true) => self.read_full(&name),
            (NameColumn::Full, false) => other_columns(&name, self.read_full(&name).result),
            (_, true) => other_columns(&name, reorder_name(&name).unwrap_or_else(|| name.clone())),
            (NameColumn::Last, false) => join(other, &name),
            (NameColumn::First, false) => join(&name, other),
        }
    }

    /// Reads a name with first and last name.
    fn read_full(self, name: &str) -> Interpreted<String> {
        if !self.is_last_first && !self.is_capitals_first {
            return Interpreted::plain(name.to_owned());
        }
        let order = name_order(name);
        let in_capitals = || reorder_capitals(name).filter(|_| self.is_capitals_first);
        let (reordered, remark) = match order {
            NameOrder::CapitalsFirst => (in_capitals(), OTHER_ORDER),
            NameOrder::FirstLast if self.is_last_first => (None, OTHER_ORDER),
            NameOrder::FirstLast => match in_capitals() {
                Some(name) => (Some(name), SHORT_CAPITALS),
                None => (None, OTHER_CAPITALS),
            },
            _ if self.is_last_first => (reorder_name(name), OTHER_ORDER),
            _ => (None, OTHER_CAPITALS),
        };
        let is_doubtful = order == NameOrder::FirstLast
            || (reordered.is_none()
                && (name.contains(is_comma) || order == NameOrder::CapitalsFirst));
        Interpreted {
            interpretations: match &reordered {
                Some(reading) if is_doubtful => {
                    vec![Interpretation::with_reading(name, remark, &**reading)]
                }
                None if is_doubtful => vec![Interpretation::new(name, remark)],
                _ => Vec::new(),
            },
            result: reordered.unwrap_or_else(|| name.to_owned()),
        }
    }
}

fn other_columns(name: &str, read: String) -> Interpreted<String> {
    let interpretation = if name == read {
        Interpretation::new(name, OTHER_COLUMNS)
    } else {
        Interpretation::with_reading(name, OTHER_COLUMNS, &*read)
    };
    Interpreted {
        result: read,
        interpretations: vec![interpretation],
    }
}

/// Joins first and last name. Suffixes of the first name follow the last, and titles of the last name precede the first.
fn join(first: &str, last: &str) -> Interpreted<String> {
    let rest = first.strip_suffix(last).filter(|_| !last.is_empty());
    if rest.is_some_and(|rest| rest.ends_with(' ')) {
        return other_columns(first, first.to_owned());
    }
    // `Jane`, `Jane Smith`; but `Martín García` is a last name too.
    let repeats_first = last
        .strip_prefix(first)
        .is_some_and(|rest| rest.starts_with(' '));
    let (given, suffixes) = match first.split_once(is_comma) {
        Some((given, behind)) if behind.split_whitespace().all(is_suffix) => (given, behind.trim()),
        _ => (first, ""),
    };
    let last_words: Vec<&str> = last.split(' ').collect();
    let titles = leading_titles(&last_words);
    let (titles, last) = last_words.split_at(if titles < last_words.len() { titles } else { 0 });
    let name = words(&[&titles.join(" "), given, &last.join(" ")].join(" "));
    if repeats_first && !first.is_empty() {
        return other_columns(last_words.join(" ").as_str(), name);
    }
    Interpreted::plain(match suffixes {
        "" => name,
        suffixes => format!("{name}, {suffixes}"),
    })
}

/// Returns `text` with single spaces between words.
fn words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Returns whether a name contains all words of a part of it, and others.
fn contains(name: &str, part: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| c.is_whitespace() || is_comma(c));
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (name, part) = (words(name), words(part));
    name.len() > part.len() && part.iter().all(|word| name.contains(word))
}
