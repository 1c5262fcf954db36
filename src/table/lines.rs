//! Reading a plain list: one value a line.

use super::Error;
use super::decode::TextReader;
use super::input::{Input, display_name};
use crate::file_access::ResolvedPath;

/// A line that holds something, with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without surrounding white space.
    pub text: String,
    /// Its number in the file, from 1.
    pub number: u64,
}

/// Reads the lines of `file`, trimmed, without blank ones and without those that start with `#`.
///
/// It is UTF-8, or UTF-16 with a byte order mark; `-` is standard input.
///
/// # Errors
/// The file cannot be read, or is no text.
pub fn read_lines(file: &ResolvedPath) -> Result<Vec<Line>, Error> {
    let text = TextReader::new(Input::open(file)?, display_name(file.name()), None)
        .and_then(TextReader::read_to_end)
        .map_err(Error::without_encoding_hint)?;
    Ok((1..)
        .zip(text.lines())
        .map(|(number, line)| Line {
            text: line.trim().to_owned(),
            number,
        })
        .filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
        .collect())
}
