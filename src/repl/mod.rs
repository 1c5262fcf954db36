//! The interactive session: the loop, its commands, and what the line editor asks for.
//!
//! A [`Shell`] does what an input says, for somebody at a terminal ([`interact`]) or without one ([`read`], [`one`]). The
//! line editor has a seam for each of its questions: is this complete (`validator`), what fits here (`completer`), which
//! colour has it (`highlighter`), what was entered before (`history`).

mod actions;
mod commands;
mod completer;
mod editing;
mod editor;
mod front;
mod highlighter;
mod history;
mod interactive;
mod knowledge;
mod lexer;
mod plain;
mod prompt;
mod record;
mod results;
mod shell;
mod validator;

pub use self::editing::Editing;
pub use self::front::Front;
pub use self::interactive::{Left, interact};
pub use self::plain::{one, read};
pub use self::shell::{Manner, Occasion, Shell, Taken};
