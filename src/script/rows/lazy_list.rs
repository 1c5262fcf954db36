//! Lazy lists: values of a script that produce rows on demand.

use rhai::{Dynamic, Position};

use crate::script::error::throw::Throw;

/// A list that produces its rows on demand, and again in each pass.
pub(super) trait LazyList: Clone + 'static {
    /// The name of the type in scripts.
    const NAME: &'static str;

    /// Starts a pass over the rows.
    fn stream(&self) -> Result<RowStream, Throw>;

    /// Returns whether another pass yields the same rows.
    fn can_repeat(&self) -> bool;

    /// Returns the position of the call that created the list.
    fn position(&self) -> Position;
}

/// One pass over a lazy list.
pub(in crate::script) struct RowStream {
    /// The columns of every row, in order.
    pub(in crate::script) columns: Vec<String>,
    /// The rows. An error is the last item.
    pub(in crate::script) rows: BoxedRows,
}

pub(super) type BoxedRows = Box<dyn Iterator<Item = Result<Dynamic, Throw>>>;
