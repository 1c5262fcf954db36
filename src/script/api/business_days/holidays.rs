//! Holidays that a script passes: an array of dates, or the path of a file with one date per line.

use std::ops::ControlFlow;
use std::rc::Rc;

use rhai::{Array, Dynamic, ImmutableString, NativeCallContext};

use crate::error_code::ErrorCode;
use crate::file_access::ResolvedPath;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::host::run_host::Host;
use crate::script::number::int;
use crate::script::values::convert::type_name;
use crate::table;
use crate::time::{DateTime, Error, Holidays};

/// Returns the holidays in `value`.
///
/// # Errors
/// `bad_holidays`: a holiday is not a date; `file`, `bad_table`: the file cannot be read; `wrong_type`: the value is
/// something else.
pub(in crate::script) fn holidays(
    ctx: &NativeCallContext,
    value: &Dynamic,
) -> RhaiResultOf<Rc<Holidays>> {
    if let Some(path) = value.read_lock::<ImmutableString>() {
        let file = Host::of(ctx)?.file_to_read(ctx, &path)?;
        return holidays_in_file(ctx, &path, &file);
    }
    let Some(dates) = value.read_lock::<Array>() else {
        let message = format!(
            "holidays are an array of dates or the path of a file, not `{}`",
            type_name(value)
        );
        return Err(throw(ctx, Throw::new(ErrorCode::WrongType, message)));
    };
    let mut holidays = Holidays::default();
    for (number, date) in (1..).zip(dates.iter()) {
        add(&mut holidays, date)
            .map_err(|wrong| throw(ctx, bad_holidays(&format!("holiday {number}"), &wrong)))?;
    }
    Ok(Rc::new(holidays))
}

fn add(holidays: &mut Holidays, date: &Dynamic) -> Result<(), Error> {
    if let Some(time) = date.read_lock::<DateTime>() {
        holidays.add_day_of(&time);
        return Ok(());
    }
    holidays.add(&date.to_string())
}

fn holidays_in_file(
    ctx: &NativeCallContext,
    given_path: &str,
    file: &ResolvedPath,
) -> RhaiResultOf<Rc<Holidays>> {
    let host = Host::of(ctx)?;
    let files = &host.holiday_files.0;
    let path = file.name();
    let version = file
        .metadata()
        .and_then(|file| Ok((file.modified()?, file.len())))
        .ok();
    let read = files.borrow().get(path).cloned();
    if let Some((_, holidays)) = read.filter(|(of, _)| version.is_some() && *of == version) {
        return Ok(holidays);
    }
    let mut holidays = Holidays::default();
    let mut wrong = None;
    let mut watched = host.checkpoint().watch();
    table::read_lines(file, |line| {
        let date = line.text.split('#').next().unwrap_or_default();
        wrong = holidays.add(date).err().map(|error| (error, line.number));
        match wrong {
            Some(_) => ControlFlow::Break(()),
            None => watched.go_on(),
        }
    })
    .map_err(|error| throw(ctx, host.read_error(error)))?;
    watched.finish()?;
    if let Some((error, line)) = wrong {
        let location = format!("`{}` line {line}", path.display());
        let thrown = bad_holidays(&location, &error)
            .with("file", path.display().to_string())
            .with("file_line", int(line));
        return Err(throw(ctx, thrown));
    }
    host.record_input(given_path);
    let holidays = Rc::new(holidays);
    files
        .borrow_mut()
        .insert(path.to_owned(), (version, Rc::clone(&holidays)));
    Ok(holidays)
}

/// An error of the script or its file rather than of the current row, so it ends a plan.
fn bad_holidays(location: &str, wrong: &Error) -> Throw {
    Throw::new(ErrorCode::BadHolidays, format!("{location}: {wrong}")).hint_if(wrong.hint())
}
