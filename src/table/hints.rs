//! Hints for errors: for the author of a script, who can change how a file is read, and for its user, who cannot.

use super::Error;
use super::error::{ErrorKind, RaggedCause};
use super::quote_problem::SWALLOWS;
use super::readings::{Reading, TextBefore};
use crate::process_limits;
use crate::text::{join_names, join_words, plural};

impl Error {
    /// Returns what the author of the script can do.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        if let Some(advice) = self.advice() {
            return advice.hint();
        }
        let line = self.line().unwrap_or_default();
        let hint = match self.kind() {
            ErrorKind::StdinAlreadyRead => {
                "it can only be read once: keep what `read_csv(\"-\")` returns in a variable"
            }
            ErrorKind::NoRows => {
                "the first line must name the columns, such as `name,email`: add it if your file starts with a row; if an empty \
                 list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            ErrorKind::Empty { header: false, .. } => {
                "if an empty list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            ErrorKind::DuplicateColumn { first, second, .. } if first.0 != second.0 => {
                "rename one of them in the file, or read it without `normalize_headers`"
            }
            ErrorKind::Undecodable {
                readings, before, ..
            } => {
                return Some(encoding_hint(line, readings, *before, |encoding| {
                    format!(
                        "`#{{ encoding: \"{encoding}\" }}`, or `--encoding {encoding}` after the script, if it has that option"
                    )
                }));
            }
            ErrorKind::OtherFormat(format) => format.hint(),
            ErrorKind::OverwritesInput => {
                "write to another file; to extend a list in place, pass `#{ overwrite: true }`"
            }
            ErrorKind::OverwritesFile => {
                "write to another file, or pass `#{ overwrite: true }` to replace this one"
            }
            _ => return self.user_hint(),
        };
        Some(hint.to_owned())
    }

    /// Returns what a user can do who cannot change the script.
    #[must_use]
    pub fn user_hint(&self) -> Option<String> {
        if let Some(advice) = self.advice() {
            return advice.user_hint();
        }
        let line = self.line().unwrap_or_default();
        let user_hint = match self.kind() {
            ErrorKind::Empty { header: true, .. } | ErrorKind::NoNames => {
                "the first line must name the columns, such as `name,email`"
            }
            ErrorKind::NoRows => {
                "the first line must name the columns, such as `name,email`: add it if your file starts with a row"
            }
            ErrorKind::RecordTooLong { .. } => SWALLOWS,
            ErrorKind::Quote(problem) => return Some(problem.hint(line)),
            ErrorKind::Ragged {
                found,
                expected,
                delimiter,
                likely_cause,
                ..
            } => return Some(ragged_hint(*likely_cause, *found > *expected, *delimiter)),
            ErrorKind::LineTooLong { .. } => {
                "a file with one entry on each line is needed: is this another kind of file?"
            }
            ErrorKind::RowTooLong { .. } => {
                "shorten or delete the long text, which may be in many cells of the row, or in merged ones"
            }
            ErrorKind::NoHeader { .. } => {
                "add a first line that names the columns, such as `name,email`; a list of addresses has only one in each line"
            }
            ErrorKind::NotAnAddress { .. } => {
                "correct the line; or add a first line that names the column, `email`, and the plan lists what is invalid"
            }
            ErrorKind::DuplicateColumn { .. } => "rename one of them in the first line of the file",
            ErrorKind::AmbiguousColumns { name, .. } => {
                return Some(format!(
                    "rename the right one to `{name}` in the first line of the file: an exact name comes first"
                ));
            }
            ErrorKind::MissingColumns { missing, .. } => {
                return Some(format!(
                    "rename the right {} to {} in the first line of the file",
                    plural(missing.len(), "column"),
                    join_names(missing, "and")
                ));
            }
            ErrorKind::UnnamedColumn { .. } => {
                "give it a name in the first line of the file, or delete the column"
            }
            ErrorKind::Undecodable {
                readings, before, ..
            } => {
                return Some(encoding_hint(line, readings, *before, |encoding| {
                    format!("`--encoding {encoding}` after the script, if it has that option")
                }));
            }
            ErrorKind::OtherFormat(format) => format.user_hint(),
            ErrorKind::QuotedLines => {
                "delete the quotes at both ends of each line, and make doubled quotes single; in a spreadsheet, each row was in one cell: split the \
                 column there (in Excel: Data, Text to Columns), and save the file again"
            }
            ErrorKind::InvalidWorkbook { user_hint, .. } => user_hint,
            ErrorKind::FormulaNotCalculated { .. } => {
                "open the file in the spreadsheet, which calculates it, and save it"
            }
            ErrorKind::FormulaError { .. } => "fix the formula in the spreadsheet, and save it",
            ErrorKind::CellOutsideColumns { .. } => {
                "give the column a name in the header, or clear the cell"
            }
            ErrorKind::OverwritesInput => "name another file to write to",
            ErrorKind::OverwritesFile => {
                "name another file, move this one, or pass `--overwrite` after the script, if it has that option"
            }
            _ => return process_limits::hint(self.io_error()?),
        };
        Some(user_hint.to_owned())
    }
}

fn ragged_hint(cause: Option<RaggedCause>, is_longer: bool, delimiter: char) -> String {
    let (name, shown) = match delimiter {
        ',' => ("comma", ","),
        ';' => ("semicolon", ";"),
        '\t' => ("tab", "\\t"),
        _ => ("delimiter", &*delimiter.to_string()),
    };
    let empty_field =
        format!("an empty field still needs its {name}, as in `{shown}jane@example.com`");
    match cause {
        Some(RaggedCause::QuotedLines(opened, closed)) => format!(
            "{SWALLOWS}: is the quote that opens in line {opened} meant to close in line {closed}?"
        ),
        Some(RaggedCause::OtherQuote(quote)) => {
            format!("only `\"` puts a field in quotes: replace the `{quote}` at both ends")
        }
        Some(RaggedCause::Zeros) => {
            "there are zero bytes in this line, so the file is damaged or incomplete: export it again"
                .to_owned()
        }
        Some(RaggedCause::EmptyAtEnd) => format!(
            "what is too much is empty: delete the {name} at the end of the line, or add it to the header if each line has it"
        ),
        Some(RaggedCause::SingleField) => format!(
            "{empty_field}; put a field with a line break in quotes, and delete a line that is not a row, such as a total"
        ),
        None if is_longer => format!("put a field that contains a {name} in quotes"),
        None => empty_field,
    }
}

const SAVE_AS_UTF_8: &str = "save the file as UTF-8 (in Excel: \"CSV UTF-8 (comma delimited)\")";

/// Shows the line in each encoding, because only a person can see which one is right.
fn encoding_hint(
    line: u64,
    readings: &[Reading],
    before: TextBefore,
    pass: impl Fn(&str) -> String,
) -> String {
    if before == TextBefore::Marked {
        return "the file starts with the mark of this encoding, so it is damaged, cut off, or put together from several files: export it again"
            .to_owned();
    }
    let Some(likely) = readings.first() else {
        return SAVE_AS_UTF_8.to_owned();
    };
    let pass = pass(&likely.encoding);
    let shown = readings.iter().map(|reading| {
        let names = [std::slice::from_ref(&reading.encoding), &reading.others].concat();
        format!("`{}` in {}", reading.text, join_words(&names, "and"))
    });
    let shown: Vec<String> = shown.collect();
    let shown = format!("line {line} reads {}", join_words(&shown, "or"));
    let hint = if readings.len() == 1 {
        let likely = &likely.encoding;
        format!("the file looks like {likely}: pass {pass}, or {SAVE_AS_UTF_8}; {shown}")
    } else {
        format!("{shown}: choose the right one, as in {pass}, or {SAVE_AS_UTF_8}")
    };
    if before == TextBefore::Utf8 {
        format!(
            "the lines before are UTF-8: if line {line} comes from another file, correct it; if not, {hint}"
        )
    } else {
        hint
    }
}
