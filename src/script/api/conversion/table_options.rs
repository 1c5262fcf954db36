//! The options of functions that read and write tables.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use rhai::{Dynamic, Map};

use crate::script::values::convert::type_name;
use crate::script::values::option_map::{KeyType, OptionValue, Rejection, option_map};
use crate::table::{
    Charset, ColumnOptions, CsvOptions, SheetChoice, WorkbookOptions, WriteOptions,
};
use crate::text::did_you_mean_or_list;

option_map! {
    /// How a CSV file is read.
    pub(in crate::script) struct ReadCsvOptions: Options {
        /// The character between fields: one ASCII character, or `"tab"`. Detected by default.
        delimiter: Option<Delimiter>,
        /// The encoding: its name in the Encoding Standard, such as `"windows-1252"` or `"macintosh"`, the number of its code page, such
        /// as `"850"`, or its name in a spreadsheet, such as `"ANSI"` (the one of Western Europe and America). UTF-8 by default; a byte
        /// order mark in the file takes precedence.
        encoding: Option<EncodingName>,
        /// The columns that the file must have. It may have others.
        columns: Vec<String>,
        /// Whether the first line names the columns. With `false`, it is a row, and the columns are called `column_1`,
        /// `column_2` … or as `columns` names them, which must then name all of them.
        header: bool = true,
        /// The line of the header, from 1, which is the default. What is above it, such as a title, is left out.
        start_row: Option<NonZeroU32>,
        /// A character; lines that start with it are left out.
        comment: Option<CommentChar>,
        /// Whether white space is removed from both ends of every value.
        trim: bool = false,
        /// Whether columns get names that can follow a dot: `E-mail Address` becomes `e_mail_address`. Letters lose their
        /// accents (`ß` becomes `ss`) and become lower-case; each run of other characters becomes one `_`, with none at
        /// either end; a leading digit gets `column_` in front.
        normalize_headers: bool = false,
        /// Other names for columns: with `#{ name: ["Full Name", "Candidate"] }`, `row.name` reads the column `Full
        /// Name` if no column is called `name`. Only letters and digits are compared, ignoring case. The key itself is
        /// always the first alias: `Name` is found too, and `Email` and `E-Mail` with `email: []`. If several columns
        /// match, reading `row.name` throws an error. Columns keep their own names in `row.keys()`, in files that are
        /// written, and in `gradient-bulk runs`.
        aliases: Aliases,
        /// Whether a file with a header and no rows is accepted.
        allow_empty: bool = false,
    }
}

impl From<ReadCsvOptions> for CsvOptions {
    fn from(options: ReadCsvOptions) -> Self {
        Self {
            allow_empty: options.allow_empty,
            start_row: options.start_row,
            delimiter: options.delimiter.map(|delimiter| delimiter.0),
            encoding: options.encoding.map(|encoding| encoding.0),
            comment: options.comment.map(|mark| mark.0),
            trim: options.trim,
            columns: ColumnOptions {
                header: options.header,
                columns: options.columns,
                normalize: options.normalize_headers,
                aliases: options.aliases.0,
                addresses: false,
            },
        }
    }
}

option_map! {
    /// How a sheet of a workbook is read.
    pub(in crate::script) struct ReadXlsxOptions: Options {
        /// The sheet: its name, or its number among the visible ones, from 1. The first one by default. A number may be text, if
        /// no sheet has it as its name.
        sheet: Option<SheetSelector>,
        /// The row to start at, from 1, which is the default. What is above it, such as a title, is left out.
        start_row: Option<NonZeroU32>,
        /// The columns that the sheet must have. It may have others.
        columns: Vec<String>,
        /// Whether the first row names the columns. With `false`, they are called `column_1`, `column_2` … or as
        /// `columns` names them, which must then name all of them.
        header: bool = true,
        /// Whether white space is removed from both ends of every value.
        trim: bool = false,
        /// Whether columns get names that can follow a dot, as in `read_csv`.
        normalize_headers: bool = false,
        /// Other names for columns, as in `read_csv`.
        aliases: Aliases,
        /// Whether `invite_all` skips the rows that the sheet hides, by a filter or by hand. By default it invites them, and
        /// the plan says how many there are.
        skip_hidden: bool = false,
        /// Whether a sheet with a header and no rows is accepted.
        allow_empty: bool = false,
    }
}

impl From<ReadXlsxOptions> for WorkbookOptions {
    fn from(options: ReadXlsxOptions) -> Self {
        Self {
            sheet: options
                .sheet
                .map_or(SheetChoice::First, |selector| selector.0),
            start_row: options.start_row.map_or(1, NonZeroU32::get),
            allow_empty: options.allow_empty,
            trim: options.trim,
            skip_hidden: options.skip_hidden,
            columns: ColumnOptions {
                header: options.header,
                columns: options.columns,
                normalize: options.normalize_headers,
                aliases: options.aliases.0,
                addresses: false,
            },
        }
    }
}

option_map! {
    /// How a table of people is read: a CSV file or a workbook.
    pub(in crate::script) struct ReadTableOptions: Options {
        /// The encoding of a CSV file, as in `read_csv`.
        encoding: Option<EncodingName>,
        /// The sheet of a workbook, as in `read_xlsx`.
        sheet: Option<SheetSelector>,
        /// The line of the header, from 1, as in `read_csv`; the row, for a workbook.
        start_row: Option<NonZeroU32>,
        /// Whether `invite_all` skips the rows that a workbook hides, as in `read_xlsx`.
        skip_hidden: bool = false,
        /// The columns that the file must have. It may have others.
        columns: Vec<String>,
        /// Whether white space is removed from both ends of every value.
        trim: bool = false,
        /// Other names for columns, as in `read_csv`.
        aliases: Aliases,
        /// Whether a file with a header and no rows is accepted.
        allow_empty: bool = false,
    }
}

impl ReadTableOptions {
    /// Returns how to read a CSV file.
    pub(in crate::script) fn csv_options(self) -> CsvOptions {
        CsvOptions {
            allow_empty: self.allow_empty,
            start_row: self.start_row,
            encoding: self.encoding.map(|encoding| encoding.0),
            trim: self.trim,
            columns: people_columns(self.columns, self.aliases),
            ..CsvOptions::default()
        }
    }

    /// Returns how to read a workbook.
    pub(in crate::script) fn workbook_options(self) -> WorkbookOptions {
        WorkbookOptions {
            sheet: self.sheet.map_or(SheetChoice::First, |selector| selector.0),
            start_row: self.start_row.map_or(1, NonZeroU32::get),
            allow_empty: self.allow_empty,
            trim: self.trim,
            skip_hidden: self.skip_hidden,
            columns: people_columns(self.columns, self.aliases),
        }
    }
}

fn people_columns(columns: Vec<String>, aliases: Aliases) -> ColumnOptions {
    ColumnOptions {
        columns,
        aliases: aliases.0,
        addresses: true,
        ..ColumnOptions::default()
    }
}

option_map! {
    /// How a CSV file is written.
    pub(in crate::script) struct WriteCsvOptions: Options {
        /// The columns to write, in this order.
        pub(in crate::script) columns: Option<Vec<String>>,
        /// The character between fields: one ASCII character, or `"tab"`. A comma by default.
        delimiter: Option<Delimiter>,
        /// Whether the file begins with a byte order mark. Excel needs it to recognize UTF-8.
        bom: bool = false,
        /// Whether the file is for Excel: it begins with a byte order mark, and the character between fields is that of the
        /// first CSV file that the run has read, which is the one that Excel expects there.
        pub(in crate::script) excel: bool = false,
        /// Whether values are written unchanged, even those that a spreadsheet would run as formulas.
        raw: bool = false,
        /// Whether to replace a file that this run has read, such as a list that each run extends. `outcome.write_csv`
        /// replaces a file that exists only with this option.
        pub(in crate::script) overwrite: bool = false,
    }
}

impl WriteCsvOptions {
    /// Returns how the file is written. `input_delimiter` is that of the first CSV file that the run has read.
    pub(in crate::script) fn write_options(&self, input_delimiter: Option<u8>) -> WriteOptions {
        let delimiter = self.delimiter.as_ref().map(|delimiter| delimiter.0);
        WriteOptions {
            delimiter: delimiter
                .or(input_delimiter.filter(|_| self.excel))
                .unwrap_or(b','),
            bom: self.bom || self.excel,
            raw: self.raw,
        }
    }
}

option_map! {
    /// Whether a file is replaced.
    pub(in crate::script) struct OverwriteOptions: Options {
        /// Whether to replace a file that this run has read; for `ensure_writable`, also any other file that exists.
        pub(in crate::script) overwrite: bool = false,
    }
}

/// Other names for columns, by the name that scripts use.
struct Aliases(BTreeMap<String, Vec<String>>);

impl OptionValue for Aliases {
    const TYPE: KeyType = KeyType::StringMap;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let map = value.read_lock::<Map>().ok_or(Rejection::WrongType)?;
        let aliases = map.iter().map(|(name, aliases)| {
            let names = if aliases.is_array() {
                Vec::read(aliases)?
            } else {
                let alias = String::read(aliases);
                vec![alias.map_err(|_| Rejection::WrongItem(type_name(aliases)))?]
            };
            Ok((name.to_string(), names))
        });
        aliases.collect::<Result<_, _>>().map(Self)
    }

    fn missing() -> Option<Self> {
        Some(Self(BTreeMap::new()))
    }
}

struct Delimiter(u8);

impl OptionValue for Delimiter {
    const TYPE: KeyType = KeyType::String;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let text = String::read(value)?;
        let text = if text == "tab" { "\t" } else { &text };
        ascii_byte(text).map(Self).ok_or(Rejection::BadValue {
            expected: "one ASCII character or `tab`",
            hint: None,
        })
    }
}

struct CommentChar(u8);

impl OptionValue for CommentChar {
    const TYPE: KeyType = KeyType::String;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let text = String::read(value)?;
        ascii_byte(&text).map(Self).ok_or(Rejection::BadValue {
            expected: "one ASCII character",
            hint: None,
        })
    }
}

/// Returns the only character of `text`, unless it quotes values or ends lines.
fn ascii_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !b"\"\r\n\0".contains(byte) => Some(*byte),
        _ => None,
    }
}

struct EncodingName(Charset);

impl OptionValue for EncodingName {
    const TYPE: KeyType = KeyType::String;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let name = String::read(value)?;
        Charset::for_label(&name)
            .map(Self)
            .ok_or_else(|| Rejection::BadValue {
                expected: "the name of an encoding",
                hint: Some(Charset::ambiguity(&name).map_or_else(
                    || did_you_mean_or_list(&name, Charset::common_labels()),
                    ToOwned::to_owned,
                )),
            })
    }
}

struct SheetSelector(SheetChoice);

impl OptionValue for SheetSelector {
    const TYPE: KeyType = KeyType::IntOrString;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        if let Ok(number) = value.as_int() {
            return match usize::try_from(number) {
                Ok(number @ 1..) => Ok(Self(SheetChoice::Number(number))),
                _ => Err(Rejection::BadValue {
                    expected: "the name of a sheet, or its number from 1",
                    hint: None,
                }),
            };
        }
        String::read(value).map(|name| Self(SheetChoice::Named(name)))
    }
}
