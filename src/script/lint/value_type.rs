//! The types of values, as far as they are known without a run.

use rhai::Expr;

use crate::script::values::result_shape::ResultShape;

/// The type of a value, of the items of a list, and of the keys of a map that a function returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ValueType {
    /// The name of the type in scripts.
    pub(super) kind: String,
    pub(super) item: Option<Box<ValueType>>,
    pub(super) shape: Option<&'static ResultShape>,
}

impl ValueType {
    pub(super) fn named(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            item: None,
            shape: None,
        }
    }

    pub(super) fn list(kind: &str, item: Option<Self>) -> Self {
        Self {
            kind: kind.to_owned(),
            item: item.map(Box::new),
            shape: None,
        }
    }

    /// Returns the type of a result: a map with the keys of `shape`, or a list of such maps.
    pub(super) fn result(kind: &str, shape: &'static ResultShape) -> Self {
        let item = Self {
            shape: (shape.kind == "map").then_some(shape),
            ..Self::named(shape.kind)
        };
        if kind == shape.kind {
            item
        } else {
            Self::list(kind, Some(item))
        }
    }

    /// Returns the type of a loop variable over the value.
    pub(super) fn iterated(&self) -> Option<Self> {
        match self.kind.as_str() {
            "range" => Some(Self::named("int")),
            _ => self.item.as_deref().cloned(),
        }
    }
}

/// Returns the type that all values have; `None` if they differ, or one is unknown.
pub(super) fn common(types: impl IntoIterator<Item = Option<ValueType>>) -> Option<ValueType> {
    let mut types = types.into_iter();
    let first = types.next()??;
    types
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

pub(super) fn literal_type(literal: &Expr) -> Option<&'static str> {
    Some(match literal {
        Expr::StringConstant(..) | Expr::InterpolatedString(..) => "string",
        Expr::IntegerConstant(..) => "int",
        Expr::FloatConstant(..) => "float",
        Expr::BoolConstant(..) => "bool",
        Expr::CharConstant(..) => "char",
        Expr::Array(..) => "array",
        Expr::Map(..) => "map",
        Expr::Unit(_) => "()",
        _ => return None,
    })
}
