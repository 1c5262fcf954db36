//! Deadlines: business days and holidays, weekdays, rounding, durations, and the zone of the run.

use rusqlite::Connection;

use crate::stub::{Stub, default_reply};
use crate::support::Project;
use crate::times::{print_all, shows};

#[test]
fn business_days_are_counted_as_in_a_spreadsheet() {
    // Examples of WORKDAY in ECMA-376 (SpreadsheetML).
    let new_year = "datetime(\"2006-01-01\")";
    let examples = [
        ("0", "2006-01-01"),
        ("10", "2006-01-13"),
        ("-10", "2005-12-19"),
        ("20, [\"2006-01-02\", \"2006-01-16\"]", "2006-01-31"),
    ];
    for (days, expected) in examples {
        let call = format!("{new_year}.plus_business_days({days}).format(\"%F\")");
        shows(&[(&call, expected)]);
    }
    shows(&[
        // A Saturday and a Sunday.
        (
            "datetime(\"2030-03-30\").plus_business_days(1)",
            "Mon 2030-04-01 00:00:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-03-31\").plus_business_days(-1)",
            "Fri 2030-03-29 00:00:00 Europe/Berlin",
        ),
        // Over the change of the clocks, at the same time of day.
        (
            "now().plus_business_days(2)",
            "Mon 2030-04-01 13:00:00 Europe/Berlin",
        ),
        (
            "now().plus_business_days(1, [today().plus_days(1)])",
            "Mon 2030-04-01 13:00:00 Europe/Berlin",
        ),
        (
            "[now().is_business_day(), now().is_business_day([today()]), today().plus_days(2).is_business_day()]",
            "[true, false, false]",
        ),
    ]);
}

#[test]
fn holidays_are_read_from_a_file() {
    let project = Project::new().file(
        "holidays.txt",
        "\u{feff}# Easter\r\n2030-04-19  # Good Friday\r\n\r\n2030-04-22\r\n",
    );
    project
        .rhai(
            &["--tz", "Europe/Berlin"],
            "let day = datetime(\"2030-04-18\");\n\
             print(day.plus_business_days(1, \"holidays.txt\"));\n\
             print(day.plus_days(1).is_business_day(\"holidays.txt\"));",
        )
        .succeeds()
        .prints("Tue 2030-04-23 00:00:00 Europe/Berlin\nfalse\n");
    project
        .rhai(
            &[],
            "let day = datetime(\"2030-04-18\");\n\
             print(day.is_business_day(\"holidays.txt\"));\n\
             write_csv(\"holidays.txt\", [#{ \"2030-04-18\": \"2030-04-18\" }], #{ overwrite: true });\n\
             print(day.is_business_day(\"holidays.txt\"));",
        )
        .succeeds()
        .prints("true\nfalse\n");
}

#[test]
fn an_invalid_holiday_is_located_and_ends_the_plan() {
    let project = Project::new().file("holidays.txt", "# closed\n2030-04-19\n24/12/2030\n");
    let plan = "invite_all([\"jane@example.com\", \"john@example.com\"], |email| #{ email: email, due_date: now().plus_business_days(5, HOLIDAYS) });";
    for (holidays, message) in [
        (
            "\"holidays.txt\"",
            "`holidays.txt` line 3: the order of day and month in `24/12/2030` is not known",
        ),
        (
            "[\"2030-12-25\", \"xmas\"]",
            "holiday 2: `xmas` is not a date",
        ),
        ("[()]", "holiday 1: no date"),
        ("\"none.txt\"", "cannot open `none.txt`"),
        (
            "42",
            "holidays are an array of dates or the path of a file, not `int`",
        ),
    ] {
        project
            .rehearse(&plan.replace("HOLIDAYS", holidays))
            .exits(1)
            .says(&format!("error: {message}"));
    }
}

#[test]
fn the_next_weekday_is_never_the_same_day() {
    shows(&[
        (
            "now().next(\"friday\")",
            "Fri 2030-03-29 13:00:00 Europe/Berlin",
        ),
        (
            "now().next(\"Thu\")",
            "Thu 2030-04-04 13:00:00 Europe/Berlin",
        ),
        (
            "today().next(\" SUNDAY \").at(\"17:00\")",
            "Sun 2030-03-31 17:00:00 Europe/Berlin",
        ),
    ]);
    for (name, hint) in [
        ("fridya", "did you mean `friday`?"),
        ("Freitag", "use an English name such as `friday`, or `fri`"),
        ("t", "use an English name such as `friday`, or `fri`"),
        ("", "use an English name such as `friday`, or `fri`"),
    ] {
        print_all(&[&format!("now().next(\"{name}\")")])
            .exits(1)
            .says(&format!("error: `{name}` is not a day of the week"))
            .says(&format!("hint: {hint}"));
    }
}

#[test]
fn times_can_be_rounded_up() {
    shows(&[
        (
            "now().plus_minutes(61).start_of_hour()",
            "Thu 2030-03-28 14:00:00 Europe/Berlin",
        ),
        (
            "now().plus_minutes(61).round_up(\"hour\")",
            "Thu 2030-03-28 15:00:00 Europe/Berlin",
        ),
        (
            "now().round_up(\"hour\")",
            "Thu 2030-03-28 13:00:00 Europe/Berlin",
        ),
        (
            "now().round_up(\"day\")",
            "Fri 2030-03-29 00:00:00 Europe/Berlin",
        ),
        (
            "today().round_up(\"day\")",
            "Thu 2030-03-28 00:00:00 Europe/Berlin",
        ),
        (
            "today().at(\"09:15:01\").round_up(\"minute\")",
            "Thu 2030-03-28 09:16:00 Europe/Berlin",
        ),
        (
            "now().start_of_day()",
            "Thu 2030-03-28 00:00:00 Europe/Berlin",
        ),
        (
            "now().plus_weeks(1)",
            "Thu 2030-04-04 13:00:00 Europe/Berlin",
        ),
        // Half past two, first and second; Kathmandu is a quarter of an hour off.
        (
            "datetime(\"2030-10-27T00:30:00Z\").in_tz(\"Europe/Berlin\").round_up(\"hour\").format(\"%H:%M %z\")",
            "02:00 +0100",
        ),
        (
            "now().in_tz(\"Asia/Kathmandu\").start_of_hour()",
            "Thu 2030-03-28 17:00:00 Asia/Kathmandu",
        ),
    ]);
    print_all(&["now().round_up(\"week\")"])
        .exits(1)
        .says("error: a time cannot be rounded up to `week`")
        .says("hint: the units are `minute`, `hour` and `day`");
}

#[test]
fn min_and_max_of_two_times() {
    shows(&[
        (
            "min(now(), today(\"Asia/Tokyo\"))",
            "Thu 2030-03-28 00:00:00 Asia/Tokyo",
        ),
        (
            "max(now(), today(\"Asia/Tokyo\"))",
            "Thu 2030-03-28 13:00:00 Europe/Berlin",
        ),
    ]);
}

#[test]
fn the_time_between_two_times_is_shown_in_days_hours_and_minutes() {
    shows(&[
        (
            "today().plus_days(2).end_of_day() - now()",
            "2 days 10 hours",
        ),
        ("now() - now().plus_minutes(65)", "-1 hour 5 minutes"),
        ("[now() - now()]", "[0 minutes]"),
        ("`${now().plus_hours(24) - now()} left`", "1 day left"),
        // The night of the change is an hour short.
        (
            "datetime(\"2030-04-01\") - datetime(\"2030-03-31\")",
            "23 hours",
        ),
        (
            "(datetime(\"2030-04-01\") - datetime(\"2030-03-31\")).days",
            "0",
        ),
        ("(now().plus_hours(59) - now()).days", "2"),
        ("(now().plus_hours(59) - now()).hours", "59"),
        ("(now() - now().plus_minutes(119)).hours", "-1"),
        ("(now().plus_hours(2) - now()).minutes", "120"),
        ("(now().plus_days(1) - now()).hours < 48", "true"),
        (
            "now().plus_days(1) - now() < now().plus_days(2) - now()",
            "true",
        ),
        (
            "now().plus_hours(24) - now() == now() - now().plus_hours(-24)",
            "true",
        ),
    ]);
}

#[test]
fn a_duration_can_be_written_to_a_file() {
    let project = Project::new();
    project
        .rhai(
            &["--now", "2030-03-28T12:00:00Z"],
            "let left = now().plus_hours(60) - now();\n\
             write_csv(\"left.csv\", [#{ days: left.days, left: left }]);\n\
             write_json(\"left.json\", #{ left: left });",
        )
        .succeeds();
    assert_eq!(project.read("left.csv"), "days,left\n2,2 days 12 hours\n");
    assert!(project.read("left.json").contains("\"2 days 12 hours\""));
}

#[test]
fn a_day_that_ends_in_a_clock_change_ends_at_its_last_second() {
    shows(&[
        // 24:00 was 23:00 again.
        (
            "datetime(\"2018-02-17\", \"America/Sao_Paulo\").end_of_day().format(\"%T %z\")",
            "23:59:59 -0300",
        ),
        // 23:00 was 24:00.
        (
            "datetime(\"2024-03-30\", \"America/Nuuk\").end_of_day()",
            "Sat 2024-03-30 22:59:59 America/Nuuk",
        ),
    ]);
}

#[test]
fn the_first_of_a_repeated_time_of_day_is_used() {
    shows(&[
        (
            "datetime(\"2030-10-27\").plus_hours(10).at(\"02:30\").format(\"%T %z\")",
            "02:30:00 +0200",
        ),
        (
            "datetime(\"2030-10-27\").plus_hours(10).at(\"23:59\").format(\"%T %z\")",
            "23:59:00 +0100",
        ),
    ]);
}

#[test]
fn deadlines_are_read_in_the_zone_of_the_run() {
    for (text, shown) in [
        ("\"2030-03-31\"", "Sun 2030-03-31 23:59:59 Europe/Berlin"),
        ("\" 2030-10-27 \"", "Sun 2030-10-27 23:59:59 Europe/Berlin"),
        (
            "\"2030-04-01T17:00:00Z\"",
            "Mon 2030-04-01 19:00:00 Europe/Berlin",
        ),
        (
            "\"2030-04-01T17:00:00-04:00\"",
            "Mon 2030-04-01 17:00:00 -04",
        ),
        (
            "\"2030-04-01T17:00:00[America/New_York]\"",
            "Mon 2030-04-01 17:00:00 America/New_York",
        ),
        (
            "today().next(\"sunday\").at(\"23:59\")",
            "Sun 2030-03-31 23:59:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-04-01\", \"Asia/Tokyo\").end_of_day()",
            "Mon 2030-04-01 23:59:59 Asia/Tokyo",
        ),
    ] {
        let invite = format!("invite(#{{ email: \"jane.smith@example.com\", due_date: {text} }})");
        let script = format!("print({invite}.due_date);");
        Project::new()
            .rhai(
                &[
                    "--sandbox",
                    "--now",
                    "2030-03-28T12:00:00Z",
                    "--tz",
                    "Europe/Berlin",
                ],
                &script,
            )
            .succeeds()
            .prints(&format!("{shown}\n"));
    }
}

/// Zones change, and so may their offset between the plan and its sending. What was agreed to is the instant.
#[test]
fn a_stored_deadline_is_the_instant_that_was_agreed_to() {
    for (stored, sent) in [
        (
            "2035-07-01T23:59:59+02:00[Europe/Berlin]",
            "2035-07-01T21:59:59Z",
        ),
        (
            "2035-07-01T23:59:59+01:00[Europe/Berlin]",
            "2035-07-01T22:59:59Z",
        ),
        (
            "2035-03-25T02:30:00+01:00[Europe/Berlin]",
            "2035-03-25T01:30:00Z",
        ),
        (
            "2035-07-01T23:59:59-03:00[Moon/Base_One]",
            "2035-07-02T02:59:59Z",
        ),
        ("2035-07-01T23:59:59+05:45[+05:45]", "2035-07-01T18:14:59Z"),
    ] {
        let (project, stub) = planned_with_deadline(stored);
        project.run(&["send", "1", "--yes"]).succeeds();
        let invites = stub.invites();
        let sent_dates: Vec<&str> = invites
            .iter()
            .map(|invite| invite.body["dueDate"].as_str().unwrap())
            .collect();
        assert_eq!(sent_dates, [sent], "{stored}");
        let rows = project.run(&["runs", "1", "--format", "json"]).succeeds();
        let due_date: jiff::Timestamp = rows.json()[0]["due_date"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(due_date.to_string(), sent, "{stored}");
    }
}

#[test]
fn a_stored_deadline_that_cannot_be_read_is_an_error_before_anything_is_sent() {
    for stored in [
        "soon",
        "2035-07-01",
        "2035-07-01T23:59:59[Moon/Base_One]",
        "",
    ] {
        let (project, stub) = planned_with_deadline(stored);
        project.run(&["send", "1", "--yes"]).exits(1).says(&format!(
            "error: cannot read the deadline `{stored}` in the ledger `"
        ));
        assert!(stub.invites().is_empty());
    }
}

/// Plans one invitation, and changes its stored deadline.
fn planned_with_deadline(stored: &str) -> (Project, Stub) {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    project
        .rhai(
            &["--dry-run"],
            "invite(#{ email: \"jane@example.com\", due_date: \"2035-07-01\" });",
        )
        .succeeds();
    let changed = Connection::open(project.ledger())
        .unwrap()
        .execute("UPDATE invites SET due_date = ?1", [stored])
        .unwrap();
    assert_eq!(changed, 1);
    (project, stub)
}
