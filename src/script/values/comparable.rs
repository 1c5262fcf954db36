//! Values that can be compared with each other, for grouping and sorting.

use std::cmp::Ordering;

use jiff::Timestamp;
use rhai::{Array, Dynamic, FLOAT, INT, ImmutableString, Map};

use super::convert::type_name;
use crate::error_code::ErrorCode;
use crate::script::error::throw::Throw;
use crate::table::Row;
use crate::time::{DateTime, Duration};

/// The depth to which a value is compared. Deeper nesting is a mistake, and would exhaust the stack.
const MAX_DEPTH: usize = 100;

/// A value with a total order. Values of different types are ordered by type, in the order of the variants: an absent value
/// comes last.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::script) enum Comparable {
    Bool(bool),
    Number(Number),
    Text(ImmutableString),
    Time(Timestamp),
    Duration(Duration),
    List(Vec<Self>),
    /// The keys of a map or columns of a row, with their values.
    Fields(Vec<(ImmutableString, Self)>),
    Nothing,
}

impl Comparable {
    /// Reads a value.
    ///
    /// # Errors
    /// `wrong_type`: values of this type cannot be compared, or it is nested too deeply.
    pub(in crate::script) fn read(value: &Dynamic) -> Result<Self, Throw> {
        read_at(value, 0)
    }

    /// Returns the names of the first two types in which the values differ. Items of lists are compared as a sort does.
    pub(in crate::script) fn mixed_types(&self, other: &Self) -> Option<(&str, &str)> {
        match (self, other) {
            (Self::Nothing, _) | (_, Self::Nothing) => None,
            (Self::List(items), Self::List(others)) => items
                .iter()
                .zip(others)
                .find(|(item, other)| item != other)
                .and_then(|(item, other)| item.mixed_types(other)),
            _ if self.type_name() == other.type_name() => None,
            _ => Some((self.type_name(), other.type_name())),
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "bool",
            Self::Number(_) => "number",
            Self::Text(_) => "string",
            Self::Time(_) => "DateTime",
            Self::Duration(_) => "Duration",
            Self::List(_) => "array",
            Self::Fields(_) => "map",
            Self::Nothing => "()",
        }
    }
}

fn read_at(value: &Dynamic, depth: usize) -> Result<Comparable, Throw> {
    if depth > MAX_DEPTH {
        let message =
            format!("a value that is nested more than {MAX_DEPTH} deep cannot be compared");
        return Err(Throw::new(ErrorCode::WrongType, message));
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Ok(Comparable::Text(text.clone()));
    }
    if let Some(time) = value.read_lock::<DateTime>() {
        return Ok(Comparable::Time(time.timestamp()));
    }
    if let Some(duration) = value.read_lock::<Duration>() {
        return Ok(Comparable::Duration(*duration));
    }
    if let Some(items) = value.read_lock::<Array>() {
        let items = items.iter().map(|item| read_at(item, depth + 1));
        return items.collect::<Result<_, _>>().map(Comparable::List);
    }
    if let Some(map) = value.read_lock::<Map>() {
        let fields = map
            .iter()
            .map(|(key, item)| Ok((key.as_str().into(), read_at(item, depth + 1)?)));
        return fields.collect::<Result<_, _>>().map(Comparable::Fields);
    }
    if let Some(row) = value.read_lock::<Row>() {
        let fields = row
            .iter()
            .map(|(column, cell)| (column.into(), Comparable::Text(cell.into())));
        return Ok(Comparable::Fields(fields.collect()));
    }
    if value.is_unit() {
        return Ok(Comparable::Nothing);
    }
    if let Ok(flag) = value.as_bool() {
        return Ok(Comparable::Bool(flag));
    }
    if let Ok(letter) = value.as_char() {
        return Ok(Comparable::Text(letter.to_string().into()));
    }
    if let Ok(number) = value.as_int() {
        return Ok(Comparable::Number(Number::Int(number)));
    }
    if let Ok(number) = value.as_float() {
        return Ok(Comparable::Number(Number::of(number)));
    }
    let message = format!("a value of type `{}` cannot be compared", type_name(value));
    Err(Throw::new(ErrorCode::WrongType, message))
}

/// An int, or a float that is not equal to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::script) enum Number {
    Int(INT),
    /// The bits of the float.
    Float(u64),
}

impl Number {
    fn of(float: FLOAT) -> Self {
        match exact_int(float) {
            Some(int) => Self::Int(int),
            None => Self::Float(float.to_bits()),
        }
    }
}

/// 2^63, the first float above all ints.
const INT_END: FLOAT = 9_223_372_036_854_775_808.0;

#[expect(
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "the float is whole and in the range of an int"
)]
fn exact_int(float: FLOAT) -> Option<INT> {
    (float.trunc() == float && (-INT_END..INT_END).contains(&float)).then_some(float as INT)
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (*self, *other) {
            (Self::Int(int), Self::Int(other)) => int.cmp(&other),
            (Self::Float(bits), Self::Float(other)) => {
                FLOAT::from_bits(bits).total_cmp(&FLOAT::from_bits(other))
            }
            (Self::Int(int), Self::Float(bits)) => compare_mixed(int, FLOAT::from_bits(bits)),
            (Self::Float(bits), Self::Int(int)) => {
                compare_mixed(int, FLOAT::from_bits(bits)).reverse()
            }
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares an int with a float that is not equal to any int. Large ints are not rounded, so that the order is total.
fn compare_mixed(int: INT, float: FLOAT) -> Ordering {
    match exact_int(float.floor()) {
        Some(floor) if int <= floor => Ordering::Less,
        Some(_) => Ordering::Greater,
        // As in the order of floats, NaN is above or below all numbers, depending on its sign.
        None if float.is_sign_negative() => Ordering::Greater,
        None => Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: impl Into<Dynamic>) -> Comparable {
        #[expect(clippy::unwrap_used, reason = "a test that unwraps nothing has failed")]
        Comparable::read(&value.into()).unwrap()
    }

    #[test]
    fn numbers_have_one_order_whatever_their_type() {
        let sorted = [
            read(-f64::INFINITY),
            read(INT::MIN),
            read(-1.5),
            read(-1),
            read(0.5),
            read(1),
            read(9_007_199_254_740_992_i64),
            read(9_007_199_254_740_993_i64),
            read(INT::MAX),
            read(INT_END),
            read(f64::INFINITY),
            read(f64::NAN),
        ];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(one.cmp(other), at.cmp(&other_at), "{one:?}, {other:?}");
            }
        }
        assert_eq!(read(1.0), read(1));
        assert_eq!(read(-0.0), read(0));
    }

    #[test]
    fn only_values_that_decide_about_the_order_must_have_the_same_type() {
        let list = |items: &[Dynamic]| read(items.to_vec());
        let (one, two): (Dynamic, Dynamic) = (1.into(), "2".into());
        assert_eq!(read(1).mixed_types(&read("1")), Some(("number", "string")));
        assert_eq!(read(1).mixed_types(&read(Dynamic::UNIT)), None);
        let ends = |end: &Dynamic| list(&[one.clone(), end.clone()]);
        assert_eq!(
            ends(&one).mixed_types(&ends(&two)),
            Some(("number", "string"))
        );
        let starts = list(&[0.into(), two.clone()]);
        assert_eq!(starts.mixed_types(&ends(&one)), None);
    }
}
