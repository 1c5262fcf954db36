//! Lines that are in quotes as a whole, which a spreadsheet writes if each row is in one cell.

use super::delimiter::CANDIDATES;
use super::likely_header::names_addresses;

/// Returns whether a record in quotes would be a header without them.
pub(super) fn is_quoted_header(fields: &[&str]) -> bool {
    CANDIDATES.iter().any(|delimiter| {
        let names = split(fields, *delimiter);
        names.len() > 1 && names_addresses(&names)
    })
}

/// Returns whether a record in quotes would have this number of fields without them.
pub(super) fn is_quoted_row(fields: &[&str], delimiter: u8, count: usize) -> bool {
    count > 1 && split(fields, delimiter).len() == count
}

/// Splits the only field that is not empty, the first one.
fn split<'a>(fields: &[&'a str], delimiter: u8) -> Vec<&'a str> {
    match fields.split_first() {
        Some((first, others)) if others.iter().all(|field| field.trim().is_empty()) => first
            .split(char::from(delimiter))
            .map(|name| name.trim().trim_matches('"'))
            .collect(),
        _ => Vec::new(),
    }
}
