//! The envelope all paged lists come in.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::sandbox::query::Page;
use crate::sandbox::state::Listing;

/// A page of a list: `{ NAME: […], total, limit, offset }`.
#[derive(Debug)]
pub(super) struct List<T> {
    /// What the entries are called.
    pub(super) name: &'static str,
    /// The entries and their total.
    pub(super) listing: Listing<T>,
    /// Which page this is.
    pub(super) page: Page,
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry(self.name, &self.listing.entries)?;
        map.serialize_entry("total", &self.listing.total)?;
        map.serialize_entry("limit", &self.page.limit)?;
        map.serialize_entry("offset", &self.page.offset)?;
        map.end()
    }
}
