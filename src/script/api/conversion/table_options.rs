//! The options of functions that read and write tables, from a script's map to what the tables take.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::table::{
    Charset, ColumnOptions, CsvOptions, SheetChoice, WorkbookOptions, WriteOptions,
};
use crate::text::did_you_mean_or_list;

/// How a CSV file is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag in a map of options is a bool"
)]
pub(in crate::script) struct ReadCsvOptions {
    delimiter: Option<Delimiter>,
    encoding: Option<EncodingName>,
    columns: Vec<String>,
    header: bool,
    comment: Option<CommentChar>,
    trim: bool,
    normalize_headers: bool,
    aliases: Aliases,
    allow_empty: bool,
}

impl Default for ReadCsvOptions {
    fn default() -> Self {
        Self {
            delimiter: None,
            encoding: None,
            columns: Vec::new(),
            header: true,
            comment: None,
            trim: false,
            normalize_headers: false,
            aliases: Aliases::new(),
            allow_empty: false,
        }
    }
}

impl From<ReadCsvOptions> for CsvOptions {
    fn from(options: ReadCsvOptions) -> Self {
        Self {
            allow_empty: options.allow_empty,
            delimiter: options.delimiter.map(|delimiter| delimiter.0),
            encoding: options.encoding.map(|encoding| encoding.0),
            comment: options.comment.map(|mark| mark.0),
            trim: options.trim,
            columns: ColumnOptions {
                header: options.header,
                columns: options.columns,
                normalize: options.normalize_headers,
                aliases: alias_lists(options.aliases),
            },
        }
    }
}

/// How a sheet of a workbook is read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a flag in a map of options is a bool"
)]
pub(in crate::script) struct ReadXlsxOptions {
    sheet: Option<SheetSelector>,
    start_row: u32,
    columns: Vec<String>,
    header: bool,
    trim: bool,
    normalize_headers: bool,
    aliases: Aliases,
    allow_empty: bool,
}

impl Default for ReadXlsxOptions {
    fn default() -> Self {
        Self {
            sheet: None,
            start_row: 1,
            columns: Vec::new(),
            header: true,
            trim: false,
            normalize_headers: false,
            aliases: Aliases::new(),
            allow_empty: false,
        }
    }
}

impl From<ReadXlsxOptions> for WorkbookOptions {
    fn from(options: ReadXlsxOptions) -> Self {
        Self {
            sheet: match options.sheet {
                None => SheetChoice::First,
                Some(SheetSelector::Number(number)) => SheetChoice::Number(number),
                Some(SheetSelector::Name(name)) => SheetChoice::Named(name),
            },
            start_row: options.start_row,
            allow_empty: options.allow_empty,
            trim: options.trim,
            columns: ColumnOptions {
                header: options.header,
                columns: options.columns,
                normalize: options.normalize_headers,
                aliases: alias_lists(options.aliases),
            },
        }
    }
}

/// What a column may be called, by the name the script reads it by.
type Aliases = BTreeMap<String, OneOrMany>;

/// One name, or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an alias is a name, or an array of names")]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

fn alias_lists(aliases: Aliases) -> BTreeMap<String, Vec<String>> {
    let names = |names| match names {
        OneOrMany::One(name) => vec![name],
        OneOrMany::Many(names) => names,
    };
    let aliases = aliases.into_iter();
    aliases
        .map(|(name, others)| (name, names(others)))
        .collect()
}

/// How a CSV file is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::script) struct WriteCsvOptions {
    /// The columns, in order; those of the rows where none are named.
    pub(in crate::script) columns: Option<Vec<String>>,
    /// A file whose rows this run has read may be replaced.
    pub(in crate::script) overwrite: bool,
    delimiter: Delimiter,
    bom: bool,
    raw: bool,
}

impl Default for WriteCsvOptions {
    fn default() -> Self {
        Self {
            columns: None,
            overwrite: false,
            delimiter: Delimiter(b','),
            bom: false,
            raw: false,
        }
    }
}

impl WriteCsvOptions {
    /// Names the columns, and nothing else.
    pub(in crate::script) fn of_columns(columns: Vec<String>) -> Self {
        Self {
            columns: Some(columns),
            ..Self::default()
        }
    }
}

impl From<&WriteCsvOptions> for WriteOptions {
    fn from(options: &WriteCsvOptions) -> Self {
        Self {
            delimiter: options.delimiter.0,
            bom: options.bom,
            raw: options.raw,
        }
    }
}

/// One ASCII character, or `tab`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Delimiter(u8);

impl TryFrom<String> for Delimiter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = if text == "tab" { "\t" } else { &text };
        ascii_byte(text).map(Self).ok_or_else(|| {
            format!("a delimiter is one ASCII character or `tab`, and this is `{text}`")
        })
    }
}

/// One ASCII character.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct CommentChar(u8);

impl TryFrom<String> for CommentChar {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        ascii_byte(&text).map(Self).ok_or_else(|| {
            format!("what a comment starts with is one ASCII character, and this is `{text}`")
        })
    }
}

/// Returns the character of `text`, if it is one that neither quotes nor ends a line.
fn ascii_byte(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !b"\"\r\n\0".contains(byte) => Some(*byte),
        _ => None,
    }
}

/// The name of an encoding.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct EncodingName(Charset);

impl TryFrom<String> for EncodingName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        Charset::for_label(&name).map(Self).ok_or_else(|| {
            let likely = did_you_mean_or_list(&name, Charset::common_labels());
            format!("there is no encoding `{name}`; {likely}")
        })
    }
}

/// A sheet of a workbook.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a sheet is its name, or its number from 1")]
enum SheetSelector {
    Number(usize),
    Name(String),
}
