//! The configuration file: precedence of settings, and messages about mistakes.

use std::fs;

use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran};

const ASK: &str = "list_assessments();";

/// A project with a configuration file.
fn with_config(text: &str) -> Project {
    let project = Project::new();
    fs::create_dir_all(project.home()).unwrap();
    fs::write(project.home().join("config.toml"), text).unwrap();
    project
}

/// The key of the last request.
fn last_key(stub: &Stub) -> String {
    let seen = stub.requests();
    let sent = seen.last().unwrap().header("authorization");
    sent.trim_start_matches("Bearer ").to_owned()
}

/// Two profiles and a top level, each with its own key for `url`.
fn with_three_keys(url: &str) -> Project {
    with_config(&format!(
        "api_url = \"{url}\"\napi_key_file = \"top.key\"\n[profiles.one]\napi_key_file = \"one.key\"\n"
    ))
    .file("../home/top.key", "gai_top\n")
    .file("../home/one.key", "gai_one\n")
    .file("given.key", "gai_given\n")
}

#[test]
fn top_level_settings_are_the_defaults() {
    let stub = Stub::start(default_reply);
    with_three_keys(&stub.url()).rhai(&[], ASK).succeeds();
    assert_eq!(last_key(&stub), "gai_top");
}

#[test]
fn options_override_profile_environment_and_top_level_in_this_order() {
    let stub = Stub::start(default_reply);
    let project = with_three_keys(&stub.url()).env("GRADIENT_API_KEY", "gai_variable");
    for (options, key) in [
        (&[][..], "gai_variable"),
        (&["--profile", "one"], "gai_one"),
        (
            &["--profile", "one", "--api-key-file", "given.key"],
            "gai_given",
        ),
    ] {
        project.rhai(options, ASK).succeeds();
        assert_eq!(last_key(&stub), key, "{options:?}");
    }
}

#[test]
fn a_profile_sets_assessment_and_zone() {
    let stub = Stub::start(default_reply);
    let text = format!(
        "api_url = \"{}\"\n[profiles.berlin]\ntz = \"Europe/Berlin\"\nassessment = \"Stub Assessment\"\n",
        stub.url()
    );
    with_config(&text)
        .env("GRADIENT_API_KEY", "gai_any")
        .env("GRADIENT_ASSESSMENT_ID", "Other")
        .rhai(
            &["--profile", "berlin", "--yes", "--now", "2026-07-01T12:00Z"],
            "print(now()); print(invite_all([\"a@example.com\"]).created);",
        )
        .succeeds()
        .shows("14:00")
        .shows("\n1\n");
}

#[test]
fn rate_and_concurrency_can_be_configured() {
    let project = with_config("concurrency = 3\nrate = 5\n[profiles.slow]\nrate = 0.5\n");
    for (options, pace) in [
        (
            &[][..],
            "3 requests in flight (`config.toml`), at most 5 requests per second (`config.toml`)",
        ),
        (
            &["--profile", "slow"],
            "3 requests in flight (`config.toml`), at most 0.5 requests per second (profile `slow`)",
        ),
        (
            &["--concurrency", "4", "--rate", "2"],
            "4 requests in flight (`--concurrency`), at most 2 requests per second (`--rate`)",
        ),
    ] {
        project
            .run(&[&["doctor", "--sandbox"], options].concat())
            .succeeds()
            .shows(&format!("{pace}\n"));
    }
}

#[test]
fn a_key_is_only_sent_to_the_address_configured_with_it() {
    let stub = Stub::start(default_reply);
    let other = Stub::start(default_reply);
    let refused = |ran: Ran| {
        ran.exits(2)
            .says("the key of `config.toml` is for `http://127.0.0.1:")
            .says("hint: pass the profile for that address with `--profile`");
    };
    let project = with_three_keys(&stub.url());
    refused(project.rhai(&["--api-url", &other.url()], ASK));
    let project = project.env("GRADIENT_API_URL", &other.url());
    refused(project.rhai(&[], ASK));
    assert_eq!(other.requests().len(), 0);
    // A key that is given by itself goes where it is asked to.
    project
        .rhai(&["--api-key-file", "given.key"], ASK)
        .succeeds();
    assert_eq!(last_key(&other), "gai_given");
}

#[test]
fn the_sandbox_needs_neither_key_nor_address_of_a_profile() {
    with_config("api_key_command = \"exit 1\"\napi_url = \"https://service.example\"\n")
        .rehearse("print(list_assessments().len() > 0);")
        .succeeds()
        .prints("true\n");
}

#[test]
fn mistakes_are_reported_with_their_line() {
    for (text, line, what, hint) in [
        (
            "tz = \"UTC\"\nasessment = \"x\"",
            2,
            "there is no setting `asessment`",
            "did you mean `assessment`?",
        ),
        (
            "[profiles.a]\n\nratee = 1",
            3,
            "there is no setting `ratee`",
            "did you mean `rate`?",
        ),
        (
            "[profile.a]\nrate = 1",
            1,
            "there is no setting `profile`",
            "did you mean `profiles`?",
        ),
        ("rate = 1\nrate = 2", 2, "duplicate key", ""),
        ("\nrate = 0", 2, "a number from 0.01 to 10000 is needed", ""),
        (
            "concurrency = 257",
            1,
            "a number from 1 to 256 is needed",
            "",
        ),
        (
            "concurrency = -1",
            1,
            "a number from 1 to 256 is needed",
            "",
        ),
        (
            "tz = \"Europe/Berln\"",
            1,
            "unknown time zone `Europe/Berln`",
            "Europe/Berlin",
        ),
        (
            "api_url = \"http://example.com\"",
            1,
            "refusing to send the API key over plain http",
            "https://",
        ),
        (
            "api_key_file = \"k\"\napi_key_command = \"c\"",
            2,
            "`api_key_file` and `api_key_command` cannot be used together",
            "",
        ),
        ("api_key_command = []", 1, "the command is empty", ""),
        (
            "api_key_command = 5",
            1,
            "a line for the shell or an array of words is needed",
            "",
        ),
        ("profiles = 5", 1, "`profiles` must be a table", ""),
        ("[profiles]\na = 5", 2, "`a` must be a table", ""),
        ("tz = UTC", 1, "string values must be quoted", ""),
    ] {
        with_config(text)
            .rhai(&[], ASK)
            .exits(2)
            .says(&format!("config.toml:{line}: {what}"))
            .says(hint);
    }
}

#[test]
fn a_key_in_the_file_is_refused_and_not_repeated() {
    for text in [
        "api_key = \"gai_MARKED\"",
        "api_key_file = \"gai_MARKED\"",
        "rate = \"gai_MARKED\"",
        "tz = gai_MARKED",
        "[profiles.gai_MARKED]\nx = 1",
        "[profiles]\ngai_MARKED = 1",
        "gai_MARKED = 1",
    ] {
        with_config(text)
            .rhai(&[], ASK)
            .exits(2)
            .never_says("MARKED");
    }
    with_config("api_key = \"gai_MARKED\"")
        .rhai(&[], ASK)
        .says("config.toml:1: an API key does not belong in this file")
        .says("api_key_command");
}

#[test]
fn an_unknown_profile_gets_a_suggestion() {
    with_config("[profiles.staging]\n[profiles.production]\n")
        .rhai(&["--profile", "stagin"], ASK)
        .exits(2)
        .says("has no profile `stagin`")
        .says("did you mean `staging`?");
    Project::new()
        .rhai(&["--profile", "any"], ASK)
        .exits(2)
        .says("as `[profiles.NAME]`");
}

#[test]
fn follow_up_commands_name_the_profile() {
    let stub = Stub::start(default_reply);
    let text = format!(
        "[profiles.other]\napi_url = \"{}\"\napi_key_file = \"other.key\"\nassessment = \"Stub Assessment\"\n",
        stub.url()
    );
    let project = with_config(&text).file("../home/other.key", "gai_other");
    project
        .rhai(
            &["--profile", "other", "--dry-run"],
            "invite_all([\"a@example.com\"]);",
        )
        .succeeds()
        .says("`gradient-bulk send --profile other 1`");
    project
        .run(&["send", "--profile", "other", "--yes", "1"])
        .succeeds();
    assert_eq!(stub.invited_emails(), ["a@example.com"]);
    assert_eq!(last_key(&stub), "gai_other");
}

#[test]
fn options_override_the_environment() {
    let stub = Stub::start(default_reply);
    Project::new()
        .env("GRADIENT_API_URL", "http://127.0.0.1:9")
        .env("GRADIENT_API_KEY", "gai_one")
        .file("key.txt", "gai_from_file\n")
        .rhai(
            &["--api-url", &stub.url(), "--api-key-file", "key.txt"],
            "list_assessments();",
        )
        .succeeds();
    assert_eq!(
        stub.requests()[0].header("authorization"),
        "Bearer gai_from_file"
    );
}

#[test]
fn the_sandbox_ignores_a_configured_key_and_address() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rehearse("print(invite(\"jane@example.com\", \"Jane\").outcome);")
        .succeeds()
        .prints("created\n");
    assert!(stub.requests().is_empty());
}

/// A project that keeps its files in the platform's directories.
#[cfg(target_os = "linux")]
fn without_own_home() -> Project {
    Project::new().env("GRADIENT_BULK_HOME", "")
}

#[cfg(target_os = "linux")]
#[test]
fn without_gradient_bulk_home_files_are_in_platform_directories() {
    let wrong = "rat = 1";
    without_own_home()
        .file("../.config/gradient-bulk/config.toml", wrong)
        .rhai(&[], ASK)
        .exits(2)
        .says("/.config/gradient-bulk/config.toml:1: ");
    let project = without_own_home().file("conf/gradient-bulk/config.toml", wrong);
    let there = project.path().join("conf").display().to_string();
    project
        .env("XDG_CONFIG_HOME", &there)
        .rhai(&[], ASK)
        .exits(2)
        .says("conf/gradient-bulk/config.toml:1: ");

    let invite = "invite_all([\"jane@example.com\"]);";
    let project = without_own_home();
    project.rehearse(invite).succeeds();
    let state = project.path().with_file_name(".local").join("state");
    assert!(state.join("gradient-bulk/ledger.db").exists());
    let project = without_own_home();
    let there = project.path().join("state");
    let project = project.env("XDG_STATE_HOME", &there.display().to_string());
    project.rehearse(invite).succeeds();
    assert!(there.join("gradient-bulk/ledger.db").exists());
}

#[cfg(unix)]
#[test]
fn a_path_in_the_file_may_start_with_a_tilde() {
    let stub = Stub::start(default_reply);
    let url = stub.url();
    with_config(&format!(
        "api_url = \"{url}\"\napi_key_file = \"~/keys/one\"\n"
    ))
    .file("../keys/one", "gai_at_home")
    .rhai(&[], ASK)
    .succeeds();
    assert_eq!(last_key(&stub), "gai_at_home");
}
