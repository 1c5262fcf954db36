//! `sessions`: the [`command`]; sessions as [`text`], their [`report`], and `--watch` in [`mod@watch`].

mod command;
mod report;
mod text;
mod watch;

pub(super) use self::command::{Sessions, fetch_all, records, write_table};
