//! What is asked of a workbook's archive before it is read: that it is one, and unpacks to a size that can be held.
//!
//! A file of a few kilobytes can unpack to terabytes, and the reader behind this one takes a count in it for a size to
//! reserve. So every part is unpacked once and thrown away, against a bound.

use std::io::{self, BufReader, Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

/// Bytes that all parts together may unpack to.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// Bytes that each part may unpack to which tells of the workbook and holds no rows.
const MAX_METADATA_PART: u64 = 16 * 1024 * 1024;

/// Parts that tell of the workbook, by the ends of their names.
const METADATA_PARTS: [&str; 4] = [".rels", "styles.xml", "workbook.xml", "theme1.xml"];

/// Bytes that the shortest shared text takes: `<si/>`.
const SHORTEST_TEXT: u64 = 5;

const SAVE_AS_XLSX: &str =
    "open it in the spreadsheet, and save it as an Excel workbook (.xlsx) without password";

/// Why a file is not read as a workbook: what is wrong with it, and what to do about it.
pub(super) type Rejection = (String, &'static str);

/// Refuses what is no workbook, or too large a one.
pub(super) fn validate_archive(bytes: &[u8]) -> Result<(), Rejection> {
    if bytes.starts_with(b"\xD0\xCF\x11\xE0") {
        let what = "it is an older Excel file (.xls), or one with a password";
        return Err((what.to_owned(), SAVE_AS_XLSX));
    }
    if !bytes.starts_with(b"PK") {
        let user_hint = "a file of text, such as a CSV file, is read by `read_csv`";
        return Err(("it is no .xlsx file".to_owned(), user_hint));
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
        let mut part = CountingReader {
            inner: part.take(limit + 1),
            count: 0,
        };
        let texts = if name.ends_with("sharedstrings.xml") {
            declared_texts(&mut part)
        } else {
            0
        };
        io::copy(&mut part, &mut io::sink()).map_err(|error| damaged(&error))?;
        if part.count > limit {
            let what = format!("its part `{name}` unpacks to more than {limit} bytes");
            return Err((
                what,
                "split the sheet, or save it as CSV and use `scan_csv`",
            ));
        }
        if texts > part.count / SHORTEST_TEXT {
            return Err(damaged(&format!("`{name}` declares {texts} texts")));
        }
        total += part.count;
    }
    Ok(())
}

/// Says what is wrong with a workbook that cannot be read.
pub(super) fn damaged(error: &impl ToString) -> Rejection {
    (
        format!("it is damaged ({})", error.to_string()),
        SAVE_AS_XLSX,
    )
}

/// Returns how many shared texts the table of them says it has.
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

/// Counts the bytes that are read.
struct CountingReader<R> {
    inner: R,
    count: u64,
}

impl<R: Read> Read for CountingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count += length as u64;
        Ok(length)
    }
}
