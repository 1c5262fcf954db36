//! Converts values of scripts to JSON and text, and JSON to values.

use rhai::{Array, Dynamic, ImmutableString, Map};
use serde_json::{Number, Value};

use crate::script::limits::text_size::fits_text_limit;
use crate::script::number::from_json_number;
use crate::table::Row;
use crate::time::{DateTime, Duration};

/// The depth to which a value is converted. Deeper nesting is a mistake, and would exhaust the stack.
const MAX_DEPTH: usize = 100;

/// Turns an optional value into a value or `()`.
pub(in crate::script) fn or_unit<T: Into<Dynamic>>(value: Option<T>) -> Dynamic {
    value.map_or(Dynamic::UNIT, Into::into)
}

/// Turns JSON into a value; `rename` is applied to the keys of objects.
pub(in crate::script) fn from_json(value: &Value, rename: &dyn Fn(&str) -> String) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(flag) => (*flag).into(),
        Value::Number(number) => from_json_number(number),
        Value::String(text) => text.into(),
        Value::Array(items) => items
            .iter()
            .map(|item| from_json(item, rename))
            .collect::<Array>()
            .into(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| (rename(key).into(), from_json(value, rename)))
            .collect::<Map>()
            .into(),
    }
}

/// Turns a value into JSON: rows and maps become objects, times become instants in UTC, functions become `null`.
///
/// Returns `None` if the value is nested too deeply, or too large.
pub(in crate::script) fn to_json(value: &Dynamic) -> Option<Value> {
    if !fits_text_limit(value) {
        return None;
    }
    json_at(value, 0)
}

fn json_at(value: &Dynamic, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().map(|item| json_at(item, depth + 1)).collect();
    }
    if let Some(map) = value.read_lock::<Map>() {
        return map
            .iter()
            .map(|(key, value)| Some((key.to_string(), json_at(value, depth + 1)?)))
            .collect::<Option<_>>()
            .map(Value::Object);
    }
    if let Some(row) = value.read_lock::<Row>() {
        let cells = row
            .iter()
            .map(|(column, cell)| (column.to_owned(), cell.into()));
        return Some(Value::Object(cells.collect()));
    }
    let json = if value.is_unit() || value.is_fnptr() {
        Value::Null
    } else if let Ok(flag) = value.as_bool() {
        Value::Bool(flag)
    } else if let Ok(number) = value.as_int() {
        Value::from(number)
    } else if let Ok(number) = value.as_float() {
        Number::from_f64(number).map_or(Value::Null, Value::Number)
    } else {
        Value::String(to_cell(value))
    };
    Some(json)
}

/// Turns a value into the text of a cell of a file: `()` is empty, and a time is an instant in UTC.
pub(in crate::script) fn to_cell(value: &Dynamic) -> String {
    if value.is_unit() {
        return String::new();
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return text.to_string();
    }
    if let Some(time) = value.read_lock::<DateTime>() {
        return time.to_rfc3339();
    }
    if let Some(duration) = value.read_lock::<Duration>() {
        return duration.to_string();
    }
    if value.is_array() || value.is_map() {
        return to_json(value).map_or_else(String::new, |json| json.to_string());
    }
    value.to_string()
}

/// Turns a value into the text of a cell that a person reads: a time is in its zone.
pub(in crate::script) fn to_display(value: &Dynamic) -> String {
    match value.read_lock::<DateTime>() {
        Some(time) => time.to_minute_and_zone(),
        None => to_cell(value),
    }
}

/// Returns the name of the type of `value` in scripts.
pub(in crate::script) fn type_name(value: &Dynamic) -> String {
    plain_type_name(value.type_name()).to_owned()
}

/// Returns the name in scripts of a type that Rhai calls `rhai`.
pub(in crate::script) fn plain_type_name(rhai: &str) -> &str {
    match rhai.trim() {
        "&str | ImmutableString | String"
        | "ImmutableString"
        | "&str"
        | "alloc::string::String" => "string",
        "i64" | "INT" => "int",
        "f64" | "FLOAT" => "float",
        "Fn" | "FnPtr" => "closure",
        "range=" => "range",
        other if is_range(other) => "range",
        other => other.rsplit("::").next().unwrap_or(other),
    }
}

/// `core::ops::range::RangeInclusive<i64>`
fn is_range(rust: &str) -> bool {
    let name = rust.split('<').next().unwrap_or(rust);
    let name = name.rsplit("::").next().unwrap_or(name);
    name != rust && matches!(name, "Range" | "RangeInclusive")
}

/// Replaces the names of Rust types in a message of Rhai with those that scripts know. Every message passes through here, or its
/// types through [`plain_type_name`].
pub(in crate::script) fn in_script_types(message: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || "_:<>&".contains(c);
    let mut shown = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(start) = rest.find(is_part) {
        let (before, word) = rest.split_at(start);
        let (word, after) = word.split_at(word.find(|c| !is_part(c)).unwrap_or(word.len()));
        // A colon may end a clause, and does not belong to the type.
        let name = word.trim_end_matches(':');
        shown.push_str(before);
        shown.push_str(match name {
            "i64" | "f64" | "ImmutableString" | "&str" | "INT" | "FLOAT" | "FnPtr" => {
                plain_type_name(name)
            }
            path if path.contains("::") || is_range(path) => plain_type_name(path),
            other => other,
        });
        shown.push_str(&word[name.len()..]);
        rest = after;
    }
    shown.push_str(rest);
    shown
}
