//! The publisher's own pages. Each answer is [`Policy::Private`](crate::cache::Policy::Private).

pub mod export;
pub mod inbox;
pub mod letter;
pub mod login;
