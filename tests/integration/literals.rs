//! `check` finds literals of a wrong type in arguments and options.

use crate::support::{Project, Ran};

#[track_caller]
fn check(script: &str) -> Ran {
    let project = Project::new().file("script.rhai", script);
    project.run(&["check", "script.rhai"])
}

#[test]
fn an_argument_of_a_wrong_type_is_found_before_the_script_runs() {
    check("let due = now().plus_days(\"5\");\nprint(due);\n")
        .exits(1)
        .shows(
            "error: `plus_days` takes `int` for `days`, not `string`
 --> script.rhai:1:27
  |
1 | let due = now().plus_days(\"5\");
  |                           ^^^
  |
  = hint: write the number without quotes: `5`\n",
        );
    check("let rows = read_csv(5);\nprint(rows);\n")
        .exits(1)
        .shows("error: `read_csv` takes `string` for `path`, not `int`");
    check("sleep(\"soon\");\n")
        .exits(1)
        .shows("error: `sleep` takes `float` or `int` for `seconds`, not `string`");
}

#[test]
fn an_option_of_a_wrong_type_is_found_before_the_script_runs() {
    check("print(invite_all([#{ email: \"jane@example.com\", send_email: \"no\" }]));\n")
        .exits(1)
        .shows("error: `send_email` must be `true` or `false`, not `string`")
        .shows("hint: write `send_email: false`, without quotes");
    check("print(invite_all([1], |n| #{ email: n, name: 5, due_date: 5 }));\n")
        .exits(1)
        .shows("error: `name` must be a string, not `int`")
        .shows("error: `due_date` must be a DateTime or a string, not `int`");
    check("print(read_csv(\"a.csv\", #{ trim: 1, columns: \"email\", aliases: [] }));\n")
        .exits(1)
        .shows("error: `trim` must be `true` or `false`, not `int`")
        .shows("error: `columns` must be an array of strings, not `string`")
        .shows("error: `aliases` must be a map of strings or arrays of strings, not `array`");
}

/// `run` rejects a script with an error of the linter, so the linter must be certain.
#[test]
fn code_that_may_be_right_is_accepted() {
    for script in [
        "print(now().plus_days(parse_int(\"5\")));",
        "sleep(0); sleep(0.0); let a = \"a\"; a.pad(5, \" \"); print(a); print([1].contains(\"a\"));",
        "fn plus_days(n) { n } print(plus_days(\"5\"));",
        "let o = #{ plus_days: |n| n }; print(o.plus_days(\"5\"));",
        "assert_throws(|| now().plus_days(\"5\"));",
        "print(invite_all([#{ email: \"j@x.com\", name: (), send_email: (), due_date: now() }]));",
        "print(read_xlsx(\"a.xlsx\", #{ sheet: 2 })); print(read_csv(\"a.csv\", #{ delimiter: ';' }));",
    ] {
        check(script).succeeds();
    }
    check("try { print(now().plus_days(\"5\")); } catch (problem) { print(problem); }")
        .shows("warning: `plus_days` takes `int`");
}

#[test]
fn an_unknown_key_or_property_gets_a_suggestion() {
    let cases = [
        (
            "invite_all([]).crated",
            "unknown property `crated` of type `Outcome`",
            "created",
        ),
        (
            "invite(\"j@x.com\", \"J D\").invite_ulr",
            "the result has no key `invite_ulr`",
            "invite_url",
        ),
        ("#{ days: 5 }.dayz", "the map has no key `dayz`", "days"),
    ];
    for (expression, message, likely) in cases {
        Project::new()
            .rehearse(&format!("print({expression});"))
            .exits(1)
            .says(&format!("error: {message}"))
            .says(&format!("hint: did you mean `{likely}`?"));
    }
    Project::new()
        .file(
            "test.rhai",
            "fn test_it() { print(run_script(\"invite_list\", [\"j@x.com\"]).resuts); }",
        )
        .run(&["test", "test.rhai"])
        .exits(1)
        .shows("error: the map has no key `resuts`")
        .shows("hint: did you mean `results`?");
}
