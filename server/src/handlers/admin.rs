//! The publisher's own pages. Each answer is [`Policy::Private`](crate::cache::Policy::Private).

pub mod answers;
pub mod article;
pub mod articles;
pub mod edit;
pub mod export;
pub mod feeds;
pub mod files;
pub mod home;
pub mod inbox;
pub mod letter;
pub mod login;
pub mod partners;
pub mod reading;
pub mod revisions;
pub mod withdraw;
