//! What follows a name: generations, degrees, credentials and honors, and their spelling.
//!
//! A selection from the word lists of Python's `nameparser`: those that candidates use, with what is missing there for the credentials
//! of recruiting and project management. As there, those that are also names (`Ma`, `Ed`, `Do`) are kept apart.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Suffixes that distinguish relatives of the same name, in small letters without full stops, and their spelling. `V`, `VI` and `X`
/// are missing because they are also initials or names.
#[rustfmt::skip]
const GENERATIONS: &[(&str, &str)] = &[
    ("2nd", "2nd"), ("3rd", "3rd"), ("4th", "4th"), ("ii", "II"), ("iii", "III"),
    ("iv", "IV"), ("ix", "IX"), ("jnr", "Jnr"), ("jr", "Jr"), ("snr", "Snr"), ("sr", "Sr"), ("vii", "VII"), ("viii", "VIII"),
    ("xiv", "XIV"), ("xv", "XV"),
];

/// Degrees, credentials and honors, likewise.
#[rustfmt::skip]
const CREDENTIALS: &[(&str, &str)] = &[
    // Degrees
    ("bba", "BBA"), ("bcom", "BCom"), ("bed", "BEd"), ("beng", "BEng"), ("bfa", "BFA"), ("bsc", "BSc"), ("bsn", "BSN"), ("btech", "BTech"),
    ("csc", "CSc"), ("dba", "DBA"), ("dds", "DDS"), ("dmd", "DMD"), ("dphil", "DPhil"), ("dpt", "DPT"), ("drph", "DrPH"),
    ("drsc", "DrSc"), ("dvm", "DVM"), ("edd", "EdD"), ("emba", "EMBA"), ("llb", "LLB"), ("lld", "LLD"), ("llm", "LLM"),
    ("mba", "MBA"), ("mbbch", "MBBCh"), ("mbbs", "MBBS"), ("mbchb", "MBChB"), ("mcom", "MCom"), ("md", "MD"), ("mdiv", "MDiv"),
    ("mdphd", "MDPhD"), ("mfa", "MFA"), ("mhsc", "MHSc"), ("mph", "MPH"), ("mphil", "MPhil"), ("mres", "MRes"), ("msc", "MSc"),
    ("msn", "MSN"), ("msw", "MSW"), ("mtech", "MTech"), ("pharmd", "PharmD"), ("phd", "PhD"), ("psyd", "PsyD"), ("scd", "ScD"),
    ("thd", "ThD"),
    // Health
    ("aprn", "APRN"), ("bcba", "BCBA"), ("ccc-slp", "CCC-SLP"), ("crna", "CRNA"), ("faan", "FAAN"), ("facc", "FACC"),
    ("facp", "FACP"), ("facs", "FACS"), ("fnp", "FNP"), ("fnp-bc", "FNP-BC"), ("fnp-c", "FNP-C"), ("frcp", "FRCP"),
    ("frcs", "FRCS"), ("lcsw", "LCSW"), ("lmft", "LMFT"), ("lmsw", "LMSW"), ("lpc", "LPC"), ("lpn", "LPN"), ("mrcp", "MRCP"),
    ("mrcs", "MRCS"), ("pa-c", "PA-C"), ("pmhnp-bc", "PMHNP-BC"), ("rdn", "RDN"), ("rn", "RN"), ("rph", "RPh"),
    // Business, people, projects
    ("acca", "ACCA"), ("aicp", "AICP"), ("aphr", "aPHR"), ("caia", "CAIA"), ("capm", "CAPM"), ("ccim", "CCIM"), ("cebs", "CEBS"),
    ("cfa", "CFA"), ("cfp", "CFP"), ("chfc", "ChFC"), ("chrp", "CHRP"), ("cipd", "CIPD"), ("cpa", "CPA"), ("cpcu", "CPCU"),
    ("cplp", "CPLP"), ("cpsm", "CPSM"), ("cscp", "CSCP"), ("csm", "CSM"), ("cspo", "CSPO"), ("fca", "FCA"), ("fcca", "FCCA"),
    ("fcipd", "FCIPD"), ("frm", "FRM"), ("gphr", "GPHR"), ("mcipd", "MCIPD"), ("pgmp", "PgMP"), ("phr", "PHR"), ("pmi-acp", "PMI-ACP"),
    ("pmp", "PMP"), ("psm", "PSM"), ("shrm-cp", "SHRM-CP"), ("shrm-scp", "SHRM-SCP"), ("sphr", "SPHR"),
    // Technology, engineering, buildings
    ("aia", "AIA"), ("ccie", "CCIE"), ("ccna", "CCNA"), ("ccnp", "CCNP"), ("ceng", "CEng"), ("cisa", "CISA"), ("cism", "CISM"),
    ("cissp", "CISSP"), ("faia", "FAIA"), ("fieee", "FIEEE"), ("frics", "FRICS"), ("itil", "ITIL"), ("mcsd", "MCSD"),
    ("mcse", "MCSE"), ("mieee", "MIEEE"), ("mrics", "MRICS"), ("oscp", "OSCP"), ("rhce", "RHCE"), ("togaf", "TOGAF"),
    // Honors, courts, parliaments
    ("cbe", "CBE"), ("dbe", "DBE"), ("frs", "FRS"), ("kbe", "KBE"), ("kc", "KC"), ("mbe", "MBE"), ("mep", "MEP"), ("mp", "MP"),
    ("esq", "Esq"), ("esquire", "Esquire"), ("obe", "OBE"), ("qc", "QC"),
];

/// Suffixes that are also names or initials: they are suffixes only behind a comma, and not in every list.
#[rustfmt::skip]
const AMBIGUOUS: &[&str] = &[
    "aa", "aba", "aca", "ace", "am", "as", "asa", "ba", "bas", "bem", "bs", "cams", "cap", "cas", "ch", "cia", "cma", "cpc", "cpl",
    "csp", "do", "ea", "ed", "eit", "i", "jd", "jp", "junior", "júnior", "la", "ld", "leed", "lt", "ma", "med", "meng", "mm", "mpa",
    "ms", "mt", "nd", "np", "od", "om", "ot", "pa", "pe", "pg", "pt", "ra", "rd", "ret", "rpt", "se", "senior", "si", "usa", "v",
    "vi", "x",
];

type Spellings = HashMap<&'static str, &'static str>;

// Each word of a list of names is looked up several times.
static CREDENTIAL_SPELLINGS: LazyLock<Spellings> =
    LazyLock::new(|| CREDENTIALS.iter().copied().collect());
static SPELLINGS: LazyLock<Spellings> =
    LazyLock::new(|| CREDENTIALS.iter().chain(GENERATIONS).copied().collect());

fn spelling(spellings: &Spellings, word: &str) -> Option<&'static str> {
    spellings.get(&*word.to_ascii_lowercase()).copied()
}

/// Returns the spelling of a suffix such as `jr.` or `PHD`, without the full stop.
pub(super) fn suffix(word: &str) -> Option<&'static str> {
    let bare = word.strip_suffix('.').unwrap_or(word);
    spelling(&SPELLINGS, bare)
}

/// Returns whether `word` is a suffix; `M.D.` and `PMP®` are the same as `MD` and `PMP`, but `J.R.` are initials.
pub(super) fn is_suffix(word: &str) -> bool {
    suffix(word).is_some() || (word.contains(is_mark) && is_credential(&word.replace(is_mark, "")))
}

fn is_credential(word: &str) -> bool {
    spelling(&CREDENTIAL_SPELLINGS, word).is_some()
}

/// Returns whether `word` is a suffix that distinguishes relatives of the same name.
pub(super) fn is_generation(word: &str) -> bool {
    let bare = word.trim_end_matches('.');
    let mut generations = GENERATIONS.iter();
    generations.any(|(lower, _)| lower.eq_ignore_ascii_case(bare))
}

/// Returns whether `word` is a suffix in some names, and a name in others.
pub(super) fn is_ambiguous(word: &str) -> bool {
    let bare = word.replace(is_mark, "").to_lowercase();
    AMBIGUOUS.contains(&bare.as_str())
}

/// Returns whether `word` looks like an acronym: capitals, digits and marks between, at least two capitals, such as `PMI-RMP`.
/// Initials with full stops (`J.R.`) do not.
pub(super) fn is_acronym(word: &str) -> bool {
    let word = word.trim_end_matches(['®', '™']);
    let capitals = word.chars().filter(char::is_ascii_uppercase).count();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '+' | '&');
    // `PgMP`, `CSci`
    let small = word.chars().filter(char::is_ascii_lowercase).count();
    (2..=10).contains(&word.len())
        && word.chars().all(is_part)
        && capitals >= 2
        && small * 2 < word.len()
}

/// Full stops and the signs of trademarks.
fn is_mark(c: char) -> bool {
    matches!(c, '.' | '®' | '™')
}
