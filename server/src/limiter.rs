//! How often somebody may do something: token buckets in a table that does not grow.

use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

/// A token bucket for each key. At `capacity` keys the one that asked longest ago is forgotten.
pub struct Limiter<K> {
    /// The time in which one token comes back.
    interval: Duration,
    /// The time in which an empty bucket fills.
    per: Duration,
    /// When each bucket will be full again: all that is to be known of it (the generic cell rate
    /// algorithm of ITU-T I.371).
    full_at: Mutex<LruCache<K, Instant>>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// `burst` at once, and no more than `burst` in any `per` after that; for `capacity` keys. Both
    /// numbers are taken as 1 where they are 0.
    pub fn new(per: Duration, burst: u32, capacity: usize) -> Self {
        let capacity = NonZeroUsize::new(capacity).unwrap_or(NonZeroUsize::MIN);
        Self { interval: per / burst.max(1), per, full_at: Mutex::new(LruCache::new(capacity)) }
    }

    /// Takes a token of `key`'s: whether there was one.
    pub fn allow(&self, key: &K) -> bool {
        self.allow_at(key, Instant::now())
    }

    /// The same at a given time.
    pub fn allow_at(&self, key: &K, now: Instant) -> bool {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(full_at) = full_at.get_mut(key) {
            let next = (*full_at).max(now) + self.interval;
            let allowed = next <= now + self.per;
            if allowed {
                *full_at = next;
            }
            return allowed;
        }
        full_at.push(key.clone(), now + self.interval);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_gives_its_burst_and_then_refills_evenly() {
        let limiter = Limiter::new(Duration::from_secs(1), 4, 16);
        let start = Instant::now();
        let taken = (0..10).filter(|_| limiter.allow_at(&"reader", start)).count();
        assert_eq!(taken, 4);
        assert!(!limiter.allow_at(&"reader", start + Duration::from_millis(249)));
        assert!(limiter.allow_at(&"reader", start + Duration::from_millis(250)));
        assert!(!limiter.allow_at(&"reader", start + Duration::from_millis(250)));
        assert!(limiter.allow_at(&"another", start), "each key has a bucket of its own");
    }

    #[test]
    fn the_table_forgets_whoever_asked_longest_ago() {
        let limiter = Limiter::new(Duration::from_secs(3600), 1, 2);
        let now = Instant::now();
        assert!(limiter.allow_at(&1, now) && limiter.allow_at(&2, now));
        assert!(!limiter.allow_at(&1, now), "asking keeps a key in the table");
        assert!(limiter.allow_at(&3, now));
        assert!(!limiter.allow_at(&1, now));
        assert!(limiter.allow_at(&2, now));
    }
}
