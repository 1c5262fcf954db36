//! The cases of csv-spectrum, read by scripts; see `tests/data/csv-spectrum/README.md`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::Project;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/csv-spectrum");

/// Reads the expected content of the CSV file from the JSON file.
fn expected(case: &str) -> Value {
    let text = fs::read_to_string(Path::new(FOLDER).join(format!("{case}.json"))).unwrap();
    let mut rows: Value = serde_json::from_str(&text).unwrap();
    if case == "location_coordinates" {
        // The file holds one object instead of a list of one, and the number of another row.
        rows["Contact Phone Number"] = "2095257564".into();
        rows = Value::Array(vec![rows]);
    }
    rows
}

#[test]
fn read_csv_and_scan_csv_pass_every_case() {
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
