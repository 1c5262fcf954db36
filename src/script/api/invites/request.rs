//! The request for a row: what a script may return, and what it means for the plan.

use std::sync::Arc;

use rhai::{Dynamic, EvalAltResult, ImmutableString, Map, NativeCallContext};

use crate::bulk::{GivenCandidate, InviteRequest, Problem, RowDecision, Target};
use crate::error_code::{ErrorCategory, ErrorCode};
use crate::script::error::throw::{RhaiResultOf, Throw, innermost, throw};
use crate::script::host::run_host::Host;
use crate::script::number::invalid_number_message;
use crate::script::rows::column_getters::{column, optional_column};
use crate::script::values::convert::type_name;
use crate::script::values::option_map::{KeyType, OptionValue, Rejection, option_map, read_map};
use crate::script::values::skip::Skip;
use crate::table::Row;
use crate::time::{DateOrder, DateTime, LocalTimes, parse_deadline};

option_map! {
    /// The map that describes a candidate to invite.
    pub(in crate::script) struct InviteMap: Request {
        /// The candidate's email address.
        email: String,
        /// The candidate's name. If it is missing or blank, it is derived from the address.
        name: Option<String>,
        /// The candidate's deadline: a DateTime, or text with an instant or a date. A date means 23:59:59 of that day,
        /// in the run's zone.
        due_date: Option<DueDate>,
        /// Whether Gradient sends an email. Pass `false` if you send the link yourself.
        send_email: Option<bool>,
        /// The assessment, by id or name. The run's assessment by default.
        assessment: Option<String>,
    }
}

enum DueDate {
    Time(DateTime),
    Text(ImmutableString),
}

impl OptionValue for DueDate {
    const TYPE: KeyType = KeyType::Time;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        if let Some(due) = value.read_lock::<DateTime>() {
            return Ok(Self::Time(due.clone()));
        }
        let text = value.read_lock::<ImmutableString>();
        text.map(|text| Self::Text(text.clone()))
            .ok_or(Rejection::WrongType)
    }
}

/// Decides what to do with a row by the value that the script returned for it. `may_invite` returns whether the candidate with this
/// address may be invited, so that the sessions of the assessment are needed.
///
/// # Errors
/// The script is wrong, so that every row would fail alike.
pub(super) fn decide_row(
    host: &Host,
    ctx: &NativeCallContext,
    value: &Dynamic,
    may_invite: impl Fn(&str) -> bool,
) -> RhaiResultOf<RowDecision> {
    if let Some(skip) = value.read_lock::<Skip>() {
        return Ok(RowDecision::Skip(skip.reason.to_string()));
    }
    if let Some(email) = value.read_lock::<ImmutableString>() {
        let target = host.resolve_target(ctx, None, may_invite(&email))?;
        return Ok(RowDecision::Invite(new_request(&email, target)));
    }
    if let Some(row) = value.read_lock::<Row>() {
        return decide_file_row(host, ctx, &row, may_invite).or_else(decide_failed_row);
    }
    if let Some(map) = value.read_lock::<Map>() {
        return decide_map(host, ctx, &map, may_invite);
    }
    let found = type_name(value);
    Err(throw(
        ctx,
        Throw::new(ErrorCode::WrongType, format!("a request is a map, not `{found}`"))
            .hint("return `#{ email: row.email, name: row.name }`, or `skip(\"reason\")` to leave a row out"),
    ))
}

/// Decides whether an error in the closure is due to the row or to the script.
///
/// # Errors
/// The error of the script.
pub(in crate::script::api) fn decide_failed_row(
    error: Box<EvalAltResult>,
) -> RhaiResultOf<RowDecision> {
    match row_problem(&error) {
        Some(problem) => Ok(RowDecision::Invalid(problem)),
        None => Err(error),
    }
}

/// Returns the problem that makes a row invalid: a message that the script threw, or an error in the data.
fn row_problem(error: &EvalAltResult) -> Option<Problem> {
    let value = match innermost(error) {
        EvalAltResult::ErrorRuntime(value, _) => value,
        EvalAltResult::ErrorArithmetic(message, _) => {
            return invalid_number_message(message).map(Problem::of_function);
        }
        _ => return None,
    };
    let of_script = || Some(Problem::of_script(value.to_string()));
    let Some(map) = value.read_lock::<Map>() else {
        return of_script();
    };
    let (Some(code), Some(message)) = (map.get("error"), map.get("message")) else {
        return of_script();
    };
    let code = ErrorCode::parse(&code.to_string())?;
    let reason = || match map.get("hint") {
        Some(hint) => format!("{message}; {hint}"),
        None => message.to_string(),
    };
    (code.category() == ErrorCategory::Data).then(|| Problem {
        is_grouped_by_value: code == ErrorCode::UnknownZone,
        proves: map
            .get("order")
            .and_then(|order| DateOrder::parse(&order.to_string())),
        ..Problem::of_function(reason())
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

/// A row of a file, with its columns `email`, `name` and `due_date`. Other columns are ignored.
fn decide_file_row(
    host: &Host,
    ctx: &NativeCallContext,
    row: &Row,
    may_invite: impl Fn(&str) -> bool,
) -> RhaiResultOf<RowDecision> {
    let email = column(ctx, row, "email")?;
    let name = optional_column(ctx, row, "name")?;
    let due_date = optional_column(ctx, row, "due_date")?;
    let due_date = due_date.map(|text| deadline(host, text)).transpose();
    let target = host.resolve_target(ctx, None, due_date.is_ok() && may_invite(&email))?;
    let request = InviteRequest {
        name: name.map(ToOwned::to_owned),
        ..new_request(&email, target)
    };
    Ok(with_deadline(request, due_date))
}

fn decide_map(
    host: &Host,
    ctx: &NativeCallContext,
    map: &Map,
    may_invite: impl Fn(&str) -> bool,
) -> RhaiResultOf<RowDecision> {
    let map: InviteMap = read_map(ctx, map)?;
    let due_date = match map.due_date {
        None => Ok(None),
        Some(DueDate::Time(due)) => Ok(Some(due)),
        Some(DueDate::Text(text)) => deadline(host, &text).map(Some),
    };
    let lists_sessions = due_date.is_ok() && may_invite(&map.email);
    let target = host.resolve_target(ctx, map.assessment.as_deref(), lists_sessions)?;
    let request = InviteRequest {
        email: map.email,
        name: map.name,
        due_date: None,
        send_email: map.send_email,
        target,
    };
    Ok(with_deadline(request, due_date))
}

/// Adds the deadline to a request. If it is invalid, so is the row, and the ledger keeps whose row it is.
fn with_deadline(
    request: InviteRequest,
    due_date: Result<Option<DateTime>, Problem>,
) -> RowDecision {
    match due_date {
        Ok(due_date) => RowDecision::Invite(InviteRequest {
            due_date,
            ..request
        }),
        Err(problem) => RowDecision::Invalid(Problem {
            candidate: Box::new(GivenCandidate {
                email: Some(request.email),
                name: request.name,
            }),
            ..problem
        }),
    }
}

fn deadline(host: &Host, text: &str) -> Result<DateTime, Problem> {
    let rules = &host.settings.reading_rules;
    match parse_deadline(text, host.zone(), LocalTimes::Refused, rules) {
        Ok(due_date) => Ok(host.record_interpretations(due_date)),
        Err(error) => {
            let hint = error.hint();
            let hint_suffix = hint.map_or_else(String::new, |hint| format!("; {hint}"));
            Err(Problem {
                names_value: true,
                proves: error.proves(),
                ..Problem::of_field("due_date", None, format!("{error}{hint_suffix}"))
            })
        }
    }
}
