//! `sessions --watch`: the [`watcher`] polls the API; its view as [`text`] is drawn on the [`screen`].

mod screen;
mod text;
mod watcher;

pub(super) use self::watcher::{WatchArgs, WatchTarget};
