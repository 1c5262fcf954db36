//! Builds the queries of lists: filtered, counted and paged.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

/// The position of a page in a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: i64,
    pub(crate) offset: i64,
}

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    pub(crate) entries: Vec<T>,
    /// The number of entries on all pages.
    pub(crate) total: i64,
}

/// A table and the conditions that its rows must meet.
#[derive(Debug)]
pub(super) struct SelectQuery {
    table: &'static str,
    conditions: Vec<&'static str>,
    values: Vec<Value>,
}

impl SelectQuery {
    pub(super) fn of(table: &'static str) -> Self {
        Self {
            table,
            conditions: Vec::new(),
            values: Vec::new(),
        }
    }

    /// Adds a condition without a value.
    pub(super) fn require(&mut self, condition: &'static str) {
        self.conditions.push(condition);
    }

    /// Adds a condition with one `?` for a value.
    pub(super) fn compare(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.conditions.push(condition);
        self.values.push(value.into());
    }

    /// Counts the rows and reads a page of them, newest first.
    ///
    /// `view` selects the columns for `read`, from a table `page` with the `seq` of the rows on the page: other rows are skipped
    /// in the index and never joined.
    pub(super) fn page<T>(
        self,
        connection: &Connection,
        view: &str,
        page: Page,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Listing<T>> {
        let table = self.table;
        let filter = if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        };
        let total = connection
            .prepare_cached(&format!("SELECT count(*) FROM {table}{filter}"))?
            .query_row(params_from_iter(&self.values), |row| row.get(0))?;
        let sql = format!(
            "WITH page AS MATERIALIZED (
                SELECT seq FROM {table}{filter} ORDER BY seq DESC LIMIT ? OFFSET ?
            ) {view} ORDER BY page.seq DESC"
        );
        let bounds = [Value::from(page.limit), Value::from(page.offset)];
        let mut statement = connection.prepare_cached(&sql)?;
        let entries = statement
            .query_map(params_from_iter(self.values.iter().chain(&bounds)), read)?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Listing { entries, total })
    }
}
