//! Fetches whole lists, page by page.

use std::collections::HashSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::{Client, Error};

/// The documented maximum of `limit`.
const PAGE_SIZE: usize = 100;
/// How many times a list is read that is too short, or changes while it is read.
const MAX_READS: usize = 3;
/// Limits of one reading, for a list that does not end. A page of 100 sessions has about 50 KB.
const MAX_PAGES: usize = 100_000;
const MAX_BYTES: usize = 1024 * 1024 * 1024;

/// An entry of a list.
pub(super) trait ListItem: DeserializeOwned {
    /// The name of the list in the response: `{ "sessions": […], "total": … }`.
    const LIST_FIELD: &'static str;

    fn id(&self) -> &str;
}

struct Page<T> {
    entries: Vec<Entry<T>>,
    total: Option<usize>,
    /// The size of the response.
    bytes: usize,
}

struct Entry<T> {
    /// The id, or the JSON of an entry without one.
    key: String,
    item: T,
}

/// A list that is read once from its start.
struct Reading<T> {
    items: Vec<T>,
    keys: HashSet<String>,
    /// The number of entries on all pages so far, with duplicates: the offset of the next page.
    received: usize,
    pages: usize,
    bytes: usize,
    first_total: Option<usize>,
    last_total: Option<usize>,
    total_changed: bool,
}

impl Client {
    /// Fetches the whole list at `path`.
    ///
    /// Offsets shift when entries are added or deleted in between, so duplicates are dropped, and the list is read again if its
    /// `total` changed or it is shorter than that. If it keeps changing, everything seen is returned. If it was too short every
    /// time, that is an error.
    pub(super) async fn list<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
    ) -> Result<Vec<T>, Error> {
        let mut seen = Vec::new();
        let mut shortages = Vec::new();
        for attempt in 1..=MAX_READS {
            // Pages fetched at the same time can miss entries although the list only grows. Pages in order cannot.
            let concurrency = match attempt {
                MAX_READS => 1,
                _ => self.config().limits.concurrency,
            };
            let reading = self.read_once::<T>(path, filter, concurrency).await?;
            if let Some(total) = reading.missing_from_total() {
                shortages.push((reading.items.len(), total));
            } else if !reading.total_changed {
                return Ok(reading.items);
            }
            seen = dedup_by_id(reading.items.into_iter().chain(seen));
        }
        match shortages[..] {
            [.., (listed, total)] if shortages.len() == MAX_READS => Err(Error::IncompleteList {
                list: T::LIST_FIELD,
                listed,
                total,
            }),
            _ => Ok(seen),
        }
    }

    /// Reads the list until `total` entries, an empty page, or a page without a new entry. The last is an error if there is no
    /// `total`: the server may ignore `offset`.
    ///
    /// Up to `concurrency` pages are fetched at the same time.
    async fn read_once<T: ListItem>(
        &self,
        path: &[&str],
        filter: &[(&'static str, String)],
        concurrency: usize,
    ) -> Result<Reading<T>, Error> {
        let first = self.fetch_page::<T>(path, filter, 0).await?;
        // The server may return smaller pages than requested.
        let step = first.entries.len().max(1);
        let total = first.total.unwrap_or(0);
        let mut reading = Reading::new();
        let mut goes_on = reading.add(first)?;
        if concurrency > 1 {
            let mut rest = stream::iter((step..total).step_by(step))
                .map(|offset| self.fetch_page::<T>(path, filter, offset))
                .buffered(concurrency);
            while goes_on && let Some(page) = rest.try_next().await? {
                goes_on = reading.add(page)?;
            }
        }
        while goes_on && !reading.reached_total() {
            let page = self.fetch_page(path, filter, reading.received).await?;
            goes_on = reading.add(page)?;
        }
        Ok(reading)
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
        let json: Box<RawValue> = self.fetch(path, &query).await?;
        let unexpected =
            |error: serde_json::Error| self.transport().unexpected_json(200, &error.to_string());
        let mut body: Map<String, Value> = serde_json::from_str(json.get()).map_err(unexpected)?;
        let entries: Vec<Value> = self.parse_list(body.remove(T::LIST_FIELD), T::LIST_FIELD)?;
        let entries = entries.into_iter().map(Entry::parse);
        Ok(Page {
            entries: entries.collect::<Result<_, _>>().map_err(unexpected)?,
            total: body.get("total").and_then(parse_total),
            bytes: json.get().len(),
        })
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

impl<T: ListItem> Entry<T> {
    fn parse(json: Value) -> Result<Self, serde_json::Error> {
        let id = json.get("id").and_then(Value::as_str);
        let key = match id.filter(|id| !id.is_empty()) {
            Some(id) => id.to_owned(),
            None => json.to_string(),
        };
        let item = serde_json::from_value(json)?;
        Ok(Self { key, item })
    }
}

impl<T: ListItem> Reading<T> {
    fn new() -> Self {
        Self {
            items: Vec::new(),
            keys: HashSet::new(),
            received: 0,
            pages: 0,
            bytes: 0,
            first_total: None,
            last_total: None,
            total_changed: false,
        }
    }

    /// Adds the next page. Returns whether there was a new entry on it.
    fn add(&mut self, page: Page<T>) -> Result<bool, Error> {
        self.pages += 1;
        self.bytes = self.bytes.saturating_add(page.bytes);
        if self.pages > MAX_PAGES || self.bytes > MAX_BYTES {
            return Err(Error::EndlessList {
                list: T::LIST_FIELD,
            });
        }
        if self.pages == 1 {
            self.first_total = page.total;
        }
        self.total_changed |= self.first_total.is_some() && page.total != self.first_total;
        self.last_total = page.total.or(self.last_total);
        self.received += page.entries.len();
        let (kept, is_empty) = (self.items.len(), page.entries.is_empty());
        let mut has_new = false;
        for Entry { key, item } in page.entries {
            let is_new = self.keys.insert(key);
            has_new |= is_new;
            if is_new || item.id().is_empty() {
                self.items.push(item);
            }
        }
        if !has_new {
            self.items.truncate(kept);
            if !is_empty && self.last_total.is_none() {
                return Err(Error::RepeatedPage {
                    list: T::LIST_FIELD,
                    listed: kept,
                });
            }
        }
        Ok(has_new)
    }

    fn reached_total(&self) -> bool {
        self.last_total
            .is_some_and(|total| self.items.len() >= total)
    }

    /// Returns how many entries there should be if there are fewer.
    ///
    /// `total` grows and shrinks while others add and delete entries; the smaller one is certain.
    fn missing_from_total(&self) -> Option<usize> {
        let total = self.first_total?.min(self.last_total?);
        Some(total).filter(|total| self.items.len() < *total)
    }
}

/// Some servers write numbers as text.
fn parse_total(json: &Value) -> Option<usize> {
    match json {
        Value::String(text) => text.parse().ok(),
        _ => usize::try_from(json.as_u64()?).ok(),
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
mod tests {
    use super::{Entry, MAX_BYTES, MAX_PAGES, Page, Reading};
    use crate::api::{Error, Session};

    /// A page of one session, in a list without `total`.
    fn page(id: usize, bytes: usize) -> Page<Session> {
        let json = serde_json::json!({ "id": id.to_string() });
        Page {
            entries: vec![Entry::parse(json).unwrap()],
            total: None,
            bytes,
        }
    }

    #[test]
    fn a_list_without_end_is_an_error_after_the_most_pages() {
        let mut reading = Reading::new();
        for id in 0..MAX_PAGES {
            assert!(reading.add(page(id, 1)).unwrap());
        }
        let error = reading.add(page(MAX_PAGES, 1)).unwrap_err();
        assert!(matches!(error, Error::EndlessList { list: "sessions" }));
        assert_eq!(
            error.to_string(),
            "the API's list of sessions has more than 100,000 pages or 1 GiB"
        );
    }

    #[test]
    fn a_list_without_end_is_an_error_after_the_most_bytes() {
        let mut reading = Reading::new();
        assert!(reading.add(page(0, MAX_BYTES - 1)).unwrap());
        assert!(reading.add(page(1, 1)).unwrap());
        let error = reading.add(page(2, 1)).unwrap_err();
        assert!(matches!(error, Error::EndlessList { .. }));
    }

    #[test]
    fn duplicates_are_not_kept() {
        let mut reading = Reading::new();
        let page = || Page {
            total: Some(1000),
            ..page(0, 1)
        };
        assert!(reading.add(page()).unwrap());
        for _ in 0..1000 {
            assert!(!reading.add(page()).unwrap());
        }
        assert_eq!(reading.items.len(), 1);
        assert_eq!(reading.keys.len(), 1);
    }
}
