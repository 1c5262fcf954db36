//! The outcome of `invite_all`: counts, rows, a file.

use rhai::plugin::*;
use rhai::{Array, INT, Map};

use crate::bulk::Outcome;
use crate::ledger::RowState;
use crate::script::api::conversion::table_options::WriteCsvOptions;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf};
use crate::script::host::run_host::Host;
use crate::script::number::int;
use crate::script::rows::results::{ResultColumns, Results};
use crate::script::rows::row_list::RowIter;
use crate::script::values::option_map::read_map;

#[export_module]
pub mod functions {
    pub type Outcome = crate::bulk::Outcome;

    /// Returns the number of rows.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).total);
    /// ```
    #[rhai_fn(get = "total", pure)]
    pub fn total(outcome: &mut Outcome) -> INT {
        int(outcome.counts.total)
    }

    /// Returns the number of rows that were not sent, or have no response yet.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).planned);
    /// ```
    #[rhai_fn(get = "planned", pure)]
    pub fn planned(outcome: &mut Outcome) -> INT {
        int(outcome.counts.planned)
    }

    /// Returns the number of sessions that were revoked.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(revoke_all(list_sessions()).done);
    /// ```
    #[rhai_fn(get = "done", pure)]
    pub fn done(outcome: &mut Outcome) -> INT {
        int(outcome.counts.done)
    }

    /// Returns the number of sessions that stay as they are.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(revoke_all(list_sessions()).kept);
    /// ```
    #[rhai_fn(get = "kept", pure)]
    pub fn kept(outcome: &mut Outcome) -> INT {
        int(outcome.counts.kept)
    }

    /// Returns the number of rows for which a session was created.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).created);
    /// ```
    #[rhai_fn(get = "created", pure)]
    pub fn created(outcome: &mut Outcome) -> INT {
        int(outcome.counts.created)
    }

    /// Returns the number of rows whose candidate already had an active session.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).existing);
    /// ```
    #[rhai_fn(get = "existing", pure)]
    pub fn existing(outcome: &mut Outcome) -> INT {
        int(outcome.counts.existing)
    }

    /// Returns the number of rows that `skip` or a finished session left out.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).skipped);
    /// ```
    #[rhai_fn(get = "skipped", pure)]
    pub fn skipped(outcome: &mut Outcome) -> INT {
        int(outcome.counts.skipped)
    }

    /// Returns the number of rows that repeat the address of an earlier row.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com", "Jane@Example.com"]).duplicates);
    /// ```
    #[rhai_fn(get = "duplicates", pure)]
    pub fn duplicates(outcome: &mut Outcome) -> INT {
        int(outcome.counts.duplicates)
    }

    /// Returns the number of invalid rows.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).invalid);
    /// ```
    #[rhai_fn(get = "invalid", pure)]
    pub fn invalid(outcome: &mut Outcome) -> INT {
        int(outcome.counts.invalid)
    }

    /// Returns the number of rows that the API rejected or that failed.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).failed);
    /// ```
    #[rhai_fn(get = "failed", pure)]
    pub fn failed(outcome: &mut Outcome) -> INT {
        int(outcome.counts.failed)
    }

    /// Returns the number of the run, for `gradient-bulk runs` and `send`.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(`gradient-bulk runs ${invite_all(["jane@example.com"]).run}`);
    /// ```
    #[rhai_fn(get = "run", pure)]
    pub fn run(outcome: &mut Outcome) -> INT {
        outcome.run.number()
    }

    /// Returns the result of each row, as a list of maps in the order of the rows.
    ///
    /// The list reads its rows from the ledger when they are needed; `to_array()` converts it.
    ///
    /// # Errors
    /// - `ledger`: the ledger cannot be read
    ///
    /// # Example
    /// ```rhai
    /// for row in invite_all(["jane@example.com", "john@example.com"]).results() {
    ///     print(`${row.email}: ${row.invite_url}`);
    /// }
    /// ```
    #[rhai_fn(pure)]
    pub fn results(ctx: NativeCallContext, outcome: &mut Outcome) -> Results {
        Results::new(outcome, &[], ctx.call_position())
    }

    /// Returns the rows that failed, as `results()` does.
    ///
    /// # Errors
    /// - `ledger`: the ledger cannot be read
    ///
    /// # Example
    /// ```rhai
    /// for row in invite_all(["jane@example.com"]).failures() {
    ///     print(`${row.email}: ${row.note}`);
    /// }
    /// ```
    #[rhai_fn(pure)]
    pub fn failures(ctx: NativeCallContext, outcome: &mut Outcome) -> Results {
        Results::new(outcome, &[RowState::Failed], ctx.call_position())
    }

    /// Reads all rows of the list into an array.
    ///
    /// # Errors
    /// - `ledger`: the ledger cannot be read
    ///
    /// # Example
    /// ```rhai
    /// let rows = invite_all(["jane@example.com"]).results().to_array();
    /// print(rows[0].invite_url);
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn to_array(ctx: NativeCallContext, results: &mut Results) -> RhaiResultOf<Array> {
        RowIter::of(&ctx, Dynamic::from(results.clone()))?.collect()
    }

    /// Returns the number of rows in the list.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).failures().len());
    /// ```
    #[rhai_fn(pure)]
    pub fn len(results: &mut Results) -> INT {
        int(results.len())
    }

    /// Returns whether the list has no rows.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).failures().is_empty());
    /// ```
    #[rhai_fn(pure)]
    pub fn is_empty(results: &mut Results) -> bool {
        results.len() == 0
    }

    /// Writes the result of each row as a CSV file, which must not exist.
    ///
    /// An empty file may exist. `#{ overwrite: true }` replaces any other, such as that of yesterday's run.
    ///
    /// Columns: `file`, `line`, `email`, `name`, `outcome`, `invite_url`, `due_date` (in force), `requested_due_date` (both in
    /// UTC), `session_name` and `note`, as in `results()`; the option `columns` can add `session_id`. A value that a spreadsheet would run as a formula gets an apostrophe in front,
    /// as in `write_csv(path, rows)`.
    ///
    /// # Errors
    /// - `file`: the file exists, or cannot be written; an existing file is unchanged. If the path is a literal or an
    ///   argument of the script, `invite_all` throws this before anybody is invited
    /// - `planning`: called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// invite_all(["jane@example.com"]).write_csv("invited.csv");
    /// ```
    #[rhai_fn(name = "write_csv", pure, return_raw)]
    pub fn write_outcome(
        ctx: NativeCallContext,
        outcome: &mut Outcome,
        path: &str,
    ) -> RhaiResultOf<()> {
        write(&ctx, outcome, path, &Map::new())
    }

    /// Writes the result of each row as a CSV file, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - `unknown_column`: `columns` names an unknown column
    /// - those of `outcome.write_csv(path)`
    ///
    /// # Example
    /// ```rhai
    /// let outcome = invite_all(["jane@example.com"]);
    /// outcome.write_csv("for_excel.csv", #{ bom: true, columns: ["email", "invite_url"] });
    /// ```
    #[rhai_fn(name = "write_csv", pure, return_raw)]
    pub fn write_outcome_with(
        ctx: NativeCallContext,
        outcome: &mut Outcome,
        path: &str,
        options_: Map,
    ) -> RhaiResultOf<()> {
        write(&ctx, outcome, path, &options_)
    }

    /// Returns an outcome as one line of text.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]));
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(outcome: &mut Outcome) -> String {
        outcome.to_string()
    }
}

fn write(
    ctx: &NativeCallContext,
    outcome: &Outcome,
    path: &str,
    options: &Map,
) -> RhaiResultOf<()> {
    let mut options: WriteCsvOptions = read_map(ctx, options)?;
    let columns = ResultColumns::select(options.columns.take()).or_throw(ctx)?;
    let host = Host::of(ctx)?;
    let Some(file) = host.results_file(ctx, path, outcome.run, options.overwrite)? else {
        return Ok(());
    };
    columns
        .write(
            outcome,
            &file,
            options.write_options(host.input_delimiter()),
        )
        .or_throw(ctx)
}
