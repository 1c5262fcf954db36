//! Reading, showing, moving and comparing times.

use crate::support::{Project, Ran};

/// Prints expressions, one per line, at noon UTC on Thursday, 28 March 2030, in Berlin, three days before summer time.
pub(crate) fn print_all(expressions: &[&str]) -> Ran {
    let statements: Vec<String> = expressions
        .iter()
        .map(|expression| format!("print({expression});"))
        .collect();
    let script = statements.join("\n");
    Project::new().rhai(
        &["--now", "2030-03-28T12:00:00Z", "--tz", "Europe/Berlin"],
        &script,
    )
}

#[track_caller]
pub(crate) fn shows(cases: &[(&str, &str)]) {
    let expressions: Vec<&str> = cases.iter().map(|case| case.0).collect();
    let ran = print_all(&expressions).succeeds();
    let shown: Vec<(&str, &str)> = expressions
        .iter()
        .copied()
        .zip(ran.stdout.lines())
        .collect();
    assert_eq!(shown, cases, "{ran}");
}

#[test]
fn now_and_today_have_the_zone_of_the_run() {
    shows(&[
        ("now()", "Thu 2030-03-28 13:00:00 Europe/Berlin"),
        ("today()", "Thu 2030-03-28 00:00:00 Europe/Berlin"),
        (
            "today(\"Pacific/Auckland\")",
            "Fri 2030-03-29 00:00:00 Pacific/Auckland",
        ),
        ("now().zone", "Europe/Berlin"),
    ]);
}

#[test]
fn instants_dates_and_local_times_are_read() {
    shows(&[
        (
            "datetime(\"2030-02-01T17:00:00Z\")",
            "Fri 2030-02-01 18:00:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-02-01 17:00:00Z\")",
            "Fri 2030-02-01 18:00:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-02-01T17:00:00+05:30\")",
            "Fri 2030-02-01 17:00:00 +05:30",
        ),
        (
            "datetime(\"2030-02-01T17:00:00.25Z\").in_tz(\"UTC\")",
            "Fri 2030-02-01 17:00:00 UTC",
        ),
        (
            "datetime(\"2030-02-01T17:00[Asia/Tokyo]\")",
            "Fri 2030-02-01 17:00:00 Asia/Tokyo",
        ),
        (
            "datetime(\"2030-02-01\")",
            "Fri 2030-02-01 00:00:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-02-01\", \"America/New_York\")",
            "Fri 2030-02-01 00:00:00 America/New_York",
        ),
        (
            "datetime(\"2030-02-01 17:00\", \"america/new_york\")",
            "Fri 2030-02-01 17:00:00 America/New_York",
        ),
        (
            "datetime(\"2030-02-01T17:00:00Z\", \"Asia/Tokyo\")",
            "Sat 2030-02-02 02:00:00 Asia/Tokyo",
        ),
    ]);
}

#[test]
fn ambiguous_dates_are_rejected() {
    for (text, message) in [
        (
            "2030-02-01 17:00",
            "`2030-02-01 17:00` has a time but no time zone",
        ),
        (
            "01/02/2030",
            "the order of day and month in `01/02/2030` is not known",
        ),
        (
            "01-02-2030",
            "the order of day and month in `01-02-2030` is not known",
        ),
        ("2030-13-01", "`2030-13-01` is not a date"),
        ("2030", "`2030` is not a date"),
        ("", "no date (the text is empty)"),
    ] {
        print_all(&[&format!("datetime(\"{text}\")")])
            .exits(1)
            .says(&format!("error: {message}"))
            .says("--> script.rhai:1:7")
            .says("= hint: ");
    }
}

#[test]
fn a_time_of_day_in_another_form_gets_a_suggestion() {
    for (text, hint) in [
        ("5pm", "write `17:00`"),
        ("5:30 PM", "write `17:30`"),
        ("17.00", "write `17:00`"),
        ("noon", "write it as `17:00` or `17:00:30`"),
    ] {
        print_all(&[&format!("today().at(\"{text}\")")])
            .exits(1)
            .says(&format!("error: `{text}` is not a time of day"))
            .says(&format!("= hint: {hint}"));
    }
}

/// The error is the same whether a closure reads the date with `datetime`, or the deadline is text.
#[test]
fn an_invalid_date_in_a_row_gets_a_suggestion() {
    Project::new()
        .file("people.csv", "email,due,by\na@example.com,2026/02/31,17:00\nb@example.com,46000,17:00\nc@example.com,2030-02-01,5pm\n")
        .rehearse("invite_all(read_csv(\"people.csv\"), |row| #{ email: row.email, due_date: datetime(row.due).at(row.by) });")
        .exits(5)
        .says("line 2: column `due`: `2026/02/31` is not a date: that month is shorter; correct the day\n")
        .says("line 3: column `due`: `46000` is a number, as spreadsheets store a date or anything else; `--dates excel` ")
        .says("line 4: column `by`: `5pm` is not a time of day; write `17:00`\n");
}

#[test]
fn days_keep_the_time_of_day_over_a_clock_change() {
    shows(&[
        (
            "now().plus_days(3)",
            "Sun 2030-03-31 13:00:00 Europe/Berlin",
        ),
        ("now().plus_days(3).format(\"%H:%M %z\")", "13:00 +0200"),
        (
            "now().plus_days(-3)",
            "Mon 2030-03-25 13:00:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-01-31\").plus_days(29)",
            "Fri 2030-03-01 00:00:00 Europe/Berlin",
        ),
    ]);
}

#[test]
fn hours_are_elapsed_time() {
    shows(&[
        (
            "now().plus_hours(72)",
            "Sun 2030-03-31 14:00:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-03-31\").plus_hours(2)",
            "Sun 2030-03-31 03:00:00 Europe/Berlin",
        ),
        (
            "now().plus_hours(-24)",
            "Wed 2030-03-27 13:00:00 Europe/Berlin",
        ),
    ]);
}

#[test]
fn a_day_ends_at_its_last_second_when_clocks_change() {
    shows(&[
        (
            "today().end_of_day()",
            "Thu 2030-03-28 23:59:59 Europe/Berlin",
        ),
        (
            "datetime(\"2030-03-31\").end_of_day().format(\"%F %T %z\")",
            "2030-03-31 23:59:59 +0200",
        ),
        (
            "datetime(\"2030-10-27\").end_of_day().format(\"%F %T %z\")",
            "2030-10-27 23:59:59 +0100",
        ),
        (
            "datetime(\"2030-02-01\").end_of_day().plus_hours(1)",
            "Sat 2030-02-02 00:59:59 Europe/Berlin",
        ),
    ]);
}

#[test]
fn a_time_of_day_can_be_set() {
    shows(&[
        (
            "today().at(\"17:00\")",
            "Thu 2030-03-28 17:00:00 Europe/Berlin",
        ),
        (
            "today().at(\" 7:05:30 \")",
            "Thu 2030-03-28 07:05:30 Europe/Berlin",
        ),
        // Skipped on that day, and there twice.
        (
            "datetime(\"2030-03-31\").at(\"02:30\")",
            "Sun 2030-03-31 03:30:00 Europe/Berlin",
        ),
        (
            "datetime(\"2030-10-27\").at(\"02:30\").format(\"%H:%M %z\")",
            "02:30 +0200",
        ),
    ]);
    for clock in ["25:00", "17", "noon", ""] {
        print_all(&[&format!("today().at(\"{clock}\")")])
            .exits(1)
            .says(&format!("error: `{clock}` is not a time of day"))
            .says("write it as `17:00` or `17:00:30`");
    }
}

#[test]
fn zones_can_be_changed_by_name() {
    shows(&[
        (
            "now().in_tz(\"Asia/Kolkata\")",
            "Thu 2030-03-28 17:30:00 Asia/Kolkata",
        ),
        ("now().in_tz(\"utc\")", "Thu 2030-03-28 12:00:00 UTC"),
        ("now().in_tz(\"Asia/Tokyo\") == now()", "true"),
    ]);
}

#[test]
fn times_are_compared_as_instants() {
    let berlin = "datetime(\"2030-02-01T13:00:00+01:00\")";
    let utc = "datetime(\"2030-02-01T12:00:00Z\")";
    for (operator, expected) in [
        ("==", true),
        ("!=", false),
        ("<", false),
        ("<=", true),
        (">", false),
        (">=", true),
    ] {
        shows(&[(&format!("{berlin} {operator} {utc}"), &expected.to_string())]);
    }
    shows(&[(
        "today().at(\"23:00\") < today(\"Asia/Tokyo\").at(\"23:00\")",
        "false",
    )]);
}

#[test]
fn parts_of_a_time_are_numbers() {
    shows(&[
        (
            "[now().year, now().month, now().day, now().hour, now().minute]",
            "[2030, 3, 28, 13, 0]",
        ),
        ("now().weekday", "thursday"),
    ]);
}

#[test]
fn times_can_be_formatted() {
    shows(&[(
        "now().format(\"%A, %-d %B %Y, %H:%M %Z\")",
        "Thursday, 28 March 2030, 13:00 CET",
    )]);
    print_all(&["now().format(\"%J\")"])
        .exits(1)
        .says("error: bad format pattern `%J`");
}

#[test]
fn a_number_out_of_range_is_an_error() {
    for call in [
        "now().plus_days(9223372036854775807)",
        "now().plus_days(-9223372036854775808)",
        "now().plus_hours(9223372036854775807)",
        "now().plus_days(10000000)",
        "datetime(\"9999-12-30\").plus_days(2)",
    ] {
        print_all(&[call])
            .exits(1)
            .says("error: the result is out of range (years -9999 to 9999)")
            .never_says("panicked");
    }
}

#[cfg(unix)]
#[test]
fn the_zone_of_a_run_is_that_of_the_machine_unless_set() {
    let project = Project::new().env("TZ", "Asia/Kathmandu");
    let script = "print(today().zone);";
    project.rhai(&[], script).prints("Asia/Kathmandu\n");
    project
        .rhai(&["--tz", "Europe/Berlin"], script)
        .prints("Europe/Berlin\n");
}

#[test]
fn now_is_in_the_zone_of_the_run() {
    let project = Project::new();
    project
        .rhai(
            &["--now", "2030-02-01 17:00", "--tz", "Asia/Tokyo"],
            "print(now());",
        )
        .succeeds()
        .prints("Fri 2030-02-01 17:00:00 Asia/Tokyo\n");
    project
        .rhai(&["--now", "soon"], "")
        .exits(2)
        .says("error: `--now`: `soon` is not a date");
}

#[test]
fn a_time_can_be_added_to_a_string() {
    shows(&[
        (
            "`by ${today().end_of_day()}`",
            "by Thu 2030-03-28 23:59:59 Europe/Berlin",
        ),
        (
            "\"by \" + today()",
            "by Thu 2030-03-28 00:00:00 Europe/Berlin",
        ),
        ("[today()]", "[Thu 2030-03-28 00:00:00 Europe/Berlin]"),
    ]);
}

/// A deadline of the wrong day would be sent otherwise.
#[test]
fn an_unknown_zone_of_the_environment_is_an_error() {
    for zone in ["Europe/Berln", "Mars", "/no/such/file"] {
        let project = Project::new().env("TZ", zone);
        let mistake = format!("error: `TZ`: unknown time zone `{zone}`");
        project.rehearse("print(today());").exits(2).says(&mistake);
        project.run(&["runs"]).exits(2).says(&mistake);
        project
            .run(&["doctor", "--sandbox"])
            .exits(2)
            .shows(&format!("`TZ`: unknown time zone `{zone}`"));
        project
            .rhai(&["--sandbox", "--tz", "local"], "")
            .exits(2)
            .says(&format!("unknown time zone `{zone}`"));
        // Nothing depends on it if another setting names the zone.
        project
            .rhai(&["--sandbox", "--tz", "Asia/Tokyo"], "print(now().zone);")
            .succeeds()
            .prints("Asia/Tokyo\n");
    }
    Project::new()
        .env("TZ", "Europe/Berln")
        .rehearse("")
        .says("hint: write an IANA name such as `Europe/Berlin`")
        .never_says("did you mean");
    for (zone, shown) in [
        ("", "UTC"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("america/new_york", "America/New_York"),
    ] {
        Project::new()
            .env("TZ", zone)
            .rehearse("print(now().zone);")
            .succeeds()
            .prints(&format!("{shown}\n"));
    }
}
