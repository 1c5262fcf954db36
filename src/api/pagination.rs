//! Fetches whole lists, page by page.

use std::collections::HashSet;
use std::future::ready;
use std::iter;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Client, Error};

/// The documented maximum of `limit`.
const PAGE_SIZE: usize = 100;
/// How many times a list is read that changes while it is read.
const MAX_READS: usize = 3;

/// An entry of a list.
pub(super) trait ListItem: DeserializeOwned {
    /// The name of the list in the response: `{ "sessions": […], "total": … }`.
    const LIST_FIELD: &'static str;

    fn id(&self) -> &str;
}

struct Page<T> {
    entries: Vec<T>,
    total: Option<usize>,
}

impl Client {
    /// Fetches the whole list at `path`.
    ///
    /// The pages after the first are fetched concurrently. Offsets shift when entries are added or deleted in between, so
    /// duplicates are dropped, and the list is read again if its `total` changed or it is shorter than that. If it keeps
    /// changing, everything seen is returned.
    pub(super) async fn list<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
    ) -> Result<Vec<T>, Error> {
        let mut seen = Vec::new();
        for _ in 0..MAX_READS {
            let (entries, complete) = self.fetch_all_pages::<T>(path, filter).await?;
            if complete {
                return Ok(entries);
            }
            seen = dedup_by_id(entries.into_iter().chain(seen));
        }
        Ok(seen)
    }

    /// Reads every page once. Returns the entries, and whether they are certainly the whole list.
    async fn fetch_all_pages<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
    ) -> Result<(Vec<T>, bool), Error> {
        let first = self.fetch_page::<T>(path, filter, 0).await?;
        let Some(total) = first.total else {
            let entries = self.fetch_pages_without_total(path, filter, first).await?;
            return Ok((entries, true));
        };
        // The server may return smaller pages than requested.
        let step = first.entries.len().max(1);
        let rest: Vec<Page<T>> = stream::iter((step..total).step_by(step))
            .map(|offset| self.fetch_page::<T>(path, filter, offset))
            .buffered(self.config().limits.concurrency.max(1))
            .try_take_while(|page| ready(Ok(!page.entries.is_empty())))
            .try_collect()
            .await?;
        let total_unchanged = rest.iter().all(|page| page.total == Some(total));
        let entries = dedup_by_id(iter::once(first).chain(rest).flat_map(|page| page.entries));
        let complete = total_unchanged && entries.len() >= total;
        Ok((entries, complete))
    }

    /// Reads on until a page is not full, because the server does not report a total.
    async fn fetch_pages_without_total<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
        first: Page<T>,
    ) -> Result<Vec<T>, Error> {
        let mut page = first;
        let mut entries = Vec::new();
        loop {
            let full = page.entries.len() >= PAGE_SIZE;
            entries.append(&mut page.entries);
            if !full {
                return Ok(dedup_by_id(entries));
            }
            page = self.fetch_page::<T>(path, filter, entries.len()).await?;
        }
    }

    async fn fetch_page<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
        offset: usize,
    ) -> Result<Page<T>, Error> {
        let mut query: Vec<(&str, String)> = filter.to_vec();
        query.push(("limit", PAGE_SIZE.to_string()));
        query.push(("offset", offset.to_string()));
        let mut body: Map<String, Value> = self.fetch(path, &query).await?;
        let entries = self.parse_list(body.remove(T::LIST_FIELD), T::LIST_FIELD)?;
        let total = body.get("total").and_then(Value::as_u64);
        let total = total.and_then(|total| usize::try_from(total).ok());
        Ok(Page { entries, total })
    }

    /// Parses the list that a response has under `name`.
    pub(super) fn parse_list<T: DeserializeOwned>(
        &self,
        list: Option<Value>,
        name: &str,
    ) -> Result<Vec<T>, Error> {
        let unexpected = |reason: &str| self.transport().unexpected_json(200, reason);
        let list = list.ok_or_else(|| unexpected(&format!("`{name}` is missing")))?;
        serde_json::from_value(list).map_err(|error| unexpected(&error.to_string()))
    }
}

/// Keeps the first entry with each id, and every entry without an id.
fn dedup_by_id<T: ListItem>(entries: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids = HashSet::new();
    entries
        .into_iter()
        .filter(|entry| entry.id().is_empty() || ids.insert(entry.id().to_owned()))
        .collect()
}
