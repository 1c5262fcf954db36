//! API objects as scripts see them: maps.

use rhai::{Array, Dynamic, Map};

use crate::api::{Extra, Time, snake_case};
use crate::script::host::run_host::Host;
use crate::script::values::convert::{from_json, or_unit};

/// Turns an API object into the map that scripts see: `snake_case` keys, times in the run's zone, unknown fields kept.
pub(in crate::script) trait ToMap {
    fn to_map(&self, host: &Host) -> Map;
}

/// Builds the map of an API object field by field. Unknown fields come first, so that known ones replace them.
pub(in crate::script) struct MapBuilder<'a> {
    host: &'a Host,
    map: Map,
}

impl<'a> MapBuilder<'a> {
    pub(in crate::script) fn new(host: &'a Host, unknown: &Extra) -> Self {
        Self {
            host,
            map: extra_map(unknown),
        }
    }

    /// Adds a value, or `()` if there is none.
    pub(in crate::script) fn value<T: Into<Dynamic>>(
        mut self,
        key: &str,
        value: Option<T>,
    ) -> Self {
        self.map.insert(key.into(), or_unit(value));
        self
    }

    pub(in crate::script) fn text(self, key: &str, text: Option<&String>) -> Self {
        self.value(key, text.cloned())
    }

    /// Adds a time as a DateTime in the run's zone, or as text if the API did not send a valid time.
    pub(in crate::script) fn time(self, key: &str, time: Option<&Time>) -> Self {
        let host = self.host;
        let value = time.map(|time| match time {
            Time::At(instant) => Dynamic::from(host.local(*instant)),
            Time::Text(text) => text.into(),
        });
        self.value(key, value)
    }

    pub(in crate::script) fn into_map(self) -> Map {
        self.map
    }
}

/// Turns a list of API objects into an array of maps.
pub(in crate::script) fn to_maps<T: ToMap>(host: &Host, entries: &[T]) -> Array {
    entries
        .iter()
        .map(|entry| Dynamic::from_map(entry.to_map(host)))
        .collect()
}

fn extra_map(extra: &Extra) -> Map {
    extra
        .iter()
        .map(|(key, value)| (snake_case(key).into(), from_json(value, &snake_case)))
        .collect()
}
