//! Rows of a plan as text: by their line if all are from one file, with how values were read for them, and with how their sessions
//! differ from what was asked for.

use std::fmt::Display;

use crate::bulk::{
    Announcement, Announcements, DifferenceSamples, InterpretationGroup, Interpretations, Plan,
    RowOrigin, Sample,
};
use crate::text::{escape_line, join_first, plural};

/// Returns the file of all rows, if there is only one.
pub(super) fn single_file(plan: &Plan) -> Option<&str> {
    match plan.files.as_slice() {
        [file] => Some(file),
        _ => None,
    }
}

/// Returns the location of a row: only its line if all rows are from one file.
pub(super) fn row_label(origin: &RowOrigin, plan: &Plan) -> String {
    match (&origin.location, single_file(plan)) {
        (Some((_, line)), Some(_)) => format!("line {line}"),
        _ => origin.to_string(),
    }
}

/// Describes the first rows of a sample, and counts the others.
pub(super) fn join_limited<T>(
    sample: &Sample<T>,
    describe: impl Fn(&RowOrigin, &T) -> String,
) -> String {
    let described = sample.first.iter();
    join_first(
        described.map(|(origin, value)| describe(origin, value)),
        sample.total,
    )
}

/// Lists lines, such as `lines 14, 90, 91`, or row numbers if there is no file.
pub(super) fn row_numbers(sample: &Sample<()>, plan: &Plan) -> String {
    let origins: Vec<&RowOrigin> = sample.first.iter().map(|(origin, ())| origin).collect();
    label_numbers(&origins, sample.total, plan)
}

/// Lists the lines or numbers of the first of `total` rows.
pub(super) fn label_numbers(first: &[&RowOrigin], total: u64, plan: &Plan) -> String {
    let by_line =
        single_file(plan).is_some() && first.iter().all(|origin| origin.location.is_some());
    let numbers = first.iter().map(|origin| match &origin.location {
        Some((_, line)) if by_line => line.to_string(),
        _ => origin.number.to_string(),
    });
    let noun = plural(total, if by_line { "line" } else { "row" });
    format!("{noun} {}", join_first(numbers, total))
}

/// Names the candidates whose session differs from what their row asks for, a line for each kind of difference.
pub(super) fn describe_differences(
    differences: &DifferenceSamples,
    texts: Announcements,
    label: impl Fn(&RowOrigin) -> String,
) -> impl Iterator<Item = String> {
    fn line<T: Display>(
        what: Announcement,
        sample: &Sample<T>,
        label: impl Fn(&RowOrigin) -> String,
    ) -> Option<String> {
        let named = join_limited(sample, |origin, kept| format!("{} ({kept})", label(origin)));
        (sample.total > 0).then(|| format!("{} {}: {named}", sample.total, what.of(sample.total)))
    }
    let lines = [
        line(texts.deadline, &differences.deadlines, &label),
        line(texts.name, &differences.names, &label),
        line(texts.expired, &differences.expired, &label),
    ];
    lines.into_iter().flatten()
}

/// Describes the interpretations of a plan.
pub(super) fn interpretation_lines(interpretations: &Interpretations, plan: &Plan) -> Vec<String> {
    let lines = interpretations.lines(|group| {
        if group.is_of_rows() {
            list_rows(group, plan)
        } else {
            list_values(group)
        }
    });
    lines.iter().map(|line| escape_line(line)).collect()
}

/// Lists the values of a group that does not belong to rows, unless the line has the only one.
pub(super) fn list_values(group: &InterpretationGroup) -> String {
    if group.is_uniform {
        return String::new();
    }
    let values = group.values.iter();
    join_first(
        values.map(|(_, each)| each.value_and_reading()),
        group.total,
    )
}

/// Lists the rows of a group, with their values if they differ.
fn list_rows(group: &InterpretationGroup, plan: &Plan) -> String {
    let rows = group
        .values
        .iter()
        .filter_map(|(origin, each)| Some((origin.as_ref()?, each)));
    if group.is_uniform {
        let origins: Vec<&RowOrigin> = rows.map(|(origin, _)| origin).collect();
        return label_numbers(&origins, group.total, plan);
    }
    let values = rows
        .map(|(origin, each)| format!("{} {}", row_label(origin, plan), each.value_and_reading()));
    join_first(values, group.total)
}
