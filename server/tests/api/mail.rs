//! Mail and calls, to receivers that the tests start: what arrives, how often, and what becomes of it where
//! they are down, slow or hostile.

pub(crate) mod hook;
mod injection;
mod leaving;
mod process;
mod proof;
mod received;
mod retries;
mod sending;
mod sink;
mod unsubscribe;
mod world;
