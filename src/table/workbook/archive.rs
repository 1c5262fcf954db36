//! Validating the archive of a workbook before it is read: that it is one, and that it fits into memory.
//!
//! A file of a few kilobytes can unpack to terabytes, and calamine allocates as much memory as a count in the file says.
//! So every part is unpacked once up to a limit, and discarded.

use std::borrow::Cow;
use std::io::{self, BufReader, Cursor, Read, Write};

use memchr::{memchr_iter, memmem};
use quick_xml::events::Event;
use zip::ZipArchive;

use crate::table::format::Format;

/// The most bytes that all parts together may unpack to.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// The most bytes that a part without rows may unpack to.
const MAX_METADATA_PART: u64 = 16 * 1024 * 1024;

/// How the names of parts without rows end.
const METADATA_PARTS: [&str; 4] = [".rels", "styles.xml", "workbook.xml", "theme1.xml"];

/// The most parts of a workbook. Listing them takes ten times the memory of their names in the file.
const MAX_PARTS: usize = 10_000;

/// What the entry of a part in the list of parts starts with.
const PART_SIGNATURE: &[u8] = b"PK\x01\x02";

/// The longest text or tag between two `<`, in bytes. It is held in memory several times while it is parsed.
const MAX_TEXT: u64 = 1024 * 1024;

/// The most tags in the table of shared texts, which calamine keeps in memory as a whole.
const MAX_SHARED_TAGS: u64 = 20_000_000;

/// How to avoid a workbook that is too large.
const USE_CSV: &str = "split the sheet, or save it as CSV and use `scan_csv`";

/// The size of the shortest shared text, `<si/>`, in bytes.
const SHORTEST_TEXT: u64 = 5;

const SAVE_AS_XLSX: &str =
    "open it in the spreadsheet, and save it as an Excel workbook (.xlsx) without password";

/// Why a file cannot be read as a workbook, and a hint.
pub(super) type Rejection = (String, &'static str);

/// Rejects a file that is not a workbook, or too large.
pub(super) fn validate_archive(bytes: &[u8]) -> Result<(), Rejection> {
    if !bytes.starts_with(b"PK") {
        if let Some(format) = Format::of_file(bytes) {
            return Err(other_format(&format));
        }
        let user_hint = "read a text file, such as CSV, with `read_csv`";
        return Err(("it is not an .xlsx file".to_owned(), user_hint));
    }
    if memmem::find_iter(bytes, PART_SIGNATURE).count() > MAX_PARTS {
        return Err((format!("it has more than {MAX_PARTS} parts"), USE_CSV));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let names = archive.file_names().flatten().map(Cow::into_owned);
    if let Some(format) = Format::of_archive(bytes, names) {
        return Err(other_format(&format));
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
        let is_shared_texts = name.ends_with("sharedstrings.xml");
        let texts = if is_shared_texts {
            declared_texts(&mut part)
        } else {
            0
        };
        let mut markup = Markup::default();
        io::copy(&mut part, &mut markup).map_err(|error| damaged(&error))?;
        let size = limit + 1 - part.limit();
        if size > limit {
            let what = format!("its part `{name}` unpacks to more than {limit} bytes");
            return Err((what, USE_CSV));
        }
        if name.ends_with("xml") && markup.longest_text > MAX_TEXT {
            let what = format!("its part `{name}` has a text of more than {MAX_TEXT} bytes");
            return Err((what, USE_CSV));
        }
        if is_shared_texts && markup.tags > MAX_SHARED_TAGS {
            let what = format!("its part `{name}` has more than {MAX_SHARED_TAGS} tags");
            return Err((what, USE_CSV));
        }
        if texts > size / SHORTEST_TEXT {
            return Err(damaged(&format!("`{name}` declares {texts} texts")));
        }
        total += size;
    }
    Ok(())
}

/// Measures the XML that is written to it, and discards it.
#[derive(Default)]
struct Markup {
    tags: u64,
    longest_text: u64,
    /// The bytes since the last `<`.
    text: u64,
}

impl Write for Markup {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut start = 0;
        for tag in memchr_iter(b'<', bytes) {
            self.tags += 1;
            self.longest_text = self.longest_text.max(self.text + (tag - start) as u64);
            self.text = 0;
            start = tag;
        }
        self.text += (bytes.len() - start) as u64;
        self.longest_text = self.longest_text.max(self.text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn other_format(format: &Format) -> Rejection {
    (format!("it is {format}"), format.user_hint())
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Markup;

    #[test]
    fn tags_and_texts_are_measured_across_buffers() {
        let mut markup = Markup::default();
        for part in ["<si><t>lo", "ng", " text</t>", "</si", ">", "<si/>"] {
            let written = markup.write(part.as_bytes());
            assert_eq!(written.ok(), Some(part.len()));
        }
        assert_eq!(
            (markup.tags, markup.longest_text),
            (5, "<t>long text".len() as u64)
        );
    }
}
