//! Sessions: the attempts of candidates at assessments.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

use super::assessments::Assessment;
use super::candidates;
use super::select_query::{Listing, Page, SelectQuery};
use crate::sandbox::clock::{MINUTE, Millis, timestamp};
use crate::sandbox::lifecycle::{REVIEW_AFTER, Timeline};
use crate::sandbox::seed::{Seed, random_id, random_token};
use crate::session_status::SessionStatus;

const COLUMNS: &str =
    "SELECT s.id, a.id, c.id, s.token, s.due_date, s.created_at, s.setup_at, s.task_at,
    s.submitted_at, s.scored_at, s.seed, c.name, c.email, a.name";
const JOINS: &str =
    "JOIN assessments a ON a.seq = s.assessment_seq JOIN candidates c ON c.seq = s.candidate_seq";

/// The time of a status change that does not happen.
const NEVER: Millis = Millis::MAX;

/// A session as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) id: String,
    assessment_id: String,
    candidate_id: String,
    pub(crate) token: String,
    pub(crate) status: SessionStatus,
    setup_started_at: Option<Timestamp>,
    task_started_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    due_date: Option<String>,
    created_at: Timestamp,
    candidate_name: String,
    candidate_email: String,
    assessment_name: String,
    /// Determines its timeline and score.
    #[serde(skip)]
    pub(crate) seed: Seed,
}

/// Which sessions to list.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    pub(crate) assessment: Option<String>,
    pub(crate) candidate: Option<String>,
    pub(crate) status: Option<SessionStatus>,
}

/// Lists sessions, newest first.
pub(crate) fn list(
    connection: &Connection,
    filter: Filter,
    page: Page,
    now: Millis,
) -> rusqlite::Result<Listing<Session>> {
    let mut query = SelectQuery::of("sessions");
    if let Some(id) = filter.assessment {
        query.compare(
            "assessment_seq = (SELECT seq FROM assessments WHERE id = ?)",
            id,
        );
    }
    if let Some(id) = filter.candidate {
        query.compare(
            "candidate_seq = (SELECT seq FROM candidates WHERE id = ?)",
            id,
        );
    }
    if let Some(status) = filter.status {
        require_status(&mut query, status, now);
    }
    let view = format!("{COLUMNS} FROM page JOIN sessions s USING (seq) {JOINS}");
    query.page(connection, &view, page, |row| from_row(row, now))
}

pub(crate) fn find(
    connection: &Connection,
    id: &str,
    now: Millis,
) -> rusqlite::Result<Option<Session>> {
    connection
        .prepare_cached(&format!(
            "{COLUMNS} FROM sessions s {JOINS} WHERE s.id = ?1"
        ))?
        .query_row([id], |row| from_row(row, now))
        .optional()
}

#[derive(Debug)]
pub(crate) struct Invite {
    pub(crate) email: String,
    /// Only used for a new candidate.
    pub(crate) name: String,
    /// `None` for the due date of the assessment.
    pub(crate) due_date: Option<Timestamp>,
}

/// Returns the candidate's active session, or creates one, and whether it is new.
pub(crate) fn invite(
    connection: &Connection,
    assessment: &Assessment,
    invite: &Invite,
    now: Millis,
) -> rusqlite::Result<(Session, bool)> {
    match find_active(connection, assessment, invite, now)? {
        Some(session) => Ok((session, false)),
        None => Ok((create(connection, assessment, invite, now)?, true)),
    }
}

/// Returns the candidate's active session. An unknown candidate is added.
pub(crate) fn find_active(
    connection: &Connection,
    assessment: &Assessment,
    invite: &Invite,
    now: Millis,
) -> rusqlite::Result<Option<Session>> {
    let candidate = candidates::find_or_add(connection, &invite.email, &invite.name, now)?;
    let active: Option<String> = connection
        .prepare_cached(
            "SELECT id FROM sessions WHERE candidate_seq = ?1 AND assessment_seq = ?2
                AND submitted_at > ?3 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(params![candidate.seq, assessment.seq, now], |row| {
            row.get(0)
        })
        .optional()?;
    match active {
        Some(id) => find(connection, &id, now),
        None => Ok(None),
    }
}

/// Creates a session, even if the candidate has another one.
pub(crate) fn create(
    connection: &Connection,
    assessment: &Assessment,
    invite: &Invite,
    now: Millis,
) -> rusqlite::Result<Session> {
    let candidate = candidates::find_or_add(connection, &invite.email, &invite.name, now)?;
    let id = insert(connection, assessment, candidate.seq, invite, now)?;
    find(connection, &id, now)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

pub(crate) fn mark_scored(connection: &Connection, id: &str, now: Millis) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE sessions SET scored_at = ?2 WHERE id = ?1")?
        .execute(params![id, now])?;
    Ok(())
}

/// Lets the candidate open the link now, unless that has happened.
pub(crate) fn open_link(connection: &Connection, id: &str, now: Millis) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE sessions SET setup_at = ?2 WHERE id = ?1 AND setup_at > ?2")?
        .execute(params![id, now])?;
    Ok(())
}

/// Puts the candidate's latest session into a status, and keeps it there. Returns whether there is a session.
pub(crate) fn force_status(
    connection: &Connection,
    email: &str,
    status: SessionStatus,
    now: Millis,
) -> rusqlite::Result<bool> {
    let scored = match status {
        SessionStatus::Scored => Some(NEVER),
        SessionStatus::Reviewed => Some(now.saturating_sub(REVIEW_AFTER)),
        _ => None,
    };
    let updated = connection.execute(
        "UPDATE sessions SET
            setup_at = iif(?2, min(setup_at, ?5), ?6),
            task_at = iif(?3, min(task_at, ?5), ?6),
            submitted_at = iif(?4, min(submitted_at, ?5), ?6),
            scored_at = ?7
            WHERE seq = (SELECT max(sessions.seq) FROM sessions
                JOIN candidates ON candidates.seq = candidate_seq WHERE email_key = ?1)",
        params![
            email.to_lowercase(),
            status >= SessionStatus::Setup,
            status >= SessionStatus::InProgress,
            status >= SessionStatus::Submitted,
            now,
            NEVER,
            scored,
        ],
    )?;
    Ok(updated > 0)
}

/// Deletes a session permanently. Returns whether there was one.
pub(crate) fn delete(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    Ok(connection.execute("DELETE FROM sessions WHERE id = ?1", [id])? > 0)
}

fn insert(
    connection: &Connection,
    assessment: &Assessment,
    candidate_seq: i64,
    invite: &Invite,
    now: Millis,
) -> rusqlite::Result<String> {
    let id = random_id(connection)?;
    let seed = Seed::from_text(&invite.email);
    let task_time = assessment.task_time_minutes.saturating_mul(MINUTE);
    let timeline = Timeline::new(now, seed, task_time);
    let due_date = invite.due_date.map(|due| due.to_string());
    connection
        .prepare_cached(
            "INSERT INTO sessions (id, assessment_seq, candidate_seq, token, seed, due_date, created_at,
                setup_at, task_at, submitted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            id,
            assessment.seq,
            candidate_seq,
            random_token(connection)?,
            seed.bits(),
            due_date.or_else(|| assessment.due_date.clone()),
            now,
            timeline.setup,
            timeline.task,
            timeline.submitted,
        ])?;
    Ok(id)
}

/// [`Timeline::status`] in SQL.
fn require_status(query: &mut SelectQuery, status: SessionStatus, now: Millis) {
    match status {
        SessionStatus::Invited => query.compare("setup_at > ?", now),
        SessionStatus::Setup => {
            query.compare("setup_at <= ?", now);
            query.compare("task_at > ?", now);
        }
        SessionStatus::InProgress => {
            query.compare("task_at <= ?", now);
            query.compare("submitted_at > ?", now);
        }
        SessionStatus::Submitted => {
            query.compare("submitted_at <= ?", now);
            query.require("scored_at IS NULL");
        }
        SessionStatus::Scoring => query.require("FALSE"),
        SessionStatus::Scored => query.compare("scored_at > ?", now.saturating_sub(REVIEW_AFTER)),
        SessionStatus::Reviewed => {
            query.compare("scored_at <= ?", now.saturating_sub(REVIEW_AFTER));
        }
    }
}

fn from_row(row: &Row<'_>, now: Millis) -> rusqlite::Result<Session> {
    let timeline = Timeline {
        setup: row.get(6)?,
        task: row.get(7)?,
        submitted: row.get(8)?,
        scored: row.get(9)?,
    };
    let reached = |at: Millis| (at <= now).then(|| timestamp(at));
    Ok(Session {
        id: row.get(0)?,
        assessment_id: row.get(1)?,
        candidate_id: row.get(2)?,
        token: row.get(3)?,
        status: timeline.status(now),
        setup_started_at: reached(timeline.setup),
        task_started_at: reached(timeline.task),
        submitted_at: reached(timeline.submitted),
        due_date: row.get(4)?,
        created_at: timestamp(row.get(5)?),
        candidate_name: row.get(11)?,
        candidate_email: row.get(12)?,
        assessment_name: row.get(13)?,
        seed: Seed::from_bits(row.get(10)?),
    })
}
