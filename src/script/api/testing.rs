//! Testing: what is expected of a script, and what only tests may do.

use rhai::plugin::*;
use rhai::{Array, FnPtr, INT, Map, Module};

use crate::bulk::Counts;
use crate::script::difference::differences;
use crate::script::options::options;
use crate::script::results::result_map;
use crate::script::rows::settled;
use crate::script::throw::{RhaiResultOf, Throw, innermost, throw};
use crate::script::value::{or_unit, to_cell};
use crate::script::{Ending, Host, Ran, RunOptions};

pub(super) fn register(module: &mut Module) {
    module.combine(exported_module!(functions));
}

/// The code of what the assertions raise.
const FAILED: &str = "assertion";
/// What is said of a condition where the script says nothing better.
const FALSE: &str = "the condition is false";

fn equal(
    ctx: &NativeCallContext,
    actual: Dynamic,
    expected: Dynamic,
    message: Option<&str>,
) -> RhaiResultOf<()> {
    let found = differences(&settled(ctx, actual)?, &settled(ctx, expected)?);
    let thrown = match (message, found.as_slice()) {
        (_, []) => return Ok(()),
        (None, [one]) if !one.contains('\n') => Throw::new(FAILED, one.clone()),
        (message, _) => {
            let message = message.unwrap_or("the values differ");
            Throw::new(FAILED, message).with("detail", found.join("\n"))
        }
    };
    Err(throw(ctx, thrown))
}

/// Calls `closure` and returns what it throws, as a map with a code and a message.
fn thrown(ctx: &NativeCallContext, closure: &FnPtr) -> RhaiResultOf<Map> {
    let error = match closure.call_within_context::<Dynamic>(ctx, ()) {
        Ok(value) => {
            let message = "nothing was thrown".to_owned();
            let found = match to_cell(&value) {
                returned if returned.is_empty() => message,
                returned => format!("{message}; the closure returned `{returned}`"),
            };
            return Err(throw(ctx, Throw::new(FAILED, found)));
        }
        Err(error) => error,
    };
    let plain = |code: &str, message: String| {
        let pairs = [("error", code.into()), ("message", message.into())];
        pairs
            .map(|(key, value): (&str, Dynamic)| (key.into(), value))
            .into_iter()
            .collect()
    };
    match innermost(&error) {
        // A test that is interrupted ends, and a misspelt name is no error that a test may expect.
        EvalAltResult::ErrorTerminated(..)
        | EvalAltResult::ErrorFunctionNotFound(..)
        | EvalAltResult::ErrorVariableNotFound(..) => Err(error),
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Map>() {
            Some(map) if map.contains_key("error") => Ok(map.clone()),
            _ => Ok(plain("thrown", value.to_string())),
        },
        other => Ok(plain("script", other.to_string())),
    }
}

fn run(
    ctx: &NativeCallContext,
    path: &str,
    words: Array,
    options: RunOptions,
) -> RhaiResultOf<Map> {
    let host = Host::of(ctx)?;
    let stage = host.stage(ctx, "run_script")?;
    let words = words.iter().map(to_cell).collect();
    let ran = stage
        .run_script(path, words, options)
        .map_err(|error| throw(ctx, error))?;
    if host.runtime().interrupt().is_set() {
        return Err(Ending::Interrupted.into());
    }
    Ok(to_map(ran))
}

fn to_map(ran: Ran) -> Map {
    let results: Array = ran
        .rows
        .iter()
        .map(|row| Dynamic::from_map(result_map(row)))
        .collect();
    let pairs: [(&str, Dynamic); 6] = [
        ("status", INT::from(ran.status).into()),
        ("output", ran.output.into()),
        ("notes", ran.notes.into()),
        ("error", or_unit(ran.error)),
        ("outcome", counts_map(&ran.counts).into()),
        ("results", results.into()),
    ];
    pairs
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect()
}

fn counts_map(counts: &Counts) -> Map {
    [
        ("total", counts.total),
        ("planned", counts.planned),
        ("created", counts.created),
        ("existing", counts.existing),
        ("skipped", counts.skipped),
        ("duplicates", counts.duplicates),
        ("invalid", counts.invalid),
        ("failed", counts.failed),
    ]
    .into_iter()
    .map(|(key, count)| (key.into(), INT::try_from(count).unwrap_or(INT::MAX).into()))
    .collect()
}

#[export_module]
mod functions {
    /// Checks that a condition holds, and raises an error where it does not.
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

    /// Checks that a condition holds, and raises an error with a message if not.
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
        let thrown = |message: &str| Throw::new(FAILED, message);
        let said = message.trim_end();
        Err(throw(
            &ctx,
            match (said.is_empty(), said.contains('\n')) {
                (true, _) => thrown(FALSE),
                (false, false) => thrown(said),
                // Such as all that a script printed.
                (false, true) => thrown(FALSE).with("detail", said.to_owned()),
            },
        ))
    }

    /// Checks that a value is the expected one, and shows in what they differ.
    ///
    /// Maps are compared key by key, arrays entry by entry, texts of several lines line by line. A row of a file is
    /// compared as a map of its columns, a list such as that of `results()` as an array; times are equal when they are the
    /// same instant.
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
        equal(&ctx, actual, expected, None)
    }

    /// Checks that a value is the expected one, and says a message where it is not.
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
        equal(&ctx, actual, expected, Some(message))
    }

    /// Checks that a closure throws, and returns the error as a map.
    ///
    /// The map has at least `error`, a code, and `message`; a value that was thrown by `throw` has the code `thrown`. A
    /// misspelt function or variable in the closure is raised as it is.
    ///
    /// # Errors
    /// - `assertion`: the closure throws nothing
    ///
    /// # Example
    /// ```rhai
    /// let problem = assert_throws(|| datetime("next week"));
    /// assert_eq(problem.message, "`next week` is no date");
    /// ```
    #[rhai_fn(return_raw)]
    pub fn assert_throws(ctx: NativeCallContext, closure: FnPtr) -> RhaiResultOf<Map> {
        thrown(&ctx, &closure)
    }

    /// Checks that a closure throws an error with a code, and returns it as a map.
    ///
    /// # Errors
    /// - `assertion`: the closure throws nothing, or another error
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
        let map = thrown(&ctx, &closure)?;
        let found = map.get("error").map(to_cell).unwrap_or_default();
        if found == code {
            return Ok(map);
        }
        let message = map.get("message").map(to_cell).unwrap_or_default();
        let message = format!("expected an error `{code}`, and it was `{found}`: {message}");
        Err(throw(&ctx, Throw::new(FAILED, message)))
    }

    /// Runs a script whole and without arguments, and returns what came of it.
    ///
    /// # Errors
    /// - those of `run_script(path, arguments)`
    ///
    /// # Example
    /// ```rhai
    /// let ran = run_script("monitor");
    /// assert(ran.output.ends_with("0 sessions\n"));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn run_script(ctx: NativeCallContext, path: &str) -> RhaiResultOf<Map> {
        run(&ctx, path, Array::new(), RunOptions::default())
    }

    /// Runs a script whole, as the command line does, and returns what came of it.
    ///
    /// The script is a path, or the name of a shipped one; the arguments are those of the command line. It runs against the
    /// test's own sandbox, at the test's time, and its plans are agreed to. Keys of the result: `status` (the exit status),
    /// `output` (what it printed), `notes` (what went to standard error: the plan, remarks, errors), `error` (what was wrong,
    /// or `()`), `outcome` (a map of numbers: `total`, `planned`, `created`, `existing`, `skipped`, `duplicates`, `invalid`,
    /// `failed`) and `results` (a map for each row, as `results()` of an outcome returns).
    ///
    /// # Errors
    /// - `test_only`: it is called outside a test
    /// - `unable`: there is no such script
    ///
    /// # Example
    /// ```rhai
    /// write_csv("people.csv", [#{ name: "Jane", email: "jane@example.com" }]);
    /// let ran = run_script("invite_csv", ["people.csv", "--out", "links.csv"]);
    /// assert_eq(ran.status, 0);
    /// assert_eq(ran.outcome.created, 1);
    /// assert_eq(read_csv("links.csv")[0].name, "Jane");
    /// ```
    #[rhai_fn(name = "run_script", return_raw)]
    pub fn run_script_with(
        ctx: NativeCallContext,
        path: &str,
        arguments: Array,
    ) -> RhaiResultOf<Map> {
        run(&ctx, path, arguments, RunOptions::default())
    }

    /// Runs a script whole, with options of `run`, and returns what came of it.
    ///
    /// # Options
    /// - `assessment`: id or name of the assessment, instead of the sandbox's `Senior PM Assessment`
    /// - `dry_run`: `true`: nothing is sent or written
    /// - `skip_invalid`: `true`: invalid rows are left out, instead of refusing the plan
    /// - `again`: `true`: who has finished is invited again
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `run_script(path, arguments)`
    ///
    /// # Example
    /// ```rhai
    /// let ran = run_script("invite_list", ["jane@example.com"], #{ dry_run: true });
    /// assert_eq(ran.outcome.planned, 1);
    /// assert_eq(list_sessions().len(), 0);
    /// ```
    #[rhai_fn(name = "run_script", return_raw)]
    pub fn run_script_options(
        ctx: NativeCallContext,
        path: &str,
        arguments: Array,
        options_: Map,
    ) -> RhaiResultOf<Map> {
        run(&ctx, path, arguments, options(&ctx, options_)?)
    }

    /// Moves the time of a test on, such as by `"5 days"` or `"1 hour 30 minutes"`.
    ///
    /// Nothing else moves it but `sleep`, which takes no time in a test. Candidates go on with their sessions meanwhile, as
    /// they do in the sandbox: everybody has submitted 36 hours after the invitation. See `set_status` for other courses.
    ///
    /// # Errors
    /// - `test_only`: it is called outside a test
    /// - `bad_date`: the text is no span of time, or a negative one
    ///
    /// # Example
    /// ```rhai
    /// invite("jane@example.com", "Jane");
    /// pass_time("36 hours");
    /// assert_eq(list_sessions()[0].status, "submitted");
    /// ```
    #[rhai_fn(return_raw)]
    pub fn pass_time(ctx: NativeCallContext, span: &str) -> RhaiResultOf<()> {
        let host = Host::of(&ctx)?;
        host.stage(&ctx, "pass_time")?;
        let then = host
            .now()
            .plus_span(span)
            .map_err(|error| throw(&ctx, error))?;
        host.settings().options.clock.move_to(then.timestamp());
        Ok(())
    }

    /// Moves a candidate's latest session into a status, where it stays.
    ///
    /// However much time passes, only another `set_status` or scoring moves it on. That shows what the sandbox's candidates
    /// never do, such as let a deadline pass.
    ///
    /// # Errors
    /// - `test_only`: it is called outside a test
    /// - `unable`: the candidate has no session, or there is no such status
    ///
    /// # Example
    /// ```rhai
    /// invite("jane@example.com", "Jane");
    /// set_status("jane@example.com", "in_progress");
    /// assert_eq(list_sessions()[0].status, "in_progress");
    /// ```
    #[rhai_fn(return_raw)]
    pub fn set_status(ctx: NativeCallContext, email: &str, status: &str) -> RhaiResultOf<()> {
        let stage = Host::of(&ctx)?.stage(&ctx, "set_status")?;
        stage
            .set_status(email, status)
            .map_err(|error| throw(&ctx, error))
    }
}
