//! What `runs`, its report and `--json` show of every kind of change.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::change_service::{ChangeService, Kind, add};
use crate::stub::Reply;
use crate::support::{Project, Ran};

/// A run with 2 rows that were changed, one that needed no change, one that failed, and 2 that are left.
fn mixed_run(kind: Kind) -> (ChangeService, Project, Ran) {
    let service = ChangeService::start(kind, 6, |number, _, _| {
        (number == 2).then(|| Reply::refusal(422, "not today"))
    });
    // It is asked for nevertheless if it is an invitation: the answer has the link.
    let (status, first) = match kind {
        Kind::Invite => ("setup", "4"),
        Kind::Revoke => ("setup", "3"),
        Kind::Score => ("scored", "3"),
    };
    add(&service.sessions, "s0001", "p1@example.com", status);
    let project = service.project();
    let ran = service
        .run(
            &project,
            &["--concurrency", "1", "--first", first, "--json"],
        )
        .exits(3);
    (service, project, ran)
}

/// What a row is called that was changed, and one that needed no change.
fn results(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Invite => ["created", "existing"],
        Kind::Revoke => ["revoked", "kept"],
        Kind::Score => ["scored", "kept"],
    }
}

/// Reads a table that is drawn with lines: the cells of each row by column.
fn read_table(ran: &Ran) -> Vec<BTreeMap<String, String>> {
    let lines = ran.stdout.lines().filter(|line| line.contains('│'));
    let mut rows = lines.map(|line| {
        let cells = line.trim_matches('│').split(['│', '┆']);
        cells.map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    });
    let columns = rows.next().unwrap();
    rows.map(|cells| columns.iter().cloned().zip(cells).collect())
        .collect()
}

#[test]
fn runs_counts_what_rows_of_the_kind_can_be() {
    for kind in Kind::ALL {
        let (_service, project, _) = mixed_run(kind);
        let rows = read_table(&project.run(&["runs"]).succeeds());
        let [changed, unchanged] = results(kind);
        for (column, number) in [
            ("rows", "6"),
            (changed, "2"),
            (unchanged, "1"),
            ("failed", "1"),
            ("left", "2"),
        ] {
            assert_eq!(rows[0][column], number, "{kind:?}: {column} in {rows:?}");
        }
        for other in Kind::ALL.map(results).concat() {
            let is_own = [changed, unchanged].contains(&other);
            assert_eq!(rows[0].contains_key(other), is_own, "{kind:?}: {rows:?}");
        }
    }
}

#[test]
fn runs_of_several_kinds_share_a_table() {
    let service = ChangeService::healthy(Kind::Invite, 2);
    let project = service.project();
    service.run(&project, &[]).succeeds();
    project
        .run(&["undo", "1", "--yes", "--max-changes", "2"])
        .succeeds();
    let rows = read_table(&project.run(&["runs"]).succeeds());
    let of = |row: usize| ["kind", "created", "revoked", "failed"].map(|column| &rows[row][column]);
    assert_eq!(of(0), ["revoke", "", "2", "0"]);
    assert_eq!(of(1), ["invite", "2", "", "0"]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_narrow_table_counts_every_kind() {
    for kind in Kind::ALL {
        let (_service, project, _) = mixed_run(kind);
        let [changed, unchanged] = results(kind);
        let ran = project
            .shell("script -qec 'stty cols 80; gradient-bulk runs' /dev/null")
            .succeeds()
            .shows(&format!("2\u{a0}{changed}"))
            .shows(&format!("1\u{a0}{unchanged}"))
            .shows("1\u{a0}failed")
            .shows("2\u{a0}left");
        let widths = ran
            .stdout
            .lines()
            .map(|line| line.trim_end().chars().count());
        assert!(widths.max() <= Some(80), "{ran}");
    }
}

#[test]
fn the_summary_of_a_run_counts_and_names_the_next_commands() {
    for kind in Kind::ALL {
        let (_service, project, ran) = mixed_run(kind);
        let [changed, unchanged] = results(kind);
        let counts = format!(
            "6 rows: 2 {changed}, 1 {unchanged}, 1 failed, 2 not {}\n",
            kind.sent()
        );
        ran.says(&format!("run 1: {counts}"));
        let shown = project
            .run(&["runs", "1"])
            .succeeds()
            .shows(&format!("  outcome      {counts}"))
            .shows("  failed       row ")
            .shows("  failed: `gradient-bulk runs 1 --failed`; retry: `gradient-bulk send 1 --failed`\n")
            .shows("  the rest: `gradient-bulk send 1`\n");
        if kind != Kind::Invite {
            shown.shows("  kept: `gradient-bulk runs 1 --kept`\n");
            let kept = project.run(&["runs", "1", "--kept", "--format", "jsonl"]);
            let kept = kept.succeeds().json_lines();
            assert_eq!(kept.len(), 1, "{kept:?}");
            assert_eq!(kept[0]["email"], "p1@example.com");
        }
    }
}

#[test]
fn the_report_of_a_run_counts_every_kind() {
    for kind in Kind::ALL {
        let (_service, project, _) = mixed_run(kind);
        project
            .run(&["runs", "1", "--report", "run.html"])
            .succeeds();
        let page = project.read("run.html");
        let figures: [(&str, u32); 2] = match kind {
            Kind::Invite => [("Invited", 2), ("Already invited", 1)],
            Kind::Revoke => [("Revoked", 2), ("Kept", 1)],
            Kind::Score => [("Scored", 2), ("Kept", 1)],
        };
        let common = [("Rows", 6), ("Not sent", 2), ("Failed or invalid", 1)];
        for (name, number) in figures.into_iter().chain(common) {
            let figure = format!("<dt>{name}</dt><dd><b>{number}</b>");
            assert!(page.contains(&figure), "{kind:?}: no {figure}");
        }
        let has_deadlines = page.contains("id=\"deadlines\"");
        assert_eq!(has_deadlines, kind == Kind::Invite, "{kind:?}");
        assert!(
            page.contains("p1@example.com"),
            "{kind:?}: nobody is left out"
        );
    }
}

/// The keys of an object.
fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn json_has_one_shape_for_all_kinds() {
    let mut shapes = BTreeSet::new();
    for kind in Kind::ALL {
        let (service, project, ran) = mixed_run(kind);
        let changed = match kind {
            Kind::Invite => "created",
            Kind::Revoke | Kind::Score => "done",
        };
        let unchanged = match kind {
            Kind::Invite => "existing",
            Kind::Revoke | Kind::Score => "kept",
        };
        let summary = ran.json();
        for (key, number) in [
            ("exit_status", 3),
            ("total", 6),
            (changed, 2),
            (unchanged, 1),
            ("failed", 1),
            ("planned", 2),
        ] {
            assert_eq!(summary[key], number, "{kind:?}: {key} in {summary}");
        }
        let mut run_keys = keys(&summary);
        run_keys.remove("scores");
        let listed = project.run(&["runs", "--json"]).succeeds().json();
        assert_eq!(
            (
                &listed[0][changed],
                &listed[0][unchanged],
                &listed[0]["left"]
            ),
            (&2.into(), &1.into(), &2.into())
        );
        let rows = project.run(&["runs", "1", "--all", "--json"]).succeeds();
        let rows = rows.json();
        let sent = service.send(&project, &["--json"]).exits(3).json();
        assert_eq!((&sent["total"], &sent[changed]), (&6.into(), &4.into()));
        shapes.insert([run_keys, keys(&listed[0]), keys(&rows[0]), keys(&sent)]);
    }
    assert_eq!(shapes.len(), 1, "{shapes:#?}");
}
