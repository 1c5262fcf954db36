//! `sessions`: the [`command`]; sessions as [`text`], their [`report`], and the [`mod@watch`] over them.

mod command;
mod report;
mod text;
mod watch;

pub(super) use self::command::Sessions;
