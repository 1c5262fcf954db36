//! Records compared with those of the `csv` crate.

#![allow(clippy::unwrap_used, reason = "the input is known to be valid")]

use std::path::PathBuf;

use fastrand::Rng;

use super::{CsvRecord, RecordReader, TextReader};

/// The line and the fields of each record.
type Table = Vec<(u64, Vec<String>)>;

/// Reads `text` with a buffer of `buffer` bytes; `Err` is the line of a quote that is refused.
fn read(text: &str, buffer: usize, comment: Option<u8>) -> Result<Table, Option<u64>> {
    let input =
        TextReader::with_buffer(text.as_bytes(), PathBuf::new(), None, buffer).map_err(|_| None)?;
    let mut records = RecordReader::new(input, Some(b','), comment, 1).map_err(|_| None)?;
    let mut table = Vec::new();
    let mut record = records.parse().map_err(|error| error.line())?;
    while let Some(CsvRecord { line, fields }) = record {
        table.push((line, fields.iter().map(str::to_owned).collect()));
        record = records.read().map_err(|error| error.line())?;
    }
    Ok(table)
}

/// Reads `text` with the `csv` crate, and finds the line of each record from its byte offset.
fn read_with_csv(text: &str, comment: Option<u8>) -> Table {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .comment(comment)
        .from_reader(text.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let starts = records.iter().map(|record| {
        let byte = record.position().unwrap().byte();
        next_start(text.as_bytes(), usize::try_from(byte).unwrap(), comment)
    });
    let ends = starts.clone().skip(1).chain([text.len()]);
    let mut table = Vec::new();
    for ((start, end), record) in starts.zip(ends).zip(&records) {
        let is_blank = |letter: char| letter == ',' || letter.is_ascii_whitespace();
        let is_quoted = text[start..end].contains('"');
        if is_quoted || !record.iter().flat_map(str::chars).all(is_blank) {
            let fields = record.iter().map(str::to_owned).collect();
            table.push((line(&text[..start]), fields));
        }
    }
    table
}

/// Returns the start of the next record from the end of the last one.
fn next_start(text: &[u8], mut at: usize, comment: Option<u8>) -> usize {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    while let Some(byte) = text.get(at) {
        if is_end(byte) {
            at += 1;
        } else if Some(*byte) == comment {
            at += text[at..].iter().take_while(|byte| !is_end(byte)).count();
        } else {
            break;
        }
    }
    at
}

fn line(before: &str) -> u64 {
    let pairs = before.matches("\r\n").count();
    let ends = before.matches(['\r', '\n']).count();
    (ends - pairs + 1) as u64
}

fn random_text(rng: &mut Rng, pieces: &[&str]) -> String {
    let count = rng.usize(0..40);
    (0..count)
        .filter_map(|_| rng.choice(pieces).copied())
        .collect()
}

#[test]
fn records_match_the_csv_crate_with_any_buffer_size() {
    const PIECES: [&str; 14] = [
        "a", "bc", "Zoë", "李", " ", ",", ",", "\n", "\n", "\r\n", "\r", "\"", "\"x,\n\"", "\"\"",
    ];
    let mut rng = Rng::with_seed(5);
    let mut agreed = 0;
    for _ in 0..2_000 {
        let text = random_text(&mut rng, &PIECES);
        let whole = read(&text, 4096, None);
        for buffer in [4, 5, 7, 8, 11, 16, 23, 64] {
            assert_eq!(read(&text, buffer, None), whole, "{text:?} by {buffer}");
        }
        // The csv crate accepts quotes anywhere.
        if let Ok(table) = whole {
            assert_eq!(table, read_with_csv(&text, None), "{text:?}");
            agreed += 1;
        }
    }
    assert!(agreed > 250, "{agreed}");
}

/// The `csv` crate continues a comment after a lone carriage return, so there are none here.
#[test]
fn comments_are_skipped_with_any_buffer_size() {
    const PIECES: [&str; 8] = ["a", "李", " ", ",", "#", "\n", "\r\n", "\n#,x"];
    let mut rng = Rng::with_seed(6);
    for _ in 0..1_000 {
        let text = random_text(&mut rng, &PIECES);
        let expected = Ok(read_with_csv(&text, Some(b'#')));
        for buffer in [4, 7, 16, 4096] {
            assert_eq!(
                read(&text, buffer, Some(b'#')),
                expected,
                "{text:?} by {buffer}"
            );
        }
    }
}
