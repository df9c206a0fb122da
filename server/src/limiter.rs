//! How often somebody may do something: token buckets in a table that does not grow.

use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ahash::RandomState;

mod network;

pub use network::NetworkLimiter;

/// Buckets that a key may lie in; they are looked through one by one.
const WAYS: usize = 8;

/// A token bucket for each key. A key has room in one of a few places: where they are all taken, the
/// bucket there that is nearest to being full is forgotten. One that is full again takes no room at all.
pub struct Limiter<K> {
    /// The time in which one token comes back, in nanoseconds.
    interval: u64,
    /// The time in which an empty bucket fills, in nanoseconds.
    per: u64,
    hasher: RandomState,
    began: Instant,
    sets: Box<[Mutex<[Bucket; WAYS]>]>,
    key: PhantomData<fn(K)>,
}

/// A key's bucket.
#[derive(Clone, Copy, Default)]
struct Bucket {
    /// Stands for the key: nobody outside knows what it is hashed with.
    key: u64,
    /// When it will be full again, in nanoseconds since the beginning: all that is to be known of it
    /// (the generic cell rate algorithm of ITU-T I.371).
    full_at: u64,
}

impl<K: Hash> Limiter<K> {
    /// `burst` at once, and no more than `burst` in any `per` after that; for `capacity` keys, or a few
    /// more. Both numbers are taken as 1 where they are 0.
    pub fn new(per: Duration, burst: u32, capacity: usize) -> Self {
        let sets = (0..capacity.div_ceil(WAYS).max(1)).map(|_| Mutex::default()).collect();
        Self {
            interval: nanoseconds(per / burst.max(1)),
            per: nanoseconds(per),
            hasher: RandomState::new(),
            began: Instant::now(),
            sets,
            key: PhantomData,
        }
    }

    /// Takes a token of `key`'s: whether there was one.
    pub fn allow(&self, key: &K) -> bool {
        self.allow_at(key, Instant::now())
    }

    /// Whether there is a token of `key`'s to take.
    pub fn has(&self, key: &K) -> bool {
        let now = self.since_the_beginning(Instant::now());
        let key = self.hasher.hash_one(key);
        let buckets = self.set(key).lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = find(&buckets, key, now).map_or(now, |place| buckets[place].full_at);
        full_at + self.interval <= now + self.per
    }

    /// Puts back a token of `key`'s that was taken for nothing.
    pub fn give_back(&self, key: &K) {
        let now = self.since_the_beginning(Instant::now());
        let key = self.hasher.hash_one(key);
        let mut buckets = self.set(key).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = find(&buckets, key, now) {
            buckets[place].full_at = buckets[place].full_at.saturating_sub(self.interval);
        }
    }

    /// The same as [`allow`](Self::allow) at a given time.
    pub fn allow_at(&self, key: &K, now: Instant) -> bool {
        let now = self.since_the_beginning(now);
        let key = self.hasher.hash_one(key);
        let mut buckets = self.set(key).lock().unwrap_or_else(PoisonError::into_inner);
        let known = find(&buckets, key, now);
        let place = known.unwrap_or_else(|| nearest_to_full(&buckets));
        let bucket = &mut buckets[place];
        let full_at = if known.is_some() { bucket.full_at } else { now };
        let next = full_at + self.interval;
        let allowed = next <= now + self.per;
        if allowed {
            *bucket = Bucket { key, full_at: next };
        }
        allowed
    }

    /// The buckets among which the one of this hash lies.
    fn set(&self, key: u64) -> &Mutex<[Bucket; WAYS]> {
        &self.sets[key as usize % self.sets.len()]
    }

    fn since_the_beginning(&self, now: Instant) -> u64 {
        nanoseconds(now.saturating_duration_since(self.began))
    }
}

/// The key's bucket, where it is not full.
fn find(buckets: &[Bucket; WAYS], key: u64, now: u64) -> Option<usize> {
    buckets.iter().position(|bucket| bucket.key == key && bucket.full_at > now)
}

fn nearest_to_full(buckets: &[Bucket; WAYS]) -> usize {
    let buckets = buckets.iter().enumerate();
    buckets.min_by_key(|(_, bucket)| bucket.full_at).map_or(0, |(place, _)| place)
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX / 4)
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
    fn what_was_taken_for_nothing_can_be_put_back() {
        let limiter = Limiter::new(Duration::from_secs(3600), 2, 16);
        limiter.give_back(&"reader");
        assert!(limiter.has(&"reader") && limiter.allow(&"reader") && limiter.allow(&"reader"));
        assert!(!limiter.has(&"reader") && !limiter.allow(&"reader"), "none was won before");
        limiter.give_back(&"reader");
        assert!(limiter.has(&"reader") && limiter.allow(&"reader"));
        assert!(!limiter.has(&"reader"));
    }

    #[test]
    fn a_full_table_forgets_the_bucket_that_is_nearest_to_full() {
        let limiter = Limiter::new(Duration::from_secs(3600), 1, WAYS);
        let start = Instant::now();
        let at = |second: usize| start + Duration::from_secs(second as u64);
        for key in 0..WAYS {
            assert!(limiter.allow_at(&key, at(key)));
        }
        let now = at(WAYS);
        assert!((0..WAYS).all(|key| !limiter.allow_at(&key, now)), "there is room for all");
        assert!(limiter.allow_at(&100, now), "there always is");
        assert!((1..WAYS).all(|key| !limiter.allow_at(&key, now)));
        assert!(limiter.allow_at(&0, now), "the first is forgotten");
    }
}
