//! Texts in the place of a name that is missing.

/// Words that people and programs write if there is no name. A name of nothing else is not a name: `None None`.
#[rustfmt::skip]
const PLACEHOLDER_WORDS: [&str; 52] = [
    "achternaam", "anonymous", "apellido", "apellidos", "applicant", "asdf", "blank", "candidate", "cognome", "ditto", "empty",
    "example", "false", "firstname", "imię", "kandidat", "lastname", "leer", "n.a", "n.n", "n/a", "n/d", "n/n", "nachname", "name",
    "nan", "nazwisko", "nil", "nom", "nombre", "nome", "noname", "none", "null", "placeholder", "prénom", "qwerty", "sobrenome",
    "surname", "tba", "tbc", "tbd", "test", "tester", "true", "undefined", "unknown", "user", "voornaam", "vorname", "xx", "xxx",
];

/// Names of several words that are none.
#[rustfmt::skip]
const PLACEHOLDERS: [&str; 20] = [
    "as above", "erika mustermann", "first last", "first name", "first name last name", "foo bar", "full name", "keine angabe",
    "last name", "lorem ipsum", "max mustermann", "no name", "no name given", "not applicable", "not available", "not provided",
    "same as above", "sans nom", "see cv", "sin nombre",
];

/// Words that programs write for a missing part of a name, as they write them: `Jane undefined`.
const MISSING_PARTS: [&str; 9] = [
    "N/A",
    "NULL",
    "NaN",
    "None",
    "n/a",
    "nan",
    "none",
    "null",
    "undefined",
];

/// Returns whether a name is what people and programs write if there is none.
pub(super) fn is_placeholder(name: &str) -> bool {
    let is_mark = |c: char| matches!(c, '(' | ')' | '"' | '\'' | '.' | ',' | '-' | '*');
    let lower = name.to_lowercase();
    let words = lower
        .split_whitespace()
        .map(|word| word.trim_matches(is_mark));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let has_missing_part = || {
        let has_small_letters = name.contains(char::is_lowercase);
        let is_missing = |word: &str| match word {
            "NULL" => has_small_letters,
            word => MISSING_PARTS.contains(&word),
        };
        words.len() > 1 && name.split_whitespace().any(is_missing)
    };
    (!words.is_empty() && words.iter().all(|word| PLACEHOLDER_WORDS.contains(word)))
        // In small letters, it is a name in Chinese and Korean.
        || name.split_whitespace().all(|word| word == "NA")
        || PLACEHOLDERS.contains(&words.join(" ").as_str())
        || has_missing_part()
}
