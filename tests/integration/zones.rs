//! Names of time zones: each is read in one way, pointed at, or refused.

use crate::support::Project;

const FIXED: &str = "a fixed offset, without summer time";
const WINDOWS: &str = "the name of a zone in Windows";
const CITY: &str = "the city of this zone";

/// Plans one row for each zone, due at noon in that zone.
const SCRIPT: &str = r#"
    invite_all(read_csv("people.csv"), |row| #{
        email: row.email,
        due_date: datetime("2035-07-01 12:00", row.zone),
    });
"#;

fn project(zones: &[&str]) -> Project {
    let rows = (2..).zip(zones).map(|(line, zone)| {
        let zone = zone.replace('"', "\"\"");
        format!("c{line}@example.com,\"{zone}\"\n")
    });
    Project::new().file(
        "people.csv",
        format!("email,zone\n{}", rows.collect::<String>()),
    )
}

/// Reads a zone, and expects noon of 1 July 2035 there in UTC, and what the plan says about it.
fn assert_read(cases: &[(&str, &str, Option<&str>)]) {
    for (zone, utc, remark) in cases {
        let ran = project(&[zone])
            .rhai(&["--sandbox", "--dry-run", "--json"], SCRIPT)
            .succeeds();
        let planned = ran.json()["interpretations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| each["remark"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>();
        let expected: Vec<String> = remark.iter().map(ToString::to_string).collect();
        assert_eq!(planned, expected, "{zone}\n{ran}");
        let script = format!(
            "print(datetime(\"2035-07-01 12:00\", {zone:?}).in_tz(\"UTC\").format(\"%F %H:%M\"));"
        );
        let ran = Project::new().rehearse(&script).succeeds();
        assert_eq!(ran.stdout.trim(), *utc, "{zone}");
    }
}

#[test]
fn utc_and_offsets_have_their_everyday_sign() {
    assert_read(&[
        ("UTC", "2035-07-01 12:00", None),
        ("utc", "2035-07-01 12:00", None),
        ("Z", "2035-07-01 12:00", None),
        ("UTC+2", "2035-07-01 10:00", Some(FIXED)),
        ("GMT+8", "2035-07-01 04:00", Some(FIXED)),
        ("gmt-5:30", "2035-07-01 17:30", Some(FIXED)),
        ("UTC+05:45", "2035-07-01 06:15", Some(FIXED)),
        ("GMT+0", "2035-07-01 12:00", Some(FIXED)),
        ("+02:00", "2035-07-01 10:00", Some(FIXED)),
        ("\u{2212}08:00", "2035-07-01 20:00", Some(FIXED)),
        ("UTC\u{2212}3", "2035-07-01 15:00", Some(FIXED)),
        ("UTC+14", "2035-06-30 22:00", Some(FIXED)),
        (
            "Etc/GMT+8",
            "2035-07-01 20:00",
            Some("the sign of this name is inverted, and it has no summer time"),
        ),
        ("Etc/UTC", "2035-07-01 12:00", None),
    ]);
}

#[test]
fn iana_names_and_countries_are_read_in_any_case() {
    assert_read(&[
        ("Europe/Berlin", "2035-07-01 10:00", None),
        (" america/NEW york ", "2035-07-01 16:00", None),
        ("America/Argentina/Buenos_Aires", "2035-07-01 15:00", None),
        ("US/Pacific", "2035-07-01 19:00", None),
        ("Japan", "2035-07-01 03:00", None),
        ("nz", "2035-07-01 00:00", None),
        ("GB", "2035-07-01 11:00", None),
    ]);
}

#[test]
fn windows_names_and_cities_are_pointed_at() {
    assert_read(&[
        ("Pacific Standard Time", "2035-07-01 19:00", Some(WINDOWS)),
        ("W. Europe Standard Time", "2035-07-01 10:00", Some(WINDOWS)),
        ("india standard time", "2035-07-01 06:30", Some(WINDOWS)),
        ("New York", "2035-07-01 16:00", Some(CITY)),
        ("berlin", "2035-07-01 10:00", Some(CITY)),
        ("Sao_Paulo", "2035-07-01 15:00", Some(CITY)),
        // Two names of one clock.
        ("Istanbul", "2035-07-01 09:00", Some(CITY)),
    ]);
    project(&["Pacific Standard Time"])
        .rhai(&["--sandbox"], SCRIPT)
        .says_once(&format!(
            "column `zone` `Pacific Standard Time` (America/Los_Angeles, UTC-7 on 2035-07-01): {WINDOWS}: line 2\n"
        ));
}

#[test]
fn everything_else_is_refused_without_a_guess() {
    for (zone, message) in [
        (
            "PST",
            "`PST` is an abbreviation, and not the name of a zone: America/Los_Angeles, ",
        ),
        (
            "est",
            "`est` is an abbreviation, and not the name of a zone: America/New_York, ",
        ),
        (
            "CET",
            "`CET` is an abbreviation, and not the name of a zone: ",
        ),
        (
            "HST",
            "`HST` is an abbreviation, and not the name of a zone: Pacific/Honolulu",
        ),
        (
            "BST",
            "`BST` is an abbreviation, and not the name of a zone: Europe/London",
        ),
        (
            "GMT",
            "`GMT` is an abbreviation, and not the name of a zone: ",
        ),
        (
            "UTC\u{2013}8",
            "unknown time zone `UTC–8`: it has `–` (U+2013 EN DASH)",
        ),
        ("local", "`local` is not the same in every place"),
        ("localtime", "`localtime` is not the same in every place"),
        ("UTC+15", "`UTC+15` is not the offset of a zone"),
        ("+14:30", "`+14:30` is not the offset of a zone"),
        (
            "(UTC-08:00) Pacific Time (US & Canada)",
            "`(UTC-08:00) Pacific Time (US & Canada)` is a title that Windows shows; its offset is that of winter",
        ),
        ("EST5EDT", "unknown time zone `EST5EDT`"),
        ("ET", "unknown time zone `ET`"),
        ("Factory", "unknown time zone `Factory`"),
        (
            "posix/Europe/Berlin",
            "unknown time zone `posix/Europe/Berlin`",
        ),
        ("right/UTC", "unknown time zone `right/UTC`"),
        ("Pacific", "unknown time zone `Pacific`"),
        (
            "Pacific Daylight Time",
            "unknown time zone `Pacific Daylight Time`",
        ),
        ("Munich", "unknown time zone `Munich`"),
        ("Berln", "unknown time zone `Berln`"),
        ("Europe/Berln", "unknown time zone `Europe/Berln`"),
        ("York", "unknown time zone `York`"),
        ("Samoa", "unknown time zone `Samoa`"),
        ("UTC+2:5", "unknown time zone `UTC+2:5`"),
        ("UTC+1:60", "unknown time zone `UTC+1:60`"),
        ("+2", "unknown time zone `+2`"),
        ("UTC2", "unknown time zone `UTC2`"),
        ("../etc/passwd", "unknown time zone `../etc/passwd`"),
        (" ", "no time zone (the text is empty)"),
    ] {
        project(&[zone])
            .rhai(&["--sandbox"], SCRIPT)
            .exits(5)
            .says(message)
            .never_says("did you mean");
    }
}

#[test]
fn refused_names_are_grouped_by_value() {
    project(&["PST", "Munich", "PST", "Munich", "Munich", "UTC"])
        .rhai(&["--sandbox"], SCRIPT)
        .exits(5)
        .says("5 of 6 rows are invalid")
        .says("2 rows: column `zone`: `PST` is an abbreviation, ")
        .says(": people.csv lines 2, 4\n")
        .says("3 rows: column `zone`: unknown time zone `Munich`; write an IANA name such as `Europe/Berlin`, or map the name in a file for `--zones`, with lines such as `Munich,Europe/Berlin`: people.csv lines 3, 5, 6\n");
}

#[test]
fn a_file_maps_names_to_zones() {
    let project = project(&["Munich", "PST", "munich ", "Berlin"]).file(
        "zones.csv",
        "# offices\nMunich,Europe/Berlin\nPST,America/Los_Angeles\n",
    );
    project
        .rhai(&["--sandbox", "--zones", "zones.csv"], SCRIPT)
        .succeeds()
        .says("line 2: C <c2@example.com>, due Sun 2035-07-01 12:00:00 Europe/Berlin")
        .says("line 3: C <c3@example.com>, due Sun 2035-07-01 12:00:00 America/Los_Angeles")
        .says_once("column `zone` `Berlin` (Europe/Berlin, UTC+2 on 2035-07-01): the city of this zone: line 5\n");
    let project = project
        .file("home/config.toml", "zones = \"../zones.csv\"\n")
        .env("GRADIENT_BULK_HOME", "home");
    project.rhai(&["--sandbox"], SCRIPT).succeeds();
    project
        .run(&["repl", "--sandbox", "-e", "zone(\"Munich\")"])
        .succeeds()
        .prints("Europe/Berlin\n");
}

#[test]
fn a_mistake_in_the_file_has_a_line() {
    for (content, message) in [
        (
            "Munich\n",
            "error: `zones.csv` line 1: not of the form `NAME,ZONE`",
        ),
        (
            "a,UTC\nMunich,Europe/Munich\n",
            "error: `zones.csv` line 2: unknown time zone `Europe/Munich`",
        ),
        (
            "a,UTC\n\nA,Japan\n",
            "error: `zones.csv` line 3: `A` is UTC in line 1, and Japan here",
        ),
    ] {
        project(&["UTC"])
            .file("zones.csv", content)
            .rhai(&["--sandbox", "--zones", "zones.csv"], SCRIPT)
            .exits(2)
            .says(message)
            .says("hint: each line is a name, a comma and an IANA name: `Munich,Europe/Berlin`");
    }
    project(&["UTC"])
        .rhai(&["--sandbox", "--zones", "none.csv"], SCRIPT)
        .exits(2)
        .says("error: cannot read the names of time zones in `none.csv`: ");
}

#[test]
fn a_script_can_map_names_itself() {
    project(&["Munich", "Europe/Paris", "GMT+2"])
        .rehearse(
            r#"
            let cities = #{ Munich: "Europe/Berlin" };
            invite_all(read_csv("people.csv"), |row| #{
                email: row.email,
                due_date: today(zone(row.zone, #{ map: cities })).plus_days(9).at("17:00"),
            });
            "#,
        )
        .succeeds()
        .says("17:00:00 Europe/Berlin")
        .says("17:00:00 Europe/Paris")
        .says_once(&format!("column `zone` `GMT+2` (UTC+2): {FIXED}: line 4\n"))
        .never_says("`UTC+2`:");
    Project::new()
        .rehearse(r#"zone("Munich", #{ map: #{ Munich: "Munich" } });"#)
        .exits(1)
        .says("`map` must be a map of zones")
        .says("hint: the zone of `Munich`: unknown time zone `Munich`");
}

#[test]
fn the_zone_of_the_run_may_be_that_of_the_machine() {
    let project = Project::new().env("TZ", "Asia/Kathmandu");
    project
        .rhai(&["--tz", "local"], "print(today().zone);")
        .succeeds()
        .prints("Asia/Kathmandu\n");
    project
        .rhai(&["--tz", "new york"], "print(today().zone);")
        .succeeds()
        .prints("America/New_York\n");
    project
        .rhai(&["--tz", "CET"], "")
        .exits(2)
        .says("error: `--tz`: `CET` is an abbreviation");
    // The rest of a plan is shown in the zone that it was planned in.
    project
        .rhai(
            &["--sandbox", "--dry-run", "--tz", "UTC+2"],
            "invite_all([#{ email: \"a@example.com\", due_date: \"2035-02-01\" }]);",
        )
        .succeeds();
    project
        .run(&["send", "1"])
        .succeeds()
        .says("due Thu 2035-02-01 23:59:59 +02\n");
}
