//! `test`: the [`command`], the [`runner`] of a single test, and the results as [`text`].

mod command;
mod runner;
mod text;

pub(super) use self::command::Test;
