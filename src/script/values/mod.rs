//! Values of scripts: turned into others, written out, compared, looked into.

pub(super) mod difference;
pub(super) mod literal;
pub(super) mod maps;
pub(super) mod numbers;
pub(super) mod shape;
pub(super) mod shown;
pub(super) mod value;
