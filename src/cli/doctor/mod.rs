//! `doctor`: the [`command`], what it [`checks`], each [`check_result`], and all of them as [`text`].

mod check_result;
mod checks;
mod command;
mod text;

pub(super) use self::command::Doctor;
