//! Files that are neither CSV nor workbooks, by whatever name they come.

use std::io::Write as _;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::{Project, Ran};

fn invite(content: impl AsRef<[u8]>) -> Ran {
    Project::new().file("people.csv", content).run(&[
        "run",
        "--sandbox",
        "--dry-run",
        "invite_csv",
        "people.csv",
    ])
}

/// Packs an archive of files with this content.
fn archive(names: &[&str]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in names {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(b"name,email\n").unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// An older Office file with a stream of this name.
fn office(stream: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1024, 0);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

const SAVE: &str = "open it in the spreadsheet, and save it as an Excel workbook (.xlsx)";
const EXPORT: &str = "export the list as CSV or as an Excel workbook (.xlsx)";
const UNPACK: &str = "unpack it, and pass the file that is in it";

#[test]
fn text_of_other_kinds_is_named() {
    let html = "<html><table><tr><td>name</td><td>email</td></tr></table></html>";
    for (content, name, hint) in [
        (html, "an HTML page", SAVE),
        (
            "\u{feff}\r\n <!DOCTYPE HTML PUBLIC \"x\">\n<HTML>",
            "an HTML page",
            SAVE,
        ),
        ("<TABLE border=1><tr><td>name", "an HTML page", SAVE),
        ("<!-- export --><html>", "an HTML page", SAVE),
        (
            "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
            "an Excel 2003 XML file",
            SAVE,
        ),
        ("<?xml version=\"1.0\"?><people/>", "an XML file", EXPORT),
        ("{\"people\":[]}", "a JSON file", EXPORT),
        ("[\n  {\n    \"name\": \"Ann\"", "a JSON file", EXPORT),
        (
            "{\"name\":\"Ann\",\"email\":\"a@x\"}\n{\"name\":\"Bo\"}\n",
            "a JSON file",
            EXPORT,
        ),
        ("%PDF-1.7\n%\u{e2}\u{e3}\n1 0 obj", "a PDF document", EXPORT),
        (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee\r\n",
            "a vCard file (.vcf)",
            EXPORT,
        ),
        ("BEGIN:VCALENDAR\r\n", "a calendar (.ics)", EXPORT),
        ("{\\rtf1\\ansi name}", "an RTF document", EXPORT),
        ("ID;PWXL;N;E\n", "a SYLK file (.slk)", SAVE),
        (
            "MIME-Version: 1.0\nX-Document-Type: Workbook\n",
            "a web archive (.mht)",
            SAVE,
        ),
        ("SQLite format 3\0\u{10}\0", "an SQLite database", EXPORT),
    ] {
        invite(content)
            .exits(1)
            .says(&format!("error: `people.csv` is {name}, not a text file"))
            .says(hint);
    }
    let wide: Vec<u8> = html.encode_utf16().flat_map(u16::to_le_bytes).collect();
    invite(&wide).exits(1).says("is an HTML page");
    invite([b"\xFF\xFE".as_slice(), &wide].concat())
        .exits(1)
        .says("is an HTML page");
    Project::new()
        .file("people.json", "[{\"email\": \"a@x\"}]")
        .rhai(&[], "read_lines(\"people.json\");")
        .exits(1)
        .says("hint: read it with `read_json`, or export the list as CSV");
}

#[test]
fn binary_files_are_named() {
    for (content, name, hint) in [
        (
            &b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\xcbK\xccMU"[..],
            "a gzip archive, not a text file",
            UNPACK,
        ),
        (b"7z\xBC\xAF\x27\x1C\0\x04", "a file of the kind 7Z", UNPACK),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "a file of the kind PNG",
            EXPORT,
        ),
        (
            b"\xff\xd8\xff\xe0\0\x10JFIF\0",
            "a file of the kind JPEG",
            EXPORT,
        ),
        (
            b"\xFF\xFE\0\0n\0\0\0a\0\0\0",
            "a UTF-32 file, not a text file",
            SAVE,
        ),
        (
            b"\x09\0\x04\0\x02\0\x10\0\0\0",
            "an older Excel file (.xls), not a text file",
            SAVE,
        ),
        (&[0; 600], "a binary or damaged file", EXPORT),
    ] {
        invite(content)
            .exits(1)
            .says(&format!("error: `people.csv` is {name}"))
            .says(hint);
    }
}

#[test]
fn archives_and_office_files_are_named() {
    for (content, name, hint) in [
        (archive(&["people.csv"]), "a ZIP archive", UNPACK),
        (
            archive(&["content.xml", "mimetype"]),
            "an OpenDocument file (.ods)",
            SAVE,
        ),
        (
            archive(&["Index/Document.iwa", "Index/CalculationEngine.iwa"]),
            "a Numbers document (.numbers)",
            SAVE,
        ),
        (
            archive(&["Index.zip", "preview.jpg"]),
            "an iWork document, such as one of Numbers (.numbers)",
            SAVE,
        ),
        (
            archive(&["[Content_Types].xml", "word/document.xml"]),
            "a Word document (.docx)",
            EXPORT,
        ),
        (
            archive(&["[Content_Types].xml", "xl/workbook.bin"]),
            "a binary Excel workbook (.xlsb)",
            SAVE,
        ),
        (
            office("Workbook"),
            "an older Excel file (.xls), or one with a password",
            SAVE,
        ),
        (
            office("EncryptedPackage"),
            "a workbook that is protected by a password",
            "save it as an Excel workbook (.xlsx) without password",
        ),
        (office("WordDocument"), "a Word document (.doc)", EXPORT),
        (office("Other"), "an older Office file", EXPORT),
    ] {
        invite(&content)
            .exits(1)
            .says(&format!(
                "error: cannot read `people.csv` as a workbook: it is {name}"
            ))
            .says(hint);
    }
    Project::new()
        .file("people.zip", archive(&["people.csv"]))
        .rhai(&[], "read_csv(\"people.zip\");")
        .exits(1)
        .says("error: `people.zip` is a ZIP archive, not a text file");
    Project::new()
        .file("people.xlsx", "<html>")
        .rhai(&[], "read_xlsx(\"people.xlsx\");")
        .exits(1)
        .says("error: cannot read `people.xlsx` as a workbook: it is an HTML page");
}

/// Names of columns that start like other formats.
#[test]
fn csv_files_that_start_like_others_are_read() {
    for header in [
        "BM,email",
        "MZ,email",
        "ID;email",
        "[Name],email",
        "{Name},email",
        "<name>x,email",
        "II*,email",
        "GIF,email",
    ] {
        if header.starts_with('<') {
            continue;
        }
        let delimiter = &header[header.len() - 6..header.len() - 5];
        Project::new()
            .file(
                "people.csv",
                format!("{header}\nAnn{delimiter}ann@example.com\n"),
            )
            .rhai(
                &[],
                "for row in read_csv(\"people.csv\") { print(row.email); }",
            )
            .succeeds()
            .prints("ann@example.com\n");
    }
}

#[test]
fn lines_that_are_quoted_as_a_whole_are_named() {
    for (content, line) in [
        ("\"name,email\"\n\"Ann Lee,ann@example.com\"\n", 1),
        ("\"name;e-mail\";;\r\n\"Ann Lee;ann@example.com\";;\r\n", 1),
        ("\"name,\"\"email\"\"\"\n", 1),
        (
            "name,email\nBo,bo@example.com\n\"Ann Lee,ann@example.com\"\n",
            3,
        ),
        ("name,email\n\"\"\"Lee\"\",ann@example.com\"\n", 2),
    ] {
        invite(content)
            .exits(1)
            .says(&format!(
                "error: `people.csv` line {line}: the line is in quotes as a whole"
            ))
            .says("delete the quotes at both ends of each line");
    }
    Project::new()
        .file("names.csv", "\"Name, first\"\n\"Lee, Ann\"\n")
        .rhai(&[], "print(read_csv(\"names.csv\"));")
        .succeeds()
        .prints("[#{Name, first: \"Lee, Ann\"}]\n");
}
