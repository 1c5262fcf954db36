//! A value on one line, as a script would write it, cut off if it is long.

use std::fmt::Write as _;

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map};

use crate::bulk::Outcome;
use crate::script::rows::results::Results;
use crate::script::rows::scan::Scan;
use crate::script::values::skip::Skip;
use crate::table::Row;
use crate::time::{DateTime, Duration};

/// The depth to which a value is written.
const MAX_DEPTH: usize = 8;

/// Writes at most `max_chars` characters of `value`.
pub(super) fn literal(value: &Dynamic, max_chars: usize) -> String {
    let mut line = LiteralWriter {
        text: String::new(),
        max_chars,
    };
    line.write(value, 0);
    if let Some((end, _)) = line.text.char_indices().nth(max_chars) {
        line.text.truncate(end);
        line.text.push('…');
    }
    line.text
}

struct LiteralWriter {
    text: String,
    max_chars: usize,
}

impl LiteralWriter {
    fn write(&mut self, value: &Dynamic, depth: usize) {
        if self.is_full() {
            return;
        }
        if depth > MAX_DEPTH {
            self.text.push('…');
        } else if let Some(text) = value.read_lock::<ImmutableString>() {
            self.quote(&text);
        } else if let Some(items) = value.read_lock::<Array>() {
            self.list(&items, depth);
        } else if let Some(map) = value.read_lock::<Map>() {
            let value = |line: &mut Self, value: &Dynamic| line.write(value, depth + 1);
            self.fields(map.iter(), value);
        } else if let Some(row) = value.read_lock::<Row>() {
            self.fields(row.iter(), Self::quote);
        } else if let Some(function) = value.read_lock::<FnPtr>() {
            self.text.push_str(&function_label(&function));
        } else {
            self.text.push_str(&plain(value));
        }
    }

    /// A character has at most four bytes.
    fn is_full(&self) -> bool {
        self.text.len() > self.max_chars.saturating_mul(4)
    }

    fn quote(&mut self, text: &str) {
        let start: String = text
            .chars()
            .take(self.max_chars.saturating_add(1))
            .collect();
        let _ = write!(self.text, "{start:?}");
    }

    fn list(&mut self, items: &[Dynamic], depth: usize) {
        self.text.push('[');
        for (at, item) in items.iter().enumerate() {
            if self.is_full() {
                break;
            }
            self.text.push_str(if at > 0 { ", " } else { "" });
            self.write(item, depth + 1);
        }
        self.text.push(']');
    }

    fn fields<K: AsRef<str>, V>(
        &mut self,
        fields: impl Iterator<Item = (K, V)>,
        mut value: impl FnMut(&mut Self, V),
    ) {
        self.text.push_str("#{");
        let mut end = "}";
        for (key, field) in fields {
            if self.is_full() {
                break;
            }
            let comma = if end == "}" { "" } else { "," };
            let _ = write!(self.text, "{comma} {}: ", key.as_ref());
            value(self, field);
            end = " }";
        }
        self.text.push_str(end);
    }
}

/// Describes a function value: a closure, or a function by name.
pub(super) fn function_label(function: &FnPtr) -> String {
    if function.is_anonymous() {
        "closure".to_owned()
    } else {
        format!("function `{}`", function.fn_name())
    }
}

/// Rhai would show only the names of our types.
fn plain(value: &Dynamic) -> String {
    if value.is_unit() {
        "()".to_owned()
    } else if let Some(time) = value.read_lock::<DateTime>() {
        time.to_string()
    } else if let Some(duration) = value.read_lock::<Duration>() {
        duration.to_string()
    } else if let Some(outcome) = value.read_lock::<Outcome>() {
        format!("run {}: {}", outcome.run, *outcome)
    } else if let Some(scan) = value.read_lock::<Scan>() {
        format!("scan of {}", scan.name().display())
    } else if let Some(results) = value.read_lock::<Results>() {
        format!("{} results", results.len())
    } else if let Some(skip) = value.read_lock::<Skip>() {
        format!("skip: {}", skip.reason)
    } else if let Some(letter) = value.read_lock::<char>() {
        format!("{:?}", *letter)
    } else {
        value.to_string()
    }
}
