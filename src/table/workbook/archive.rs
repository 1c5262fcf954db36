//! Validating the archive of a workbook before it is read: that it is one, and that it fits into memory.
//!
//! A file of a few kilobytes can unpack to terabytes, and calamine allocates as much memory as a count in the file says.
//! So every part is unpacked once up to a limit, and discarded.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

/// The most bytes that all parts together may unpack to.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// The most bytes that a part without rows may unpack to.
const MAX_METADATA_PART: u64 = 16 * 1024 * 1024;

/// How the names of parts without rows end.
const METADATA_PARTS: [&str; 4] = [".rels", "styles.xml", "workbook.xml", "theme1.xml"];

/// The size of the shortest shared text, `<si/>`, in bytes.
const SHORTEST_TEXT: u64 = 5;

const SAVE_AS_XLSX: &str =
    "open it in the spreadsheet, and save it as an Excel workbook (.xlsx) without password";

/// Why a file cannot be read as a workbook, and a hint.
pub(super) type Rejection = (String, &'static str);

/// Rejects a file that is not a workbook, or too large.
pub(super) fn validate_archive(bytes: &[u8]) -> Result<(), Rejection> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let what = "it is an older Excel file (.xls), or one with a password";
        return Err((what.to_owned(), SAVE_AS_XLSX));
    }
    if !bytes.starts_with(b"PK") {
        let user_hint = "read a text file, such as CSV, with `read_csv`";
        return Err(("it is not an .xlsx file".to_owned(), user_hint));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.by_name("content.xml").is_ok() {
        let what = "it is an OpenDocument file (.ods)";
        return Err((what.to_owned(), SAVE_AS_XLSX));
    }
    let mut total = 0;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| damaged(&error))?;
        let name = part.name().map_err(|error| damaged(&error))?.to_lowercase();
        let is_metadata = METADATA_PARTS.iter().any(|end| name.ends_with(end));
        let limit = if is_metadata {
            MAX_METADATA_PART
        } else {
            MAX_UNPACKED - total
        };
        let mut part = part.take(limit + 1);
        let texts = if name.ends_with("sharedstrings.xml") {
            declared_texts(&mut part)
        } else {
            0
        };
        io::copy(&mut part, &mut io::sink()).map_err(|error| damaged(&error))?;
        let size = limit + 1 - part.limit();
        if size > limit {
            let what = format!("its part `{name}` unpacks to more than {limit} bytes");
            return Err((
                what,
                "split the sheet, or save it as CSV and use `scan_csv`",
            ));
        }
        if texts > size / SHORTEST_TEXT {
            return Err(damaged(&format!("`{name}` declares {texts} texts")));
        }
        total += size;
    }
    Ok(())
}

pub(super) fn damaged(error: &impl ToString) -> Rejection {
    (
        format!("it is damaged ({})", error.to_string()),
        SAVE_AS_XLSX,
    )
}

/// Returns how many shared texts the table of shared texts declares.
fn declared_texts(part: &mut impl Read) -> u64 {
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.local_name().as_ref() == "sst" => {
                return tag
                    .attributes()
                    .with_checks(false)
                    .flatten()
                    .filter(|attribute| attribute.key.as_ref() == "uniqueCount")
                    .map(|attribute| attribute.value.trim().parse().unwrap_or(0))
                    .max()
                    .unwrap_or(0);
            }
            Ok(Event::Eof) | Err(_) => return 0,
            Ok(_) => {}
        }
    }
}
