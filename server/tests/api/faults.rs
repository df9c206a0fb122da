//! What breaks below a server, broken for real while readers send: nothing that was acknowledged is lost or doubled, and
//! the server says how it is.

mod assets;
mod clock;
mod cut;
mod damage;
mod fsync;
pub(crate) mod proxy;
