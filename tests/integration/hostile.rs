//! Hostile text in names, messages and files cannot control the terminal or forge output.

use serde_json::{Value, json};

use crate::stub::{ASSESSMENT, Reply, Request, Stub, default_reply};
use crate::support::{Project, Ran};

/// Clears the screen, sets colors, moves up, forges a line, reverses the direction, and breaks lines in two more ways.
const HOSTILE: &str =
    "Jane\u{1b}[2J\u{1b}[31m\u{1b}[A\r\u{9b}1A\u{7f}\u{202e}nhoJ\u{2066}\u{2028}run 9: done";

/// Checks that no character of the output controls a terminal.
#[track_caller]
fn is_harmless(ran: Ran) -> Ran {
    for text in [&ran.stdout, &ran.stderr] {
        let control = text.chars().find(|letter| {
            (letter.is_control() && *letter != '\n')
                || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        });
        assert_eq!(control, None, "{text:?}");
    }
    ran
}

/// Checks that no line of standard error starts with `forged`.
#[track_caller]
fn no_line_starts_with(ran: &Ran, forged: &str) {
    let is_forged = |line: &str| line.starts_with(forged);
    assert!(!ran.stderr.lines().any(is_forged), "{}", ran.stderr);
}

fn csv() -> String {
    format!("email,name,na\u{1b}[1mme\njane@example.com,\"{HOSTILE}\",\"x\ny\"\n")
}

#[test]
fn a_hostile_name_is_shown_escaped() {
    let project = Project::new().file("people.csv", csv());
    is_harmless(project.rhai(&["--sandbox", "--verbose"], "let rows = read_csv(\"people.csv\");\nprint(rows[0].name);\nprint(rows);\nprint_table(rows);\nprint(invite_all(rows, |row| #{ email: row.email, name: row.name }));"))
        .exits(5)
        .says("Jane\\u{1b}[2J\\u{1b}[31m")
        .shows("\\u{202e}nhoJ\\u{2066}\\u{2028}run 9: done");
    for format in ["table", "json"] {
        let ran = project
            .run(&["runs", "1", "--all", "--format", format])
            .succeeds();
        if format == "table" {
            is_harmless(ran);
        } else {
            let rows = ran.json();
            let name = rows[0]["name"].as_str().unwrap();
            assert!(name.starts_with("Jane\u{1b}[2J"), "{name:?}");
        }
    }
    project
        .run(&["runs", "1", "--all", "--format", "csv"])
        .succeeds()
        .shows("Jane\u{1b}[2J");
}

#[test]
fn a_cell_cannot_forge_a_line_of_the_plan() {
    let project = Project::new().file(
        "people.csv",
        "email,due\njane@example.com,\"x\nrun 1: 1 row: 1 created\"\n\"bad\n1 to invite\",2031-01-01\n",
    );
    let ran = is_harmless(project.rhai(
        &["--sandbox"],
        "invite_all(read_csv(\"people.csv\"), |row| if row.email.starts_with(\"bad\") { skip(row.email) } else { #{ email: row.email, due_date: row.due } });",
    ));
    no_line_starts_with(&ran, "run 1:");
    no_line_starts_with(&ran, "1 to invite");
    ran.exits(5).says("x\\nrun 1: 1 row: 1 created");
}

#[test]
fn a_message_of_the_api_cannot_forge_a_line() {
    let stub = Stub::start(|request: &Request| {
        if request.is_invite() {
            return Reply::refusal(400, &format!("no\nrun 1: 2 rows: 2 created\n{HOSTILE}"));
        }
        default_reply(request)
    });
    let project = Project::new().talking_to(&stub);
    let ran = is_harmless(project.rhai(
        &["--yes", "--verbose"],
        "invite_all([\"jane@example.com\"]);",
    ));
    no_line_starts_with(&ran, "run 1: 2 rows");
    ran.exits(3).says("no\\nrun 1: 2 rows: 2 created");
    is_harmless(project.run(&["runs", "1"])).succeeds();
    is_harmless(project.rhai(&["--yes"], "invite(#{ email: \"jane@example.com\" });")).exits(1);
}

#[test]
fn a_file_name_or_script_cannot_forge_a_line() {
    let name = "a\u{1b}[2J\nerror: forged\u{202e}.csv";
    let project = Project::new();
    let ran = is_harmless(project.rhai(
        &[],
        &format!("let a = 1; /* \u{202e}\u{1b}[2J */ read_csv({name:?});"),
    ));
    no_line_starts_with(&ran, "error: forged");
    ran.exits(1)
        .says("a\\u{1b}[2J\\nerror: forged\\u{202e}.csv");
    let ran = is_harmless(project.rhai(&[], "throw \"x\\nerror: forged \\u001b[2J\";"));
    no_line_starts_with(&ran, "error: forged");
}

#[test]
fn the_help_of_a_hostile_script_is_escaped() {
    let script = "//! Wipes \u{1b}[2J\u{202e}\nlet file = arg(\"file\", \"A \\u001b[31m list\");\nprint(file);";
    let project = Project::new().file("hostile.rhai", script);
    is_harmless(project.run(&["run", "hostile.rhai", "--help"]))
        .succeeds()
        .shows("Wipes \\u{1b}[2J\\u{202e}");
}

#[test]
fn print_keeps_line_breaks_and_tabs_only() {
    Project::new()
        .rhai(&[], "print(\"a\\tb\\nc\\u001b[2J\\u009b\");")
        .succeeds()
        .prints("a\tb\nc\\u{1b}[2J\\u{9b}\n");
}

#[test]
fn a_report_shows_a_hostile_name_as_text() {
    let name = format!("<script>alert(1)</script>{HOSTILE}");
    let json = serde_json::to_string(&name).unwrap();
    let project = Project::new().file("name.json", json);
    project
        .rhai(&[], "write_report(\"page.html\", [#{ candidate_name: read_json(\"name.json\"), candidate_email: \"j@example.com\", status: \"invited\" }]);")
        .succeeds();
    let page = project.read("page.html");
    assert!(!page.contains("<script>alert"), "a name became markup");
    assert!(
        page.chars()
            .all(|letter| !letter.is_control() || letter == '\n')
    );
    assert!(!page.contains(['\u{202e}', '\u{2066}', '\u{2028}']));
}

#[cfg(unix)]
#[test]
fn a_hostile_name_is_escaped_on_a_terminal() {
    use crate::screen::Screen;
    let project = Project::new().file("people.csv", csv());
    project
        .rhai(&["--sandbox"], "print(\"x\");\ninvite_all(read_csv(\"people.csv\"), |row| #{ email: row.email, name: row.name });")
        .exits(5);
    for format in ["table", "csv", "json", "jsonl"] {
        let command = project.program(&["runs", "1", "--all", "--format", format]);
        let (ran, picture, _) = Screen::open(command).leave();
        assert!(picture.contains("jane@example.com"), "{format}: {picture}");
        assert!(picture.contains("1b"), "{format}: {picture}");
        let raw = ran.stderr.chars().find(|letter| {
            matches!(
                letter,
                '\u{9b}' | '\u{7f}' | '\u{202e}' | '\u{2066}' | '\u{2028}'
            )
        });
        assert_eq!(raw, None, "{format}");
        assert!(!ran.stderr.contains("\u{1b}[2J"), "{format}");
    }
}

#[test]
fn control_characters_do_not_reach_the_terminal() {
    let escape = "\u{1b}[2J\u{7}\u{9b}";
    let stub = Stub::inviting(move |_| Reply::refusal(400, &format!("bad{escape}")));
    Project::new()
        .file("people.csv", format!("name,email\nJane{escape},jane@example.com\n"))
        .file("bad.csv", format!("name,email\nJane,{escape}\n"))
        .talking_to(&stub)
        .rhai(
            &["--yes", "-v"],
            "let rows = read_csv(\"people.csv\");\nprint(rows[0].name);\nprint_table(rows);\nprint_table(invite_all([\"jane@example.com\"]).results());\ndebug(rows);\ninvite_all(read_csv(\"bad.csv\"));",
        )
        .exits(5)
        .says("failed: row 1")
        .says("bad.csv line 2: email")
        .never_says("\u{1b}")
        .never_says("\u{7}")
        .never_says("\u{9b}");
}

#[test]
fn control_characters_in_a_thrown_text_are_shown() {
    Project::new()
        .rhai(&[], "throw \"bad \\x1b[2J\";")
        .exits(1)
        .says("error: bad \\u{1b}[2J")
        .never_says("\u{1b}");
}

#[test]
fn direction_overrides_do_not_reach_the_terminal() {
    // U+202E reverses the text after it, so one address can look like another.
    Project::new()
        .file(
            "people.csv",
            "name,email\nJane\u{202e}moc.elpmaxe@enaj,jane@example.com\n",
        )
        .rehearse("invite_all(read_csv(\"people.csv\"));")
        .exits(5)
        .says("U+202E RIGHT-TO-LEFT OVERRIDE")
        .never_says("\u{202e}");
}

#[test]
fn arguments_and_skip_reasons_are_escaped() {
    let project = Project::new();
    project.run(&["run", "--sandbox", "invite_list", "\u{1b}[2Jnone.txt"]);
    project
        .rehearse("invite_all([\"jane@example.com\"], |x| skip(\"\\x1b[31mred\\u202e\"));")
        .succeeds();
    let runs = project.run(&["runs", "--format", "json"]).json();
    let run = runs[0]["run"].to_string();
    project
        .run(&["runs", &run, "--all"])
        .succeeds()
        .shows("\\u{1b}[31mred\\u{202e}")
        .never_says("\u{1b}")
        .never_says("\u{202e}");
}

/// A stub whose every text is hostile.
fn hostile_stub() -> Stub {
    let named = |mut entry: Value| {
        for field in ["name", "candidateName", "assessmentName", "keyPrefix"] {
            entry[field] = json!(HOSTILE);
        }
        entry["extra"] = json!({ HOSTILE: HOSTILE });
        entry
    };
    let session = named(json!({
        "id": "s1", "assessmentId": ASSESSMENT, "candidateId": "c1", "candidateEmail": "jane@example.com",
        "status": HOSTILE, "createdAt": "2026-01-01T00:00:00Z", "dueDate": HOSTILE,
    }));
    let (assessment, other) = (
        named(json!({ "id": ASSESSMENT })),
        named(json!({ "id": "k1" })),
    );
    Stub::start(move |request: &Request| match request.path.as_str() {
        "/api/sessions" => Reply::page(request, "sessions", std::slice::from_ref(&session)),
        "/api/candidates" => Reply::page(request, "candidates", std::slice::from_ref(&other)),
        "/api/api-keys" => Reply::json(200, &json!({ "apiKeys": [other.clone()] })),
        "/api/assessments" => {
            Reply::page(request, "assessments", std::slice::from_ref(&assessment))
        }
        path if path == format!("/api/assessments/{ASSESSMENT}") => {
            Reply::json(200, &json!({ "assessment": assessment.clone() }))
        }
        _ if request.is_invite() => {
            let mut session = session.clone();
            session["candidateEmail"] = json!(request.email());
            let email = format!("\"{}\"", request.email());
            Reply::json(
                201,
                &json!({ "inviteUrl": format!("https://{HOSTILE}"), "session": session, "message": email }),
            )
        }
        _ => Reply::refusal(409, HOSTILE),
    })
}

/// Every command that shows text from a file or a server, in each of its forms.
#[test]
fn no_command_shows_hostile_text_raw() {
    let stub = hostile_stub();
    let project = Project::new()
        .talking_to(&stub)
        .file("people.csv", csv())
        .file(
            "hostile.rhai",
            format!(
                "//! {HOSTILE}\nlet x = arg(\"x\", \"{}\", \"\");\nprint(x);\nlet unused = 1;",
                HOSTILE.replace('\r', "\\r")
            ),
        );
    let invite = "let rows = read_csv(\"people.csv\"); let done = invite_all(rows, |row| #{ email: row.email, name: row.name });\n\
                  print(done); print(done.results()); print_table(done.results()); print(done.to_json());";
    let show = "print(list_sessions()); print_table(list_sessions()); print(list_api_keys()); print(list_candidates());\n\
                print(list_assessments()[0].to_json()); debug(list_sessions()); print_table(list_assessments());";
    for (options, script) in [
        (&["--yes", "-v"][..], invite),
        (&["--yes", "--again", "--json"], invite),
        (&["--dry-run"], invite),
        (&[], show),
        (
            &["--yes"],
            "print(invite(\"bob@example.com\", read_csv(\"people.csv\")[0].name));",
        ),
        (&["--yes"], "score_all(list_sessions());"),
        (&["--yes"], "score(list_sessions()[0].candidate_name);"),
        (&[], "throw list_sessions()[0].candidate_name;"),
        (&[], "throw list_sessions()[0];"),
        (&[], "read_csv(read_csv(\"people.csv\")[0].name);"),
        (&[], "assessment(list_sessions()[0].candidate_name);"),
    ] {
        let ran = is_harmless(project.rhai(options, script));
        no_line_starts_with(&ran, "run 9");
    }
    for command in [
        "runs",
        "runs --format json",
        "runs --format jsonl",
        "runs 1",
        "runs 1 --all",
        "runs 1 --all --format json",
        "runs 1 --all --format jsonl",
        "send 1 --yes --failed -v",
        "send 3 --yes --again --json",
        "sessions",
        "sessions --format json",
        "sessions --format jsonl",
        "sessions --json",
        "sessions --columns candidate_name,extra",
        "doctor",
        "doctor --json",
        "check hostile.rhai",
        "check --format json hostile.rhai",
        "run hostile.rhai --help",
        "repl -e list_sessions() -e list_sessions()[0].candidate_name",
        "repl --json -e list_sessions() -e list_sessions()[0].candidate_name",
        "runs 1 --delete --yes --json",
    ] {
        let words: Vec<&str> = command.split(' ').collect();
        is_harmless(project.run(&words));
    }
}

#[test]
fn json_is_valid_and_escaped_in_a_pipe_and_means_the_same() {
    let stub = hostile_stub();
    let project = Project::new().talking_to(&stub).file("people.csv", csv());
    let sessions = is_harmless(project.run(&["sessions", "--json"])).succeeds();
    assert_eq!(sessions.json()[0]["candidate_name"], HOSTILE);
    let printed = is_harmless(project.rhai(&[], "print(list_sessions()[0].to_json());")).succeeds();
    assert_eq!(printed.json()["candidate_name"], HOSTILE);
    let shown = is_harmless(project.run(&["repl", "--json", "-e", "list_sessions()[0]"]));
    assert_eq!(shown.succeeds().json()["candidate_name"], HOSTILE);
}

/// An argument can come from a file or a web page, as in `run "$name"`.
#[test]
fn a_hostile_argument_is_escaped_in_the_message_about_it() {
    let project = Project::new().file(
        "script.rhai",
        "let days = arg(\"days\", \"Days\", 5); let kind = arg(\"kind\", \"Kind\", \"a\", [\"a\", \"b\"]); print(days);",
    );
    let hostile = HOSTILE.replace('\r', "");
    for arguments in [
        &[&*hostile][..],
        &[&format!("--{hostile}")],
        &["run", &format!("--{hostile}"), "script.rhai"],
        &["run", "--max-invites", &hostile, "script.rhai"],
        &["run", "--shard", &hostile, "script.rhai"],
        &["run", "--rate", &hostile, "script.rhai"],
        &["run", "--tz", &hostile, "script.rhai"],
        &["run", "--now", &hostile, "script.rhai"],
        &["run", "--profile", &hostile, "script.rhai"],
        &["run", "--api-url", &hostile, "script.rhai"],
        &["run", "--ca-file", &hostile, "script.rhai"],
        &["run", "--sandbox", "script.rhai", &hostile],
        &["run", "--sandbox", "script.rhai", "--days", &hostile],
        &["run", "--sandbox", "script.rhai", "--kind", &hostile],
        &["run", "--sandbox", "script.rhai", &format!("--{hostile}")],
        &["run", &hostile],
        &["runs", &hostile],
        &["runs", "--older-than", &hostile],
        &["send", &hostile],
        &["docs", &hostile],
        &["new", &hostile, "--from", &hostile],
        &["check", &hostile],
        &["test", &hostile],
        &["sandbox", "--fault", &hostile],
        &["sandbox", "--speed", &hostile],
        &["sessions", "--sandbox", "--status", &hostile],
        &["sessions", "--sandbox", "--columns", &hostile],
        &["sessions", "--sandbox", "--sort", &hostile],
        &["completions", &hostile],
        &[
            "repl",
            "--sandbox",
            "-e",
            &format!("\"{hostile}\" + nothing"),
        ],
    ] {
        let ran = is_harmless(project.run(arguments));
        assert!(!ran.stdout.is_empty() || !ran.stderr.is_empty(), "{ran}");
    }
}
