//! Messages of errors in the script, in the settings and at the server.

use std::net::TcpListener;

use crate::stub::{ASSESSMENT, Reply, Stub};
use crate::support::{KEY, Project, Ran, SECRET};

/// Lists assessments with a stub that gives this reply to every request.
fn list_with_reply(reply: impl Fn() -> Reply + Send + Sync + 'static) -> Ran {
    let stub = Stub::start(move |_| reply());
    Project::new()
        .talking_to(&stub)
        .rhai(&["--max-retries", "0"], "list_assessments();")
        .never_says(SECRET)
}

#[test]
fn a_syntax_error_shows_its_position() {
    Project::new()
        .rhai(&[], "let a = 1;\nlet b = (a + 2;\n")
        .exits(1)
        .reports(
            "error: expected `)` for a matching ( in this expression
 --> script.rhai:2:15
  |
2 | let b = (a + 2;
  |               ^\n",
        );
}

#[test]
fn a_missing_semicolon_is_explained() {
    Project::new()
        .rhai(&[], "let a = 1\nprint(a);\n")
        .exits(1)
        .reports(
            "error: expected `;` to terminate this statement
 --> script.rhai:2:1
  |
2 | print(a);
  | ^^^^^
  |
  = hint: end the line before it with `;`\n",
        );
}

#[test]
fn an_unknown_function_gets_a_suggestion() {
    Project::new()
        .rhai(&[], "let who = [\"jane@example.com\"];\ninvite_al(who);\n")
        .exits(1)
        .reports(
            "error: unknown function `invite_al(who)`
 --> script.rhai:2:1
  |
2 | invite_al(who);
  | ^^^^^^^^^
  |
  = hint: did you mean `invite_all`?\n",
        );
}

#[test]
fn a_missing_column_shows_the_call_stack() {
    Project::new()
        .file("people.csv", "Name,E-mail\nJane,jane@example.com\n")
        .rhai(
            &[],
            "fn address(row) {\n    row.email\n}\nfn greet(row) { address(row) }\nfor row in read_csv(\"people.csv\") {\n    greet(row);\n}\n",
        )
        .exits(1)
        .reports(
            "error: `people.csv` has no column `email`; its columns are `Name`, `E-mail`
 --> script.rhai:2:9
  |
2 |     row.email
  |         ^^^^^
  |
  = note: in `address`, called at script.rhai:4
  = note: in `greet`, called at script.rhai:6
  = hint: did you mean `row[\"E-mail\"]`? Or read the file with `#{ aliases: #{ email: [] } }`\n",
        );
}

#[test]
fn an_error_in_an_imported_file_shows_its_line() {
    Project::new()
        .file(
            "lib/rules.rhai",
            "// Rules.\n\nfn days(team) {\n    team.dayz\n}\n",
        )
        .rhai(
            &[],
            "import \"lib/rules\" as rules;\nprint(rules::days(#{ days: 5 }));\n",
        )
        .exits(1)
        .reports(
            "error: the map has no key `dayz`
 --> lib/rules.rhai:4:10
  |
4 |     team.dayz
  |          ^^^^
  |
  = note: in `days`, called at script.rhai:2
  = hint: did you mean `days`?\n",
        );
}

#[test]
fn messages_never_show_the_internal_names_of_closures() {
    let project = Project::new().file("rules.rhai", "export const LATER = |n| n + 1;\n");
    project
        .rhai(
            &[],
            "import \"rules\" as rules;\nprint(rules::LATER.call(1, 2));\n",
        )
        .exits(1)
        .says("error: wrong number of arguments for the closure\n --> script.rhai:2:20")
        .never_says("anon$");
    project
        .rhai(&[], "let later = |n| n + 1;\nprint(later.call(1, 2));\n")
        .exits(1)
        .says("error: wrong number of arguments for the closure\n --> script.rhai:2:13")
        .never_says("anon$");
}

#[test]
fn a_syntax_error_in_an_imported_file_shows_its_line() {
    Project::new()
        .file("rules.rhai", "fn days() {\n    let = 5;\n}\n")
        .rhai(&[], "import \"rules\" as rules;\n")
        .exits(1)
        .says("rules.rhai:2:9")
        .says("2 |     let = 5;");
}

#[test]
fn an_outer_variable_in_a_function_is_explained() {
    Project::new()
        .rhai(
            &[],
            "let days = 5;\nfn due() { today().plus_days(days) }\ndue();\n",
        )
        .exits(1)
        .says("unknown variable `days`")
        .says("a function `fn` cannot see variables outside it: pass `days` as an argument");
}

#[test]
fn a_reserved_word_as_column_is_explained() {
    Project::new()
        .rhai(&[], "let row = #{};\nprint(row.default);\n")
        .exits(1)
        .says("write `row[\"default\"]`");
}

#[test]
fn a_script_that_is_not_text_is_refused() {
    Project::new()
        .file("bad.rhai", b"print(\"\xFF\");")
        .run(&["run", "bad.rhai"])
        .exits(2)
        .says("cannot read the script `bad.rhai`");
}

#[test]
fn a_host_error_can_be_caught() {
    Project::new()
        .rhai(
            &[],
            "\ntry {\n    read_csv(\"nowhere.csv\");\n} catch (e) {\n    print(`${e.error} ${e.line} ${e.file}`);\n    print(e.message);\n}\n",
        )
        .succeeds()
        .prints("file 3 nowhere.csv\ncannot open `nowhere.csv`: No such file or directory (os error 2)\n");
}

#[test]
fn a_caught_api_error_has_the_http_status() {
    let stub = Stub::inviting(|_| Reply::refusal(429, "slow down").header("retry-after", "0"));
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes", "--max-retries", "0"],
            "try { invite(\"jane@example.com\", \"Jane\"); } catch (e) { print(`${e.error} ${e.status} ${e.message}`); }",
        )
        .prints("rate_limited 429 the API answered 429: slow down (stub_code)\n");
}

#[test]
fn a_caught_error_can_be_thrown_again() {
    Project::new()
        .rhai(
            &[],
            "try {\n  read_csv(\"nowhere.csv\");\n} catch (e) {\n  throw e;\n}",
        )
        .exits(1)
        .says("error: cannot open `nowhere.csv`")
        .says("hint: paths are relative to the directory the command runs in");
}

#[test]
fn a_missing_assessment_gets_a_hint() {
    Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .rhai(&[], "invite_all([\"jane@example.com\"]);")
        .exits(2)
        .says("error: no assessment is set")
        .says("pass `--assessment NAME_OR_ID`");
}

#[test]
fn an_unknown_assessment_gets_suggestions() {
    Project::new()
        .rhai(
            &["--sandbox", "--assessment", "senior pm asessment"],
            "invite_all([\"jane@example.com\"]);",
        )
        .exits(4)
        .says("error: no assessment `senior pm asessment`")
        .says("hint: did you mean `Senior PM Assessment`");
}

#[test]
fn an_unreachable_server_is_named() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .rhai(
            &["--api-url", &format!("http://{free}"), "--max-retries", "0"],
            "list_assessments();",
        )
        .exits(1)
        .says(&format!("error: cannot connect to {free}: "))
        .says("check the network and `--api-url`");
}

#[test]
fn a_silent_server_times_out() {
    // Accepts connections into its backlog and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    Project::new()
        .env("GRADIENT_API_KEY", KEY)
        .rhai(
            &[
                "--api-url",
                &format!("http://{address}"),
                "--timeout",
                "0.05",
                "--max-retries",
                "1",
            ],
            "list_assessments();",
        )
        .exits(1)
        .says(&format!("error: {address} did not answer within 0.05 s"));
}

#[test]
fn an_html_page_is_not_an_answer() {
    let page = "\n<html><title>Sign in</title>\n</html>";
    for status in [200, 502] {
        list_with_reply(move || Reply::text(status, page))
            .exits(1)
            .says(&format!(
                "answered {status} with something that is not JSON: `<html><title>Sign in</title>`"
            ))
            .says("a proxy or a login page may have answered instead of the API");
    }
}

#[test]
fn an_incomplete_answer_is_an_error() {
    list_with_reply(|| Reply::text(200, "{\"assessments\": [{\"id\": \"1\", "))
        .exits(1)
        .says("answered 200 with something that is not JSON: `{\"assessments\": [{\"id\": \"1\",`");
    for (status, nothing) in [(200, ""), (200, " \n"), (204, "")] {
        list_with_reply(move || Reply::text(status, nothing))
            .exits(1)
            .says(&format!("answered {status} with an empty body"));
    }
    list_with_reply(|| Reply::text(200, "{\"total\": 5}"))
        .exits(1)
        .says("answered 200 with unexpected JSON: `assessments` is missing");
    list_with_reply(|| Reply::text(200, "[1, 2]"))
        .exits(1)
        .says("answered 200 with unexpected JSON");
}

#[test]
fn the_reason_is_shown_whatever_its_form() {
    let long = "word ".repeat(1_000);
    for (body, message) in [
        (r#"{"message": "blocked"}"#, "blocked"),
        (r#"{"detail": "blocked"}"#, "blocked"),
        (r#"{"Message": "blocked"}"#, "blocked"),
        (r#"{"error": "blocked"}"#, "blocked"),
        (r#"{"title": "blocked", "status": 400}"#, "blocked"),
        (
            r#"{"errors": [{"field": "email", "message": "blocked"}]}"#,
            "email: blocked",
        ),
        (
            r#"{"error": {"code": 400, "message": "blocked", "status": "INVALID"}}"#,
            "blocked (INVALID)",
        ),
        (
            r#"{"error": {"code": "bad", "message": {"email": ["blocked"]}}}"#,
            "email: blocked (bad)",
        ),
        (r#"{"anything": ["blocked"]}"#, "anything: blocked"),
        (
            r#"{"detail": "two\nlines\r\n\tand \u001b[31mred\u202e"}"#,
            "two\\nlines\\r\\n\\tand \\u{1b}[31mred\\u{202e}",
        ),
        (r#"{"ok": false}"#, "no reason given"),
        (
            &format!("{{\"detail\": \"{long}\"}}"),
            &format!("{}…", &long[..500]),
        ),
    ] {
        let body = body.to_owned();
        list_with_reply(move || Reply::text(400, body.clone()))
            .says(&format!("error: the API answered 400: {message}\n"));
    }
}

#[test]
fn a_redirect_shows_where_it_leads_without_its_query() {
    for (location, shown) in [
        (
            "https://login.example.com/?next=%2Fapi",
            "https://login.example.com/",
        ),
        ("/login#top", "/login"),
    ] {
        list_with_reply(move || {
            Reply::text(302, "<html>Moved</html>").header("location", location)
        })
        .exits(1)
        .says(&format!("answered 302, a redirect to `{shown}`\n"))
        .says("redirects are not followed");
    }
    list_with_reply(|| Reply::text(302, ""))
        .says("the API answered 302: no reason given")
        .says("this may be another server; check `--api-url`");
}

#[test]
fn a_refused_key_has_its_own_exit_status() {
    list_with_reply(|| Reply::refusal(401, "key revoked"))
        .exits(4)
        .says("error: the API answered 401: key revoked (stub_code)")
        .says("the key is wrong, expired or revoked");
    list_with_reply(|| Reply::text(401, ""))
        .exits(4)
        .says("the API answered 401: no reason given");
}

#[test]
fn an_unknown_id_of_an_assessment_is_refused() {
    let stub = Stub::start(|_| Reply::refusal(404, "no such assessment"));
    Project::new()
        .talking_to(&stub)
        .rhai(&[], "list_sessions();")
        .exits(4)
        .says(&format!("error: no assessment `{ASSESSMENT}`"));
}

#[test]
fn null_gets_a_hint_about_the_empty_value() {
    Project::new()
        .rehearse("let zone = null;\n")
        .exits(1)
        .says("`null` is a reserved word")
        .says("the empty value is `()`");
}
