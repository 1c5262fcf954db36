//! CSV files: two bytes of options, then the file. Rows must be the same as those of the `csv` crate, if both can read the file.
#![no_main]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gradient_bulk::internals::table::{Charset, ColumnOptions, CsvOptions, CsvReader};
use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;

thread_local! {
    static FILE: RefCell<NamedTempFile> = RefCell::new(NamedTempFile::new().expect("a temporary file"));
}

fuzz_target!(|data: &[u8]| {
    let [first, second, text @ ..] = data else {
        return;
    };
    FILE.with_borrow(|file| {
        fs::write(file.path(), text).expect("the file is written");
        read(file.path(), &options(*first, *second), text);
    });
});

fn options(first: u8, second: u8) -> CsvOptions {
    let flag = |number: u8| first >> number & 1 == 1;
    let charsets = Charset::common_labels();
    CsvOptions {
        allow_empty: flag(0),
        trim: flag(1),
        columns: ColumnOptions {
            header: !flag(2),
            normalize: flag(3),
            columns: match first >> 6 {
                3 => vec!["email".to_owned(), "name".to_owned()],
                _ => Vec::new(),
            },
            aliases: match first >> 6 {
                2 => ["email", "name"]
                    .map(|name| (name.to_owned(), vec!["mail".to_owned()]))
                    .into(),
                _ => BTreeMap::new(),
            },
            addresses: flag(1),
        },
        comment: flag(4).then_some(b'#'),
        encoding: Charset::for_label(charsets[usize::from(second >> 2) % charsets.len()])
            .filter(|_| flag(5)),
        delimiter: [None, Some(b','), Some(b';'), Some(b'\t')][usize::from(second & 3)],
    }
}

fn read(path: &Path, options: &CsvOptions, text: &[u8]) {
    let csv = match CsvReader::open(&path.into(), options) {
        Ok(csv) => csv,
        Err(error) => return check_error(&error, text),
    };
    let columns = csv.header().columns().len();
    let mut line = 0;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in csv {
        let row = match row {
            Ok(row) => row,
            Err(error) => return check_error(&error, text),
        };
        assert!(row.line() > line, "rows are in order");
        line = row.line();
        let fields: Vec<String> = row.iter().map(|(_, field)| field.to_owned()).collect();
        assert_eq!(fields.len(), columns);
        rows.push(fields);
    }
    assert!(line <= max_lines(text), "line {line} is in the file");
    let is_plain = !options.trim && options.comment.is_none() && options.encoding.is_none();
    if is_plain && text.is_ascii() && !text.starts_with(b"sep=") {
        compare_with_csv_crate(options, text, &rows);
    }
}

/// An error has a message, and its line is in the file.
fn check_error(error: &gradient_bulk::internals::table::Error, text: &[u8]) {
    assert!(
        error.line().is_none_or(|line| line <= max_lines(text) + 1),
        "{error}"
    );
    assert!(!error.to_string().is_empty());
    let _ = error.hint();
}

/// The maximum number of lines: a carriage return may end a line, and may be half of a UTF-16 code unit.
fn max_lines(text: &[u8]) -> u64 {
    1 + text
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count() as u64
}

fn compare_with_csv_crate(options: &CsvOptions, text: &[u8], rows: &[Vec<String>]) {
    let Some(delimiter) = options.delimiter else {
        return;
    };
    let theirs: Result<Vec<Vec<String>>, csv::Error> = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text)
        .deserialize()
        .collect();
    // Whether a line of empty fields is a row depends on its quotes, which the crate does not report.
    let is_filled = |row: &&Vec<String>| row.iter().any(|field| !field.trim().is_empty());
    let theirs = theirs.expect("both read it");
    let theirs = theirs.iter().filter(is_filled);
    let theirs: Vec<_> = theirs.skip(options.columns.header.into()).collect();
    let ours: Vec<_> = rows.iter().filter(is_filled).collect();
    assert_eq!(ours, theirs);
}
