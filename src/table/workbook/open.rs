//! Opening a workbook and finding a sheet.

use std::io::{self, BufRead as _, Cursor, Read as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calamine::{Reader as _, Sheet, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata};

use super::archive::{Rejection, damaged, validate_archive};
use super::cell;
use super::options::{SheetChoice, WorkbookOptions};
use super::properties::SheetProperties;
use super::sheet::Grid;
use crate::file_access::ResolvedPath;
use crate::quiet_panic;
use crate::table::advice::Advice;
use crate::table::input::{display_name, read_bytes};
use crate::table::likely_header::names_addresses;
use crate::table::{Error, ErrorKind, Row};

/// The largest workbook that is read, in bytes.
const MAX_FILE_SIZE: u64 = 256 * 1024 * 1024;

/// A workbook that was read into memory.
pub struct Workbook {
    path: PathBuf,
    content: Xlsx<Cursor<SharedBytes>>,
    bytes: SharedBytes,
}

/// The file, which is read twice: calamine does not say what is hidden.
#[derive(Clone)]
pub(super) struct SharedBytes(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Workbook {
    /// Reads the workbook `file`; `-` is standard input.
    pub fn open(file: &ResolvedPath) -> Result<Self, Error> {
        let bytes = SharedBytes(Arc::new(read_bytes(file, MAX_FILE_SIZE)?));
        let path = display_name(file.name());
        let content = catch_panics(|| {
            validate_archive(bytes.as_ref())?;
            Xlsx::new(Cursor::new(bytes.clone())).map_err(|error| damaged(&error))
        });
        match content {
            Ok(content) => Ok(Self {
                path,
                content,
                bytes,
            }),
            Err(rejection) => Err(unreadable(&path, rejection)),
        }
    }

    /// Calls `each` with the rows of a sheet until it breaks.
    pub fn rows(
        &mut self,
        options: &WorkbookOptions,
        mut each: impl FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let Self {
            path,
            content,
            bytes,
        } = self;
        let sheet = find_sheet(path, content, &options.sheet)?;
        let (shown, hidden): (Vec<&Sheet>, Vec<&Sheet>) =
            worksheets(content).partition(|it| it.visible == SheetVisible::Visible);
        let is_shown = shown.iter().any(|it| it.name == sheet);
        let others = |sheets: &[&Sheet]| -> Vec<String> {
            let others = sheets.iter().filter(|it| it.name != sheet);
            others.map(|it| it.name.clone()).collect()
        };
        let other_sheets = match others(&shown) {
            none if none.is_empty() => others(&hidden),
            shown => shown,
        };
        let mut advice = Advice {
            other_sheets,
            ..Advice::default()
        };
        if matches!(options.sheet, SheetChoice::First) {
            let others = advice.other_sheets.iter();
            let lists = others.filter(|sheet| has_addresses(content, sheet));
            advice.other_lists = lists.cloned().collect();
        }
        let properties = catch_panics(|| SheetProperties::of(bytes.as_ref(), &sheet));
        let properties = properties.map_err(|rejection| unreadable(path, rejection))?;
        let hidden_sheet = (!is_shown).then(|| Arc::from(&*sheet));
        let cells = catch_panics(|| {
            let found = content.worksheet_cells_reader(&sheet);
            found.map_err(|error| damaged(&error))
        });
        let mut cells = cells.map_err(|rejection| unreadable(path, rejection))?;
        let mut grid = Grid::new(path, options, properties, hidden_sheet, advice);
        loop {
            let cell = catch_panics(|| {
                let found = cells.next_cell_with_formula_metadata();
                found.map_err(|error| damaged(&error))
            });
            let Some(cell) = cell.map_err(|rejection| unreadable(path, rejection))? else {
                break;
            };
            let formula = cell.formula.as_ref().map(formula_text);
            let row = grid.add(cell.pos, &cell.value, formula)?;
            if row.is_some_and(|row| each(row).is_break()) {
                return Ok(());
            }
        }
        if let Some(row) = grid.finish()? {
            let _ = each(row);
        }
        Ok(())
    }
}

/// Returns whether `file` is a workbook by its first bytes or, if these cannot be read in advance, by its name.
pub fn is_workbook(file: &ResolvedPath) -> bool {
    /// The first bytes of an archive, and of an older or encrypted workbook.
    const SIGNATURES: [&[u8; 4]; 2] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0"];
    let mut start = [0; 4];
    if file.is_file() {
        let read = file.open().and_then(|mut file| file.read_exact(&mut start));
        return read.is_ok() && SIGNATURES.contains(&&start);
    }
    if let Some(stdin) = file.as_stdin() {
        let is_workbook = |start: &[u8]| SIGNATURES.iter().any(|known| start.starts_with(*known));
        // What is read here stays in the buffer of the process.
        return !stdin.is_taken() && io::stdin().lock().fill_buf().is_ok_and(is_workbook);
    }
    let extension = file.name().extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
}

/// Runs a library function on untrusted bytes, and treats a panic as a damaged file. That is safe because nothing the
/// function may have left half done is used after an error.
fn catch_panics<T>(read: impl FnOnce() -> Result<T, Rejection>) -> Result<T, Rejection> {
    quiet_panic::catch(read).unwrap_or_else(|| Err(damaged(&"it cannot be parsed")))
}

/// Returns a formula as the file has it; empty if that is in another cell.
fn formula_text(formula: &XlsxFormulaMetadata) -> &str {
    match formula {
        XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. } => {
            formula
        }
        _ => "",
    }
}

fn unreadable(path: &Path, (reason, user_hint): Rejection) -> Error {
    Error::new(path, ErrorKind::InvalidWorkbook { reason, user_hint })
}

fn worksheets(content: &Xlsx<Cursor<SharedBytes>>) -> impl Iterator<Item = &Sheet> {
    let all = content.sheets_metadata().iter();
    all.filter(|sheet| sheet.typ == SheetType::WorkSheet)
}

/// Returns whether the first row of a sheet names a column of addresses.
fn has_addresses(content: &mut Xlsx<Cursor<SharedBytes>>, sheet: &str) -> bool {
    let find = || {
        let cells = content.worksheet_cells_reader(sheet);
        let mut cells = cells.map_err(|error| damaged(&error))?;
        let mut first_row = None;
        while let Ok(Some(cell)) = cells.next_cell() {
            let text = cell::text(cell.get_value()).unwrap_or_default();
            if text.trim().is_empty() {
                continue;
            }
            if *first_row.get_or_insert(cell.get_position().0) != cell.get_position().0 {
                break;
            }
            if names_addresses(&[&text]) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    catch_panics(find).unwrap_or(false)
}

fn find_sheet(
    path: &Path,
    content: &Xlsx<Cursor<SharedBytes>>,
    choice: &SheetChoice,
) -> Result<String, Error> {
    let sheets = || worksheets(content);
    let mut shown = sheets().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let found = match choice {
        SheetChoice::First => shown.next().or_else(|| sheets().next()),
        SheetChoice::Number(number) => number.checked_sub(1).and_then(|index| shown.nth(index)),
        SheetChoice::Named(name) => sheets().find(|sheet| sheet.name == *name).or_else(|| {
            let number: usize = name.parse().ok()?;
            shown.nth(number.checked_sub(1)?)
        }),
    };
    found.map(|sheet| sheet.name.clone()).ok_or_else(|| {
        Error::new(
            path,
            ErrorKind::NoSheet {
                wanted: match choice {
                    SheetChoice::First => "with cells".to_owned(),
                    SheetChoice::Number(number) => number.to_string(),
                    SheetChoice::Named(name) => format!("`{name}`"),
                },
                sheets: sheets().map(|sheet| sheet.name.clone()).collect(),
            },
        )
    })
}
