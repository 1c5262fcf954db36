//! The differences between two values, for a person to read: by key, by item, by line.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time;

use rhai::{Array, Dynamic, ImmutableString, Map};
use similar::{ChangeTag, TextDiff};

use super::literal::literal;
use crate::script::values::convert::type_name;
use crate::table::Row;
use crate::text::count;
use crate::time::{DateTime, Duration};

/// The number of differences that are shown.
const MAX_DIFFERENCES: usize = 12;
/// The longest text of a value that is shown in full.
const MAX_VALUE_CHARS: usize = 300;
/// The characters shown of long texts before the first difference.
const CONTEXT_CHARS: usize = 40;
/// The time to search for the shortest difference between two texts; after that, a longer one is shown.
const DIFF_TIMEOUT: time::Duration = time::Duration::from_millis(500);
/// The depth to which values are compared.
const MAX_DEPTH: usize = 50;

/// Returns the differences between `actual` and `expected`.
pub(in crate::script) fn differences(actual: &Dynamic, expected: &Dynamic) -> Vec<String> {
    let mut found = DiffCollector::default();
    found.compare("", actual, expected, 0);
    let more = found.total - found.shown.len();
    if more > 0 {
        found.shown.push(format!("… and {more} more"));
    }
    found.shown
}

#[derive(Default)]
struct DiffCollector {
    shown: Vec<String>,
    total: usize,
}

impl DiffCollector {
    fn add(&mut self, path: &str, description: &str) {
        self.total += 1;
        if self.shown.len() < MAX_DIFFERENCES {
            self.shown.push(match path {
                "" => description.to_owned(),
                path => format!("{path}: {description}"),
            });
        }
    }

    fn compare(&mut self, path: &str, actual: &Dynamic, expected: &Dynamic, depth: usize) {
        if depth == MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} deep and not compared");
            return self.add(path, &message);
        }
        if let (Some(actual), Some(expected)) = (fields(actual), fields(expected)) {
            return self.compare_maps(path, &actual, &expected, depth);
        }
        if let (Some(actual), Some(expected)) =
            (actual.read_lock::<Array>(), expected.read_lock::<Array>())
        {
            return self.compare_arrays(path, &actual, &expected, depth);
        }
        if is_equal(actual, expected) {
            return;
        }
        match (text(actual), text(expected)) {
            (Some(actual), Some(expected)) if is_long(&actual) || is_long(&expected) => {
                self.add(path, &compare_lines(&actual, &expected));
            }
            (Some(actual), Some(expected)) => self.add(path, &compare_texts(&actual, &expected)),
            _ => self.add(path, &expected_found(actual, expected)),
        }
    }

    fn compare_maps(&mut self, path: &str, actual: &Map, expected: &Map, depth: usize) {
        let keys: BTreeSet<_> = expected.keys().chain(actual.keys()).collect();
        for key in keys {
            let path = match path {
                "" => key.to_string(),
                path => format!("{path}.{key}"),
            };
            match (actual.get(key), expected.get(key)) {
                (Some(actual), Some(expected)) => {
                    self.compare(&path, actual, expected, depth + 1);
                }
                (None, Some(expected)) => {
                    self.add(&path, &format!("missing; expected {}", show(expected)));
                }
                (Some(actual), None) => {
                    self.add(&path, &format!("not expected; found {}", show(actual)));
                }
                (None, None) => {}
            }
        }
    }

    fn compare_arrays(&mut self, path: &str, actual: &Array, expected: &Array, depth: usize) {
        if actual.len() != expected.len() {
            let (entries, found) = (count(expected.len(), "entry"), actual.len());
            self.add(path, &format!("expected {entries}, found {found}"));
        }
        for (at, (actual, expected)) in actual.iter().zip(expected).enumerate() {
            self.compare(&format!("{path}[{at}]"), actual, expected, depth + 1);
        }
        for (at, more) in expected.iter().enumerate().skip(actual.len()) {
            self.add(
                &format!("{path}[{at}]"),
                &format!("missing; expected {}", show(more)),
            );
        }
        for (at, more) in actual.iter().enumerate().skip(expected.len()) {
            self.add(
                &format!("{path}[{at}]"),
                &format!("not expected; found {}", show(more)),
            );
        }
    }
}

/// Returns the keys and values of a map, or the columns of a row.
fn fields(value: &Dynamic) -> Option<Map> {
    if let Some(row) = value.read_lock::<Row>() {
        return Some(
            row.iter()
                .map(|(column, text)| (column.into(), text.into()))
                .collect(),
        );
    }
    value.read_lock::<Map>().map(|map| map.clone())
}

fn text(value: &Dynamic) -> Option<ImmutableString> {
    value
        .read_lock::<ImmutableString>()
        .map(|text| text.clone())
}

fn is_equal(actual: &Dynamic, expected: &Dynamic) -> bool {
    if let (Some(actual), Some(expected)) = (
        actual.read_lock::<DateTime>(),
        expected.read_lock::<DateTime>(),
    ) {
        return *actual == *expected;
    }
    if let (Some(actual), Some(expected)) = (
        actual.read_lock::<Duration>(),
        expected.read_lock::<Duration>(),
    ) {
        return *actual == *expected;
    }
    match (number(actual), number(expected)) {
        (Some(actual), Some(expected)) => actual == expected,
        _ => {
            type_name(actual) == type_name(expected)
                // Rhai compares closures, but not values of our types.
                && actual.to_string() == expected.to_string()
                && literal(actual, usize::MAX) == literal(expected, usize::MAX)
        }
    }
}

/// Returns a number as text that is the same for equal numbers.
fn number(value: &Dynamic) -> Option<String> {
    let value = value.flatten_clone();
    if let Ok(whole) = value.as_int() {
        return Some(whole.to_string());
    }
    // As in Rhai, 1.0 equals 1, and -0.0 equals 0.
    value
        .as_float()
        .ok()
        .map(|number| (number + 0.0).to_string())
}

fn is_long(text: &str) -> bool {
    text.trim_end().contains('\n')
}

/// Describes the difference of two single-line texts. Of long texts, shows what surrounds the first different
/// character.
fn compare_texts(actual: &str, expected: &str) -> String {
    let same = actual
        .chars()
        .zip(expected.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let skipped = if same < MAX_VALUE_CHARS - CONTEXT_CHARS {
        0
    } else {
        same - CONTEXT_CHARS
    };
    let shown = |text: &str| {
        let from = text.chars().skip(skipped).collect::<String>();
        let start = if skipped > 0 { "…" } else { "" };
        format!("{start}{}", show(&from.into()))
    };
    format!("expected {}, found {}", shown(expected), shown(actual))
}

fn expected_found(actual: &Dynamic, expected: &Dynamic) -> String {
    let (shown, wanted) = (show(actual), show(expected));
    if shown == wanted {
        let (found, wanted) = (type_name(actual), type_name(expected));
        return format!("expected {shown} ({wanted}), found {shown} ({found})");
    }
    format!("expected {wanted}, found {shown}")
}

/// Describes the difference of two texts by line: `-` marks missing lines, `+` lines that are not expected.
fn compare_lines(actual: &str, expected: &str) -> String {
    let diff = TextDiff::configure()
        .timeout(DIFF_TIMEOUT)
        .diff_lines(expected, actual);
    let mut shown = "`-` was expected, `+` was found".to_owned();
    for (number, group) in diff.grouped_ops(2).iter().enumerate() {
        if number > 0 {
            shown.push_str("\n  …");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let mark = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            let _ = write!(
                shown,
                "\n{mark} {}",
                change.value().trim_end_matches(['\n', '\r'])
            );
        }
    }
    shown
}

fn show(value: &Dynamic) -> String {
    literal(value, MAX_VALUE_CHARS)
}

#[cfg(test)]
mod tests {
    use rhai::{Dynamic, Engine};

    use super::differences;

    fn diff_of(actual: &str, expected: &str) -> Vec<String> {
        let engine = Engine::new();
        let value = |text: &str| engine.eval::<Dynamic>(text).unwrap_or(Dynamic::UNIT);
        differences(&value(actual), &value(expected))
    }

    #[test]
    fn equal_values_do_not_differ() {
        for same in [
            "1",
            "\"a\"",
            "()",
            "true",
            "[1, [2]]",
            "#{ a: #{ b: [] } }",
            "'c'",
            "1.5",
        ] {
            assert_eq!(diff_of(same, same), [""; 0], "{same}");
        }
        assert_eq!(diff_of("1", "1.0"), [""; 0]);
        assert_eq!(diff_of("0.0", "-0.0"), [""; 0]);
    }

    #[test]
    fn both_plain_values_are_shown() {
        assert_eq!(diff_of("2", "3"), ["expected 3, found 2"]);
        assert_eq!(diff_of("\"3\"", "3"), ["expected 3, found \"3\""]);
        assert_eq!(diff_of("()", "\"\""), ["expected \"\", found ()"]);
    }

    #[test]
    fn long_lines_are_shown_from_their_first_difference() {
        let long = |end: &str| format!("\"{}{end}\"", "x".repeat(400));
        let around = "x".repeat(40);
        assert_eq!(
            diff_of(&long("1"), &long("2")),
            [format!("expected …\"{around}2\", found …\"{around}1\"")]
        );
        assert_eq!(diff_of(&long("1"), &long("1")), [""; 0]);
    }

    #[test]
    fn values_nested_too_deeply_are_not_equal() {
        let deep = |value: &str| format!("let v = {value}; for i in 0..60 {{ v = [v]; }} v");
        let [shown] = &diff_of(&deep("1"), &deep("2"))[..] else {
            panic!("one difference");
        };
        assert!(
            shown.ends_with("nested more than 50 deep and not compared"),
            "{shown}"
        );
    }

    #[test]
    fn maps_are_compared_by_key_and_arrays_by_item() {
        assert_eq!(
            diff_of("#{ a: 1, b: [1, 2], c: 3 }", "#{ a: 2, b: [1, 5], d: 4 }"),
            [
                "a: expected 2, found 1",
                "b[1]: expected 5, found 2",
                "c: not expected; found 3",
                "d: missing; expected 4",
            ]
        );
        assert_eq!(
            diff_of("[1]", "[1, 2]"),
            ["expected 2 entries, found 1", "[1]: missing; expected 2"]
        );
    }

    #[test]
    fn texts_of_several_lines_are_compared_by_line() {
        assert_eq!(
            diff_of("\"one\\n2\\nthree\\n\"", "\"one\\ntwo\\nthree\\n\""),
            ["`-` was expected, `+` was found\n  one\n- two\n+ 2\n  three"]
        );
    }

    #[test]
    fn the_number_of_shown_differences_is_limited() {
        let shown = diff_of("(0..100).to_array()", "[]");
        assert!(shown.len() <= 13);
    }
}
