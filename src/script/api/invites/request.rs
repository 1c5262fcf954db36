//! From what a script returns for a row to a draft of the plan.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, ImmutableString, Map, NativeCallContext};

use crate::bulk::{InviteRequest, Problem, RowDecision, Target};
use crate::error_code::{ErrorCategory, ErrorCode};
use crate::script::error::throw::{RhaiResultOf, Throw, innermost, throw};
use crate::script::host::run_host::Host;
use crate::script::number::invalid_number_message;
use crate::script::rows::column_getters::{column, optional_column};
use crate::script::values::convert::{to_cell, type_name};
use crate::script::values::skip::Skip;
use crate::table::Row;
use crate::text::did_you_mean_or_list;
use crate::time::{DateTime, parse_deadline};

/// The keys of a request.
const REQUEST_KEYS: [&str; 5] = ["email", "name", "due_date", "send_email", "assessment"];

/// Turns the request for one row into a draft.
///
/// # Errors
/// The script is wrong: every row would fail alike.
pub(in crate::script) fn draft(
    host: &Host,
    ctx: &NativeCallContext,
    value: &Dynamic,
) -> RhaiResultOf<RowDecision> {
    if let Some(skip) = value.read_lock::<Skip>() {
        return Ok(RowDecision::Skip(skip.reason.clone()));
    }
    if let Some(email) = value.read_lock::<ImmutableString>() {
        let target = host.target(ctx, None)?;
        return Ok(RowDecision::Invite(new_request(&email, target)));
    }
    if let Some(row) = value.read_lock::<Row>() {
        return draft_from_row(host, ctx, &row);
    }
    if let Some(map) = value.read_lock::<Map>() {
        return draft_from_map(host, ctx, &map);
    }
    let found = type_name(value);
    Err(throw(
        ctx,
        Throw::new(ErrorCode::WrongType, format!("a request is a map, and this is `{found}`"))
            .hint("return `#{ email: row.email, name: row.name }`, or `skip(\"reason\")` to leave a row out"),
    ))
}

/// Judges an error that the row's closure raised: the row's fault, or the script's.
///
/// # Errors
/// The script's.
pub(super) fn draft_from_error(error: Box<EvalAltResult>) -> RhaiResultOf<RowDecision> {
    match row_error_reason(&error) {
        Some(reason) => Ok(RowDecision::Invalid(Problem {
            field: "row",
            value: None,
            reason,
        })),
        None => Err(error),
    }
}

/// Returns the reason in an error that a script threw about a row, or that its data caused.
fn row_error_reason(error: &EvalAltResult) -> Option<String> {
    let value = match innermost(error) {
        EvalAltResult::ErrorRuntime(value, _) => value,
        EvalAltResult::ErrorArithmetic(message, _) => return invalid_number_message(message),
        _ => return None,
    };
    let Some(map) = value.read_lock::<Map>() else {
        return Some(value.to_string());
    };
    let (Some(code), Some(message)) = (map.get("error"), map.get("message")) else {
        return Some(value.to_string());
    };
    let code = ErrorCode::parse(&code.to_string())?;
    (code.category() == ErrorCategory::Data).then(|| match map.get("hint") {
        Some(hint) => format!("{message}; {hint}"),
        None => message.to_string(),
    })
}

fn new_request(email: &str, target: Arc<Target>) -> InviteRequest {
    InviteRequest {
        email: email.to_owned(),
        name: None,
        due_date: None,
        send_email: None,
        target,
    }
}

/// A row as it stands: its columns `email`, `name` and `due_date`; it may have others.
fn draft_from_row(host: &Host, ctx: &NativeCallContext, row: &Row) -> RhaiResultOf<RowDecision> {
    let email = column(ctx, row, "email")?;
    let mut request = new_request(&email, host.target(ctx, None)?);
    request.name = optional_column(ctx, row, "name")?.map(ToOwned::to_owned);
    if let Some(text) = optional_column(ctx, row, "due_date")? {
        match deadline(host, text) {
            Ok(due) => request.due_date = Some(due),
            Err(problem) => return Ok(RowDecision::Invalid(problem)),
        }
    }
    Ok(RowDecision::Invite(request))
}

fn draft_from_map(host: &Host, ctx: &NativeCallContext, map: &Map) -> RhaiResultOf<RowDecision> {
    if let Some(key) = map.keys().find(|key| !REQUEST_KEYS.contains(&key.as_str())) {
        return Err(throw(
            ctx,
            Throw::new(
                ErrorCode::UnknownKey,
                format!("a request has no key `{key}`"),
            )
            .hint(did_you_mean_or_list(key, &REQUEST_KEYS)),
        ));
    }
    let Some(email) = optional_text(ctx, map, "email")? else {
        return Err(throw(
            ctx,
            Throw::new(ErrorCode::MissingKey, "the request has no `email`")
                .hint("a request is `#{ email: …, name: … }`"),
        ));
    };
    let assessment = optional_text(ctx, map, "assessment")?;
    let mut request = new_request(&email, host.target(ctx, assessment.as_deref())?);
    request.name = optional_text(ctx, map, "name")?;
    request.send_email = optional_bool(ctx, map, "send_email")?;
    match map.get("due_date") {
        None => {}
        Some(none) if none.is_unit() => {}
        Some(value) => {
            if let Some(due) = value.read_lock::<DateTime>() {
                request.due_date = Some(due.clone());
            } else if let Some(text) = value.read_lock::<ImmutableString>() {
                match deadline(host, &text) {
                    Ok(due) => request.due_date = Some(due),
                    Err(problem) => return Ok(RowDecision::Invalid(problem)),
                }
            } else {
                return Err(throw(
                    ctx,
                    wrong_type("due_date", "a DateTime or a text", value),
                ));
            }
        }
    }
    Ok(RowDecision::Invite(request))
}

fn deadline(host: &Host, text: &str) -> Result<DateTime, Problem> {
    parse_deadline(text, host.zone()).map_err(|error| {
        let cure = error
            .hint()
            .map(|hint| format!("; {hint}"))
            .unwrap_or_default();
        Problem {
            field: "due_date",
            value: None,
            reason: format!("{error}{cure}"),
        }
    })
}

/// Reads a text; `()` counts as absent.
fn optional_text(ctx: &NativeCallContext, map: &Map, key: &str) -> RhaiResultOf<Option<String>> {
    match map.get(key) {
        None => Ok(None),
        Some(value) if value.is_unit() => Ok(None),
        Some(value) if value.is_string() => Ok(Some(to_cell(value))),
        Some(value) => Err(throw(ctx, wrong_type(key, "a text", value))),
    }
}

fn optional_bool(ctx: &NativeCallContext, map: &Map, key: &str) -> RhaiResultOf<Option<bool>> {
    match map.get(key) {
        None => Ok(None),
        Some(value) if value.is_unit() => Ok(None),
        Some(value) => value
            .as_bool()
            .map(Some)
            .map_err(|_| throw(ctx, wrong_type(key, "`true` or `false`", value))),
    }
}

fn wrong_type(key: &str, expected: &str, value: &Dynamic) -> Throw {
    Throw::new(
        ErrorCode::WrongType,
        format!(
            "`{key}` must be {expected}, and this is `{}`",
            type_name(value)
        ),
    )
}
