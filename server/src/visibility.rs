//! Whether readers may see an article now.

use article_widget::contract::{Article, Status};
use jiff::Timestamp;

use crate::clock::UnixSeconds;
use crate::time::Calendar;

/// What readers may see of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// All of it.
    Visible,
    /// Not even that it is there: withheld, or under embargo.
    Hidden,
    /// That it was there: withdrawn, or expired.
    Withdrawn,
}

/// When readers may see a usable article. Pages, counting and ranking all go by this, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Not before this. An embargo that cannot be read holds for ever.
    pub embargo: Option<UnixSeconds>,
    /// From this on not any more. An expiry that cannot be read never comes.
    pub expires: Option<UnixSeconds>,
}

impl Visibility {
    /// Of this article at this instant.
    pub fn of(article: &Article, now: Timestamp, calendar: &Calendar) -> Self {
        let now = now.as_second();
        let term = Term::read(article.embargo.as_deref(), article.expires.as_deref(), calendar);
        match article.status {
            Status::Canceled => Self::Withdrawn,
            Status::Withheld => Self::Hidden,
            Status::Usable if term.embargo.is_some_and(|embargo| now < embargo) => Self::Hidden,
            Status::Usable if term.expires.is_some_and(|expires| expires <= now) => Self::Withdrawn,
            Status::Usable => Self::Visible,
        }
    }
}

impl Term {
    /// Of an article's dates: a full-date begins at the publisher's midnight.
    pub fn read(embargo: Option<&str>, expires: Option<&str>, calendar: &Calendar) -> Self {
        // Up to the next second: not a fraction of one too early.
        let end = |at: Timestamp| at.as_second() + i64::from(at.subsec_nanosecond() > 0);
        let embargo = embargo.map(|date| calendar.instant(date).map_or(UnixSeconds::MAX, end));
        let expires = expires.and_then(|date| calendar.instant(date)).map(Timestamp::as_second);
        Self { embargo, expires }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_embargo_and_expiry_decide_in_this_order() {
        let calendar = Calendar::new(jiff::tz::TimeZone::UTC);
        let now = "2024-11-27T12:00:00Z".parse().unwrap();
        let of = |status, embargo: &str, expires: &str| {
            let some = |date: &str| (!date.is_empty()).then(|| date.to_owned());
            let (embargo, expires) = (some(embargo), some(expires));
            let article = Article { status, embargo, expires, ..Article::default() };
            Visibility::of(&article, now, &calendar)
        };
        assert_eq!(of(Status::Usable, "", ""), Visibility::Visible);
        assert_eq!(of(Status::Usable, "2024-11-27T12:00:01Z", ""), Visibility::Hidden);
        assert_eq!(of(Status::Usable, "2024-11-27T12:00:00Z", ""), Visibility::Visible);
        assert_eq!(of(Status::Usable, "unreadable", ""), Visibility::Hidden);
        assert_eq!(of(Status::Usable, "2024-11-27T12:00:00.5Z", ""), Visibility::Hidden);
        assert_eq!(of(Status::Usable, "", "2024-11-27"), Visibility::Withdrawn);
        assert_eq!(of(Status::Usable, "", "unreadable"), Visibility::Visible);
        assert_eq!(of(Status::Usable, "2025-01-01", "2024-01-01"), Visibility::Hidden);
        assert_eq!(of(Status::Withheld, "", "2024-01-01"), Visibility::Hidden);
        assert_eq!(of(Status::Canceled, "2025-01-01", ""), Visibility::Withdrawn);
    }
}
