//! Small inputs and short scripts that would need far more memory than they seem to: each is an error, within the limit.

use std::fs::File;

use crate::support::{Project, Ran};

/// Far below the limit of scripts, and more than these inputs need.
const LIMIT: [&str; 2] = ["--max-memory", "256M"];

fn fails(project: &Project, script: &str) -> Ran {
    project
        .rhai(&LIMIT, script)
        .exits(1)
        .never_says("panicked")
        .never_says("memory allocation")
}

/// Creates a file that starts with lines and has 20 GiB without a line end, which take no space on the disk.
fn with_sparse_file(name: &str, line: &str) -> Project {
    let project = Project::new().file(name, line.repeat(3));
    let file = File::options().write(true).open(project.path().join(name));
    file.unwrap().set_len(20 << 30).unwrap();
    project
}

#[test]
fn a_line_without_end_is_an_error() {
    let project = with_sparse_file("lines.txt", "2030-01-01\n");
    fails(&project, "read_lines(\"lines.txt\");")
        .says("error: `lines.txt` line 4: a line longer than 1048576 bytes")
        .says("a file with one entry on each line is needed")
        .says("--> script.rhai:1:");
    fails(&project, "today().plus_business_days(5, \"lines.txt\");")
        .says("error: `lines.txt` line 4: a line longer than 1048576 bytes");
    fails(&project, "read_csv(\"lines.txt\");")
        .says("error: `lines.txt` line 4: a record longer than 1048576 bytes");
    fails(&project, "read_json(\"lines.txt\");")
        .says("error: `lines.txt` is larger than 268435456 bytes");
    fails(&project, "read_xlsx(\"lines.txt\");")
        .says("error: `lines.txt` is larger than 268435456 bytes");
}

#[test]
fn the_last_line_needs_no_line_end() {
    Project::new()
        .file("lines.txt", "one\r\n\n # comment\n  two \nthree")
        .rhai(&[], "print(read_lines(\"lines.txt\"));")
        .succeeds()
        .prints("[\"one\", \"two\", \"three\"]\n");
}

#[test]
fn a_script_has_a_size_that_scripts_have() {
    let project = with_sparse_file("big.rhai", "// comment\n");
    project
        .run(&["run", "big.rhai"])
        .exits(2)
        .says("it is larger than 4 MiB, and no script needs to be");
    project
        .run(&["check", "big.rhai"])
        .exits(2)
        .says("larger than 4 MiB");
    fails(&project, "import \"big\" as big;").says("larger than 4 MiB");
}

#[test]
fn lines_that_fill_the_memory_are_an_error_at_the_call() {
    let line = "x".repeat(1000) + "\n";
    let project = Project::new().file("lines.txt", line.repeat(300_000));
    fails(&project, "\nlet lines = read_lines(\"lines.txt\");")
        .says("error: the script uses more than 256 MiB of memory")
        .says("--> script.rhai:2:");
}

#[test]
fn json_of_many_small_values_is_an_error() {
    let project = Project::new().file("big.json", format!("[{}0]", "[[]],\n".repeat(6_000_000)));
    fails(&project, "let values = read_json(\"big.json\");")
        .says("error: the script uses more than 256 MiB of memory")
        .says("--> script.rhai:1:");
    let project = Project::new().file("big.json", format!("[{}0]", "0,\n".repeat(10_000_000)));
    let read = |script: &str| {
        project
            .rhai(&["--max-memory", "1G"], script)
            .exits(1)
            .says("--> script.rhai:1:")
    };
    read("let values = read_json(\"big.json\");")
        .says("error: `big.json` line 10000000: more than 10000000 values")
        .says("read that with `scan_csv`");
    read("let s = \"0,\"; for i in 0..24 { s += s; } parse_json(\"[\" + s + \"0]\");")
        .says("error: the text is too large: line 1: more than 10000000 values");
}

#[test]
fn json_reads_as_before() {
    let json = r#"{"a":[1,-2,1.5,18446744073709551615,null,true,"ü\n"],"b":{"c":{}},"a2":1e3}"#;
    let script = format!(
        "let value = read_json(\"a.json\");\nprint(value);\nprint(parse_json(`{json}`) == value);"
    );
    Project::new()
        .file("a.json", json)
        .rhai(&[], &script)
        .succeeds()
        .prints("#{\"a\": [1, -2, 1.5, 1.8446744073709552e19, (), true, \"ü\\n\"], \"a2\": 1000.0, \"b\": #{\"c\": #{}}}\ntrue\n");
    fails(&Project::new(), "parse_json(\"[1,\");")
        .says("error: EOF while parsing a value at line 1 column 3");
}

/// What each copy of a value takes is counted, whatever the value is.
#[test]
fn values_of_any_kind_are_weighed_before_they_are_repeated() {
    for value in [
        "let big = []; big.pad(100000, 1); let f = Fn(\"x\").curry(big); a.pad(1000000, f);",
        "let k = \"\"; k.pad(100000, \"y\"); let m = #{}; m[k] = 1; a.pad(100000, m);",
        "let k = \"\"; k.pad(100000, \"y\"); let m = #{}; m[k] = 1; a.pad(100000, [#{ m: m }]);",
    ] {
        fails(&Project::new(), &format!("let a = [];\n{value}"))
            .says("error: the elements to add are too many for one call");
    }
    // This one is shared.
    let skip =
        "let s = \"\"; s.pad(1000000, \"y\"); let a = []; a.pad(100000, skip(s)); print(a.len());";
    Project::new()
        .rhai(&LIMIT, skip)
        .succeeds()
        .prints("100000\n");
}

const WIDE: &str = "let s = \"\"; s.pad(1000000, \"y\");\nlet row = [];\nrow.pad(1000, s);\n";

#[test]
fn columns_that_share_one_long_text_are_not_copied() {
    for call in ["write_csv(\"a.csv\", [row]);", "print_table([row]);"] {
        fails(&Project::new(), &format!("{WIDE}{call}"))
            .says("error: the row would be more than 256 MiB of text")
            .says("--> script.rhai:4:");
    }
    let project = Project::new();
    project
        .rhai(
            &LIMIT,
            &format!("{WIDE}row.truncate(200);\nwrite_csv(\"a.csv\", [row], [\"a\"]);\nprint(1);"),
        )
        .succeeds()
        .prints("1\n");
    project
        .rhai(
            &LIMIT,
            &format!("{WIDE}row.truncate(200);\nwrite_csv(\"a.csv\", [row]);\nprint(1);"),
        )
        .succeeds()
        .prints("1\n");
}

#[test]
fn a_table_that_is_mostly_space_is_not_drawn() {
    let script = "let s = \"\"; s.pad(100000, \"y\");\nlet rows = [#{ a: s }];\n\
                  for i in 0..1000 { rows.push(#{ a: i }); }\nprint_table(rows);";
    fails(&Project::new(), script)
        .says("error: the table would have more than 16000000 characters")
        .says("hint: print fewer columns or rows")
        .says("--> script.rhai:4:");
}

#[test]
fn escapes_are_part_of_the_size_of_a_text() {
    let project = Project::new();
    for script in [
        "let s = \"\\x1b\"; for i in 0..26 { s += s; } debug(s);",
        "let s = \"\\x1b\"; for i in 0..20 { s += s; } let a = []; a.pad(50, s); print(a);",
    ] {
        project
            .rhai(&["--max-memory", "1G"], script)
            .exits(1)
            .says("error: the value would be more than 256 MiB of text");
    }
}

#[test]
fn a_long_text_is_printed_in_full() {
    let script = "let s = \"\"; s.pad(1500000, \"ü\\x1b\\tx\"); print(s);";
    let ran = Project::new().rhai(&LIMIT, script).succeeds();
    assert_eq!(ran.stdout, "ü\\u{1b}\tx".repeat(375_000) + "\n");
}

#[test]
fn only_the_start_of_a_long_thrown_text_is_shown() {
    fails(
        &Project::new(),
        "let s = \"\"; s.pad(1000000, \"x\"); throw s;",
    )
    .says(&format!("error: {}… (1000000 bytes)", "x".repeat(200)))
    .never_says(&"x".repeat(201));
    fails(
        &Project::new(),
        "let s = \"\"; s.pad(1000000, \"x\"); throw #{ error: \"a\", message: s, hint: s };",
    )
    .never_says(&"x".repeat(201));
}

#[test]
fn a_pattern_or_path_that_is_far_too_long_is_an_error() {
    let long = |start: &str| format!("let s = \"{start}\"; for i in 0..14 {{ s += s; }}\n");
    let project = Project::new();
    fails(&project, &format!("{}now().format(s);", long("%255d"))).says(
        "error: bad format pattern `%255d%255d%255d%255d…`: it has 81920 bytes, and may have 1000",
    );
    for call in [
        "read_csv(s)",
        "read_lines(s)",
        "write_csv(s, [[1]])",
        "ensure_writable(s)",
        "write_json(s, 1)",
    ] {
        fails(&project, &format!("{}{call};", long("a/")))
            .says("error: a path of 32768 bytes is too long (at most 4096)")
            .says("--> script.rhai:2:");
    }
}

/// Each script imports the next one twice, so there are 2⁴⁰ ways to the last one.
#[test]
fn scripts_that_import_each_other_often_are_an_error() {
    let mut project = Project::new().file("s40.rhai", "fn end() { 1 }");
    for number in 0..40 {
        let next = number + 1;
        let text = format!("import \"s{next}\" as a; import \"s{next}\" as b;\n");
        project = project.file(&format!("s{number}.rhai"), text);
    }
    fails(&project, "import \"s0\" as s;").says("imports more than 16 MiB of scripts");
}

/// Every script imports all those after it.
#[test]
fn a_chain_of_imports_reads_each_script_once() {
    let mut project = Project::new();
    for number in 0..12 {
        let later = (number + 1..12).map(|next| format!("import \"s{next}\" as s{next};\n"));
        let imports = later.collect::<Vec<_>>().concat();
        project = project.file(&format!("s{number}.rhai"), imports + "print(\"loaded\");\n");
    }
    let ran = project.rhai(
        &LIMIT,
        "import \"s11\" as last;\nimport \"s0\" as s;\nprint(\"done\");",
    );
    assert_eq!(ran.stdout.matches("loaded").count(), 12, "{ran}");
    ran.succeeds();
}

#[test]
fn a_comparison_that_contradicts_itself_is_an_error() {
    for function in ["sort", "sort_by", "order", "order_by"] {
        let script = format!(
            "let a = []; for i in 0..1000 {{ a.push(i); }}\nlet n = 1;\n\
             a.{function}(|x, y| {{ n = (n * 1103515245 + 12345) % 2147483648; n / 65536 % 2 * 2 - 1 }});"
        );
        fails(&Project::new(), &script)
            .says("error: the comparison contradicts itself: the items cannot be sorted")
            .says("--> script.rhai:3:");
    }
}

#[test]
fn an_error_of_a_comparison_ends_the_sort() {
    fails(
        &Project::new(),
        "let a = [3, 1, 2];\na.sort(|x, y| throw \"no\");",
    )
    .says("error: no");
    let script = "let a = [3, 1, 2, 2]; a.sort(|x, y| x - y); print(a); a.sort(|x, y| x > y); print(a); print(a.order(|x, y| x < y)); a.sort(); print(a);";
    Project::new()
        .rhai(&[], script)
        .succeeds()
        .prints("[1, 2, 2, 3]\n[3, 2, 2, 1]\n[1, 2, 2, 3]\n[1, 2, 2, 3]\n");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_script_that_waits_for_standard_input() {
    for call in [
        "read_csv(\"-\")",
        "read_lines(\"-\")",
        "read_json(\"-\")",
        "read_xlsx(\"-\")",
    ] {
        let script = format!("print(\"ready\");\n{call};\nprint(\"went on\");");
        let project = Project::new().file("script.rhai", script);
        // The pipe is open for writing too, so that it never ends.
        let mut running =
            project.start_shell("mkfifo p; exec 3<>p; exec gradient-bulk run script.rhai <p");
        running.wait_for("ready");
        running.signal("INT");
        running
            .finish()
            .exits(130)
            .says("interrupted")
            .never_says("went on");
    }
}
