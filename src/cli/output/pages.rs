//! Pages: reports in files of their own.

use std::fmt::Display;
use std::io::Write as _;
use std::path::Path;

use super::lines;
use crate::table;

/// Writes `report` to `file`, in one step, and says so.
pub(in crate::cli) fn write_report_file(
    file: &Path,
    report: &impl Display,
) -> Result<(), table::Error> {
    table::replace_file(&file.into(), |out| write!(out, "{report}"))?;
    lines::note(&format!("`{}` is written", file.display()));
    Ok(())
}
