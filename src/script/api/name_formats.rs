//! How the names of a list are written.

use std::rc::Rc;

use rhai::plugin::*;
use rhai::{ImmutableString, Map};

use crate::error_code::ErrorCode;
use crate::people::{self, NameCells, NameFormatFinder, OrderChoice};
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::rows::column_getters::{optional_column, unknown_column};
use crate::script::rows::columns::not_a_row;
use crate::script::rows::row_list::{RowIter, is_read_once};
use crate::script::values::option_map::{KeyType, OptionValue, Rejection, option_map, read_map};
use crate::table::{Row, match_key};
use crate::text::did_you_mean_or_list;

/// Columns that may hold only the last or only the first name, by their letters and digits.
const PARTIAL_COLUMNS: [&str; 7] = ["name", "nom", "nombre", "nome", "naam", "navn", "namn"];

/// The columns for particles before the last name, and for a second last name.
const BEFORE_LAST: &str = "last_name_prefix";
const AFTER_LAST: &str = "second_last_name";

const CHOICES: [(&str, OrderChoice); 3] = [
    ("auto", OrderChoice::Auto),
    ("last-first", OrderChoice::LastFirst),
    ("as-is", OrderChoice::AsIs),
];

/// How the names of a list are written, and the columns that have them.
#[derive(Clone)]
pub(super) struct NameFormat {
    format: people::NameFormat,
    columns: Rc<[String]>,
}

option_map! {
    /// How the names of a list are read.
    pub(in crate::script) struct NameFormatOptions: Options {
        /// The columns that may hold the whole name. The first one is `name` by default; the others are read only without
        /// the columns `first_name` and `last_name`.
        columns: Option<Vec<String>>,
        /// How names are read: `"auto"` as most of them are written, `"last-first"` with a comma after the last name, `"as-is"`
        /// without a change. `"auto"` is the default.
        names: Option<OrderChoice>,
    }
}

impl OptionValue for OrderChoice {
    const TYPE: KeyType = KeyType::String;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let text = String::read(value)?;
        let found = CHOICES.iter().find(|(name, _)| *name == text);
        found
            .map(|(_, choice)| *choice)
            .ok_or_else(|| Rejection::BadValue {
                expected: "`auto`, `last-first` or `as-is`",
                hint: Some(did_you_mean_or_list(&text, &CHOICES.map(|(name, _)| name))),
            })
    }
}

/// The names in a row, with the columns that they were read from if the row is one of a file.
struct RowNames<'a> {
    cells: NameCells<'a>,
    /// The columns for the name, and for its first or last name alone.
    columns: Option<(&'a str, &'a str)>,
}

impl<'a> RowNames<'a> {
    fn of_row(ctx: &NativeCallContext, row: &'a Row, columns: &[String]) -> RhaiResultOf<Self> {
        let first = optional_column(ctx, row, "first_name")?;
        let last = optional_column(ctx, row, "last_name")?;
        let before_last = optional_column(ctx, row, BEFORE_LAST)?;
        let after_last = optional_column(ctx, row, AFTER_LAST)?;
        let count = if first.is_some() && last.is_some() {
            1
        } else {
            columns.len()
        };
        let mut name = None;
        let mut name_column = None;
        for column in columns.iter().take(count) {
            name = optional_column(ctx, row, column)?;
            if name.is_some() {
                name_column = row.header().column(column);
                break;
            }
        }
        let other = match (first, last) {
            (Some(_), None) => row.header().column("first_name"),
            (None, Some(_)) => row.header().column("last_name"),
            _ => None,
        };
        Ok(Self {
            cells: NameCells {
                name,
                first,
                last,
                around_last: [before_last, after_last],
            },
            columns: name_column.zip(other),
        })
    }

    /// Returns the columns if the first one may hold only the rest of the name.
    fn partial_columns(&self) -> Option<(String, String)> {
        self.columns
            .filter(|(name, _)| PARTIAL_COLUMNS.contains(&&*match_key(name)))
            .map(|(name, other)| (name.to_owned(), other.to_owned()))
    }
}

/// Returns whether the file of `row` has only a column for addresses.
fn has_only_addresses(row: &Row) -> bool {
    let header = row.header();
    header.columns().len() == 1 && header.column("email").is_some()
}

/// Calls `read` with the names in `row`: a row of a file, a map or a text.
///
/// # Errors
/// The row has no columns for names, or is not a row.
fn with_names<T>(
    ctx: &NativeCallContext,
    row: &Dynamic,
    columns: &[String],
    read: impl FnOnce(RowNames) -> T,
) -> RhaiResultOf<T> {
    if let Some(row) = row.read_lock::<Row>() {
        let names = RowNames::of_row(ctx, &row, columns)?;
        let cells = names.cells;
        let has_none = cells.name.is_none() && (cells.first.is_none() || cells.last.is_none());
        if has_none && !has_only_addresses(&row) {
            let column = columns.first().map_or("name", String::as_str);
            return Err(throw(ctx, unknown_column(&row, column)));
        }
        return Ok(read(names));
    }
    if let Some(name) = row.read_lock::<ImmutableString>() {
        let cells = NameCells {
            name: Some(&name),
            ..NameCells::default()
        };
        return Ok(read(RowNames {
            cells,
            columns: None,
        }));
    }
    let Some(map) = row.read_lock::<Map>() else {
        return Err(throw(ctx, not_a_row(row)));
    };
    let text = |key: &str| {
        map.get(key)?
            .read_lock::<ImmutableString>()
            .map(|text| text.clone())
    };
    let (first, last) = (text("first_name"), text("last_name"));
    let around_last = [text(BEFORE_LAST), text(AFTER_LAST)];
    let count = if first.is_some() && last.is_some() {
        1
    } else {
        columns.len()
    };
    let name = columns.iter().take(count).find_map(|column| text(column));
    if name.is_none() && (first.is_none() || last.is_none()) {
        let message =
            "the row has no name: it needs the key `name`, or `first_name` and `last_name`";
        return Err(throw(ctx, Throw::new(ErrorCode::MissingKey, message)));
    }
    let other = if first.is_some() {
        "first_name"
    } else {
        "last_name"
    };
    Ok(read(RowNames {
        cells: NameCells {
            name: name.as_deref(),
            first: first.as_deref(),
            last: last.as_deref(),
            around_last: around_last.each_ref().map(Option::as_deref),
        },
        columns: (first.is_some() != last.is_some()).then_some(("name", other)),
    }))
}

/// Returns whether the cell of a name shows an error such as `#N/A`.
fn shows_error(row: &Dynamic, columns: &[String]) -> bool {
    let columns = columns.iter().map(String::as_str);
    let mut columns = columns.chain(["first_name", "last_name"]);
    row.read_lock::<Row>()
        .is_some_and(|row| columns.any(|column| row.cell_error(column).is_some()))
}

fn find_format(ctx: &NativeCallContext, rows: Dynamic, options: &Map) -> RhaiResultOf<NameFormat> {
    let options: NameFormatOptions = read_map(ctx, options)?;
    let columns: Rc<[String]> = options
        .columns
        .unwrap_or_else(|| vec!["name".to_owned()])
        .into();
    let choice = options.names.unwrap_or_default();
    let mut finder = None;
    if choice != OrderChoice::AsIs {
        if is_read_once(&rows) {
            let message = "the rows can be read only once, so how most names are written cannot be found first";
            return Err(throw(
                ctx,
                Throw::new(ErrorCode::WrongType, message)
                    .hint("make them an array with `.to_array()`, or pass `#{ names: \"as-is\" }`"),
            ));
        }
        for row in RowIter::of(ctx, rows)? {
            let row = row?;
            // Such a row becomes invalid when its name is read for the request.
            if shows_error(&row, &columns) {
                continue;
            }
            with_names(ctx, &row, &columns, |names| {
                finder
                    .get_or_insert_with(|| NameFormatFinder::new(choice, names.partial_columns()))
                    .add(names.cells);
            })?;
        }
    }
    let format = finder
        .unwrap_or_else(|| NameFormatFinder::new(choice, None))
        .finish();
    Ok(NameFormat {
        format: Host::of(ctx)?.record_interpretations(format),
        columns,
    })
}

#[export_module]
pub mod functions {
    pub type NameFormat = crate::script::api::name_formats::NameFormat;

    /// Finds out how the names of a list are written.
    ///
    /// If most names that show their order are written `Smith, Jane` or `SMITH Jane`, `full_name` puts the first name
    /// first. If a column `Name` is next to a column `first_name` and none for the last name, and most names in it do not
    /// contain the first name, it is the last name, and the other way round. All rows are read, a file twice. The plan shows
    /// what was found, and each name that is written in another way than most.
    ///
    /// # Errors
    /// - `unknown_column`: the rows have no columns for names
    /// - `missing_key`: a map has no keys for names
    /// - `wrong_type`: the value is not a list of rows, or its rows can be read only once, as those of standard input
    ///
    /// # Example
    /// ```rhai
    /// let people = [#{ name: "Smith, Jane" }, #{ name: "de la Cruz, María, PhD" }];
    /// let format = name_format(people);
    /// print(people.map(|person| format.full_name(person)));
    /// ```
    #[rhai_fn(return_raw)]
    pub fn name_format(ctx: NativeCallContext, rows: Dynamic) -> RhaiResultOf<NameFormat> {
        find_format(&ctx, rows, &Map::new())
    }

    /// Finds out how the names of a list are written, with options.
    ///
    /// # Errors
    /// - `unknown_option`: there is no such option
    /// - those of `name_format(rows)`
    ///
    /// # Example
    /// ```rhai
    /// let format = name_format(["Smith, Jane"], #{ names: "as-is" });
    /// print(format.full_name("Smith, Jane"));
    /// ```
    #[rhai_fn(name = "name_format", return_raw)]
    pub fn name_format_with(
        ctx: NativeCallContext,
        rows: Dynamic,
        options_: Map,
    ) -> RhaiResultOf<NameFormat> {
        find_format(&ctx, rows, &options_)
    }

    /// Returns the name in a row, read as the other names of its list.
    ///
    /// The row is one of a file, a map, or the name itself. Its name is in the column `name`, or in `first_name` and
    /// `last_name`, which may have more in `last_name_prefix` (`van der`) and `second_last_name`. The result is empty if they
    /// are, or if the file has the column `email` alone.
    ///
    /// # Errors
    /// - `unknown_column`: the row has no columns for names
    /// - `missing_key`: the map has no keys for names
    /// - `wrong_type`: the value is not a row
    ///
    /// # Example
    /// ```rhai
    /// let format = name_format(["Smith, Jane", "Doe, Jim"]);
    /// print(format.full_name("Smith, Jane"));
    /// ```
    #[rhai_fn(pure, return_raw)]
    pub fn full_name(
        ctx: NativeCallContext,
        format: &mut NameFormat,
        row: Dynamic,
    ) -> RhaiResultOf<String> {
        let read = |names: RowNames| format.format.read(names.cells);
        let name = with_names(&ctx, &row, &format.columns, read)?;
        Ok(Host::of(&ctx)?.record_interpretations(name))
    }

    /// Returns how names are written, as text.
    ///
    /// The text is `Last, First`, `LAST First`, `First Last` or `as is`.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// print(name_format(["Smith, Jane", "Doe, Jim"]));
    /// ```
    #[rhai_fn(name = "to_string", name = "to_debug", pure)]
    pub fn show(format: &mut NameFormat) -> String {
        format.format.describe().to_owned()
    }
}
