//! `doctor`: the [`command`], what it [`checks`], and its findings as [`text`].

mod checks;
mod command;
mod text;

pub(super) use self::command::Doctor;
