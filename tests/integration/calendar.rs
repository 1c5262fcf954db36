//! Months, weeks, days between times, and dates in a form that the script names.

use crate::support::Project;

fn run(script: &str) -> crate::support::Ran {
    Project::new().rhai(&["--tz", "Europe/Berlin"], script)
}

#[test]
fn months_end_with_their_last_day() {
    run(r#"
        assert_eq(datetime("2030-01-31").plus_months(1), datetime("2030-02-28"));
        assert_eq(datetime("2028-01-31").plus_months(1), datetime("2028-02-29"));
        assert_eq(datetime("2030-03-31").plus_months(-1), datetime("2030-02-28"));
        assert_eq(datetime("2030-12-15").plus_months(14), datetime("2032-02-15"));
        // The zone changes its offset in between, the time of day stays.
        assert_eq(datetime("2030-01-15 09:00", "Europe/Berlin").plus_months(6), datetime("2030-07-15 09:00", "Europe/Berlin"));
        assert_throws(|| now().plus_months(1_000_000), "out_of_range");
    "#)
    .succeeds();
}

#[test]
fn weeks_start_on_monday_and_months_on_their_first_day() {
    run(r#"
        for day in ["2030-01-14", "2030-01-17", "2030-01-20"] {
            assert_eq(datetime(day).at("17:00").start_of_week(), datetime("2030-01-14"));
            assert_eq(datetime(day).at("17:00").start_of_month(), datetime("2030-01-01"));
        }
        assert_eq(datetime("2030-01-01").start_of_week(), datetime("2029-12-31"));
    "#)
    .succeeds();
}

#[test]
fn days_are_counted_by_midnights_in_the_zone_of_the_first_time() {
    run(r#"
        let evening = datetime("2030-01-31 23:00", "Europe/Berlin");
        assert_eq(evening.days_until(evening.plus_hours(2)), 1);
        assert_eq(evening.days_until(evening), 0);
        assert_eq(evening.days_until(datetime("2030-01-01")), -30);
        // It is already the next day in Tokyo, but that does not matter.
        assert_eq(evening.days_until(evening.in_tz("Asia/Tokyo")), 0);
        // A day of 23 hours.
        assert_eq(datetime("2030-03-31").days_until(datetime("2030-04-01")), 1);
    "#)
    .succeeds();
}

#[test]
fn business_days_are_counted_as_they_are_added() {
    run(r#"
        let holidays = ["2030-01-21", "2030-01-26", "2030-02-01"];
        for start in 0..10 {
            let from = datetime("2030-01-14").plus_days(start);
            for days in -12..30 {
                let to = from.plus_business_days(days);
                assert_eq(from.business_days_until(to), days);
                let to = from.plus_business_days(days, holidays);
                assert_eq(from.business_days_until(to, holidays), days);
            }
        }
        assert_eq(datetime("2030-01-18").business_days_until(datetime("2030-01-20")), 0);
        assert_eq(datetime("2030-01-18").business_days_until(datetime("2030-01-21")), 1);
    "#)
    .succeeds();
}

#[test]
fn a_date_is_read_in_the_form_that_the_script_names() {
    run(r#"
        assert_eq(datetime("31.12.2030", #{ format: "%d.%m.%Y" }), datetime("2030-12-31"));
        assert_eq(datetime(" 12/31/2030 5:30 pm ", "America/New_York", #{ format: "%m/%d/%Y %I:%M %p" }),
            datetime("2030-12-31 17:30", "America/New_York"));
        assert_eq(datetime("31.12.2030 17:00 +0200", #{ format: "%d.%m.%Y %H:%M %z" }), datetime("2030-12-31T17:00:00+02:00"));
        assert_eq(deadline("31.12.2030", #{ format: "%d.%m.%Y" }), datetime("2030-12-31").end_of_day());
    "#)
    .succeeds();
    for (text, pattern, message) in [
        (
            "31/12/2030",
            "%d.%m.%Y",
            "`31/12/2030` is not in the form `%d.%m.%Y`",
        ),
        (
            "31.02.2030",
            "%d.%m.%Y",
            "`31.02.2030` is not in the form `%d.%m.%Y`",
        ),
        (
            "31.12.2030 x",
            "%d.%m.%Y",
            "`31.12.2030 x` is not in the form `%d.%m.%Y`",
        ),
        ("12.2030", "%m.%Y", "`12.2030` is not in the form `%m.%Y`"),
        ("1", "%é", "bad format pattern `%é`"),
    ] {
        run(&format!("datetime({text:?}, #{{ format: {pattern:?} }});"))
            .exits(1)
            .says(message);
    }
}
