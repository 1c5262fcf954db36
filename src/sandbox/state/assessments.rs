//! Assessments: the samples, and those adopted for unknown ids.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use serde_json::{Value, json};

use super::select_query::{Listing, Page, SelectQuery};
use crate::sandbox::clock::{Millis, timestamp};
use crate::sandbox::samples::{self, AssessmentTemplate};
use crate::sandbox::score::RUBRIC;

/// The organization that owns everything in the sandbox.
pub(super) const ORG_ID: &str = "0a1b2c3d-4e5f-4607-8899-aabbccddeeff";

const COLUMNS: &str = "SELECT a.id, a.name, a.role, a.task_prompt, a.deliverable_type,
    a.task_time_minutes, a.due_date, a.is_active, a.created_at, a.seq";

/// An assessment as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assessment {
    #[serde(skip)]
    pub(super) seq: i64,
    id: String,
    org_id: &'static str,
    pub(crate) name: String,
    role: String,
    task_prompt: String,
    deliverable_type: String,
    pub(super) task_time_minutes: i64,
    bonus_phase_enabled: bool,
    bonus_phase_minutes: Option<i64>,
    send_feedback: bool,
    feedback_delay_hours: Option<i64>,
    pub(super) due_date: Option<String>,
    pub(crate) is_active: bool,
    created_at: Timestamp,
    updated_at: Timestamp,
    scoring_rubric: &'static Value,
    connector_config: Value,
    candidate_permissions: Value,
}

/// Lists assessments, newest first.
pub(crate) fn list(
    connection: &Connection,
    is_active: Option<bool>,
    page: Page,
) -> rusqlite::Result<Listing<Assessment>> {
    let mut query = SelectQuery::of("assessments");
    if let Some(is_active) = is_active {
        query.compare("is_active = ?", is_active);
    }
    let view = format!("{COLUMNS} FROM page JOIN assessments a USING (seq)");
    query.page(connection, &view, page, from_row)
}

/// Returns the assessment with this id; an unknown one is adopted.
pub(crate) fn find_or_adopt(
    connection: &Connection,
    id: &str,
    now: Millis,
) -> rusqlite::Result<Assessment> {
    if let Some(assessment) = find(connection, id)? {
        return Ok(assessment);
    }
    insert(
        connection,
        &samples::adopted(id, &samples::adopted_name(id)),
        now,
    )?;
    find(connection, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

pub(super) fn insert(
    connection: &Connection,
    template: &AssessmentTemplate<'_>,
    now: Millis,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO assessments (id, name, role, task_prompt, deliverable_type, task_time_minutes,
            due_date, is_active, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            template.id,
            template.name,
            template.role,
            template.task_prompt,
            template.deliverable_type,
            template.task_time_minutes,
            template.due_date,
            template.is_active,
            now
        ],
    )?;
    Ok(())
}

fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<Assessment>> {
    connection
        .prepare_cached(&format!("{COLUMNS} FROM assessments a WHERE id = ?1"))?
        .query_row([id], from_row)
        .optional()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Assessment> {
    let created_at = timestamp(row.get(8)?);
    Ok(Assessment {
        seq: row.get(9)?,
        id: row.get(0)?,
        org_id: ORG_ID,
        name: row.get(1)?,
        role: row.get(2)?,
        task_prompt: row.get(3)?,
        deliverable_type: row.get(4)?,
        task_time_minutes: row.get(5)?,
        bonus_phase_enabled: false,
        bonus_phase_minutes: None,
        send_feedback: false,
        feedback_delay_hours: None,
        due_date: row.get(6)?,
        is_active: row.get(7)?,
        created_at,
        updated_at: created_at,
        scoring_rubric: &RUBRIC,
        connector_config: json!({}),
        candidate_permissions: json!({}),
    })
}
