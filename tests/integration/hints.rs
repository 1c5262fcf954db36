//! Hints never lead to something else than was meant, and messages use the words of scripts.

use gradient_bulk::internals::script::{Function, functions, rhai_functions};

use crate::support::Project;

/// `check` and `run` show this hint.
#[track_caller]
fn hints(script: &str, hint: &str) {
    let project = Project::new()
        .file("lib/rules.rhai", "fn days() { 5 }\n")
        .file("script.rhai", script);
    let hint = format!("= hint: {hint}\n");
    project.run(&["check", "script.rhai"]).exits(1).shows(&hint);
    project.rehearse(script).exits(1).says(&hint);
}

/// Only a run shows this hint.
#[track_caller]
fn hints_at_run_time(script: &str, hint: &str) {
    Project::new()
        .rhai(&[], script)
        .exits(1)
        .says(&format!("= hint: {hint}\n"));
}

#[test]
fn what_was_typed_leads_to_what_was_meant() {
    for (script, hint) in [
        (
            "import \"lib/rules\" as rules;\nprint(rules.days());",
            "`rules` is an imported script: write `rules::days`",
        ),
        (
            "for k in #{ a: 1 } { print(k); }",
            "write `for key in map.keys() { … }`",
        ),
        ("print(int(\"5\"));", "write `parse_int(text)`"),
        (
            "let m = #{ new: 1 };",
            "quote a key that is a reserved word: `\"new\": …`",
        ),
        (
            "let m = #{ a: 1, case: 2 };",
            "quote a key that is a reserved word: `\"case\": …`",
        ),
        (
            "let f = (x) => x + 1;",
            "write an anonymous function as `|x| x + 1`",
        ),
        (
            "let f = (a, b) => a + b;",
            "write an anonymous function as `|x| x + 1`",
        ),
        (
            "let [a, b] = [1, 2];",
            "take the parts one by one: `let a = list[0]; let b = list[1];`, or of a map, `let a = map.a;`",
        ),
        (
            "fn f(x) { x.push_back(1); x } print(f([]));",
            "write `list.push(entry)`",
        ),
        ("fn f(x) { x.length() } print(f([]));", "write `x.len()`"),
    ] {
        hints(script, hint);
    }
}

#[test]
fn a_name_that_means_something_else_is_not_suggested() {
    let nothing = "`gradient-bulk docs` lists what scripts can call";
    hints("print(today().plus_quarters(1));", nothing);
    for name in ["plus_dayz", "plus_day"] {
        hints(
            &format!("print(today().{name}(1));"),
            "did you mean `plus_days`?",
        );
    }
}

#[test]
fn errors_at_run_time_have_the_same_hints() {
    hints_at_run_time(
        "fn f(m) { for k in m { print(k); } }\nf(#{ a: 1 });",
        "over a map, write `for key in map.keys() { … }`; to count, write `for i in 0..3 { … }`",
    );
    hints_at_run_time(
        "print([1, 2, 3][0..2]);",
        "a part of a list is `list.extract(0..2)`",
    );
    hints_at_run_time(
        "fn f(m, k) { m[k] += 1; m }\nprint(f(#{}, \"a\"));",
        "a value is missing: write `x ?? 0` for a default, as in `map[key] = (map.get(key) ?? 0) + 1`",
    );
    hints_at_run_time("fn f(x) { x.length }\nprint(f(\"a\"));", "write `x.len()`");
}

#[test]
fn the_prompt_knows_its_imports() {
    Project::new()
        .file("lib/rules.rhai", "fn days() { 5 }\n")
        .run(&[
            "repl",
            "--sandbox",
            "-e",
            "import \"lib/rules\" as rules",
            "-e",
            "rules.days()",
        ])
        .exits(1)
        .says("= hint: `rules` is an imported script: write `rules::days`");
}

#[test]
fn an_intention_that_is_not_a_command_gets_what_there_is_for_it() {
    for (command, hint) in [
        ("invite", "gradient-bulk run invite_csv people.csv"),
        ("cancel", "gradient-bulk runs RUN --discard"),
        ("resend", "gradient-bulk send RUN"),
        ("login", "gradient-bulk doctor"),
    ] {
        Project::new().run(&[command]).exits(2).says(hint);
    }
}

/// The names of Rust types, and words of its libraries.
const RUST_WORDS: [&str; 16] = [
    "i64",
    "f64",
    "u64",
    "usize",
    "Range<",
    "RangeInclusive",
    "&str",
    "core::",
    "alloc::",
    "rhai::",
    "std::",
    "ImmutableString",
    "FnPtr",
    "Dynamic",
    "EvalAltResult",
    "invalid type",
];

/// Values that do not fit most parameters.
const UNFIT: [&str; 8] = [
    "()",
    "5",
    "\"x\"",
    "[1]",
    "#{ a: 1 }",
    "0..2",
    "today()",
    "|a, b, c| a",
];

/// Functions that end or delay a script.
const ENDING: [&str; 4] = ["exit", "eval", "sleep", "pass_time"];

/// A test that calls a function with values that do not fit.
fn misuse(function: &Function, number: usize) -> String {
    let name = &function.name;
    let count = function.parameters.len();
    let parameters: Vec<String> = (0..count).map(|at| format!("p{at}")).collect();
    let parameters = parameters.join(", ");
    let values = vec![UNFIT[number % UNFIT.len()]; count].join(", ");
    format!(
        "fn misuse({parameters}) {{ {name}({parameters}) }}\nfn test_misuse() {{ misuse({values}); }}\n"
    )
}

#[test]
fn no_function_shows_the_name_of_a_rust_type() {
    let known: Vec<Function> = functions().into_iter().chain(rhai_functions()).collect();
    let mut messages = 0;
    for (part, functions) in known.chunks(40).enumerate() {
        let mut project = Project::new();
        for (at, function) in functions.iter().enumerate() {
            let is_word = function.name.starts_with(|c: char| c.is_alphabetic());
            if is_word && !ENDING.contains(&function.name.as_str()) {
                let script = misuse(function, part + at);
                project = project.file(&format!("misuse/{at}.rhai"), script);
            }
        }
        let ran = project.run(&["test", "misuse"]);
        for line in ran.stdout.lines().filter(|line| line.starts_with("error")) {
            messages += 1;
            let rust = RUST_WORDS.iter().find(|word| line.contains(**word));
            assert_eq!(rust, None, "{line}");
        }
    }
    assert!(messages > known.len() / 3, "{messages} messages");
}
