//! Mail and calls, to receivers that the tests start: what arrives, how often, and what becomes of it where
//! they are down, slow or hostile.

mod hook;
mod leaving;
mod letter;
mod letters;
mod process;
mod proof;
mod retries;
mod sending;
mod sink;
mod unsubscribe;
mod world;
