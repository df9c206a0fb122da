//! How many readers are new to an article today, and from how few addresses: what keeps one machine
//! with ten thousand user agents from making ten thousand readers.

use super::sharded::Sharded;
use crate::store::{ArticleNo, PlaceKey};

/// New readers of one article from one address on one day: at least so many …
const FEWEST: u32 = 20;
/// … and at least this part of all that the article has today.
const PART: u32 = 100;

/// The new readers of one day.
#[derive(Default)]
pub(in crate::store) struct Crowd {
    day: Option<i64>,
    readers: Sharded<ArticleNo, u32>,
    places: Sharded<(ArticleNo, PlaceKey), u32>,
}

impl Crowd {
    /// For millions of readers; the default is for a batch.
    pub(in crate::store) fn large() -> Self {
        Self { day: None, readers: Sharded::large(), places: Sharded::large() }
    }

    /// One more, on `day`. A later day begins anew, as does one that lies well before it: then a clock
    /// was ahead.
    pub(in crate::store) fn enter(&mut self, day: i64, article: ArticleNo, place: PlaceKey) {
        self.begin(day);
        *self.readers.entry(article, u32::default) += 1;
        *self.places.entry((article, place), u32::default) += 1;
    }

    /// So many more of the article's, wherever from.
    pub(in crate::store) fn add(&mut self, day: i64, article: ArticleNo, readers: u32) {
        self.begin(day);
        *self.readers.entry(article, u32::default) += readers;
    }

    /// So many of the article's are from `place`.
    pub(in crate::store) fn add_from(
        &mut self,
        day: i64,
        article: ArticleNo,
        place: PlaceKey,
        readers: u32,
    ) {
        self.begin(day);
        *self.places.entry((article, place), u32::default) += readers;
    }

    fn begin(&mut self, day: i64) {
        if !self.covers(day) {
            self.day = Some(day);
            self.readers.clear();
            self.places.clear();
        }
    }

    /// The article's, and those of them from `place`.
    pub(in crate::store) fn count(
        &self,
        day: i64,
        article: ArticleNo,
        place: PlaceKey,
    ) -> (u32, u32) {
        if !self.covers(day) {
            return (0, 0);
        }
        let of = |count: Option<&u32>| count.copied().unwrap_or_default();
        (of(self.readers.get(&article)), of(self.places.get(&(article, place))))
    }

    /// What was on its way at midnight belongs to the day that has begun.
    fn covers(&self, day: i64) -> bool {
        self.day.is_some_and(|begun| begun == day || begun == day + 1)
    }
}

/// Whether `place` has brought the article as many readers today as it may: in `crowds`, the committed
/// one and the batch's own. `allowance` is 1, or more for an address that many are known to share.
pub(in crate::store) fn is_full(
    crowds: [&Crowd; 2],
    day: i64,
    article: ArticleNo,
    place: PlaceKey,
    allowance: u16,
) -> bool {
    let [(readers, from_here), (added, added_from_here)] =
        crowds.map(|crowd| crowd.count(day, article, place));
    let most = (FEWEST * u32::from(allowance)).max((readers + added) / PART);
    from_here + added_from_here >= most
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: PlaceKey = [1; 8];
    const THERE: PlaceKey = [2; 8];

    fn is_full_at(crowd: &Crowd, day: i64, place: PlaceKey) -> bool {
        is_full([crowd, &Crowd::default()], day, 7, place, 1)
    }

    #[test]
    fn an_address_brings_twenty_readers_or_one_in_a_hundred() {
        let mut crowd = Crowd::default();
        for _ in 0..20 {
            assert!(!is_full_at(&crowd, 1, HERE));
            crowd.enter(1, 7, HERE);
        }
        assert!(is_full_at(&crowd, 1, HERE) && !is_full_at(&crowd, 1, THERE));
        assert!(!is_full([&crowd, &Crowd::default()], 1, 7, HERE, 2), "shared by twice as many");
        assert!(!is_full([&crowd, &Crowd::default()], 1, 8, HERE, 1), "another article");
        for reader in 0..2_080_u32 {
            let mut place = THERE;
            place[..4].copy_from_slice(&reader.to_be_bytes());
            crowd.enter(1, 7, place);
        }
        assert!(!is_full_at(&crowd, 1, HERE), "20 of 2,100");
    }

    #[test]
    fn a_day_begins_anew() {
        let mut crowd = Crowd::default();
        for _ in 0..20 {
            crowd.enter(5, 7, HERE);
        }
        assert!(is_full_at(&crowd, 4, HERE), "on its way at midnight");
        assert!(!is_full_at(&crowd, 6, HERE));
        crowd.enter(6, 7, THERE);
        assert!(!is_full_at(&crowd, 6, HERE));
    }
}
