//! Files that are neither CSV nor workbooks, recognized by their content, and what to do with them.

use std::borrow::Cow;
use std::fmt;
use std::io::Cursor;

use encoding_rs::{Encoding, UTF_8};
use file_format::{FileFormat, Kind};
use memchr::memmem;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// With its article.
    name: Cow<'static, str>,
    remedy: Remedy,
}

/// What to do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Remedy {
    ReadWorkbook,
    SaveAgain,
    RemovePassword,
    Unpack,
    ReadJson,
    Export,
}

use Remedy::{Export, ReadJson, ReadWorkbook, RemovePassword, SaveAgain, Unpack};

/// What the first letters of text files mean. Case does not matter.
const TEXT_STARTS: &[(&str, &str, Remedy)] = &[
    ("<!doctype html", "an HTML page", SaveAgain),
    ("<html", "an HTML page", SaveAgain),
    ("<head", "an HTML page", SaveAgain),
    ("<meta", "an HTML page", SaveAgain),
    ("<style", "an HTML page", SaveAgain),
    ("<body", "an HTML page", SaveAgain),
    ("<div", "an HTML page", SaveAgain),
    ("<table", "an HTML page", SaveAgain),
    ("mime-version:", "a web archive (.mht)", SaveAgain),
    ("id;p", "a SYLK file (.slk)", SaveAgain),
    ("{\\rtf", "an RTF document", Export),
    ("%pdf-", "a PDF document", Export),
    ("%!ps", "a PostScript document", Export),
    ("begin:vcard", "a vCard file (.vcf)", Export),
    ("begin:vcalendar", "a calendar (.ics)", Export),
    ("-----begin ", "a key or a certificate", Export),
    ("sqlite format 3", "an SQLite database", Export),
];

/// What a part of an archive shows. Case does not matter.
const ARCHIVE_PARTS: &[(&str, &str, Remedy)] = &[
    (
        "xl/workbook.bin",
        "a binary Excel workbook (.xlsb)",
        SaveAgain,
    ),
    ("word/document.xml", "a Word document (.docx)", Export),
    (
        "ppt/presentation.xml",
        "a PowerPoint presentation (.pptx)",
        Export,
    ),
    (
        "index/calculationengine.iwa",
        "a Numbers document (.numbers)",
        SaveAgain,
    ),
    (
        "index/document.iwa",
        "an iWork document, such as one of Numbers (.numbers)",
        SaveAgain,
    ),
    (
        "index.zip",
        "an iWork document, such as one of Numbers (.numbers)",
        SaveAgain,
    ),
    ("index.numbers", "a Numbers document (.numbers)", SaveAgain),
];

/// What a stream of an older Office file shows.
const OFFICE_STREAMS: &[(&str, &str, Remedy)] = &[
    (
        "EncryptedPackage",
        "a workbook that is protected by a password",
        RemovePassword,
    ),
    (
        "Workbook",
        "an older Excel file (.xls), or one with a password",
        SaveAgain,
    ),
    (
        "Book",
        "an older Excel file (.xls), or one with a password",
        SaveAgain,
    ),
    ("WordDocument", "a Word document (.doc)", Export),
    ("__substg1.0_", "an Outlook message (.msg)", Export),
];

/// What the first bytes of other files mean.
const BINARY_STARTS: &[(&[u8], &str, Remedy)] = &[
    (b"\x09\0\x04\0", "an older Excel file (.xls)", SaveAgain),
    (b"\x09\x02\x06\0", "an older Excel file (.xls)", SaveAgain),
    (b"\x09\x04\x06\0", "an older Excel file (.xls)", SaveAgain),
    (b"\x09\x08\x08\0", "an older Excel file (.xls)", SaveAgain),
    (b"\x1F\x8B", "a gzip archive", Unpack),
    (b"BZh", "a bzip2 archive", Unpack),
];

/// What archives start with.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// What older Office files start with.
const OFFICE: &[u8] = b"\xD0\xCF\x11\xE0";

/// What files in UTF-32 start with. The first one looks like the mark of UTF-16.
const UTF_32: [&[u8]; 2] = [b"\xFF\xFE\0\0", b"\0\0\xFE\xFF"];

/// How many bytes of text are examined.
const TEXT_SAMPLE: usize = 4096;

impl Format {
    fn new(name: impl Into<Cow<'static, str>>, remedy: Remedy) -> Self {
        Self {
            name: name.into(),
            remedy,
        }
    }

    /// Recognizes what cannot be read as text, from the `start` of a file. `encoding` is what a byte order mark or zero
    /// bytes show, with the length of the mark.
    pub(super) fn of_text(
        start: &[u8],
        encoding: Option<(&'static Encoding, usize)>,
    ) -> Option<Self> {
        if start.starts_with(ARCHIVE) {
            // An archive of other files starts with the name of one of them.
            let is_workbook = !is_plain_archive(start);
            let workbook = || Self::new("a workbook", ReadWorkbook);
            return Some(if is_workbook {
                workbook()
            } else {
                zip_archive()
            });
        }
        if start.starts_with(OFFICE) {
            return Some(Self::new("a workbook", ReadWorkbook));
        }
        if UTF_32.iter().any(|mark| start.starts_with(mark)) {
            return Some(Self::new("a UTF-32 file", SaveAgain));
        }
        let (encoding, mark) = encoding.unwrap_or((UTF_8, 0));
        let sample = &start[mark..start.len().min(TEXT_SAMPLE.max(mark))];
        let text = encoding.decode_without_bom_handling(sample).0;
        of_text_start(text.trim_start()).or_else(|| {
            let is_text = encoding != UTF_8 || !sample.iter().copied().any(is_binary);
            if is_text { None } else { of_signature(start) }
        })
    }

    /// Returns the format of a file with zero bytes in the names of its columns.
    pub(super) fn binary() -> Self {
        Self::new("a binary or damaged file", Export)
    }

    /// Recognizes a whole file that is not an archive.
    pub(super) fn of_file(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(OFFICE) {
            let stream = OFFICE_STREAMS.iter().find(|(name, ..)| {
                let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
                memmem::find(bytes, &name).is_some()
            });
            return Some(stream.map_or_else(
                || Self::new("an older Office file", Export),
                |(_, name, remedy)| Self::new(*name, *remedy),
            ));
        }
        let mark = Encoding::for_bom(bytes);
        Self::of_text(bytes, mark)
    }

    /// Recognizes an archive that is not a workbook, by the names of its parts.
    pub(super) fn of_archive(bytes: &[u8], parts: impl Iterator<Item = String>) -> Option<Self> {
        let parts: Vec<String> = parts.map(|part| part.to_lowercase()).collect();
        let has = |part: &str| parts.iter().any(|name| name == part);
        let known = ARCHIVE_PARTS.iter().find(|(part, ..)| has(part));
        if let Some((_, name, remedy)) = known {
            return Some(Self::new(*name, *remedy));
        }
        if has("content.xml") {
            let format = FileFormat::from_reader(Cursor::new(bytes));
            let is_sheet = format.is_ok_and(|format| {
                format.kind() == Kind::Spreadsheet || format == FileFormat::Zip
            });
            return Some(if is_sheet {
                Self::new("an OpenDocument file (.ods)", SaveAgain)
            } else {
                Self::new("an OpenDocument file that is not a spreadsheet", Export)
            });
        }
        let is_office = parts
            .iter()
            .any(|name| name == "[content_types].xml" || name.starts_with("xl/"));
        (!is_office).then(zip_archive)
    }

    /// Returns what the author of a script can do.
    pub(super) fn hint(&self) -> &'static str {
        match self.remedy {
            ReadWorkbook => {
                "read it with `read_xlsx`, or save the sheet as \"CSV UTF-8 (comma delimited)\""
            }
            ReadJson => "read it with `read_json`, or export the list as CSV",
            _ => self.user_hint(),
        }
    }

    /// Returns what a user can do who cannot change the script.
    pub(super) fn user_hint(&self) -> &'static str {
        match self.remedy {
            ReadWorkbook => "save the sheet as \"CSV UTF-8 (comma delimited)\"",
            SaveAgain => {
                "open it in the spreadsheet, and save it as an Excel workbook (.xlsx) without password, or as \"CSV UTF-8 (comma delimited)\""
            }
            RemovePassword => {
                "open it in the spreadsheet, and save it as an Excel workbook (.xlsx) without password"
            }
            Unpack => "unpack it, and pass the file that is in it",
            ReadJson | Export => "export the list as CSV or as an Excel workbook (.xlsx)",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn zip_archive() -> Format {
    Format::new("a ZIP archive", Unpack)
}

/// Returns whether the first part of an archive cannot be one of a workbook.
fn is_plain_archive(start: &[u8]) -> bool {
    const NAME: usize = 30;
    let length = start.get(26..28).map_or(0, |length| {
        usize::from(u16::from_le_bytes([length[0], length[1]]))
    });
    let Some(name) = start
        .get(NAME..NAME + length)
        .filter(|name| !name.is_empty())
    else {
        return false;
    };
    let name = String::from_utf8_lossy(name).to_lowercase();
    let office = [
        "[content_types].xml",
        "_rels/",
        "xl/",
        "docprops/",
        "mimetype",
        "customxml/",
        "theme/",
    ];
    !office.iter().any(|part| name.starts_with(part))
}

/// Recognizes text by its first letters.
fn of_text_start(text: &str) -> Option<Format> {
    let start: String = text.chars().take(200).collect::<String>().to_lowercase();
    let known = TEXT_STARTS
        .iter()
        .find(|(prefix, ..)| start.starts_with(prefix));
    if let Some((_, name, remedy)) = known {
        return Some(Format::new(*name, *remedy));
    }
    let mut letters = text.chars();
    let first = letters.next()?;
    let mut rest = letters.skip_while(|letter| letter.is_whitespace());
    let second = rest.next();
    match (first, second) {
        ('<', Some('?' | '!' | 'a'..='z' | 'A'..='Z')) => {
            let lower = text.to_lowercase();
            Some(if lower.contains("office:spreadsheet") {
                Format::new("an Excel 2003 XML file", SaveAgain)
            } else if lower.contains("opendocument.spreadsheet") {
                Format::new("an OpenDocument file (.fods)", SaveAgain)
            } else if lower.contains("<html") {
                Format::new("an HTML page", SaveAgain)
            } else {
                Format::new("an XML file", Export)
            })
        }
        ('{', Some('"' | '}')) | ('[', Some('{' | '[' | '"' | ']')) => {
            Some(Format::new("a JSON file", ReadJson))
        }
        _ => None,
    }
}

/// Returns whether a byte is in no text.
fn is_binary(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace() && !matches!(byte, 0x0B | 0x1B | 0x7F)
}

/// Recognizes what is not text by its first bytes.
fn of_signature(start: &[u8]) -> Option<Format> {
    let known = BINARY_STARTS
        .iter()
        .find(|(bytes, ..)| start.starts_with(bytes));
    if let Some((_, name, remedy)) = known {
        return Some(Format::new(*name, *remedy));
    }
    let format = FileFormat::from_bytes(start);
    if matches!(format, FileFormat::ArbitraryBinaryData | FileFormat::Empty) {
        return None;
    }
    let name = format.short_name().unwrap_or(format.name());
    let remedy = match format.kind() {
        Kind::Archive | Kind::Compressed => Unpack,
        Kind::Spreadsheet => SaveAgain,
        _ => Export,
    };
    Some(Format::new(format!("a file of the kind {name}"), remedy))
}
