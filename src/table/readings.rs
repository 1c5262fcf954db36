//! How a line that is not text in one encoding would read in others.
//!
//! Nearly every byte is a letter in every old encoding, so no program can know which one a file has, but a person who knows
//! the names in it sees at once which reading is right.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use icu_normalizer::DecomposingNormalizer;
use memchr::{memchr2, memrchr2};
use unicode_security::mixed_script::AugmentedScriptSet;

use super::charset::Charset;

/// The encodings that spreadsheets in Western languages save, most common first.
const USUAL: [&str; 5] = [
    "windows-1252",
    "macintosh",
    "cp850",
    "cp437",
    "windows-1250",
];

/// What people write next to letters.
const PUNCTUATION: &str = "’‘‚“”„«»–—…";

/// How many characters of a line are shown.
const SHOWN_CHARS: usize = 60;

/// What comes before a byte that is not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextBefore {
    /// A byte order mark, so the file has no other encoding.
    Marked,
    /// Characters of UTF-8 that are not ASCII, so it may be the encoding of the other lines.
    Utf8,
    /// Nothing, or ASCII, which is the same in most encodings.
    Ascii,
}

/// A line as it would read in an encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The label of the encoding.
    pub encoding: String,
    /// Other encodings in which the line reads the same, though other lines may not.
    pub others: Vec<String>,
    /// The line, or the part around the characters that are not ASCII.
    pub text: String,
}

/// Returns how the line at the byte `at` of `sample` reads in the encodings in which it is text, without `except`. Those in which it looks like text come first. `is_whole` if the sample is the rest of the file.
pub(super) fn readings(sample: &[u8], at: usize, except: Charset, is_whole: bool) -> Vec<Reading> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, is_whole);
    let guess = Charset::standard(detector.guess(None, Utf8Detection::Allow));
    let usual = USUAL.iter().filter_map(|label| Charset::for_label(label));
    let line = line_at(sample, at);
    let mut found: Vec<(usize, Reading)> = Vec::new();
    for charset in [guess].into_iter().chain(usual) {
        let Some(shown) = charset.decode_all(line).filter(|_| charset != except) else {
            continue;
        };
        let reading = Reading {
            encoding: charset.name().to_lowercase(),
            others: Vec::new(),
            text: shorten(&shown),
        };
        // The end of the sample may cut a character.
        let text = charset.decode_all(sample).unwrap_or(shown);
        found.push((implausible(&text), reading));
    }
    found.sort_by_key(|(implausible, _)| *implausible);
    let mut readings: Vec<Reading> = Vec::new();
    for (_, reading) in found {
        let mut known = readings.iter_mut();
        match known.find(|known| known.text == reading.text) {
            Some(known) if known.encoding != reading.encoding => {
                known.others.push(reading.encoding);
            }
            Some(_) => {}
            None => readings.push(reading),
        }
    }
    readings
}

/// Returns the line that contains the byte `at`, without its line end.
fn line_at(sample: &[u8], at: usize) -> &[u8] {
    let (before, after) = sample.split_at(at.min(sample.len()));
    let start = memrchr2(b'\n', b'\r', before).map_or(0, |end| end + 1);
    let end = memchr2(b'\n', b'\r', after).unwrap_or(after.len());
    &sample[start..at.min(sample.len()) + end]
}

/// Counts the characters that names do not have: symbols next to letters, upper case after lower case, letters of two scripts
/// next to each other, and forms of ASCII letters such as `ⁿ` and `ﬁ`.
fn implausible(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let is_odd = |index: usize| {
        let letter = letters[index];
        let before = index.checked_sub(1).map(|before| letters[before]);
        let after = letters.get(index + 1).copied();
        let beside = || [before, after].into_iter().flatten();
        let touches = beside().any(char::is_alphabetic);
        let is_symbol = !letter.is_alphabetic() && !PUNCTUATION.contains(letter);
        !letter.is_ascii()
            && ((is_symbol && touches)
                || letter.is_control()
                || (letter.is_uppercase() && before.is_some_and(char::is_lowercase))
                || (letter.is_lowercase() && after.is_some_and(char::is_uppercase))
                || (letter.is_alphabetic()
                    && beside().any(|other| differ_in_script(letter, other)))
                || is_ascii_form(letter))
    };
    (0..letters.len()).filter(|index| is_odd(*index)).count()
}

/// Returns whether two letters are of scripts that are not written together, as those of Japanese are.
fn differ_in_script(letter: char, other: char) -> bool {
    let mut scripts = AugmentedScriptSet::for_char(letter);
    scripts.intersect_with(AugmentedScriptSet::for_char(other));
    other.is_alphabetic() && scripts.is_empty()
}

/// Returns whether `letter` is another form of ASCII letters.
fn is_ascii_form(letter: char) -> bool {
    let mut plain = DecomposingNormalizer::new_nfkd().normalize_iter(std::iter::once(letter));
    letter.is_alphabetic() && plain.all(|letter| letter.is_ascii())
}

/// Cuts a long line around its first character that is not ASCII.
fn shorten(line: &str) -> String {
    let letters: Vec<char> = line.trim().chars().collect();
    if letters.len() <= SHOWN_CHARS {
        return letters.into_iter().collect();
    }
    let first = letters.iter().position(|letter| !letter.is_ascii());
    let start = first.unwrap_or(0).saturating_sub(SHOWN_CHARS / 2);
    let end = (start + SHOWN_CHARS).min(letters.len());
    let mut text = String::from_iter(&letters[start..end]);
    if start > 0 {
        text.insert(0, '…');
    }
    if end < letters.len() {
        text.push('…');
    }
    text
}
