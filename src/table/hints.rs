//! Hints for errors: for the author of a script, who can change how a file is read, and for its user, who cannot.

use super::Error;
use super::quote_problem::SWALLOWS;
use super::readings::Reading;
use crate::process_limits;
use crate::text::{join_names, join_words, plural};

impl Error {
    /// Returns what the author of the script can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::StdinAlreadyRead { .. } => {
                "it can only be read once: keep what `read_csv(\"-\")` returns in a variable"
            }
            Self::NoRows { .. } => {
                "the first line must name the columns, such as `name,email`: add it if your file starts with a row; if an empty \
                 list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            Self::Empty { header: false, .. } => {
                "if an empty list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            Self::DuplicateColumn { first, second, .. } if first.0 != second.0 => {
                "rename one of them in the file, or read it without `normalize_headers`"
            }
            Self::Undecodable { line, readings, .. } => {
                return Some(encoding_hint(*line, readings, |encoding| {
                    format!(
                        "`#{{ encoding: \"{encoding}\" }}`, or `--encoding {encoding}` to a script that takes it"
                    )
                }));
            }
            Self::OtherFormat { format, .. } => format.hint(),
            Self::OverwritesInput { .. } => {
                "write to another file; to extend a list in place, pass `#{ overwrite: true }`"
            }
            Self::OverwritesFile { .. } => {
                "write to another file, or pass `#{ overwrite: true }` to replace this one"
            }
            Self::Advised { advice, .. } => return advice.hint(),
            _ => return self.user_hint(),
        };
        Some(hint.to_owned())
    }

    /// Returns what a user can do who cannot change the script.
    #[must_use]
    pub fn user_hint(&self) -> Option<String> {
        let user_hint = match self {
            Self::Empty { header: true, .. } | Self::NoNames { .. } => {
                "the first line must name the columns, such as `name,email`"
            }
            Self::NoRows { .. } => {
                "the first line must name the columns, such as `name,email`: add it if your file starts with a row"
            }
            Self::Ragged {
                quoted_lines: Some((opened, closed)),
                ..
            } => {
                return Some(format!(
                    "{SWALLOWS}: is the quote that opens in line {opened} meant to close in line {closed}?"
                ));
            }
            Self::RecordTooLong { .. } => SWALLOWS,
            Self::Quote { line, problem, .. } => return Some(problem.hint(*line)),
            Self::Ragged {
                other_quote: Some(quote),
                ..
            } => {
                return Some(format!(
                    "only `\"` puts a field in quotes: replace the `{quote}` at both ends"
                ));
            }
            Self::Ragged {
                found,
                expected,
                delimiter,
                ..
            } => return Some(count_hint(*found > *expected, *delimiter)),
            Self::LineTooLong { .. } => {
                "a file with one entry on each line is needed: is this another kind of file?"
            }
            Self::RowTooLong { .. } => {
                "shorten or delete the long text, which may be in many cells of the row, or in merged ones"
            }
            Self::NoHeader { .. } => {
                "add a first line that names the columns, such as `name,email`; a list of addresses has one in each line"
            }
            Self::NotAnAddress { .. } => {
                "correct the line; or add a first line that names the column, `email`, and the plan lists what is invalid"
            }
            Self::DuplicateColumn { .. } => "rename one of them in the first line of the file",
            Self::AmbiguousColumns { name, .. } => {
                return Some(format!(
                    "rename the right one to `{name}` in the first line of the file: an exact name comes first"
                ));
            }
            Self::MissingColumns { missing, .. } => {
                return Some(format!(
                    "rename the right {} to {} in the first line of the file",
                    plural(missing.len(), "column"),
                    join_names(missing, "and")
                ));
            }
            Self::UnnamedColumn { .. } => {
                "give it a name in the first line of the file, or delete the column"
            }
            Self::Advised { advice, .. } => return advice.user_hint(),
            Self::Undecodable { line, readings, .. } => {
                return Some(encoding_hint(*line, readings, |encoding| {
                    format!("`--encoding {encoding}` to a script that takes it")
                }));
            }
            Self::OtherFormat { format, .. } => format.user_hint(),
            Self::QuotedLines { .. } => {
                "delete the quotes at both ends of each line, and make doubled quotes single; in a spreadsheet, each row was in one cell: split the \
                 column there (in Excel: Data, Text to Columns), and save the file again"
            }
            Self::InvalidWorkbook { user_hint, .. } => user_hint,
            Self::FormulaNotCalculated { .. } => {
                "open the file in the spreadsheet, which calculates it, and save it"
            }
            Self::FormulaError { .. } => "fix the formula in the spreadsheet, and save it",
            Self::CellOutsideColumns { .. } => {
                "give the column a name in the header, or clear the cell"
            }
            Self::OverwritesInput { .. } => "name another file to write to",
            Self::OverwritesFile { .. } => {
                "name another file, move this one, or pass `--overwrite` to a script that takes it"
            }
            Self::Open { source, .. } | Self::Read { source, .. } | Self::Write { source, .. } => {
                return process_limits::hint(source);
            }
            _ => return None,
        };
        Some(user_hint.to_owned())
    }
}

fn count_hint(too_many: bool, delimiter: char) -> String {
    let (name, example) = match delimiter {
        ',' => ("comma", ",jane@example.com".to_owned()),
        ';' => ("semicolon", ";jane@example.com".to_owned()),
        '\t' => ("tab", "\\tjane@example.com".to_owned()),
        _ => ("delimiter", format!("{delimiter}jane@example.com")),
    };
    if too_many {
        format!("put a field that contains a {name} in quotes")
    } else {
        format!("an empty field still needs its {name}, as in `{example}`")
    }
}

const SAVE_AS_UTF_8: &str = "save the file as UTF-8 (in Excel: \"CSV UTF-8 (comma delimited)\")";

/// Shows the line in each encoding, because only a person can see which one is right.
fn encoding_hint(line: u64, readings: &[Reading], pass: impl Fn(&str) -> String) -> String {
    let Some(likely) = readings.first() else {
        return SAVE_AS_UTF_8.to_owned();
    };
    let shown = readings.iter().map(|reading| {
        let names = [std::slice::from_ref(&reading.encoding), &reading.others].concat();
        format!("`{}` in {}", reading.text, join_words(&names, "and"))
    });
    let shown: Vec<String> = shown.collect();
    format!(
        "the file looks like {}: pass {}, or {SAVE_AS_UTF_8}; line {line} reads {}",
        likely.encoding,
        pass(&likely.encoding),
        join_words(&shown, "or")
    )
}
