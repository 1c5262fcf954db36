//! Assertions about values and closures, for tests and scripts.

use rhai::plugin::*;
use rhai::{FnPtr, Map};

use crate::error_code::ErrorCode;
use crate::script::display::difference::differences;
use crate::script::error::throw::{RhaiResultOf, Throw, innermost, throw};
use crate::script::rows::row_list::materialize;
use crate::script::values::convert::to_cell;
use crate::script::values::result_shape::{ResultKey, ResultShape};

/// The message of a failed `assert` that has none of its own.
const CONDITION_IS_FALSE: &str = "the condition is false";

fn check_equal(
    ctx: &NativeCallContext,
    actual: Dynamic,
    expected: Dynamic,
    message: Option<&str>,
) -> RhaiResultOf<()> {
    let found = differences(&materialize(ctx, actual)?, &materialize(ctx, expected)?);
    let thrown = match (message, found.as_slice()) {
        (_, []) => return Ok(()),
        (None, [one]) if !one.contains('\n') => Throw::new(ErrorCode::Assertion, one.clone()),
        (message, _) => {
            let message = message.unwrap_or("the values differ");
            Throw::new(ErrorCode::Assertion, message).with("detail", found.join("\n"))
        }
    };
    Err(throw(ctx, thrown))
}

/// Calls `closure` and returns the error it throws, as a map with a code and a message.
fn catch_error(ctx: &NativeCallContext, closure: &FnPtr) -> RhaiResultOf<Map> {
    let error = match closure.call_within_context::<Dynamic>(ctx, ()) {
        Ok(value) => {
            let message = "nothing was thrown".to_owned();
            let found = match to_cell(&value) {
                returned if returned.is_empty() => message,
                returned => format!("{message}; the closure returned `{returned}`"),
            };
            return Err(throw(ctx, Throw::new(ErrorCode::Assertion, found)));
        }
        Err(error) => error,
    };
    let plain = |code: ErrorCode, message: String| {
        let pairs = [("error", code.name().into()), ("message", message.into())];
        pairs
            .map(|(key, value): (&str, Dynamic)| (key.into(), value))
            .into_iter()
            .collect()
    };
    match innermost(&error) {
        // An interrupted test ends, and a misspelled name is never the error that a test expects.
        EvalAltResult::ErrorTerminated(..)
        | EvalAltResult::ErrorFunctionNotFound(..)
        | EvalAltResult::ErrorVariableNotFound(..) => Err(error),
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Map>() {
            Some(map) if map.contains_key("error") => Ok(map.clone()),
            _ => Ok(plain(ErrorCode::Thrown, value.to_string())),
        },
        other => Ok(plain(ErrorCode::Script, other.to_string())),
    }
}

/// The map that describes an error to a script, in a `catch` too.
pub(super) const ERROR: ResultShape = ResultShape::closed(
    "an error",
    &[
        ResultKey::new("error", "string", "the code, such as `bad_date`"),
        ResultKey::new("message", "string", "what is wrong"),
        ResultKey::new("hint", "string", "how to fix it, if that is known"),
        ResultKey::new("line", "int", "the line of the script"),
        ResultKey::new("position", "int", "the column of that line"),
        ResultKey::new("status", "int", "the status of an error of the API"),
        ResultKey::new("file", "string", "the file of an error in a table"),
        ResultKey::new("file_line", "int", "the line of an error in a table"),
    ],
)
.with_others("what the script added");

#[export_module]
pub mod functions {
    /// Checks that a condition is true, and throws an error if it is not.
    ///
    /// # Errors
    /// - `assertion`: the condition is `false`
    ///
    /// # Example
    /// ```rhai
    /// let rows = [#{ email: "jane@example.com" }];
    /// assert(rows.len() < 500);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn assert(ctx: NativeCallContext, condition: bool) -> RhaiResultOf<()> {
        assert_with(ctx, condition, "")
    }

    /// Checks that a condition is true, and throws an error with a message if not.
    ///
    /// # Errors
    /// - `assertion`: the condition is `false`
    ///
    /// # Example
    /// ```rhai
    /// let rows = [#{ email: "jane@example.com" }];
    /// assert(rows.len() < 500, `${rows.len()} rows: is this the right file?`);
    /// ```
    #[rhai_fn(name = "assert", return_raw)]
    pub fn assert_with(ctx: NativeCallContext, condition: bool, message: &str) -> RhaiResultOf<()> {
        if condition {
            return Ok(());
        }
        let thrown = |message: &str| Throw::new(ErrorCode::Assertion, message);
        let trimmed = message.trim_end();
        Err(throw(
            &ctx,
            match (trimmed.is_empty(), trimmed.contains('\n')) {
                (true, _) => thrown(CONDITION_IS_FALSE),
                (false, false) => thrown(trimmed),
                // Probably the whole output of a script.
                (false, true) => thrown(CONDITION_IS_FALSE).with("detail", trimmed.to_owned()),
            },
        ))
    }

    /// Checks that two values are equal, and shows how they differ if not.
    ///
    /// Maps are compared by key, arrays by item, and texts of several lines by line. A row of a file is compared as a
    /// map of its columns, and a list such as `results()` as an array. Times are equal if they are the same instant.
    ///
    /// # Errors
    /// - `assertion`: the values differ
    ///
    /// # Example
    /// ```rhai
    /// assert_eq(name_from_email("jane.smith@example.com"), "Jane Smith");
    /// assert_eq(count_by([#{ team: "design" }], "team"), #{ design: 1 });
    /// ```
    #[rhai_fn(return_raw)]
    pub fn assert_eq(
        ctx: NativeCallContext,
        actual: Dynamic,
        expected: Dynamic,
    ) -> RhaiResultOf<()> {
        check_equal(&ctx, actual, expected, None)
    }

    /// Checks that two values are equal, and throws an error with a message if not.
    ///
    /// # Errors
    /// - `assertion`: the values differ
    ///
    /// # Example
    /// ```rhai
    /// assert_eq(today().plus_days(1).day, today().plus_hours(24).day, "a day has 24 hours here");
    /// ```
    #[rhai_fn(name = "assert_eq", return_raw)]
    pub fn assert_eq_with(
        ctx: NativeCallContext,
        actual: Dynamic,
        expected: Dynamic,
        message: &str,
    ) -> RhaiResultOf<()> {
        check_equal(&ctx, actual, expected, Some(message))
    }

    /// Checks that a closure throws, and returns the error as a map.
    ///
    /// A value that a script throws has the code `thrown`. An unknown function or variable in the closure ends the test with its own error.
    ///
    /// # Errors
    /// - `assertion`: the closure throws nothing
    ///
    /// # Example
    /// ```rhai
    /// let problem = assert_throws(|| datetime("next week"));
    /// assert_eq(problem.message, "`next week` is not a date");
    /// ```
    #[rhai_fn(return_raw)]
    pub fn assert_throws(ctx: NativeCallContext, closure: FnPtr) -> RhaiResultOf<Map> {
        catch_error(&ctx, &closure)
    }

    /// Checks that a closure throws an error with a code, and returns it as a map.
    ///
    /// # Errors
    /// - `assertion`: the closure throws nothing, or an error with another code
    ///
    /// # Example
    /// ```rhai
    /// assert_throws(|| datetime("next week"), "bad_date");
    /// ```
    #[rhai_fn(name = "assert_throws", return_raw)]
    pub fn assert_throws_code(
        ctx: NativeCallContext,
        closure: FnPtr,
        code: &str,
    ) -> RhaiResultOf<Map> {
        let map = catch_error(&ctx, &closure)?;
        let found = map.get("error").map(to_cell).unwrap_or_default();
        if found == code {
            return Ok(map);
        }
        let message = map.get("message").map(to_cell).unwrap_or_default();
        let message = format!("expected the error `{code}`, found `{found}`: {message}");
        Err(throw(&ctx, Throw::new(ErrorCode::Assertion, message)))
    }
}
