//! The interpretations of a plan, grouped by what they say, in bounded memory.

use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use super::sample::RowOrigin;
use crate::interpretation::Interpretation;
use crate::text::count;

/// How many groups are kept apart.
const MAX_GROUPS: usize = 20;
/// How many values of a group are kept.
const MAX_VALUES: usize = 50;

/// Interpretations by column and remark, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Interpretations {
    pub groups: Vec<InterpretationGroup>,
    /// How many interpretations are not in a group, because there are too many groups.
    pub others: u64,
}

/// Interpretations with the same column and the same remark.
#[derive(Clone, Debug)]
pub struct InterpretationGroup {
    /// The first one.
    pub first: Interpretation,
    /// Whether all have the same value and the same reading.
    pub is_uniform: bool,
    pub total: u64,
    /// The first of them, each with its row, if the script read it for one row.
    pub values: Vec<(Option<RowOrigin>, Interpretation)>,
}

impl Interpretations {
    /// Adds an interpretation, of the row `origin` if the script read it for one row.
    pub fn add(&mut self, origin: Option<RowOrigin>, interpretation: Interpretation) {
        let group = self.groups.iter_mut().find(|group| {
            group.is_of_rows() == origin.is_some()
                && group.first.remark == interpretation.remark
                && group.first.column == interpretation.column
        });
        if let Some(group) = group {
            group.total += 1;
            group.is_uniform = group.is_uniform && group.first == interpretation;
            if group.values.len() < MAX_VALUES {
                group.values.push((origin, interpretation));
            }
        } else if self.groups.len() < MAX_GROUPS {
            self.groups.push(InterpretationGroup {
                first: interpretation.clone(),
                is_uniform: true,
                total: 1,
                values: vec![(origin, interpretation)],
            });
        } else {
            self.others += 1;
        }
    }

    /// Adds those that were read before the plan, in groups of their own.
    pub(super) fn append(&mut self, earlier: Self) {
        for group in earlier.groups {
            if self.groups.len() < MAX_GROUPS {
                self.groups.push(group);
            } else {
                self.others += group.total;
            }
        }
        self.others += earlier.others;
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Describes each group in a line; `list` lists the values of a group, with their rows.
    pub fn lines(&self, list: impl Fn(&InterpretationGroup) -> String) -> Vec<String> {
        let mut lines: Vec<String> = self
            .groups
            .iter()
            .map(|group| group.line(&list(group)))
            .collect();
        if self.others > 0 {
            lines.push(format!("… and {}", count(self.others, "other value")));
        }
        lines
    }
}

impl InterpretationGroup {
    /// Returns whether they belong to rows; the others were read outside of rows.
    pub fn is_of_rows(&self) -> bool {
        self.values.iter().any(|(origin, _)| origin.is_some())
    }

    /// Describes the group, for example ``3 rows: column `zone` `GMT+2`: a fixed offset, without summer time: lines 2, 3, 4``.
    fn line(&self, list: &str) -> String {
        let mut line = String::new();
        if self.total > 1 {
            let noun = if self.is_of_rows() { "row" } else { "value" };
            line = format!("{}: ", count(self.total, noun));
        }
        line += &self.headline();
        if !list.is_empty() {
            line += ": ";
            line += list;
        }
        line
    }

    /// Returns the column, the value if it is the same everywhere, and the remark.
    fn headline(&self) -> String {
        let column = self.first.column.as_ref();
        let column = column.map(|column| format!("column `{column}`"));
        let value = self.is_uniform.then(|| self.first.value_and_reading());
        let subject: Vec<String> = column.into_iter().chain(value).collect();
        match subject.join(" ") {
            subject if subject.is_empty() => self.first.remark.to_string(),
            subject => format!("{subject}: {}", self.first.remark),
        }
    }
}

/// Describes one interpretation in a line.
pub fn describe_interpretation(interpretation: &Interpretation) -> String {
    let column = interpretation.column.as_ref();
    let column = column.map_or_else(String::new, |column| format!("column `{column}` "));
    format!(
        "{column}{}: {}",
        interpretation.value_and_reading(),
        interpretation.remark
    )
}

#[derive(Serialize)]
struct JsonValue<'a> {
    file: Option<&'a str>,
    line: Option<u64>,
    value: &'a str,
    reading: Option<&'a str>,
}

/// As `--json` prints it.
impl Serialize for InterpretationGroup {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values: Vec<JsonValue<'_>> = self
            .values
            .iter()
            .map(|(origin, interpretation)| {
                let location = origin.as_ref().and_then(|origin| origin.location.as_ref());
                JsonValue {
                    file: location.map(|(file, _)| &**file),
                    line: location.map(|(_, line)| *line),
                    value: &interpretation.value,
                    reading: interpretation.reading.as_deref(),
                }
            })
            .collect();
        let mut group = serializer.serialize_struct("InterpretationGroup", 4)?;
        group.serialize_field("remark", &self.first.remark)?;
        group.serialize_field("column", &self.first.column)?;
        group.serialize_field("total", &self.total)?;
        group.serialize_field("first", &values)?;
        group.end()
    }
}

#[cfg(test)]
mod tests {
    use super::Interpretations;
    use crate::interpretation::Interpretation;

    #[test]
    fn many_values_are_counted_and_few_are_kept() {
        let mut interpretations = Interpretations::default();
        for number in 0..1000 {
            let value = format!("GMT+{number}");
            interpretations.add(None, Interpretation::new(&value, "a fixed offset"));
        }
        for number in 0..100 {
            let remark = format!("remark {number}");
            interpretations.add(None, Interpretation::new("value", remark));
        }
        assert_eq!(interpretations.groups.len(), 20);
        assert_eq!(interpretations.groups[0].total, 1000);
        assert_eq!(interpretations.groups[0].values.len(), 50);
        assert_eq!(interpretations.others, 81);
        let mut later = Interpretations::default();
        later.add(None, Interpretation::new("GMT+0", "a fixed offset"));
        later.append(interpretations);
        assert_eq!(later.groups[1].total, 1000);
        assert_eq!(later.others, 82);
    }

    #[test]
    fn a_line_has_the_value_only_if_it_is_always_the_same() {
        let mut interpretations = Interpretations::default();
        let remark = "a fixed offset";
        interpretations.add(None, Interpretation::new(" GMT+2 ", remark));
        let lines = |all: &Interpretations| all.lines(|_| String::new());
        assert_eq!(lines(&interpretations), ["`GMT+2`: a fixed offset"]);
        interpretations.add(None, Interpretation::new("GMT+2", remark));
        assert_eq!(
            lines(&interpretations),
            ["2 values: `GMT+2`: a fixed offset"]
        );
        interpretations.add(None, Interpretation::with_reading("GMT+3", remark, "UTC+3"));
        assert_eq!(lines(&interpretations), ["3 values: a fixed offset"]);
    }
}
