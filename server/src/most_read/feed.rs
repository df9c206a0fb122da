//! Reads from the store what a board is made of, and what has changed since.

use super::board::{Board, Changes, SLIDING, leaving, live_from};
use crate::clock::Hour;
use crate::store::{PartnerNo, Store, StoreError};

/// Hours of counts that are read at a time.
const PIECE: Hour = 24;
/// A board is made anew after so many hours, and after a pause or a jump of the clock as long: whatever
/// went wrong with it is gone then.
const LASTS: Hour = 24;

/// A board of everything, read anew.
pub(super) async fn load(store: &dyn Store, hour: Hour) -> Result<Board, StoreError> {
    let mut board = Board::new(hour);
    let live = live_from(hour);
    let standings = store.standings(live).await?;
    standings.totals.into_iter().for_each(|total| board.set_total(total));
    standings.live.iter().for_each(|count| board.add(count, true));
    let longest = SLIDING[SLIDING.len() - 1];
    for start in (hour - longest..live).step_by(PIECE as usize) {
        let counts = store.counts(start..(start + PIECE).min(live), None).await?;
        counts.iter().for_each(|count| board.add(count, true));
    }
    Ok(board)
}

/// A board of one partner's pages, read anew.
pub(super) async fn load_partner(
    store: &dyn Store,
    hour: Hour,
    partner: PartnerNo,
) -> Result<Board, StoreError> {
    let mut board = Board::new(hour);
    for count in store.counts(0..Hour::MAX, Some(partner)).await? {
        board.add(&count, false);
    }
    Ok(board)
}

/// Whether a board that was `loaded` in one hour and is at another cannot be brought to `hour`, but has
/// to be made anew.
pub(super) fn is_stale(loaded: Hour, at: Hour, hour: Hour) -> bool {
    hour < at || hour - at >= LASTS || hour - loaded >= LASTS
}

/// What brings a board from the hour `at` to `hour`: the hours that may have changed, and those that
/// leave a window.
pub(super) async fn changes(
    store: &dyn Store,
    at: Hour,
    hour: Hour,
    partner: Option<PartnerNo>,
) -> Result<Changes, StoreError> {
    let mut left = Vec::new();
    for at in at..hour {
        let [day, week, month] = leaving(at);
        left.push([
            store.counts(day..day + 1, partner).await?,
            store.counts(week..week + 1, partner).await?,
            store.counts(month..month + 1, partner).await?,
        ]);
    }
    Ok(Changes { counts: store.counts(live_from(at)..Hour::MAX, partner).await?, left })
}
