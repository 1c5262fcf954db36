//! Arguments of scripts: found in `arg` calls, explained by `--help`, checked before the script runs.

use crate::support::{Project, Ran};

const SCRIPT: &str = r#"//! Invites the people in a file.
//!
//! A second paragraph.

let file = arg("file", "The file to read");
let days = arg("days", "Days to finish", 5);
let share = arg("share", "Share of people", 0.5);
let team = arg("team_name", "Whom to take", "all");
let out = arg("out", "Where to write", ());
let dry = arg("dry", "Only look", false);
let mail = arg("mail", "Send mail", true);
let more = arg("more", "More files", []);
print([file, days, share, team, out, dry, mail, more]);
"#;

/// Runs the script above with these arguments.
fn run_with(arguments: &[&str]) -> Ran {
    Project::new()
        .file("people.rhai", SCRIPT)
        .run(&[&["run", "people.rhai"], arguments].concat())
}

/// Runs a script that misuses `arg`.
fn run_script(script: &str) -> Ran {
    Project::new().rhai(&[], script).exits(1).prints("")
}

#[test]
fn arguments_have_defaults() {
    run_with(&["a.csv"])
        .succeeds()
        .prints("[\"a.csv\", 5, 0.5, \"all\", (), false, true, []]\n");
}

#[test]
fn arguments_are_typed_by_their_defaults() {
    run_with(&[
        "a.csv",
        "--days",
        "-3",
        "--share=1",
        "--team-name",
        "design",
        "--out",
        "o.csv",
        "--dry",
        "--no-mail",
        "b.csv",
        "c.csv",
    ])
    .succeeds()
    .prints("[\"a.csv\", -3, 1.0, \"design\", \"o.csv\", true, false, [\"b.csv\", \"c.csv\"]]\n");
}

#[test]
fn options_may_come_before_positional_arguments() {
    run_with(&["--days", "7", "a.csv"])
        .succeeds()
        .shows("[\"a.csv\", 7,");
}

#[test]
fn an_underscore_is_a_hyphen_on_the_command_line() {
    for option in ["--team-name", "--team_name"] {
        run_with(&["a.csv", option, "x"]).succeeds().shows("\"x\"");
    }
}

#[test]
fn arguments_after_two_hyphens_are_positional() {
    run_with(&["--", "--days", "b.csv"])
        .succeeds()
        .shows("[\"--days\", 5,")
        .shows("[\"b.csv\"]");
}

#[test]
fn help_explains_the_script() {
    let ran = run_with(&["--help"])
        .succeeds()
        .shows("Invites the people in a file.")
        .shows("A second paragraph.")
        .shows("Usage: gradient-bulk run people.rhai [OPTIONS] <FILE> [MORE]...")
        .shows("The file to read")
        .shows("--days <DAYS>")
        .shows("Days to finish [default: 5]")
        .shows("--team-name <TEAM-NAME>")
        .shows("--no-mail")
        .reports("");
    assert!(!ran.stdout.contains("[default: ]"), "{ran}");
    run_with(&["-h"]).succeeds().shows("Days to finish");
}

#[test]
fn help_of_a_shipped_script_needs_no_file() {
    Project::new()
        .run(&["run", "invite_deadlines", "--help"])
        .succeeds()
        .shows("Invites everyone in a CSV file, each with a deadline of their own.")
        .shows("Usage: gradient-bulk run invite_deadlines [OPTIONS] <FILE>")
        .shows("--days <DAYS>");
}

#[test]
fn a_missing_argument_is_named() {
    run_with(&[])
        .exits(2)
        .says("required arguments were not provided")
        .says("<FILE>")
        .says("Usage: ");
}

#[test]
fn an_unknown_option_gets_a_suggestion() {
    run_with(&["a.csv", "--dayz", "7"])
        .exits(2)
        .says("unexpected argument '--dayz' found")
        .says("a similar argument exists: '--days'");
}

#[test]
fn a_value_of_a_wrong_type_is_rejected() {
    run_with(&["a.csv", "--days", "many"])
        .exits(2)
        .says("invalid value 'many' for '--days <DAYS>'");
    run_with(&["a.csv", "--share", "half"])
        .exits(2)
        .says("invalid value 'half' for '--share <SHARE>'");
    run_with(&["a.csv", "--days"])
        .exits(2)
        .says("a value is required for '--days <DAYS>'");
}

#[test]
fn too_many_arguments_are_rejected() {
    Project::new().rhai(&[], "").succeeds();
    Project::new()
        .file("none.rhai", "print(1);")
        .run(&["run", "none.rhai", "surplus"])
        .exits(2)
        .prints("")
        .says("unexpected argument 'surplus' found");
}

#[test]
fn options_of_the_program_come_before_the_script() {
    for (option, shown) in [
        ("--sandbox", "--sandbox"),
        ("--yes", "--yes"),
        ("--tz=UTC", "--tz"),
    ] {
        run_with(&["a.csv", option])
            .exits(2)
            .prints("")
            .says(&format!("put `{shown}"))
            .says("before the script");
    }
}

#[test]
fn nothing_is_sent_with_wrong_arguments() {
    let project = Project::new().file("people.csv", "name,email\nJane,jane@example.com\n");
    project
        .run(&["run", "--sandbox", "invite_csv", "people.csv", "--otu", "x"])
        .exits(2);
    project
        .rehearse("print(list_sessions().len());")
        .prints("0\n");
}

#[test]
fn names_of_the_programs_options_are_reserved() {
    for name in ["sandbox", "yes", "api_url", "assessment", "help", "json"] {
        let option = name.replace('_', "-");
        run_script(&format!("print(1);\nlet x = arg(\"{name}\", \"x\", 1);"))
            .says(&format!(
                "error: `--{option}` is an option of gradient-bulk itself"
            ))
            .says("--> script.rhai:2:9");
    }
}

#[test]
fn arg_must_be_called_at_the_top_level() {
    for script in [
        "print(1);\nfn f() { arg(\"x\", \"x\") }",
        "print(1);\nif 1 > 2 { arg(\"x\", \"x\"); }",
        "print(1);\nfor i in 0..2 { arg(\"x\", \"x\"); }",
        "print(1);\nwhile false { arg(\"x\", \"x\"); }",
        "print(1);\nlet f = || arg(\"x\", \"x\");",
        "print(1);\nlet y = if true { arg(\"x\", \"x\") } else { 1 };",
        "print(1);\nlet y = true && arg(\"x\", \"x\", false);",
        "print(1);\ntry { arg(\"x\", \"x\") } catch {}",
        "print(1);\nswitch 1 { 1 => arg(\"x\", \"x\") }",
        "print(1);\n{ arg(\"x\", \"x\"); }",
    ] {
        run_script(script)
            .says("error: `arg` may only be called at the top level")
            .says("--> script.rhai:2:");
    }
}

#[test]
fn arg_may_be_called_in_an_expression_that_always_runs() {
    Project::new()
        .file(
            "a.rhai",
            "print(arg(\"one\", \"x\").to_upper() + [arg(\"two\", \"y\", 1) + 1][0]);",
        )
        .run(&["run", "a.rhai", "jane", "--two", "5"])
        .succeeds()
        .prints("JANE6\n");
}

#[test]
fn arguments_of_arg_must_be_literals() {
    for call in [
        "arg(name, \"x\")",
        "arg(\"x\", \"a\" + \"b\")",
        "arg(\"x\", \"x\", 1 + 1)",
        "arg(\"x\")",
        "arg(\"x\", \"x\", [1])",
        "arg(\"x\", \"x\", #{})",
    ] {
        run_script(&format!("let name = \"x\";\nlet y = {call};"))
            .says("error: `arg` takes literals")
            .says("--> script.rhai:2:9");
    }
}

#[test]
fn a_negative_default_is_a_literal() {
    Project::new()
        .rhai(
            &[],
            "print(arg(\"x\", \"x\", -1));\nprint(arg(\"y\", \"y\", -1.5));",
        )
        .succeeds()
        .prints("-1\n-1.5\n");
}

#[test]
fn argument_names_must_be_unique() {
    run_script("arg(\"x\", \"x\", 1);\narg(\"x\", \"x\", 2);")
        .says("error: the argument `x` is declared twice")
        .says("--> script.rhai:2:1");
}

/// `--no-mail` is the flag of `mail`, and the option of `no_mail`.
#[test]
fn a_flag_that_turns_off_does_not_clash() {
    run_script("arg(\"mail\", \"x\", true);\narg(\"no_mail\", \"x\", 1);")
        .says("--> script.rhai:2:1")
        .never_says("panicked");
}

#[test]
fn no_positional_argument_may_follow_the_rest() {
    run_script("arg(\"rest\", \"x\", []);\narg(\"file\", \"x\");")
        .says("`file` comes after an argument that takes all remaining ones")
        .says("--> script.rhai:2:1");
}

#[test]
fn argument_names_are_lower_case_words() {
    for name in ["Two Words", "-x", "", "x y", "1st", "ümlaut", "UPPER"] {
        run_script(&format!("arg(\"{name}\", \"x\", 1);"))
            .says(&format!("error: `{name}` is not a valid argument name"));
    }
}

#[test]
fn an_imported_script_has_no_arguments() {
    Project::new()
        .file("lib.rhai", "let x = arg(\"x\", \"x\", 1);\nfn f() { 1 }")
        .rhai(&[], "import \"lib\" as lib;")
        .exits(1)
        .says("error: `x` is not an argument of this script")
        .says("lib.rhai:1:9");
}

#[test]
fn help_text_with_braces_and_percent_is_shown_unchanged() {
    Project::new()
        .file(
            "a.rhai",
            "//! {all-args} {usage} %s\narg(\"x\", \"{name} $HOME {bin}\", 1);",
        )
        .run(&["run", "a.rhai", "--help"])
        .succeeds()
        .shows("{all-args} {usage} %s")
        .shows("{name} $HOME {bin}");
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_not_utf_8_is_rejected() {
    Project::new()
        .file("a.rhai", "print(arg(\"file\", \"x\"));")
        .shell("gradient-bulk run a.rhai \"$(printf '\\377')\"")
        .exits(2)
        .says("invalid UTF-8")
        .never_says("panicked");
}
