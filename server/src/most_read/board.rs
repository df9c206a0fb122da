//! Running sums: what was counted of each article in each window. It is told what an hour holds, by and
//! by, and knows what that changes; no sum is ever made anew.

use ahash::HashMap;
use article_widget::contract::Window;

use crate::clock::Hour;
use crate::store::{AllTime, ArticleNo, HourCount};

/// Hours that may still change: the current one and the one before it, whose last views may be
/// committed a moment after it is over.
const LIVE: Hour = 2;
/// The windows that slide, by their length in hours. A window holds the hour it is in and as many
/// before it.
pub(super) const SLIDING: [Hour; 4] = [1, 24, 7 * 24, 30 * 24];
/// Hours in which the weight of a view in the rising list halves.
const HALF_LIFE: f64 = 6.0;

/// The first hour that may still change, when `hour` is the current one.
pub(super) fn live_from(hour: Hour) -> Hour {
    hour + 1 - LIVE
}

/// The hours that leave the longer windows when the hour after `hour` begins.
pub(super) fn leaving(hour: Hour) -> [Hour; 3] {
    [1, 2, 3].map(|window| hour - SLIDING[window])
}

/// What brings a board from one hour to another.
#[derive(Default)]
pub(super) struct Changes {
    /// What the hours hold that were live, and those that came after them.
    pub(super) counts: Vec<HourCount>,
    /// For each hour that begins, what the hours held that [leave](leaving) with it.
    pub(super) left: Vec<[Vec<HourCount>; 3]>,
}

/// Counted views, and deeply read ones among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Counted views.
    pub views: u32,
    /// Those of them that were read deeply.
    pub deep: u32,
}

/// One sum for each article that has any.
#[derive(Default)]
pub(super) struct Board {
    /// The current hour.
    hour: Hour,
    /// The hour in which a view weighs 1. Weights only ever compare, so that the time that passes
    /// changes none of them: later views weigh more instead (forward decay, Cormode et al. 2009).
    epoch: Hour,
    articles: Vec<ArticleNo>,
    places: HashMap<ArticleNo, u32>,
    /// As [`SLIDING`], and all time.
    sums: [Vec<Sum>; 5],
    weights: Vec<f64>,
    /// What is in the sums of hours that may still change.
    live: HashMap<(Hour, ArticleNo), Sum>,
}

impl Board {
    /// Nothing, at `hour`.
    pub(super) fn new(hour: Hour) -> Self {
        Self { hour, epoch: hour, ..Self::default() }
    }

    /// The current hour.
    pub(super) fn hour(&self) -> Hour {
        self.hour
    }

    /// Articles.
    pub(super) fn len(&self) -> usize {
        self.articles.len()
    }

    /// The article at a place below [`len`](Self::len), with its sum in the window, and its weight.
    pub(super) fn at(&self, place: usize, window: Window) -> (ArticleNo, Sum, f64) {
        (self.articles[place], self.sums[column(window)][place], self.weights[place])
    }

    /// The article's sum in the window.
    pub(super) fn of(&self, article: ArticleNo, window: Window) -> Sum {
        let sums = &self.sums[column(window)];
        self.places.get(&article).map_or_else(Sum::default, |place| sums[*place as usize])
    }

    /// Begins with the article's sum of all time; its hours are added to the windows alone.
    pub(super) fn set_total(&mut self, total: AllTime) {
        let place = self.place(total.article);
        self.sums[4][place] = Sum { views: total.views, deep: total.deep };
    }

    /// Adds an hour that is not in any sum yet, but for the one of all time where that `has_total`.
    pub(super) fn add(&mut self, count: &HourCount, has_total: bool) {
        let sum = Sum { views: count.views, deep: count.deep };
        if count.hour >= live_from(self.hour) {
            self.live.insert((count.hour, count.article), sum);
        }
        self.change(count, Sum::default(), sum, !has_total);
    }

    /// Takes over what has changed.
    pub(super) fn apply(&mut self, changes: Changes) {
        changes.counts.iter().for_each(|count| self.follow(count));
        changes.left.into_iter().for_each(|left| self.advance(left));
    }

    /// Takes what a live hour holds by now in the place of what it held.
    fn follow(&mut self, count: &HourCount) {
        let sum = Sum { views: count.views, deep: count.deep };
        let before = self.live.insert((count.hour, count.article), sum).unwrap_or_default();
        self.change(count, before, sum, true);
    }

    /// Begins the next hour: `left` is what the hours of [`leaving`] held.
    fn advance(&mut self, left: [Vec<HourCount>; 3]) {
        // The hour that leaves the shortest window is live until now.
        let first = self.hour - SLIDING[0];
        let of_live = self.live.iter().filter(|((hour, _), _)| *hour == first);
        let of_live = of_live.map(|(&(_, article), sum)| (article, *sum)).collect();
        let left = left.map(|counts| {
            let sum =
                |count: HourCount| (count.article, Sum { views: count.views, deep: count.deep });
            counts.into_iter().map(sum).collect()
        });
        self.leave(0, of_live);
        for (window, left) in (1..).zip(left) {
            self.leave(window, left);
        }
        self.hour += 1;
        let live_from = live_from(self.hour);
        self.live.retain(|(hour, _), _| *hour >= live_from);
    }

    fn leave(&mut self, window: usize, left: Vec<(ArticleNo, Sum)>) {
        for (article, left) in left {
            // What never was in here cannot leave.
            if let Some(place) = self.places.get(&article) {
                let sum = &mut self.sums[window][*place as usize];
                sum.views = sum.views.saturating_sub(left.views);
                sum.deep = sum.deep.saturating_sub(left.deep);
            }
        }
    }

    fn change(&mut self, count: &HourCount, before: Sum, now: Sum, in_total: bool) {
        if before == now {
            return;
        }
        let place = self.place(count.article);
        let age = self.hour - count.hour;
        let is_in = SLIDING.map(|length| age <= length).into_iter().chain([in_total]);
        for (sums, is_in) in self.sums.iter_mut().zip(is_in) {
            if is_in {
                let sum = &mut sums[place];
                sum.views = (sum.views + now.views).saturating_sub(before.views);
                sum.deep = (sum.deep + now.deep).saturating_sub(before.deep);
            }
        }
        let gained = f64::from(now.views) - f64::from(before.views);
        self.weights[place] += gained * ((count.hour - self.epoch) as f64 / HALF_LIFE).exp2();
    }

    fn place(&mut self, article: ArticleNo) -> usize {
        let next = self.articles.len();
        let place = *self.places.entry(article).or_insert(next as u32) as usize;
        if place == next {
            self.articles.push(article);
            self.weights.push(0.0);
            for sums in &mut self.sums {
                sums.push(Sum::default());
            }
        }
        place
    }
}

/// The sums of a window; of a list that has no window of its own, those of the last 24 hours.
fn column(window: Window) -> usize {
    match window {
        Window::Hour => 0,
        Window::Day | Window::Rising => 1,
        Window::Week => 2,
        Window::Month => 3,
        Window::All => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(hour: Hour, article: ArticleNo, views: u32) -> HourCount {
        HourCount { hour, article, views, deep: 0 }
    }

    fn views(board: &Board, article: ArticleNo, window: Window) -> u32 {
        let place = (0..board.len()).find(|place| board.at(*place, window).0 == article);
        place.map_or(0, |place| board.at(place, window).1.views)
    }

    /// With what leaves from the list, as a feed would give it.
    fn advance(board: &mut Board, all: &[HourCount]) {
        let of = |hour| all.iter().filter(|count| count.hour == hour).copied().collect();
        board.advance(leaving(board.hour).map(of));
    }

    #[test]
    fn a_window_holds_its_hour_and_as_many_before_it_and_slides() {
        let all = [count(976, 1, 5), count(999, 1, 3), count(1000, 1, 1)];
        let mut board = Board::new(1000);
        all.iter().for_each(|count| board.add(count, false));
        let now = |board: &Board| {
            [Window::Hour, Window::Day, Window::Week, Window::All].map(|w| views(board, 1, w))
        };
        assert_eq!(now(&board), [4, 9, 9, 9]);
        advance(&mut board, &all);
        assert_eq!(now(&board), [1, 4, 9, 9]);
        advance(&mut board, &all);
        assert_eq!(now(&board), [0, 4, 9, 9]);
        for _ in 0..24 {
            advance(&mut board, &all);
        }
        assert_eq!(now(&board), [0, 0, 9, 9]);
        assert_eq!((board.of(1, Window::All).views, board.of(2, Window::All).views), (9, 0));
    }

    #[test]
    fn a_live_hour_is_followed_and_counts_once() {
        let mut board = Board::new(1000);
        board.set_total(AllTime { article: 1, views: 10, deep: 0 });
        board.add(&count(1000, 1, 4), true);
        board.follow(&count(1000, 1, 4));
        assert_eq!((views(&board, 1, Window::Day), views(&board, 1, Window::All)), (4, 10));
        board.follow(&count(1000, 1, 7));
        board.follow(&count(1000, 2, 1));
        assert_eq!((views(&board, 1, Window::Day), views(&board, 1, Window::All)), (7, 13));
        assert_eq!(views(&board, 2, Window::Hour), 1);
    }

    #[test]
    fn a_view_weighs_half_of_one_six_hours_later() {
        let mut board = Board::new(1000);
        board.add(&count(994, 1, 8), false);
        board.add(&count(1000, 2, 4), false);
        let weight = |place| board.at(place, Window::Rising).2;
        assert!((weight(0) - weight(1)).abs() < 1e-9);
    }
}
