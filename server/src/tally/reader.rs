//! Who reads: a keyed hash of network address and user agent, and one of the address alone, under a salt
//! that dies within 48 hours. Neither address nor agent goes any further than this.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use hmac::{Hmac, Mac};
use ipnet::IpNet;
use sha2::Sha256;
use tokio::sync::Mutex;

use crate::client::Client;
use crate::config::Config;
use crate::operator_key::{OperatorKey, SALT};
use crate::store::{PlaceKey, Reader, ReaderKey, Store, StoreError};

type HmacSha256 = Hmac<Sha256>;

/// Makes reader keys, and keeps the salts that it needs for them.
pub(super) struct Readers {
    store: Arc<dyn Store>,
    /// Opens the store's salts.
    key: Option<OperatorKey>,
    salts: RwLock<Option<Arc<Salts>>>,
    /// Held by whoever asks the store for salts.
    asking: Mutex<()>,
    /// The last day whose turn is done with.
    turned: Mutex<Option<i64>>,
    /// For readers who ask not to be followed: never leaves this process.
    private: HmacSha256,
    shared: SharedNetworks,
}

/// Networks in which many readers look alike: those of carriers that put their customers behind few
/// addresses.
#[derive(Clone, Default)]
pub struct SharedNetworks {
    /// The networks.
    pub networks: Vec<IpNet>,
    /// Views of one article that one key may count in half an hour there.
    pub views: u16,
}

impl SharedNetworks {
    /// Those of the settings.
    pub fn of(config: &Config) -> Self {
        Self { networks: config.shared_networks.clone(), views: config.shared_views }
    }

    /// Whether the client is in one of them.
    pub(crate) fn contain(&self, client: &Client) -> bool {
        self.networks.iter().any(|network| network.contains(&client.address))
    }

    /// Views of one article that the client's key may count in half an hour.
    pub(crate) fn allowance(&self, client: &Client) -> u16 {
        if self.contain(client) { self.views.max(1) } else { 1 }
    }
}

struct Salts {
    day: i64,
    today: HmacSha256,
    yesterday: HmacSha256,
}

impl Readers {
    /// No salt yet.
    pub(super) fn new(
        store: Arc<dyn Store>,
        key: Option<OperatorKey>,
        shared: SharedNetworks,
    ) -> Self {
        let mut private = [0; 32];
        getrandom::fill(&mut private).expect("the system gives random bytes");
        Self {
            store,
            key,
            salts: RwLock::default(),
            asking: Mutex::default(),
            turned: Mutex::default(),
            private: keyed(&private),
            shared,
        }
    }

    /// The client, as a reader on `day`.
    pub(super) async fn reader(&self, client: &Client, day: i64) -> Result<Reader, StoreError> {
        let salts = self.salts(day).await?;
        let (today, yesterday) = if client.private {
            let on = |day| reader_key(&on_day(&self.private, day), client);
            (on(salts.day), on(salts.day - 1))
        } else {
            (reader_key(&salts.today, client), reader_key(&salts.yesterday, client))
        };
        Ok(Reader {
            today,
            yesterday,
            // Of a private reader too: it says no more than that somebody came from there, and is
            // kept in memory only.
            place: place_key(&salts.today, client),
            day: salts.day,
            private: client.private,
            allowance: self.shared.allowance(client),
        })
    }

    /// Has everything of the days before yesterday destroyed, once a day and at the start.
    pub(super) async fn turn(&self, day: i64) -> Result<(), StoreError> {
        let mut turned = self.turned.lock().await;
        if *turned != Some(day) {
            self.salts(day).await?;
            self.store.forget_before(day - 1).await?;
            *turned = Some(day);
        }
        Ok(())
    }

    async fn salts(&self, day: i64) -> Result<Arc<Salts>, StoreError> {
        if let Some(salts) = self.kept(day) {
            return Ok(salts);
        }
        let _asking = self.asking.lock().await;
        if let Some(salts) = self.kept(day) {
            return Ok(salts);
        }
        // Yesterday's first: asking for today's destroys what is older.
        let yesterday = keyed(&self.salt(day - 1).await?);
        let today = keyed(&self.salt(day).await?);
        let salts = Arc::new(Salts { day, today, yesterday });
        *self.salts.write().unwrap_or_else(PoisonError::into_inner) = Some(salts.clone());
        Ok(salts)
    }

    /// The salt of one day, opened: the store has it sealed, where the operator gave a key.
    async fn salt(&self, day: i64) -> Result<Vec<u8>, StoreError> {
        let mut fresh = vec![0; SALT];
        getrandom::fill(&mut fresh).map_err(|error| StoreError::Other(error.into()))?;
        let Some(key) = &self.key else { return self.store.salt(day, &fresh).await };
        let sealed = key.seal_salt(day, &fresh).map_err(StoreError::Other)?;
        let kept = self.store.salt(day, &sealed).await?;
        key.open_salt(day, kept).map_err(StoreError::Other)
    }

    /// The salts, where they are of that day. A report that came just before midnight and is handled
    /// after it belongs to the new day: its own is not to be asked for again.
    fn kept(&self, day: i64) -> Option<Arc<Salts>> {
        let kept = self.salts.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|salts| salts.day == day || salts.day == day + 1).cloned()
    }
}

fn keyed(salt: &[u8]) -> HmacSha256 {
    HmacSha256::new_from_slice(salt).expect("HMAC takes keys of any length")
}

/// The same for one day, as a salt is: else who was new yesterday would never be new again, and an address
/// would gain as many readers every day as it may bring on one.
fn on_day(keyed: &HmacSha256, day: i64) -> HmacSha256 {
    let mut keyed = keyed.clone();
    keyed.update(&day.to_be_bytes());
    keyed
}

fn reader_key(keyed: &HmacSha256, client: &Client) -> ReaderKey {
    key(keyed, client, client.agent.as_bytes())
}

/// No agent holds a zero byte.
fn place_key(keyed: &HmacSha256, client: &Client) -> PlaceKey {
    key(keyed, client, &[0])
}

fn key<const LENGTH: usize>(
    keyed: &HmacSha256,
    client: &Client,
    of_the_place: &[u8],
) -> [u8; LENGTH] {
    let mut mac = keyed.clone();
    // In one length, so that no agent can pass for part of an address.
    let place = match client.place() {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    mac.update(&place.octets());
    mac.update(of_the_place);
    let mut key = [0; LENGTH];
    key.copy_from_slice(&mac.finalize().into_bytes()[..LENGTH]);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(address: &str, agent: &str) -> ReaderKey {
        let client =
            Client { address: address.parse().unwrap(), agent: agent.into(), private: false };
        reader_key(&keyed(&[7; 32]), &client)
    }

    #[test]
    fn a_reader_is_an_ipv4_address_or_an_ipv6_network_and_an_agent() {
        assert_eq!(key_of("2001:db8::1", "a"), key_of("2001:db8::2", "a"));
        assert_ne!(key_of("2001:db8::1", "a"), key_of("2001:db8:0:1::1", "a"));
        assert_eq!(key_of("192.0.2.1", "a"), key_of("192.0.2.1", "a"));
        assert_ne!(key_of("192.0.2.1", "a"), key_of("192.0.2.2", "a"));
        assert_ne!(key_of("192.0.2.1", "a"), key_of("192.0.2.1", "b"));
    }
    #[test]
    fn only_a_shared_network_counts_more_than_one_view_of_a_key() {
        let shared =
            SharedNetworks { networks: vec!["198.51.100.0/24".parse().unwrap()], views: 8 };
        let at = |address: &str| Client {
            address: address.parse().unwrap(),
            agent: "a".into(),
            private: false,
        };
        assert_eq!(shared.allowance(&at("198.51.100.7")), 8);
        assert_eq!(shared.allowance(&at("203.0.113.7")), 1);
        assert_eq!(SharedNetworks { views: 0, ..shared }.allowance(&at("198.51.100.7")), 1);
    }
}
