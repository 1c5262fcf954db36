//! Names without a comma that have their last name first and in capitals: `DUPONT Marie`. The rules are at the head of `people`.

use super::word_lists::is_particle;

/// Returns how many of the first `words` are the last name, which is in capitals before a first name that is not. Titles and suffixes
/// around the name are not among the words.
pub(super) fn capital_last_name(words: &[&str]) -> Option<usize> {
    let is_last_name = |(at, word): &(usize, &&str)| {
        is_capital(word)
            || (is_particle(word, None) && words.iter().skip(at + 1).any(|word| is_capital(word)))
    };
    let count = words.iter().enumerate().take_while(is_last_name).count();
    let (last, first) = words.split_at(count);
    // `SAINT-EXUPÉRY Antoine de`
    let is_first_name = |word: &&str| {
        is_particle(word, None)
            || (word.starts_with(char::is_uppercase)
                && !is_capital(word)
                && (word.contains(char::is_lowercase) || word.trim_end_matches('.').len() == 1))
    };
    let is_whole = !last.is_empty()
        && first.iter().all(is_first_name)
        && first.first()?.starts_with(char::is_uppercase)
        && first.first()?.contains(char::is_lowercase);
    is_whole.then_some(count)
}

/// Returns whether words in capitals are a last name even in a list of other names, and not initials as in `AJ Smith`.
pub(super) fn is_certain(last_name: &[&str]) -> bool {
    let is_vowel = |letter: char| "AEIOUY".contains(letter) || !letter.is_ascii();
    let mut words = last_name.iter().filter(|word| is_capital(word));
    words.any(|word| word.chars().count() > 2 && word.contains(is_vowel))
}

/// Returns whether `word` has several letters and all of them are capitals, as in `O'BRIEN` and `McDONALD`.
fn is_capital(word: &str) -> bool {
    let word = word
        .strip_prefix("Mc")
        .or(word.strip_prefix("Mac"))
        .unwrap_or(word);
    let mut letters = word
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .peekable();
    letters.peek().is_some()
        && letters.clone().nth(1).is_some()
        && letters.all(char::is_uppercase)
        && !word.contains(|c: char| c.is_numeric())
}
