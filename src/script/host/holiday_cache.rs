//! The cache of holiday files.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::SystemTime;

use crate::time::Holidays;

/// Holiday files that were read, so that a plan of many rows reads each once. A file that has changed is read again.
#[derive(Default)]
pub(in crate::script) struct HolidayFiles(
    pub(in crate::script) RefCell<HashMap<PathBuf, (FileVersion, Rc<Holidays>)>>,
);

/// The time of the last change of a file, and its length.
pub(in crate::script) type FileVersion = Option<(SystemTime, u64)>;
