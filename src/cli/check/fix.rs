//! `check --fix`: applies the changes that are certain, and shows them as a diff.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::script::{Diagnostic, Edit, Linter, Source};
use crate::table;
use crate::text::escape_keep_tabs;

/// How often a script is checked again after changes. The parser stops at the first error, so each may show another one.
const MAX_ROUNDS: usize = 200;

const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// The changes to a script.
pub(super) struct FixedScript {
    pub(super) edits: usize,
    pub(super) diff: String,
}

/// Changes the file of `source` in one step, or leaves it alone if there is nothing certain to change.
pub(super) fn fix(
    linter: &Linter,
    source: &Source,
    color: bool,
) -> Result<Option<FixedScript>, Error> {
    let (text, edits) = fixed_text(linter, source);
    if edits == 0 {
        return Ok(None);
    }
    let path = real_path(source)?;
    let original = Source::read(&path)?;
    if original.sha256 != source.sha256 {
        let message = format!("`{}` changed while it was checked", source.name);
        let changed = Diagnostic::new(ErrorCode::File, message);
        return Err(changed.hint("run the command again").into());
    }
    // A byte order mark and a `#!` line are not part of the checked text.
    let whole = fs::read_to_string(&path).unwrap_or_default();
    let prefix = whole.strip_suffix(&*source.text).unwrap_or_default();
    let file = path.as_path().into();
    table::replace_file(&file, |out| write!(out, "{prefix}{text}"))?;
    Ok(Some(FixedScript {
        edits,
        diff: diff(source, &text, color),
    }))
}

/// A link stays a link, and the file that it leads to is changed.
fn real_path(source: &Source) -> Result<PathBuf, Error> {
    let name = Path::new(&*source.name);
    fs::canonicalize(name).map_err(|error| {
        let message = format!("cannot change `{}`: {error}", name.display());
        Diagnostic::new(ErrorCode::File, message).into()
    })
}

/// Applies the edits of all findings until there are no more, and counts them.
fn fixed_text(linter: &Linter, source: &Source) -> (String, usize) {
    let mut text = source.text.to_string();
    let mut applied = 0;
    for _ in 0..MAX_ROUNDS {
        let current = Source::new(&source.name, &text, source.import_root.clone());
        let edits: Vec<Edit> = linter
            .check(&current)
            .into_iter()
            .map(|finding| finding.diagnostic)
            .filter(|diagnostic| {
                let location = diagnostic.location.as_ref();
                location.is_some_and(|location| location.name == source.name)
            })
            .filter_map(|diagnostic| diagnostic.edit)
            .collect();
        let edited = apply(&mut text, &edits);
        if edited == 0 {
            break;
        }
        applied += edited;
    }
    (text, applied)
}

/// Applies the edits that do not overlap, from the last to the first, and counts them.
fn apply(text: &mut String, edits: &[Edit]) -> usize {
    let mut ranges: Vec<_> = edits
        .iter()
        .filter_map(|edit| Some((edit.range(text)?, &edit.new)))
        .collect();
    ranges.sort_by_key(|(range, _)| (range.start, range.end));
    ranges.dedup();
    let mut limit = text.len() + 1;
    let mut applied = 0;
    for (range, new) in ranges.into_iter().rev() {
        if range.end < limit {
            limit = range.start;
            text.replace_range(range, new);
            applied += 1;
        }
    }
    applied
}

fn diff(source: &Source, text: &str, color: bool) -> String {
    let name = escape_keep_tabs(&source.name);
    let diff = TextDiff::from_lines(&*source.text, text);
    let unified = diff
        .unified_diff()
        .context_radius(3)
        .header(&name, &name)
        .to_string();
    let lines = unified.lines().map(|line| {
        let line = escape_keep_tabs(line.trim_end_matches('\r'));
        let style = match line.chars().next() {
            Some('-') => REMOVED,
            Some('+') => ADDED,
            _ => return line,
        };
        if color {
            format!("{style}{line}{style:#}")
        } else {
            line
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
