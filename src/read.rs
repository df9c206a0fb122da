//! From JSON to the contract's types, in the browser: field by field, by hand.
//!
//! The same types have serde's `Deserialize`, and the server reads them by it. In the Wasm that derived
//! code is a copy of the reading loop for each type, a tenth of what every reader downloads. Here each field that
//! a component shows is asked of a [`Value`], which in a browser is the JavaScript object itself.
//!
//! What is missing or of another kind than it should be is as if it were not there: an answer of a later
//! server is read as far as it is known.

mod article;
mod block;
mod embed;
#[cfg(target_arch = "wasm32")]
mod js;
mod json;
mod value;

pub(crate) use block::{block, inline};
pub use embed::{embed, is_accepted, live, most_read, receipt};
pub use json::Json;
pub use value::{Object, Value};
