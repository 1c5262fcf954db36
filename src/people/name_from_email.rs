//! Deriving a display name from an email address. The rules are at the head of `people`.

use std::borrow::Cow;

use super::title_case;
use super::word_lists::is_apostrophe;
use crate::text::is_accent;

/// Derives a display name from the local part of `email`; empty if that has no letter.
pub fn name_from_email(email: &str) -> String {
    let local = email.split('@').next().unwrap_or(email);
    let local = percent_decode(local);
    let local = local.split(['@', '+', '%']).next().unwrap_or(&local);
    let only_hyphens = !local.contains(['.', '_']);
    let separates = |c: char| {
        !(c.is_alphabetic() || is_accent(c) || is_apostrophe(c) || (c == '-' && !only_hyphens))
    };
    let words: Vec<&str> = local
        .split(separates)
        .map(|word| word.trim_matches(|c: char| !c.is_alphabetic() && !is_accent(c)))
        .filter(|word| word.contains(char::is_alphabetic))
        .collect();
    title_case(&words.join(" "))
}

/// Decodes escapes such as `%2B`; returns `local` as it is if the result is not UTF-8.
pub(super) fn percent_decode(local: &str) -> Cow<'_, str> {
    if !local.contains('%') {
        return Cow::Borrowed(local);
    }
    let mut bytes = Vec::with_capacity(local.len());
    let mut rest = local.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        let code = behind
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| byte == b'%' && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = code.and_then(|_| behind.get(2..)).unwrap_or(behind);
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(local), Cow::Owned)
}
