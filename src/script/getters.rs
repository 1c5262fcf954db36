//! Getters for the columns that a script names.
//!
//! Without one, Rhai looks for the getter at every `row.email`, makes an error of not finding it, and only then asks the
//! index: half the time of a loop over a large file.

use std::collections::BTreeSet;

use rhai::{AST, ASTNode, Engine, Expr, ImmutableString, NativeCallContext};

use super::request::no_column;
use super::throw::{RhaiResultOf, throw};
use crate::table::Row;

/// Registers a getter for each property that `ast` names.
pub(super) fn register(engine: &mut Engine, ast: &AST) {
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
pub(super) fn column(
    ctx: &NativeCallContext,
    row: &Row,
    name: &str,
) -> RhaiResultOf<ImmutableString> {
    match row.value(name) {
        Some(text) => Ok(text.into()),
        None => Err(throw(ctx, no_column(row, name))),
    }
}
