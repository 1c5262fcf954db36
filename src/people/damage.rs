//! Names that were damaged on their way, or never filled in: wrong encodings, lost letters, markup, merge fields, errors of
//! spreadsheets, and characters that cannot be seen or look like others.

use super::domain::{MixedScripts, mixed_scripts};
use super::lost_letters::lost_letter;
use super::mojibake::undo_wrong_encoding;
use super::note::find_note;
use super::placeholder::is_placeholder;
use super::suffixes::is_suffix;
use crate::text::{describe_letter, describe_letters, is_invisible, is_private_use};

/// What is wrong with a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("lost letters: {0}")]
    LostLetter(String),
    /// UTF-8 that was read in another encoding.
    #[error("the wrong encoding, perhaps for `{0}`")]
    Encoding(String),
    #[error("an error of a spreadsheet")]
    SpreadsheetError,
    #[error("a formula")]
    Formula,
    #[error("a merge field")]
    MergeField,
    #[error("HTML")]
    Html,
    #[error("an escape `{0}`")]
    Escape(String),
    #[error("{0} inside")]
    Invisible(String),
    #[error("{0}")]
    MixedScripts(MixedScripts),
    #[error("{0}")]
    Symbol(String),
    /// Pronouns, or what somebody noted about a person.
    #[error("`{0}` is not part of a name")]
    Note(String),
}

/// Pairs of signs around a merge field. Nothing else in a name has them.
const MERGE_FIELDS: [(&str, &str); 11] = [
    ("{", "}"),
    ("<<", ">>"),
    ("<%", "%>"),
    ("[[", "]]"),
    ("*|", "|*"),
    ("%%", "%%"),
    ("__", "__"),
    ("%", "%"),
    ("$", "$"),
    ("|", "|"),
    ("#", "#"),
];

/// Prefixes of last names that a capital follows.
const CAPITAL_FOLLOWS: [&str; 12] = [
    "Al", "De", "Del", "Di", "Du", "El", "La", "Le", "Mac", "Mc", "Nic", "Van",
];

/// Quotation marks around a whole name, which an export has left.
const QUOTES: [(char, char); 11] = [
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('`', '\''),
    ('´', '´'),
    ('‘', '’'),
    ('‚', '‘'),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('”', '”'),
];

/// Returns what is wrong with a name that is not an address.
pub(super) fn find_damage(name: &str) -> Option<Damage> {
    let words = || name.split(char::is_whitespace);
    let misplaced = || find_misplaced(name).map(|mark| Damage::Symbol(describe_letter(mark)));
    let lost = || {
        let word = words().find(|word| lost_letter(word))?;
        Some(Damage::LostLetter(format!("`{word}`")))
    };
    // Most names need no other checks.
    let mut has_mark = false;
    let is_plain = |byte: u8| {
        let is_mark = matches!(byte, b'.' | b',' | b'\'' | b'-');
        has_mark |= is_mark;
        is_mark || byte == b' ' || byte.is_ascii_alphabetic()
    };
    if name.bytes().all(is_plain) {
        let marked = || misplaced().or_else(|| find_note(name).map(Damage::Note));
        return lost().or_else(|| marked().filter(|_| has_mark));
    }
    if name.contains('\u{FFFD}') {
        return Some(Damage::LostLetter(describe_letter('\u{FFFD}')));
    }
    if let Some(word) = words().find_map(undo_wrong_encoding) {
        return Some(Damage::Encoding(word));
    }
    if words().any(is_spreadsheet_error) {
        return Some(Damage::SpreadsheetError);
    }
    if name.starts_with('=') && !name.starts_with("=?") {
        return Some(Damage::Formula);
    }
    if let Some(escape) = find_escape(name) {
        return Some(Damage::Escape(escape));
    }
    if has_merge_field(name) {
        return Some(Damage::MergeField);
    }
    if has_html(name) {
        return Some(Damage::Html);
    }
    let invisible = name.char_indices().filter(|(at, letter)| {
        is_invisible(*letter) && !belongs(*letter, name.get(..*at).unwrap_or_default())
    });
    let mut invisible = invisible.map(|(_, letter)| letter).peekable();
    if invisible.peek().is_some() {
        return Some(Damage::Invisible(describe_letters(invisible)));
    }
    if let Some(mixed) = words().find_map(mixed_scripts) {
        return Some(Damage::MixedScripts(mixed));
    }
    // `Jos?`, `M?ller`
    if name.contains('?') && name.contains(char::is_alphabetic) {
        return Some(Damage::LostLetter("`?`".to_owned()));
    }
    if let Some(note) = find_note(name) {
        return Some(Damage::Note(note));
    }
    let symbol = words()
        .filter(|word| !is_suffix(word.trim_matches(',')))
        .find_map(find_symbol);
    symbol
        .or_else(|| words().find_map(inner_capital))
        .map(|letter| Damage::Symbol(describe_letter(letter)))
        .or_else(misplaced)
        .or_else(lost)
}

/// Returns whether `word` is an error of a spreadsheet, in any language: `#N/A`, `#NV`, `#BEZUG!`, `#¡REF!`, `Err:502`.
fn is_spreadsheet_error(word: &str) -> bool {
    let after = word.strip_prefix('#').and_then(|rest| rest.chars().next());
    after.is_some_and(|letter| letter.is_alphabetic() || matches!(letter, '¡' | '¿' | '#'))
        && !word
            .get(1..)
            .is_some_and(|rest| rest.ends_with('#') && rest.contains(char::is_alphabetic))
        || word
            .strip_prefix("Err:")
            .is_some_and(|number| number.parse::<u16>().is_ok())
}

/// Returns whether a name has an entity (`&apos;`, `&#39;`) or a tag (`<b>`).
fn has_html(name: &str) -> bool {
    let is_entity = |rest: &str| {
        let entity = rest
            .split(';')
            .next()
            .filter(|entity| entity.len() < rest.len());
        entity.is_some_and(|entity| {
            let entity = entity.strip_prefix('#').unwrap_or(entity);
            !entity.is_empty()
                && entity.len() <= 32
                && entity.bytes().all(|b| b.is_ascii_alphanumeric())
        })
    };
    let is_tag = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'))
            && rest.contains('>')
    };
    name.split('&').skip(1).any(is_entity)
        || (!name.contains("<<") && name.split('<').skip(1).any(is_tag))
}

/// Returns whether a name has a field that a program should have filled in: `{{first_name}}`, `<<Name>>`, `*|FNAME|*`, `[Name]`.
fn has_merge_field(name: &str) -> bool {
    let is_field = |text: &str| {
        let text = text.trim();
        text.contains(char::is_alphabetic) && text.chars().count() <= 60
    };
    let between = |open: &str, close: &str| {
        let (_, rest) = name.split_once(open)?;
        Some(rest.split_once(close)?.0)
    };
    let encloses = |open: char, close: char| {
        let inner = name
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| {
            is_field(inner) && (open != '<' || !inner.contains(['<', '>', '/']))
        })
    };
    // `[First Name] Smith`, but not `Smith [EXT]`.
    let has_placeholder = || {
        let mut fields = name
            .split('[')
            .skip(1)
            .filter_map(|rest| rest.split_once(']'));
        fields.any(|(inner, _)| is_placeholder(inner))
    };
    let mut pairs = MERGE_FIELDS.iter();
    pairs.any(|(open, close)| between(open, close).is_some_and(is_field))
        || name.contains("{{")
        || has_placeholder()
        || encloses('[', ']')
        || encloses('«', '»')
        || encloses('<', '>')
}

/// Returns the first escape in a name: of an address (`%20`), of a program (`\u00fc`), or of an email (`=?UTF-8?…`, `=C3`).
fn find_escape(name: &str) -> Option<String> {
    let is_hex = |text: &str, count: usize| {
        let digits = text.get(..count);
        digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    if name.contains("=?") {
        return Some("=?".to_owned());
    }
    for (mark, count) in [("%", 2), ("=", 2), ("\\u", 4), ("\\x", 2)] {
        let found = name.split(mark).skip(1).find(|rest| is_hex(rest, count));
        if let Some(rest) = found {
            return Some(format!("{mark}{}", rest.get(..count).unwrap_or_default()));
        }
    }
    None
}

/// Returns whether an invisible `letter` belongs where it is, after the letters `before`.
fn belongs(letter: char, before: &str) -> bool {
    let last = before.chars().next_back();
    let is_right_to_left = |c: char| matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FEFC}');
    match letter {
        // Joiners of Arabic and Indic letters.
        '\u{200C}' | '\u{200D}' => last.is_some_and(|last| last >= '\u{590}'),
        '\u{61C}' | '\u{200E}' | '\u{200F}' => before.contains(is_right_to_left),
        // Variants of Chinese characters.
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => last.is_some_and(
            |last| matches!(last, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}'),
        ),
        _ => false,
    }
}

/// Returns a mark in the wrong place: a quotation mark or bracket without its twin, quotation marks around the whole name, the apostrophe
/// that keeps a spreadsheet from reading a cell, a dash or a full stop between blanks, or a full stop between words without
/// one, as in `jane.smith`.
fn find_misplaced(name: &str) -> Option<char> {
    let count = |mark| name.matches(mark).count();
    if count('"') % 2 == 1 {
        return Some('"');
    }
    let mut brackets = [('(', ')'), ('[', ']')].into_iter();
    if let Some((open, close)) = brackets.find(|(open, close)| count(*open) != count(*close)) {
        return Some(if count(open) > count(close) {
            open
        } else {
            close
        });
    }
    let mut quotes = QUOTES.iter();
    let around = quotes.find(|(open, close)| {
        let rest = name.strip_prefix(*open);
        rest.is_some_and(|rest| rest.ends_with(*close))
    });
    if let Some((quote, _)) = around {
        return Some(*quote);
    }
    let is_guarded = |rest: &str| rest.starts_with(char::is_uppercase);
    if name.strip_prefix('\'').is_some_and(is_guarded) {
        return Some('\'');
    }
    let dash = name
        .split_whitespace()
        .find(|word| matches!(*word, "-" | "–" | "—" | "."));
    if let Some(dash) = dash {
        return dash.chars().next();
    }
    let is_long = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() > 1;
    let is_user_name = !name.contains(char::is_whitespace)
        && name
            .split_once('.')
            .is_some_and(|(before, after)| is_long(before) && is_long(after));
    (is_user_name || name.starts_with('.')).then_some('.')
}

/// Returns the first character of `word` that names do not have.
fn find_symbol(word: &str) -> Option<char> {
    let is_symbol = |letter: char| {
        matches!(
            letter,
            '!' | '#'..='&' | '*' | '+' | ':'..='>' | '\\' | '^' | '_' | '{'..='~' | '¡'..='©' | '¬'..='³' | 'µ' | '¶' | '¸' | '¹'
                | '¼'..='¿' | '×' | '÷' | 'ˆ' | '˘'..='˝' | '†'..='…' | '‰'..='‱' | '₠'..='⃏' | '℃' | '™' | '←'..='➿'
                | '⤀'..='⯿' | '\u{1F000}'..='\u{1FAFF}'
                // Letters of PDF documents and of social networks.
                | 'ﬀ'..='ﬆ' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '\u{1D400}'..='\u{1D7FF}'
        ) || is_private_use(letter)
    };
    if let Some(letter) = word.chars().find(|letter| is_symbol(*letter)) {
        return Some(letter);
    }
    // A quotation mark between two letters, or one that opens after a letter: `M„ller`, `Jos‚`.
    let letters: Vec<char> = word.chars().collect();
    if let [.., before, quote @ ('„' | '‚')] = letters.as_slice()
        && before.is_alphabetic()
    {
        return Some(*quote);
    }
    letters.windows(3).find_map(|three| match three {
        [
            before,
            quote @ ('„' | '‚' | '“' | '”' | '"' | '«' | '»' | '‹' | '›'),
            after,
        ] if before.is_alphabetic() && after.is_alphabetic() => Some(*quote),
        _ => None,
    })
}

/// Returns an accented capital inside a word, as in `MÃller` and `FranÁois`, but not in `McÉwan` and `hÉigeartaigh`.
fn inner_capital(word: &str) -> Option<char> {
    let mut before = None;
    for (at, letter) in word.char_indices() {
        let after = word.get(at + letter.len_utf8()..).unwrap_or_default();
        let is_inside = match before {
            Some((last, _)) if char::is_lowercase(last) => {
                let prefix = word.get(..at).unwrap_or_default();
                prefix.chars().count() > 1 && !CAPITAL_FOLLOWS.contains(&prefix)
            }
            Some((last, 0)) => last.is_uppercase() && after.starts_with(char::is_lowercase),
            _ => false,
        };
        if is_inside && ('À'..='ž').contains(&letter) && letter.is_uppercase() {
            return Some(letter);
        }
        before = Some((letter, at));
    }
    None
}
