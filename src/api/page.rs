//! Reading a whole list, however many pages it has.

use std::collections::HashSet;
use std::future::ready;
use std::iter;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::de::DeserializeOwned;

use super::{Client, Error};

/// The documented maximum of `limit`.
const PAGE_SIZE: usize = 100;
/// How often a list is read again that changes while it is read.
const MAX_READS: usize = 3;

/// An entry of a list, told apart from others by its id.
pub(super) trait ListItem: DeserializeOwned {
    /// The name of the list in the answer: `{ "sessions": […], "total": … }`.
    const LIST_FIELD: &'static str;

    fn id(&self) -> &str;
}

/// One page of a list.
struct Page<T> {
    entries: Vec<T>,
    total: Option<usize>,
}

impl Client {
    /// Reads the whole list at `path`.
    ///
    /// Pages after the first are fetched at once, several at a time. Offsets shift while others write, so entries are
    /// told apart by id, and a list whose `total` changed meanwhile, or that came out short, is read again. Where it keeps
    /// changing, all that was seen is returned.
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

    /// Reads every page once, and tells whether that is surely the whole list.
    async fn fetch_all_pages<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
    ) -> Result<(Vec<T>, bool), Error> {
        let first = self.page::<T>(path, filter, 0).await?;
        let Some(total) = first.total else {
            return Ok((
                self.fetch_pages_without_total(path, filter, first).await?,
                true,
            ));
        };
        // A server that caps pages below the limit that was asked for is followed at its own pace.
        let step = first.entries.len().max(1);
        let rest: Vec<Page<T>> = stream::iter((step..total).step_by(step))
            .map(|offset| self.page::<T>(path, filter, offset))
            .buffered(self.config().concurrency.max(1))
            .try_take_while(|page| ready(Ok(!page.entries.is_empty())))
            .try_collect()
            .await?;
        let total_unchanged = rest.iter().all(|page| page.total == Some(total));
        let entries = dedup_by_id(iter::once(first).chain(rest).flat_map(|page| page.entries));
        let complete = total_unchanged && entries.len() >= total;
        Ok((entries, complete))
    }

    /// Reads on, page by page, where the server does not say how many entries there are.
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
            page = self.page::<T>(path, filter, entries.len()).await?;
        }
    }

    async fn page<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
        offset: usize,
    ) -> Result<Page<T>, Error> {
        let mut query: Vec<(&str, String)> = filter.to_vec();
        query.push(("limit", PAGE_SIZE.to_string()));
        query.push(("offset", offset.to_string()));
        let mut answer: serde_json::Map<String, serde_json::Value> =
            self.fetch(path, &query).await?;
        let entries = answer
            .remove(T::LIST_FIELD)
            .ok_or_else(|| self.unexpected(&format!("`{}` is missing", T::LIST_FIELD)))?;
        let total = answer
            .get("total")
            .and_then(serde_json::Value::as_u64)
            .and_then(|total| usize::try_from(total).ok());
        let entries =
            serde_json::from_value(entries).map_err(|error| self.unexpected(&error.to_string()))?;
        Ok(Page { entries, total })
    }

    /// A good answer that is not what the documentation says.
    pub(super) fn unexpected(&self, reason: &str) -> Error {
        Error::UnexpectedJson {
            host: self.config().base_url.host(),
            status: 200,
            reason: self.reason(reason),
        }
    }
}

/// Keeps the first of all entries with one id; an entry without id cannot be told apart and stays.
fn dedup_by_id<T: ListItem>(entries: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids = HashSet::new();
    entries
        .into_iter()
        .filter(|entry| entry.id().is_empty() || ids.insert(entry.id().to_owned()))
        .collect()
}
