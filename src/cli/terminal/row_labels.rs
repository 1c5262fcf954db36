//! Names rows of a plan: by their line, if all are from one file.

use crate::bulk::{Plan, RowOrigin, Sample};
use crate::text::{escape_line, plural};

/// How many rows of a kind are listed; the others are only counted.
const MAX_NAMED_ROWS: usize = 10;

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
    let mut items: Vec<String> = sample
        .first
        .iter()
        .take(MAX_NAMED_ROWS)
        .map(|(origin, value)| escape_line(&describe(origin, value)))
        .collect();
    let more = sample.total - items.len() as u64;
    if more > 0 {
        items.push(format!("and {more} more"));
    }
    items.join(", ")
}

/// Lists lines, such as `lines 14, 90, 91`, or row numbers if there is no file.
pub(super) fn row_numbers(sample: &Sample<()>, plan: &Plan) -> String {
    let by_line = single_file(plan).is_some()
        && sample
            .first
            .iter()
            .all(|(origin, ())| origin.location.is_some());
    let number = |origin: &RowOrigin, (): &()| -> String {
        match &origin.location {
            Some((_, line)) if by_line => line.to_string(),
            _ => origin.number.to_string(),
        }
    };
    let noun = plural(sample.total, if by_line { "line" } else { "row" });
    format!("{noun} {}", join_limited(sample, number))
}
