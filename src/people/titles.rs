//! Titles before a name: which words are not part of it.
//!
//! Most are from the word lists of Python's `nameparser`; the academic ones of Central Europe are from
//! <https://en.wikipedia.org/wiki/Academic_ranks_in_Germany> and <https://en.wikipedia.org/wiki/Academic_degree>. Words that are
//! also given names or family names (`Dean`, `Major`, `Pastor`, `Lady`, `Prince`) are left out, or need their full stop.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Titles, in small letters and without full stops.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    // English
    "adj", "amb", "brother", "capt", "captain", "cllr", "cmdr", "col", "colonel", "councillor", "cpl", "cpt", "dame",
    "doctor", "dr", "father", "lcdr", "lieutenant", "lt", "ltcol", "ltgen", "madam", "messrs", "miss", "misses", "mister",
    "monsignor", "mr", "mrs", "ms", "msgr", "msgt", "mx", "prof", "professor", "pvt", "rabbi", "radm", "reverend", "rev",
    "revd", "sergeant", "sgt", "sir", "sister", "ssgt",
    // German
    "bakk", "dipl", "dkfm", "dr-ing", "fh-prof", "frau", "fräulein", "fraeulein", "herr", "herrn", "ing", "mmag",
    "priv", "privdoz", "univ", "univprof",
    // French
    "docteur", "madame", "mademoiselle", "mlle", "mme", "monsieur", "monseigneur", "professeur",
    // Spanish, Portuguese
    "dña", "doña", "dra", "enga", "engª", "engº", "exma", "exmo", "licda", "licenciada", "licenciado", "profa",
    "senhor", "senhora", "senhorita", "señor", "señora", "señorita", "señores", "sra", "srta",
    // Italian
    "avv", "dott", "geom", "signor", "signora", "signorina", "sigra",
    // Dutch, Nordic, Finnish
    "dhr", "drs", "fru", "fröken", "frøken", "frk", "herra", "juffrouw", "meneer", "mevr", "mevrouw", "neiti", "rouva",
    // Polish, Czech, Slovak, other Slavic
    "doc", "gospodin", "gospođa", "gospođica", "inż", "judr", "mddr", "mga", "mgr", "mudr", "mvdr", "paeddr", "pani",
    "paní", "pharmdr", "phdr", "phmr", "prof-dr", "rndr", "rsdr", "slečna", "thdr", "thlic",
    // Romanian, Turkish, Malay, Indian
    "doamna", "domnul", "domnișoara", "sayın", "datin", "dato", "datuk", "encik", "puan", "hajji", "shri", "shrimati", "smt",
    // Other scripts
    "δρ", "κος", "акад", "г-жа", "г-н", "д-р", "пані", "проф", "פרופ", "السيد", "السيدة", "الأستاذ", "الأستاذة", "الدكتور",
    "الدكتورة", "श्री", "श्रीमती", "सुश्री", "डॉ",
];

/// Titles only with a full stop; without it, they are names or initials too.
#[rustfmt::skip]
const WITH_FULL_STOP: &[&str] = &[
    "adm", "arch", "arq", "bc", "br", "cik", "dir", "eng", "fr", "gen", "gov", "hon", "hr", "ir", "lic", "mag", "maj", "mjr", "mw",
    "pd", "pr", "pres", "rag", "rep", "sen", "sig", "sr", "ven",
];

/// Words that continue a title (`Dr. rer. nat.`, `Prof. em.`, `Prof.ssa`, `Dipl.-Ing.`), and are none alone.
#[rustfmt::skip]
const CONTINUATIONS: &[&str] = &[
    "agr", "and", "arch", "c", "dent", "des", "doz", "ec", "em", "et", "eu", "fh", "h", "habil", "hab", "hc", "inf", "ing", "inż",
    "iur", "jur", "kfm", "math", "med", "mont", "mult", "na", "nat", "oec", "oek", "ök", "ökon", "paed", "päd", "pharm",
    "phil", "phys", "pol", "prof", "ra", "rer", "sc", "scient", "silv", "soc", "ssa", "techn", "theol", "troph", "und",
    "univ", "vet", "volksw", "wirt",
];

/// Endings of titles of women: `Mag.a`, `Dr.in`.
const FEMININE: [&str; 4] = ["a", "ª", "in", "ⁱⁿ"];

/// Titles that are followed by a first name if only one name follows: `Sir Elton`.
#[rustfmt::skip]
const BEFORE_FIRST_NAME: [&str; 10] = [
    "brother", "dame", "dato", "datuk", "father", "hajji", "rabbi", "sir", "sister", "shri",
];

// Each word of a list of names is looked up several times.
static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| TITLES.iter().copied().collect());

/// Returns how many of `words` at the start are titles, such as the three of `Prof. Dr. med. Hans Müller`. `The` and short words in
/// capitals are titles only before another one: `The Rev. John Smith`, `PD Dr. Hans Müller`.
pub(super) fn leading_titles(words: &[&str]) -> usize {
    let word_before = |at: usize| at.checked_sub(1).and_then(|before| words.get(before));
    let is_before_title = |at: usize, word: &str| {
        at == 0
            && (word.eq_ignore_ascii_case("the")
                || (word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_uppercase())))
            && words.get(1).is_some_and(|next| is_title(next))
    };
    // `Dipl. Betriebsw.`: whatever follows is the subject.
    let is_subject = |at: usize, word: &str| {
        word.ends_with('.')
            && word_before(at).is_some_and(|title| title.eq_ignore_ascii_case("dipl."))
    };
    let titles = words.iter().enumerate();
    titles
        .take_while(|(at, word)| {
            is_title(word)
                || (*at > 0 && is_continuation(word))
                || is_subject(*at, word)
                || is_before_title(*at, word)
        })
        .count()
}

/// Returns whether `word` is a title such as `Dr.`, `Dipl.-Ing.` or `Prof.Dr.`.
pub(super) fn is_title(word: &str) -> bool {
    let lower = word.to_lowercase();
    if is_known(&lower) {
        return true;
    }
    let mut pieces = lower.split_inclusive(['.', '-', '/']);
    let Some(first) = pieces.next().filter(|first| first.len() < lower.len()) else {
        return false;
    };
    // `Dipl.-Betriebswirt`: whatever follows is the subject.
    first.trim_end_matches(['.', '-']) == "dipl"
        || (is_known(first.trim_end_matches(['-', '/']))
            && pieces.all(|piece| {
                is_known(piece)
                    || is_continuation(piece)
                    || FEMININE.contains(&bare(piece))
                    || bare(piece).is_empty()
            }))
}

/// Returns whether a single name after `titles` is a last name, as in `Dr. Smith`.
pub(super) fn precede_last_name(titles: &[&str]) -> bool {
    let is_other = |title: &&str| !BEFORE_FIRST_NAME.contains(&bare(&title.to_lowercase()));
    !titles.is_empty() && titles.iter().all(is_other)
}

fn is_known(lower: &str) -> bool {
    let bare = bare(lower);
    KNOWN.contains(bare) || (lower.ends_with('.') && WITH_FULL_STOP.contains(&bare))
}

/// Returns whether `word` continues a title: small letters with a full stop or without, as in `Dr. rer. nat.`.
fn is_continuation(word: &str) -> bool {
    let is_abbreviated = word.ends_with('.') || word.chars().all(char::is_lowercase);
    let mut pieces = word.split(['.', '-']).filter(|piece| !piece.is_empty());
    is_abbreviated && pieces.all(|piece| CONTINUATIONS.contains(&piece.to_lowercase().as_str()))
}

fn bare(lower: &str) -> &str {
    lower.trim_matches(['.', '-', '/', '\'', '’'])
}
