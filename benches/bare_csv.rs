//! Reads a CSV file with the `csv` crate alone, and prints the number of records and the seconds; used by `benches/files`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its result and panics on errors"
)]

use std::time::Instant;

use csv::StringRecord;

fn main() {
    let path = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let Some(path) = path else {
        return;
    };
    let start = Instant::now();
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut record = StringRecord::new();
    let mut records = 0;
    while reader.read_record(&mut record).unwrap() {
        records += 1;
    }
    println!("{records} {}", start.elapsed().as_secs_f64());
}
