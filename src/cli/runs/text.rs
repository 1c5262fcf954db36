//! Runs as text: a table of all, and a summary of one.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::api::BaseUrl;
use crate::bulk::{Counts, Problems};
use crate::change_kind::ChangeKind;
use crate::cli::terminal::{NextCommands, describe_counts, next_commands, problem_lines, quoted};
use crate::ledger::{LockOwner, RowState, Run, RunState};
use crate::table::draw;
use crate::text::escape_line;
use crate::time::DateTime;

/// The maximum number of characters of a script with its arguments in a table.
const MAX_SCRIPT_WIDTH: usize = 40;

/// The results that are counted in a table, in the order of its columns, each with the kinds of runs that have it.
const RESULTS: [(RowState, &[ChangeKind]); 7] = {
    use ChangeKind::{Invite, Revoke, Score};
    [
        (RowState::Created, &[Invite]),
        (RowState::Existing, &[Invite]),
        (RowState::Done, &[Revoke]),
        (RowState::Done, &[Score]),
        (RowState::Kept, &[Revoke, Score]),
        (RowState::Unclear, &[Score]),
        (RowState::Failed, &ChangeKind::ALL),
    ]
};

/// A cell with the name of its column.
type NamedCell = (&'static str, String);

/// Returns a table of runs, with a column for each number if they fit in `width`.
pub(super) fn overview(runs: &[Run], zone: &TimeZone, width: Option<u16>) -> String {
    // In a list of invitations, the kind says nothing.
    let has_kinds = runs.iter().any(|run| run.kind != ChangeKind::Invite);
    let row = |run: &Run, other_cells: Vec<NamedCell>| {
        let kind = if has_kinds { run.kind.name() } else { "" };
        let mut row = vec![
            ("run", run.id.to_string()),
            ("when", when(run, zone)),
            ("kind", kind.to_owned()),
            ("state", run.state.to_string()),
            ("script", shorten(&script(run), MAX_SCRIPT_WIDTH)),
        ];
        row.extend(other_cells);
        row
    };
    let wide = table(runs, |run| row(run, wide_cells(run)), None);
    let Some(width) = width else {
        return wide;
    };
    let columns = wide.lines().map(|line| line.chars().count()).max();
    if columns <= Some(usize::from(width)) {
        return wide;
    }
    table(runs, |run| row(run, narrow_cells(run)), Some(width))
}

/// Returns everything about a run, for other programs.
pub(super) fn record(run: &Run) -> Map<String, Value> {
    let spec = &run.spec;
    let assessments: Vec<Value> = run
        .targets
        .iter()
        .map(|target| json!({ "id": target.assessment, "label": target.label }))
        .collect();
    let mut record = Map::new();
    let mut set = |name: &str, value: Value| record.insert(name.to_owned(), value);
    set("run", json!(run.id));
    set("planned_at", json!(run.created_at.to_string()));
    set(
        "confirmed_at",
        json!(run.confirmed_at.map(|at| at.to_string())),
    );
    set("kind", json!(run.kind.name()));
    set("state", json!(run.state.name()));
    set("script", json!(spec.script));
    set("arguments", json!(spec.arguments));
    set("script_sha256", json!(spec.author.script_sha256));
    set("os_user", json!(spec.author.os_user));
    set("key_prefix", json!(spec.author.key_prefix));
    set("directory", json!(spec.directory));
    set("sandbox", json!(spec.sandbox));
    set("place", json!(endpoint(run)));
    set("api_url", json!(spec.api_url));
    set("assessments", Value::Array(assessments));
    set("zone", json!(spec.zone));
    set("shard", json!(spec.shard));
    set("rows", json!(run.state_counts.total()));
    for state in RowState::ALL {
        set(state.name(), json!(run.state_counts.of(*state)));
    }
    set("left", json!(run.unsent()));
    set("reason", json!(run.reason));
    record
}

/// Describes a run, which `lock_owner` works on, and the problems of its rows by state.
pub(super) fn summary(
    run: &Run,
    problems: &[(RowState, Problems)],
    lock_owner: Option<LockOwner>,
    zone: &TimeZone,
    commands: &NextCommands,
) -> String {
    let spec = &run.spec;
    let mut text = format!("run {}: {}\n", run.id, state(run, lock_owner));
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<12} {}", escape_line(value));
    };
    if let Some(reason) = &run.reason {
        line("because", reason);
    }
    line("planned", &at(run, zone).to_string());
    line("script", &script(run));
    line("directory", &spec.directory.to_string_lossy());
    line("place", &endpoint(run));
    for target in &run.targets {
        line(
            "assessment",
            &format!("{} ({})", target.label, target.assessment),
        );
    }
    if let Some(shard) = &spec.shard {
        line("shard", shard);
    }
    if let Some(lock_owner) = lock_owner {
        line("held by", &lock_owner.to_string());
    }
    line("outcome", &describe_counts(Counts::from(run)));
    for (state, problems) in problems {
        for problem in problem_lines(problems) {
            line(state.name(), &problem);
        }
    }
    for line in follow_up_commands(run, lock_owner, commands) {
        let _ = write!(text, "\n{line}");
    }
    text.trim_end().to_owned()
}

/// Returns the number, the time and the script of a run in a line.
pub(in crate::cli) fn title(run: &Run, zone: &TimeZone) -> String {
    format!("run {}, {}: {}", run.id, when(run, zone), script(run))
}

/// Draws runs as a table, without the columns that are empty in all rows.
fn table(runs: &[Run], row: impl Fn(&Run) -> Vec<NamedCell>, width: Option<u16>) -> String {
    let rows: Vec<Vec<NamedCell>> = runs.iter().map(row).collect();
    let is_used = |index: &usize| rows.iter().any(|row| !row[*index].1.is_empty());
    let used: Vec<usize> = (0..rows.first().map_or(0, Vec::len))
        .filter(is_used)
        .collect();
    let columns: Vec<String> = used
        .iter()
        .map(|index| rows[0][*index].0.to_owned())
        .collect();
    let cells = |row: &Vec<NamedCell>| {
        used.iter()
            .map(|index| escape_line(&row[*index].1))
            .collect()
    };
    let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    draw(&columns, &cells, width)
}

fn wide_cells(run: &Run) -> Vec<NamedCell> {
    let mut cells = vec![
        ("place", endpoint(run)),
        ("assessment", labels(run)),
        ("rows", run.state_counts.total().to_string()),
    ];
    cells.extend(RESULTS.map(|(state, kinds)| {
        let is_possible = kinds.contains(&run.kind);
        let count = is_possible.then(|| run.state_counts.of(state).to_string());
        (state.label(kinds[0]), count.unwrap_or_default())
    }));
    cells.push(("left", run.unsent().to_string()));
    cells
}

fn narrow_cells(run: &Run) -> Vec<NamedCell> {
    let results = RESULTS
        .iter()
        .filter(|(_, kinds)| kinds.contains(&run.kind));
    let counts = results
        .map(|(state, _)| (run.state_counts.of(*state), state.label(run.kind)))
        .chain([(run.unsent(), "left")]);
    // The space does not break, so that a number stays with its word in a wrapped cell.
    let parts: Vec<String> = counts
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count}\u{a0}{name}"))
        .collect();
    let rows = match parts.join(", ").as_str() {
        "" => run.state_counts.total().to_string(),
        parts => format!("{parts} of\u{a0}{}", run.state_counts.total()),
    };
    let labels = labels(run);
    let target = match labels.as_str() {
        "" => endpoint(run),
        labels => format!("{labels} at {}", endpoint(run)),
    };
    vec![("assessment", target), ("rows", rows)]
}

fn at(run: &Run, zone: &TimeZone) -> DateTime {
    DateTime::of(run.created_at, zone).to_second()
}

fn when(run: &Run, zone: &TimeZone) -> String {
    at(run, zone).to_minute()
}

/// Returns the name that people know the endpoint of a run by.
pub(super) fn endpoint(run: &Run) -> String {
    let url = &run.spec.api_url;
    if run.spec.sandbox {
        "sandbox".to_owned()
    } else {
        BaseUrl::parse(url).map_or_else(|_| url.clone(), |url| url.host())
    }
}

fn labels(run: &Run) -> String {
    let labels: Vec<&str> = run
        .targets
        .iter()
        .map(|target| target.label.as_str())
        .collect();
    labels.join(", ")
}

/// Returns the script with its arguments, quoted for a shell.
pub(super) fn script(run: &Run) -> String {
    let spec = &run.spec;
    let words = std::iter::once(&spec.script).chain(&spec.arguments);
    let quoted: Vec<String> = words.map(|word| quoted(word)).collect();
    quoted.join(" ")
}

fn shorten(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max - 1).collect();
    format!("{kept}…")
}

/// Returns the state, with an explanation if it needs one.
fn state(run: &Run, lock_owner: Option<LockOwner>) -> String {
    let explanation = match (run.state, lock_owner) {
        (RunState::Planning, None) => ", and was cut short; it cannot be sent",
        (RunState::Sending | RunState::Confirmed, None) => ", and was cut short",
        (RunState::Rejected | RunState::Discarded, None) => "; it cannot be sent",
        (RunState::Declined | RunState::Planned, None) => {
            return format!("{}; nothing was {}", run.state, run.kind.sent());
        }
        (_, Some(_)) | (RunState::Done | RunState::Stopped, None) => "",
    };
    format!("{}{explanation}", run.state)
}

/// Returns the commands that show more of a run or continue with it.
fn follow_up_commands(
    run: &Run,
    lock_owner: Option<LockOwner>,
    commands: &NextCommands,
) -> Vec<String> {
    let counts = Counts::from(run);
    let mut lines = if run.state.can_be_sent() && lock_owner.is_none() {
        next_commands(run.id, counts, commands)
    } else {
        let sent = Counts {
            failed: 0,
            planned: 0,
            ..counts
        };
        let mut lines = next_commands(run.id, sent, commands);
        if counts.failed > 0 {
            let line = commands.line("runs", run.id, "--failed");
            lines.push(format!("  failed: {line}"));
        }
        lines
    };
    if counts.invalid > 0 {
        let line = commands.line("runs", run.id, "--invalid");
        lines.push(format!("  invalid: {line}"));
    }
    if counts.total > 0 {
        let line = commands.line("runs", run.id, "--all");
        lines.push(format!("  all rows: {line}"));
    }
    lines
}
