//! `doctor`: the [`command`], its [`checks`], those of [`restrictions`], their [`check_result`]s, and these as [`text`].

mod check_result;
mod checks;
mod command;
mod restrictions;
mod text;

pub(super) use self::command::Doctor;
