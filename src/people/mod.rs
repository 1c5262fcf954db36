//! People as their addresses and files tell of them: the syntax of an address, the name in it, how a name is written.
//!
//! # How a name is derived from an address ([`name_from_email`])
//! 1. The part before the `@` counts; what follows a `+` in it is a tag and goes. `%2B` and the like are read as what they
//!    stand for; what follows any other `%` is a host (`user%host@relay`) and goes.
//! 2. `.` and `_` separate the words of a name. A `-` joins a double name (`mary-jane.smith`: Mary-Jane Smith), unless it is
//!    the only separator there is (`jane-smith`: Jane Smith). Digits are no part of a name and go; between letters they
//!    separate, as does whatever else is neither a letter nor an apostrophe.
//! 3. The words are put into title case. Nothing is added: `j.doe` is `J Doe`, without a full stop.
//!
//! # How a name is put into title case ([`title_case`])
//! 1. A word that has both capitals and small letters is its owner's spelling and stays as it is (`DeShawn`, `Robert De
//!    Niro`), as do two capitals beside such words (`AJ Smith`). Words that are all capitals, or all small, are written anew:
//!    a capital first, and one after `-`, `.`, `&`, `/` and brackets.
//! 2. After an apostrophe a capital follows the elided beginnings of names (`O'`, `D'`, `L'`, `M'`, `N'`, `Dell'`, …) and no
//!    other (`Ya'akov`, `James's`).
//! 3. `Mc` is followed by a capital. `Mac` is, where three letters or more follow, the last of them not a, c, i, o, z or j, and
//!    the word is neither a known exception (`Macias`, `Mackie`) nor the first of several, which is a given name.
//! 4. Particles (`van`, `de la`, `von und zu`, `bin`) stay small inside a name, and `al-` and `el-` before a name. The first word
//!    has its capital (`Van Morrison`), and the last one (`Anh Do`). `la` and `le` are small after another particle only
//!    (`de la Cruz`, but `Marine Le Pen`), `y` between family names, `Van` is a given name behind a Vietnamese family name.
//! 5. Ends of a name have their own spelling: `Jr`, `III`, `PhD`.
//! 6. A comma stays. Where it parts the last name from the first one (`van der Berg, Jan`), the particles in front are small.
//!
//! # Which part is which ([`first_name`], [`last_name`])
//! Titles, what is in brackets, and ends such as `Jr` are left out. The last name is the last word, or what starts with the
//! last run of particles (`Rafael Sousa dos Anjos`: dos Anjos), with both names around `y`. A comma that does not merely cut
//! off an end puts the last name first. A single word is a first name. Family-first names are read as they are written.
//!
//! # When a name is doubtful ([`name_issue`])
//! See there.
//!
//! # Sources
//! - Python's `nameparser`, its tests and word lists: <https://github.com/derek73/python-nameparser>
//! - Perl's `Lingua::EN::NameCase` and `Lingua::EN::NameParse`, from which the rule for `Mac` is:
//!   <https://metacpan.org/pod/Lingua::EN::NameCase>
//! - Perl's `Lingua::NameUtils`: <https://metacpan.org/pod/Lingua::NameUtils>
//! - <https://en.wikipedia.org/wiki/Nobiliary_particle>, <https://en.wikipedia.org/wiki/Tussenvoegsel>,
//!   <https://en.wikipedia.org/wiki/Vietnamese_name>
//! - RFC 2142 for addresses of offices

mod casing;
mod email;
mod name_from_email;
mod name_issue;
mod split;
mod word_lists;

pub use self::casing::title_case;
pub use self::email::{EmailError, ExtraText, is_email, parse_email, trim_invisible};
pub use self::name_from_email::name_from_email;
pub use self::name_issue::{NameIssue, name_issue};
pub use self::split::{first_name, last_name};
