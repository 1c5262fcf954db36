//! Turns the sessions and scores of a script into a report.

use std::collections::HashMap;

use rhai::{Dynamic, Map, NativeCallContext};

use crate::report::{Category, Score, Session, SessionsReport, latest_time};
use crate::script::error::throw::{RhaiResultOf, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::columns::{not_a_row, row_value};
use crate::script::rows::row_list::RowIter;
use crate::script::values::convert::to_cell;
use crate::table::Row;
use crate::time::{DateTime, LocalTimes, parse};

/// Columns of a ranking that are not categories.
const NON_CATEGORY_COLUMNS: [&str; 11] = [
    "rank",
    "candidate_name",
    "candidate_email",
    "final_score",
    "final_total",
    "percentile_this_assessment",
    "percentile_category",
    "percentile_global",
    "raw_total",
    "summary_text",
    "session_id",
];

/// Scores by the ids of their sessions.
pub(super) type Scores = HashMap<String, Score>;

/// Reads scores from rows as `score_all` returns them, or as `score_submitted` writes them to a file.
///
/// # Errors
/// `wrong_type`: a row is neither a map nor a row of a file.
pub(in crate::script) fn scores(
    ctx: &NativeCallContext,
    rows: RowIter<'_>,
) -> RhaiResultOf<Scores> {
    let mut scores = Scores::new();
    for row in rows {
        let row = row?;
        ensure_row(ctx, &row)?;
        if let (Some(id), Some(score)) = (text(&row, "session_id"), score(&row)) {
            scores.insert(id, score);
        }
    }
    Ok(scores)
}

/// Makes a report of sessions, which are maps as `list_sessions` returns them, or rows of a file with such columns.
///
/// # Errors
/// `wrong_type`: a row is neither.
pub(in crate::script) fn sessions(
    host: &Host,
    ctx: &NativeCallContext,
    rows: RowIter<'_>,
    mut scores: Scores,
) -> RhaiResultOf<SessionsReport> {
    let mut sessions = Vec::new();
    for row in rows {
        let row = row?;
        ensure_row(ctx, &row)?;
        let mut session = session(host, &row);
        if session.score.is_none() {
            session.score = text(&row, "id").and_then(|id| scores.remove(&id));
        }
        sessions.push(session);
    }
    let settings = &host.settings;
    let made_at = host.now();
    // A time that was set for the run applies, even if something happened later.
    let now = if settings.options.clock.is_system() {
        latest_time(&sessions, made_at.timestamp())
    } else {
        made_at.timestamp()
    };
    Ok(SessionsReport {
        assessment: common_name(sessions.iter().map(|session| session.assessment.as_ref())),
        place: if settings.run.sandbox {
            "the sandbox".to_owned()
        } else {
            settings.client.config().base_url.host()
        },
        made_at,
        now,
        sessions,
    })
}

/// The name that all sessions have.
fn common_name<'a>(mut names: impl Iterator<Item = Option<&'a String>>) -> Option<String> {
    let first = names.next()??;
    names.all(|name| name == Some(first)).then(|| first.clone())
}

fn ensure_row(ctx: &NativeCallContext, row: &Dynamic) -> RhaiResultOf<()> {
    if row.is_map() || row.is::<Row>() {
        return Ok(());
    }
    Err(throw(ctx, not_a_row(row)))
}

fn text(row: &Dynamic, key: &str) -> Option<String> {
    let text = to_cell(&row_value(row, key)?);
    (!text.is_empty()).then_some(text)
}

fn session(host: &Host, row: &Dynamic) -> Session {
    let text = |key: &str| text(row, key);
    let zoned = |key: &str| row_value(row, key).and_then(|value| zoned_time(host, &value));
    let time = |key: &str| zoned(key).map(|time| time.timestamp());
    Session {
        name: text("candidate_name")
            .or_else(|| text("name"))
            .unwrap_or_default(),
        email: text("candidate_email")
            .or_else(|| text("email"))
            .unwrap_or_default(),
        assessment: text("assessment_name"),
        status: text("status").unwrap_or_default(),
        invited_at: time("created_at"),
        setup_at: time("setup_started_at"),
        started_at: time("task_started_at"),
        submitted_at: time("submitted_at"),
        due_at: zoned("due_date"),
        score: row_value(row, "score").and_then(|value| {
            let total = number(&value).map(|total| Score {
                total,
                ..Score::default()
            });
            total.or_else(|| score(&value))
        }),
    }
}

/// Reads a time: a DateTime, or text as the API and files write it.
fn zoned_time(host: &Host, value: &Dynamic) -> Option<DateTime> {
    if let Some(time) = value.read_lock::<DateTime>() {
        return Some(time.clone());
    }
    let rules = &host.settings.reading_rules;
    let time = parse(&to_cell(value), host.zone(), LocalTimes::Refused, rules).ok()?;
    Some(time.result)
}

/// Reads a score as `score` returns it, or from the file of a ranking.
fn score(row: &Dynamic) -> Option<Score> {
    let field = |key: &str| number(&row_value(row, key)?);
    Some(Score {
        total: field("final_score").or_else(|| field("final_total"))?,
        percentile: field("percentile_this_assessment"),
        categories: categories(row),
    })
}

/// Reads the points by category. In the file of a ranking, each category is a column.
fn categories(row: &Dynamic) -> Vec<Category> {
    if let Some(row) = row.read_lock::<Row>() {
        let others = row
            .iter()
            .filter(|(column, _)| !NON_CATEGORY_COLUMNS.contains(column));
        let read = others.filter_map(|(column, cell)| category(column, &cell.into()));
        return read.collect();
    }
    let listed = row_value(row, "categories");
    let map = listed.as_ref().and_then(Dynamic::read_lock::<Map>);
    map.iter()
        .flat_map(|map| map.iter())
        .filter_map(|(name, value)| category(name, value))
        .collect()
}

fn category(name: &str, value: &Dynamic) -> Option<Category> {
    let field = |key: &str| number(&row_value(value, key)?);
    Some(Category {
        name: name.to_owned(),
        score: field("score").or_else(|| number(value))?,
        most: field("max_points"),
    })
}

/// Reads a number, or text with a number.
fn number(value: &Dynamic) -> Option<f64> {
    let number: f64 = to_cell(value).trim().parse().ok()?;
    number.is_finite().then_some(number)
}
