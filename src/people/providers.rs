//! Large providers of mailboxes, and domains that are probably misspelled ones of theirs.
//!
//! The rule follows mailcheck (<https://github.com/mailcheck/mailcheck>): a domain one typing error away from one of a large provider is
//! probably a mistake. Unlike mailcheck, it never suggests a change of a domain that is a provider's own, and not one of the first
//! letter, which leads from one provider to another (`ymail.com`, `gmail.com`).

use strsim::osa_distance;

/// Providers whose mailboxes are in one domain, so that any other ending is a mistake.
const ONE_DOMAIN: [&str; 3] = ["gmail.com", "googlemail.com", "icloud.com"];

/// Names of providers that have domains in many countries.
const MANY_DOMAINS: [&str; 7] = ["aol", "gmx", "hotmail", "live", "msn", "outlook", "yahoo"];

/// Names long enough that a name with one typing error is probably none of its own.
#[rustfmt::skip]
const DISTINCT_NAMES: [(&str, &str); 9] = [
    ("gmail", "com"), ("googlemail", "com"), ("hotmail", ""), ("icloud", "com"), ("outlook", ""), ("protonmail", "com"),
    ("rediffmail", "com"), ("t-online", "de"), ("yahoo", ""),
];

/// Domains of providers near those above. They are never misspelled.
#[rustfmt::skip]
const OTHER_PROVIDERS: [&str; 32] = [
    "cloud.com", "email.com", "email.cz", "email.de", "email.it", "email.ua", "fastmail.com", "fmail.co.uk", "gmail.ru", "gmx.com",
    "gmx.net", "google.com", "hushmail.com", "inbox.com", "live.com", "mac.com", "mail.co.uk", "mail.com", "mail.de", "mail.ru",
    "me.com", "msn.com", "outblaze.com", "proton.me", "protonmail.ch", "qmail.com", "rocketmail.com", "tmail.com", "web.de",
    "yahoomail.com", "ymail.com", "zmail.ru",
];

/// Endings near `com` that exist.
const OTHER_ENDINGS: [&str; 3] = ["bom", "cam", "mom"];

/// Misspellings that the distance does not find.
#[rustfmt::skip]
const KNOWN_MISTAKES: [(&str, &str); 5] = [
    ("gamial", "gmail"), ("gmaail", "gmail"), ("hotmal", "hotmail"), ("icould", "icloud"), ("otulook", "outlook"),
];

/// Returns the domain that was probably meant by `domain`, which is in small letters.
pub(super) fn likely_domain(domain: &str) -> Option<String> {
    if OTHER_PROVIDERS.contains(&domain) || ONE_DOMAIN.contains(&domain) {
        return None;
    }
    let (name, ending) = domain.split_once('.')?;
    if let Some((before, last)) = domain.rsplit_once('.')
        && last.len() > 2
        && is_misspelled_ending(last)
        && !OTHER_ENDINGS.contains(&last)
    {
        let known = likely_domain(&format!("{before}.com"));
        return Some(known.unwrap_or_else(|| format!("{before}.com")));
    }
    if MANY_DOMAINS.contains(&name) && !is_misspelled_ending(ending) {
        return None;
    }
    // `gmail.com.com`, `www.gmail.com`, `gmail.de`
    let of_provider = ONE_DOMAIN.iter().find(|known| {
        let own_name = known.split('.').next();
        (own_name == Some(name) && is_top_level(ending))
            || domain
                .strip_suffix(**known)
                .is_some_and(|rest| rest.ends_with('.'))
    });
    if let Some(known) = of_provider {
        return Some((*known).to_owned());
    }
    if MANY_DOMAINS.contains(&name) {
        return Some(format!("{name}.com"));
    }
    if name == "t-online" {
        return (osa_distance(ending, "de") == 1 && ending != "eu")
            .then(|| "t-online.de".to_owned());
    }
    let mistake = KNOWN_MISTAKES.iter().find(|(wrong, _)| *wrong == name);
    let meant = mistake.map(|(_, right)| *right);
    let is_near = |known: &str| starts_alike(name, known) && osa_distance(name, known) == 1;
    let (known, only) = DISTINCT_NAMES
        .iter()
        .find(|(known, _)| meant == Some(known) || is_near(known))?;
    let meant_ending = if is_misspelled_ending(ending) {
        "com"
    } else {
        ending
    };
    match *only {
        "" => is_plausible_ending(meant_ending).then(|| format!("{known}.{meant_ending}")),
        only => (meant_ending == only || osa_distance(ending, only) == 1)
            .then(|| format!("{known}.{only}")),
    }
}

/// Returns whether two names have the same first letter, or exchange the first two.
fn starts_alike(name: &str, known: &str) -> bool {
    let (first, second) = (known.as_bytes().first(), known.as_bytes().get(1));
    let found = (name.as_bytes().first(), name.as_bytes().get(1));
    found.0 == first || (found == (second, first))
}

/// Returns whether an ending is `com` with a typing error. Some are those of countries, in which the large providers have none.
fn is_misspelled_ending(ending: &str) -> bool {
    ending != "com" && osa_distance(ending, "com") == 1
}

/// Returns whether only an organization of the whole internet or of a country gives out names with this ending.
fn is_top_level(ending: &str) -> bool {
    match ending.split_once('.') {
        None => true,
        Some((second, last)) => {
            matches!(second, "co" | "com" | "net" | "org") && !last.contains('.')
        }
    }
}

/// Returns whether `ending` is one that providers have: `com`, a country, or both.
fn is_plausible_ending(ending: &str) -> bool {
    let country = |text: &str| text.len() == 2;
    match ending.split_once('.') {
        None => ending == "com" || country(ending),
        Some((second, last)) => matches!(second, "co" | "com") && country(last),
    }
}
