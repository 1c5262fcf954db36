//! The reference of everything that scripts can call, built from the metadata and doc comments of the functions.
//!
//! A doc comment starts with a summary of one sentence. Paragraphs, `# Errors` and `# Example` may follow. Options come from
//! the schema of the map that a function takes. [`Reference`] finds entries by name; [`terminal`], [`markdown`] and
//! [`definitions`] turn them into text.

pub mod definitions;
mod find;
pub mod markdown;
mod model;
pub mod terminal;

pub use self::find::UnknownName;
pub use self::model::{Entry, Reference};
