//! Text for people: escaped so that it cannot deceive, wrapped, with numbers that can be read, and "did you mean".

mod escape;
mod number;
mod suggest;
mod wrap;

pub use self::escape::{escape_control, escape_keep_tabs, escape_line, is_control_or_bidi};
pub(crate) use self::number::group_digits;
pub(crate) use self::suggest::{did_you_mean_or_list, nearest};
pub(crate) use self::wrap::wrap;
