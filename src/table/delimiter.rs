//! Detecting the delimiter of a CSV file.
//!
//! A candidate must split the first record. Among those, the winner is the one with the most records that have as many
//! fields as the first; then the one that is followed by fewer spaces, since commas in prose are; then the one with the
//! most fields; then the first in [`CANDIDATES`]. Quotes are respected throughout. A file with one column has no delimiter,
//! and the comma does no harm there.

use std::cmp::Ordering;

use csv::{ByteRecord, ReaderBuilder};

/// The most common one first.
pub(super) const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many records are examined.
const SAMPLE_RECORDS: usize = 50;

/// Detects the delimiter of a file that starts with `sample`, which is the whole file if `whole`.
pub(super) fn detect(sample: &[u8], whole: bool, comment: Option<u8>) -> u8 {
    CANDIDATES
        .into_iter()
        .filter_map(|delimiter| {
            let records = ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(delimiter)
                .comment(comment)
                .from_reader(sample)
                .into_byte_records();
            Some((Candidate::of(records.flatten(), whole)?, delimiter))
        })
        // `max_by` returns the last of equal elements.
        .rev()
        .max_by(|(one, _), (other, _)| one.compare(other))
        .map_or(CANDIDATES[0], |(_, delimiter)| delimiter)
}

/// How well a delimiter splits the sample.
struct Candidate {
    /// Number of fields in the first record.
    fields: usize,
    records: usize,
    /// Records with as many fields as the first, including it.
    agreeing: usize,
    delimiters: usize,
    /// Delimiters that are not followed by a space.
    without_space: usize,
}

impl Candidate {
    /// Examines the records of the sample; `None` if the first one has only one field. The last one is complete if the sample
    /// is the `whole` file.
    fn of(records: impl Iterator<Item = ByteRecord>, whole: bool) -> Option<Self> {
        let mut records = records.peekable();
        let fields = records.peek()?.len();
        let mut candidate = Self {
            fields,
            records: 0,
            agreeing: 0,
            delimiters: 0,
            without_space: 0,
        };
        while let Some(record) = records.next().filter(|_| fields > 1)
            && candidate.records < SAMPLE_RECORDS
            && (whole || records.peek().is_some())
        {
            candidate.add(&record);
        }
        (candidate.records > 0).then_some(candidate)
    }

    fn add(&mut self, record: &ByteRecord) {
        self.records += 1;
        self.agreeing += usize::from(record.len() == self.fields);
        self.delimiters += record.len().saturating_sub(1);
        let others = record.iter().skip(1);
        self.without_space += others.filter(|field| !field.starts_with(b" ")).count();
    }

    fn compare(&self, other: &Self) -> Ordering {
        cross_product(self.agreeing, other.records)
            .cmp(&cross_product(other.agreeing, self.records))
            .then_with(|| {
                cross_product(self.without_space, other.delimiters)
                    .cmp(&cross_product(other.without_space, self.delimiters))
            })
            .then_with(|| self.fields.cmp(&other.fields))
    }
}

/// Returns a numerator times the denominator of the other fraction, to compare two fractions.
fn cross_product(numerator: usize, other_denominator: usize) -> u128 {
    numerator as u128 * other_denominator as u128
}

#[cfg(test)]
mod tests {
    use super::detect;

    fn detected(text: &str) -> char {
        detect(text.as_bytes(), true, None).into()
    }

    #[test]
    fn the_delimiter_that_splits_records_evenly_wins() {
        for (text, expected) in [
            ("name,email\nJane,j@x\n", ','),
            ("name;email\nJane;j@x\n", ';'),
            ("name\temail\nJane\tj@x\n", '\t'),
            ("name|email\nJane|j@x\n", '|'),
            (
                "name;email;rate\nSmith, Jane;j@x;1,5\nDoe, Bo;b@x;2,5\n",
                ';',
            ),
            ("Name, Vorname;E-Mail\nMüller, Anna;a@x\n", ';'),
            ("Name, First, Title;E-mail\nSmith, Jane, Dr;j@x\n", ';'),
            ("name, email, team\nJane, j@x, a; b\n", ','),
            ("name,note\nJane,a; b\nBo,c\n", ','),
            ("\"a;b\",c\n\"1;2\",3\n", ','),
            ("\"a\nb\";c;d\n1;2;3\n", ';'),
            ("a;b;c", ';'),
        ] {
            assert_eq!(detected(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_single_column_has_no_delimiter() {
        for text in [
            "",
            "\n\n",
            "email",
            "email\nj@x\nb@x\n",
            "email\na;b\nc|d\n",
            "note\n\"a,b\"\n",
        ] {
            assert_eq!(detected(text), ',', "{text:?}");
        }
    }

    #[test]
    fn an_incomplete_last_record_is_ignored() {
        assert_eq!(detect(b"a,b;c\n1,2;3\n1;2;3;4;5", false, None), b',');
    }
}
