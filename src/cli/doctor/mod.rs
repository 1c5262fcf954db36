//! `doctor`: the [`command`], what it [`checks`], each [`finding`], and all of them as [`text`].

mod checks;
mod command;
mod finding;
mod text;

pub(super) use self::command::Doctor;
