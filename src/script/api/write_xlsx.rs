//! Writing workbooks.

use rhai::plugin::*;
use rhai::{ImmutableString, Map};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::columns::row_values;
use crate::script::rows::row_list::RowIter;
use crate::script::values::convert::to_cell;
use crate::script::values::option_map::{option_map, read_map};
use crate::table::{Cell, WorkbookError, WorkbookWriter, check_sheet_names};
use crate::time::DateTime;

/// The name of the only sheet.
const ONLY_SHEET: &str = "Sheet1";

option_map! {
    pub(super) struct WriteXlsxOptions: Options {
        /// The columns of every sheet, in order. By default as for `write_csv`.
        columns: Option<Vec<String>>,
        /// Whether a file that this run has read is replaced.
        overwrite: bool = false,
    }
}

impl From<WorkbookError> for Throw {
    fn from(error: WorkbookError) -> Self {
        let message = error.to_string();
        match error {
            WorkbookError::File(error) => error.into(),
            WorkbookError::SheetName { .. } => Self::new(ErrorCode::BadSheetName, message),
            WorkbookError::TooManyRows { .. } => Self::new(ErrorCode::TooLarge, message)
                .hint("write several sheets: `#{ part_1: rows, part_2: more }`, or a CSV file"),
            WorkbookError::TooManyColumns { .. } => Self::new(ErrorCode::TooLarge, message)
                .hint("choose columns: `#{ columns: [\"name\", \"email\"] }`"),
            WorkbookError::LongText { .. } => {
                Self::new(ErrorCode::TooLarge, message).hint("shorten it, or write a CSV file")
            }
        }
    }
}

/// Returns the sheets by name: those of a map, or one with all rows.
fn sheets(ctx: &NativeCallContext, rows: Dynamic) -> RhaiResultOf<Vec<(ImmutableString, Dynamic)>> {
    let Some(map) = rows.read_lock::<Map>().map(|map| map.clone()) else {
        return Ok(vec![(ONLY_SHEET.into(), rows)]);
    };
    if map.is_empty() {
        let message = "a workbook needs at least one sheet";
        return Err(throw(ctx, Throw::new(ErrorCode::WrongType, message)));
    }
    let sheets = map.into_iter();
    Ok(sheets
        .map(|(name, rows)| (name.as_str().into(), rows))
        .collect())
}

/// Numbers, times and flags keep their type; everything else is written as in a CSV file.
fn cell(value: &Dynamic) -> Cell {
    if value.is_unit() {
        return Cell::Blank;
    }
    if let Ok(number) = value.as_int() {
        return Cell::Int(number);
    }
    if let Ok(number) = value.as_float() {
        return Cell::Float(number);
    }
    if let Ok(flag) = value.as_bool() {
        return Cell::Bool(flag);
    }
    match value.read_lock::<DateTime>() {
        Some(time) => Cell::Time(time.zoned().datetime(), time.zone_name()),
        None => Cell::Text(to_cell(value)),
    }
}

fn write(ctx: &NativeCallContext, path: &str, rows: Dynamic, options: &Map) -> RhaiResultOf<()> {
    let options: WriteXlsxOptions = read_map(ctx, options)?;
    let host = Host::of(ctx)?;
    let sheets = sheets(ctx, rows)?;
    let names = sheets.iter().map(|(name, _)| name.as_str());
    check_sheet_names(names).or_throw(ctx)?;
    let Some(file) = host.file_to_write(ctx, "write_xlsx", path, options.overwrite)? else {
        return Ok(());
    };
    let mut writer = WorkbookWriter::create(&file).or_throw(ctx)?;
    for (name, rows) in sheets {
        let rows = RowIter::of(ctx, rows)?;
        let columns = match &options.columns {
            Some(columns) => columns.clone(),
            None => rows.columns()?,
        };
        writer.add_sheet(&name, &columns).or_throw(ctx)?;
        for row in rows {
            let values = row_values(&row?, &columns).or_throw(ctx)?;
            let cells: Vec<Cell> = values.iter().map(cell).collect();
            writer.add_row(&cells).or_throw(ctx)?;
        }
    }
    writer.finish().or_throw(ctx)
}

#[export_module]
pub mod functions {
    /// Writes rows as an Excel workbook, replacing an existing file in one step.
    ///
    /// Pass a list of rows, as for `write_csv`, or a map from names of sheets to lists of rows: `#{ "To score": rows }`.
    /// Sheets are in the order of their names. The header is bold, stays visible, and columns fit their values.
    ///
    /// Numbers, `true` and `false`, and DateTimes keep their type. Excel has no time zones, so a DateTime is shown in its
    /// zone, with the zone after it. Everything else is text, also what looks like a number or a formula, such as the
    /// values of a CSV file: `007` and `=1+1` are written unchanged, and never run. Ints of more than 15 digits are
    /// text, because Excel would round them. Memory does not grow with the number of rows.
    ///
    /// # Errors
    /// - `bad_sheet_name`: Excel refuses the name of a sheet, or there are two sheets with the name
    /// - `too_large`: a sheet would have more than 1,048,575 rows or 16,384 columns, or a cell more than 32,767 characters
    /// - `file`: the file cannot be written, and an existing file is unchanged; or this run has read the file
    /// - `wrong_type`: the value is not a list or a map of lists, or an item is not a row
    /// - `planning`: called while `invite_all` plans
    /// - those of reading the rows
    ///
    /// # Example
    /// ```rhai
    /// let sessions = list_sessions();
    /// let late = sessions.filter(|s| s.due_date != () && s.due_date < now());
    /// write_xlsx("reports/sessions.xlsx", #{ "All": sessions, "Late": late });
    /// ```
    #[rhai_fn(return_raw)]
    pub fn write_xlsx(ctx: NativeCallContext, path: &str, rows: Dynamic) -> RhaiResultOf<()> {
        write(&ctx, path, rows, &Map::new())
    }

    /// Writes rows as an Excel workbook, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `write_xlsx(path, rows)`
    ///
    /// # Example
    /// ```rhai
    /// let rows = [#{ name: "Jane", score: 82.5, id: "007" }];
    /// write_xlsx("scores.xlsx", rows, #{ columns: ["id", "name", "score"] });
    /// ```
    #[rhai_fn(name = "write_xlsx", return_raw)]
    pub fn write_xlsx_with(
        ctx: NativeCallContext,
        path: &str,
        rows: Dynamic,
        options_: Map,
    ) -> RhaiResultOf<()> {
        write(&ctx, path, rows, &options_)
    }
}
