//! The reference of what scripts can call: one model, made of the functions' metadata and doc comments, and its forms.
//!
//! A doc comment begins with a summary of one sentence; paragraphs may follow, and then `# Errors` and `# Example`; options come
//! from the schema of the map that a function takes. [`Reference`] finds entries by the names that users give, and each form is a function from entries to
//! text: [`terminal`], [`markdown`], [`definitions`].

pub mod definitions;
mod find;
pub mod markdown;
mod model;
pub mod terminal;

pub use self::find::UnknownName;
pub use self::model::{Entry, Overload, Reference, Topic};
