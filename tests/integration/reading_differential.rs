//! 10,000 generated rows with a date and a time zone. The generator knows what it wrote, and finds the instant without the code
//! under test: each row is due exactly then, and pointed at or not, or is refused.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use crate::support::Project;

const ROWS_OF_PLAN: usize = 1000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[rustfmt::skip]
const FRENCH_MONTHS: [&str; 12] = [
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
];

/// How a careful person reads a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Exact(Timestamp),
    PointedAt(Timestamp),
    Refused,
}

/// The order that `--dates` sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Unknown,
    DayFirst,
    MonthFirst,
}

/// What is written in the column `zone`, the zone, and whether a person should look at it; without a zone, it is refused.
const ZONES: [(&str, Option<&str>, bool); 22] = [
    ("Europe/Berlin", Some("Europe/Berlin"), false),
    ("america/new york", Some("America/New_York"), false),
    ("Australia/Lord_Howe", Some("Australia/Lord_Howe"), false),
    ("America/Nuuk", Some("America/Nuuk"), false),
    ("Africa/Cairo", Some("Africa/Cairo"), false),
    ("Asia/Kathmandu", Some("Asia/Kathmandu"), false),
    ("Japan", Some("Asia/Tokyo"), false),
    ("UTC", Some("UTC"), false),
    ("z", Some("UTC"), false),
    ("Pacific Standard Time", Some("America/Los_Angeles"), true),
    ("India Standard Time", Some("Asia/Kolkata"), true),
    (
        "E. South America Standard Time",
        Some("America/Sao_Paulo"),
        true,
    ),
    ("London", Some("Europe/London"), true),
    ("sydney", Some("Australia/Sydney"), true),
    ("GMT+8", Some("+08:00"), true),
    ("UTC\u{2212}5:30", Some("-05:30"), true),
    ("-03:00", Some("-03:00"), true),
    ("Etc/GMT+8", Some("-08:00"), true),
    ("PST", None, false),
    ("CET", None, false),
    ("Munich", None, false),
    ("(UTC-08:00) Pacific Time (US & Canada)", None, false),
];

fn zone(name: &str) -> TimeZone {
    let Some(offset) = name.strip_prefix(['+', '-']) else {
        return TimeZone::get(name).unwrap();
    };
    let (hours, minutes) = offset.split_once(':').unwrap();
    let seconds = hours.parse::<i32>().unwrap() * 3600 + minutes.parse::<i32>().unwrap() * 60;
    let sign = if name.starts_with('-') { -1 } else { 1 };
    TimeZone::fixed(Offset::from_seconds(sign * seconds).unwrap())
}

/// Returns the instants at which the clocks of a zone show a local time: none in a gap, two if it occurs twice.
fn instants(local: DateTime, zone: &TimeZone) -> Vec<Timestamp> {
    let utc = Offset::UTC.to_timestamp(local).unwrap();
    let mut found = Vec::new();
    for hours in [-30, 30] {
        let offset = zone.to_offset(utc + SignedDuration::from_hours(hours));
        let instant = offset.to_timestamp(local).unwrap();
        let shown = zone.to_offset(instant).to_datetime(instant);
        if shown == local && !found.contains(&instant) {
            found.push(instant);
        }
    }
    found.sort();
    found
}

/// Returns the last second of a day: the second before the next day begins.
fn end_of_day(date: Date, zone: &TimeZone) -> Timestamp {
    let next = date.tomorrow().unwrap();
    let mut minute = next.to_datetime(Time::midnight());
    loop {
        // After a gap, the day begins with the first time that exists. If midnight occurs twice, it begins with the second one,
        // since the clocks go back into the day before.
        if let Some(start) = instants(minute, zone).last() {
            return *start - SignedDuration::from_secs(1);
        }
        minute = minute.checked_add(SignedDuration::from_mins(1)).unwrap();
    }
}

struct Generator {
    random: fastrand::Rng,
    order: Order,
    reads_serials: bool,
}

impl Generator {
    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.random.usize(..items.len())]
    }

    fn date(&mut self) -> Date {
        let year = 2031 + self.random.i16(0..30);
        // Half of the dates are around changes of the clocks.
        if self.random.usize(..2) == 0 {
            let month = self.pick(&[3, 4, 10, 11]);
            let first = Date::new(year, month, 1).unwrap();
            let sunday = first.nth_weekday_of_month(self.pick(&[1, 2, -1]), Weekday::Sunday);
            return sunday.unwrap();
        }
        let day = self.random.i64(0..365);
        let first = Date::new(year, 1, 1).unwrap();
        first
            .checked_add(SignedDuration::from_hours(24 * day))
            .unwrap()
    }

    /// Writes a date, and says how it is read: `None` is refused, `Some(true)` pointed at.
    fn written_date(&mut self, date: Date) -> (String, Option<bool>) {
        let (year, month, day) = (date.year(), date.month(), date.day());
        let name = MONTHS[usize::try_from(month - 1).unwrap()];
        let short = &name[..3];
        let two_digits = year % 100;
        let slashes = match self.order {
            Order::Unknown => None,
            Order::DayFirst | Order::MonthFirst => Some(false),
        };
        let (first, second) = match self.order {
            Order::MonthFirst => (month, day),
            _ => (day, month),
        };
        match self.random.usize(..20) {
            0 | 1 => (format!("{date}"), Some(false)),
            2 => (format!("{year}{month:02}{day:02}"), Some(false)),
            3 => (format!("{day}.{month}.{year}"), Some(false)),
            4 => (format!("{day:02}.{month:02}.{year}"), Some(false)),
            5 => (format!("{day}-{short}-{year}"), Some(false)),
            6 => (format!("{short} {day} {year}"), Some(false)),
            7 => (format!("{name} {day}, {year}"), Some(false)),
            8 => (date.strftime("%a, %-d %b %Y").to_string(), Some(false)),
            9 => (
                date.tomorrow()
                    .unwrap()
                    .strftime(&format!("%A, {day} {name} {year}"))
                    .to_string(),
                None,
            ),
            10 => (format!("{day}.{month}.{two_digits}"), Some(true)),
            11 => {
                // Such as `30-Dec-26`, which may be a day of 2030.
                let other = Date::new(
                    2000 + i16::from(day),
                    month,
                    i8::try_from(two_digits).unwrap(),
                );
                let is_unclear = day >= 10 && other.is_ok() && self.order == Order::Unknown;
                (
                    format!("{day}-{short}-{two_digits}"),
                    (!is_unclear).then_some(true),
                )
            }
            12 => (format!("{first:02}/{second:02}/{year}"), slashes),
            13 => (format!("{first}-{second}-{year}"), slashes),
            14 => (format!("{year}/{month}/{day}"), Some(false)),
            15 => (format!("{year}\u{2013}{month:02}\u{2013}{day:02}"), None),
            16 => (format!("{day}\u{a0}{name} {year}"), None),
            17 => {
                let days = date.since(Date::constant(1899, 12, 30)).unwrap().get_days();
                (days.to_string(), self.reads_serials.then_some(true))
            }
            18 => {
                let name = FRENCH_MONTHS[usize::try_from(month - 1).unwrap()];
                (format!("{day} {name} {year}"), Some(false))
            }
            _ => (format!("{day} {name}"), None),
        }
    }

    /// Writes a row: the columns `due` and `zone`, and how they are read.
    fn row(&mut self) -> (String, String, Reading) {
        let (zone_text, zone_name, points_at_zone) = self.pick(&ZONES);
        let date = self.date();
        let (mut text, read) = self.written_date(date);
        let Some(own_zone) = zone_name.map(zone) else {
            return (text, zone_text.to_owned(), Reading::Refused);
        };
        let time = match self.random.usize(..6) {
            0 => Some((0, 0)),
            1 => Some((2, 30)),
            2 => Some((1, 30)),
            3 => Some((17, 0)),
            _ => None,
        };
        let is_iso = text.len() == 10 && text == date.to_string();
        let mut reading = if let Some((hour, minute)) = time {
            let local = date.at(hour, minute, 0, 0);
            // A number has no time of day after it.
            let is_number = text.len() == 5;
            match (hour, self.random.usize(..3)) {
                (17, 0) => text.push_str(" 5pm"),
                (17, 1) => text.push_str(" 5:00 PM"),
                _ if is_iso => write!(text, "T{hour:02}:{minute:02}").unwrap(),
                _ => write!(text, " {hour:02}:{minute:02}").unwrap(),
            }
            match instants(local, &own_zone).as_slice() {
                _ if is_number => Reading::Refused,
                [] => Reading::Refused,
                [instant] if hour != 0 => Reading::Exact(*instant),
                [instant, ..] => Reading::PointedAt(*instant),
            }
        } else if is_iso && self.random.usize(..3) == 0 {
            let (name, points) =
                self.pick(&[("Asia/Tokyo", false), ("UTC", false), ("Etc/GMT-5", true)]);
            write!(text, "[{name}]").unwrap();
            let instant = end_of_day(date, &TimeZone::get(name).unwrap());
            if points {
                Reading::PointedAt(instant)
            } else {
                Reading::Exact(instant)
            }
        } else {
            Reading::Exact(end_of_day(date, &own_zone))
        };
        reading = match (reading, read) {
            (Reading::Refused, _) | (_, None) => Reading::Refused,
            (Reading::Exact(instant), Some(points)) if points || points_at_zone => {
                Reading::PointedAt(instant)
            }
            (reading, Some(_)) => reading,
        };
        (text, zone_text.to_owned(), reading)
    }
}

fn check(seed: u64, order: Order, options: &[&str]) {
    let mut generator = Generator {
        random: fastrand::Rng::with_seed(seed),
        order,
        reads_serials: options.contains(&"mdy,excel"),
    };
    let rows: Vec<_> = (0..ROWS_OF_PLAN).map(|_| generator.row()).collect();
    let mut file = "email,due,zone\n".to_owned();
    for (number, (due, zone, _)) in rows.iter().enumerate() {
        writeln!(file, "c{number}@example.com,\"{due}\",\"{zone}\"").unwrap();
    }
    let project = Project::new().file("rows.csv", file);
    let script = r#"invite_all(read_csv("rows.csv"), |row| #{ email: row.email, due_date: deadline(row.due, row.zone) });"#;
    let common = [
        "--sandbox",
        "--dry-run",
        "--skip-invalid",
        "--now",
        "2030-06-01T00:00:00Z",
    ];
    project
        .rhai(&[&common[..], options].concat(), script)
        .exits(3);
    let ledger = Connection::open(project.ledger()).unwrap();
    let mut statement = ledger
        .prepare("SELECT line, state, due_date, interpretations FROM invites ORDER BY id")
        .unwrap();
    let found: BTreeMap<usize, Reading> = statement
        .query_map([], |row| {
            let (line, state): (usize, i64) = (row.get(0)?, row.get(1)?);
            let due: Option<String> = row.get(2)?;
            let is_pointed_at = row.get::<_, Option<String>>(3)?.is_some();
            let reading = match (state, due) {
                (0, Some(due)) => {
                    let end = due.find('[').unwrap_or(due.len());
                    let instant = due[..end].parse().unwrap();
                    if is_pointed_at {
                        Reading::PointedAt(instant)
                    } else {
                        Reading::Exact(instant)
                    }
                }
                _ => Reading::Refused,
            };
            Ok((line, reading))
        })
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut wrong = String::new();
    for (index, (due, zone, expected)) in rows.iter().enumerate() {
        let found = found[&(index + 2)];
        if found != *expected {
            writeln!(wrong, "{due} in {zone}: {found:?}, expected {expected:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "seed {seed}, {order:?}:\n{wrong}");
    let refused = rows.iter().filter(|row| row.2 == Reading::Refused).count();
    assert!(
        (100..800).contains(&refused),
        "{refused} of {ROWS_OF_PLAN} are refused"
    );
}

#[test]
fn rows_without_an_order_are_read_as_a_careful_person_does() {
    for seed in 1..=4 {
        check(seed, Order::Unknown, &[]);
    }
}

#[test]
fn rows_with_the_day_first_are_read_as_a_careful_person_does() {
    for seed in 5..=7 {
        check(seed, Order::DayFirst, &["--dates", "dmy"]);
    }
}

#[test]
fn rows_with_the_month_first_are_read_as_a_careful_person_does() {
    for seed in 8..=10 {
        check(seed, Order::MonthFirst, &["--dates", "mdy,excel"]);
    }
}
