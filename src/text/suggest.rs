//! "Did you mean": the known name nearest to an unknown one.

/// Returns the candidate nearest to `name`, if it is near enough to be what was meant.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = name.to_lowercase();
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .map(|candidate| {
            let other = candidate.to_lowercase();
            let similarity = strsim::jaro_winkler(&lower, &other);
            let distance = strsim::osa_distance(&lower, &other);
            let letters = lower.chars().count();
            // In a short word, one edit weighs too much in the ratio.
            let close = distance <= 1 + letters / 5;
            let similarity = if close {
                similarity.max(0.86)
            } else {
                similarity
            };
            let others = other.chars().count();
            // Short words resemble any other short word, so only a missing letter is allowed in them.
            let allowed = match letters {
                0 | 1 => 0,
                2 | 3 => usize::from(others > letters),
                _ => letters.max(others) / 3,
            };
            let extends = letters > 2 && other.starts_with(&lower);
            let is_near = (distance <= allowed
                && (distance <= 1 || differs_little(&lower, &other)))
                || extends;
            (if is_near { similarity } else { 0.0 }, candidate)
        })
        .filter(|(similarity, _)| *similarity > 0.85)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Whether the words in which two names differ resemble each other: `write_csv` and `write_text` mean different things.
fn differs_little(name: &str, other: &str) -> bool {
    let (words, others): (Vec<&str>, Vec<&str>) =
        (name.split('_').collect(), other.split('_').collect());
    if words.len() != others.len() || words.len() == 1 {
        return true;
    }
    let mut pairs = words.iter().zip(&others);
    pairs.all(|(word, other)| {
        let letters = word.chars().count().max(other.chars().count());
        strsim::osa_distance(word, other) <= letters / 3
    })
}

/// Asks "did you mean", if a candidate is near enough.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, candidates).map(|likely| format!("did you mean `{likely}`?"))
}

/// Asks "did you mean", or lists all candidates if none is near enough.
pub(crate) fn did_you_mean_or_list(name: &str, known: &[&str]) -> String {
    did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("known: `{}`", known.join("`, `")))
}
/// The bytes of the longest letter: one letter more or less is no more.
const MAX_BYTES_APART: usize = 4;

/// Returns the candidate that `name` certainly means: the same word with another case or other underscores, with two letters
/// swapped, or with one letter too many or too few. Digits, short words and an `s` at the end make a difference in meaning, and
/// so does another candidate that is as near.
pub(crate) fn only_typo<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let letters = |word: &str| word.bytes().filter(|byte| *byte != b'_').count();
    let own_letters = letters(name);
    let mut near: Vec<&str> = candidates
        .into_iter()
        // There may be very many, and most are no nearer than this.
        .filter(|candidate| letters(candidate).abs_diff(own_letters) <= MAX_BYTES_APART)
        .filter(|candidate| *candidate != name)
        .filter(|candidate| {
            let other = candidate.to_lowercase();
            strsim::osa_distance(&lower, &other) <= 1 || is_typo(&lower, &other)
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    match near.as_slice() {
        [only] if is_typo(&lower, &only.to_lowercase()) => Some(only),
        _ => None,
    }
}

/// Compares lower-case words.
fn is_typo(name: &str, other: &str) -> bool {
    if name.replace('_', "") == other.replace('_', "") {
        return true;
    }
    let parts: Vec<(&str, &str)> = name.split('_').zip(other.split('_')).collect();
    let same_number = name.split('_').count() == other.split('_').count();
    let mut different = parts.iter().filter(|(a, b)| a != b);
    match (different.next(), different.next()) {
        (Some((a, b)), None) => same_number && (is_swapped(a, b) || is_missing_one(a, b)),
        _ => false,
    }
}

/// Whether two neighboring letters are swapped.
fn is_swapped(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let differs = |at: &usize| a.get(*at) != b.get(*at);
    let places: Vec<usize> = (0..a.len().max(b.len())).filter(differs).collect();
    match places.as_slice() {
        [first, second] => {
            *second == first + 1
                && a.len() == b.len()
                && (a[*first], a[*second]) == (b[*second], b[*first])
                && a[*first].is_alphabetic()
                && a[*second].is_alphabetic()
        }
        _ => false,
    }
}

/// Whether one word has a letter more than the other, which is not the `s` of a plural.
fn is_missing_one(a: &str, b: &str) -> bool {
    const MIN_LETTERS: usize = 4;
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let letters: Vec<char> = long.chars().collect();
    if letters.len() < MIN_LETTERS || long.strip_suffix('s') == Some(short) {
        return false;
    }
    (0..letters.len()).any(|at| {
        let rest = letters[..at].iter().chain(&letters[at + 1..]);
        letters[at].is_alphabetic() && rest.collect::<String>() == short
    })
}

#[cfg(test)]
mod tests {
    use super::only_typo;

    #[test]
    fn only_a_certain_typo_is_found() {
        let known = [
            "read_csv",
            "read_xlsx",
            "due_date",
            "email",
            "rows",
            "team_a",
            "team_b",
            "plus_days",
            "day_1",
        ];
        let of = |name| only_typo(name, known);
        assert_eq!(of("read_cvs"), Some("read_csv"));
        assert_eq!(of("readCsv"), Some("read_csv"));
        assert_eq!(of("emial"), Some("email"));
        assert_eq!(of("emaill"), Some("email"));
        assert_eq!(of("dueDate"), Some("due_date"));
        for unclear in [
            "row", "team_c", "team", "plus_day", "day_2", "emaik", "mail_e", "x",
        ] {
            assert_eq!(of(unclear), None, "{unclear}");
        }
        assert_eq!(only_typo("colour", ["colours", "color"]), None);
    }
}
