//! The files that somebody who is not trusted may reach: those below some directories, and no others.
//!
//! A [`Reach`] tells where a path leads, through all links; a [`Location`] is opened from the directory it lies in, and
//! the system (`cap-std`, on Linux `openat2`) keeps it in there: a link that is put in between afterwards leads nowhere.

mod draft;
mod error;
mod location;
mod real;
mod scope;

pub use self::draft::Draft;
pub use self::error::{Error, Refused};
pub use self::location::Location;
pub use self::scope::Reach;
