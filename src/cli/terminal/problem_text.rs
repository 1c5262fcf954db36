//! The problems of rows as text: a line for each kind of problem.

use std::fmt::Write as _;

use super::kind_text::kind_text;
use super::row_text::join_limited;
use crate::bulk::{Plan, ProblemKind, Problems, Rejection, RowOrigin, Sample};
use crate::text::{count, escape_control, escape_line, plural};

/// Explains why a plan was rejected, or which invalid rows are left out of one that was not.
pub(super) fn describe_problems(plan: &Plan, rejection: Option<&Rejection>) -> String {
    let problems = &plan.warnings.problems;
    let sent = plan.kind.sent();
    let mut text = match rejection {
        Some(rejection @ Rejection::TooMany { .. }) => {
            return format!("{rejection}, so nothing is {sent}");
        }
        Some(rejection @ Rejection::Invalid { .. }) => {
            format!("{rejection}, so nothing is {sent}:")
        }
        None if problems.total == 0 => return String::new(),
        None => format!("{} left out as invalid:", count(problems.total, "row")),
    };
    for line in problem_lines(problems) {
        let _ = write!(text, "\n  {}", escape_line(&line));
    }
    if let Some(Rejection::Invalid { rows, others, .. }) = rejection
        && *others > 0
    {
        let them = if *rows == 1 { "it" } else { "them" };
        let does = kind_text(plan.kind).does;
        let _ = write!(
            text,
            "\n  hint: `--skip-invalid` leaves {them} out and {does} the other {others}"
        );
    }
    escape_control(&text)
}

/// Describes each kind of problem in a line.
pub(in crate::cli) fn problem_lines(problems: &Problems) -> impl Iterator<Item = String> {
    let others = count(problems.others, "row");
    let others = (problems.others > 0).then(|| format!("… and {others} with other problems"));
    problems.kinds.iter().map(kind_line).chain(others)
}

/// Describes the problem, says which rows have it, and which of them show how to fix it.
fn kind_line(kind: &ProblemKind) -> String {
    let mut line = rows_line(kind);
    for (order, (origin, date)) in &kind.proofs {
        let first = order.first_part();
        let _ = write!(
            line,
            "; only with the {first} first is {origin} (`{date}`) a date"
        );
    }
    line
}

/// Describes the problem, and says which rows have it.
fn rows_line(kind: &ProblemKind) -> String {
    let (problem, rows) = (&kind.first, &kind.rows);
    let first = rows.first.first().map(|(origin, _)| origin.to_string());
    let first = first.unwrap_or_default();
    if rows.total == 1 {
        return format!("{first}: {problem}");
    }
    let number = count(rows.total, "row");
    if kind.is_uniform {
        format!("{number}: {problem}: {}", list_rows(rows, |_| None))
    } else if kind.has_one_reason {
        let rows = list_rows(rows, Option::as_deref);
        format!("{number}: {}: {rows}", problem.headline())
    } else {
        let rows = list_rows(rows, |_| None);
        format!("{number} like {first}: {problem}: {rows}")
    }
}

/// Lists rows, such as `people.csv lines 2, 3, and 7 more`, or with values: ``people.csv line 2 `a`, line 3 `b` ``.
fn list_rows(
    rows: &Sample<Option<String>>,
    value: impl Fn(&Option<String>) -> Option<&str>,
) -> String {
    let file = |origin: &RowOrigin| origin.location.as_ref().map(|(file, _)| file.clone());
    let mut files = rows.first.iter().map(|(origin, _)| file(origin));
    let common = files.next().flatten();
    let is_common = common.is_some() && files.all(|other| other == common);
    let has_values = rows.first.iter().any(|(_, text)| value(text).is_some());
    let numbers_only =
        !has_values && (is_common || rows.first.iter().all(|(origin, _)| file(origin).is_none()));
    let named = join_limited(rows, |origin, text| {
        let label = match &origin.location {
            Some((_, line)) if numbers_only => line.to_string(),
            Some((_, line)) if is_common => format!("line {line}"),
            None if numbers_only => origin.number.to_string(),
            _ => origin.to_string(),
        };
        match value(text) {
            Some(text) => format!("{label} {text}"),
            None => label,
        }
    });
    let noun = match (numbers_only, is_common) {
        (false, _) => String::new(),
        (true, true) => format!("{} ", plural(rows.total, "line")),
        (true, false) => format!("{} ", plural(rows.total, "row")),
    };
    match common.filter(|_| is_common) {
        Some(file) => format!("{file} {noun}{named}"),
        None => format!("{noun}{named}"),
    }
}
