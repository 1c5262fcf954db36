//! Finds the names of the columns below a title or notes.

use super::columns::match_key;

/// How many lines are examined.
pub(super) const SAMPLE_LINES: usize = 30;

/// Finds the first of `rows` that looks like a header, after the one that was read as the header: the first one that names a
/// column of addresses, or else the first with several names if the header has only one. Each row has its line.
pub(super) fn likely_header<'a, R>(
    header: R,
    rows: impl IntoIterator<Item = (u64, R)>,
) -> Option<u64>
where
    R: AsRef<[&'a str]>,
{
    if names_addresses(header.as_ref()) {
        return None;
    }
    let is_single = filled(header.as_ref()).count() == 1;
    let mut several = None;
    for (line, row) in rows {
        let row = row.as_ref();
        if !are_names(row) {
            continue;
        }
        if names_addresses(row) {
            return Some(line);
        }
        if is_single {
            several = several.or(Some(line));
        }
    }
    several
}

/// Finds what separates the names of columns in the only field of a header, and as many values in the line after it.
pub(super) fn likely_delimiter(header: &str, next: &str) -> Option<char> {
    let is_delimiter = |letter: &char| {
        !letter.is_alphanumeric() && !letter.is_whitespace() && !"_-./()'\"".contains(*letter)
    };
    header.chars().filter(is_delimiter).find(|delimiter| {
        let names: Vec<&str> = header.split(*delimiter).collect();
        are_names(&names)
            && names_addresses(&names)
            && next.split(*delimiter).count() == names.len()
    })
}

fn filled<'a>(row: &'a [&str]) -> impl Iterator<Item = &'a str> {
    row.iter()
        .map(|name| name.trim())
        .filter(|name| !name.is_empty())
}

/// Returns whether a row has several fields that could name columns.
fn are_names(row: &[&str]) -> bool {
    let is_name =
        |name: &str| !name.contains('@') && name.contains(char::is_alphabetic) && name.len() < 60;
    filled(row).count() > 1 && filled(row).all(is_name)
}

/// Returns whether a row has a name such as `E-Mail` or `Email Address`.
pub(super) fn names_addresses(row: &[&str]) -> bool {
    let is_address = |name: &str| !name.contains('@') && match_key(name).contains("mail");
    filled(row).any(is_address)
}
