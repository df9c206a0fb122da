//! The words that readers get to see, in every language: two that are built in, and those that the
//! publisher brings as files.
//!
//! Words are data: nothing else in the program says anything to a reader. All languages of a server are one
//! value, [`Languages`], which is made anew where a file changes; [`LiveLanguages`] owns the one in use.

pub mod admin;
mod builtin;
mod counted;
mod direction;
mod file;
mod folder;
mod language;
mod languages;
mod live;
mod pairs;
mod sources;
mod template;

pub use builtin::{LANGUAGES, known};
pub use direction::direction;
pub use file::{Fault, Faults, LanguageFile};
pub use folder::read_folder;
pub use language::Language;
pub use languages::{Languages, Missing, Terms};
pub use live::{Change, LiveLanguages};
pub use template::template;
