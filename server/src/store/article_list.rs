//! Lists of articles in the SQL that every engine takes.

use super::statement::Statement;
use super::{ArticleFilter, ArticleOrder, ArticleState, like};
use crate::clock::UnixSeconds;

/// The place of an article's state in [`ArticleState::ALL`](super::ArticleState::ALL), at `$1`.
pub(in crate::store) const STATE: &str = "cast(case
    when status = 'canceled' then 4
    when status = 'withheld' then 2
    when embargo > $1 then 1
    when expires <= $1 then 3
    else 0 end as bigint)";

/// Which of those that match.
#[derive(Clone, Copy)]
pub(in crate::store) struct Page {
    /// What is first.
    pub(in crate::store) order: ArticleOrder,
    /// So many are on the pages before.
    pub(in crate::store) skipped: u32,
    /// At most so many.
    pub(in crate::store) limit: u32,
}

/// How many there are of each state, by the filter's other conditions.
pub(in crate::store) fn counts(filter: &ArticleFilter, now: UnixSeconds) -> Statement {
    let select =
        format!("/* article_counts */ select {STATE} as state, count(*) from article_found");
    let mut statement = matching(&select, filter, now);
    statement.sql.push_str(" group by 1");
    statement
}

/// The numbers of a page, as a walk along the order's index, up to the page's end.
pub(in crate::store) fn walk(filter: &ArticleFilter, now: UnixSeconds, page: Page) -> Statement {
    let select = "/* walk_articles */ select article from article_found";
    let mut statement = matching(select, filter, now);
    if let Some(state) = filter.state {
        statement.sql.push_str(" and ");
        statement.sql.push_str(of_state(state));
    }
    let by = by(column(page.order), page.order);
    let (limit, skipped) = (statement.name(page.limit), statement.name(page.skipped));
    statement.sql.push_str(&format!(" order by {by} limit {limit} offset {skipped}"));
    statement
}

/// That an article is of this state, at `$1`. The same as [`STATE`], in words of which a database knows how many rows
/// they mean.
fn of_state(state: ArticleState) -> &'static str {
    match state {
        ArticleState::Visible => {
            "status = 'usable' and (embargo is null or embargo <= $1) and (expires is null or expires > $1)"
        }
        ArticleState::Embargo => "status = 'usable' and embargo > $1",
        ArticleState::Withheld => "status = 'withheld'",
        ArticleState::Expired => {
            "status = 'usable' and (embargo is null or embargo <= $1) and expires <= $1"
        }
        ArticleState::Withdrawn => "status = 'canceled'",
    }
}

/// With the filter's conditions, but for its state. The first value is the time: not every statement asks for it, and
/// each has to know of what type it is.
pub(in crate::store) fn matching(
    select: &str,
    filter: &ArticleFilter,
    now: UnixSeconds,
) -> Statement {
    let sql = format!("{select} where cast($1 as bigint) is not null");
    let mut statement = Statement { sql, values: vec![now.into()] };
    if let Some(section) = &filter.section {
        statement.and("section = ?", section.clone());
    }
    if let Some(language) = &filter.language {
        statement.and("language = ?", language.clone());
    }
    for word in &filter.words {
        statement.and(r"words like ? escape '\'", like::containing(word));
    }
    statement
}

/// What articles are ordered by.
pub(in crate::store) fn column(order: ArticleOrder) -> &'static str {
    match order {
        ArticleOrder::Changed => "updated_at",
        ArticleOrder::Published => "published_at",
        ArticleOrder::Title => "sort_title",
    }
}

/// By that column, as the indexes have it.
pub(in crate::store) fn by(column: &str, order: ArticleOrder) -> String {
    match order {
        ArticleOrder::Title => format!("{column}, article"),
        ArticleOrder::Changed | ArticleOrder::Published => format!("{column} desc, article desc"),
    }
}
