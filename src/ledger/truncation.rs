//! Notices that a part of the ledger file is missing.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// The size of the header of a database, in bytes: <https://sqlite.org/fileformat.html#the_database_header>.
const HEADER_SIZE: u64 = 100;

/// Returns whether the file at `path` ends before its last page, for example because it was copied to a full disk. SQLite reads what is
/// missing as empty, so rows would be missing without an error.
pub(super) fn is_truncated(path: &Path) -> io::Result<bool> {
    let mut header = Vec::new();
    let file = fs::File::open(path)?;
    file.take(HEADER_SIZE).read_to_end(&mut header)?;
    let is_short = expected_size(&header).is_some_and(|expected| size(path, "") < expected);
    // The pages that are missing may still be in the log.
    Ok(is_short && size(path, "-wal") == 0)
}

/// Returns the size that a database should have, by its header; `None` if the header does not say.
fn expected_size(header: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u32::from_be_bytes(*header.get(at..)?.first_chunk()?));
    let (pages, changes, changes_of_pages) = (number(28)?, number(24)?, number(92)?);
    let page_size = match number(16)? >> 16 {
        1 => 65_536,
        size => size,
    };
    // Only then is the number of pages up to date.
    (changes == changes_of_pages).then(|| u64::from(page_size) * u64::from(pages))
}

/// Returns the size of the file whose name is that of `path` with this `end`, 0 if there is none.
pub(super) fn size(path: &Path, end: &str) -> u64 {
    let mut name = OsString::from(path);
    name.push(end);
    fs::metadata(name).map_or(0, |found| found.len())
}
