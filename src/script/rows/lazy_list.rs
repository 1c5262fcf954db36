//! What a lazy list is: a value of a script whose rows are made when they are needed.

use rhai::{Dynamic, Position};

use crate::script::error::throw::Throw;

/// A list whose rows are made when they are needed, and again in each pass.
pub(super) trait LazyList: Clone + 'static {
    /// Its name in scripts.
    const NAME: &'static str;

    /// Begins a pass over its rows.
    fn stream(&self) -> Result<RowStream, Throw>;

    /// Tells whether another pass yields the same rows again.
    fn can_repeat(&self) -> bool;

    /// Returns where the script made it.
    fn position(&self) -> Position;
}

/// One pass over a lazy list.
pub(in crate::script) struct RowStream {
    /// The columns that every row has, in order.
    pub(in crate::script) columns: Vec<String>,
    /// The rows; none come after an error.
    pub(in crate::script) rows: BoxedRows,
}

pub(super) type BoxedRows = Box<dyn Iterator<Item = Result<Dynamic, Throw>>>;
