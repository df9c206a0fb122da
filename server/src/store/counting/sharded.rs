//! A map in many small pieces. A large hash map that outgrows its table moves every entry at once, some
//! hundred milliseconds with a few million of them, while every report waits; here one piece at a time
//! moves.

use std::hash::Hash;

use ahash::{HashMap, RandomState};

/// Pieces of a map that may hold millions.
const MANY: usize = 256;

/// A map of `K` to `V`.
pub(in crate::store) struct Sharded<K, V> {
    hasher: RandomState,
    shards: Vec<HashMap<K, V>>,
    len: usize,
}

/// A small one, of one piece.
impl<K, V> Default for Sharded<K, V> {
    fn default() -> Self {
        Self::of(1)
    }
}

impl<K, V> Sharded<K, V> {
    /// One for millions.
    pub(in crate::store) fn large() -> Self {
        Self::of(MANY)
    }

    fn of(pieces: usize) -> Self {
        let shards = (0..pieces).map(|_| HashMap::default()).collect();
        Self { hasher: RandomState::new(), shards, len: 0 }
    }
}

impl<K: Hash + Eq, V> Sharded<K, V> {
    /// The value of that key.
    pub(in crate::store) fn get(&self, key: &K) -> Option<&V> {
        self.shards[self.shard(key)].get(key)
    }

    /// The value of that key, put there where there is none.
    pub(in crate::store) fn entry(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let shard = self.shard(&key);
        let len = &mut self.len;
        self.shards[shard].entry(key).or_insert_with(|| {
            *len += 1;
            value()
        })
    }

    /// Entries.
    pub(in crate::store) fn len(&self) -> usize {
        self.len
    }

    /// Empties it.
    pub(in crate::store) fn clear(&mut self) {
        self.shards.fill_with(HashMap::default);
        self.len = 0;
    }

    /// Keeps what `keep` says, of `count` pieces from the one on that `first` falls on.
    fn retain(&mut self, first: usize, count: usize, keep: impl Fn(&V) -> bool) {
        let pieces = self.shards.len();
        for piece in first..first + count.min(pieces) {
            let shard = &mut self.shards[piece % pieces];
            let before = shard.len();
            shard.retain(|_, value| keep(value));
            self.len -= before - shard.len();
            if shard.len() < shard.capacity() / 4 {
                shard.shrink_to(2 * shard.len());
            }
        }
    }

    fn shard(&self, key: &K) -> usize {
        if self.shards.len() == 1 {
            return 0;
        }
        // Not the bits that the piece's own table goes by: its hasher is another.
        self.hasher.hash_one(key) as usize % self.shards.len()
    }
}

/// A map whose entries have a time, and go when it is long past.
pub(in crate::store) struct Expiring<K, V> {
    entries: Sharded<K, (i64, V)>,
    /// When the pieces were looked through last: one of them every second.
    swept: i64,
}

/// A small one.
impl<K, V> Default for Expiring<K, V> {
    fn default() -> Self {
        Self { entries: Sharded::default(), swept: 0 }
    }
}

impl<K, V> Expiring<K, V> {
    /// One for millions.
    pub(in crate::store) fn large() -> Self {
        Self { entries: Sharded::large(), swept: 0 }
    }
}

impl<K: Hash + Eq, V> Expiring<K, V> {
    /// The entry and its time. It may be past its life.
    pub(in crate::store) fn get(&self, key: &K) -> Option<&(i64, V)> {
        self.entries.get(key)
    }

    /// The entry and its time, put there where there is none.
    pub(in crate::store) fn entry(
        &mut self,
        key: K,
        entry: impl FnOnce() -> (i64, V),
    ) -> &mut (i64, V) {
        self.entries.entry(key, entry)
    }

    /// Entries, of which some may be past their life for as many seconds as there are pieces.
    pub(in crate::store) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Takes out what is not within `life` of `now`, piece by piece as time goes on.
    pub(in crate::store) fn expire(&mut self, life: i64, now: i64) {
        let passed = usize::try_from((now - self.swept).abs()).unwrap_or(MANY).min(MANY);
        self.swept = now;
        let first = usize::try_from(now.rem_euclid(MANY as i64)).unwrap_or_default();
        self.entries.retain(first, passed, |(at, _)| is_within(life, *at, now));
    }
}

/// Whether `seen` is less than `life` from `now`. Before or after: what a clock once said that was
/// ahead holds nobody up for longer.
pub(in crate::store) fn is_within(life: i64, seen: i64, now: i64) -> bool {
    (now - seen).abs() < life
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(map: &mut Expiring<u32, ()>, key: u32, at: i64) {
        map.entry(key, || (at, ())).0 = at;
    }

    #[test]
    fn an_entry_goes_when_its_latest_time_is_over() {
        let mut map = Expiring::large();
        insert(&mut map, 1, 1_000);
        insert(&mut map, 2, 1_001);
        insert(&mut map, 2, 5_000);
        map.expire(10_000, 10_999);
        assert_eq!(map.len(), 2);
        map.expire(10_000, 12_000);
        assert!(map.get(&1).is_none() && map.get(&2).is_some());
        map.expire(10_000, 15_000);
        assert_eq!(map.len(), 0);
    }

    #[test]
    fn every_piece_is_looked_through_as_the_seconds_pass() {
        let mut map = Expiring::large();
        for key in 0..10_000 {
            insert(&mut map, key, 1_000_000);
        }
        for second in 0..256 {
            map.expire(100, 1_000_100 + second);
        }
        assert_eq!(map.len(), 0);
    }

    #[test]
    fn a_clock_that_was_ahead_keeps_nothing_from_going() {
        let mut map = Expiring::large();
        insert(&mut map, 1, 1_000_000);
        map.expire(100, 1_000_000);
        insert(&mut map, 2, 10);
        map.expire(100, 110);
        assert_eq!(map.len(), 0);
    }
}
