//! `doctor`: the [`command`], its [`checks`], their [`check_result`]s, and these as [`text`].

mod check_result;
mod checks;
mod command;
mod text;

pub(super) use self::command::Doctor;
