//! Deadlines beside those of Python's zoneinfo and numpy's `busday_offset`: 10,000 answers in `tests/data/moments.csv`, which
//! `tests/generate/moments.py` wrote and explains.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use gradient_bulk::time::{DateTime, Error, Holidays, parse_date, weekday, zone};
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

/// A question: its kind, what is given, and the answer.
struct Question {
    kind: String,
    given: Vec<String>,
    answer: String,
}

/// Reads the questions, and the days of each calendar.
fn questions() -> (HashMap<String, Vec<String>>, Vec<Question>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/moments.csv");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .unwrap();
    let (mut calendars, mut questions) = (HashMap::new(), Vec::new());
    for record in reader.deserialize::<Vec<String>>() {
        let mut fields = record.unwrap();
        let answer = fields.pop().unwrap();
        let kind = fields.remove(0);
        if kind == "holidays" {
            let days = answer.split_whitespace().map(ToOwned::to_owned).collect();
            calendars.insert(fields.remove(0), days);
        } else {
            questions.push(Question {
                kind,
                given: fields,
                answer,
            });
        }
    }
    (calendars, questions)
}

fn holidays_of(days: &[String]) -> Holidays {
    let mut holidays = Holidays::default();
    for day in days {
        holidays.add(day).unwrap();
    }
    holidays
}

/// Answers as the crate does: a date, or an instant in seconds.
fn answer(question: &Question, calendars: &HashMap<String, Holidays>) -> Result<String, Error> {
    let given: Vec<&str> = question.given.iter().map(String::as_str).collect();
    if let ("business", [date, days, calendar]) = (question.kind.as_str(), given.as_slice()) {
        let reached = calendars[*calendar].offset(parse_date(date)?, days.parse().unwrap())?;
        return Ok(reached.to_string());
    }
    let instant = Timestamp::from_second(given[1].parse().unwrap()).unwrap();
    let here = DateTime::new(instant.to_zoned_datetime(zone(given[0])?));
    let there = match (question.kind.as_str(), &given[2..]) {
        ("business_at", [days, calendar]) => {
            here.plus_business_days(days.parse().unwrap(), &calendars[*calendar])?
        }
        ("days", [days]) => here.plus_days(days.parse().unwrap())?,
        ("weekday", [number]) => here.next(weekday(WEEKDAYS[number.parse::<usize>().unwrap()])?)?,
        ("end", []) => here.end_of_day()?,
        ("at", [clock]) => here.at(clock)?,
        (kind, given) => panic!("an unknown question `{kind}` of {given:?}"),
    };
    Ok(there.timestamp().as_second().to_string())
}

#[test]
fn ten_thousand_deadlines_are_those_of_zoneinfo_and_numpy() {
    let (calendars, questions) = questions();
    let calendars = calendars
        .iter()
        .map(|(name, days)| (name.clone(), holidays_of(days)))
        .collect();
    assert_eq!(questions.len(), 10_000);
    let mut wrong = String::new();
    for question in &questions {
        let found = answer(question, &calendars);
        if found.as_ref() != Ok(&question.answer) {
            let Question {
                kind,
                given,
                answer,
            } = question;
            writeln!(wrong, "{kind} {given:?}: {found:?}, and not {answer}").unwrap();
        }
    }
    let count = wrong.lines().count();
    assert!(wrong.is_empty(), "{count} are wrong:\n{wrong}");
}

/// Writes a question as a script asks it; the answer is printed as in the table.
fn expression(question: &Question) -> String {
    let given: Vec<&str> = question.given.iter().map(String::as_str).collect();
    if let ("business", [date, days, calendar]) = (question.kind.as_str(), given.as_slice()) {
        return format!(
            "datetime(\"{date}\").plus_business_days({days}, \"{calendar}.txt\").format(\"%F\")"
        );
    }
    let instant = Timestamp::from_second(given[1].parse().unwrap()).unwrap();
    let call = match (question.kind.as_str(), &given[2..]) {
        ("business_at", [days, calendar]) => format!("plus_business_days({days}, {calendar})"),
        ("days", [days]) => format!("plus_days({days})"),
        ("weekday", [number]) => format!(
            "next(\"{}\")",
            &WEEKDAYS[number.parse::<usize>().unwrap()][..3].to_uppercase()
        ),
        ("end", []) => "end_of_day()".to_owned(),
        ("at", [clock]) => format!("at(\"{clock}\")"),
        (kind, given) => panic!("an unknown question `{kind}` of {given:?}"),
    };
    format!(
        "datetime(\"{instant}\").in_tz(\"{}\").{call}.format(\"%s\")",
        given[0]
    )
}

#[test]
fn scripts_get_the_same_deadlines() {
    let (calendars, questions) = questions();
    let mut project = Project::new();
    let mut script = String::new();
    for (name, days) in &calendars {
        project = project.file(
            &format!("{name}.txt"),
            format!("# {name}\n\n{}\n", days.join(" # free\n")),
        );
        writeln!(script, "let {name} = {days:?};").unwrap();
    }
    let sample: Vec<&Question> = questions.iter().step_by(25).collect();
    for question in &sample {
        writeln!(script, "print({});", expression(question)).unwrap();
    }
    let ran = project.rhai(&["--tz", "Asia/Tokyo"], &script).succeeds();
    let expected: Vec<&str> = sample
        .iter()
        .map(|question| question.answer.as_str())
        .collect();
    let shown: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(shown, expected, "{script}");
}
