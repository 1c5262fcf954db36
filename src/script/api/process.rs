//! The arguments of a script, waiting, and exiting.

use rhai::plugin::*;
use rhai::{FLOAT, INT};

use crate::error_code::ErrorCode;
use crate::script::error::termination::Termination;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;

/// A longer sleep than a year is a mistake in the unit.
const MAX_SLEEP_SECONDS: f64 = 366.0 * 24.0 * 3600.0;

fn argument(ctx: &NativeCallContext, name: &str) -> RhaiResultOf<Dynamic> {
    let host = Host::of(ctx)?;
    match host.argument(name) {
        Some(value) => Ok(value.into()),
        None => Err(throw(
            ctx,
            Throw::new(ErrorCode::ArgMisuse, format!("`{name}` is not an argument of this script"))
                .hint("`arg` can be called at the top level of the script that is run, not in imported ones"),
        )),
    }
}

fn sleep_for(ctx: &NativeCallContext, seconds: FLOAT) -> RhaiResultOf<()> {
    let host = Host::of(ctx)?;
    host.ensure_not_planning(ctx, "sleep")?;
    if !(0.0..=MAX_SLEEP_SECONDS).contains(&seconds) {
        let message = format!("cannot sleep for {seconds} seconds");
        return Err(throw(ctx, Throw::new(ErrorCode::BadNumber, message)));
    }
    if host.settings.options.dry_run {
        return host.skip_dry_run_sleep();
    }
    let time = tokio::time::Duration::from_secs_f64(seconds);
    if host.advance_test_clock(ctx, time)? {
        return Ok(());
    }
    host.wait(async { tokio::time::sleep(time).await })
}

#[export_module]
pub mod functions {
    /// Returns the value of a required, positional argument of the script.
    ///
    /// gradient-bulk finds the calls before the script runs, and makes its `--help` from them. So they must be at the
    /// top level, with a literal name and help text.
    ///
    /// # Errors
    /// - `arg_misuse`: the call is not at the top level, or its arguments are not literals
    ///
    /// # Example
    /// ```rhai
    /// let file = arg("file", "CSV of candidates with name and email");
    /// print(file);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn arg(ctx: NativeCallContext, name: &str, _help: &str) -> RhaiResultOf<Dynamic> {
        argument(&ctx, name)
    }

    /// Returns the value of an option of the script, or its default.
    ///
    /// The default decides the type: a string, an integer, or a number with a decimal point. `false` declares a flag
    /// `--name`, `()` an option without a default, and `[()]` an option that can be repeated, whose values are an array
    /// of strings. `[]` takes all remaining positional arguments as an array of strings.
    ///
    /// # Errors
    /// - `arg_misuse`: the call is not at the top level, or its arguments are not literals
    ///
    /// # Example
    /// ```rhai
    /// let days = arg("days", "Days to finish", 5);
    /// let out = arg("out", "Where to write the links", ());
    /// print(`${days} days, ${out ?? "no file"}`);
    /// ```
    #[rhai_fn(name = "arg", return_raw)]
    pub fn arg_with_default(
        ctx: NativeCallContext,
        name: &str,
        _help: &str,
        _default_value: Dynamic,
    ) -> RhaiResultOf<Dynamic> {
        argument(&ctx, name)
    }

    /// Waits for a whole number of seconds; Ctrl-C ends the wait.
    ///
    /// In a dry run, it returns at once. A script that lists sessions, sleeps, lists them again and sleeps again is
    /// waiting for a change that never comes in a dry run, so gradient-bulk ends it.
    ///
    /// # Errors
    /// - `bad_number`: the number is negative, or more than a year
    /// - `planning`: called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// sleep(0);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn sleep(ctx: NativeCallContext, seconds: INT) -> RhaiResultOf<()> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "exact for all seconds that pass the check"
        )]
        sleep_for(&ctx, seconds as FLOAT)
    }

    /// Waits for a number of seconds, such as 0.5; Ctrl-C ends the wait.
    ///
    /// # Errors
    /// - those of `sleep` with a whole number
    ///
    /// # Example
    /// ```rhai
    /// sleep(0.1);
    /// ```
    #[rhai_fn(name = "sleep", return_raw)]
    pub fn sleep_fraction(ctx: NativeCallContext, seconds: FLOAT) -> RhaiResultOf<()> {
        sleep_for(&ctx, seconds)
    }

    /// Ends the script. The exit status reports the work done so far.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// if list_sessions().is_empty() { exit(); }
    /// ```
    #[rhai_fn(return_raw)]
    pub fn exit() -> RhaiResultOf<()> {
        Err(Termination::Exit(None).into())
    }

    /// Ends the script with an exit status from 0 to 255.
    ///
    /// # Errors
    /// - `bad_number`: the status is out of range
    ///
    /// # Example
    /// ```rhai
    /// if list_sessions().len() > 100000 { exit(1); }
    /// ```
    #[rhai_fn(name = "exit", return_raw)]
    pub fn exit_with(ctx: NativeCallContext, status: INT) -> RhaiResultOf<()> {
        let status = u8::try_from(status).map_err(|_| {
            let message = format!("the exit status {status} is not from 0 to 255");
            throw(&ctx, Throw::new(ErrorCode::BadNumber, message))
        })?;
        Err(Termination::Exit(Some(status)).into())
    }
}
