//! Dates and deadlines as people write them: each is read in one way, pointed at, or refused.

use crate::support::{Project, Ran};
use crate::times::print_all;

const MIDNIGHT: &str = "a deadline at 00:00 ends before that day begins";

/// Plans one row for each text, with the deadline in Berlin.
const SCRIPT: &str = r#"
    invite_all(read_csv("people.csv"), |row| #{
        email: row.email,
        due_date: deadline(row.due_date, "Europe/Berlin"),
    });
"#;

fn project(dates: &[&str]) -> Project {
    let rows = (2..)
        .zip(dates)
        .map(|(line, date)| format!("ann.lee{line}@example.com,\"{date}\"\n"));
    Project::new().file(
        "people.csv",
        format!("email,due_date\n{}", rows.collect::<String>()),
    )
}

fn plan(dates: &[&str], options: &[&str]) -> Ran {
    let options = [
        &["--sandbox", "--now", "2026-01-01T00:00:00Z", "--tz", "UTC"],
        options,
    ]
    .concat();
    project(dates).rhai(&options, SCRIPT)
}

/// Plans each date alone, and expects the deadline in Berlin, and whether the plan points at the date.
fn assert_due(options: &[&str], cases: &[(&str, &str, Option<&str>)]) {
    for (date, due, remark) in cases {
        let ran = plan(&[date], options).succeeds();
        let ran = ran.says(&format!(
            "<ann.lee2@example.com>, due {due} Europe/Berlin\n"
        ));
        match remark {
            Some(remark) => ran
                .says_once(&format!("column `due_date` `{date}`"))
                .says(&format!("{remark}: line 2\n")),
            None => ran.never_says("column `due_date`"),
        };
    }
}

#[test]
fn a_date_ends_with_its_day_however_it_is_written() {
    let end = "Fri 2030-02-01 23:59:59";
    assert_due(
        &[],
        &[
            ("2030-02-01", end, None),
            ("20300201", end, None),
            ("2030-02-01[Europe/Berlin]", end, None),
            ("1.2.2030", end, None),
            ("01.02.2030", end, None),
            ("1. 2. 2030", end, None),
            ("Feb 1 2030", end, None),
            ("February 1st, 2030", end, None),
            ("1-Feb-2030", end, None),
            ("Fri, 1 Feb 2030", end, None),
            ("2030/02/01", end, None),
            ("2030-2-1", end, None),
            ("2030.2.1", end, None),
            ("Friday 2030-02-01", end, None),
            ("\u{feff}2030-02-01\u{200b}", end, None),
            ("1. Februar 2030", end, None),
            ("Fr, 1. Feb. 2030", end, None),
            ("1er février 2030", end, None),
            ("1 de febrero de 2030", end, None),
            ("1 lutego 2030", end, None),
            ("the 1st of February, 2030", end, None),
            ("1-Feb-30", end, Some("the year has two digits")),
            ("1-févr-30", end, Some("the year has two digits")),
            ("1.2.30", end, Some("the year has two digits")),
        ],
    );
}

#[test]
fn times_of_day_are_read_in_the_zone() {
    let five = "Fri 2030-02-01 17:00:00";
    assert_due(
        &[],
        &[
            ("2030-02-01 17:00", five, None),
            ("2030-02-01 5pm", five, None),
            ("2030-02-01, 5:00 PM", five, None),
            ("Feb 1, 2030 at 5 p.m.", five, None),
            ("1.2.2030 17:00", five, None),
            ("1.2.2030 17.00", five, None),
            ("1. Februar 2030 um 17 Uhr", five, None),
            ("1 février 2030 à 17h00", five, None),
            ("2030-02-01 16:00 UTC", five, None),
            ("Fri, 1 Feb 2030 17:00:00 Europe/Berlin", five, None),
            ("2030-02-01T16:00:00Z", five, None),
            ("2030-02-01T17:00+01:00[Europe/Berlin]", five, None),
            (
                "2030-02-01 12pm",
                "Fri 2030-02-01 12:00:00",
                Some("12 am is midnight, and 12 pm is noon"),
            ),
            (
                "2030-02-01T00:00:00",
                "Fri 2030-02-01 00:00:00",
                Some(MIDNIGHT),
            ),
            (
                "2030-02-01 00:00",
                "Fri 2030-02-01 00:00:00",
                Some(MIDNIGHT),
            ),
            (
                "2030-10-27 02:30",
                "Sun 2030-10-27 02:30:00",
                Some("the clocks show this time twice, and the first one is used"),
            ),
        ],
    );
}

#[test]
fn a_zone_after_a_time_is_read_as_in_a_column() {
    plan(&["2030-02-01 17:00 +02:00"], &[])
        .succeeds()
        .says("<ann.lee2@example.com>, due Fri 2030-02-01 16:00:00 Europe/Berlin\n")
        .says_once("`+02:00` (UTC+2): a fixed offset, without summer time: line 2\n");
}

#[test]
fn the_order_of_the_user_decides() {
    let march = "Thu 2027-03-11 23:59:59";
    let november = "Wed 2027-11-03 23:59:59";
    assert_due(
        &["--dates", "dmy"],
        &[
            ("11/03/2027", march, None),
            ("11-3-2027", march, None),
            ("11/03/27", march, Some("the year has two digits")),
            ("11-Mar-27", march, Some("the year has two digits")),
            ("11.03.2027", march, None),
        ],
    );
    assert_due(
        &["--dates", "mdy"],
        &[
            ("11/03/2027", november, None),
            ("11/03/2027 5pm", "Wed 2027-11-03 17:00:00", None),
            ("11.03.2027", march, None),
        ],
    );
    assert_due(
        &["--dates", "ymd"],
        &[
            ("2027/03/11", march, None),
            ("27/03/11", march, Some("the year has two digits")),
        ],
    );
    assert_due(
        &["--dates", "dmy,excel"],
        &[
            ("11/03/2027", march, None),
            (
                "46457",
                march,
                Some("the number of a day in a spreadsheet, counted from 1900"),
            ),
            (
                "46457.75",
                "Thu 2027-03-11 18:00:00",
                Some("the number of a day in a spreadsheet, counted from 1900"),
            ),
        ],
    );
    plan(&["03/25/2027"], &["--dates", "dmy"])
        .exits(5)
        .says("column `due_date`: `03/25/2027` is not a date in the order `dmy`");
    for (value, message) in [
        (
            "dd/mm",
            "`dd/mm` is not one of `dmy`, `mdy`, `ymd` and `excel`",
        ),
        ("dmy,mdy", "only one of `dmy`, `mdy` and `ymd` can be set"),
    ] {
        plan(&[], &["--dates", value]).exits(2).says(message);
    }
    project(&["11/03/2027"])
        .file("home/config.toml", "dates = \"mdy\"\n")
        .env("GRADIENT_BULK_HOME", "home")
        .rhai(&["--sandbox", "--now", "2026-01-01T00:00:00Z"], SCRIPT)
        .says("due Wed 2027-11-03 23:59:59 Europe/Berlin");
}

#[test]
fn an_unknown_order_is_refused_once_with_the_line_that_proves_one() {
    plan(&["11/03/2027", "2027-03-12", "12/03/2027", "25/03/2027"], &[])
        .exits(5)
        .says_once("column `due_date`: the order of day and month in `11/03/2027` is not known; pass the order of the file before the script: `--dates dmy`, `--dates mdy` or `--dates ymd`: people.csv lines 2, 4, 5; only with the day first is people.csv line 5 (`25/03/2027`) a date\n");
    plan(&["25/03/2027", "03/26/2027"], &[])
        .exits(5)
        .says("only with the day first is people.csv line 2 (`25/03/2027`) a date; only with the month first is people.csv line 3 (`03/26/2027`) a date\n");
    plan(&["11/03/2027", "5/5/2027"], &[])
        .exits(5)
        .never_says("only with");
}

#[test]
fn what_could_mean_several_times_is_refused() {
    let unknown_order = "the order of day and month in";
    for (date, message) in [
        ("11/03/2027", unknown_order),
        ("25/03/2027", unknown_order),
        ("11-03-27", unknown_order),
        (
            "30-Dec-26",
            "`30-Dec-26` is `2026-12-30` or `2030-12-26`, because its year has two digits; write the one that is meant",
        ),
        (
            "30-Dec-26 5pm",
            "`30-Dec-26 5pm` is `2026-12-30 17:00` or `2030-12-26 17:00`",
        ),
        (
            "46457",
            "`46457` is a number, as spreadsheets store a date or anything else",
        ),
        // November in Polish, October in Croatian.
        ("5 listopada 2026", "`5 listopada 2026` is not a date"),
        ("31-Feb-05", "`31-Feb-05` is not a date"),
        (
            "2027-02-29",
            "`2027-02-29` is not a date: that month is shorter",
        ),
        ("5. Dezembre 2026", "`5. Dezembre 2026` is not a date"),
        (
            "2026\u{2013}12\u{2013}04",
            "`2026–12–04` has `–` (U+2013 EN DASH) where a date has digits",
        ),
        ("2026\u{2212}12\u{2212}04", "U+2212 MINUS SIGN"),
        ("２０２６-12-04", "U+FF12 FULLWIDTH DIGIT TWO"),
        ("2026-12-04\u{a0}17:00", "U+00A0 NO-BREAK SPACE"),
        ("4 D\u{435}c 2026", "U+0435 CYRILLIC SMALL LETTER IE"),
        (
            "2030-03-31 02:30",
            "the clocks in Europe/Berlin skip `2030-03-31 02:30`",
        ),
        (
            "9999-12-31",
            "`9999-12-31` is beyond the times that can be used, which end at 9999-12-30 22:00 UTC",
        ),
        (
            "2030-02-01T17:00+05:00[Europe/Berlin]",
            "has an offset that its time zone does not have then",
        ),
        ("2030-02-01T17:00[EST]", "`EST` is an abbreviation"),
        ("2030-02-01 17:00 CET", "`CET` is an abbreviation"),
        (
            "2030-02-01T17:00+24:00",
            "`+24` is not the offset of a zone",
        ),
        (
            "2011-12-30[Pacific/Apia]",
            "the clocks in Pacific/Apia skip `2011-12-30[Pacific/Apia]`",
        ),
        (
            "12.31.2026",
            "`12.31.2026` is not a date in the order `dmy`; with full stops, the day comes first",
        ),
        (
            "30.02.2027",
            "`30.02.2027` is not a date: that month is shorter",
        ),
        ("20301301", "`20301301` is not a date"),
        ("01022030", "`01022030` is not a date"),
        (
            "Friday, 5 December 2026",
            "`Friday, 5 December 2026` is not a date: that day is a Saturday",
        ),
        ("Feb 2027", "`Feb 2027` is not a date"),
        ("4 Dec", "`4 Dec` is not a date"),
        (
            "2026-12-04 17pm",
            "`2026-12-04 17pm` has `17pm` after the date, which is not a time of day",
        ),
        ("2026-12-04 24:00", "has `24:00` after the date"),
        ("2026-12-04T17.5", "has `17.5` after the date"),
        ("4 Dec 2026 noon", "has `noon` after the date"),
        (
            "2026-12-04 - 2026-12-06",
            "has `- 2026-12-06` after the date",
        ),
        ("1/2.2027", "`1/2.2027` is not a date"),
        ("2027", "`2027` is not a date"),
        ("17:00", "`17:00` is not a date"),
        ("tomorrow", "`tomorrow` is not a date"),
    ] {
        plan(&[date], &[]).exits(5).says(message);
    }
}

#[test]
fn a_deadline_in_a_request_is_read_alike() {
    let script = r#"invite_all(read_csv("people.csv"));"#;
    let options = [
        "--sandbox",
        "--now",
        "2026-01-01T00:00:00Z",
        "--tz",
        "Europe/Berlin",
    ];
    project(&["20300201", "2030-02-01[Asia/Tokyo]", "1.2.2030"])
        .rhai(&options, script)
        .succeeds()
        .says("line 2: Ann Lee <ann.lee2@example.com>, due Fri 2030-02-01 23:59:59 Europe/Berlin")
        .says("line 3: Ann Lee <ann.lee3@example.com>, due Fri 2030-02-01 23:59:59 Asia/Tokyo");
    project(&["2030-02-01T00:00:00Z"])
        .rhai(&options, script)
        .says_once(&format!(
            "column `due_date` `2030-02-01T00:00:00Z`: {MIDNIGHT}: line 2\n"
        ));
    project(&["11/03/2027"])
        .rhai(&options, script)
        .exits(5)
        .says("line 2: due_date: the order of day and month in `11/03/2027` is not known");
    project(&["11/03/2027"])
        .rhai(&[&options[..], &["--dates", "dmy"]].concat(), script)
        .says("due Thu 2027-03-11 23:59:59 Europe/Berlin");
}

#[test]
fn options_of_a_call_override_those_of_the_run() {
    print_all(&[
        r#"datetime("11/03/2031", #{ order: "dmy" }).month"#,
        r#"deadline("11/03/2031", #{ order: "mdy" }).month"#,
        r#"datetime("11/03/2031 5pm", "Asia/Tokyo", #{ order: "dmy" })"#,
        r#"deadline("46457", "Asia/Tokyo", #{ excel: true })"#,
    ])
    .succeeds()
    .prints("3\n11\nTue 2031-03-11 17:00:00 Asia/Tokyo\nThu 2027-03-11 23:59:59 Asia/Tokyo\n");
    print_all(&[r#"datetime("11/03/2031", #{ order: "md" })"#])
        .exits(1)
        .says("`order` must be `dmy`, `mdy` or `ymd`, not `md`");
}
