//! `/api/assessments/:id/invite`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::sandbox::api_error::ApiError;
use crate::sandbox::body::{JsonBody, check_email};
use crate::sandbox::clock::Millis;
use crate::sandbox::fault_injector::LateCreation;
use crate::sandbox::query::PathId;
use crate::sandbox::state::assessments::{self, Assessment};
use crate::sandbox::state::sessions::{self, Invite, Session};
use crate::sandbox::state::{Store, StoreError};

/// The page that invite links lead to; the sandbox does not serve it.
const INVITE_URL_BASE: &str = "https://app.trygradient.ai/s";

/// Invites a candidate: returns 201 with a new session, or 200 with the active one.
pub(super) async fn create(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
    late: Option<Extension<LateCreation>>,
    body: JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let invite = parse(&body)?;
    let (session, created) = match late {
        Some(Extension(late)) => create_late(store, id, invite, late).await?,
        None => in_assessment(&store, &id, |connection, assessment, now| {
            sessions::invite(connection, assessment, &invite, now)
        })?,
    };
    let status = if created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let invite_url = format!("{INVITE_URL_BASE}/{}", session.token);
    Ok((
        status,
        Json(json!({ "inviteUrl": invite_url, "session": session })),
    ))
}

fn parse(body: &JsonBody) -> Result<Invite, ApiError> {
    let email = body.required_text("email")?;
    check_email(email)?;
    let name = body.text("name")?.filter(|name| !name.trim().is_empty());
    let due_date = body.timestamp("dueDate")?;
    // The sandbox sends no emails: the field is only validated.
    body.flag("sendEmail")?;
    let local_part = email.split('@').next().unwrap_or(email);
    Ok(Invite {
        email: email.to_owned(),
        name: name.unwrap_or(local_part).to_owned(),
        due_date,
    })
}

/// Looks for an active session now, and creates one later without looking again. Returns whether it is new.
async fn create_late(
    store: Arc<Store>,
    id: String,
    invite: Invite,
    LateCreation(delay): LateCreation,
) -> Result<(Session, bool), ApiError> {
    let active = in_assessment(&store, &id, |connection, assessment, now| {
        sessions::find_active(connection, assessment, &invite, now)
    })?;
    if let Some(session) = active {
        return Ok((session, false));
    }
    // A task of its own: the client may not wait for the response.
    let creation = tokio::spawn(async move {
        sleep(delay).await;
        in_assessment(&store, &id, |connection, assessment, now| {
            sessions::create(connection, assessment, &invite, now)
        })
    });
    let session = creation.await.unwrap_or(Err(StoreError::Closed.into()))?;
    Ok((session, true))
}

/// Calls `write` with the assessment, if it is active.
fn in_assessment<T>(
    store: &Store,
    id: &str,
    write: impl FnOnce(&Connection, &Assessment, Millis) -> rusqlite::Result<T>,
) -> Result<T, ApiError> {
    store.write(|connection, now| {
        let assessment = assessments::find_or_adopt(connection, id, now)?;
        if !assessment.is_active {
            let message = format!("the assessment `{}` is not active", assessment.name);
            return Err(ApiError::conflict(message));
        }
        Ok(write(connection, &assessment, now)?)
    })
}
