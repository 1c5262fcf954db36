//! The files that somebody who is not trusted may reach: those below some directories, and no others.
//!
//! A [`FileAccess`] tells where a path leads, through all links; a [`ResolvedPath`] is opened from the directory it lies in, and
//! the system (`cap-std`, on Linux `openat2`) keeps it in there: a link that is put in between afterwards leads nowhere.

mod access;
mod atomic_file;
mod error;
mod real_path;
mod resolved_path;
mod stdin;

pub use self::access::FileAccess;
pub use self::atomic_file::AtomicFile;
pub use self::error::{AccessDenied, Error};
pub use self::resolved_path::ResolvedPath;
pub use self::stdin::Stdin;
