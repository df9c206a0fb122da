//! What was counted of one article, hour by hour.

use std::ops::AddAssign;

/// One article's counters over some hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// By hour, then by partner; none for an hour without a beacon.
    pub views: Vec<PartnerHour>,
    /// By the name of the channel.
    pub shares: Vec<ChannelShares>,
    /// Most first.
    pub arrivals: Vec<Arrivals>,
}

/// What was counted in one hour of one partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerHour {
    /// In hours since 1970.
    pub hour: i64,
    /// The partner's origin; empty where the browser did not say.
    pub partner: String,
    /// What was counted.
    pub counters: Counters,
}

/// Beacons of views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// All, but for those that raised an earlier one: `views` and all that was refused.
    pub raw: u64,
    /// Views that count.
    pub views: u64,
    /// Readers by day, summed.
    pub readers: u64,
    /// Why the rest does not count.
    pub refused: Refusals,
    /// Seconds visible, summed over counted views.
    pub seconds: u64,
    /// Depth in per cent, summed over counted views.
    pub depth: u64,
    /// Counted views that were read deeply.
    pub deep: u64,
}

/// Beacons that do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// Known bots.
    pub bots: u64,
    /// Repeats.
    pub repeats: u64,
    /// Too many from one place.
    pub rate: u64,
    /// Pages of no partner.
    pub unknown: u64,
}

/// Shares by one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelShares {
    /// Its name.
    pub channel: String,
    /// Those that count.
    pub shares: u64,
    /// Those that do not.
    pub refused: Refusals,
}

/// Views that came by one share mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// The mark on the link.
    pub mark: String,
    /// The partner whose page was shared, where the mark is one of ours.
    pub partner: Option<String>,
    /// Counted views.
    pub views: u64,
}

impl AddAssign for Counters {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.views += other.views;
        self.readers += other.readers;
        self.refused += other.refused;
        self.seconds += other.seconds;
        self.depth += other.depth;
        self.deep += other.deep;
    }
}

impl AddAssign for Refusals {
    fn add_assign(&mut self, other: Self) {
        self.bots += other.bots;
        self.repeats += other.repeats;
        self.rate += other.rate;
        self.unknown += other.unknown;
    }
}
