//! How often somebody may do something, where many may have one address.

use std::hash::Hash;
use std::time::Duration;

use super::Limiter;
use crate::client::Client;
use crate::tally::SharedNetworks;

/// A limiter for most clients, and a wider one for those of networks where many look alike.
pub struct NetworkLimiter<K> {
    usual: Limiter<K>,
    wide: Limiter<K>,
    shared: SharedNetworks,
}

impl<K: Hash> NetworkLimiter<K> {
    /// As [`Limiter::new`]; in networks that are shared, as many times as much as views may count there.
    pub fn new(per: Duration, burst: u32, capacity: usize, shared: &SharedNetworks) -> Self {
        let wide = burst.saturating_mul(shared.views.max(1).into());
        Self {
            usual: Limiter::new(per, burst, capacity),
            wide: Limiter::new(per, wide, capacity),
            shared: shared.clone(),
        }
    }

    /// The limiter of this client.
    pub fn of(&self, client: &Client) -> &Limiter<K> {
        if self.shared.allowance(client) > 1 { &self.wide } else { &self.usual }
    }
}
