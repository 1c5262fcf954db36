//! Hides API keys in text for people: a key that was typed in the wrong place must not appear on a screen or in a log.

/// Every API key starts with this.
pub(crate) const KEY_PREFIX: &str = "gai_";

/// The longest local part of an email address that is not taken for a key.
const MAX_LOCAL_PART: usize = 20;

/// Returns whether `text` may contain an API key.
pub(crate) fn may_contain_key(text: &str) -> bool {
    text.contains(KEY_PREFIX)
}

/// Replaces everything that looks like an API key by `gai_…`: the prefix with the characters of a token after it. The start of
/// a key that is already shortened, as in `gai_abcd…`, and an email address such as `gai_tanaka@example.com` stay.
pub fn redact_keys(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(KEY_PREFIX) {
        let (before, after) = rest.split_at(start + KEY_PREFIX.len());
        let tail = after.trim_start_matches(is_token_character);
        let token = &after[..after.len() - tail.len()];
        shown.push_str(before);
        // In an address, a name in front of `@` is a password.
        let is_in_url = before[..start].ends_with(['/', ':']);
        let is_email = tail.starts_with('@') && token.len() <= MAX_LOCAL_PART && !is_in_url;
        if token.is_empty() || tail.starts_with('…') || is_email {
            shown.push_str(token);
        } else {
            shown.push('…');
        }
        rest = tail;
    }
    shown.push_str(rest);
    shown
}

fn is_token_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.~+/=".contains(c)
}

#[cfg(test)]
mod tests {
    use super::redact_keys;

    #[test]
    fn keys_are_hidden_wherever_they_are() {
        for (text, shown) in [
            ("gai_secret", "gai_…"),
            ("`gai_a-b_c.d~e+f/g=`, and gai_x", "`gai_…`, and gai_…"),
            ("--gai_secret", "--gai_…"),
            ("KEY=gai_secret\n", "KEY=gai_…\n"),
            (
                "https://gai_secret@example.com/",
                "https://gai_…@example.com/",
            ),
            ("user:gai_secret@example.com", "user:gai_…@example.com"),
            ("gai_01234567890123456789x@example.com", "gai_…@example.com"),
            ("gai_\u{1b}[0msecret", "gai_\u{1b}[0msecret"),
        ] {
            assert_eq!(redact_keys(text), shown);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "",
            "it must start with `gai_` and contain no spaces",
            "the key gai_abcd…",
            "Gai <gai_tanaka@example.com>, mongai_lee@example.com",
            "GAI_KEY",
        ] {
            assert_eq!(redact_keys(text), text);
        }
    }
}
