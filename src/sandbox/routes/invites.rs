//! `/api/assessments/:id/invite`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::api_error::ApiError;
use crate::sandbox::body::{JsonBody, check_email};
use crate::sandbox::query::PathId;
use crate::sandbox::state::sessions::{self, Invite};
use crate::sandbox::state::{Store, assessments};

/// The page that invite links lead to; the sandbox does not serve it.
const INVITE_URL_BASE: &str = "https://app.trygradient.ai/s";

/// Invites a candidate: returns 201 with a new session, or 200 with the active one.
pub(super) async fn create(
    State(store): State<Arc<Store>>,
    PathId(id): PathId,
    body: JsonBody,
) -> Result<(StatusCode, Json<Value>), ApiError> {
    let email = body.required_text("email")?;
    check_email(email)?;
    let name = body.text("name")?.filter(|name| !name.trim().is_empty());
    let due_date = body.timestamp("dueDate")?;
    // The sandbox sends no emails: the field is only validated.
    body.flag("sendEmail")?;
    let local_part = email.split('@').next().unwrap_or(email);
    let invite = Invite {
        email,
        name: name.unwrap_or(local_part),
        due_date,
    };

    let (session, created) = store.write(|connection, now| {
        let assessment = assessments::find_or_adopt(connection, &id, now)?;
        if !assessment.is_active {
            let message = format!("the assessment `{}` is not active", assessment.name);
            return Err(ApiError::conflict(message));
        }
        Ok(sessions::invite(connection, &assessment, &invite, now)?)
    })?;
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
