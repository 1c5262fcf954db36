//! A plan as text, shown before anything is sent.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::kind_text::kind_text;
use super::row_text::{
    describe_differences, interpretation_lines, join_limited, label_numbers, row_label,
    row_numbers, single_file,
};
use super::summary_text::NextCommands;
use crate::bulk::{
    AssessmentDeadline, OF_EXISTING, Plan, PlanRow, PlannedRow, RowOrigin, Sample,
    describe_interpretation,
};
use crate::text::{count, escape_control, escape_line, is_or_are};
use crate::time::DateTime;

/// Describes which rows are sent, and which are not.
pub(super) fn describe(
    plan: &Plan,
    endpoint: &str,
    now: &DateTime,
    commands: &NextCommands,
) -> String {
    let words = kind_text(plan.kind);
    let mut text = String::new();
    if let Some(at) = plan.planned_at {
        let at = now.at_instant(at);
        let _ = writeln!(
            text,
            "run {} was planned {}, on {at}",
            plan.run,
            ago(&at, now)
        );
    }
    let from = match single_file(plan) {
        Some(file) => format!(", from {}", escape_line(file)),
        None => String::new(),
    };
    for target in &plan.targets {
        let _ = writeln!(
            text,
            "{} {} `{}` at {endpoint}{from}",
            target.count,
            words.to_do,
            escape_line(&target.label)
        );
        for row in &target.first {
            let _ = writeln!(text, "  {}", row_line(row, plan));
        }
        if let Some(last) = &target.last {
            if target.count > target.first.len() as u64 + 1 {
                let _ = writeln!(text, "  …");
            }
            let _ = writeln!(text, "  {}", row_line(last, plan));
        }
        if target.existing > 0 {
            let _ = writeln!(
                text,
                "  {} of them already invited: session, link and deadline stay the same",
                target.existing
            );
        }
    }
    if plan.targets.is_empty() {
        let _ = writeln!(text, "{}", words.nobody);
    } else if let Some(caution) = words.caution {
        let _ = writeln!(text, "{caution}");
    }
    if let Some(first) = plan.first.filter(|first| *first < plan.count()) {
        let sent = plan.kind.sent();
        let _ = match first {
            0 => writeln!(text, "none of them are {sent} now: `--first` is reached"),
            1 => writeln!(text, "only the first one is {sent} now"),
            _ => writeln!(text, "only the first {first} are {sent} now"),
        };
    }
    describe_warnings(plan, &mut text);
    if let Some(unfinished_run) = &plan.unfinished_run {
        let _ = writeln!(
            text,
            "note: run {} of the same script and arguments has {} not {} yet: {} continues with it",
            unfinished_run.run,
            count(unfinished_run.unsent, "row"),
            plan.kind.sent(),
            commands.line("send", unfinished_run.run, "")
        );
    }
    escape_control(text.trim_end())
}

/// Describes one row in a line.
pub(super) fn describe_row(row: &PlanRow, plan: &Plan) -> String {
    match row {
        PlanRow::LeftOut {
            origin,
            email,
            outcome,
            reason,
        } => {
            let mut line = format!("{}: {outcome}: ", row_label(origin, plan));
            if let Some(email) = email {
                let _ = write!(line, "<{email}>: ");
            }
            line.push_str(reason);
            escape_line(&line)
        }
        PlanRow::ToSend {
            row,
            assessment,
            name_issue,
            differences,
            interpretations,
        } => {
            let mut line = row_line(row, plan);
            if let Some(assessment) = assessment.as_ref().filter(|_| plan.targets.len() > 1) {
                let _ = write!(line, ", to `{}`", escape_line(assessment));
            }
            if let Some(name_issue) = name_issue {
                let _ = write!(line, " (the name looks doubtful: {name_issue})");
            }
            for difference in differences.announcements(OF_EXISTING) {
                let _ = write!(line, " ({})", escape_line(&difference));
            }
            for interpretation in interpretations {
                let described = describe_interpretation(interpretation);
                let _ = write!(line, " ({})", escape_line(&described));
            }
            line
        }
    }
}

fn describe_warnings(plan: &Plan, text: &mut String) {
    let warnings = &plan.warnings;
    for note in &warnings.notes {
        let _ = writeln!(text, "{}", escape_line(note));
    }
    for line in interpretation_lines(&warnings.interpretations, plan) {
        let _ = writeln!(text, "{line}");
    }
    if warnings.hidden.total > 0 {
        let _ = writeln!(text, "{}", hidden_rows(plan));
    }
    for (reason, sample) in &warnings.skipped {
        let _ = writeln!(
            text,
            "{} skipped: {} ({})",
            sample.total,
            escape_line(reason),
            row_numbers(sample, plan)
        );
    }
    for (state, samples) in &warnings.settled {
        let outcome = state.label(plan.kind);
        write_samples(text, outcome, ": ", samples, |origin, candidate| {
            format!("{} {candidate}", row_label(origin, plan))
        });
    }
    write_samples(
        text,
        "skipped",
        ", ",
        &warnings.never_invited,
        |origin, list_line| format!("line {list_line} ({})", row_label(origin, plan)),
    );
    if warnings.other_shards > 0 {
        let _ = writeln!(
            text,
            "{} left to other shards",
            count(warnings.other_shards, "row")
        );
    }
    let duplicates = &warnings.duplicates;
    if duplicates.total > 0 {
        let named = join_limited(duplicates, |origin, duplicate| {
            let names = duplicate.names.as_ref();
            let names = names.map(|(sent, left)| format!(" (`{sent}` is sent, not `{left}`)"));
            format!(
                "{} repeats {}{}",
                row_label(origin, plan),
                row_label(&duplicate.first, plan),
                names.unwrap_or_default()
            )
        });
        let _ = writeln!(
            text,
            "{}, {} once: {named}",
            count(duplicates.total, "duplicate"),
            plan.kind.done()
        );
    }
    for line in describe_differences(&warnings.differences, OF_EXISTING, |origin| {
        row_label(origin, plan)
    }) {
        let _ = writeln!(text, "{line}");
    }
    describe_names(plan, text);
}

/// Writes a line for each reason, with the first of its rows.
fn write_samples<T>(
    text: &mut String,
    outcome: &str,
    separator: &str,
    samples: &BTreeMap<String, Sample<T>>,
    describe: impl Fn(&RowOrigin, &T) -> String,
) {
    for (reason, sample) in samples {
        let named = join_limited(sample, &describe);
        let reason = escape_line(reason);
        let _ = writeln!(
            text,
            "{} {outcome}: {reason}{separator}{named}",
            sample.total
        );
    }
}

/// Describes the names that a person should look at.
fn describe_names(plan: &Plan, text: &mut String) {
    let warnings = &plan.warnings;
    let doubtful_names = &warnings.doubtful_names;
    if doubtful_names.total > 0 {
        let named = join_limited(doubtful_names, |origin, (doubted, why)| {
            format!("{} `{doubted}` ({why})", row_label(origin, plan))
        });
        let _ = writeln!(
            text,
            "{} doubtful: {named}",
            names_look(doubtful_names.total)
        );
    }
    let shared = &warnings.shared_names;
    if shared.total > 0 {
        let (origins, repeated): (Vec<&RowOrigin>, Vec<&str>) = shared
            .first
            .iter()
            .map(|(origin, name)| (origin, name.as_str()))
            .unzip();
        // Lists of test data repeat one name.
        let described = match repeated.as_slice() {
            [first, others @ ..] if others.iter().all(|name| name == first) => {
                format!("{} `{first}`", label_numbers(&origins, shared.total, plan))
            }
            _ => join_limited(shared, |origin, name| {
                format!("{} `{name}`", row_label(origin, plan))
            }),
        };
        let rows = count(shared.total, "row");
        let have = if shared.total == 1 { "has" } else { "have" };
        let _ = writeln!(
            text,
            "{rows} {have} the same name as an earlier row, but a different address: {described}"
        );
    }
    let words = &warnings.single_words;
    if words.total > 0 {
        let named = join_limited(words, |origin, word| {
            format!("{} `{word}`", row_label(origin, plan))
        });
        let _ = writeln!(
            text,
            "{} doubtful (only one word): {named}",
            names_look(words.total)
        );
    }
}

/// Says how many rows the workbook hides, and which of them are invited.
fn hidden_rows(plan: &Plan) -> String {
    let hidden = &plan.warnings.hidden;
    let number = count(hidden.total, "hidden row");
    let invited = match hidden.invited.total {
        0 => return format!("{number} of the workbook, not to be invited"),
        all if all == hidden.total => "to be invited too".to_owned(),
        some => format!("of which {some} {} to be invited", is_or_are(some)),
    };
    format!(
        "{number} of the workbook, {invited} ({}): `#{{ skip_hidden: true }}`, or `--skip-hidden` of a shipped script, leaves hidden rows out",
        row_numbers(&hidden.invited, plan)
    )
}

fn names_look(total: u64) -> String {
    let verb = if total == 1 { "looks" } else { "look" };
    format!("{} {verb}", count(total, "name"))
}

fn ago(then: &DateTime, now: &DateTime) -> String {
    let seconds = (now.timestamp().as_second() - then.timestamp().as_second()).max(0);
    let (number, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} ago", count(number.unsigned_abs(), unit))
}

/// Describes the deadline of a candidate: `own`, or else that of the assessment.
pub(super) fn due_text(own: Option<&DateTime>, inherited: Option<&AssessmentDeadline>) -> String {
    match (own, inherited) {
        (Some(due), _) => format!(", due {due}"),
        (None, Some(due)) => format!(", due {due} (the assessment's deadline)"),
        (None, None) => String::new(),
    }
}

fn row_line(row: &PlannedRow, plan: &Plan) -> String {
    let due = due_text(row.due_date.as_ref(), row.inherited_deadline.as_ref());
    let candidate = match (row.name.as_str(), row.email.as_str()) {
        (name, "") => name.to_owned(),
        ("", email) => format!("<{email}>"),
        (name, email) => format!("{name} <{email}>"),
    };
    let session = row.session.as_ref();
    let session = session.map(|id| format!("session {id}"));
    let known = [Some(candidate).filter(|known| !known.is_empty()), session];
    let known: Vec<String> = known.into_iter().flatten().collect();
    escape_line(&format!(
        "{}: {}{due}",
        row_label(&row.origin, plan),
        known.join(", ")
    ))
}
