//! Which character separates the fields of a file that does not say so.
//!
//! A candidate must split the first record. Among those that do, the one wins by which most records have as many fields
//! as the first; then the one that fewer spaces follow, since a space comes after a comma of prose; then the one with most
//! fields; then the first in [`CANDIDATES`]. Quotes are respected throughout. A file of one column has no separator, and
//! the comma does no harm there.

use std::cmp::Ordering;

use csv_core::{ReadRecordResult, ReaderBuilder};

/// What separates fields, the most usual first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Records that are looked at.
const SAMPLE_RECORDS: usize = 50;

/// Finds the separator of a file that starts with `sample`, which is all of it if `whole`.
pub(super) fn detect(sample: &[u8], whole: bool, comment: Option<u8>) -> u8 {
    let mut output = vec![0; sample.len() + 1];
    let mut ends = vec![0; sample.len() + 1];
    CANDIDATES
        .into_iter()
        .filter_map(|delimiter| {
            let parser = ReaderBuilder::new()
                .delimiter(delimiter)
                .comment(comment)
                .build();
            let trial = Candidate::of(parser, sample, whole, &mut output, &mut ends)?;
            Some((trial, delimiter))
        })
        // Of equals, `max_by` returns the last.
        .rev()
        .max_by(|(one, _), (other, _)| one.compare(other))
        .map_or(CANDIDATES[0], |(_, delimiter)| delimiter)
}

/// What came of one candidate.
struct Candidate {
    /// Fields of the first record.
    fields: usize,
    records: usize,
    /// Records with as many fields as the first, which is one of them.
    agreeing: usize,
    separators: usize,
    /// Separators that no space follows.
    tight: usize,
}

impl Candidate {
    /// Tries a parser; `None` where it does not split the first record.
    fn of(
        mut parser: csv_core::Reader,
        mut sample: &[u8],
        whole: bool,
        output: &mut [u8],
        ends: &mut [usize],
    ) -> Option<Self> {
        let mut trial: Option<Self> = None;
        let (mut length, mut count) = (0, 0);
        loop {
            let (result, read, written, ended) =
                parser.read_record(sample, &mut output[length..], &mut ends[count..]);
            sample = &sample[read..];
            length += written;
            count += ended;
            match result {
                ReadRecordResult::Record => {
                    let trial = trial.get_or_insert(Self {
                        fields: count,
                        records: 0,
                        agreeing: 0,
                        separators: 0,
                        tight: 0,
                    });
                    trial.add(&output[..length], &ends[..count]);
                    if trial.fields < 2 {
                        return None;
                    }
                    if trial.records == SAMPLE_RECORDS {
                        break;
                    }
                    (length, count) = (0, 0);
                }
                // The record that the sample ends in is known only if nothing comes behind it.
                ReadRecordResult::InputEmpty if whole && read > 0 => {}
                _ => break,
            }
        }
        trial
    }

    fn add(&mut self, text: &[u8], ends: &[usize]) {
        self.records += 1;
        self.agreeing += usize::from(ends.len() == self.fields);
        let starts = &ends[..ends.len().saturating_sub(1)];
        self.separators += starts.len();
        self.tight += starts
            .iter()
            .filter(|at| text.get(**at) != Some(&b' '))
            .count();
    }

    fn compare(&self, other: &Self) -> Ordering {
        share(self.agreeing, other.records)
            .cmp(&share(other.agreeing, self.records))
            .then_with(|| {
                share(self.tight, other.separators).cmp(&share(other.tight, self.separators))
            })
            .then_with(|| self.fields.cmp(&other.fields))
    }
}

/// One side of a comparison of fractions, multiplied by the denominator of the other.
fn share(part: usize, of_other: usize) -> u128 {
    part as u128 * of_other as u128
}

#[cfg(test)]
mod tests {
    use super::detect;

    fn detected(text: &str) -> char {
        detect(text.as_bytes(), true, None).into()
    }

    #[test]
    fn the_separator_that_splits_evenly_wins() {
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
    fn a_single_column_has_none() {
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
    fn a_record_that_the_sample_cuts_is_not_counted() {
        assert_eq!(detect(b"a,b;c\n1,2;3\n1;2;3;4;5", false, None), b',');
    }
}
