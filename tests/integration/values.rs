//! Functions for lists, texts, maps and numbers.

use crate::support::{Project, Ran};

fn run(script: &str) -> Ran {
    Project::new().rhai(&[], script)
}

/// Runs `script`, whose assertions must hold.
fn holds(script: &str) {
    run(script).succeeds();
}

/// Checks the error that each script ends with, and its hint.
fn fails(cases: &[(&str, &str, &str)]) {
    for (script, message, hint) in cases {
        run(script)
            .exits(1)
            .says(&format!("error: {message}\n"))
            .says(hint);
    }
}

const PEOPLE: &str = r#"
    let people = [
        #{ name: "Jane", team: "sales", score: 80 },
        #{ name: "John", team: "design", score: 70.5 },
        #{ name: "Ann", team: "sales", score: 90 },
    ];
"#;

#[test]
fn groups_keep_the_order_of_appearance_and_the_type_of_the_value() {
    holds(&format!(
        r#"{PEOPLE}
        let groups = people.group_by("team");
        assert_eq(groups.map(|g| g.key), ["sales", "design"]);
        assert_eq(groups[0].rows.map(|p| p.name), ["Jane", "Ann"]);
        assert_eq(people.group_by(|p| p.score > 75).map(|g| g.key), [true, false]);
        assert_eq([1, "1", 1.0].group_by(|x| x).map(|g| g.rows.len()), [2, 1]);
        assert_eq([#{{ a: 1 }}, #{{ a: 1 }}].group_by(|x| x).len(), 1);
        // The same instant in two zones.
        let noon = datetime("2030-01-01 12:00", "UTC");
        assert_eq([noon, noon.in_tz("Asia/Tokyo")].unique().len(), 1);
        let calls = [];
        people.group_by(|p| {{ calls.push(p.name); p.team }});
        assert_eq(calls, ["Jane", "John", "Ann"]);
        assert_eq([].group_by("team"), []);
        "#
    ));
}

#[test]
fn a_missing_column_is_an_error_that_lists_the_columns() {
    let project = Project::new().file("people.csv", "email,team\njane@example.com,sales\n");
    for call in [
        "group_by", "index_by", "count_by", "sorted", "unique", "max_by", "sum",
    ] {
        for read in ["read_csv", "scan_csv"] {
            let script = format!("print({read}(\"people.csv\").{call}(\"tem\"));");
            project
                .rhai(&[], &script)
                .exits(1)
                .says("error: `people.csv` has no column `tem`; its columns are `email`, `team`\n")
                .says("did you mean `row.team`?");
        }
    }
    fails(&[
        (
            "[#{ email: \"\", team: \"\" }].group_by(\"tem\");",
            "a row has no key `tem`; its keys are `email`, `team`",
            "did you mean `team`? Or, for a key that may be absent, pass a closure: `|row| row.get(\"tem\")`",
        ),
        (
            "[#{}].group_by(\"a\");",
            "a row has no key `a`; it is empty",
            "pass a closure",
        ),
        (
            "[\"a\"].group_by(\"team\");",
            "a row is a map, a row of a file or an array, not `string`",
            "",
        ),
        (
            "[1].group_by(1);",
            "a key is the name of a column or a closure, not `int`",
            "",
        ),
        (
            "[1].group_by(|x| || x);",
            "a value of type `closure` cannot be compared",
            "",
        ),
    ]);
}

#[test]
fn lazy_lists_are_lists() {
    let project = Project::new().file(
        "people.csv",
        "name,team,score\nJane,sales,80\nJohn,design,70\nAnn,sales,90\n",
    );
    let script = r#"
        let people = scan_csv("people.csv");
        assert_eq(people.group_by("team").map(|g| g.rows.len()), [2, 1]);
        assert_eq(people.index_by("name").Ann.score, "90");
        assert_eq(people.count_by("team"), #{ design: 1, sales: 2 });
        assert_eq(people.sum(|p| parse_int(p.score)), 240);
        assert_eq(people.unique("team").map(|p| p.name), ["Jane", "John"]);
        assert_eq(people.sorted("name").map(|p| p.name), ["Ann", "Jane", "John"]);
        assert_eq(people.reversed()[0].name, "Ann");
        assert_eq(people.max_by(|p| parse_int(p.score)).name, "Ann");
        assert_eq(people.min_by("name").name, "Ann");
        assert_eq(people.chunks(2).map(|c| c.len()), [2, 1]);
        assert_eq(people.zip([1, 2, 3])[2][0].name, "Ann");
        assert_eq([people, ["x"]].flatten().len(), 4);
        assert(people.any(|p| p.team == "design"));
        let outcome = invite_all(["jane@example.com", "ann@example.com"]);
        assert_eq(outcome.results().sorted("email").map(|r| r.email).join(" "), "ann@example.com jane@example.com");
    "#;
    project.rehearse(script).succeeds();
}

#[test]
fn items_are_ordered_by_value() {
    holds(&format!(
        r#"{PEOPLE}
        assert_eq([2, 1.5, -1, 10].sorted(), [-1, 1.5, 2, 10]);
        assert_eq(["b", (), "a"].sorted(), ["a", "b", ()]);
        assert_eq(people.sorted(|p| [p.team, -p.score]).map(|p| p.name), ["John", "Ann", "Jane"]);
        // Equal items stay in order.
        assert_eq(people.sorted("team").map(|p| p.name), ["John", "Jane", "Ann"]);
        assert_eq(people.sorted("score").reversed()[0].name, "Ann");
        assert_eq([3, 1].reversed(), [1, 3]);
        let list = [2, 1];
        assert_eq(list.sorted(), [1, 2]);
        assert_eq(list, [2, 1]);
        assert_eq([].min_by("x"), ());
        assert_eq([#{{ x: () }}].max_by("x"), ());
        assert_eq([#{{ x: () }}, #{{ x: 1 }}, #{{ x: 1.0, last: true }}].max_by("x"), #{{ x: 1 }});
        "#
    ));
    fails(&[
        (
            "[\"a\", 1].sorted();",
            "a `number` cannot be compared with a `string`",
            "pass a closure",
        ),
        (
            "[[1, \"a\"], [1, 2]].sorted();",
            "a `number` cannot be compared with a `string`",
            "",
        ),
        (
            "[#{ x: 1 }, #{ x: \"2\" }].max_by(\"x\");",
            "a `number` cannot be compared with a `string`",
            "",
        ),
    ]);
}

#[test]
fn lists_are_made_of_lists() {
    holds(
        r#"
        assert_eq(["a", 1, 2.5, (), true, 'c'].join("|"), "a|1|2.5||true|c");
        assert_eq([].join(", "), "");
        assert_eq([1, 2].sum(), 3);
        assert_eq([1, 2.5].sum(), 3.5);
        assert_eq([].sum(), 0);
        assert_eq(["b", "a", "b"].unique(), ["b", "a"]);
        assert_eq(["a", "A"].unique(|x| x.to_lower()), ["a"]);
        assert_eq([[1, [2]], [], 3].flatten(), [1, [2], 3]);
        assert_eq([1, 2, 3].chunks(2), [[1, 2], [3]]);
        assert_eq([].chunks(2), []);
        assert_eq([1, 2].zip(["a", "b"]), [[1, "a"], [2, "b"]]);
        assert(![].any(|x| true));
        assert_eq(["x", "y"].index_by(|x| x), #{ x: "x", y: "y" });
        "#,
    );
    fails(&[
        (
            "[\"12\"].sum();",
            "the value of item 1 is not a number, but of type `string`",
            "parse_float",
        ),
        (
            "[9223372036854775807, 1].sum();",
            "the sum is too large for an int",
            "",
        ),
        (
            "[1].chunks(0);",
            "the size of a chunk is at least 1, not 0",
            "",
        ),
        (
            "[1].zip([1, 2]);",
            "the second list has more than 1 items, the other has 1",
            "shorten it",
        ),
        (
            "[1].any(|x| x);",
            "the closure must return `true` or `false`, not `int`",
            "",
        ),
        (
            "[#{ x: 1 }, #{ x: 1 }].index_by(\"x\");",
            "two items have the value `1`",
            "use `group_by`",
        ),
        ("join(1, \"\");", "a list is needed, not `int`", ""),
    ]);
}

#[test]
fn counts_are_printed_as_a_table() {
    run("print_table([#{ team: \"sales\" }, #{ team: \"design\" }].count_by(\"team\"));")
        .succeeds()
        .shows("key    ┆ value")
        .shows("design ┆ 1");
}

#[test]
fn texts_are_made_of_texts() {
    holds(
        r#"
        assert_eq("a\r\nb\n\nc\n".lines(), ["a", "b", "", "c"]);
        assert_eq("".lines(), []);
        assert_eq("ab".repeated(2), "abab");
        assert_eq("ab".repeated(-1), "");
        assert_eq("ab".padded(4), "ab  ");
        assert_eq("ab".padded(5, "right"), "   ab");
        assert_eq("ab".padded(5, "center"), " ab  ");
        assert_eq("日本".padded(6), "日本  ");
        assert_eq("abc".padded(2), "abc");
        assert_eq("7".padded(3, "right", "0"), "007");
        let text = "  a ";
        assert_eq(text.trimmed(), "a");
        assert_eq(text, "  a ");
        "#,
    );
    fails(&[
        (
            "\"a\".padded(3, \"rigt\");",
            "a text is aligned `left`, `right` or `center`, not `rigt`",
            "did you mean `right`?",
        ),
        (
            "\"a\".padded(3, \"right\", \"ab\");",
            "`ab` is not one character that is one column wide",
            "",
        ),
        (
            "\"abc\".repeated(1_000_000_000);",
            "the value would be more than 256 MiB of text",
            "",
        ),
        (
            "\"a\".padded(1_000_000_000);",
            "1000000000 elements are too many for one call (at most 10000000)",
            "",
        ),
    ]);
}

#[test]
fn a_string_is_literal_and_only_regex_makes_a_pattern() {
    holds(
        r#"
        assert_eq("a.b.c".replaced(".", "$1"), "a$1b$1c");
        assert_eq("a.b".replaced(regex("."), "x"), "xxx");
        assert_eq("Smith, Jane".replaced(regex(`^(\w+), (\w+)$`), "$2 $1"), "Jane Smith");
        assert_eq("ab".replaced("", "-"), "-a-b-");
        let text = "a1b22";
        text.replace(regex(`\d+`), "_");
        assert_eq(text, "a_b_");
        text.replace("_", ".");
        assert_eq(text, "a.b.");
        assert("REQ-1".matches(regex(`^REQ-\d$`)));
        assert(!"REQ-12".matches(regex(`^REQ-\d$`)));
        assert("ÉCOLE".matches(regex("(?i)école")));
        assert_eq("Jane <j@x.org>".captures(regex(`^(.*) <(.*)>$`)), ["Jane <j@x.org>", "Jane", "j@x.org"]);
        assert_eq("b".captures(regex("(a)?b")), ["b", ()]);
        assert_eq("b".captures(regex("a")), ());
        assert_eq("a1b22".captures_all(regex(`\d+`)), [["1"], ["22"]]);
        assert_eq("a, b;c".split(regex(`[,;]\s*`)), ["a", "b", "c"]);
        assert_eq(regex(`\d`).to_string(), "regex(`\\d`)");
        "#,
    );
    fails(&[
        (
            "\"a\".matches(\"a\");",
            "a regular expression is needed, not `string`",
            "write `regex(\"…\")`; to search for a text itself, `text.contains(\"…\")`",
        ),
        (
            "regex(\"(a\");",
            "`(a` is not a regular expression: unclosed group",
            "pass it without `regex`",
        ),
        (
            "regex(\"(?=a)\");",
            "`(?=a)` is not a regular expression: look-around, including look-ahead and look-behind, is not supported",
            "look-around and backreferences are not supported",
        ),
        (
            r"regex(`\w{1000}{1000}`);",
            r"the pattern `\w{1000}{1000}` is too large",
            "repeat fewer characters",
        ),
        (
            "regex(\"a\".repeated(10_001));",
            "a pattern of 10001 bytes is too long (at most 10000)",
            "",
        ),
    ]);
}

#[test]
fn a_search_takes_linear_time_and_what_it_makes_is_limited() {
    holds(
        r#"
        // Takes years in an engine that tries every way to match.
        assert(!("a".repeated(50_000) + "b").matches(regex("^(a+)+$")));
        "#,
    );
    fails(&[(
        "\"a\".repeated(1_000_000).replaced(regex(\"(a)\"), \"x\".repeated(1_000));",
        "the value would be more than 256 MiB of text",
        "",
    )]);
}

#[test]
fn numbers_are_rounded_and_written_for_people() {
    holds(
        r#"
        assert_eq(2.675.rounded(2), 2.68);
        assert_eq(rounded(-2.5, 0), -3.0);
        assert_eq(rounded(1250, -2), 1300);
        assert_eq(rounded(12, 3), 12);
        assert_eq(format_number(1234567), "1,234,567");
        assert_eq(format_number(-1234.5), "-1,234.5");
        assert_eq(format_number(1234.5, #{ digits: 2 }), "1,234.50");
        assert_eq(format_number(0.005, #{ digits: 2 }), "0.01");
        assert_eq(format_number(1234.5, #{ digits: 2, thousands: ".", decimal: "," }), "1.234,50");
        "#,
    );
    fails(&[
        (
            "rounded(\"1\", 2);",
            "a number is needed, not `string`",
            "parse_float",
        ),
        (
            "rounded(9223372036854775807, -1);",
            "`9223372036854775810` is too large for an int",
            "",
        ),
        (
            "format_number(1, #{ digits: -1 });",
            "`digits` must be a number from 0 to 100, not `-1`",
            "",
        ),
    ]);
}

#[test]
fn a_missing_key_has_a_default() {
    let project = Project::new().file("people.csv", "email,team\njane@example.com,\n");
    let script = r#"
        assert_eq(#{ a: 1 }.get("a", 2), 1);
        assert_eq(#{ a: () }.get("a", 2), ());
        assert_eq(#{}.get("a", 2), 2);
        assert_eq(#{ b: 1, a: 2 }.entries(), [#{ key: "a", value: 2 }, #{ key: "b", value: 1 }]);
        let row = read_csv("people.csv")[0];
        assert_eq(row.get("team", "none"), "");
        assert_eq(row.get("zone", "none"), "none");
    "#;
    project.rhai(&[], script).succeeds();
}

#[test]
fn functions_of_other_languages_are_known() {
    for (call, hint) in [
        ("\" a\".strip()", "write `text.trimmed()`"),
        ("\"a\".replaceAll(\"a\", \"b\")", "write `text.replaced("),
        ("\"7\".padStart(3, \"0\")", "write `text.padded("),
        ("#{ a: 1 }.items()", "write `map.entries()`"),
        ("[1].toSorted()", "write `list.sorted()`"),
        ("1.5.toFixed(2)", "write `format_number("),
    ] {
        Project::new()
            .file("script.rhai", format!("print({call});"))
            .run(&["check", "script.rhai"])
            .exits(1)
            .shows(hint);
    }
}

#[test]
fn a_changing_function_names_its_twin() {
    for (script, hint) in [
        (
            "let a = \" x\"; print(a.trim());",
            "write `a.trimmed()`, which returns a new value",
        ),
        (
            "let a = [1]; print(a.sort());",
            "write `a.sorted()`, which returns a new value",
        ),
        ("let a = [1]; print(a.clear());", "write `a.clear();` first"),
    ] {
        Project::new()
            .file("script.rhai", script)
            .run(&["check", "script.rhai"])
            .exits(1)
            .shows(hint);
    }
}
