//! Words in names that are not names themselves. The sources are listed at the head of `people`.

/// Words that are written small inside a name, from several languages.
const PARTICLES: [&str; 52] = [
    "'t", "af", "al", "ap", "auf", "av", "bin", "bint", "binte", "binti", "da", "dal", "dalla",
    "das", "de", "degli", "dei", "del", "dela", "della", "delle", "dello", "dem", "den", "der",
    "des", "di", "do", "dos", "du", "el", "ferch", "het", "ibn", "op", "ten", "ter", "tot", "und",
    "v.d.", "v/d", "vd", "van", "vande", "vander", "vel", "vom", "von", "vor", "zu", "zum", "zur",
];

/// Articles that follow a particle (`de la Cruz`) or start a last name (`Le Pen`).
const ARTICLES: [&str; 4] = ["la", "las", "le", "los"];

/// Words with a capital that start a last name: `St. John`, `Mac Donnchada`.
const LAST_NAME_PREFIXES: [&str; 13] = [
    "abu", "mac", "mc", "ní", "nic", "o'", "ó", "saint", "san", "santa", "st", "ste", "ua",
];

/// Names with `Mac` but without a second capital that the rule for the last letter does not cover.
#[rustfmt::skip]
const MAC_EXCEPTIONS: [&str; 31] = [
    "macaulay", "macek", "macevicius", "machar", "machell", "machen", "machiel", "machin",
    "machlin", "machon", "macias", "macin", "macintosh", "maciol", "maciulis", "macken", "mackell",
    "mackey", "mackie", "mackintosh", "mackle", "macklem", "mackley", "macklin", "mackmin",
    "mackrell", "maclin", "macomber", "macquarie", "macron", "mackins",
];

/// The family names of nine in ten Vietnamese, after which `Van` is a given name.
const VIETNAMESE: [&str; 24] = [
    "bui", "bùi", "dang", "do", "duong", "dương", "hoang", "hoàng", "ho", "huynh", "huỳnh", "le",
    "lê", "ly", "ngo", "nguyen", "nguyễn", "pham", "phạm", "phan", "tran", "trần", "vo", "vu",
];

/// Prefixes before an apostrophe: O'Neil, D'Angelo, L'Hôpital, M'Gregor, N'Diaye, Dell'Acqua.
const ELIDED: [&str; 11] = [
    "all", "d", "dall", "degl", "dell", "l", "m", "n", "nell", "o", "sant",
];

/// Returns whether `word`, in small letters, is a particle, or an article after the word `before`.
pub(super) fn is_particle(word: &str, before: Option<&str>) -> bool {
    let is_small = |word: &str| PARTICLES.contains(&word) || matches!(word, "’t" | "ʼt");
    is_small(word) || (ARTICLES.contains(&word) && before.is_some_and(is_small))
}

/// Returns whether `word`, in small letters, starts a last name.
pub(super) fn starts_last_name(word: &str) -> bool {
    let bare = word.strip_suffix('.').unwrap_or(word);
    is_particle(word, None) || ARTICLES.contains(&word) || LAST_NAME_PREFIXES.contains(&bare)
}

/// Returns whether `word`, in small letters, is `Mac` and a name with a capital of its own.
pub(super) fn is_mac(word: &str) -> bool {
    let rest = word.strip_prefix("mac").unwrap_or("");
    let is_foreign = rest.ends_with(['a', 'c', 'i', 'o', 'z', 'j']) && word != "macmurdo";
    rest.chars().count() > 2 && !is_foreign && !MAC_EXCEPTIONS.contains(&word)
}

/// Returns whether `word`, in small letters, is a Vietnamese family name.
pub(super) fn is_vietnamese(word: &str) -> bool {
    VIETNAMESE.contains(&word)
}

/// Returns whether `word`, in small letters, is a prefix before an apostrophe.
pub(super) fn is_elided(word: &str) -> bool {
    ELIDED.contains(&word)
}

/// Returns whether `c` is any form of apostrophe.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´')
}

/// Returns whether `c` is a comma, also one of East Asia or Arabic.
pub(super) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '､' | '、' | '،')
}
