//! Results as text, fitted to the terminal.

use crate::script::DisplayValue;
use crate::table;
use crate::text::{display_width, escape_control, escape_line, group_digits, wrap_anywhere};

/// Widest column that a table is given room for; longer cells are folded.
const MAX_COLUMN_WIDTH: usize = 32;
/// Width to which the first columns may be folded, so that more of them have room; that of a time.
const FOLDED_COLUMN_WIDTH: usize = 20;
/// What is wanted of a list of sessions or results before all else, in this order: who, how far, until when.
const PRIORITY_COLUMNS: [&str; 7] = [
    "candidate_name",
    "name",
    "status",
    "outcome",
    "due_date",
    "candidate_email",
    "email",
];
/// What a table puts around each cell: a border and two spaces.
const CELL_PADDING: usize = 3;
/// Width of lines where nobody says how wide they are.
const DEFAULT_WIDTH: u16 = 100;
/// A terminal that is narrower breaks lines itself.
const MIN_WIDTH: usize = 20;

/// Draws `shown` for lines of `width` characters, or without such a limit; a text without quotes if it is to be `plain`.
pub(super) fn draw(shown: &DisplayValue, width: Option<u16>, plain: bool) -> String {
    match shown {
        DisplayValue::Text(text) if plain => escape_control(text),
        DisplayValue::Text(text) if text.contains('\n') => wrap(&escape_control(text), width, 0),
        DisplayValue::Text(text) => wrap(&escape_line(&format!("{text:?}")), width, 0),
        DisplayValue::Literal(words) => wrap(&escape_line(words), width, 0),
        DisplayValue::List { items, more } => draw_list(items, *more, width),
        DisplayValue::Pairs(pairs) => draw_rows(pairs, width),
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

/// Draws texts beside their names.
pub(super) fn draw_rows(pairs: &[(String, String)], width: Option<u16>) -> String {
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

/// Chooses the columns that fit. Those of [`PRIORITY_COLUMNS`] come first, folded if need be; those that say nothing in the shown rows, and
/// then ids and tokens, make room for the others.
fn fitting_columns(columns: &[String], rows: &[Vec<String>], width: usize) -> Vec<usize> {
    let needed = |at: usize, most: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        let widest = cells.map(|cell| display_width(cell)).max().unwrap_or(0);
        widest.min(most).max(display_width(&columns[at])) + CELL_PADDING
    };
    let place_of = |at: usize| {
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
        let place = place_of(*at).unwrap_or(PRIORITY_COLUMNS.len());
        (is_blank, is_for_machines, place)
    };
    let mut wanted: Vec<usize> = (0..columns.len()).collect();
    wanted.sort_by_key(rank);
    let mut kept: Vec<usize> = Vec::new();
    // With what is kept as wide as it wants to be, and with the first ones folded.
    let (mut used, mut folded) = (1, 1);
    for at in wanted {
        let is_first = place_of(at).is_some();
        let wide = needed(at, MAX_COLUMN_WIDTH);
        let narrow = if is_first {
            needed(at, FOLDED_COLUMN_WIDTH)
        } else {
            wide
        };
        let fits = if is_first {
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

/// Says that there is more.
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

/// Breaks lines that are too long for `width`; what follows is indented.
pub(super) fn wrap(text: &str, width: Option<u16>, indent: usize) -> String {
    match width {
        Some(width) => wrap_anywhere(text, usize::from(width).max(MIN_WIDTH), indent),
        None => text.to_owned(),
    }
}
