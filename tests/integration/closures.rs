//! A closure sees the functions, constants and imports of the script that it is written in, not those of its caller.

use crate::support::Project;

/// Two scripts that define what the main script defines, too.
fn project() -> Project {
    Project::new()
        .file(
            "lib/a.rhai",
            r#"import "b" as b;
const DAYS = 1;
fn name() { "a" }
private fn hidden() { "hidden a" }
fn apply(f, x) { f.call(x) }
fn all(list, f) { list.map(f) }
fn ordered(list, f) { list.sort(f); list }
fn make() { |x| `${name()} ${global::DAYS} ${hidden()} ${x}` }
fn collect() { let y = 7; #{ f: |x| `${name()} ${x + y}`, list: [|x| name() + x] } }
fn nested(f, x) { b::apply(f, x) }
fn own_nested(x) { b::apply(|y| `${name()} ${global::DAYS} ${y}`, x) }
fn own(x) { [x].map(|y| `${name()} ${global::DAYS} ${y}`)[0] }
fn of_b(x) { b::make().call(x) }
fn invite_team(rows, rule) { invite_all(rows, rule) }
export const RULE = |x| `${name()} ${global::DAYS} ${x}`;
"#,
        )
        .file(
            "lib/b.rhai",
            "const DAYS = 2;\nfn name() { \"b\" }\nfn apply(f, x) { f.call(x) }\n\
             fn make() { |x| `${name()} ${global::DAYS} ${x}` }\n",
        )
}

const MAIN: &str = r#"import "lib/a" as a;
import "lib/b" as b;
const DAYS = 30;
fn name() { "main" }
private fn hidden() { "hidden main" }
fn full(x) { `${name()} ${global::DAYS} ${x}` }
let f = |x| `${name()} ${global::DAYS} ${hidden()} ${x}`;
let k = 5;
"#;

/// Runs `print(expression)` in the main script.
#[track_caller]
fn prints(expression: &str, expected: &str) {
    project()
        .rhai(&[], &format!("{MAIN}print({expression});\n"))
        .succeeds()
        .prints(&format!("{expected}\n"));
}

#[test]
fn a_closure_that_a_module_calls_sees_its_own_script() {
    prints("a::apply(f, 1)", "main 30 hidden main 1");
    prints("a::all([1], f)", "[\"main 30 hidden main 1\"]");
    prints(
        "a::all([1, 2], |x| `${name()} ${global::DAYS} ${k + x}`)",
        "[\"main 30 6\", \"main 30 7\"]",
    );
    prints("a::nested(f, 1)", "main 30 hidden main 1");
    prints("a::apply(#{ f: f }.f, 1)", "main 30 hidden main 1");
    prints("a::apply([f][0], 1)", "main 30 hidden main 1");
    prints(
        "a::apply((|x, y| `${name()} ${x} ${y}`).curry(3), 1)",
        "main 3 1",
    );
    prints(
        "a::ordered([3, 1, 2], |x, y| if name() == \"main\" { x - y } else { y - x })",
        "[1, 2, 3]",
    );
    prints(
        "[5].map(|x| a::apply(|y| `${name()} ${x} ${y}`, 1))",
        "[\"main 5 1\"]",
    );
}

#[test]
fn a_function_that_is_passed_by_its_name_sees_its_own_script() {
    prints("a::all([1], full)", "[\"main 30 1\"]");
    prints("a::apply(Fn(\"full\"), 1)", "main 30 1");
}

#[test]
fn a_closure_of_a_module_sees_the_module() {
    prints("a::make().call(1)", "a 1 hidden a 1");
    prints("a::collect().f.call(1)", "a 8");
    prints("a::collect().list[0].call(1)", "a1");
    prints("a::RULE.call(1)", "a 1 1");
    prints("a::own(1)", "a 1 1");
    prints("a::own_nested(1)", "a 1 1");
    prints("a::of_b(1)", "b 2 1");
    prints("b::apply(a::make(), 1)", "a 1 hidden a 1");
    prints("[1].map(a::make())", "[\"a 1 hidden a 1\"]");
}

#[test]
fn this_is_still_what_a_method_is_called_on() {
    let script = format!(
        "{MAIN}let m = #{{ n: 1, add: || {{ this.n += k; name() }} }};\nprint(m.add() + m.n);\n"
    );
    project().rhai(&[], &script).succeeds().prints("main6\n");
}

#[test]
fn a_module_invites_by_the_rule_of_the_script() {
    let script = r#"import "lib/a" as a;
const DAYS = 30;
fn deadline() { today("UTC").plus_days(global::DAYS).end_of_day() }
print(a::invite_team(["jane@example.com"], |email| #{ email: email, due_date: deadline() }));
"#;
    let arguments = [
        "--sandbox",
        "--now",
        "2030-01-01T00:00:00Z",
        "--tz",
        "UTC",
        "--dry-run",
    ];
    project()
        .rhai(&arguments, script)
        .succeeds()
        .says("due Thu 2030-01-31 23:59:59 UTC");
}

#[test]
fn the_prompt_and_tests_do_the_same() {
    project()
        .run(&[
            "repl",
            "--sandbox",
            "-e",
            "import \"lib/a\" as a; fn name() { \"main\" } a::apply(|x| name(), 1)",
        ])
        .succeeds()
        .prints("main\n");
    project_with_test().run(&["test", "tests.rhai"]).succeeds();
}

fn project_with_test() -> Project {
    project().file(
        "tests.rhai",
        format!("{MAIN}fn test_rule() {{ assert_eq(a::apply(|x| full(x), 1), \"main 30 1\"); }}\n"),
    )
}

#[test]
fn a_wrong_number_of_arguments_is_an_error_wherever_the_closure_is_from() {
    project()
        .rhai(&[], &format!("{MAIN}a::make().call(1, 2);\n"))
        .exits(1)
        .says("error: wrong number of arguments for the closure")
        .never_says("anon$");
}

#[test]
fn a_script_calls_its_own_function_however_often_another_was_called() {
    let script = format!(
        "{MAIN}let mine = |x| `${{name()}} ${{x}}`;\nfor round in 0..2 {{\n    \
         print([name(), name(), name()]);\n    print([a::own(1), a::own(2), a::of_b(3)]);\n    \
         print([a::apply(mine, 1), a::apply(mine, 2), b::apply(full, 3)]);\n}}\n"
    );
    let round = "[\"main\", \"main\", \"main\"]\n[\"a 1 1\", \"a 1 2\", \"b 2 3\"]\n\
                 [\"main 1\", \"main 2\", \"main 30 3\"]\n";
    let expected = round.repeat(2);
    project().rhai(&[], &script).succeeds().prints(&expected);
}

#[test]
fn a_function_with_the_name_of_a_native_one_is_seen_by_its_own_script_only() {
    let module = "fn trimmed(text) { \"own \" + text }\n\
                  fn all(text) { [trimmed(text), trimmed(text), trimmed(text)] }\n";
    let script = "import \"lib/t\" as t;\nfor round in 0..2 {\n    \
                  print([trimmed(\" a \"), trimmed(\" a \"), trimmed(\" a \")]);\n    print(t::all(\"b\"));\n}\n";
    let expected = "[\"a\", \"a\", \"a\"]\n[\"own b\", \"own b\", \"own b\"]\n".repeat(2);
    Project::new()
        .file("lib/t.rhai", module)
        .rhai(&[], script)
        .succeeds()
        .prints(&expected);
}

#[test]
fn a_closure_in_a_closure_of_a_module_sees_the_module() {
    let module = "import \"b\" as b;\nconst DAYS = 3;\nfn name() { \"c\" }\n\
                  fn make() { |x| b::apply(|y| `${name()} ${global::DAYS} ${y}`, x) }\n";
    project()
        .file("lib/c.rhai", module)
        .rhai(
            &[],
            "import \"lib/c\" as c;\nprint(c::make().call(1));\nprint([1, 2].map(c::make()));\n",
        )
        .succeeds()
        .prints("c 3 1\n[\"c 3 1\", \"c 3 2\"]\n");
}
