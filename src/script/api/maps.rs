//! Maps from text to values.

use rhai::plugin::*;
use rhai::{Array, Map};

use crate::script::rows::columns::map_entries;

#[export_module]
pub mod functions {
    /// Returns the value of a key, or another value if the map does not have the key.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// let days = #{ design: 7 };
    /// print(days.get("sales", 5));
    /// ```
    #[rhai_fn(pure)]
    pub fn get(map: &mut Map, key: &str, fallback: Dynamic) -> Dynamic {
        map.get(key).cloned().unwrap_or(fallback)
    }

    /// Returns the keys and values as an array of maps `#{ key, value }`.
    ///
    /// They are in the order of the keys, which are sorted.
    ///
    /// # Errors
    /// none
    ///
    /// # Example
    /// ```rhai
    /// for entry in #{ design: 7, sales: 5 }.entries() { print(`${entry.key}: ${entry.value}`); }
    /// ```
    #[rhai_fn(pure)]
    pub fn entries(map: &mut Map) -> Array {
        map_entries(map)
    }
}
