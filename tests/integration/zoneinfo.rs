//! Deadlines compared with those of Python's zoneinfo and numpy's `busday_offset`: `tests/generate/zoneinfo_deadlines.py`
//! writes 10,000 calculations to `tests/data/zoneinfo.csv`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use gradient_bulk::internals::time::{DateTime, Error, Holidays, parse_date, weekday, zone};
use jiff::Timestamp;

use crate::support::Project;

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

struct Calculation {
    kind: String,
    arguments: Vec<String>,
    result: String,
}

/// Reads the holidays of each calendar, and the calculations.
fn calculations() -> (HashMap<String, Vec<String>>, Vec<Calculation>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/zoneinfo.csv");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .unwrap();
    let (mut calendars, mut calculations) = (HashMap::new(), Vec::new());
    for record in reader.deserialize::<Vec<String>>() {
        let mut fields = record.unwrap();
        let result = fields.pop().unwrap();
        let kind = fields.remove(0);
        if kind == "holidays" {
            let days = result.split_whitespace().map(ToOwned::to_owned).collect();
            calendars.insert(fields.remove(0), days);
        } else {
            calculations.push(Calculation {
                kind,
                arguments: fields,
                result,
            });
        }
    }
    (calendars, calculations)
}

fn holidays_of(days: &[String]) -> Holidays {
    let mut holidays = Holidays::default();
    for day in days {
        holidays.add(day).unwrap();
    }
    holidays
}

/// Returns the result of this crate: a date, or an instant in seconds.
fn compute(
    calculation: &Calculation,
    calendars: &HashMap<String, Holidays>,
) -> Result<String, Error> {
    let arguments: Vec<&str> = calculation.arguments.iter().map(String::as_str).collect();
    if let ("business", [date, days, calendar]) = (calculation.kind.as_str(), arguments.as_slice())
    {
        let reached = calendars[*calendar].offset(parse_date(date)?, days.parse().unwrap())?;
        return Ok(reached.to_string());
    }
    let instant = Timestamp::from_second(arguments[1].parse().unwrap()).unwrap();
    let here = DateTime::new(instant.to_zoned_datetime(zone(arguments[0])?));
    let there = match (calculation.kind.as_str(), &arguments[2..]) {
        ("business_at", [days, calendar]) => {
            here.plus_business_days(days.parse().unwrap(), &calendars[*calendar])?
        }
        ("days", [days]) => here.plus_days(days.parse().unwrap())?,
        ("weekday", [number]) => here.next(weekday(WEEKDAYS[number.parse::<usize>().unwrap()])?)?,
        ("end", []) => here.end_of_day()?,
        ("at", [clock]) => here.at(clock)?,
        (kind, arguments) => panic!("unknown calculation `{kind}` of {arguments:?}"),
    };
    Ok(there.timestamp().as_second().to_string())
}

#[test]
fn ten_thousand_deadlines_match_zoneinfo_and_numpy() {
    let (calendars, calculations) = calculations();
    let calendars = calendars
        .iter()
        .map(|(name, days)| (name.clone(), holidays_of(days)))
        .collect();
    assert_eq!(calculations.len(), 10_000);
    let mut wrong = String::new();
    for calculation in &calculations {
        let found = compute(calculation, &calendars);
        if found.as_ref() != Ok(&calculation.result) {
            let Calculation {
                kind,
                arguments,
                result,
            } = calculation;
            writeln!(wrong, "{kind} {arguments:?}: {found:?}, expected {result}").unwrap();
        }
    }
    let count = wrong.lines().count();
    assert!(wrong.is_empty(), "{count} are wrong:\n{wrong}");
}

/// Returns the expression of a script for a calculation; it prints the result as in the table.
fn expression(calculation: &Calculation) -> String {
    let arguments: Vec<&str> = calculation.arguments.iter().map(String::as_str).collect();
    if let ("business", [date, days, calendar]) = (calculation.kind.as_str(), arguments.as_slice())
    {
        return format!(
            "datetime(\"{date}\").plus_business_days({days}, \"{calendar}.txt\").format(\"%F\")"
        );
    }
    let instant = Timestamp::from_second(arguments[1].parse().unwrap()).unwrap();
    let call = match (calculation.kind.as_str(), &arguments[2..]) {
        ("business_at", [days, calendar]) => format!("plus_business_days({days}, {calendar})"),
        ("days", [days]) => format!("plus_days({days})"),
        ("weekday", [number]) => format!(
            "next(\"{}\")",
            &WEEKDAYS[number.parse::<usize>().unwrap()][..3].to_uppercase()
        ),
        ("end", []) => "end_of_day()".to_owned(),
        ("at", [clock]) => format!("at(\"{clock}\")"),
        (kind, arguments) => panic!("unknown calculation `{kind}` of {arguments:?}"),
    };
    format!(
        "datetime(\"{instant}\").in_tz(\"{}\").{call}.format(\"%s\")",
        arguments[0]
    )
}

#[test]
fn scripts_get_the_same_deadlines() {
    let (calendars, calculations) = calculations();
    let mut project = Project::new();
    let mut script = String::new();
    for (name, days) in &calendars {
        project = project.file(
            &format!("{name}.txt"),
            format!("# {name}\n\n{}\n", days.join(" # free\n")),
        );
        writeln!(script, "let {name} = {days:?};").unwrap();
    }
    let sample: Vec<&Calculation> = calculations.iter().step_by(25).collect();
    for calculation in &sample {
        writeln!(script, "print({});", expression(calculation)).unwrap();
    }
    let ran = project.rhai(&["--tz", "Asia/Tokyo"], &script).succeeds();
    let expected: Vec<&str> = sample
        .iter()
        .map(|calculation| calculation.result.as_str())
        .collect();
    let shown: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(shown, expected, "{script}");
}
