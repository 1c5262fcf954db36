//! Names rows of a plan: by their line, if all are from one file.

use crate::bulk::{Plan, RowOrigin, Sample};
use crate::text::{join_first, plural};

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
