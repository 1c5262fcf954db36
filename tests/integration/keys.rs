//! Keys: where they come from, and that only the API ever sees them.

#[cfg(unix)]
use std::fs;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::json;

use crate::help::commands;
#[cfg(unix)]
use crate::hold::Hold;
#[cfg(unix)]
use crate::ledger::{notes, settle};
use crate::stub::{ASSESSMENT, Reply, Request, Stub, default_reply};
use crate::support::{KEY, Project, Ran, SECRET, files_below, has};

const ASK: &str = "list_assessments();";

/// Writes to every place that a script can write to, and inspects everything it can see of an error.
const EVERYWHERE: &str = r#"
fn tell(what) { print(what); debug(what); what }
let all = [];
try { all.push(tell(list_sessions())); } catch (e) { all.push(tell(e)); }
try { all.push(tell(list_assessments())); } catch (e) { all.push(tell(e)); }
try { all.push(tell(invite("single@example.com"))); } catch (e) { all.push(tell(e)); }
write_json("seen.json", all);
let outcome = invite_all(["a@example.com", "b@example.com"]);
print_table(outcome.results());
outcome.write_csv("outcome.csv", #{ overwrite: true });
print(outcome);
throw "over";
"#;

/// Repeats the key in every part of a response.
fn echo_key(request: &Request, status: u16) -> Reply {
    let said = request.header("authorization").to_owned();
    let session = json!({
        "id": "1", "assessmentId": ASSESSMENT, "candidateName": said, "candidateEmail": "a@example.com",
        "status": "invited", "token": said, "more": { said.clone(): [said] },
    });
    let reply = match (status, request.path.trim_start_matches("/api/")) {
        (200, "sessions") => Reply::json(200, &json!({ "sessions": [session], "total": 1 })),
        (200, "api-keys") => Reply::json(
            200,
            &json!({ "apiKeys": [{ "name": said, "keyPrefix": "gai_prefix", "scopes": [said] }] }),
        ),
        (200, _) if request.is_invite() => Reply::json(
            201,
            &json!({ "inviteUrl": format!("https://e.example/{said}"), "session": session }),
        ),
        (200, _) => default_reply(request),
        // JSON of another shape, and a page that is none.
        (299, _) => Reply::json(
            200,
            &json!({ "sessions": said, "assessments": said, "inviteUrl": [said] }),
        ),
        (302, _) => Reply::text(302, "").header("location", format!("/{said}?{said}")),
        (502, _) => Reply::text(502, format!("<html>you said {said}</html>")),
        (status, _) => Reply::refusal(status, &format!("you said {said}")),
    };
    reply
        .header("x-echo", said.clone())
        .header("retry-after", said)
}

/// Asserts that no file contains the key, except files called `key.txt`.
#[track_caller]
fn assert_in_no_file(project: &Project) {
    let written = files_below(project.path().parent().unwrap());
    assert!(!written.is_empty());
    for path in written.iter().filter(|path| !path.ends_with("key.txt")) {
        assert!(!has(path, SECRET), "the key is in {}", path.display());
    }
}

/// Asserts that neither the output nor any file contains the key, except files called `key.txt`.
#[track_caller]
fn assert_secret(project: &Project, ran: &Ran) {
    assert!(!ran.to_string().contains(SECRET), "{ran}");
    assert_in_no_file(project);
}

/// A call of every command, in an order in which each has something to show.
const CALLS: [&[&str]; 24] = [
    &["run", "-vvv", "--yes", "--max-retries", "0", "echo.rhai"],
    &[
        "run",
        "-vvv",
        "--yes",
        "--json",
        "--max-retries",
        "0",
        "echo.rhai",
    ],
    &[
        "run",
        "-vvv",
        "--dry-run",
        "--max-retries",
        "0",
        "echo.rhai",
    ],
    &[
        "send",
        "-vvv",
        "--yes",
        "--failed",
        "--max-retries",
        "0",
        "1",
    ],
    &["send", "-vvv", "--yes", "--json", "--max-retries", "0", "3"],
    &["undo", "-vvv", "--yes", "--max-changes", "9", "1"],
    &["runs"],
    &["runs", "1"],
    &["runs", "1", "--all", "--format", "json"],
    &["runs", "1", "--report", "run.html"],
    &["sessions", "--max-retries", "0"],
    &["find", "example", "--max-retries", "0"],
    &["sessions", "--json", "--max-retries", "0"],
    &[
        "sessions",
        "--report",
        "sessions.html",
        "--max-retries",
        "0",
    ],
    &["repl", "--max-retries", "0", "-e", "list_sessions()"],
    &[
        "repl",
        "--max-retries",
        "0",
        "--json",
        "-e",
        "list_sessions()",
    ],
    &["check", "echo.rhai"],
    &["docs"],
    &["new", "mine.rhai"],
    &["scripts"],
    &["test", "tests.rhai"],
    &["doctor"],
    &["doctor", "--json"],
    &["completions", "bash"],
];

#[test]
fn no_command_writes_the_key_anywhere_whatever_the_server_says() {
    for name in commands() {
        let is_called = name == "sandbox" || CALLS.iter().any(|call| call[0] == name);
        assert!(is_called, "no call of `{name}`");
    }
    let status = Arc::new(AtomicU16::new(0));
    let answered = Arc::clone(&status);
    let stub = Stub::start(move |request| echo_key(request, answered.load(Ordering::SeqCst)));
    for answer in [200, 299, 302, 400, 401, 403, 404, 409, 500, 502] {
        status.store(200, Ordering::SeqCst);
        let project = Project::new()
            .talking_to(&stub)
            .file("echo.rhai", EVERYWHERE)
            .file("tests.rhai", "fn test_it() { print(list_sessions()); }");
        // If nothing could be planned, there would be no run to send or show.
        for call in &CALLS[..3] {
            project.run(call);
        }
        status.store(answer, Ordering::SeqCst);
        for call in CALLS {
            let ran = project.run(call);
            assert_ne!(ran.status, 2, "{call:?}\n{ran}");
            assert_secret(&project, &ran);
        }
    }
    let sent = format!("Bearer {KEY}");
    assert!(
        stub.requests()
            .iter()
            .all(|request| request.header("authorization") == sent)
    );
}

/// JSON may escape any letter, and must escape some.
#[test]
fn a_key_echoed_with_json_escapes_is_redacted() {
    let quoted = r#"gai_"quoted\MARKED-SECRET"#;
    for (key, unicode) in [(KEY, true), (quoted, false)] {
        for status in [200, 422] {
            let stub = Stub::start(move |request| {
                let mut said = json!(request.header("authorization")).to_string();
                if unicode {
                    said = said.replace('M', "\\u004d").replace("gai", "g\\u0061i");
                }
                let body = match request.path.as_str() {
                    _ if status == 422 => {
                        format!("{{\"error\": {{\"code\": \"c\", \"message\": {said}}}}}")
                    }
                    "/api/sessions" => format!(
                        "{{\"sessions\": [{{\"id\": \"1\", \"note\": {{{said}: [{said}]}}}}], \"total\": 1}}"
                    ),
                    _ => return default_reply(request),
                };
                Reply::text(status, body)
            });
            let project = Project::new()
                .talking_to(&stub)
                .env("GRADIENT_API_KEY", key)
                .file("echo.rhai", EVERYWHERE);
            let ran = project.run(&["run", "-vvv", "--yes", "echo.rhai"]);
            assert_secret(&project, &ran);
            assert!(
                ran.to_string().contains("gai_"),
                "it is not repeated at all\n{ran}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn the_sandbox_ignores_a_configured_key() {
    let project = Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .file("echo.rhai", EVERYWHERE);
    let sandbox = project.sandbox(&[]);
    let ran = project.run(&["run", "-vvv", "--sandbox", "echo.rhai"]);
    assert_secret(&project, &ran);
    sandbox.server.signal("INT");
    assert_secret(&project, &sandbox.server.finish().exits(0));
}

/// A project whose configuration says how to get the key from `key.txt`.
#[cfg(unix)]
fn with_config(text: &str) -> Project {
    with_config_for("http://127.0.0.1:9", text)
}

#[cfg(unix)]
fn with_config_for(url: &str, text: &str) -> Project {
    let project = Project::new()
        .file("../home/key.txt", format!("{KEY}\nsecond line\n"))
        .file(
            "../home/config.toml",
            format!("api_url = \"{url}\"\n{text}"),
        );
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(project.home().join("key.txt"), private).unwrap();
    project.file("echo.rhai", EVERYWHERE)
}

/// Runs a request with this configuration, and returns the key that the server received.
#[cfg(unix)]
fn key_sent_with(text: &str) -> String {
    let stub = Stub::start(default_reply);
    let project = with_config_for(&stub.url(), text);
    let ran = project.rhai(&["-vvv"], ASK).succeeds();
    assert_secret(&project, &ran);
    stub.requests()[0].header("authorization").to_owned()
}

#[cfg(unix)]
#[test]
fn a_profile_may_name_a_key_file_or_a_key_command() {
    let sent = format!("Bearer {KEY}");
    assert_eq!(key_sent_with("api_key_file = \"key.txt\""), sent);
    assert_eq!(
        key_sent_with("api_key_command = [\"cat\", \"../home/key.txt\"]"),
        sent
    );
    assert_eq!(
        key_sent_with("api_key_command = \"cat ../home/key.txt | head -1\""),
        sent
    );
    // It may say more than anybody wants to know.
    let wordy = "cat ../home/key.txt; yes | head -100000; cat ../home/key.txt >&2";
    assert_eq!(
        key_sent_with(&format!("api_key_command = \"{wordy}\"")),
        sent
    );
}

#[cfg(unix)]
#[test]
fn an_array_command_runs_without_a_shell() {
    with_config("api_key_command = [\"echo\", \"$(cat ../home/key.txt)\"]")
        .rhai(&[], ASK)
        .exits(2)
        .says("the API key is malformed");
}

#[cfg(unix)]
#[test]
fn a_key_command_does_not_read_standard_input() {
    let stub = Stub::start(default_reply);
    let command = "api_key_command = \"cat > eaten; cat ../home/key.txt\"";
    with_config_for(&stub.url(), command)
        .file("rows.rhai", format!("{ASK}\nprint(read_csv(\"-\").len());"))
        .shell("printf 'email\\na@example.com\\n' | gradient-bulk run rows.rhai")
        .succeeds()
        .prints("1\n");
}

#[cfg(unix)]
#[test]
fn a_failing_key_command_is_named_without_its_output() {
    for (command, why) in [
        (
            "cat ../home/key.txt; cat ../home/key.txt >&2; exit 3",
            "it ended with exit status: 3",
        ),
        ("no-such-program", "it ended with exit status: 127"),
        ("echo word", "the API key is malformed"),
        ("true", "the key is missing: it is empty"),
        ("echo; cat ../home/key.txt", "the first line is blank"),
    ] {
        let project = with_config(&format!("api_key_command = \"{command}\""));
        let ran = project
            .rhai(&["-vvv"], ASK)
            .exits(2)
            .says(command)
            .says(why);
        assert_secret(&project, &ran);
    }
    with_config("api_key_command = [\"no-such-program\"]")
        .rhai(&[], ASK)
        .exits(2)
        .says("the key command `no-such-program` failed: it does not start");
}

#[cfg(unix)]
#[test]
fn rows_may_follow_a_key_on_standard_input() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub).file(
        "script.rhai",
        "print(read_csv(\"-\").len()); list_assessments();",
    );
    project
        .shell("printf 'gai_piped\\nemail\\na@example.com\\n' | gradient-bulk run --api-key-file - script.rhai")
        .succeeds()
        .prints("1\n");
    assert_eq!(
        stub.requests()[0].header("authorization"),
        "Bearer gai_piped"
    );
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_can_read_is_used_with_a_warning() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub).file("key.txt", "gai_open");
    let path = project.path().join("key.txt");
    for (mode, times) in [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1)] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let ran = project.rhai(&["--api-key-file", "key.txt"], ASK).succeeds();
        let warnings = ran
            .stderr
            .matches("warning: others can read the key file `key.txt`");
        assert_eq!(warnings.count(), times, "{mode:o}\n{ran}");
    }
    project
        .run(&["doctor", "--api-key-file", "key.txt"])
        .shows("warning  key            gai_… from the file `key.txt` (`--api-key-file`)")
        .shows("hint: `chmod 600 key.txt`");
}

#[test]
fn a_key_passed_as_a_file_name_is_not_repeated() {
    for arguments in [
        &["run", "--api-key-file", KEY, "echo.rhai"][..],
        &["run", "--api-key", KEY, "echo.rhai"],
        &["doctor", "--api-key-file", KEY],
    ] {
        let project = Project::new().file("echo.rhai", ASK);
        let ran = project.run(arguments).exits(2);
        assert_secret(&project, &ran);
    }
}

#[test]
fn a_missing_key_gets_a_hint() {
    for script in ["list_sessions();", "invite_all([\"jane@example.com\"]);"] {
        Project::new()
            .rhai(&[], script)
            .exits(4)
            .says("error: no API key")
            .says("set `GRADIENT_API_KEY`, or name a file with `--api-key-file`; to rehearse without a key, use `--sandbox`");
    }
}

#[test]
fn a_malformed_key_is_not_shown() {
    for key in [
        "MARKED-SECRET",
        "gai_MARKED-SECRET blank",
        "gai_MARKED-SECRET-\u{e9}",
        "gai_",
    ] {
        Project::new()
            .env("GRADIENT_API_KEY", key)
            .rhai(&[], "list_sessions();")
            .exits(2)
            .says("`GRADIENT_API_KEY`: the API key is malformed")
            .never_says(SECRET);
    }
}

#[test]
fn a_key_file_with_something_else_in_it_is_explained_without_showing_it() {
    let utf16 = |order: fn(u16) -> [u8; 2]| KEY.encode_utf16().flat_map(order).collect();
    let mut with_mark = vec![0xff, 0xfe];
    with_mark.extend::<Vec<u8>>(utf16(u16::to_le_bytes));
    let no_mark: Vec<u8> = utf16(u16::to_be_bytes);
    let in_utf16 = "the key is in UTF-16, and UTF-8 is needed";
    let in_quotes = "the key is in quotes";
    let bearer = "the key has `Bearer` in front";
    let assignment = "the key has the name of a variable in front";
    let before_equals = "remove everything up to the `=`";
    for (content, message, hint) in [
        (
            Vec::new(),
            "the key is missing: it is empty",
            "write the key into the first line",
        ),
        (
            b"\xef\xbb\xbf".to_vec(),
            "it is empty",
            "write the key into the first line",
        ),
        (
            format!("\r\n{KEY}").into(),
            "the first line is blank",
            "remove the blank line",
        ),
        (
            b"\n".to_vec(),
            "the first line is blank",
            "remove the blank line",
        ),
        (with_mark, in_utf16, "save it again as UTF-8"),
        (no_mark, in_utf16, "save it again as UTF-8"),
        (
            format!("\"{KEY}\"\n").into(),
            in_quotes,
            "remove the quotes",
        ),
        (
            format!("\u{201c}{KEY}\u{201d}").into(),
            in_quotes,
            "remove the quotes",
        ),
        (
            format!("Bearer {KEY}").into(),
            bearer,
            "remove everything before `gai_`",
        ),
        (
            format!("Authorization: bearer {KEY}").into(),
            bearer,
            "remove everything before `gai_`",
        ),
        (
            format!("GRADIENT_API_KEY={KEY}").into(),
            assignment,
            before_equals,
        ),
        (
            format!("export KEY='{KEY}'").into(),
            assignment,
            before_equals,
        ),
        (
            format!("$env:KEY = \"{KEY}\"").into(),
            assignment,
            before_equals,
        ),
        (
            b"MARKED-SECRET \xff".to_vec(),
            "the API key is malformed",
            "only the key",
        ),
        (
            format!("{{\"key\": \"{KEY}=\"}}").into(),
            "the API key is malformed",
            "only the key",
        ),
    ] {
        let project = Project::new().file("key.txt", content);
        for arguments in [
            &["run", "-vvv", "--api-key-file", "key.txt", "monitor"][..],
            &["doctor", "--api-key-file", "key.txt"],
        ] {
            let ran = project.run(arguments).exits(2);
            let shown = ran.to_string();
            for part in ["`key.txt`: ", message, hint] {
                assert!(shown.contains(part), "no `{part}`\n{ran}");
            }
            assert_secret(&project, &ran);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_blank_line_and_no_input_are_distinguished_on_standard_input() {
    let project = Project::new().file("script.rhai", ASK);
    for (input, message) in [
        (
            "printf ''",
            "standard input: the key is missing: it is empty",
        ),
        (
            "printf '\\ngai_x\\n'",
            "standard input: the key is missing: the first line is blank",
        ),
    ] {
        project
            .shell(&format!(
                "{input} | gradient-bulk run --api-key-file - script.rhai"
            ))
            .exits(2)
            .says(message);
    }
}

#[test]
fn a_missing_key_file_is_reported() {
    Project::new()
        .rhai(&["--api-key-file", "nowhere.txt"], "list_sessions();")
        .exits(2)
        .says("cannot read the key file `nowhere.txt`");
}

#[test]
fn the_key_never_travels_in_clear_text() {
    let project = Project::new().env("GRADIENT_API_KEY", KEY);
    for url in [
        "http://app.trygradient.ai",
        "http://192.168.1.7:8080",
        "http://127.0.0.1.example.com",
    ] {
        project
            .rhai(&["--api-url", url], "list_sessions();")
            .exits(2)
            .says(&format!(
                "`--api-url`: refusing to send the API key over plain http to `{url}`"
            ))
            .says("use an https:// address");
    }
    for url in ["ftp://example.com", "app.trygradient.ai", ""] {
        project
            .rhai(&["--api-url", url], "list_sessions();")
            .exits(2)
            .says("bad API address");
    }
}

#[test]
fn a_password_in_the_address_is_refused_and_not_shown() {
    Project::new()
        .rhai(&["--api-url", "https://me:hunter2@example.com"], "")
        .exits(2)
        .says("it contains a user name or password")
        .never_says("hunter2");
}

#[test]
fn failed_rows_and_connections_do_not_show_the_key() {
    let stub = Stub::inviting(|request| match request.email() {
        "a@example.com" => Reply::refusal(500, "out of order"),
        "b@example.com" => Reply::text(502, "<html>"),
        _ => default_reply(request),
    });
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["-v", "--yes", "--max-retries", "0"],
            "invite_all([\"a@example.com\", \"b@example.com\", \"c@example.com\"]);\ndebug(list_sessions());\nthrow \"over\";",
        )
        .exits(1)
        .says("failed: row 2")
        .never_says(SECRET);
    Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .rhai(
            &[
                "-v",
                "--api-url",
                "http://127.0.0.1:9",
                "--max-retries",
                "0",
            ],
            "list_sessions();",
        )
        .exits(1)
        .never_says(SECRET);
}

#[test]
fn a_key_file_may_end_with_a_newline() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .file("key.txt", " gai_other \r\n")
        .rhai(&["--api-key-file", "key.txt"], "list_sessions();")
        .succeeds();
    assert_eq!(
        stub.requests()[0].header("authorization"),
        "Bearer gai_other"
    );
}

#[cfg(unix)]
#[test]
fn the_ledger_never_holds_the_key() {
    // The API repeats the key in its refusals, and the process is killed before anything is tidied up.
    let hold = Hold::default();
    let at = hold.clone();
    let stub = Stub::inviting(move |request| {
        if request.email() == "z@example.com" {
            at.pass();
        }
        let key = request.header("authorization");
        Reply::refusal(422, &format!("`{key}` may not"))
    });
    let project = Project::new().talking_to(&stub);
    let running = project.start_rhai(
        &["--yes", "--concurrency", "1"],
        "invite_all([\"a@example.com\", \"b@example.com\", \"z@example.com\"]);",
    );
    hold.await_arrivals(1);
    running.kill();
    hold.release();
    assert_in_no_file(&project);
    settle(&project);
    project.run(&["send", "1", "--yes", "--failed"]).exits(3);
    assert_in_no_file(&project);
    assert!(notes(&project, "failed")[0].contains("may not"));
}
