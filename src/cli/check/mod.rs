//! `check`: the [`command`], its findings as annotations of [`github`], and certain changes to scripts, which [`fix`] makes.

mod command;
mod fix;
mod github;

pub(super) use self::command::Check;
