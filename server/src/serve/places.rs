//! How many connections each place holds, so that none holds them all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use crate::client;

/// The connections that are open. The table holds no more places than there are connections.
pub(super) struct Places {
    trusted_proxies: Vec<IpNet>,
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// One connection of a place; counted until it is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    /// None for a trusted proxy, which speaks for many.
    counted: Option<IpAddr>,
}

impl Places {
    /// None open yet; at most `most` for each place that is no trusted proxy.
    pub(super) fn new(trusted_proxies: Vec<IpNet>, most: usize) -> Arc<Self> {
        Arc::new(Self { trusted_proxies, most, open: Mutex::default() })
    }

    /// Counts one more connection of the peer's place; none where it holds its share already.
    pub(super) fn enter(places: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        if places.trusted_proxies.iter().any(|net| net.contains(&peer)) {
            return Some(Place { places: places.clone(), counted: None });
        }
        let place = client::place(peer);
        let mut open = places.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(place).or_default();
        if *count >= places.most {
            return None;
        }
        *count += 1;
        Some(Place { places: places.clone(), counted: Some(place) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(place) = self.counted else { return };
        let mut open = self.places.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&place) {
            *count -= 1;
            if *count == 0 {
                open.remove(&place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_its_share_of_connections_and_a_trusted_proxy_as_many_as_it_needs() {
        let places = Places::new(vec!["10.0.0.0/8".parse().unwrap()], 3);
        let enter = |peer: &str| Places::enter(&places, peer.parse().unwrap());
        let mut held: Vec<_> = (0..3).map(|_| enter("2001:db8::1").unwrap()).collect();
        assert!(enter("2001:db8::2").is_none(), "the same subscriber");
        assert!(enter("2001:db8:0:1::1").is_some());
        held.pop();
        assert!(enter("2001:db8::2").is_some());
        let proxy: Vec<_> = (0..6).filter_map(|_| enter("10.0.0.1")).collect();
        assert_eq!(proxy.len(), 6);
        drop(held);
        assert!(places.open.lock().unwrap().is_empty(), "who is gone is forgotten");
    }
}
