//! API objects as scripts see them: maps.
//!
//! [`object_map!`] makes the map and its [`ResultShape`](crate::script::values::result_shape::ResultShape) from one list of
//! fields.

use rhai::{Array, Dynamic, Map};
use serde_json::Value;

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

    /// Adds a field of the object.
    pub(in crate::script) fn field<T: ObjectField>(self, key: &str, field: &T) -> Self {
        let value = field.value(self.host);
        self.value(key, Some(value))
    }

    pub(in crate::script) fn into_map(self) -> Map {
        self.map
    }
}

/// The Rust type of a field.
pub(in crate::script) trait ObjectField {
    /// The type in scripts.
    const KIND: &'static str;

    fn value(&self, host: &Host) -> Dynamic;
}

impl ObjectField for String {
    const KIND: &'static str = "string";

    fn value(&self, _: &Host) -> Dynamic {
        self.into()
    }
}

impl ObjectField for bool {
    const KIND: &'static str = "bool";

    fn value(&self, _: &Host) -> Dynamic {
        (*self).into()
    }
}

impl ObjectField for i64 {
    const KIND: &'static str = "int";

    fn value(&self, _: &Host) -> Dynamic {
        (*self).into()
    }
}

/// A DateTime in the run's zone, or text if the API did not send a valid time.
impl ObjectField for Time {
    const KIND: &'static str = "DateTime";

    fn value(&self, host: &Host) -> Dynamic {
        match self {
            Self::At(instant) => Dynamic::from(host.local(*instant)),
            Self::Text(text) => text.into(),
        }
    }
}

/// JSON whose strings in objects keep their spelling.
impl ObjectField for Value {
    const KIND: &'static str = "value";

    fn value(&self, _: &Host) -> Dynamic {
        from_json(self, &str::to_owned)
    }
}

impl<T: ObjectField> ObjectField for Option<T> {
    const KIND: &'static str = T::KIND;

    fn value(&self, host: &Host) -> Dynamic {
        or_unit(self.as_ref().map(|field| field.value(host)))
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

/// Declares the map that scripts see for an API object: the fields of the object that are keys, each with its
/// documentation. Fields that the API sends and that are not declared are kept.
macro_rules! object_map {
    (
        $shape:ident: $noun:literal from $object:ty {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $type:ty,
            )+
        }
    ) => {
        pub(in crate::script) const $shape: $crate::script::values::result_shape::ResultShape =
            $crate::script::values::result_shape::ResultShape::open(
                $noun,
                &[$(
                    $crate::script::values::result_shape::ResultKey::new(
                        stringify!($field),
                        <$type as $crate::script::api::conversion::object_map::ObjectField>::KIND,
                        concat!($($doc),+).trim_ascii(),
                    ),
                )+],
            );

        impl $crate::script::api::conversion::object_map::ToMap for $object {
            fn to_map(&self, host: &$crate::script::host::run_host::Host) -> rhai::Map {
                $crate::script::api::conversion::object_map::MapBuilder::new(host, &self.extra)
                    $(.field::<$type>(stringify!($field), &self.$field))+
                    .into_map()
            }
        }
    };
}

pub(in crate::script) use object_map;
