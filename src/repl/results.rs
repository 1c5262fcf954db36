//! Draws results as text that fits the terminal.

use crate::script::DisplayValue;
use crate::table;
use crate::text::{display_width, escape_control, escape_line, group_digits, wrap_anywhere};

/// The width up to which a column gets room; longer cells are folded.
const MAX_COLUMN_WIDTH: usize = 32;
/// The width to which the first columns may be folded so that more of them fit: that of a time.
const FOLDED_COLUMN_WIDTH: usize = 20;
/// The columns of sessions and results that matter most, in this order: candidate, progress, deadline.
const PRIORITY_COLUMNS: [&str; 7] = [
    "candidate_name",
    "name",
    "status",
    "outcome",
    "due_date",
    "candidate_email",
    "email",
];
/// The width of what surrounds each cell: a border and two spaces.
const CELL_PADDING: usize = 3;
/// Width of a line without a terminal.
const DEFAULT_WIDTH: u16 = 100;
/// Below this width, breaking lines is left to the terminal.
const MIN_WIDTH: usize = 20;

/// Draws a value in lines of at most `width` characters; `plain` leaves out the quotes of a text.
pub(super) fn draw(shown: &DisplayValue, width: Option<u16>, plain: bool) -> String {
    match shown {
        DisplayValue::Text(text) if plain => escape_control(text),
        DisplayValue::Text(text) if text.contains('\n') => wrap(&escape_control(text), width, 0),
        DisplayValue::Text(text) => wrap(&escape_line(&format!("{text:?}")), width, 0),
        DisplayValue::Literal(words) => wrap(&escape_line(words), width, 0),
        DisplayValue::List { items, more } => draw_list(items, *more, width),
        DisplayValue::Pairs(pairs) => draw_pairs(pairs, width),
        DisplayValue::Table {
            columns,
            rows,
            more,
        } => draw_table(columns, rows, *more, width),
    }
}

fn draw_list(items: &[String], more: Option<usize>, width: Option<u16>) -> String {
    let items: Vec<String> = items.iter().map(|item| escape_line(item)).collect();
    let line = format!("[{}]", items.join(", "));
    let room = usize::from(width.unwrap_or(DEFAULT_WIDTH));
    if more == Some(0) && display_width(&line) <= room {
        return line;
    }
    let mut lines: Vec<String> = items.iter().map(|item| wrap(item, width, 2)).collect();
    lines.extend(more_notice(more));
    lines.join("\n")
}

/// Draws names and values in two columns.
pub(super) fn draw_pairs(pairs: &[(String, String)], width: Option<u16>) -> String {
    let keys = pairs
        .iter()
        .map(|(key, _)| display_width(&escape_line(key)));
    let room = keys.max().unwrap_or(0);
    let lines = pairs.iter().map(|(key, value)| {
        let key = escape_line(key);
        let gap = " ".repeat(room - display_width(&key) + 2);
        let line = format!("{key}{gap}{}", escape_line(value));
        wrap(line.trim_end(), width, room + 2)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn draw_table(
    columns: &[String],
    rows: &[Vec<String>],
    more: Option<usize>,
    width: Option<u16>,
) -> String {
    if rows.is_empty() {
        return format!("no rows; columns: {}", escape_line(&columns.join(", ")));
    }
    let kept = match width {
        Some(width) => fitting_columns(columns, rows, usize::from(width)),
        None => (0..columns.len()).collect(),
    };
    let pick = |texts: &[String]| -> Vec<String> {
        let texts = kept.iter().map(|at| texts.get(*at));
        texts
            .map(|text| text.map(|text| escape_line(text)).unwrap_or_default())
            .collect()
    };
    let cells: Vec<Vec<String>> = rows.iter().map(|row| pick(row)).collect();
    let mut lines = vec![table::draw(&pick(columns), &cells, width)];
    lines.extend(more_notice(more));
    let left_out: Vec<&str> = (0..columns.len())
        .filter(|at| !kept.contains(at))
        .map(|at| columns[at].as_str())
        .collect();
    if !left_out.is_empty() {
        let names = escape_line(&left_out.join(", "));
        lines.push(wrap(&format!("… no room for {names}"), width, 2));
    }
    lines.join("\n")
}

/// Chooses the columns that fit. [`PRIORITY_COLUMNS`] come first, folded if necessary. Columns that are empty in the shown rows
/// are dropped first, and then ids and tokens.
fn fitting_columns(columns: &[String], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    let needed = |at: usize, max: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        let widest = cells.map(|cell| display_width(cell)).max().unwrap_or(0);
        widest.min(max).max(display_width(&columns[at])) + CELL_PADDING
    };
    let priority = |at: usize| {
        PRIORITY_COLUMNS
            .iter()
            .position(|name| *name == columns[at])
    };
    let rank = |at: &usize| {
        let column = columns[*at].as_str();
        let is_blank = rows
            .iter()
            .all(|row| row.get(*at).is_none_or(String::is_empty));
        let is_for_machines = column == "id" || column == "token" || column.ends_with("_id");
        let priority = priority(*at).unwrap_or(PRIORITY_COLUMNS.len());
        (is_blank, is_for_machines, priority)
    };
    let mut ranked: Vec<usize> = (0..columns.len()).collect();
    ranked.sort_by_key(rank);
    let mut kept: Vec<usize> = Vec::new();
    // The width with all kept columns at full width, and with the priority columns folded.
    let (mut used, mut folded) = (1, 1);
    for at in ranked {
        let is_priority = priority(at).is_some();
        let wide = needed(at, MAX_COLUMN_WIDTH);
        let narrow = if is_priority {
            needed(at, FOLDED_COLUMN_WIDTH)
        } else {
            wide
        };
        let fits = if is_priority {
            folded + narrow <= width
        } else {
            used + wide <= width
        };
        if kept.is_empty() || fits {
            used += wide;
            folded += narrow;
            kept.push(at);
        }
    }
    kept.sort_unstable();
    kept
}

fn more_notice(more: Option<usize>) -> Option<String> {
    match more {
        Some(0) => None,
        Some(more) => Some(format!(
            "… {} more, `:all` shows them",
            group_digits(more as u64)
        )),
        None => Some("… more, `:all` shows them".to_owned()),
    }
}

/// Breaks lines that are longer than `width`; the continuation is indented.
pub(super) fn wrap(text: &str, width: Option<u16>, indent: usize) -> String {
    match width {
        Some(width) => wrap_anywhere(text, usize::from(width).max(MIN_WIDTH), indent),
        None => text.to_owned(),
    }
}
