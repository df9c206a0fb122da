//! What the routes do: one file per resource. No handler names a database, and no GET writes.

pub mod admin;
pub mod articles;
pub mod assets;
pub mod embed;
pub mod feedback;
pub mod feedback_page;
pub mod health;
pub mod images;
pub mod mail;
pub mod media;
pub mod most_read;
pub mod openapi;
pub mod page;
pub mod publishing;
pub mod rating_page;
pub mod receipt;
pub mod reports;
pub mod revisions;
pub mod share;
pub mod stats;
pub mod unsubscribe;
