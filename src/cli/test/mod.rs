//! `test`: the [`command`], the [`stage`] that a test runs on, and what came of tests as [`text`].

mod command;
mod runner;
mod text;

pub(super) use self::command::Test;
