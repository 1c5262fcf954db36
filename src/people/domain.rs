//! Domains of addresses: their syntax, and domains that look like others.
//!
//! A domain that is not ASCII is converted by UTS 46, non-transitional and strict. Each label must be of one script by UTS 39, with
//! Latin letters together with those of Chinese, Japanese or Korean: its level "highly restrictive",
//! <https://www.unicode.org/reports/tr39/#Restriction_Level_Detection>.

use unicode_script::{Script, UnicodeScript as _};
use unicode_security::mixed_script::AugmentedScriptSet;
use unicode_security::skeleton;

use super::providers::likely_domain;
use crate::interpretation::Interpretation;
use crate::text::{describe_letters, is_invisible, join_words, trim_invisible};

const MISSPELLED: &str = "the domain looks misspelled";
const LOOK_ALIKE: &str = "the domain looks like another one";
const FULL_STOPS: &str = "a full stop before the `@` is next to another one, or first or last";
const WEB_ADDRESS: &str = "`www.` starts the address of a website";
const CONVERTED: &str = "the domain is internationalized";

/// Why a text is not a domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    #[error("no domain name after the `@`")]
    Missing,
    #[error("{0} in the domain")]
    Characters(String),
    #[error(transparent)]
    MixedScripts(Box<MixedScripts>),
    #[error("no dot in the domain")]
    NoDot,
    #[error("no domain name ends in `.{0}`")]
    TopLevel(String),
}

/// Returns what a person should see about the domain of the address `sent`, which was written as `given`: that it is probably
/// misspelled, looks like another domain, or is written in another way than it is sent.
#[must_use]
pub fn interpret_domain(given: &str, sent: &str) -> Option<Interpretation> {
    let domain = sent.rsplit('@').next()?.to_ascii_lowercase();
    if let Some(likely) = likely_domain(&domain) {
        let reading = format!("did you mean `{likely}`?");
        return Some(Interpretation::with_reading(given, MISSPELLED, reading));
    }
    let has_punycode = domain.split('.').any(|label| label.starts_with("xn--"));
    if !has_punycode && trim_invisible(given).is_ascii() {
        return point_at_local_part(given, sent);
    }
    let (readable, _) = idna::domain_to_unicode(&domain);
    let labels: Vec<String> = readable.split('.').map(resemblance).collect();
    let other = labels.join(".");
    if other.is_ascii() && other != readable {
        let letters = describe_letters(readable.chars().filter(|letter| !letter.is_ascii()));
        let reading = format!("`{domain}` is not `{other}`: it has {letters}");
        return Some(Interpretation::with_reading(given, LOOK_ALIKE, reading));
    }
    let reading = if has_punycode {
        format!("`{domain}` is `{readable}`")
    } else {
        format!("sent as `{domain}`")
    };
    Some(Interpretation::with_reading(given, CONVERTED, reading))
}

/// Points at full stops that most mail systems refuse, and at the start of a website's address.
fn point_at_local_part(given: &str, sent: &str) -> Option<Interpretation> {
    let (local, _) = sent.rsplit_once('@')?;
    if local.starts_with("www.") {
        return Some(Interpretation::new(given, WEB_ADDRESS));
    }
    let is_unusual = local.contains("..") || local.starts_with('.') || local.ends_with('.');
    is_unusual.then(|| Interpretation::new(given, FULL_STOPS))
}

/// Returns the ASCII label that `label` looks like, or `label` if it looks like none.
fn resemblance(label: &str) -> String {
    let like: String = skeleton(label).collect();
    // The skeleton of `m` is `rn`, and that of `1` is `l`.
    let is_ascii = !label.is_ascii() && like.is_ascii();
    if is_ascii {
        like.replace("rn", "m")
    } else {
        label.to_owned()
    }
}

/// Returns the domain `domain` in ASCII.
pub(super) fn parse_domain(domain: &str) -> Result<String, DomainError> {
    if domain.is_empty() {
        return Err(DomainError::Missing);
    }
    let is_wrong = |letter: &char| {
        is_invisible(*letter)
            || (letter.is_ascii()
                && !(letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.')))
    };
    if domain.contains(|letter| is_wrong(&letter)) {
        return Err(DomainError::Characters(describe_letters(
            domain.chars().filter(is_wrong),
        )));
    }
    let is_international = !domain.is_ascii() || domain.contains("xn--") || domain.contains("XN--");
    let ascii = if is_international {
        convert(domain)?
    } else {
        domain.to_owned()
    };
    if !ascii.split('.').all(is_label) {
        return Err(DomainError::Missing);
    }
    let Some((_, top)) = ascii.rsplit_once('.') else {
        return Err(DomainError::NoDot);
    };
    if top.len() < 2 || top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DomainError::TopLevel(top.to_owned()));
    }
    Ok(ascii)
}

/// Converts an internationalized domain to ASCII.
fn convert(domain: &str) -> Result<String, DomainError> {
    let Ok(ascii) = idna::domain_to_ascii_strict(domain) else {
        let is_refused = |letter: &char| {
            !letter.is_ascii() && idna::domain_to_ascii_strict(&format!("a{letter}a.a")).is_err()
        };
        let refused: Vec<char> = domain.chars().filter(is_refused).collect();
        return Err(if refused.is_empty() {
            DomainError::Missing
        } else {
            DomainError::Characters(describe_letters(refused.into_iter()))
        });
    };
    let (readable, _) = idna::domain_to_unicode(domain);
    for label in readable.split('.') {
        if let Some(mixed) = mixed_scripts(label) {
            return Err(DomainError::MixedScripts(mixed.into()));
        }
    }
    // A domain in ASCII is sent as it is written.
    Ok(if domain.is_ascii() {
        domain.to_owned()
    } else {
        ascii
    })
}

/// A word whose scripts are not written together, and the letters that a reader may take for others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` mixes {scripts}: it has {letters}")]
pub struct MixedScripts {
    word: String,
    scripts: String,
    letters: String,
}

/// Returns the scripts of `word` if it mixes scripts that are not written together.
pub(super) fn mixed_scripts(word: &str) -> Option<MixedScripts> {
    if word.is_ascii() {
        return None;
    }
    let mut all = AugmentedScriptSet::default();
    let mut besides_latin = AugmentedScriptSet::default();
    for letter in word.chars() {
        let set = AugmentedScriptSet::for_char(letter);
        all.intersect_with(set);
        if !set.base.contains_script(Script::Latin) {
            besides_latin.intersect_with(set);
        }
    }
    if !all.is_empty() || besides_latin.kore || besides_latin.hanb || besides_latin.jpan {
        return None;
    }
    let script = |letter: char| match letter.script() {
        Script::Common | Script::Inherited | Script::Unknown => None,
        script => Some(script),
    };
    let mut scripts: Vec<Script> = Vec::new();
    for found in word.chars().filter_map(script) {
        if !scripts.contains(&found) {
            scripts.push(found);
        }
    }
    if scripts.len() < 2 {
        return None;
    }
    let count = |script: Script| {
        word.chars()
            .filter(|letter| letter.script() == script)
            .count()
    };
    let main = scripts
        .iter()
        .copied()
        .max_by_key(|script| count(*script))?;
    let others = word
        .chars()
        .filter(|letter| script(*letter).is_some_and(|script| script != main));
    let names: Vec<String> = scripts
        .iter()
        .map(|script| script.full_name().to_owned())
        .collect();
    Some(MixedScripts {
        word: word.to_owned(),
        letters: describe_letters(others),
        scripts: join_words(&names, "and"),
    })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}
