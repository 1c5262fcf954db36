//! The maps of options and the requests that scripts pass to functions: each is a struct, declared once.
//!
//! [`option_map!`] makes the struct, what reads it from a map, and its [`MapSchema`] from one list of fields. The reference,
//! completion and `check` work from the schema, so they cannot disagree with what a function accepts.

use std::num::NonZeroU32;

use rhai::{Array, Dynamic, ImmutableString, Map, NativeCallContext};

use crate::error_code::ErrorCode;
use crate::script::error::throw::{OrThrow as _, RhaiResultOf, Throw};
use crate::script::values::convert::type_name;
use crate::text::did_you_mean_or_list;

/// The keys that a map may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapSchema {
    /// What the map is to the function that takes it.
    pub kind: MapKind,
    /// The keys, in the order in which they are documented.
    pub keys: &'static [OptionKey],
}

/// What a map is to the function that takes it; errors call it by this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// Options, none of which is required.
    Options,
    /// A candidate to invite.
    Request,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionKey {
    pub name: &'static str,
    pub key_type: KeyType,
    /// Whether the map must have it.
    pub is_required: bool,
    /// The value of a missing key, as a script would write it, if there is one.
    pub default: Option<&'static str>,
    /// What the key does, in whole sentences.
    pub doc: &'static str,
}

/// The type of a key's value. `()` is accepted everywhere, and means that the key is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    Bool,
    Int,
    String,
    IntOrString,
    Time,
    StringArray,
    StringMap,
    TextMap,
}

impl KeyType {
    /// Returns the type as the reference shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::String => "string",
            Self::IntOrString => "int or string",
            Self::Time => "DateTime or string",
            Self::StringArray => "array of strings",
            Self::StringMap => "map of strings or arrays of strings",
            Self::TextMap => "map of strings",
        }
    }

    /// Returns whether a value of this Rhai type may be accepted.
    pub(in crate::script) fn accepts(self, kind: &str) -> bool {
        match self {
            Self::Bool => kind == "bool",
            Self::Int => kind == "int",
            Self::String => matches!(kind, "string" | "char"),
            Self::IntOrString => matches!(kind, "int" | "string" | "char"),
            Self::Time => matches!(kind, "DateTime" | "string"),
            Self::StringArray => kind == "array",
            Self::StringMap | Self::TextMap => kind == "map",
        }
    }

    /// Returns the type as the object of "must be".
    fn expected(self) -> &'static str {
        match self {
            Self::Bool => "`true` or `false`",
            Self::Int => "an int",
            Self::String => "a string",
            Self::IntOrString => "an int or a string",
            Self::Time => "a DateTime or a string",
            Self::StringArray => "an array of strings",
            Self::StringMap => "a map of strings or arrays of strings",
            Self::TextMap => "a map of strings",
        }
    }
}

impl MapSchema {
    pub(in crate::script) fn key(&self, name: &str) -> Option<&'static OptionKey> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Returns the error for a key that is not in the schema.
    pub(in crate::script) fn unknown_key(&self, name: &str) -> Throw {
        let (code, message) = match self.kind {
            MapKind::Options => (
                ErrorCode::UnknownOption,
                format!("there is no option `{name}`"),
            ),
            MapKind::Request => (
                ErrorCode::UnknownKey,
                format!("a request has no key `{name}`"),
            ),
        };
        let known: Vec<&str> = self.keys.iter().map(|key| key.name).collect();
        Throw::new(code, message).hint(did_you_mean_or_list(name, &known))
    }

    /// Returns the error for a required key that is missing; only requests have one.
    pub(in crate::script) fn missing_key(name: &str) -> Throw {
        Throw::new(
            ErrorCode::MissingKey,
            format!("the request has no `{name}`"),
        )
        .hint("a request is `#{ email: …, name: … }`")
    }
}

impl OptionKey {
    /// Returns the type as the reference shows it, and whether the key is required, or what a missing one means.
    pub fn type_note(&self) -> String {
        let name = self.key_type.name();
        match self.default {
            _ if self.is_required => format!("{name}, required"),
            Some(default) => format!("{name}, default `{default}`"),
            None => name.to_owned(),
        }
    }

    /// Returns the error for a value of the Rhai type `found`; `text` is that value if it is a string.
    pub(in crate::script) fn wrong_type(&self, found: &str, text: Option<&str>) -> Throw {
        let thrown = self.mismatch(self.key_type.expected(), &format!("not `{found}`"));
        match text.and_then(parse_bool_word) {
            Some(flag) if self.key_type == KeyType::Bool => {
                thrown.hint(format!("write `{}: {flag}`, without quotes", self.name))
            }
            _ => thrown,
        }
    }

    /// Returns what a text in quotes certainly means as a value of this key.
    pub(in crate::script) fn unquoted(&self, text: &str) -> Option<String> {
        let flag = parse_bool_word(text).filter(|_| self.key_type == KeyType::Bool);
        flag.map(|flag| flag.to_string())
    }

    fn mismatch(&self, expected: &str, found: &str) -> Throw {
        let name = self.name;
        Throw::new(
            ErrorCode::WrongType,
            format!("`{name}` must be {expected}, {found}"),
        )
    }

    fn rejected(&self, value: &Dynamic, rejection: Rejection) -> Throw {
        match rejection {
            Rejection::WrongType => {
                let text = value.read_lock::<ImmutableString>();
                self.wrong_type(&type_name(value), text.as_ref().map(|text| text.as_str()))
            }
            Rejection::WrongItem(found) => self.mismatch(
                self.key_type.expected(),
                &format!("but an item is `{found}`"),
            ),
            Rejection::BadValue { expected, hint } => {
                let thrown = self.mismatch(expected, &format!("not `{value}`"));
                thrown.hint_if(hint)
            }
        }
    }
}

/// Returns the flag that a word in quotes probably means.
fn parse_bool_word(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" => Some(true),
        "false" | "no" | "off" | "n" | "0" => Some(false),
        _ => None,
    }
}

/// A struct that is read from a map; [`option_map!`] implements it.
pub(in crate::script) trait OptionMap: Sized {
    const SCHEMA: MapSchema;

    /// Reads the struct from a map that has known keys only.
    fn read(map: &Map) -> Result<Self, Throw>;
}

/// Reads a map of options or a request.
///
/// # Errors
/// `unknown_option` or `unknown_key`: a key is not in the schema; `missing_key`: a required key is missing; `wrong_type`: a
/// value has another type, or is not one of those allowed.
pub(in crate::script) fn read_map<T: OptionMap>(
    ctx: &NativeCallContext,
    map: &Map,
) -> RhaiResultOf<T> {
    let mut keys = map.keys();
    match keys.find(|key| T::SCHEMA.key(key).is_none()) {
        Some(unknown) => Err(T::SCHEMA.unknown_key(unknown)),
        None => T::read(map),
    }
    .or_throw(ctx)
}

/// Reads the value of a key; without one, takes `default`, or what the type has for a missing key.
pub(in crate::script) fn read_key<T: OptionValue>(
    schema: &MapSchema,
    map: &Map,
    name: &str,
    default: Option<T>,
) -> Result<T, Throw> {
    match map.get(name).filter(|value| !value.is_unit()) {
        Some(value) => T::read(value).map_err(|rejection| match schema.key(name) {
            Some(key) => key.rejected(value, rejection),
            None => schema.unknown_key(name),
        }),
        None => default
            .or_else(T::missing)
            .ok_or_else(|| MapSchema::missing_key(name)),
    }
}

/// The Rust type of a key's value.
pub(in crate::script) trait OptionValue: Sized {
    const TYPE: KeyType;
    /// Whether a map must have the key, unless the field has a default.
    const IS_REQUIRED: bool = false;

    fn read(value: &Dynamic) -> Result<Self, Rejection>;

    /// Returns the value of a missing key that has no default.
    fn missing() -> Option<Self> {
        None
    }
}

/// Why a value is not accepted.
pub(in crate::script) enum Rejection {
    WrongType,
    /// An item has this type.
    WrongItem(String),
    /// The type is right and the value is not.
    BadValue {
        /// The object of "must be".
        expected: &'static str,
        hint: Option<String>,
    },
}

impl OptionValue for bool {
    const TYPE: KeyType = KeyType::Bool;
    const IS_REQUIRED: bool = true;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        value.as_bool().map_err(|_| Rejection::WrongType)
    }
}

/// A number that counts from 1.
impl OptionValue for NonZeroU32 {
    const TYPE: KeyType = KeyType::Int;
    const IS_REQUIRED: bool = true;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let number = value.as_int().map_err(|_| Rejection::WrongType)?;
        let number = u32::try_from(number).ok().and_then(Self::new);
        number.ok_or(Rejection::BadValue {
            expected: "a number from 1",
            hint: None,
        })
    }
}

/// A character, such as `';'`, is a string of one.
impl OptionValue for String {
    const TYPE: KeyType = KeyType::String;
    const IS_REQUIRED: bool = true;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        if let Ok(letter) = value.as_char() {
            return Ok(letter.to_string());
        }
        let text = value.read_lock::<ImmutableString>();
        text.map(|text| text.to_string())
            .ok_or(Rejection::WrongType)
    }
}

impl OptionValue for Vec<String> {
    const TYPE: KeyType = KeyType::StringArray;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        let items = value.read_lock::<Array>().ok_or(Rejection::WrongType)?;
        let item = |item| String::read(item).map_err(|_| Rejection::WrongItem(type_name(item)));
        items.iter().map(item).collect()
    }

    fn missing() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: OptionValue> OptionValue for Option<T> {
    const TYPE: KeyType = T::TYPE;

    fn read(value: &Dynamic) -> Result<Self, Rejection> {
        T::read(value).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

/// Declares a struct that is read from a map: its fields are the keys, their comments are the keys' documentation.
///
/// A field is `name: Type`, or `name: Type = default`. A key is required if its type has no value for a missing key, as
/// `String`, and the field has no default. After the name of the struct comes its [`MapKind`].
macro_rules! option_map {
    (
        $(#[$attribute:meta])*
        $visibility:vis struct $name:ident: $kind:ident {
            $(
                $(#[doc = $doc:literal])+
                $field_visibility:vis $field:ident: $type:ty $(= $default:literal)?,
            )+
        }
    ) => {
        $(#[$attribute])*
        $visibility struct $name {
            $($(#[doc = $doc])+ $field_visibility $field: $type,)+
        }

        impl $crate::script::values::option_map::OptionMap for $name {
            const SCHEMA: $crate::script::values::option_map::MapSchema =
                $crate::script::values::option_map::MapSchema {
                    kind: $crate::script::values::option_map::MapKind::$kind,
                    keys: &[$(
                        $crate::script::values::option_map::OptionKey {
                            name: stringify!($field),
                            key_type: <$type as $crate::script::values::option_map::OptionValue>::TYPE,
                            is_required: option_map!(@text $($default)?).is_none()
                                && <$type as $crate::script::values::option_map::OptionValue>::IS_REQUIRED,
                            default: option_map!(@text $($default)?),
                            doc: concat!($($doc),+).trim_ascii(),
                        },
                    )+],
                };

            fn read(map: &rhai::Map) -> Result<Self, $crate::script::error::throw::Throw> {
                Ok(Self {
                    $($field: $crate::script::values::option_map::read_key(
                        &Self::SCHEMA,
                        map,
                        stringify!($field),
                        option_map!(@value $($default)?),
                    )?,)+
                })
            }
        }
    };
    (@text) => { None::<&'static str> };
    (@text $default:literal) => { Some(stringify!($default)) };
    (@value) => { None };
    (@value $default:literal) => { Some($default) };
}

pub(in crate::script) use option_map;
