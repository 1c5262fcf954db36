//! What came of `invite_all`: numbers, rows, a file.

use std::rc::Rc;

use rhai::plugin::*;
use rhai::{Array, Engine, INT, Map};

use crate::bulk::{Outcome, OutcomeRow};
use crate::moment::DateTime;
use crate::script::Host;
use crate::script::throw::{RhaiResultOf, throw};
use crate::script::value::{ToMap as _, or_unit};
use crate::table;

pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Results>("Outcome")
        .register_global_module(exported_module!(functions).into());
}

/// An outcome in the hands of a script.
#[derive(Clone)]
pub(super) struct Results(Rc<Outcome>);

impl From<Outcome> for Results {
    fn from(outcome: Outcome) -> Self {
        Self(Rc::new(outcome))
    }
}

/// Columns of the file that `write_csv` makes of an outcome.
const COLUMNS: [&str; 8] = [
    "file",
    "line",
    "email",
    "name",
    "outcome",
    "invite_url",
    "due_date",
    "note",
];

pub(super) fn result_map(host: &Host, row: &OutcomeRow) -> Map {
    let session = row.session.as_ref().map(|session| session.to_map(host));
    let line = row
        .origin
        .place
        .as_ref()
        .map(|(_, line)| line_number(*line));
    [
        ("email", row.email.clone().into()),
        ("name", row.name.clone().into()),
        ("outcome", row.outcome.into()),
        ("invite_url", or_unit(row.invite_url.clone())),
        (
            "due_date",
            row.due_date.clone().map_or(Dynamic::UNIT, Dynamic::from),
        ),
        ("session", session.map_or(Dynamic::UNIT, Dynamic::from_map)),
        ("note", or_unit(row.note.clone())),
        ("line", or_unit(line)),
    ]
    .into_iter()
    .map(|(key, value)| (key.into(), value))
    .collect()
}

fn result_record(row: &OutcomeRow) -> [String; COLUMNS.len()] {
    let (file, line) = match &row.origin.place {
        Some((path, line)) => (path.display().to_string(), line.to_string()),
        None => (String::new(), String::new()),
    };
    let due_date = row.due_date.as_ref().map(DateTime::to_rfc3339);
    [
        file,
        line,
        row.email.clone(),
        row.name.clone(),
        row.outcome.to_owned(),
        row.invite_url.clone().unwrap_or_default(),
        due_date.unwrap_or_default(),
        row.note.clone().unwrap_or_default(),
    ]
}

fn line_number(line: u64) -> INT {
    INT::try_from(line).unwrap_or(INT::MAX)
}

fn count(number: usize) -> INT {
    INT::try_from(number).unwrap_or(INT::MAX)
}

#[export_module]
mod functions {
    /// Returns how many rows there were.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).total);
    /// ```
    #[rhai_fn(get = "total", pure)]
    pub fn total(outcome: &mut Results) -> INT {
        count(outcome.0.counts().total)
    }

    /// Returns how many rows were ready and not sent.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).planned);
    /// ```
    #[rhai_fn(get = "planned", pure)]
    pub fn planned(outcome: &mut Results) -> INT {
        count(outcome.0.counts().planned)
    }

    /// Returns for how many rows a session was created.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).created);
    /// ```
    #[rhai_fn(get = "created", pure)]
    pub fn created(outcome: &mut Results) -> INT {
        count(outcome.0.counts().created)
    }

    /// Returns for how many rows the candidate had an active session already.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).existing);
    /// ```
    #[rhai_fn(get = "existing", pure)]
    pub fn existing(outcome: &mut Results) -> INT {
        count(outcome.0.counts().existing)
    }

    /// Returns how many rows the script left out with `skip`.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).skipped);
    /// ```
    #[rhai_fn(get = "skipped", pure)]
    pub fn skipped(outcome: &mut Results) -> INT {
        count(outcome.0.counts().skipped)
    }

    /// Returns how many rows repeated the address of an earlier one.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com", "Jane@Example.com"]).duplicates);
    /// ```
    #[rhai_fn(get = "duplicates", pure)]
    pub fn duplicates(outcome: &mut Results) -> INT {
        count(outcome.0.counts().duplicates)
    }

    /// Returns how many rows were invalid.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).invalid);
    /// ```
    #[rhai_fn(get = "invalid", pure)]
    pub fn invalid(outcome: &mut Results) -> INT {
        count(outcome.0.counts().invalid)
    }

    /// Returns how many rows failed at the API.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]).failed);
    /// ```
    #[rhai_fn(get = "failed", pure)]
    pub fn failed(outcome: &mut Results) -> INT {
        count(outcome.0.counts().failed)
    }

    /// Returns what came of each row, as maps in the order of the rows.
    ///
    /// Keys: `line`, `email`, `name`, `outcome` (`"created"`, `"existing"`, `"failed"`, `"skipped"`, `"duplicate"`,
    /// `"planned"`: not sent), `invite_url`, `due_date`, `session`, `note` (why it failed or was left out).
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// for row in invite_all(["jane@example.com", "john@example.com"]).results() {
    ///     print(`${row.email}: ${row.invite_url}`);
    /// }
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn results(ctx: NativeCallContext, outcome: &mut Results) -> RhaiResultOf<Array> {
        rows_where(&ctx, outcome, |_| true)
    }

    /// Returns the rows that failed at the API, as `results()` does.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// for row in invite_all(["jane@example.com"]).failures() {
    ///     print(`${row.email}: ${row.note}`);
    /// }
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn failures(ctx: NativeCallContext, outcome: &mut Results) -> RhaiResultOf<Array> {
        rows_where(&ctx, outcome, |row| row.outcome == "failed")
    }

    /// Writes what came of each row as a CSV file.
    ///
    /// Columns: `file`, `line`, `email`, `name`, `outcome`, `invite_url`, `due_date` (UTC), `note`.
    ///
    /// # Errors
    /// - `file`: the file cannot be written; an older one is then untouched
    /// - `planning`: it is called while `invite_all` plans
    ///
    /// # Example
    /// ```rhai
    /// invite_all(["jane@example.com"]).write_csv("invited.csv");
    /// ```
    #[rhai_fn(name = "write_csv", pure, return_raw)]
    pub fn write_outcome(
        ctx: NativeCallContext,
        outcome: &mut Results,
        path: &str,
    ) -> RhaiResultOf<()> {
        Host::of(&ctx)?.refuse_while_planning(&ctx, "write_csv")?;
        let records = outcome.0.rows().iter().map(result_record);
        table::write_csv(path.as_ref(), &COLUMNS.map(str::to_owned), records)
            .map_err(|error| throw(&ctx, error))
    }

    /// Shows an outcome in one line.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(invite_all(["jane@example.com"]));
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(outcome: &mut Results) -> String {
        outcome.0.to_string()
    }
}

fn rows_where(
    ctx: &NativeCallContext,
    outcome: &Results,
    keep: impl Fn(&OutcomeRow) -> bool,
) -> RhaiResultOf<Array> {
    let host = Host::of(ctx)?;
    let rows = outcome.0.rows().iter().filter(|row| keep(row));
    Ok(rows
        .map(|row| Dynamic::from_map(result_map(&host, row)))
        .collect())
}
