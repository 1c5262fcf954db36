//! Text for people: escaped for a terminal, wrapped, numbers and lists in words, characters by code point, "did you mean".

mod code_point;
mod count;
mod decimal;
mod escape;
mod json;
mod redact;
mod sha256;
mod suggest;
mod wrap;

pub(crate) use self::code_point::{
    describe_letter, describe_letters, is_invisible, is_private_use, trim_invisible,
};
pub(crate) use self::count::{
    count, count_grouped, group_digits, is_or_are, join_first, join_names, join_words, plural,
};
pub(crate) use self::decimal::Decimal;
pub(crate) use self::escape::is_accent;
pub use self::escape::{escape_control, escape_keep_tabs, escape_line, is_control_or_bidi};
pub(crate) use self::json::{to_json, write_json};
pub use self::redact::redact_keys;
pub(crate) use self::redact::{KEY_PREFIX, may_contain_key};
pub(crate) use self::sha256::sha256;
pub(crate) use self::suggest::{did_you_mean, did_you_mean_or_list, nearest, only_typo};
pub(crate) use self::wrap::{display_width, reflow, wrap, wrap_anywhere, wrap_at_spaces};
