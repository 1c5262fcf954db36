//! The words that names are made with, apart from names. The sources are listed at the head of `people`.

/// Small words inside a name, in the languages where they are written so.
const PARTICLES: [&str; 49] = [
    "'t", "af", "al", "ap", "auf", "av", "bin", "bint", "binte", "binti", "da", "dal", "dalla",
    "das", "de", "degli", "dei", "del", "dela", "della", "delle", "dello", "dem", "den", "der",
    "des", "di", "do", "dos", "du", "el", "ferch", "het", "ibn", "op", "ten", "ter", "tot", "und",
    "van", "vande", "vander", "vel", "vom", "von", "vor", "zu", "zum", "zur",
];

/// Articles that belong to a particle, and start a name by themselves: `de la Cruz`, `Le Pen`.
const ARTICLES: [&str; 4] = ["la", "las", "le", "los"];

/// Words that start a last name and have a capital: `St. John`, `Mac Donnchada`.
const LAST_NAME_PREFIXES: [&str; 13] = [
    "abu", "mac", "mc", "ní", "nic", "o'", "ó", "saint", "san", "santa", "st", "ste", "ua",
];

/// What stands before a name and is no part of it.
const TITLES: [&str; 14] = [
    "dr", "dra", "frau", "herr", "ing", "miss", "mme", "mr", "mrs", "ms", "mx", "prof", "señor",
    "señora",
];

/// What stands behind a name, as it is spelt. `V`, `VI` and `X` are missing, being initials or names as well.
const SUFFIXES: [(&str, &str); 22] = [
    ("bsc", "BSc"),
    ("cpa", "CPA"),
    ("dds", "DDS"),
    ("esq", "Esq"),
    ("ii", "II"),
    ("iii", "III"),
    ("iv", "IV"),
    ("ix", "IX"),
    ("jr", "Jr"),
    ("kc", "KC"),
    ("mba", "MBA"),
    ("md", "MD"),
    ("mp", "MP"),
    ("msc", "MSc"),
    ("phd", "PhD"),
    ("qc", "QC"),
    ("rn", "RN"),
    ("sr", "Sr"),
    ("vii", "VII"),
    ("viii", "VIII"),
    ("xiv", "XIV"),
    ("xv", "XV"),
];

/// Names with `Mac` that are spelt without a second capital, beyond those that the rule knows by their last letter.
const MAC_EXCEPTIONS: [&str; 31] = [
    "macaulay",
    "macek",
    "macevicius",
    "machar",
    "machell",
    "machen",
    "machiel",
    "machin",
    "machlin",
    "machon",
    "macias",
    "macin",
    "macintosh",
    "maciol",
    "maciulis",
    "macken",
    "mackell",
    "mackey",
    "mackie",
    "mackintosh",
    "mackle",
    "macklem",
    "mackley",
    "macklin",
    "mackmin",
    "mackrell",
    "maclin",
    "macomber",
    "macquarie",
    "macron",
    "mackins",
];

/// The Vietnamese family names that nine in ten have, in front of which a `Van` is a given name.
const VIETNAMESE: [&str; 24] = [
    "bui", "bùi", "dang", "do", "duong", "dương", "hoang", "hoàng", "ho", "huynh", "huỳnh", "le",
    "lê", "ly", "ngo", "nguyen", "nguyễn", "pham", "phạm", "phan", "tran", "trần", "vo", "vu",
];

/// What an apostrophe elides at the start of a name: O'Neil, D'Angelo, L'Hôpital, M'Gregor, N'Diaye, Dell'Acqua.
const ELIDED: [&str; 11] = [
    "all", "d", "dall", "degl", "dell", "l", "m", "n", "nell", "o", "sant",
];

/// Tells whether `word`, in small letters, is a particle, or an article behind one.
pub(super) fn is_particle(word: &str, behind: Option<&str>) -> bool {
    let is_small = |word: &str| PARTICLES.contains(&word) || matches!(word, "’t" | "ʼt");
    is_small(word) || (ARTICLES.contains(&word) && behind.is_some_and(is_small))
}

/// Tells whether `word`, in small letters, starts a last name.
pub(super) fn starts_last_name(word: &str) -> bool {
    let bare = word.strip_suffix('.').unwrap_or(word);
    is_particle(word, None) || ARTICLES.contains(&word) || LAST_NAME_PREFIXES.contains(&bare)
}

/// Tells whether `word` is a title such as `Dr.`.
pub(super) fn is_title(word: &str) -> bool {
    let lower = word.to_lowercase();
    TITLES.contains(&lower.strip_suffix('.').unwrap_or(&lower))
}

/// Returns the spelling of an end such as `jr.` or `PHD`; a full stop behind it stays.
pub(super) fn suffix(word: &str) -> Option<&'static str> {
    let bare = word.strip_suffix('.').unwrap_or(word);
    SUFFIXES
        .iter()
        .find(|(suffix, _)| suffix.eq_ignore_ascii_case(bare))
        .map(|(_, spelt)| *spelt)
}

/// Tells whether `word` stands behind a name; `M.D.` does as `MD`.
pub(super) fn is_suffix(word: &str) -> bool {
    suffix(word).is_some() || (word.contains('.') && suffix(&word.replace('.', "")).is_some())
}

/// Tells whether `word`, in small letters, is `Mac` with a name behind it that has a capital of its own.
pub(super) fn is_mac(word: &str) -> bool {
    let rest = word.strip_prefix("mac").unwrap_or("");
    let is_foreign = rest.ends_with(['a', 'c', 'i', 'o', 'z', 'j']) && word != "macmurdo";
    rest.chars().count() > 2 && !is_foreign && !MAC_EXCEPTIONS.contains(&word)
}

/// Tells whether `word`, in small letters, is a Vietnamese family name.
pub(super) fn is_vietnamese(word: &str) -> bool {
    VIETNAMESE.contains(&word)
}

/// Tells whether `word`, in small letters, is what an apostrophe elides.
pub(super) fn is_elided(word: &str) -> bool {
    ELIDED.contains(&word)
}

/// Tells whether `c` is an apostrophe, of whatever make.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´')
}
