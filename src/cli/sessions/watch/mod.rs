//! `sessions --watch`: the [`watcher`] looks again and again; its view as [`text`] goes to the [`screen`], which lets no
//! typed key [`echo`].

mod echo;
mod screen;
mod text;
mod watcher;

pub(super) use self::watcher::{WatchArgs, WatchTarget};
