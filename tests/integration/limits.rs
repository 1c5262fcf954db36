//! Scripts that never end or use too much memory, and Ctrl-C.

use std::sync::Mutex;

#[cfg(unix)]
use crate::hold::Hold;
#[cfg(unix)]
use crate::ledger::settle;
#[cfg(unix)]
use crate::stub::{Request, Stub};
#[cfg(unix)]
use crate::support::Running;
use crate::support::{Project, Ran};

/// Runs a script that must fail with this message.
fn fails(script: &str, message: &str) -> Ran {
    Project::new()
        .rhai(&[], script)
        .exits(1)
        .says(message)
        .never_says("panicked")
}

/// Interrupts a script as soon as it has printed `ready`.
#[cfg(unix)]
fn interrupted(script: &str) -> Ran {
    let project = Project::new();
    let mut running = project.start_rhai(&["--sandbox"], script);
    running.wait_for("ready");
    running.signal("INT");
    running.finish().exits(130).never_says("went on")
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_an_endless_loop() {
    interrupted("print(\"ready\");\nloop {}").says("interrupted");
}

#[cfg(unix)]
#[test]
fn ctrl_c_cannot_be_caught() {
    interrupted(
        "print(\"ready\");\ntry { loop {} } catch { print(\"went on\"); }\nprint(\"went on\");",
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_sleep() {
    interrupted("print(\"ready\");\nsleep(3000);\nprint(\"went on\");");
    interrupted("print(\"ready\");\nsleep(3000.0);\nprint(\"went on\");");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_pending_request() {
    let (stub, hold) = Stub::holding(|_| true);
    let project = Project::new().talking_to(&stub);
    let running = project.start_rhai(&[], "list_assessments();\nprint(\"went on\");");
    hold.await_arrivals(1);
    running.signal("INT");
    running.finish().exits(130).prints("");
    hold.release();
}

#[test]
fn endless_recursion_is_an_error() {
    fails(
        "fn f(x) { f(x + 1) }\nf(1);",
        "error: functions call each other too deeply",
    )
    .says("a function that calls itself needs a case in which it stops");
    fails(
        "let f = |g| g.call(g);\nf.call(f);",
        "error: functions call each other too deeply",
    );
    fails(
        "fn a(x) { b(x) }\nfn b(x) { a(x) }\na(1);",
        "error: functions call each other too deeply",
    );
}

#[test]
fn deep_nesting_is_an_error() {
    let around = |open: &str, inside: &str, close: &str| {
        format!("{}{inside}{}", open.repeat(5000), close.repeat(5000))
    };
    for script in [
        format!("let x = {};", around("(", "1", ")")),
        format!("let x = {};", around("[", "", "]")),
        around("{", "", "}"),
        format!("let x = {};", around("1 + ", "1", "")),
    ] {
        fails(&script, "error: expression exceeds maximum complexity").says("--> script.rhai:1:");
    }
}

#[test]
fn a_deeply_nested_value_is_an_error() {
    fails(
        "let a = [];\nfor i in 0..1000 { a = [a]; }\nwrite_json(\"a.json\", a);",
        "error: the value is nested more than 100 deep",
    );
}

/// Runs a script that must exceed a low memory limit. Only one runs at a time, because each really uses that much.
fn exhausts(script: &str) -> Ran {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock();
    Project::new()
        .rhai(&["--max-memory", "96M"], script)
        .exits(1)
        .says("uses more than 96 MiB of memory")
        .never_says("panicked")
}

#[test]
fn a_text_that_grows_without_end_is_an_error() {
    exhausts("let a = [];\nlet s = \"\"; s.pad(100000, \"x\");\nloop { a.push(s + \"y\"); }")
        .says("error: the script uses more than 96 MiB of memory")
        .says("--> script.rhai:3:");
}

#[test]
fn running_out_of_memory_cannot_be_caught() {
    let grow = "let s = \"\"; s.pad(100000, \"x\"); loop { a.push(s + \"y\"); }";
    exhausts(&format!(
        "let a = [];\ntry {{ {grow} }} catch {{ print(\"went on\"); }}"
    ))
    .prints("");
}

/// The steps of these scripts use more and more memory, so that the limit is exceeded within one.
#[test]
fn a_step_that_exceeds_the_limit_ends_the_process() {
    for script in [
        "let s = \"0123456789\";\nloop { s += s; }",
        "let a = [0];\nloop { a += a; }",
        "let a = [];\na.pad(100000, 0);\nlet b = [a];\nloop { b += b; }",
        "let s = \"x\";\nloop { s = s + s; }",
    ] {
        exhausts(script).says("--max-memory");
    }
}

#[test]
fn the_memory_limit_holds_at_the_prompt_and_for_tests() {
    let grow = "let s = \"x\"; loop { s += s; }";
    Project::new()
        .run(&["repl", "--sandbox", "--max-memory", "96M", "-e", grow])
        .exits(1)
        .says("uses more than 96 MiB of memory");
    Project::new()
        .file("grow.rhai", format!("fn test_growth() {{ {grow} }}"))
        .run(&["test", "--max-memory", "96M", "grow.rhai"])
        .exits(1);
}

#[test]
fn the_memory_limit_must_leave_room_for_the_program() {
    for size in ["1M", "0", "2", "big", "1.5G"] {
        Project::new()
            .rhai(&["--max-memory", size], "")
            .exits(2)
            .says("a size of 64M or more is needed, such as 512M or 4G");
    }
    Project::new()
        .rhai(&["--max-memory", "64M"], "print(1);")
        .succeeds()
        .prints("1\n");
}

#[test]
fn a_single_call_cannot_create_too_many_elements() {
    for call in [
        "\"\".pad(1000000000000, \"x\")",
        "\"\".pad(1000000000000, 'x')",
        "[].pad(1000000000000, 0)",
        "blob(1000000000000)",
        "blob(1000000000000, 1)",
        "blob().pad(1000000000000, 1)",
    ] {
        fails(
            &format!("{call};"),
            "error: 1000000000000 elements are too many for one call",
        );
    }
}

/// The engine cannot stop a running native function, which must limit itself.
#[cfg(unix)]
#[test]
fn a_single_call_cannot_create_a_huge_value() {
    for script in [
        "let a = [];\na.pad(1000000, 0);\nlet b = [];\nb.pad(1000000, a);",
        "let s = \"\";\ns.pad(1000000, \"x\");\ns.replace(\"x\", s);",
    ] {
        // `ulimit` protects the other tests if this one fails.
        Project::new()
            .file("giant.rhai", script)
            .shell("ulimit -v 4194304; gradient-bulk run giant.rhai")
            .exits(1)
            .says("error: ")
            .says("--> giant.rhai:")
            .never_says("memory allocation");
    }
}

/// Texts in an array are shared: 100,000 references to a text of 10 MB are small, but would be a terabyte once written.
#[cfg(unix)]
#[test]
fn a_list_that_repeats_a_huge_text_is_not_written() {
    let list = "let s = \"\";\ns.pad(10000000, \"x\");\nlet a = [];\na.pad(100000, s);\n";
    for (call, message) in [
        (
            "print(a);",
            "error: the value would be more than 256 MiB of text",
        ),
        (
            "debug(a);",
            "error: the value would be more than 256 MiB of text",
        ),
        (
            "print(#{ a: a });",
            "error: the value would be more than 256 MiB of text",
        ),
        (
            "#{ a: a }.to_json();",
            "error: the value would be more than 256 MiB of text",
        ),
        (
            "write_json(\"a.json\", a);",
            "error: the value would be more than 256 MiB of text",
        ),
        (
            "print_table(a.map(|s| #{ x: s }));",
            "error: the value would be more than 256 MiB of text",
        ),
        (
            "print(`${a}`);",
            "error: the script uses more than 2048 MiB of memory",
        ),
        (
            "let t = \"\" + a;",
            "error: the script uses more than 2048 MiB of memory",
        ),
        (
            "let t = a.to_string();",
            "error: the script uses more than 2048 MiB of memory",
        ),
        (
            "let t = [#{ a: a }].to_debug();",
            "error: the script uses more than 2048 MiB of memory",
        ),
        (
            "write_csv(\"a.csv\", [#{ x: a }]);",
            "error: the script uses more than 2048 MiB of memory",
        ),
        (
            "s.split(\"\");",
            "error: the parts of the text are too many for one call",
        ),
        ("throw a;", "error: a value that is too large to show"),
    ] {
        Project::new()
            .file("giant.rhai", format!("{list}{call}"))
            .shell("ulimit -v 4194304; gradient-bulk run giant.rhai")
            .exits(1)
            .says(message)
            .never_says("memory allocation");
    }
}

#[test]
fn an_exploding_map_is_an_error() {
    exhausts("let a = [];\na.pad(1000000, 0);\nlet m = #{};\nloop { m = #{ a: m, b: m, c: a }; }");
}

/// 200,000 rows are enough to see that the cost is linear, and not too slow in an unoptimized build.
#[test]
fn a_large_array_of_maps_is_within_the_limits() {
    Project::new()
        .rhai(
            &[],
            "let rows = [];\nfor i in 0..200000 { rows.push(#{ email: `someone${i}@example.com`, number: i }); }\nprint(rows.len());\nprint(rows[199999].email);",
        )
        .succeeds()
        .prints("200000\nsomeone199999@example.com\n");
}

#[test]
fn eval_is_disabled() {
    fails("eval(\"print(1)\");", "error: `eval` is not available").prints("");
}

/// Interrupts sending when `concurrency` invitations are in flight, which the stub holds, and waits until the program has
/// noticed.
#[cfg(unix)]
fn interrupted_in_flight(concurrency: usize, people: usize) -> (Stub, Hold, Project, Running) {
    let (stub, hold) = Stub::holding(Request::is_invite);
    let project = Project::new().talking_to(&stub);
    let mut running = project.start_rhai(
        &["--yes", "--concurrency", &concurrency.to_string()],
        &format!(
            "let emails = [];\nfor i in 0..{people} {{ emails.push(`someone${{i}}@example.com`); }}\ninvite_all(emails);\nprint(\"went on\");"
        ),
    );
    hold.await_arrivals(concurrency);
    running.signal("INT");
    running.wait_for("stopping: waiting for the invitations in flight");
    (stub, hold, project, running)
}

#[cfg(unix)]
#[test]
fn ctrl_c_while_sending_waits_for_invitations_in_flight() {
    let (stub, hold, _project, running) = interrupted_in_flight(3, 20);
    hold.release();
    running
        .finish()
        .exits(130)
        .prints("")
        .says("run 1: 20 rows: 3 created, 0 existing, 0 failed, 17 not sent\n")
        .says("the rest: `gradient-bulk send 1`\n")
        .says("\ninterrupted\n");
    assert_eq!(stub.invites().len(), 3);
}

#[cfg(unix)]
#[test]
fn ctrl_c_at_the_last_row_also_ends_the_script() {
    let (_stub, hold, _project, running) = interrupted_in_flight(1, 1);
    hold.release();
    running
        .finish()
        .exits(130)
        .prints("")
        .says("run 1: 1 row: 1 created, 0 existing, 0 failed\n")
        .says("\ninterrupted\n");
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_exits_immediately() {
    let (_stub, hold, project, running) = interrupted_in_flight(1, 1);
    running.signal("INT");
    running
        .finish()
        .exits(130)
        .prints("")
        .says("in flight; Ctrl-C again exits at once\n")
        .says("exited at once; `gradient-bulk send 1` retries rows without a recorded result\n");
    hold.release();
    settle(&project);
    project.run(&["send", "1", "--yes"]).succeeds();
}

/// If the connection to a terminal stalls, a write to standard error blocks for ever.
#[cfg(unix)]
#[test]
fn a_second_ctrl_c_exits_immediately_even_if_standard_error_blocks() {
    use std::io::{BufRead as _, BufReader, Write as _, pipe};
    use std::sync::mpsc::channel;
    use std::thread;
    use std::time::Duration;

    let (stub, hold) = Stub::holding(Request::is_invite);
    let project = Project::new()
        .file("script.rhai", "invite_all([\"jane@example.com\"]);")
        .talking_to(&stub);
    let (reader, mut stderr) = pipe().unwrap();
    let mut command = project.program(&["run", "--yes", "script.rhai"]);
    command.stderr(stderr.try_clone().unwrap());
    let running = Running::spawn(command);
    hold.await_arrivals(1);
    running.signal("INT");
    let mut lines = BufReader::new(reader).lines();
    assert!(lines.any(|line| line.unwrap().contains("Ctrl-C again exits at once")));
    // Fills the pipe. If it holds less than this, the thread blocks, as the program does.
    let (filled, is_filled) = channel();
    thread::spawn(move || {
        let _ = stderr.write_all(&vec![b'.'; 64 << 10]);
        let _ = filled.send(());
    });
    let _ = is_filled.recv_timeout(Duration::from_secs(1));
    running.signal("INT");
    running.finish().exits(130);
    drop(lines);
}

#[cfg(unix)]
#[test]
fn a_closed_output_pipe_does_not_stop_sending() {
    let project = Project::new();
    project
        .shell(
            "gradient-bulk run --sandbox invite_list a.b@example.com c.d@example.com 2>&1 | true",
        )
        .succeeds();
    project
        .rehearse("print(list_sessions().len());")
        .prints("2\n");
}
