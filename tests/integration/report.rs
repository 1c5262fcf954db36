//! The reports: self-contained pages of HTML, whatever the data contains.

use std::process::Command;

use gradient_bulk::internals::report::{Category, MAX_ROWS, Score, Session, SessionsReport};
use gradient_bulk::internals::time::{DateTime, zone};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::stub::Stub;
use crate::support::Project;

const HOSTILE: &str = "<script>alert(1)</script>";

/// Six sessions as `list_sessions` returns them: two are submitted and one is scored.
const FEW: &str = r#"
let sessions = [
    #{ candidate_name: "Zoë Müller", candidate_email: "zoe@example.org", status: "submitted",
       task_started_at: datetime("2026-02-02T10:00:00Z"), submitted_at: datetime("2026-02-02T11:00:00Z"),
       due_date: datetime("2026-02-05T23:59:59Z") },
    #{ candidate_name: "<script>alert(1)</script>", candidate_email: "x@example.com", status: "scored",
       task_started_at: datetime("2026-02-03T10:00:00Z"), submitted_at: datetime("2026-02-03T12:30:00Z"),
       invite_url: "https://app.example/s/1",
       score: #{ final_score: 81.5, percentile_this_assessment: 90,
                 categories: #{ deliverable_quality: #{ score: 33, max_points: 40 }, delegation: 8 } } },
    #{ candidate_name: "Evil \u202ename\x07", candidate_email: "evil@example.com", status: "invited",
       due_date: datetime("2026-02-09T23:59:59Z"), invite_url: "javascript:alert(2)" },
    #{ candidate_name: "Ann Lee", candidate_email: "ann@example.com", status: "setup",
       due_date: "2026-02-11T23:59:59Z" },
    #{ candidate_name: "Bo \"B\" Svenson", candidate_email: "bo'b@example.se", status: "in_progress",
       assessment_name: "Tom & Jerry" },
    #{ candidate_name: "Kim", candidate_email: "kim@example.com", status: "on </table> hold" },
];
"#;

const NOW: [&str; 5] = ["--sandbox", "--now", "2026-02-10T12:00:00Z", "--tz", "UTC"];

fn few() -> Project {
    let project = Project::new();
    let script = format!("{FEW} write_report(\"few.html\", sessions);");
    project.rhai(&NOW, &script).succeeds().prints("");
    project
}

#[track_caller]
fn shows(page: &str, text: &str) {
    let body = page
        .split("<body>")
        .last()
        .and_then(|rest| rest.split("<script>").next());
    assert!(
        page.contains(text),
        "no `{text}` in the page\n{}",
        body.unwrap_or(page)
    );
}

fn made_at() -> DateTime {
    let instant: Timestamp = "2026-02-10T12:00:00Z".parse().unwrap();
    DateTime::of(instant, &zone("Europe/Berlin").unwrap())
}

fn report(sessions: Vec<Session>) -> SessionsReport {
    SessionsReport {
        assessment: Some("Senior PM".to_owned()),
        place: "app.example".to_owned(),
        made_at: made_at(),
        now: made_at().timestamp(),
        sessions,
    }
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn values_are_escaped() {
    let page = few().read("few.html");
    assert!(!page.contains(HOSTILE));
    shows(&page, "&lt;script&gt;alert(1)&lt;/script&gt;");
    shows(&page, r"Evil \u{202e}name\u{7}");
    shows(&page, "Bo &quot;B&quot; Svenson");
    shows(&page, "bo&#39;b@example.se");
    shows(&page, "On &lt;/table&gt; hold");
}

#[test]
fn a_page_loads_nothing_and_allows_no_other_script() {
    let page = few().read("few.html");
    shows(&page, "content=\"default-src 'none'; style-src 'sha256-");
    shows(&page, "script-src 'sha256-");
    assert!(!page.contains("unsafe-inline"));
    for what in ["src=", "<link", "@import", "url(", "style=\"", "onclick"] {
        assert!(!page.contains(what), "`{what}` in the page");
    }
}

/// Whoever gets the page could start the test in the name of a candidate.
#[test]
fn a_report_of_sessions_contains_no_link() {
    let session = json!({
        "id": "s1", "candidateName": "Ann Lee", "candidateEmail": "ann@example.com", "status": "invited",
        "inviteUrl": "https://app.example/s/secret", "token": "secret", "session": { "inviteUrl": "https://app.example/s/secret" },
    });
    let stub = Stub::listing(vec![session]);
    let project = Project::new().talking_to(&stub);
    project
        .run(&["sessions", "--report", "sessions.html"])
        .succeeds();
    project
        .run(&["run", "report", "--out", "script.html"])
        .succeeds();
    let page = few();
    for page in [
        project.read("sessions.html"),
        project.read("script.html"),
        page.read("few.html"),
    ] {
        shows(&page, "@example.com");
        for link in ["http://", "https://", "javascript:", "secret"] {
            assert!(!page.contains(link), "`{link}` in the page");
        }
    }
}

#[test]
fn a_report_shows_the_server_the_time_and_the_progress() {
    let page = few().read("few.html");
    shows(
        &page,
        "as of Tuesday 10 February 2026, 12:00 <span class=\"zone\">UTC",
    );
    shows(&page, "2 submissions from Mon 2 Feb to Tue 3 Feb");
    shows(&page, "Median 1 h, of 2 candidates");
    shows(&page, "Past, not submitted · <b>1</b>");
    shows(&page, "1 scored, from 81.5 to 81.5 points; median 81.5");
    shows(&page, "<b>33.0</b> of 40");
    shows(&page, "<b>8.0</b> best 8");
}

#[test]
fn without_sessions_there_is_a_sentence_instead_of_a_chart() {
    let page = report(Vec::new()).to_string();
    shows(&page, "<h1><bdi>Senior PM</bdi></h1>");
    shows(&page, "Nobody is invited yet.");
    shows(&page, "No submissions yet.");
    assert!(!page.contains("<svg"));
    assert!(!page.contains("class=\"rows\""));
}

#[test]
fn several_assessments_get_a_column() {
    let of = |assessment: &str| Session {
        assessment: Some(assessment.to_owned()),
        ..Session::default()
    };
    let several = SessionsReport {
        assessment: None,
        ..report(vec![of("One"), of("Two"), of("Two")])
    };
    let page = several.to_string();
    shows(&page, "<h1><bdi>2 assessments</bdi></h1>");
    shows(&page, ">Assessment</th>");
}

#[test]
fn times_are_in_the_zone_and_show_another_year() {
    let session = Session {
        name: "Jane".to_owned(),
        status: "submitted".to_owned(),
        started_at: Some(instant("2025-12-31T22:00:00Z")),
        submitted_at: Some(instant("2025-12-31T23:30:00Z")),
        due_at: Some(made_at().at_instant(instant("2025-12-31T23:00:00Z"))),
        ..Session::default()
    };
    let page = report(vec![session]).to_string();
    shows(&page, ">1 Jan, 00:30</time>");
    shows(&page, "datetime=\"2025-12-31T23:30:00Z\"");
    shows(
        &page,
        ">1 Jan, 00:00</time> <em class=\"late\">submitted late</em>",
    );
    shows(&page, ">1 h 30 min<");
}

/// A session that was started at midnight and submitted `minutes` later.
fn session_that_took(minutes: i64) -> Session {
    let started_at = instant("2026-02-02T00:00:00Z");
    Session {
        status: "submitted".to_owned(),
        started_at: Some(started_at),
        submitted_at: Some(started_at + SignedDuration::from_mins(minutes)),
        ..Session::default()
    }
}

#[test]
fn times_taken_have_bins_of_a_round_width() {
    let sessions = [42, 47, 55, 58, 61, 70].map(session_that_took).to_vec();
    let page = report(sessions).to_string();
    shows(
        &page,
        "Median 55 min; the middle 60 % took 47 min to 1 h 1 min",
    );
    shows(
        &page,
        "aria-label=\"40 min to 45 min: 1 candidate; 45 min to 50 min: 1 candidate; 55 min to 1 h: 2 candidates; \
         1 h to 1 h 5 min: 1 candidate; 1 h 10 min to 1 h 15 min: 1 candidate\"",
    );
}

#[test]
fn an_outlier_does_not_flatten_the_chart() {
    let minutes = [30, 31, 33, 35, 36, 36, 37, 38, 38, 39, 40, 20_000];
    let page = report(minutes.map(session_that_took).to_vec()).to_string();
    shows(
        &page,
        "40 min to 42 min: 1 candidate; 42 min or longer: 1 candidate",
    );
}

#[test]
fn submissions_are_grouped_by_hour_day_week_or_month() {
    let spread = |days: i64| {
        let page = report(vec![
            session_that_took(60),
            session_that_took(60 + days * 1_440),
        ])
        .to_string();
        let (_, rest) = page.split_once("Submissions over time").unwrap();
        let (_, label) = rest.split_once("aria-label=\"").unwrap();
        label.split('"').next().unwrap().to_owned()
    };
    let one = "1 submission";
    assert_eq!(
        spread(1),
        format!("Mon 2 Feb, 02:00: {one}; Tue 3 Feb, 02:00: {one}")
    );
    assert_eq!(spread(30), format!("Mon 2 Feb: {one}; Wed 4 Mar: {one}"));
    assert_eq!(
        spread(100),
        format!("week of Mon 2 Feb: {one}; week of Mon 11 May: {one}")
    );
    assert_eq!(
        spread(800),
        format!("February 2026: {one}; April 2028: {one}")
    );
}

#[test]
fn unexpected_data_does_not_break_a_report() {
    let wild = |score: f64| Session {
        status: String::new(),
        invited_at: Some(Timestamp::MIN),
        started_at: Some(Timestamp::MIN),
        submitted_at: Some(Timestamp::MAX),
        due_at: Some(made_at().at_instant(Timestamp::MAX)),
        score: Some(Score {
            total: score,
            percentile: Some(f64::NAN),
            categories: vec![Category {
                score: f64::INFINITY,
                most: Some(-1.0),
                ..Category::default()
            }],
        }),
        ..Session::default()
    };
    let sessions = [f64::NAN, f64::MAX, f64::MIN, -0.0, 1e9].map(wild);
    let calm = Session {
        submitted_at: Some(Timestamp::MIN),
        due_at: Some(made_at().at_instant(Timestamp::MIN)),
        ..Session::default()
    };
    let page = report([&sessions[..], &[calm]].concat()).to_string();
    shows(&page, "</html>");
}

#[test]
fn too_many_rows_are_left_out_with_a_note() {
    let sessions = vec![Session::default(); MAX_ROWS + 1];
    let page = report(sessions).to_string();
    assert_eq!(page.matches(" role=\"row\" data-tags").count(), MAX_ROWS);
    shows(&page, "The table holds 10,000 of 10,001 rows");
}

#[test]
fn missing_data_is_left_out() {
    let project = Project::new();
    project
        .rehearse("write_report(\"bare.html\", [#{}, #{ email: \"jane@example.com\", due_date: \"soon\", score: () }]);")
        .succeeds();
    shows(&project.read("bare.html"), "jane@example.com");
}

#[test]
fn a_report_can_be_made_of_rows_of_a_file() {
    let project = Project::new()
        .file(
            "sessions.csv",
            "id,candidate_name,status,submitted_at\ns1,Jane,scored,2026-02-02T11:00:00Z\ns2,John,invited,\n",
        )
        .file(
            "scores.csv",
            "rank,candidate_name,final_score,diligence,delegation,percentile_global,session_id\n1,Jane,77,9,x,50,s1\n",
        );
    let script = "write_report(\"r.html\", read_csv(\"sessions.csv\"), read_csv(\"scores.csv\"));";
    project.rhai(&NOW, script).succeeds();
    let page = project.read("r.html");
    shows(&page, "1 scored, from 77 to 77 points");
    shows(&page, "<bdi>Diligence</bdi>");
    assert!(!page.contains("<bdi>Percentile global</bdi>"));
    assert!(!page.contains("<bdi>Delegation</bdi>"));
}

#[test]
fn a_value_that_is_not_a_session_is_rejected_and_keeps_the_old_page() {
    let project = Project::new().file("page.html", "old");
    project
        .rehearse("write_report(\"page.html\", [#{}, 7]);")
        .exits(1)
        .says("a row is a map, a row of a file or an array, not `int`");
    project
        .rehearse("write_report(\"page.html\", \"jane\");")
        .exits(1)
        .says("a list is needed");
    assert_eq!(project.read("page.html"), "old");
    project
        .rehearse("write_text(\"no.txt\", \"\"); write_report(\"no.txt/place.html\", []);")
        .exits(1)
        .says("cannot write `no.txt/place.html`");
}

#[test]
fn a_dry_run_and_a_planning_closure_write_no_page() {
    let project = Project::new();
    project
        .rhai(
            &["--sandbox", "--dry-run"],
            "write_report(\"page.html\", []);",
        )
        .succeeds()
        .says("dry run: `page.html` is not written");
    assert!(!project.path().join("page.html").exists());
    project
        .rehearse(
            "invite_all([\"a@example.com\"], |row| { write_report(\"page.html\", []); row });",
        )
        .exits(1)
        .says("`write_report` may not be called while `invite_all` plans");
    assert!(!project.path().join("page.html").exists());
}

#[test]
fn the_shipped_script_reports_on_the_assessment() {
    let project = Project::new();
    project
        .rehearse("invite_all([\"jane@example.com\"]);")
        .succeeds();
    project
        .run(&["run", "--sandbox", "report"])
        .succeeds()
        .prints("1 session: report.html\n");
    let page = project.read("report.html");
    shows(&page, "<h1><bdi>Senior PM Assessment</bdi></h1>");
    shows(&page, "jane@example.com");
}

#[test]
fn now_decides_who_is_late_even_if_later_events_exist() {
    let sessions = "[#{ candidate_email: \"ann@example.com\", status: \"setup\", due_date: \"2026-02-05T00:00:00Z\", \
        created_at: \"2026-02-01T00:00:00Z\", setup_started_at: \"2026-02-08T00:00:00Z\" }]";
    let script = format!("write_report(\"page.html\", {sessions});");
    for (now, remark) in [
        ("2026-02-02T00:00:00Z", None),
        ("2026-02-04T00:00:00Z", Some("due soon")),
        ("2026-02-06T00:00:00Z", Some("overdue")),
    ] {
        let project = Project::new();
        project
            .rhai(&["--sandbox", "--now", now], &script)
            .succeeds();
        let page = project.read("page.html");
        for word in ["due soon", "overdue"] {
            let is_said = page.contains(&format!("\">{word}</em>"));
            assert_eq!(is_said, remark == Some(word), "{word} at {now}");
        }
    }
}

#[test]
fn the_report_and_the_table_agree_on_deadlines() {
    let project = Project::new();
    let invite = "invite(#{ email: \"ann@example.com\", due_date: \"2031-01-01T00:00:00Z\" });";
    project.rehearse(invite).succeeds();
    for (now, is_late) in [
        ("2020-01-01T00:00:00Z", false),
        ("2031-01-02T00:00:00Z", true),
    ] {
        let options = ["sessions", "--sandbox", "--now", now];
        let table = project.run(&options).succeeds();
        project
            .run(&[&options[..], &["--report", "page.html"]].concat())
            .succeeds();
        let page = project.read("page.html");
        assert_eq!(
            table.stdout.contains("past the deadline: 1"),
            is_late,
            "{table}"
        );
        assert_eq!(page.contains(">overdue</em>"), is_late, "at {now}");
    }
}

/// It is Tuesday evening in Berlin, Tuesday morning in Los Angeles and Wednesday morning in Auckland.
#[test]
fn deadlines_are_grouped_by_the_day_of_their_own_zone() {
    let script = r#"
let due = |name, date, zone| #{ candidate_name: name, status: "invited", due_date: datetime(date + "T23:59:00", zone) };
write_report("page.html", [
    due.call("Ann", "2026-02-10", "America/Los_Angeles"),
    due.call("Bo", "2026-02-10", "Europe/Berlin"),
    due.call("Cy", "2026-02-10", "Pacific/Auckland"),
    due.call("Di", "2026-02-11", "Pacific/Auckland"),
    due.call("Ed", "2026-02-17", "Europe/Berlin"),
    due.call("Flo", "2026-02-07", "Europe/Berlin"),
    due.call("Gil", "2026-02-11", "America/Los_Angeles"),
]);"#;
    let project = Project::new();
    let now = [
        "--sandbox",
        "--now",
        "2026-02-10T18:30:00Z",
        "--tz",
        "Europe/Berlin",
    ];
    project.rhai(&now, script).succeeds();
    let page = project.read("page.html");
    let days: Vec<String> = page
        .split("<tr><th scope=\"row\">")
        .skip(1)
        .filter_map(|row| {
            let (date, rest) = row.split_once(" <span>")?;
            let (distance, rest) = rest.split_once("</span></th><td class=\"number\">")?;
            let (count, _) = rest.split_once("</td><td class=\"who\">")?;
            Some(format!("{date}, {distance}: {count}"))
        })
        .collect();
    assert_eq!(
        days,
        [
            "Tue 10 Feb, yesterday: 1",
            "Sat 7 Feb, 3 days ago: 1",
            "Tue 10 Feb, today: 2",
            "Wed 11 Feb, today: 2",
            "Tue 17 Feb, in 7 days: 1",
        ]
    );
    shows(&page, ">10 Feb, 23:59 America/Los_Angeles</time>");
    shows(&page, ">10 Feb, 23:59</time>");
}

#[test]
fn sessions_writes_a_report_of_the_selected_sessions() {
    let project = Project::new();
    project
        .rehearse("invite_all([\"jane@example.com\", \"john@example.com\"]);")
        .succeeds();
    project
        .run(&["sessions", "--sandbox", "--report", "all.html"])
        .succeeds()
        .prints("")
        .reports("`all.html` is written\n");
    let page = project.read("all.html");
    shows(&page, "<h1><bdi>Senior PM Assessment</bdi></h1>");
    shows(&page, "the sandbox");
    shows(&page, "jane@example.com");
    assert!(
        !page.contains("href=\"http"),
        "a candidate's link is theirs"
    );
    project
        .run(&[
            "sessions",
            "--sandbox",
            "--status",
            "reviewed",
            "--report",
            "none.html",
        ])
        .succeeds();
    let page = project.read("none.html");
    shows(&page, "<h1><bdi>Senior PM Assessment</bdi></h1>");
    assert!(!page.contains("jane@example.com"));
    for other in ["--format=csv", "--json", "--watch", "--columns=id"] {
        project
            .run(&["sessions", "--sandbox", "--report", "no.html", other])
            .exits(2)
            .says("cannot be used with");
    }
    project
        .run(&["sessions", "--sandbox", "--report", "no/such/page.html"])
        .exits(1)
        .says("cannot write `no/such/page.html`");
}

/// A run with created, skipped, duplicate and invalid rows.
fn project_with_run() -> Project {
    let project = Project::new().file(
        "people.csv",
        "name,email,team\nJane,jane@example.com,a\n<b>Bold</b>,bold@example.com,a\nAl,al@example.com,alumni\n\
         Jane,JANE@example.com,a\nNo,nowhere,a\n",
    );
    let script = "invite_all(read_csv(\"people.csv\"), |row| {
        if row.team == \"alumni\" { return skip(\"by hand\"); }
        #{ email: row.email, name: row.name, due_date: \"2035-02-01\" }
    });";
    project
        .rhai(&["--sandbox", "--skip-invalid"], script)
        .exits(3);
    project
}

#[test]
fn runs_writes_a_report_of_a_run() {
    let project = project_with_run();
    project
        .run(&["runs", "1", "--report", "run.html", "--tz", "Europe/Berlin"])
        .succeeds()
        .prints("")
        .says("`run.html` is written");
    let page = project.read("run.html");
    shows(
        &page,
        "<h1>Run 1 <span class=\"badge done\">Done</span></h1>",
    );
    shows(&page, "<bdi>Senior PM Assessment</bdi>");
    shows(&page, "&lt;b&gt;Bold&lt;/b&gt;");
    shows(&page, "by hand");
    shows(&page, "al@example.com");
    shows(&page, "people.csv:6");
    shows(&page, ">1 Feb 2035, 23:59 UTC</time>");
    shows(&page, "<dt>Failed or invalid</dt><dd><b>1</b>");
    let directory = project.path().display().to_string();
    for internal in ["script.rhai", &directory] {
        assert!(
            !page.contains(internal),
            "`{internal}` means nothing to a manager"
        );
    }
    let invalid = page.find("people.csv:6").unwrap();
    let created = page.find("people.csv:2").unwrap();
    assert!(invalid < created, "what somebody must see to comes first");
}

#[test]
fn a_report_of_a_run_needs_a_run_and_a_file() {
    let project = project_with_run();
    project
        .run(&["runs", "--report", "run.html"])
        .exits(2)
        .says("<RUN>");
    project
        .run(&["runs", "9", "--report", "run.html"])
        .exits(2)
        .says("there is no run 9");
    for other in ["--failed", "--format=csv", "--delete", "--discard"] {
        project
            .run(&["runs", "1", "--report", "run.html", other])
            .exits(2)
            .says("cannot be used with");
    }
    assert!(!project.path().join("run.html").exists());
    project
        .run(&["runs", "1", "--report", "no/such/run.html"])
        .exits(1)
        .says("cannot write `no/such/run.html`");
}

/// Searching, sorting, printing, phones and both color schemes in headless Chromium.
#[test]
#[ignore = "needs chromium, and node with tests/browser's packages"]
fn pages_work_in_a_browser() {
    let project = project_with_run();
    project
        .run(&["runs", "1", "--report", "run.html"])
        .succeeds();
    let script = format!(
        "{FEW} write_report(\"few.html\", sessions); write_report(\"none.html\", []);
         let many = [];
         for n in 1..=5000 {{
             many.push(#{{ candidate_name: `Candidate ${{n}}`, candidate_email: `c${{n}}@example.com`, status: \"invited\" }});
         }}
         write_report(\"many.html\", many);"
    );
    project.rhai(&NOW, &script).succeeds();
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/report.test.mjs");
    let output = Command::new("node")
        .args(["--test", tests])
        .env("PAGES", project.path())
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}");
}

/// The maxima of the categories vary by assessment.
#[test]
fn the_ranking_compares_with_the_maximum_of_the_assessment() {
    let ranked = |most: Option<f64>| {
        let category = Category {
            name: "delegation".to_owned(),
            score: 40.0,
            most,
        };
        let score = Score {
            total: 40.0,
            percentile: None,
            categories: vec![category.clone(), category],
        };
        report(vec![Session {
            name: "Ann Lee".to_owned(),
            status: "scored".to_owned(),
            score: Some(score),
            ..Session::default()
        }])
        .to_string()
    };
    let best = |page: String| {
        let (_, best) = page.split_once("Highest scores").unwrap();
        let (_, length) = best.split_once("class=\"fill\" width=\"").unwrap();
        length.split('"').next().unwrap().to_owned()
    };
    assert_ne!(best(ranked(Some(40.0))), best(ranked(Some(50.0))));
    // Without maxima, the best score is the longest bar.
    assert_eq!(best(ranked(None)), best(ranked(Some(20.0))));
}
