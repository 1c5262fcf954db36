//! Files of holidays that were read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::SystemTime;

use crate::time::Holidays;

/// The files of holidays that were read, so that a plan of many rows reads each once; a file that has changed is read again.
#[derive(Default)]
pub(in crate::script) struct HolidayFiles(
    pub(in crate::script) RefCell<HashMap<PathBuf, (FileVersion, Rc<Holidays>)>>,
);

/// When a file was last changed, and its length.
pub(in crate::script) type FileVersion = Option<(SystemTime, u64)>;
