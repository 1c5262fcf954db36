//! The cases of csv-spectrum, read through the binary; see `tests/data/csv-spectrum/README.md`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Project;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/csv-spectrum");

/// What the JSON file says that the CSV file holds.
fn expected(case: &str) -> Value {
    let text = fs::read_to_string(Path::new(FOLDER).join(format!("{case}.json"))).unwrap();
    let mut rows: Value = serde_json::from_str(&text).unwrap();
    if case == "location_coordinates" {
        // One object instead of a list of one, and the number of another row.
        rows["Contact Phone Number"] = "2095257564".into();
        rows = Value::Array(vec![rows]);
    }
    rows
}

#[test]
fn every_case_reads_right_at_once_and_row_by_row() {
    let mut cases = 0;
    for entry in fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "csv") {
            continue;
        }
        cases += 1;
        let case = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let project = Project::new().file("case.csv", fs::read(&path).unwrap());
        project
            .rhai(
                &[],
                "write_json(\"read.json\", read_csv(\"case.csv\"));\nwrite_json(\"scan.json\", scan_csv(\"case.csv\"));",
            )
            .succeeds();
        for name in ["read.json", "scan.json"] {
            let rows: Value = serde_json::from_str(&project.read(name)).unwrap();
            assert_eq!(rows, expected(&case), "{case}, {name}");
        }
    }
    assert_eq!(cases, 12);
}
