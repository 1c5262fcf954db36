//! Reads JSON into values, item by item, so that a text of millions of small items cannot use up all memory.

use std::cell::Cell;
use std::fmt;

use rhai::{Array, Dynamic, Map};
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use crate::script::error::termination::Termination;
use crate::script::limits::checkpoint::Checkpoint;
use crate::script::number::from_json_number;

/// The most values that one text may have: each takes far more memory than its characters.
const MAX_VALUES: u32 = 10_000_000;
/// The number of values between two checks whether the script must end.
const CHECK_INTERVAL: u32 = 1024;

/// Why a text could not be read as JSON.
pub(in crate::script) enum JsonError {
    Invalid(serde_json::Error),
    /// It has too many values.
    TooLarge {
        /// The line of the first that is too many.
        line: usize,
    },
    /// The script must end.
    Ended(Termination),
}

impl JsonError {
    /// Describes a text that is too large.
    pub(in crate::script) fn too_many_values(line: usize) -> String {
        format!("line {line}: more than {MAX_VALUES} values")
    }
}

/// Reads `text` as one JSON value.
pub(in crate::script) fn read_json(
    text: &[u8],
    checkpoint: &Checkpoint,
) -> Result<Dynamic, JsonError> {
    let reader = ValueReader {
        checkpoint,
        values: Cell::new(0),
        ended: Cell::new(None),
    };
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = reader.deserialize(&mut json);
    let value = value.and_then(|value| json.end().map(|()| value));
    value.map_err(|error| match reader.ended.get() {
        Some(ended) => JsonError::Ended(ended),
        None if reader.values.get() > MAX_VALUES => JsonError::TooLarge { line: error.line() },
        None => JsonError::Invalid(error),
    })
}

struct ValueReader<'a> {
    checkpoint: &'a Checkpoint,
    /// How many values were started.
    values: Cell<u32>,
    ended: Cell<Option<Termination>>,
}

impl ValueReader<'_> {
    /// Counts a value.
    fn start<E: serde::de::Error>(&self) -> Result<(), E> {
        let values = self.values.get() + 1;
        self.values.set(values);
        if values.is_multiple_of(CHECK_INTERVAL) {
            self.ended.set(self.checkpoint.pending_termination());
        }
        if values > MAX_VALUES || self.ended.get().is_some() {
            return Err(E::custom("it ends here"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for &ValueReader<'_> {
    type Value = Dynamic;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Dynamic, D::Error> {
        self.start()?;
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &ValueReader<'_> {
    type Value = Dynamic;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Dynamic, E> {
        Ok(Dynamic::UNIT)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Dynamic, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Dynamic, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Dynamic, E> {
        Ok(from_json_number(&number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Dynamic, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Dynamic, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Dynamic, A::Error> {
        let mut array = Array::new();
        while let Some(item) = items.next_element_seed(self)? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Dynamic, A::Error> {
        let mut map = Map::new();
        while let Some(key) = fields.next_key::<String>()? {
            map.insert(key.into(), fields.next_value_seed(self)?);
        }
        Ok(map.into())
    }
}
