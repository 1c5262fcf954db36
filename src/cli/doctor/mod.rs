//! `doctor`: the [`command`], its [`checks`], those of [`restrictions`], and their results as [`text`].

mod checks;
mod command;
mod restrictions;
mod text;

pub(super) use self::command::Doctor;
