//! `runs`: the [`command`]; runs as [`text`], their [`rows`] in each format, the [`report`] of one, and the [`removal`]
//! of many.

mod command;
mod delete;
mod report;
mod rows;
mod text;

pub(super) use self::command::Runs;
