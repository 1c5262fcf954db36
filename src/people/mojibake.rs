//! Words in UTF-8 that were read in another encoding, such as `MÃ¼ller`.

use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use super::domain::mixed_scripts;

/// Encodings in which UTF-8 is read by mistake, and how many letters must have been read so. More than one where single words can be
/// read as UTF-8 by chance.
const WRONG_ENCODINGS: [(&Encoding, usize); 4] = [
    (WINDOWS_1252, 1),
    (MACINTOSH, 1),
    (WINDOWS_1250, 1),
    (WINDOWS_1251, 2),
];

/// Returns what `word` was before it was read in the wrong encoding, once or twice.
pub(super) fn undo_wrong_encoding(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    for (encoding, count) in WRONG_ENCODINGS {
        let Some(once) = decode_again(word, encoding) else {
            continue;
        };
        let twice = decode_again(&once, encoding);
        let mut readings = twice.into_iter().chain([once]);
        let right = readings.find(|right| is_plausible(right, word, count));
        if right.is_some() {
            return right;
        }
    }
    // Cyrillic or Greek letters that were read as Western ones. No name has four accents and no other letter.
    let is_accented = |letter| ('\u{C0}'..='\u{FF}').contains(&letter);
    if word.chars().count() > 3 && word.chars().all(is_accented) {
        let (bytes, _, _) = WINDOWS_1252.encode(word);
        return Some(WINDOWS_1251.decode(&bytes).0.into_owned());
    }
    // The second byte of `à` is a space in these encodings.
    let mut letters = word.chars();
    let is_cut = |letter| matches!(letter, 'Ã' | 'Â');
    (letters.next_back().is_some_and(is_cut) && letters.next_back().is_some_and(char::is_lowercase))
        .then(|| word.replace('Ã', "à").replace('Â', ""))
}

/// Reads the bytes of `word` in `encoding` as UTF-8.
fn decode_again(word: &str, encoding: &'static Encoding) -> Option<String> {
    let (bytes, _, is_lossy) = encoding.encode(word);
    let right = str::from_utf8(&bytes).ok().filter(|_| !is_lossy);
    right.map(ToOwned::to_owned)
}

/// Returns whether a person writes `right`, and so not `word`.
fn is_plausible(right: &str, word: &str, count: usize) -> bool {
    let mut found = right.chars().filter(|letter| !letter.is_ascii());
    // Other accents and letters of phonetic alphabets are what names with `Í` and `É` would be read as by chance.
    let is_written = |letter: char| match letter {
        '\u{180}'..='\u{19F}' | '\u{1B1}'..='\u{217}' | '\u{21C}'..='\u{2FF}' => false,
        '’'
        | '‘'
        | '“'
        | '”'
        | '–'
        | '—'
        | '·'
        | '\u{300}'..='\u{30C}'
        | '\u{31B}'
        | '\u{323}'..='\u{328}' => true,
        _ => letter.is_alphabetic(),
    };
    // `É–` in a name in capitals is not `ɖ`.
    let has_small = word.contains(|letter: char| letter.is_ascii_lowercase());
    let has_capitals = word.contains(|letter: char| letter.is_ascii_uppercase());
    let suits = |letter: char| has_small || !has_capitals || !letter.is_lowercase();
    found.clone().count() >= count
        && found.all(|letter| is_written(letter) && suits(letter))
        && mixed_scripts(right).is_none()
}
