//! The keys of maps that script functions take: the run, `check` and the reference follow the same declaration.

use std::path::PathBuf;

use gradient_bulk::internals::script::{
    Finding, Function, ImportRoot, KeyType, Linter, MapKind, MapSchema, OptionKey, Source,
    functions,
};

use crate::support::Project;

/// The functions that take a map with declared keys.
fn functions_with_schema() -> Vec<(Function, &'static MapSchema)> {
    let with_schema = functions().into_iter().filter_map(|function| {
        let schema = function.parameters.last()?.schema?;
        Some((function, schema))
    });
    with_schema.collect()
}

/// A call of `function` with `map` as the map, an item of the array, or what the closure returns.
fn call(function: &Function, map: &str) -> String {
    let (last, others) = function.parameters.split_last().unwrap();
    let mut arguments: Vec<String> = others
        .iter()
        .map(|parameter| match parameter.kind.as_str() {
            "string" => "\"people.csv\"".to_owned(),
            "Outcome" => "invite_all([])".to_owned(),
            _ => "[1]".to_owned(),
        })
        .collect();
    arguments.push(match last.kind.as_str() {
        "map" => map.to_owned(),
        "closure" => format!("|row| {map}"),
        _ => format!("[{map}]"),
    });
    format!("{}({})", function.name, arguments.join(", "))
}

/// Returns a map with the required keys, in which `key` has this value.
fn map_with(schema: &MapSchema, key: &str, value: &str) -> String {
    let required = schema.keys.iter().filter(|each| each.is_required);
    let required = required.filter(|each| each.name != key);
    let mut entries: Vec<String> = required
        .map(|each| format!("{}: \"jane@example.com\"", each.name))
        .collect();
    entries.push(format!("{key}: {value}"));
    format!("#{{ {} }}", entries.join(", "))
}

/// The code of an unknown key.
fn unknown_code(schema: &MapSchema) -> &'static str {
    match schema.kind {
        MapKind::Options => "unknown_option",
        MapKind::Request => "unknown_key",
    }
}

/// Values of a type that the key does not take.
fn wrong_values(key: &OptionKey) -> &'static [&'static str] {
    match key.key_type {
        KeyType::Bool => &["\"yes\"", "1", "[]", "#{}"],
        KeyType::Int => &["\"1\"", "true", "[]", "#{}"],
        KeyType::String | KeyType::Time => &["true", "1", "[]", "#{}"],
        KeyType::IntOrString => &["true", "1.5", "[]", "#{}"],
        KeyType::StringArray => &["true", "1", "\"name\"", "#{}"],
        KeyType::StringMap | KeyType::TextMap => &["true", "1", "\"name\"", "[]"],
    }
}

/// A call with an invalid map, and the error it raises.
struct WrongCall {
    function: Function,
    map: String,
    code: &'static str,
    /// What the error says.
    text: String,
}

impl WrongCall {
    /// Asserts that `check` finds the error where the map is written out.
    fn assert_found_by_check(&self) {
        let script = format!("print({});", call(&self.function, &self.map));
        let home = ImportRoot::Directory(PathBuf::new());
        let findings = Linter::new(Vec::new()).check(&Source::new("options.rhai", &script, home));
        let is_meant = |finding: &Finding| {
            let diagnostic = &finding.diagnostic;
            diagnostic.code == self.code && format!("{diagnostic:?}").contains(&self.text)
        };
        assert!(findings.iter().any(is_meant), "{script}: {findings:?}");
    }
}

/// Asserts that each call raises its error when it runs. The maps come from a variable, out of sight of the check before it.
fn assert_errors_when_run(calls: &[WrongCall]) {
    let blocks: Vec<String> = calls
        .iter()
        .enumerate()
        .map(|(number, wrong)| {
            let (map, call) = (&wrong.map, call(&wrong.function, "map"));
            format!(
                "{{ let map = {map}; try {{ {call}; print(`{number} accepted`); }} \
                 catch (e) {{ print(`{number} ${{e.error}} ${{e.message}} ${{e.get(\"hint\") ?? \"\"}}`); }} }}"
            )
        })
        .collect();
    let script = blocks.join("\n");
    let ran = Project::new()
        .file("people.csv", "email\na@b.com\n")
        .rehearse(&script)
        .succeeds();
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), calls.len(), "{ran}");
    for ((number, wrong), line) in calls.iter().enumerate().zip(lines) {
        assert!(
            line.starts_with(&format!("{number} {} ", wrong.code)) && line.contains(&wrong.text),
            "{} with {}: {line}",
            wrong.function.signature(),
            wrong.map
        );
    }
}

#[test]
fn every_function_that_takes_a_map_declares_its_keys() {
    let mut declared = 0;
    for function in functions() {
        let is_map = |name: &str| ["options", "filter", "choice", "request"].contains(&name);
        for parameter in &function.parameters {
            assert!(
                parameter.schema.is_some() || !is_map(&parameter.name),
                "{} has no schema in MAP_SCHEMAS",
                function.signature()
            );
        }
        declared += function
            .parameters
            .iter()
            .filter(|each| each.schema.is_some())
            .count();
    }
    assert_eq!(declared, 25);
}

#[test]
fn every_misspelled_key_is_rejected_with_a_suggestion() {
    let mut calls = Vec::new();
    for (function, schema) in functions_with_schema() {
        for key in schema.keys {
            calls.push(WrongCall {
                function: function.clone(),
                map: map_with(schema, &format!("{}x", key.name), "()"),
                code: unknown_code(schema),
                text: format!("did you mean `{}`?", key.name),
            });
        }
    }
    calls.iter().for_each(WrongCall::assert_found_by_check);
    assert_errors_when_run(&calls);
}

#[test]
fn every_value_of_a_wrong_type_is_rejected() {
    let mut calls = Vec::new();
    for (function, schema) in functions_with_schema() {
        for (key, value) in schema
            .keys
            .iter()
            .flat_map(|key| wrong_values(key).iter().map(move |value| (key, value)))
        {
            calls.push(WrongCall {
                function: function.clone(),
                map: map_with(schema, key.name, value),
                code: "wrong_type",
                text: format!("`{}` must be ", key.name),
            });
        }
    }
    calls.iter().for_each(WrongCall::assert_found_by_check);
    assert_errors_when_run(&calls);
}

#[test]
fn a_missing_key_is_an_error_only_if_it_is_required() {
    let mut calls = Vec::new();
    for (function, schema) in functions_with_schema() {
        for key in schema.keys.iter().filter(|key| key.is_required) {
            calls.push(WrongCall {
                function: function.clone(),
                map: "#{}".to_owned(),
                code: "missing_key",
                text: format!("no `{}`", key.name),
            });
        }
    }
    assert_eq!(
        calls.len(),
        3,
        "`email` of `invite` and of both forms of `invite_all`"
    );
    calls.iter().for_each(WrongCall::assert_found_by_check);
    assert_errors_when_run(&calls);
    // `()` is a missing key.
    Project::new()
        .file("people.csv", "email\na@b.com\n")
        .rhai(
            &[],
            "print(read_csv(\"people.csv\", #{ header: (), columns: (), delimiter: () }));",
        )
        .succeeds()
        .prints("[#{email: \"a@b.com\"}]\n");
}

#[test]
fn every_key_is_documented() {
    let document = include_str!("../../scripts/REFERENCE.md");
    // The documentation of `invite_all` refers to `invite` for the keys of a request.
    let takes_map = |function: &Function| function.parameters.iter().any(|each| each.kind == "map");
    for (function, schema) in functions_with_schema() {
        let name = &function.name;
        if !takes_map(&function) {
            continue;
        }
        let shown = Project::new().run(&["docs", name]).succeeds().stdout;
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = words(&shown);
        for key in schema.keys {
            let first = key.doc.chars().next();
            assert!(
                first.is_some_and(char::is_uppercase) && key.doc.ends_with('.'),
                "{name}, {}: whole sentences: {}",
                key.name,
                key.doc
            );
            let item = format!("{} ({}): {}", key.name, key.type_note(), key.doc);
            assert!(shown.contains(&words(&item)), "{item}: {shown}");
            let row = format!("| `{}` | {} |", key.name, key.type_note());
            assert!(document.contains(&row), "{row}");
        }
    }
}

#[test]
fn values_are_checked_inside_arrays_and_maps() {
    for (options, message) in [
        (
            "columns: [\"a\", 5]",
            "`columns` must be an array of strings, but an item is `int`",
        ),
        (
            "aliases: #{ a: 5 }",
            "`aliases` must be a map of strings or arrays of strings, but an item is `int`",
        ),
        (
            "aliases: #{ a: [\"b\", []] }",
            "`aliases` must be a map of strings or arrays of strings, but an item is `array`",
        ),
    ] {
        Project::new()
            .file("people.csv", "a\n1\n")
            .rhai(&[], &format!("read_csv(\"people.csv\", #{{ {options} }});"))
            .exits(1)
            .says(&format!("error: {message}"));
    }
    // A character is a string of one.
    Project::new()
        .file("people.csv", "a;b\n1;2\n")
        .rhai(
            &[],
            "print(read_csv(\"people.csv\", #{ delimiter: ';', columns: ['a'], aliases: #{ c: ['b'], d: 'b' } })[0].c);",
        )
        .succeeds()
        .prints("2\n");
}

#[test]
fn rows_and_sheets_are_numbered_from_one() {
    for (option, message) in [
        (
            "start_row: 0",
            "`start_row` must be a number from 1, not `0`",
        ),
        (
            "start_row: -1",
            "`start_row` must be a number from 1, not `-1`",
        ),
        (
            "sheet: 0",
            "`sheet` must be the name of a sheet, or its number from 1, not `0`",
        ),
    ] {
        Project::new()
            .rhai(
                &[],
                &format!("read_xlsx(\"people.xlsx\", #{{ {option} }});"),
            )
            .exits(1)
            .says(&format!("error: {message}"));
    }
}
