//! The most memory that the process ever holds, as Linux counts it: at most a quarter above the limit.

use std::fs;
use std::thread;

use crate::support::{Project, Ran};

/// Small, so that the attacks end soon.
const LIMIT_MIB: u64 = 128;

/// Runs a script. Returns the most memory that it held, in KiB.
fn peak(project: &Project, script: &str) -> (u64, Ran) {
    let running = project.start_rhai(&["--max-memory", &format!("{LIMIT_MIB}M")], script);
    let status = format!("/proc/{}/status", running.id());
    let mut peak = 0;
    // The kernel keeps the maximum, so nothing is missed between two looks. A process that has ended has no such line.
    while let Some(held) = fs::read_to_string(&status).ok().and_then(|text| {
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }) {
        peak = held;
        thread::yield_now();
    }
    (peak, running.finish())
}

#[test]
fn attacks_hold_at_most_a_quarter_above_the_limit() {
    let line = "x".repeat(1000) + "\n";
    let project = Project::new()
        .file("lines.txt", line.repeat(200_000))
        .file("values.json", format!("[{}0]", "[[]],".repeat(3_000_000)));
    for script in [
        "let a = []; let s = \"\"; s.pad(1000, \"x\"); loop { a.push(s + a.len()); }",
        "let a = []; a.pad(9000000, 0);",
        "let a = []; a.pad(2000000, 0); let b = []; for i in 0..90 { b.push(a); }",
        "read_lines(\"lines.txt\");",
        "read_json(\"values.json\");",
    ] {
        let (peak, ran) = peak(&project, script);
        ran.exits(1)
            .says(&format!("uses more than {LIMIT_MIB} MiB of memory"));
        let (limit, held) = (LIMIT_MIB * 1024, peak);
        assert!(held <= limit + limit / 4, "{script}: {held} KiB");
        // Otherwise, the attack is none, or it was not seen.
        assert!(held > limit / 2, "{script}: {held} KiB");
    }
}
