//! Names and email addresses: the syntax of addresses, names derived from them, and how names are written.
//!
//! # Deriving a name from an address ([`name_from_email`])
//! 1. Only the part before the `@` is used, without the tag after a `+`. Escapes such as `%2B` are decoded; what follows any
//!    other `%` is a host (`user%host@relay`) and is dropped.
//! 2. `.` and `_` separate words. A `-` joins a double name (`mary-jane.smith`: Mary-Jane Smith) unless it is the only
//!    separator (`jane-smith`: Jane Smith). Digits are dropped, and separate words between letters, as does any other
//!    character that is not a letter or an apostrophe.
//! 3. The words are put into title case. Nothing is added: `j.doe` becomes `J Doe`, without a full stop.
//!
//! # Title case ([`title_case`])
//! 1. A word with capitals and small letters is kept (`DeShawn`, `Robert De Niro`), and so are two capitals in a name with
//!    such a word (`AJ Smith`). Words in capitals or small letters get a capital at the start and after `-`, `.`, `&`, `/`
//!    and brackets.
//! 2. After an apostrophe, a capital follows elided prefixes (`O'`, `D'`, `L'`, `M'`, `N'`, `Dell'`, …) and nothing else
//!    (`Ya'akov`, `James's`).
//! 3. `Mc` is followed by a capital. So is `Mac` if three letters or more follow, the last letter is not a, c, i, o, z or j,
//!    and the word is not a known exception (`Macias`, `Mackie`) or the first of several, which is a given name.
//! 4. Particles (`van`, `de la`, `von und zu`, `bin`) stay small inside a name, and so do `al-` and `el-` before one. The
//!    first word (`Van Morrison`) and the last word (`Anh Do`) have a capital. `la` and `le` are small only after another
//!    particle (`de la Cruz`, but `Marine Le Pen`), and `y` between family names. `e` is small only after a Portuguese
//!    particle (`Maria da Costa e Silva`): elsewhere, it is an initial (`John E Smith`), as in `nameparser`. `Van` after a
//!    Vietnamese family name is a given name.
//! 5. Suffixes have a spelling of their own: `Jr`, `III`, `PhD`.
//! 6. Commas are kept. If a comma separates the last name from the first (`van der Berg, Jan`), leading particles are small.
//!
//! # First and last name ([`first_name`], [`last_name`])
//! Titles, suffixes and anything in brackets are dropped. The last name is the last word, or starts with the last run of
//! particles (`Rafael Sousa dos Anjos`: dos Anjos), and includes both names around `y`. If the first words are in capitals and the
//! others are not (`DUPONT Marie`), they are the last name, unless they may be initials (`AJ Smith`). A single word is a first
//! name, unless it follows a title other than `Sir` and its like (`Dr. Smith`). Other family-first names are read in the order they
//! are written.
//!
//! # The order of a name with a comma ([`reorder_name`])
//! 1. The first name comes first (`Jane Smith, PhD`) if only suffixes or titles follow the comma. A suffix is a word of the
//!    list, in any case and with full stops or without, or, after two words, an acronym (`Jane Smith, CSPO`) in a name that
//!    has small letters too.
//! 2. A suffix that is also a name can be either (`Kim, Ed`, `Lee, MA`), and so can an acronym after one word. [`first_name`]
//!    takes it for a first name after one word, and for a suffix after several.
//! 3. Otherwise, the last name comes first, if no text but suffixes, titles and particles follows a second comma, and no mark such as
//!    a dash is among the first names (`Smith, Jane - Contractor`).
//! 4. Particles may follow either part (`Beethoven, Ludwig van`, `Berg van der, Jan`), or be between commas (`Berg, Jan, van der`).
//! 5. A name in Chinese, Japanese or Korean letters is never reordered.
//!
//! # The names of a list ([`NameFormatFinder`])
//! 1. Names are reordered if more of them are `Last, First` than `First Last`. Those that can be either do not count. Then `Kim, Ed`
//!    is reordered too, but not `Lee, MA`, and a name that is written in another way is kept and shown.
//! 2. So are names without a comma if more of them, and at least two, are `LAST First` than `First Last`. Two letters, or letters without
//!    a vowel, may be initials (`AJ Smith`), and do not count. In another list, `LAST First` is doubtful.
//! 3. A column for the name that is next to one for the first name only is the last name, unless more of its names contain the
//!    first name than do not; and likewise with the last name.
//! 4. If most names are one word, the first of them is shown: the rest may be in a column that nobody reads.
//!
//! # Doubtful names
//! See [`name_issue`].
//!
//! # Sources
//! - Python's `nameparser`, its tests and word lists: <https://github.com/derek73/python-nameparser>
//! - Perl's `Lingua::EN::NameCase` and `Lingua::EN::NameParse`, the source of the rule for `Mac`:
//!   <https://metacpan.org/pod/Lingua::EN::NameCase>
//! - Perl's `Lingua::NameUtils`: <https://metacpan.org/pod/Lingua::NameUtils>
//! - <https://en.wikipedia.org/wiki/Nobiliary_particle>, <https://en.wikipedia.org/wiki/Portuguese_name>,
//!   <https://en.wikipedia.org/wiki/Tussenvoegsel>,
//!   <https://en.wikipedia.org/wiki/Vietnamese_name>
//! - RFC 2142 for role accounts

mod capitals;
mod casing;
mod damage;
mod domain;
mod email;
mod lost_letters;
mod mojibake;
mod name_format;
mod name_from_email;
mod name_issue;
mod never_invite_list;
mod note;
mod order;
mod placeholder;
mod providers;
mod split;
mod suffixes;
mod titles;
mod word_lists;

pub use self::casing::title_case;
pub use self::domain::interpret_domain;
pub use self::email::{is_email, parse_email, parse_mailto};
pub use self::name_format::{NameCells, NameFormat, NameFormatFinder, OrderChoice};
pub use self::name_from_email::name_from_email;
pub use self::name_issue::{NameIssue, name_issue};
pub use self::never_invite_list::{NeverInviteList, NeverInviteListError};
pub use self::order::reorder_name;
pub use self::split::{first_name, last_name};
