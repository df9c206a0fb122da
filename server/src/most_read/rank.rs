//! The first so many of a board, in one walk over it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use article_widget::contract::Window;

use super::board::{Board, Sum};
use super::catalogue::{Catalogue, Wanted};
use super::{By, LONGEST};
use crate::store::ArticleNo;

/// Views that an article must have for its share of deep ones to say anything.
const FEWEST_FOR_DEEP: u32 = 10;
/// Views of the last 24 hours that an article must have to be called rising.
const FEWEST_FOR_RISING: u32 = 3;

/// An article and what it is ranked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ranked {
    pub(super) article: ArticleNo,
    pub(super) sum: Sum,
}

/// The first [`LONGEST`], best first; of equals the article that came later goes first.
pub(super) fn rank(
    board: &Board,
    catalogue: &Catalogue,
    wanted: &Wanted,
    window: Window,
    by: By,
) -> Vec<Ranked> {
    // Its least is on top, to be beaten.
    let mut best = BinaryHeap::with_capacity(LONGEST + 1);
    for place in 0..board.len() {
        let (article, sum, weight) = board.at(place, window);
        let Some(score) = score(window, by, sum, weight) else { continue };
        let candidate = Reverse((score, article, sum.views, sum.deep));
        if best.len() == LONGEST && best.peek().is_some_and(|least| *least <= candidate) {
            continue;
        }
        if catalogue.is_wanted(article, wanted) {
            best.push(candidate);
            if best.len() > LONGEST {
                best.pop();
            }
        }
    }
    let ranked = |Reverse((_, article, views, deep))| Ranked { article, sum: Sum { views, deep } };
    best.into_sorted_vec().into_iter().map(ranked).collect()
}

/// What is compared; none for what is not ranked. Of floats that are not negative the bits compare as
/// they do.
fn score(window: Window, by: By, sum: Sum, weight: f64) -> Option<u64> {
    match by {
        By::Deep if sum.views < FEWEST_FOR_DEEP || sum.deep == 0 => None,
        By::Deep => Some(lower_bound(sum).to_bits()),
        By::Views if window == Window::Rising => {
            (sum.views >= FEWEST_FOR_RISING).then(|| weight.max(0.0).to_bits())
        }
        By::Views => (sum.views > 0).then_some(sum.views.into()),
    }
}

/// The lower bound of the share of deep views, with 95 % confidence (Wilson's interval): few views must
/// do better to stand as high as many.
fn lower_bound(Sum { views, deep }: Sum) -> f64 {
    const Z: f64 = 1.96;
    let n = f64::from(views);
    let share = (f64::from(deep) / n).min(1.0);
    let margin = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((share + Z * Z / (2.0 * n) - margin) / (1.0 + Z * Z / n)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::most_read::Filter;
    use crate::store::{HourCount, Rankable};

    fn catalogue(articles: u32) -> Catalogue {
        let mut catalogue = Catalogue::default();
        let rankable = |article| Rankable {
            article,
            updated_at: 0,
            section: if article % 2 == 0 { "Văn hóa" } else { "Xã hội" }.into(),
            language: "vi-VN".into(),
            readable: 0..100,
        };
        catalogue.follow(&(1..=articles).map(rankable).collect::<Vec<_>>());
        catalogue
    }

    fn board(counts: &[(ArticleNo, u32, u32)]) -> Board {
        let mut board = Board::new(1000);
        for &(article, views, deep) in counts {
            board.add(&HourCount { hour: 1000, article, views, deep }, false);
        }
        board
    }

    fn ids(board: &Board, filter: &Filter, window: Window, by: By) -> Vec<ArticleNo> {
        let catalogue = catalogue(500);
        let Some(wanted) = catalogue.wanted(filter, 50) else { return Vec::new() };
        rank(board, &catalogue, &wanted, window, by).iter().map(|r| r.article).collect()
    }

    #[test]
    fn the_most_views_first_and_of_equals_the_later_article() {
        let board = board(&[(1, 5, 0), (2, 7, 0), (3, 5, 0), (4, 0, 3)]);
        assert_eq!(ids(&board, &Filter::default(), Window::Day, By::Views), [2, 3, 1]);
        let section = |name: &str| Filter { section: Some(name.into()), ..Filter::default() };
        assert_eq!(ids(&board, &section("xã HỘI"), Window::Day, By::Views), [3, 1]);
        assert!(ids(&board, &section("Thể thao"), Window::Day, By::Views).is_empty());
        let language = |tag: &str| Filter { language: Some(tag.into()), ..Filter::default() };
        assert_eq!(ids(&board, &language("vi"), Window::Day, By::Views).len(), 3);
        assert!(ids(&board, &language("en"), Window::Day, By::Views).is_empty());
    }

    #[test]
    fn a_list_is_no_longer_than_it_may_be_and_holds_the_best() {
        let counts: Vec<_> = (1..=400).map(|article| (article, article * 7 % 401, 0)).collect();
        let ranked = ids(&board(&counts), &Filter::default(), Window::Day, By::Views);
        let mut expected = counts;
        expected.sort_by_key(|(_, views, _)| Reverse(*views));
        let expected: Vec<_> =
            expected.iter().take(LONGEST).map(|(article, ..)| *article).collect();
        assert_eq!(ranked, expected);
    }

    #[test]
    fn what_readers_may_not_see_is_in_no_list() {
        let catalogue = catalogue(2);
        let wanted = catalogue.wanted(&Filter::default(), 100).unwrap();
        let board = board(&[(1, 5, 0), (9, 5, 0)]);
        assert_eq!(rank(&board, &catalogue, &wanted, Window::Day, By::Views), []);
    }

    #[test]
    fn deep_reading_ranks_by_what_is_sure_of_its_share() {
        let board = board(&[(1, 9, 9), (2, 10, 9), (3, 1000, 880), (4, 1000, 500), (5, 50, 0)]);
        assert_eq!(ids(&board, &Filter::default(), Window::Day, By::Deep), [3, 2, 4]);
    }
}
