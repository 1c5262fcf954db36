//! Access to files for scripts, which are not trusted: files below some directories, and no others.
//!
//! [`FileAccess`] finds out where a path leads through all links. A [`ResolvedPath`] is opened relative to its directory, and
//! the system keeps it inside that directory (`cap-std`, on Linux `openat2`), even if a link is created later.

mod access;
mod atomic_file;
mod real_path;
mod resolved_path;
mod stdin;

pub use self::access::{AccessDenied, Error, FileAccess};
pub use self::atomic_file::AtomicFile;
pub use self::resolved_path::ResolvedPath;
pub use self::stdin::Stdin;
