//! What the user can do about a file that is wrong.

use std::io;

use super::Error;

impl Error {
    /// Returns what the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Open { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "paths are relative to the directory the command runs in"
            }
            Self::StdinTaken { .. } => {
                "it can be read once: keep in a variable what `read_csv(\"-\")` returns"
            }
            Self::Empty { header: true, .. } => {
                "the first line must name the columns, such as `name,email`"
            }
            Self::NoRows { .. } => {
                "the first line names the columns, such as `name,email`: add it where yours is a row already; if an empty \
                 list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            Self::Empty { header: false, .. } => {
                "if an empty list is fine here, pass `#{ allow_empty: true }` as the last argument"
            }
            Self::Ragged {
                spans_lines: true, ..
            }
            | Self::TooLong { .. }
            | Self::OpenQuote { .. } => {
                "a quote (`\"`) that is opened and not closed swallows the lines after it"
            }
            Self::Ragged {
                found,
                expected,
                delimiter,
                ..
            } => return Some(count_hint(*found > *expected, *delimiter)),
            Self::DuplicateColumn { first, second, .. } if first.0 != second.0 => {
                "rename one of them in the file, or read it without `normalize_headers`"
            }
            Self::DuplicateColumn { .. } => "rename one of them in the first line of the file",
            Self::UnnamedColumn { .. } => {
                "give it a name in the first line of the file, or delete the column"
            }
            Self::Undecodable { likely, .. } => return Some(encoding_hint(*likely)),
            Self::IsWorkbook { .. } => {
                "read it with `read_xlsx`, or save the sheet as \"CSV UTF-8 (comma delimited)\""
            }
            Self::NoWorkbook { cure, .. } => cure,
            Self::UncalculatedCell { .. } => {
                "open the file in the spreadsheet, which calculates it, and save it"
            }
            Self::FailedCell { .. } => "mend the formula in the spreadsheet, and save it",
            Self::BeyondColumns { .. } => "give the column a name in the header, or clear the cell",
            Self::IsInput { .. } => {
                "write to a file of another name; to carry a list on, pass `#{ overwrite: true }`"
            }
            _ => return None,
        };
        Some(hint.to_owned())
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
        format!("a field that holds a {name} must stand in quotes")
    } else {
        format!("an empty field still needs its {name}, as in `{example}`")
    }
}

fn encoding_hint(likely: Option<&str>) -> String {
    let likely = likely.map(str::to_lowercase);
    let option = likely.map_or_else(String::new, |likely| {
        format!("the file looks like {likely}: pass `#{{ encoding: \"{likely}\" }}`, or `--encoding {likely}` to a script that takes it, or ")
    });
    format!("{option}save the file as UTF-8 (in Excel: \"CSV UTF-8 (comma delimited)\")")
}
