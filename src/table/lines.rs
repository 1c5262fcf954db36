//! Reading a plain list: one value a line.

use std::fs;
use std::path::Path;

use super::Error;

/// A line that holds something, with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without surrounding white space.
    pub text: String,
    /// Its number in the file, from 1.
    pub number: u64,
}

/// Reads the lines of the file at `path`, trimmed, without blank ones and without those that start with `#`.
///
/// # Errors
/// The file cannot be read or is not UTF-8.
pub fn read_lines(path: &Path) -> Result<Vec<Line>, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Open {
        path: path.to_owned(),
        source,
    })?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        let lines_before: Vec<&[u8]> = bytes[..at].split(|byte| *byte == b'\n').collect();
        Error::NotUtf8 {
            path: path.to_owned(),
            line: lines_before.len() as u64,
            column: lines_before.last().map_or(0, |line| line.len()) + 1,
            byte: bytes[at],
        }
    })?;
    Ok((1..)
        .zip(text.lines())
        .map(|(number, line)| Line {
            text: line.trim().to_owned(),
            number,
        })
        .filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
        .collect())
}
