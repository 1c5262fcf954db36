//! Getters for the columns that a script reads, and the error for a missing column.
//!
//! Without a getter, Rhai looks one up at every `row.email`, makes an error of not finding it, and only then asks the
//! index. That takes half the time of a loop over a large file.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Engine, Expr, ImmutableString, NativeCallContext};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{RhaiResultOf, Throw, throw};
use crate::script::number::int;
use crate::table::{Advice, Row, match_key};
use crate::text::nearest;

/// Registers a getter for each property name in `ast`.
pub(in crate::script) fn register(engine: &mut Engine, ast: &AST) {
    let mut names = BTreeSet::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::Property(property, _))) = path.last() {
            names.insert(property.2.clone());
        }
        true
    });
    for name in names {
        engine.register_get(
            name.clone(),
            move |ctx: NativeCallContext, row: &mut Row| column(&ctx, row, &name),
        );
    }
}

/// Returns the text of `row` in the column `name`.
pub(in crate::script) fn column(
    ctx: &NativeCallContext,
    row: &Row,
    name: &str,
) -> RhaiResultOf<ImmutableString> {
    match optional_column(ctx, row, name)? {
        Some(text) => Ok(text.into()),
        None => Err(throw(ctx, unknown_column(row, name))),
    }
}

/// Returns the text of `row` in the column `name`, if it has that column.
///
/// # Errors
/// `bad_table`: several columns match. `bad_cell`: the cell shows an error.
pub(in crate::script) fn optional_column<'r>(
    ctx: &NativeCallContext,
    row: &'r Row,
    name: &str,
) -> RhaiResultOf<Option<&'r str>> {
    let text = row.value(name);
    if let Some(error) = cell_error(row, name) {
        return Err(throw(ctx, error));
    }
    match row.header().ambiguity(name).filter(|_| text.is_none()) {
        Some(ambiguity) => Err(throw(ctx, ambiguity)),
        None => Ok(text),
    }
}

/// Returns the error for a cell whose formula failed.
pub(in crate::script) fn cell_error(row: &Row, column: &str) -> Option<Throw> {
    let shown = row.cell_error(column)?;
    let file_column = row.header().column(column).unwrap_or(column);
    let error = Throw::new(
        ErrorCode::BadCell,
        format!("the cell in the column `{file_column}` shows the error {shown}"),
    );
    Some(
        error
            .with("file", row.header().path().display().to_string())
            .with("file_line", int(row.line())),
    )
}

/// Returns the error for a column that a row does not have.
pub(in crate::script) fn unknown_column(row: &Row, column: &str) -> Throw {
    let file = row.header().path().display();
    let columns: Vec<&str> = row.header().columns().iter().map(String::as_str).collect();
    let listed: Vec<String> = columns.iter().map(|each| format!("`{each}`")).collect();
    let is_word = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let key = if is_word(column) {
        column.to_owned()
    } else {
        format!("\"{column}\"")
    };
    let advice = row.header().advice();
    let is_one = advice.is_some_and(Advice::names_delimiter);
    let likely = nearest(column, columns.iter().copied()).filter(|_| !is_one);
    let hint = match likely {
        Some(likely) => {
            let read = if is_word(likely) {
                format!("row.{likely}")
            } else {
                format!("row[\"{likely}\"]")
            };
            let other_way = if match_key(likely) == match_key(column) {
                format!(" Or read the file with `#{{ aliases: #{{ {key}: [] }} }}`")
            } else {
                " Or rename the column in the file".to_owned()
            };
            format!("did you mean `{read}`?{other_way}")
        }
        None => format!("for a column that may be absent, write `row.get(\"{column}\") ?? \"\"`"),
    };
    let hint = match advice.and_then(Advice::hint).filter(|_| likely.is_none()) {
        Some(elsewhere) if is_one => elsewhere,
        Some(elsewhere) => format!("{elsewhere}; {hint}"),
        None => hint,
    };
    let user_hint = match likely {
        Some(likely) => format!("rename the column `{likely}` to `{column}` in the file"),
        None => format!("add the column `{column}` to the file, or rename the right one"),
    };
    let elsewhere = advice.and_then(Advice::user_hint);
    let user_hint = match elsewhere.filter(|_| likely.is_none()) {
        Some(elsewhere) if is_one => elsewhere,
        Some(elsewhere) => format!("{elsewhere}; or {user_hint}"),
        None => user_hint,
    };
    Throw::new(
        ErrorCode::UnknownColumn,
        format!(
            "`{file}` has no column `{column}`; its columns are {}",
            listed.join(", ")
        ),
    )
    .hint(hint)
    .user_hint(Some(user_hint))
}
