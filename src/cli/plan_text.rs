//! A plan as text: what will happen, before it happens.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::bulk::{Invitation, Origin, Plan, Verdict};
use crate::render::visible;

/// How many rows of a kind are shown one by one.
const SHOWN: usize = 3;
/// How many problems are listed before the rest is only counted.
const PROBLEMS: usize = 50;

/// Describes what is to be sent, and what is not.
pub(super) fn describe(plan: &Plan, place: &str) -> String {
    let mut text = String::new();
    let one_file = only_file(plan);
    let from = one_file.map_or_else(String::new, |file| format!(", from {}", file.display()));
    for (label, rows) in by_assessment(plan) {
        let count = rows.len();
        let _ = writeln!(text, "{count} to invite to `{label}` at {place}{from}");
        for (origin, invitation) in rows.iter().take(SHOWN) {
            let _ = writeln!(text, "  {}", row(origin, invitation, one_file));
        }
        if count > SHOWN + 1 {
            let _ = writeln!(text, "  …");
        }
        if let Some((origin, invitation)) = rows.last().filter(|_| count > SHOWN) {
            let _ = writeln!(text, "  {}", row(origin, invitation, one_file));
        }
    }
    if plan.invitations().next().is_none() {
        let _ = writeln!(text, "nobody to invite");
    }
    for (what, origins) in left_out(plan) {
        let _ = writeln!(text, "{} {what} ({})", origins.len(), places(&origins));
    }
    visible(text.trim_end())
}

/// Lists what is wrong with a plan; empty where nothing is.
pub(super) fn describe_problems(plan: &Plan) -> String {
    let problems: Vec<String> = plan
        .problems()
        .map(|(origin, problem)| format!("  {origin}: {problem}"))
        .collect();
    if problems.is_empty() {
        return String::new();
    }
    let (count, total) = (problems.len(), plan.rows.len());
    let verb = if count == 1 { "is" } else { "are" };
    let mut text = format!("{count} of {total} rows {verb} invalid, so nothing is sent:\n");
    text.push_str(&problems[..count.min(PROBLEMS)].join("\n"));
    if count > PROBLEMS {
        let _ = write!(text, "\n  … and {} more", count - PROBLEMS);
    }
    visible(&text)
}

fn by_assessment(plan: &Plan) -> BTreeMap<&str, Vec<(&Origin, &Invitation)>> {
    let mut groups: BTreeMap<&str, Vec<(&Origin, &Invitation)>> = BTreeMap::new();
    for (origin, invitation) in plan.invitations() {
        let label = invitation.target.label.as_str();
        groups.entry(label).or_default().push((origin, invitation));
    }
    groups
}

/// The rows that are left out, by what is said about them.
fn left_out(plan: &Plan) -> BTreeMap<String, Vec<&Origin>> {
    let mut groups: BTreeMap<String, Vec<&Origin>> = BTreeMap::new();
    for row in &plan.rows {
        let what = match &row.verdict {
            Verdict::Skip(reason) => format!("skipped: {reason}"),
            Verdict::Duplicate { .. } => "with an address that comes earlier".to_owned(),
            Verdict::Send(_) | Verdict::Invalid(_) => continue,
        };
        groups.entry(what).or_default().push(&row.origin);
    }
    groups
}

/// Lists lines, or row numbers where there is no file: `lines 14, 90, 91`.
fn places(origins: &[&Origin]) -> String {
    const LISTED: usize = 10;
    let from_file = origins.iter().all(|origin| origin.place.is_some());
    let mut numbers: Vec<String> = origins
        .iter()
        .take(LISTED)
        .map(|origin| match &origin.place {
            Some((_, line)) if from_file => line.to_string(),
            _ => origin.number.to_string(),
        })
        .collect();
    if origins.len() > LISTED {
        numbers.push("…".to_owned());
    }
    let noun = match (from_file, origins.len()) {
        (true, 1) => "line",
        (true, _) => "lines",
        (false, 1) => "row",
        (false, _) => "rows",
    };
    format!("{noun} {}", numbers.join(", "))
}

/// Returns the file that all rows come from, where there is one.
fn only_file(plan: &Plan) -> Option<&Path> {
    let mut files = plan
        .rows
        .iter()
        .map(|row| row.origin.place.as_ref().map(|(file, _)| &**file));
    let first = files.next()??;
    files.all(|file| file == Some(first)).then_some(first)
}

fn row(origin: &Origin, invitation: &Invitation, one_file: Option<&Path>) -> String {
    let place = match (&origin.place, one_file) {
        (Some((_, line)), Some(_)) => format!("line {line}"),
        _ => origin.to_string(),
    };
    let due = match &invitation.due_date {
        Some(due) => format!(", due {due}"),
        None => String::new(),
    };
    format!("{place}: {} <{}>{due}", invitation.name, invitation.email)
}
