//! Workbooks. The first byte is options; bit 0 says that the rest is a file, otherwise it is the parts of one, separated by lines
//! of `==`: the sheet, the shared texts, the styles, and the workbook. Rows must be in order and as wide as the header.
#![no_main]

use std::cell::RefCell;
use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use gradient_bulk::internals::table::{ColumnOptions, Error, SheetChoice, Workbook, WorkbookOptions};
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const SHEETS: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
/// What a missing part is.
const DEFAULTS: [&str; 4] = [
    "<worksheet/>",
    "<sst/>",
    r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="46"/></cellXfs></styleSheet>"#,
    r#"<workbook xmlns:r="r"><sheets><sheet name="One" sheetId="1" r:id="r1"/></sheets></workbook>"#,
];

thread_local! {
    static FILE: RefCell<NamedTempFile> = RefCell::new(NamedTempFile::new().expect("a temporary file"));
}

fuzz_target!(|data: &[u8]| {
    let [options, content @ ..] = data else {
        return;
    };
    let content = if options & 1 == 1 {
        content.to_vec()
    } else {
        packed(content)
    };
    FILE.with_borrow(|file| {
        fs::write(file.path(), content).expect("the file is written");
        let read = read(file, &chosen(*options));
        if let Err(error) = read {
            assert!(!error.to_string().is_empty());
            let _ = (error.hint(), error.user_hint());
        }
    });
});

fn packed(content: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(content);
    let mut given = text.split("\n==\n");
    let mut part = |default: &str| {
        given
            .next()
            .filter(|part| !part.is_empty())
            .unwrap_or(default)
            .to_owned()
    };
    let [sheet, texts, styles, workbook] = DEFAULTS.map(&mut part);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", SHEETS),
        ("xl/styles.xml", &styles),
        ("xl/sharedStrings.xml", &texts),
        ("xl/worksheets/sheet1.xml", &sheet),
    ] {
        archive
            .start_file(name, SimpleFileOptions::default())
            .expect("a part");
        archive.write_all(content.as_bytes()).expect("a part");
    }
    archive.finish().expect("an archive").into_inner()
}

fn chosen(options: u8) -> WorkbookOptions {
    let flag = |number: u8| options >> number & 1 == 1;
    WorkbookOptions {
        sheet: if flag(1) {
            SheetChoice::Number(1)
        } else {
            SheetChoice::First
        },
        start_row: if flag(2) { 3 } else { 0 },
        allow_empty: flag(3),
        trim: flag(4),
        skip_hidden: flag(7),
        columns: ColumnOptions {
            header: !flag(5),
            normalize: flag(6),
            addresses: flag(0),
            ..ColumnOptions::default()
        },
    }
}

fn read(file: &NamedTempFile, options: &WorkbookOptions) -> Result<(), Error> {
    let mut workbook = Workbook::open(&file.path().into())?;
    let mut last = 0;
    workbook.rows(options, |row| {
        assert!(row.line() > last, "rows are in order");
        assert!(row.line() >= u64::from(options.start_row));
        last = row.line();
        assert_eq!(row.iter().count(), row.header().columns().len());
        let length: usize = row.iter().map(|(_, text)| text.len()).sum();
        assert!(length <= 2 * 1024 * 1024, "{length}");
        ControlFlow::Continue(())
    })
}
