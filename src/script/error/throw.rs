//! Errors that scripts can catch: maps with a code, a message and further fields.

#![allow(clippy::unnecessary_box_returns, reason = "Rhai expects boxed errors")]

use std::io;

use rhai::{Dynamic, EvalAltResult, INT, Map, NativeCallContext, Position};

use super::diagnostic::Diagnostic;
use super::script_error::Error;
use crate::error_code::ErrorCode;
use crate::file_access::AccessDenied;
use crate::script::number::int;
use crate::table::ErrorKind;
use crate::text::nearest;
use crate::time::DateOrder;
use crate::{api, bulk, ledger, table, time};

/// The result of a native function. Rhai removes exactly this name from definition files.
pub(in crate::script) type RhaiResultOf<T> = Result<T, Box<EvalAltResult>>;

/// An error on its way to a script.
#[derive(Debug)]
pub(in crate::script) struct Throw {
    code: ErrorCode,
    message: String,
    fields: Vec<(&'static str, Dynamic)>,
}

impl Throw {
    pub(in crate::script) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// Adds a hint for the author of the script. It is for every user if there is no [`user_hint`](Self::user_hint).
    pub(in crate::script) fn hint(self, hint: impl Into<String>) -> Self {
        self.with("hint", hint.into())
    }

    /// Adds a hint for a user who cannot change the script. `None` hides the hint for the author from that user.
    pub(in crate::script) fn user_hint(self, user_hint: Option<String>) -> Self {
        self.with("user_hint", user_hint.unwrap_or_default())
    }

    pub(in crate::script) fn hint_if(self, hint: Option<String>) -> Self {
        self.with_if("hint", hint)
    }

    pub(in crate::script) fn with(self, key: &'static str, value: impl Into<Dynamic>) -> Self {
        self.with_if(key, Some(value))
    }

    fn with_if(mut self, key: &'static str, value: Option<impl Into<Dynamic>>) -> Self {
        self.fields.extend(value.map(|value| (key, value.into())));
        self
    }

    /// Reports an error of the API with the message and hint of the caller.
    fn from_api(error: &api::Error, message: String, hint: Option<String>) -> Self {
        Self::new(error.error_code(), message)
            .hint_if(hint)
            .with_if("status", error.status().map(INT::from))
    }

    /// Turns it into an error raised at `position`, with line and column in the map.
    pub(in crate::script) fn at(self, position: Position) -> Box<EvalAltResult> {
        let mut map: Map = self
            .fields
            .into_iter()
            .map(|(key, value)| (key.into(), value))
            .collect();
        map.insert("error".into(), self.code.name().into());
        map.insert("message".into(), self.message.into());
        if let Some(line) = position.line() {
            map.insert("line".into(), int(line).into());
            map.insert(
                "position".into(),
                int(position.position().unwrap_or(1)).into(),
            );
        }
        EvalAltResult::ErrorRuntime(Dynamic::from_map(map), position).into()
    }
}

impl From<Throw> for Diagnostic {
    fn from(thrown: Throw) -> Self {
        let hints = thrown.fields.iter().filter(|(key, _)| *key == "hint");
        let hints = hints.map(|(_, hint)| hint.to_string()).collect();
        Self {
            hints,
            ..Self::new(thrown.code, thrown.message)
        }
    }
}

impl From<Throw> for Error {
    /// For errors outside a running script, which nothing can catch.
    fn from(thrown: Throw) -> Self {
        Diagnostic::from(thrown).into()
    }
}

/// Raises `error` at the position of the call.
pub(in crate::script) fn throw(
    ctx: &NativeCallContext,
    error: impl Into<Throw>,
) -> Box<EvalAltResult> {
    error.into().at(ctx.call_position())
}

/// Raises the error of a result.
pub(in crate::script) trait OrThrow<T> {
    /// Raises the error, if it is one, at the position of the call.
    fn or_throw(self, ctx: &NativeCallContext) -> RhaiResultOf<T>;
}

impl<T, E: Into<Throw>> OrThrow<T> for Result<T, E> {
    fn or_throw(self, ctx: &NativeCallContext) -> RhaiResultOf<T> {
        self.map_err(|error| throw(ctx, error))
    }
}

/// Returns the innermost of nested errors, without the calls that led to it.
pub(in crate::script) fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _)
        | EvalAltResult::ErrorInModule(_, inner, _) => innermost(inner),
        other => other,
    }
}

impl From<api::Error> for Throw {
    fn from(error: api::Error) -> Self {
        Self::from_api(&error, error.to_string(), error.hint())
    }
}

impl From<table::Error> for Throw {
    fn from(error: table::Error) -> Self {
        if let Some(denied) = error.access_denied() {
            return denied.clone().into();
        }
        let code = match error.kind() {
            ErrorKind::Open(_)
            | ErrorKind::Read(_)
            | ErrorKind::Write(_)
            | ErrorKind::TooLarge { .. }
            | ErrorKind::StdinAlreadyRead
            | ErrorKind::OverwritesInput
            | ErrorKind::OverwritesFile => ErrorCode::File,
            _ => ErrorCode::BadTable,
        };
        let (hint, user_hint) = (
            likely_names(&error)
                .or_else(|| misplaced(&error))
                .or_else(|| error.hint()),
            error.user_hint(),
        );
        let thrown = Self::new(code, error.to_string())
            .hint_if(hint.clone())
            .with("file", error.path().display().to_string())
            .with_if("file_line", error.line().map(int))
            .with_if("is_missing", error.is_missing().then_some(true));
        if hint == user_hint {
            thrown
        } else {
            thrown.user_hint(user_hint)
        }
    }
}

/// Suggests existing names for missing columns or sheets.
fn likely_names(error: &table::Error) -> Option<String> {
    let (wanted, known) = match error.kind() {
        _ if error.advice().is_some() => return None,
        ErrorKind::MissingColumns { missing, present } => (missing.as_slice(), present),
        ErrorKind::NoSheet { wanted, sheets } => (std::slice::from_ref(wanted), sheets),
        _ => return None,
    };
    let pairs: Vec<String> = wanted
        .iter()
        .filter_map(|name| {
            let known = known.iter().map(String::as_str);
            let likely = nearest(name.trim_matches('`'), known)?;
            Some(format!("`{likely}` for `{}`", name.trim_matches('`')))
        })
        .collect();
    (!pairs.is_empty()).then(|| format!("did you mean {}?", pairs.join(", ")))
}

/// Explains a path that has a directory in place of a file, or a file in place of a directory.
fn misplaced(error: &table::Error) -> Option<String> {
    let path = error.path();
    match error.io_error()?.kind() {
        io::ErrorKind::IsADirectory => Some(format!(
            "`{}` is a directory: name a file in it; `list_files(\"{}/*\")` lists them",
            path.display(),
            path.display().to_string().trim_end_matches('/')
        )),
        io::ErrorKind::NotADirectory => {
            let mut parents = path.ancestors().skip(1);
            let file = parents.find(|parent| parent.is_file())?;
            Some(format!(
                "`{}` is a file, and has no files in it",
                file.display()
            ))
        }
        _ => None,
    }
}

impl From<time::Error> for Throw {
    fn from(error: time::Error) -> Self {
        let code = match &error {
            time::Error::Zone(_) => ErrorCode::UnknownZone,
            time::Error::UnknownWeekday { .. } => ErrorCode::UnknownWeekday,
            time::Error::UnknownUnit { .. } => ErrorCode::UnknownUnit,
            time::Error::Pattern { .. } => ErrorCode::BadPattern,
            time::Error::OutOfRange => ErrorCode::OutOfRange,
            _ => ErrorCode::BadDate,
        };
        Self::new(code, error.to_string())
            .hint_if(error.hint())
            .with_if("order", error.proves().map(DateOrder::name))
    }
}

impl From<ledger::Error> for Throw {
    fn from(error: ledger::Error) -> Self {
        Self::new(ErrorCode::Ledger, error.to_string()).hint_if(error.hint())
    }
}

impl From<bulk::Error> for Throw {
    fn from(error: bulk::Error) -> Self {
        let (message, hint) = (error.to_string(), error.hint());
        match error {
            bulk::Error::Sessions(source) | bulk::Error::Assessment(source) => {
                Self::from_api(&source, message, hint)
            }
            bulk::Error::InUse { .. } => Self::new(ErrorCode::InUse, message).hint_if(hint),
            bulk::Error::LockFile { .. } => Self::new(ErrorCode::File, message).hint_if(hint),
            bulk::Error::NeverInvite(_) => Self::new(ErrorCode::NotAllowed, message).hint_if(hint),
            _ => Self::new(ErrorCode::Ledger, message).hint_if(hint),
        }
    }
}

impl From<AccessDenied> for Throw {
    fn from(denied: AccessDenied) -> Self {
        Self::new(ErrorCode::NotAllowed, denied.to_string())
            .hint(denied.hint())
            .with("file", denied.path().display().to_string())
    }
}
