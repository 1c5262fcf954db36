//! What `check` reports without running a script, what it accepts, and what `run` therefore refuses.

use gradient_bulk::internals::script::functions;
use serde_json::json;

use crate::documents;
use crate::stub::{Stub, default_reply};
use crate::support::{Project, Ran};

fn check(script: &str) -> Ran {
    Project::new()
        .file("script.rhai", script)
        .run(&["check", "script.rhai"])
}

/// `check` finds nothing.
#[track_caller]
fn passes(script: &str) {
    let ran = check(script).succeeds().reports("no mistakes found\n");
    assert_eq!(ran.stdout, "", "{script}");
}

/// `check` finds nothing, and the script runs.
#[track_caller]
fn runs(script: &str) {
    passes(script);
    Project::new().rehearse(script).succeeds();
}

/// `check` finds this error and nothing else.
#[track_caller]
fn fails(script: &str, error: &str) {
    check(script)
        .exits(1)
        .prints(&format!("error: {error}\n"))
        .reports("1 error\n");
}

/// `check` finds this warning and nothing else.
#[track_caller]
fn warns(script: &str, warning: &str) {
    check(script)
        .succeeds()
        .prints(&format!("warning: {warning}\n"));
}

#[test]
fn an_unknown_function_gets_a_suggestion() {
    fails(
        "let rows = [];\nprint(read_cvs(\"people.csv\", rows));\n",
        "unknown function `read_cvs(string, rows)`
 --> script.rhai:2:7
  |
2 | print(read_cvs(\"people.csv\", rows));
  |       ^^^^^^^^
  |
  = hint: did you mean `read_csv`?\n",
    );
}

#[test]
fn a_wrong_number_of_arguments_shows_the_overloads() {
    fails(
        "let due = today();\nprint(due.plus_days());\n",
        "no function takes `due.plus_days()`
 --> script.rhai:2:11
  |
2 | print(due.plus_days());
  |           ^^^^^^^^^
  |
  = hint: available: `plus_days(time, days)`\n",
    );
}

#[test]
fn an_unknown_method_in_a_chain_is_found() {
    fails(
        "let rows = [today()];\nprint(rows[0].plus_days(1).end_of_dy().year);\n",
        "unknown function `.end_of_dy()`
 --> script.rhai:2:28
  |
2 | print(rows[0].plus_days(1).end_of_dy().year);
  |                            ^^^^^^^^^
  |
  = hint: did you mean `end_of_day`?\n",
    );
}

#[test]
fn a_closure_in_a_variable_is_called_with_call() {
    check("let twice = |n| n * 2;\nprint(twice(4));\n")
        .exits(1)
        .shows("unknown function `twice(int)`")
        .shows("`twice` is a variable: call a closure in it with `twice.call(…)`");
}

#[test]
fn a_function_of_the_script_is_not_a_method() {
    let script = "fn longer(due, days) { due.plus_days(days) }\nprint(today().longer(3));\n";
    check(script)
        .exits(1)
        .shows("no function takes `.longer(int)`")
        .shows("hint: functions of a script are not methods: write `longer(…)`");
}

#[test]
fn the_number_of_arguments_of_own_functions_is_checked() {
    check("fn due(days) { today().plus_days(days) }\nprint(due(1, 2));\n")
        .exits(1)
        .shows("no function takes `due(int, int)`")
        .shows("hint: available: `due(days)`");
}

#[test]
fn a_syntax_error_is_the_only_finding() {
    check("let a = (1;\nread_cvs(\"x\");\n")
        .exits(1)
        .shows("script.rhai:1:11")
        .never_says("read_cvs");
}

#[test]
fn every_unknown_variable_is_found() {
    check("let days = 5;\nprint(dayz);\nlet f = |x| x + dasy;\nprint(f.call(1) + zone);\n")
        .exits(1)
        .shows(
            "error: unknown variable `dayz`
 --> script.rhai:2:7
  |
2 | print(dayz);
  |       ^^^^
  |
  = hint: did you mean `days`?\n",
        )
        .shows("unknown variable `dasy`\n --> script.rhai:3:17")
        .shows("unknown variable `zone`\n --> script.rhai:4:19")
        .says("3 errors, 1 warning");
}

#[test]
fn a_function_does_not_see_variables_outside_it() {
    fails(
        "let days = 5;\nfn due() { today().plus_days(days) }\nprint(due());\n",
        "unknown variable `days`
 --> script.rhai:2:30
  |
2 | fn due() { today().plus_days(days) }
  |                              ^^^^
  |
  = hint: a function `fn` cannot see variables outside it: pass `days` as an argument, or use a closure (`let f = |x| …`)\n",
    );
    check("const DAYS = 5;\nfn due() { today().plus_days(DAYS) }\nprint(due());\n")
        .exits(1)
        .shows("in a function `fn`, write `global::DAYS` for a constant outside it");
}

#[test]
fn an_unknown_key_of_a_literal_request_is_found_everywhere() {
    for script in [
        "invite(#{ email: \"a@b.com\", \"nmae\": \"A\" });",
        "invite_all([#{ email: \"a@b.com\" }, #{ email: \"c@d.com\", nmae: \"C\" }]);",
        "invite_all([1], |n| #{ email: \"a@b.com\", nmae: \"A\" });",
        "invite_all([1], |n| { let x = n; print(x); #{ email: \"a@b.com\", nmae: \"A\" } });",
        "invite_all([1], |n| { if n == 1 { return #{ email: \"a@b.com\", nmae: \"A\" }; } \"c@d.com\" });",
        "invite_all([1], |n| if n == 1 { #{ email: \"a@b.com\", nmae: \"A\" } } else { skip(\"no\") });",
        "invite_all([1], |n| switch n { 1 => #{ email: \"a@b.com\", nmae: \"A\" }, _ => skip(\"no\") });",
        "[1].invite_all(|n| #{ email: \"a@b.com\", nmae: \"A\" });",
    ] {
        let column = script.find("nmae").unwrap() + 1 - usize::from(script.contains("\"nmae\""));
        check(script)
            .exits(1)
            .shows("error: a request has no key `nmae`\n")
            .shows(&format!("--> script.rhai:1:{column}\n"))
            .shows("hint: did you mean `name`?")
            .reports("1 error\n");
    }
}

#[test]
fn a_quoted_key_is_marked_with_its_quotes() {
    fails(
        "invite(#{ email: \"a@b.com\", \"nmae\": \"A\" });\n",
        "a request has no key `nmae`
 --> script.rhai:1:29
  |
1 | invite(#{ email: \"a@b.com\", \"nmae\": \"A\" });
  |                             ^^^^^^
  |
  = hint: did you mean `name`?\n",
    );
}

#[test]
fn a_request_without_an_address_is_found() {
    fails(
        "invite_all([1], |n| #{ name: `Nr. ${n}` });\n",
        "the request has no `email`
 --> script.rhai:1:21
  |
1 | invite_all([1], |n| #{ name: `Nr. ${n}` });
  |                     ^
  |
  = hint: a request is `#{ email: …, name: … }`\n",
    );
}

#[test]
fn an_unknown_option_is_found() {
    for (call, option, hint) in [
        (
            "read_csv(\"x.csv\", #{ allow_emtpy: true })",
            "allow_emtpy",
            "did you mean `allow_empty`?",
        ),
        (
            "list_sessions(#{ state: \"scored\" })",
            "state",
            "did you mean `status`?",
        ),
        ("\"x.csv\".scan_csv(#{ sep: \";\" })", "sep", "known: `"),
    ] {
        check(&format!("print({call});"))
            .exits(1)
            .shows(&format!("error: there is no option `{option}`\n"))
            .shows(hint)
            .reports("1 error\n");
    }
}

#[test]
fn every_misuse_of_arg_is_found() {
    check(
        "let a = arg(\"Name\", \"Upper case\");
let b = arg(\"yes\", \"An option of run\", false);
let c = arg(\"file\" + \"s\", \"Not literal\");
print(`${a} ${b} ${c}`);
fn d() { arg(\"late\", \"In a function\") }
print(d());\n",
    )
    .exits(1)
    .shows("error: `Name` is not a valid argument name\n --> script.rhai:1:9\n")
    .shows("error: `--yes` is an option of gradient-bulk itself\n --> script.rhai:2:9\n")
    .shows("error: `arg` takes literals: a name, a help text and perhaps a default\n --> script.rhai:3:9\n")
    .shows("error: `arg` may only be called at the top level\n --> script.rhai:5:10\n")
    .reports("4 errors\n");
}

#[test]
fn inviting_in_a_loop_is_a_warning() {
    warns(
        "for row in read_csv(\"people.csv\") {\n    invite(row.email, row.name);\n}\n",
        "`invite` in a loop sends one by one and asks each time
 --> script.rhai:2:5
  |
2 |     invite(row.email, row.name);
  |     ^^^^^^
  |
  = hint: `invite_all(rows, |row| …)` checks all rows before it sends the first, and asks once\n",
    );
    for script in [
        "let sent = [\"a@b.com\"].map(|each| invite(#{ email: each }));\nprint(sent);",
        "[\"a@b.com\"].for_each(|| { if true { invite(this, \"\"); } });",
        "let n = 0;\nwhile n < 3 { n += 1; invite(`a${n}@b.com`, \"\"); }",
    ] {
        check(script)
            .succeeds()
            .shows("warning: `invite` in a loop sends one by one")
            .reports("1 warning\n");
    }
    passes("let sent = invite(\"a@b.com\", \"A\");\nprint(sent);");
}

#[test]
fn inviting_while_planning_is_an_error() {
    check("invite_all([1], |n| invite(`a${n}@b.com`, \"A\"));")
        .exits(1)
        .shows("error: `invite` may not be called while `invite_all` plans\n")
        .shows("script.rhai:1:21");
}

#[test]
fn a_skip_that_is_not_returned_is_an_error() {
    fails(
        "invite_all([\"a@b.com\"], |email| {
    if email == \"a@b.com\" { skip(\"by hand\"); }
    email
});\n",
        "this `skip` has no effect, because it is not returned
 --> script.rhai:2:29
  |
2 |     if email == \"a@b.com\" { skip(\"by hand\"); }
  |                             ^^^^
  |
  = hint: write `return skip(…);`\n",
    );
}

#[test]
fn an_unused_result_is_a_warning() {
    warns(
        "let due = today();\ndue.plus_days(3);\nprint(due);\n",
        "the result of `plus_days` is not used
 --> script.rhai:2:5
  |
2 | due.plus_days(3);
  |     ^^^^^^^^^
  |
  = hint: `due` is not changed; keep the result: `let value = due.plus_days(…);`\n",
    );
    check("let name = \"jane\";\nname.to_upper();\nprint(name);")
        .succeeds()
        .shows("the result of `to_upper` is not used")
        .shows("hint: `make_upper` changes the text itself");
    check("let n = 1;\nn == 2;\nprint(n);")
        .succeeds()
        .shows("warning: the result of `==` is not used\n --> script.rhai:2:3\n")
        .shows("hint: to assign, write a single `=`");
    check("read_csv(\"people.csv\");\nprint(1);")
        .succeeds()
        .shows("the result of `read_csv` is not used");
}

#[test]
fn an_unused_variable_is_a_warning() {
    warns(
        "let days = 5;\nlet _spare = 1;\nfor n in 0..2 { let twice = n; }\n",
        "`days` is never used
 --> script.rhai:1:5
  |
1 | let days = 5;
  |     ^^^^
  |
  = hint: delete it, or rename it to `_days` to keep it

warning: `twice` is never used
 --> script.rhai:3:21
  |
3 | for n in 0..2 { let twice = n; }
  |                     ^^^^^
  |
  = hint: delete it, or rename it to `_twice` to keep it\n",
    );
}

#[test]
fn unreachable_code_is_a_warning() {
    check("fn f(x) {\n    return x;\n    print(\"late\");\n    x\n}\nprint(f(1));\n")
        .succeeds()
        .shows("warning: this is never reached\n --> script.rhai:3:5\n")
        .reports("1 warning\n");
}

/// Uses of functions, closures and maps that the linter must accept.
#[test]
fn correct_scripts_have_no_findings() {
    runs(
        "let greeter = #{ greet: |who| print(who) };
greeter.greet(\"a\");
greeter.part = |who| who;
greeter[\"wave\"] = |who| who;
let made = \"go\" + 1;
greeter[made] = |who| who;
print(greeter.part(1) + greeter.wave(2) + greeter.go1(3));
let add = |a, b| a + b;
print(add.call(1, 2) + call(add, 1, 2));
print(Fn(\"len\").call(\"text\"));
print(add.curry(1).call(2));
let factor = 2;
print([1, 2].map(|n| n * factor).filter(|n| n > 1).reduce(|sum, n| sum + n, 0));
[1, 2].for_each(|| print(this));
fn double() { this * 2 }
fn int.triple() { this * 3 }
let n = 4;
print(n.double() + n.triple());
fn later(x) { Fn(\"earlier\").call(x) }
fn earlier(x) { x }
print(later(1));
if is_def_fn(\"later\", 1) { print(\"yes\"); }
const DAYS = 5;
fn days() { global::DAYS }
print(days());
let total = 0;
[1, 2].for_each(|| total += this);
switch n { 1 => print(\"one\"), 9 if n > 8 => print(\"many\"), 2..5 => { print(\"few\") }, _ => () }
try { throw \"x\"; } catch { print(\"caught\"); }
try { datetime(\"2030\"); } catch (problem) { print(problem); }
for (item, index) in [1] { print(`${item} ${index}`); }
let found = while true { break 4; };
print(found ?? 0);
let text = \" a \";
text.trim();
text.make_upper();
print(text[0].to_upper());
let rows = [[today()]];
print(rows[0][0].plus_days(1).year);
print(\"a\" in [\"a\"] && 1 !in [2]);
let once = if n > 3 { print(1); 2 } else { 3 };
print(once);
let outcome = n ?? return;
print(type_of(outcome));
print(parse_int(\"1\") + timestamp().elapsed.to_int());\n",
    );
}

#[test]
fn every_form_of_a_closure_is_accepted() {
    runs(
        "let make = |row| #{ anything: row };
let more = #{ name: \"A\" };
invite_all([1, 2], |n| switch n {
    1 => skip(\"one\"),
    2 => { #{ email: \"a@b.com\" } + more }
    _ => if n > 3 { skip(\"many\") } else { make.call(n) }
});
invite_all([#{ who: \"a@b.com\", days: 3 }], |p| #{ email: p.who });
invite_all([3], |n| {
    for each in [1, 2] {
        if each == n { return skip(\"found\"); }
    }
    let request = #{ email: \"a@b.com\", note: n };
    request.remove(\"note\");
    request
});
fn invite_alumni(list) {
    invite_all(list, |email| { if email == \"\" { skip(\"empty\") } else { email } })
}
invite_alumni([]);\n",
    );
}

#[test]
fn functions_of_the_script_replace_builtin_ones() {
    runs(
        "fn invite(name) { `Dear ${name}` }
fn skip(n) { print(n); n }
fn read_csv(path, options) { `${path} ${options}` }
for n in 0..2 { print(invite(`${n}`)); skip(n); }
read_csv(\"a\", #{ anything: 1 });\n",
    );
}

#[test]
fn an_error_that_is_caught_is_a_warning() {
    check("try { read_odt(\"x\"); } catch { print(\"this version cannot\"); }")
        .succeeds()
        .shows("warning: unknown function `read_odt(string)`");
}

/// `assert_throws` expects a mistake, but not a misspelled function.
#[test]
fn an_expected_error_is_not_reported() {
    passes(
        "assert_throws(|| invite(#{ nmae: \"A\" }));\nassert_throws(|| { read_csv(\"x\"); 1 });",
    );
    check("assert_throws(|| invit(#{ name: \"A\" }));")
        .exits(1)
        .shows("unknown function `invit(map)`");
}

#[test]
fn imported_scripts_are_checked_too() {
    Project::new()
        .file(
            "lib/rules.rhai",
            "export const DAYS = 5;\nfn due(days) {\n    today().plus_dayz(days)\n}\nprivate fn secret() { 1 }\n",
        )
        .file(
            "script.rhai",
            "import \"lib/rules\" as rules;
print(rules::due(rules::DAYS));
print(rules::deu(1));
print(rules::due());
print(rules::DAYZ);
print(rules::secret());
print(due(1));
fn outer() { rules::due(3) }
print(outer());
",
        )
        .run(&["check", "script.rhai"])
        .exits(1)
        .shows("unknown function `rules::deu(int)`\n --> script.rhai:3:14\n")
        .shows("hint: did you mean `rules::due`?")
        .shows("no function takes `rules::due()`\n --> script.rhai:4:14\n")
        .shows("hint: available: `rules::due(days)`")
        .shows("lib/rules.rhai does not export `DAYZ`\n --> script.rhai:5:14\n")
        .shows("hint: did you mean `rules::DAYS`?")
        .shows("unknown function `rules::secret()`\n --> script.rhai:6:14\n")
        .shows("hint: it is `private` in lib/rules.rhai")
        .shows("unknown function `due(int)`\n --> script.rhai:7:7\n")
        .shows("unknown function `.plus_dayz(days)`\n --> lib/rules.rhai:3:13\n")
        .reports("6 errors\n");
}

#[test]
fn a_missing_import_is_found() {
    check("import \"lib/rulez\" as rules;\nprint(rules::due(1));\n")
        .exits(1)
        .shows("error: cannot import `lib/rulez`: there is no `lib/rulez.rhai`\n --> script.rhai:1:8\n")
        .reports("1 error\n");
    check("print(rulez::due(1));\nimport \"script\" as script;\n")
        .exits(1)
        .shows("error: no module `rulez` is imported\n --> script.rhai:1:7\n")
        .shows("error: `script` imports itself\n --> script.rhai:2:8\n");
    passes("let where = \"lib\";\nimport where as lib;\nprint(lib::anything(1).any_method());\n");
}

#[test]
fn scripts_may_import_each_other_inside_functions() {
    Project::new()
        .file(
            "a.rhai",
            "import \"b\" as b;\nfn one() { 1 }\nprint(b::two());\n",
        )
        .file("b.rhai", "fn two() { import \"c\" as c; c::one() + 1 }\n")
        .file(
            "c.rhai",
            "fn one() { 1 }\nfn again() { import \"b\" as b; b::two() }\n",
        )
        .run(&["check", "a.rhai"])
        .succeeds();
}

#[test]
fn several_scripts_and_directories_are_checked() {
    let project = Project::new()
        .file("good.rhai", "print(1);")
        .file("mine/one.rhai", "prin(1);")
        .file(
            "mine/deep/two.rhai",
            "import \"three\" as three;\nprint(three::x());",
        )
        .file("mine/deep/three.rhai", "fn x() { y }")
        .file("mine/.hidden/four.rhai", "four();")
        .file("mine/notes.txt", "no script");
    let ran = project
        .run(&["check", "good.rhai", "mine", "mine/one.rhai", "invite_csv"])
        .exits(1)
        .shows(&format!("--> {}:1:10\n", "mine/deep/three.rhai"))
        .shows(&format!("--> {}:1:1\n", "mine/one.rhai"))
        .reports("2 errors\n");
    assert_eq!(ran.stdout.matches("error: ").count(), 2, "{ran}");
    project.run(&["check", "good.rhai"]).succeeds();
}

#[test]
fn an_unreadable_script_is_a_usage_error() {
    let project = Project::new()
        .file("bad.rhai", "prin(1);")
        .file("latin.rhai", b"print(\"\xE9\");")
        .file("empty/readme.txt", "");
    project
        .run(&["check", "bad.rhai", "invite_cvs"])
        .exits(2)
        .shows("unknown function `prin(int)`")
        .says("error: no script `invite_cvs`")
        .says("did you mean `invite_csv`?");
    project
        .run(&["check", "latin.rhai"])
        .exits(2)
        .says("cannot read the script `latin.rhai`");
    project
        .run(&["check", "empty"])
        .exits(2)
        .says("no scripts in `empty`");
    project.run(&["check"]).exits(2);
}

#[test]
fn json_has_the_fields_that_editors_need() {
    let project = Project::new().file(
        "script.rhai",
        "/* é */ let unused = 1;\nlet s = \"é\"; prin(\"x\");\nprint(s);\n",
    );
    let ran = project
        .run(&["check", "--format", "json", "script.rhai"])
        .exits(1)
        .reports("");
    let findings = ran.json();
    assert_eq!(
        findings,
        json!([
            {
                "file": "script.rhai",
                "line": 1,
                "column": 13,
                "end_column": 19,
                "severity": "warning",
                "code": "unused_variable",
                "message": "`unused` is never used",
                "hints": ["delete it, or rename it to `_unused` to keep it"],
            },
            {
                "file": "script.rhai",
                "line": 2,
                "column": 14,
                "end_column": 18,
                "severity": "error",
                "code": "unknown_function",
                "message": "unknown function `prin(string)`",
                "hints": ["did you mean `print`?"],
            },
        ])
    );
    project
        .file("good.rhai", "print(1);")
        .run(&["check", "--format", "json", "good.rhai"])
        .succeeds()
        .prints("[]\n");
}

#[test]
fn github_gets_a_workflow_command_for_each_finding() {
    let project = Project::new().file("good.rhai", "print(1);").file(
        "rules, old: 100%.rhai",
        "let unused = 1;\nprin(\"::error::x\\n\");\n",
    );
    project
        .run(&["check", "--format", "github", "."])
        .exits(1)
        .prints(
            "::warning file=rules%2C old%3A 100%25.rhai,line=1,endLine=1,col=5,endColumn=10,title=unused_variable::\
             `unused` is never used%0Ahint: delete it, or rename it to `_unused` to keep it\n\
             ::error file=rules%2C old%3A 100%25.rhai,line=2,endLine=2,col=1,endColumn=4,title=unknown_function::\
             unknown function `prin(string)`%0Ahint: did you mean `print`?\n",
        )
        .reports("1 error, 1 warning\n");
    project
        .run(&["check", "--format", "github", "good.rhai"])
        .succeeds()
        .prints("")
        .reports("no mistakes found\n");
    project
        .run(&["check", "--format", "github", "none\n::error::.rhai"])
        .exits(2)
        .shows("::error::")
        .shows("\\n::error::.rhai");
}

#[test]
fn misspelled_keys_of_results_are_found() {
    fails(
        "let outcome = invite_all([\"a@example.com\"]);\nfor row in outcome.results() {\n    print(row.emial);\n}\n",
        "a result has no key `emial`
 --> script.rhai:3:15
  |
3 |     print(row.emial);
  |               ^^^^^
  |
  = hint: did you mean `email`?\n",
    );
    warns(
        "let late = list_sessions().filter(|s| s.due_dat < now());\nprint(late);\n",
        "a session has no documented key `due_dat`
 --> script.rhai:1:41
  |
1 | let late = list_sessions().filter(|s| s.due_dat < now());
  |                                         ^^^^^^^
  |
  = hint: did you mean `due_date`?\n",
    );
    for script in [
        // The API may send keys that are not documented.
        "for s in list_sessions() { print(s.seniority); }",
        // The script sets it.
        "for s in list_sessions() { s.due_dat = 1; print(s.due_dat); }",
        "let s = list_sessions()[0]; s = #{ statu: 1 }; print(s.statu);",
        "let row = invite(\"a@example.com\", \"A\"); print(row.session.token ?? row.note);",
        "for row in score_all(list_sessions()) { print(row.follow_up_questions.map(|q| q.question)); }",
    ] {
        passes(script);
    }
}

#[test]
fn a_module_that_does_not_parse_is_reported_once() {
    let project = Project::new()
        .file("lib.rhai", "fn due(x) { x + }\n")
        .file("a.rhai", "import \"lib\" as lib;\nprint(lib::due(1));\n")
        .file(
            "tests/b.rhai",
            "import \"lib\" as lib;\nfn test_due() { lib::due(1); }\n",
        );
    for paths in [&["."] as &[&str], &["a.rhai", "tests", "./lib.rhai"]] {
        project
            .run(&[&["check"], paths].concat())
            .exits(1)
            .reports("1 error\n");
    }
}

#[test]
fn six_mistakes_are_found_at_once() {
    check(
        "let file = arg(\"file\", \"CSV of candidates\");
let spare = 1;
fn deadline(row) { today().plus_days(days) }
let outcome = invite_all(read_cvs(file), |row| {
    if row.team == \"alumni\" { skip(\"by hand\"); }
    #{ email: row.email, naem: row.name, due_date: deadline(row) }
});
outcome.write_csv(\"invited.csv\", 1, 2);\n",
    )
    .exits(1)
    .shows("warning: `spare` is never used\n --> script.rhai:2:5\n")
    .shows("error: unknown variable `days`\n --> script.rhai:3:38\n")
    .shows("error: unknown function `read_cvs(file)`\n --> script.rhai:4:26\n")
    .shows("error: this `skip` has no effect, because it is not returned\n --> script.rhai:5:31\n")
    .shows("error: a request has no key `naem`\n --> script.rhai:6:26\n")
    .shows("error: no function takes `outcome.write_csv(string, int, int)`\n --> script.rhai:8:9\n")
    .reports("5 errors, 1 warning\n");
}

#[test]
fn a_run_is_refused_before_anything_happens() {
    let stub = Stub::start(default_reply);
    let project = Project::new().talking_to(&stub);
    project
        .rhai(
            &["--yes"],
            "print(\"started\");\ninvite(\"a@b.com\", \"A\");\nprint(list_sesions());\nprint(today(1, 2));\n",
        )
        .exits(1)
        .prints("")
        .reports(
            "error: unknown function `list_sesions()`
 --> script.rhai:3:7
  |
3 | print(list_sesions());
  |       ^^^^^^^^^^^^
  |
  = hint: did you mean `list_sessions`?

error: no function takes `today(int, int)`
 --> script.rhai:4:7
  |
4 | print(today(1, 2));
  |       ^^^^^
  |
  = hint: available: `today()`, `today(zone_name)`

error: the script has 2 errors and was not run\n",
        );
    assert_eq!(stub.connections(), 0);
    assert!(!project.home().exists(), "the ledger was created");
}

#[test]
fn a_run_is_refused_for_a_skip_without_effect() {
    let stub = Stub::start(default_reply);
    Project::new()
        .talking_to(&stub)
        .rhai(
            &["--yes"],
            "invite_all([\"a@b.com\"], |email| { if email != \"\" { skip(\"no\"); } email });",
        )
        .exits(1)
        .says("error: this `skip` has no effect");
    assert_eq!(stub.connections(), 0);
}

#[test]
fn a_run_ignores_warnings() {
    Project::new()
        .rehearse("let unused = 1;\n\"text\".len();\nprint(\"ran\");")
        .succeeds()
        .prints("ran\n")
        .reports("");
}

#[test]
fn a_run_reports_every_unknown_variable() {
    Project::new()
        .rehearse("print(a);\nprint(b);\n")
        .exits(1)
        .says("unknown variable `a`")
        .says("unknown variable `b`")
        .says("the script has 2 errors and was not run");
}

#[test]
fn shipped_scripts_and_documentation_have_no_mistakes() {
    let mut scripts: Vec<String> = functions()
        .iter()
        .map(|function| {
            let example = function.doc.lines().skip_while(|line| *line != "```rhai");
            let lines: Vec<&str> = example.skip(1).take_while(|line| *line != "```").collect();
            lines.join("\n")
        })
        .collect();
    assert!(scripts.iter().all(|script| !script.is_empty()));
    scripts.extend(documents::scripts());
    let mut project = Project::new();
    for (number, script) in scripts.iter().enumerate() {
        project = project.file(&format!("examples/{number}.rhai"), script);
    }
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts");
    project
        .run(&["check", "examples", shipped])
        .succeeds()
        .prints("")
        .reports("no mistakes found\n");
}

#[test]
fn using_the_result_of_an_in_place_function_is_an_error() {
    fails(
        "let row = #{ name: \" Jane \" };\nprint(#{ name: row.name.trim() });\n",
        "`trim` changes the value in place and returns nothing that could be used here
 --> script.rhai:2:25
  |
2 | print(#{ name: row.name.trim() });
  |                         ^^^^
  |
  = hint: write `….trimmed()`, which returns a new value\n",
    );
    for usage in [
        "let b = a.trim(); print(b);",
        "a = a.make_upper();",
        "print(a.trim().len());",
    ] {
        check(&format!("let a = \"x\";\n{usage}\n"))
            .exits(1)
            .shows("returns nothing that could be used here")
            .shows("which returns a new value");
    }
}

#[test]
fn correct_uses_of_in_place_functions_are_accepted() {
    runs("let a = \" x \";\na.trim();\nprint(a);\n");
    runs("let list = [];\n[1, 2].for_each(|n| list.push(n));\nlist.sort();\nprint(list);\n");
    runs("let list = [1, 2];\nlet gone = list.retain(|n| n > 1);\nprint(gone);\n");
    passes("fn trim(text) { text + \"!\" }\nlet b = trim(\"x\");\nprint(b);\n");
    passes("let tools = #{ trim: |text| text };\nlet b = tools.trim(\"x\");\nprint(b);\n");
}

#[test]
fn a_template_in_double_quotes_is_a_warning_and_counts_as_a_use() {
    warns(
        "let name = \"Jane\";\nprint(\"Dear ${name}\");\n",
        "`${…}` is replaced only in a text between backticks
 --> script.rhai:2:7
  |
2 | print(\"Dear ${name}\");
  |       ^^^^^^^^^^^^^^
  |
  = hint: use backticks instead of double quotes: `` `Dear ${name}` ``\n",
    );
    passes("let name = \"Jane\";\nprint(`Dear \"${name}\"`);\n");
    passes(
        "let name = \"Jane\";\nlet text = \"Dear ${name}\";\ntext.replace(\"${name}\", name);\nprint(text);\n",
    );
}

/// Joins a line for each number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| line(number) + "\n").collect()
}

/// Rhai's parser compares each name with those before it.
#[test]
fn a_script_with_too_many_names_is_refused_before_that_takes_minutes() {
    let error = "error: the script has too many variables, functions and uses of names\n";
    let variables = lines(100_000, |n| format!("let x{n} = {n}; print(x{n});"));
    Project::new().rhai(&[], &variables).exits(1).says(error);

    let names: Vec<String> = (0..100_000).map(|n| format!("a{n}")).collect();
    for script in [
        format!("fn f({}) {{ 1 }}\n", names.join(", ")),
        format!("let keys = #{{ {}: 1 }};\n", names.join(": 1, ")),
    ] {
        check(&script).exits(1).shows(error);
    }

    let functions = lines(100_000, |n| format!("fn f{n}(a) {{ a }}"));
    Project::new()
        .file("big.rhai", functions)
        .rhai(&[], "import \"big\" as big;\n")
        .exits(1)
        .says(error)
        .says("--> big.rhai:");
}

#[test]
fn large_scripts_are_checked() {
    let data = lines(30_000, |n| {
        format!("    #{{ email: \"p{n}@example.com\", name: \"Person {n}\", days: {n} }},")
    });
    passes(&format!("let people = [\n{data}];\nprint(people.len());"));
    let functions = lines(3_000, |n| {
        format!(
            "fn f{n}(a, b) {{\n    let c = a + b;\n    for d in 0..c {{ print(`${{c}} ${{d}}`); }}\n    c\n}}\nprint(f{n}({n}, 1));"
        )
    });
    passes(&functions);
}

#[test]
fn equal_mistakes_are_shown_once() {
    let lines: String = (0..13).map(|_| "prnt(1);\n").collect();
    let script = format!("{lines}prnt(2); prnt(\"a\");\nprnt(3);\n");
    let note = "  = note: the same on lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, and 4 more\n";
    let project = Project::new().file("script.rhai", script);
    let ran = project.run(&["check", "script.rhai"]);
    let ran = ran.exits(1).shows(note).says("16 errors");
    assert_eq!(
        ran.stdout.matches("unknown function `prnt(int)`").count(),
        1
    );
    assert_eq!(
        ran.stdout
            .matches("unknown function `prnt(string)`")
            .count(),
        1
    );
    let json = project.run(&["check", "--format", "json", "script.rhai"]);
    assert_eq!(json.exits(1).json().as_array().unwrap().len(), 16);
    project
        .run(&["run", "--sandbox", "script.rhai"])
        .exits(1)
        .says(note);
}

#[test]
fn a_loop_needs_no_condition() {
    check("let n = 0;\nloop { n += 1; if n == 3 { break; } }\nprint(n);\n").succeeds();
    check("while () { print(1); }\n").exits(1);
}
