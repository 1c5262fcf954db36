//! Other places for the rows of a file whose columns are wrong: below a title, in another sheet, or between other delimiters.

use super::delimiter::CANDIDATES;
use crate::text::join_names;

/// What a file has in addition to the table that was read.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// A line below the header that looks more like one.
    pub(super) likely_header: Option<u64>,
    /// The sheets of the workbook that were not read.
    pub(super) other_sheets: Vec<String>,
    /// Those of them with a column of addresses, if the caller did not choose the sheet.
    pub(super) other_lists: Vec<String>,
    /// What seems to be between the columns, which were read as one.
    pub(super) delimiter: Option<char>,
}

impl Advice {
    /// Returns what the author of the script can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let delimiter = self.delimiter.filter(char::is_ascii).map(|delimiter| {
            let option = format!("{:?}", delimiter.to_string());
            format!("the columns seem to be separated by `{delimiter}`: pass `#{{ delimiter: {option} }}`")
        });
        delimiter
            .or_else(|| self.delimiter_user_hint())
            .or_else(|| {
                self.describe(|option, value| {
                    format!(
                        "pass `#{{ {option}: {value} }}`, or `{}` after the script, if it has that option",
                        flag(option, value)
                    )
                })
            })
    }

    /// Returns what a user can do who cannot change the script.
    #[must_use]
    pub fn user_hint(&self) -> Option<String> {
        self.delimiter_user_hint().or_else(|| {
            self.describe(|option, value| {
                format!(
                    "pass `{}` after the script, if it has that option",
                    flag(option, value)
                )
            })
        })
    }

    /// Returns the sheets of the workbook that were not read and have a column of addresses, unless the caller chose the sheet.
    #[must_use]
    pub fn other_lists(&self) -> &[String] {
        &self.other_lists
    }

    /// Returns whether the columns were read as one.
    #[must_use]
    pub fn names_delimiter(&self) -> bool {
        self.delimiter.is_some()
    }

    fn delimiter_user_hint(&self) -> Option<String> {
        let delimiter = self.delimiter?;
        let fix = if CANDIDATES.map(char::from).contains(&delimiter) {
            "delete or correct a first line such as `sep=;`, which sets another one"
        } else {
            "save the file with commas, semicolons or tabs between them"
        };
        Some(format!(
            "the columns seem to be separated by `{delimiter}`: {fix}"
        ))
    }

    fn describe(&self, pass: impl Fn(&str, &str) -> String) -> Option<String> {
        let header = self.likely_header.map(|line| {
            let pass = pass("start_row", &line.to_string());
            format!("the names of the columns seem to be in line {line}: {pass}")
        });
        let sheets = self.other_sheets.first().map(|sheet| {
            let pass = pass("sheet", &format!("{sheet:?}"));
            let sheets = join_names(&self.other_sheets, "and");
            let (noun, verb) = if self.other_sheets.len() == 1 {
                ("sheet", "is")
            } else {
                ("sheets", "are")
            };
            format!("the other {noun} of the workbook {verb} {sheets}: {pass}")
        });
        match (header, sheets) {
            (Some(header), Some(sheets)) => Some(format!("{header}; {sheets}")),
            (header, sheets) => header.or(sheets),
        }
    }
}

/// Returns the option of a shipped script.
fn flag(option: &str, value: &str) -> String {
    format!("--{} {value}", option.replace('_', "-"))
}
