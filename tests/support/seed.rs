//! Chance in tests: from a seed that is printed, so that what failed once can be done again.

use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

/// Holds the seed of a run that is to be repeated.
const SEED: &str = "ARTICLE_TEST_SEED";

/// Names a PostgreSQL, where the tests run on one.
const POSTGRES: &str = "ARTICLE_TEST_POSTGRES";

/// Numbers that look random (SplitMix64).
pub(crate) struct Random(u64);

impl Random {
    /// From the seed in the environment, or another one each time.
    pub(crate) fn seeded() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::seeded_or(now.subsec_nanos().into())
    }

    /// From the seed in the environment, or this one.
    pub(crate) fn seeded_or(usual: u64) -> Self {
        let given = std::env::var(SEED).ok();
        let given = given.map(|seed| seed.parse().expect("the seed is a number"));
        let seed = given.unwrap_or(usual);
        let (package, binary) = (env!("CARGO_PKG_NAME"), env!("CARGO_CRATE_NAME"));
        let thread = thread::current();
        let test = thread.name().unwrap_or_default();
        // Of a test that runs over either, which of them it was.
        let database = std::env::var_os(POSTGRES).map_or("", |_| "ARTICLE_TEST_POSTGRES=… ");
        println!(
            "to repeat it: {database}{SEED}={seed} cargo test -p {package} --test {binary} -- --include-ignored {test}"
        );
        Self(seed)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
