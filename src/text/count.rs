//! Numbers, counts and lists in words: `12,345`, `1 row`, `2 rows`, `a, b and c`.

use std::borrow::Cow;

use super::escape::escape_line;

/// How many items of a long list are named; the others are only counted.
const MAX_LISTED: usize = 10;

/// Groups the digits of a number by thousands: `12,345`.
pub(crate) fn group_digits(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Returns `noun` in the form that follows `number`: `row` after 1, otherwise `rows`; `entry` becomes `entries`, `address`
/// becomes `addresses`.
pub(crate) fn plural(number: impl TryInto<u64>, noun: &str) -> Cow<'_, str> {
    if to_u64(number) == 1 {
        return Cow::Borrowed(noun);
    }
    match noun.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => Cow::Owned(format!("{stem}ies")),
        _ if noun.ends_with('s') => Cow::Owned(format!("{noun}es")),
        _ => Cow::Owned(format!("{noun}s")),
    }
}

/// Returns a number and its noun: `1 row`, `2000 rows`.
pub(crate) fn count(number: impl TryInto<u64>, noun: &str) -> String {
    let number = to_u64(number);
    format!("{number} {}", plural(number, noun))
}

/// Returns a number with grouped digits and its noun: `1 row`, `2,000 rows`.
pub(crate) fn count_grouped(number: impl TryInto<u64>, noun: &str) -> String {
    let number = to_u64(number);
    format!("{} {}", group_digits(number), plural(number, noun))
}

/// Returns the verb for `number` things: `is` for 1, otherwise `are`.
pub(crate) fn is_or_are(number: impl TryInto<u64>) -> &'static str {
    if to_u64(number) == 1 { "is" } else { "are" }
}

/// Joins items in words: `a, b and c` with the `conjunction` "and".
pub(crate) fn join_words(items: &[String], conjunction: &str) -> String {
    match items.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

/// Joins the first of `total` items, escaped, and counts the others: `2, 3, and 7 more`.
pub(crate) fn join_first(items: impl IntoIterator<Item = String>, total: u64) -> String {
    let items = items.into_iter().take(MAX_LISTED);
    let mut items: Vec<String> = items.map(|item| escape_line(&item)).collect();
    let more = total.saturating_sub(items.len() as u64);
    if more > 0 {
        items.push(format!("and {more} more"));
    }
    items.join(", ")
}

/// Joins names as [`join_words`] does, each in backticks.
pub(crate) fn join_names(names: &[String], conjunction: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    join_words(&quoted, conjunction)
}

fn to_u64(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{count, count_grouped, join_names, plural};

    #[test]
    fn nouns_follow_their_number() {
        for (number, noun, expected) in [
            (0, "row", "0 rows"),
            (1, "row", "1 row"),
            (1_000, "row", "1000 rows"),
            (2, "entry", "2 entries"),
            (2, "key", "2 keys"),
        ] {
            assert_eq!(count(number, noun), expected);
        }
        assert_eq!(count_grouped(1_000_000, "row"), "1,000,000 rows");
        assert_eq!(plural(1, "entry"), "entry");
    }

    #[test]
    fn names_are_joined_in_words() {
        let names = ["a", "b", "c"].map(str::to_owned);
        for (length, expected) in [
            (0, "none"),
            (1, "`a`"),
            (2, "`a` or `b`"),
            (3, "`a`, `b` or `c`"),
        ] {
            assert_eq!(join_names(&names[..length], "or"), expected);
        }
    }
}
