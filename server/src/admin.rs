//! The publisher's own pages, below `/admin`: who is let in, and what every answer there has in common.
//! What the pages do is in `handlers/admin`; how they look is in [`pages`].
//!
//! They work without a script, and run none.

pub mod article_query;
pub mod edit_form;
pub mod guard;
pub mod inbox_query;
pub mod language;
pub mod logins;
pub mod next;
pub mod pages;
pub mod period;
pub mod render;
pub mod revision_diff;
pub mod session;
pub mod tables;
pub mod visitor;

pub use logins::Logins;
