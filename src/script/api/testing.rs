//! Functions for tests only: run a whole script, let time pass, move a session.

use rhai::plugin::*;
use rhai::{Array, INT, Map};

use crate::bulk::Counts;
use crate::script::error::termination::Termination;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::script::host::run_host::Host;
use crate::script::host::test_environment::{RunOptions, ScriptOutput};
use crate::script::number::int;
use crate::script::rows::results::{RESULT, result_map};
use crate::script::values::convert::{or_unit, to_cell};
use crate::script::values::option_map::read_map;
use crate::script::values::result_shape::{ResultKey, ResultShape};

fn run(ctx: &NativeCallContext, path: &str, args: Array, options: &Map) -> RhaiResultOf<Map> {
    let options: RunOptions = read_map(ctx, options)?;
    let host = Host::of(ctx)?;
    let test_environment = host.test_environment(ctx, "run_script")?;
    let args = args.iter().map(to_cell).collect();
    let finished = test_environment
        .run_script(path, args, options)
        .or_throw(ctx)?;
    if host.runtime.interrupt.is_set() {
        return Err(Termination::Interrupted.into());
    }
    Ok(to_map(finished))
}

fn to_map(finished: ScriptOutput) -> Map {
    let results: Array = finished
        .rows
        .iter()
        .map(|row| Dynamic::from_map(result_map(row)))
        .collect();
    let pairs: [(&str, Dynamic); 6] = [
        ("status", INT::from(finished.status).into()),
        ("output", finished.output.into()),
        ("notes", finished.notes.into()),
        ("error", or_unit(finished.error)),
        ("outcome", counts_map(&finished.counts).into()),
        ("results", results.into()),
    ];
    pairs
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect()
}

/// Declares the counts of an outcome in the result of a script, each with its documentation.
macro_rules! counts {
    ($($field:ident: $doc:literal,)+) => {
        const COUNTS: ResultShape = ResultShape::closed(
            "an outcome",
            &[$(ResultKey::new(stringify!($field), "int", $doc)),+],
        );

        fn counts_map(counts: &Counts) -> Map {
            let counts = [$((stringify!($field), counts.$field)),+].into_iter();
            counts.map(|(key, count)| (key.into(), int(count).into())).collect()
        }
    };
}

counts! {
    total: "all rows",
    planned: "rows that were not sent",
    created: "created sessions",
    existing: "sessions that were active",
    skipped: "rows that were left out",
    duplicates: "repeated addresses",
    invalid: "invalid rows",
    failed: "rows that failed",
}

/// The map that [`to_map`] makes.
pub(super) const SCRIPT_RESULT: ResultShape = ResultShape::closed(
    "the result",
    &[
        ResultKey::new("status", "int", "the exit status"),
        ResultKey::new("output", "string", "standard output"),
        ResultKey::new("notes", "string", "standard error: the plan, warnings, errors"),
        ResultKey::new("error", "string", "the error message, or `()`"),
        ResultKey::new(
            "outcome",
            "map",
            "counts of rows: `total`, `planned`, `created`, `existing`, `skipped`, `duplicates`, `invalid`, `failed`",
        )
        .of(&COUNTS),
        ResultKey::new("results", "array", "a map for each row, as `results()` of an outcome returns it")
            .of(&RESULT),
    ],
);

#[export_module]
pub mod functions {
    /// Runs a whole script without arguments, and returns its result.
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
        run(&ctx, path, Array::new(), &Map::new())
    }

    /// Runs a whole script, as the command line does, and returns its result.
    ///
    /// The script is a path, or the name of a shipped script; the arguments are those of the command line. It runs
    /// against the sandbox of the test, at the time of the test, and its plans are confirmed.
    ///
    /// # Errors
    /// - `test_only`: called outside a test
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
        run(&ctx, path, arguments, &Map::new())
    }

    /// Runs a whole script with options of `run`, and returns its result.
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
        run(&ctx, path, arguments, &options_)
    }

    /// Moves the clock of a test forward, such as by `"1 hour 30 minutes"`.
    ///
    /// Only this and `sleep`, which returns at once in a test, move the clock. Meanwhile, candidates progress as in the
    /// sandbox: everybody has submitted 36 hours after the invitation. Use `set_status` for candidates who do not.
    ///
    /// # Errors
    /// - `test_only`: called outside a test
    /// - `bad_date`: the text is not a span of time, or it is negative
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
        host.test_environment(&ctx, "pass_time")?;
        let then = host.now().plus_span(span).or_throw(&ctx)?;
        host.settings.options.clock.advance_to(then.timestamp());
        Ok(())
    }

    /// Sets the status of a candidate's latest session, and keeps it there.
    ///
    /// From then on, only `set_status` and scoring change it. With this, a test can have candidates who miss their
    /// deadline.
    ///
    /// # Errors
    /// - `test_only`: called outside a test
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
        let test_environment = Host::of(&ctx)?.test_environment(&ctx, "set_status")?;
        test_environment.set_status(email, status).or_throw(&ctx)
    }
}
