//! Conditions for rows, as users write them on the command line.

use icu_normalizer::ComposingNormalizer;
use rhai::plugin::*;
use rhai::{Array, Map};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::column_getters::{cell_error, unknown_column};
use crate::script::rows::columns::{not_a_row, row_value};
use crate::script::values::convert::to_cell;
use crate::table::{Row, match_key};
use crate::text::did_you_mean_or_list;

/// A parsed condition.
struct Condition<'a> {
    column: &'a str,
    value: &'a str,
    /// The row must not have the value.
    excludes: bool,
}

impl<'a> Condition<'a> {
    fn parse(text: &'a str) -> Result<Self, Throw> {
        let (column, value) = text.split_once('=').unwrap_or(("", ""));
        let (column, excludes) = match column.strip_suffix('!') {
            Some(column) => (column.trim(), true),
            None => (column.trim(), false),
        };
        if column.is_empty() || value.starts_with('=') {
            let message = format!("`{text}` is not a condition");
            let hint = "write `COLUMN=VALUE` or `COLUMN!=VALUE`, such as `Stage!=Withdrawn`";
            return Err(Throw::new(ErrorCode::BadCondition, message).hint(hint));
        }
        Ok(Self {
            column,
            value: value.trim(),
            excludes,
        })
    }
}

/// Returns the name of the column of `row` that `name` means: the column or alias of that name, or else the only one that
/// is spelled alike.
fn find_column(row: &Dynamic, name: &str) -> Result<String, Throw> {
    if row_value(row, name).is_some() {
        return Ok(name.to_owned());
    }
    let columns: Vec<String> = if let Some(row) = row.read_lock::<Row>() {
        if let Some(ambiguity) = row.header().ambiguity(name) {
            return Err(ambiguity.into());
        }
        row.header().columns().to_vec()
    } else if let Some(map) = row.read_lock::<Map>() {
        map.keys().map(ToString::to_string).collect()
    } else {
        return Err(not_a_row(row));
    };
    let key = match_key(name);
    let mut alike = columns.iter().filter(|column| match_key(column) == key);
    if let (Some(column), None) = (alike.next(), alike.next()) {
        return Ok(column.clone());
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let hint = did_you_mean_or_list(name, &columns);
    let thrown = match row.read_lock::<Row>() {
        Some(row) => unknown_column(&row, name),
        None => Throw::new(
            ErrorCode::UnknownColumn,
            format!("the row has no column `{name}`"),
        ),
    };
    Err(thrown.hint(hint.clone()).user_hint(Some(hint)))
}

/// Returns the form in which values are compared: white space at the ends and case do not matter.
fn comparable(value: &str) -> String {
    let composed = ComposingNormalizer::new_nfkc()
        .normalize(value.trim())
        .to_lowercase();
    composed.trim().to_owned()
}

fn unmet(ctx: &NativeCallContext, row: &Dynamic, conditions: &Array) -> RhaiResultOf<Dynamic> {
    let host = Host::of(ctx)?;
    let mut first_unmet = Dynamic::UNIT;
    // All of them are checked for every row, so that a misspelled column is found in the first one.
    for text in conditions {
        let text = text.to_string();
        let condition = Condition::parse(&text).or_throw(ctx)?;
        let column = find_column(row, condition.column).or_throw(ctx)?;
        let cell = row.read_lock::<Row>();
        if let Some(error) = cell.and_then(|row| cell_error(&row, &column)) {
            return Err(throw(ctx, error));
        }
        let value = row_value(row, &column).unwrap_or_default();
        let has_value = comparable(&to_cell(&value)) == comparable(condition.value);
        host.conditions.record(
            &text,
            (&column, condition.value),
            condition.excludes,
            has_value,
        );
        if has_value == condition.excludes && first_unmet.is_unit() {
            first_unmet = format!("left out by `{text}`").into();
        }
    }
    Ok(first_unmet)
}

#[export_module]
pub mod functions {
    /// Returns why a row does not meet conditions, as a reason for `skip`, or `()`.
    ///
    /// A condition is a text, `COLUMN=VALUE` or `COLUMN!=VALUE`, and a row must meet all of them. The value of the row
    /// must be the same as VALUE, or must not; white space at the ends and case do not matter. VALUE can be empty.
    /// COLUMN is the name of a column or an alias, or a name with the same letters and digits. If no row has the VALUE
    /// of a condition, which may be misspelled, the plan says so.
    ///
    /// # Errors
    /// - `bad_condition`: a condition has another form
    /// - `unknown_column`: there is no such column
    /// - `bad_table`: several columns match, because of the `aliases` that the file was read with
    /// - `wrong_type`: the first value is not a row
    ///
    /// # Example
    /// ```rhai
    /// let people = [#{ email: "jane@example.com", Stage: "Withdrawn" }, #{ email: "john@example.com", Stage: "New" }];
    /// let outcome = invite_all(people, |person| {
    ///     let reason = unmet_condition(person, ["Stage!=Withdrawn"]);
    ///     if reason != () { return skip(reason); }
    ///     person.email
    /// });
    /// print(outcome.skipped);
    /// ```
    #[rhai_fn(return_raw)]
    pub fn unmet_condition(
        ctx: NativeCallContext,
        row: Dynamic,
        conditions: Array,
    ) -> RhaiResultOf<Dynamic> {
        unmet(&ctx, &row, &conditions)
    }
}
