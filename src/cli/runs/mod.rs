//! `runs`: the [`command`]; runs as [`text`], their [`rows`] in each format, the [`report`] of one, and how to [`delete`]
//! them.

mod command;
mod delete;
mod report;
mod rows;
mod text;

pub(super) use self::command::Runs;
pub(super) use self::rows::{JsonRow, record, write_table};
pub(super) use self::text::title;
