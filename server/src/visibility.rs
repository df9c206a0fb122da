//! Whether readers may see an article now.

use article_widget::contract::{Article, Status};
use jiff::Timestamp;

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

impl Visibility {
    /// Of this article at this instant. An embargo that cannot be read holds.
    pub fn of(article: &Article, now: Timestamp, calendar: &Calendar) -> Self {
        let is_after = |date: &String| calendar.instant(date).is_none_or(|instant| instant > now);
        let is_past = |date: &String| calendar.instant(date).is_some_and(|instant| instant <= now);
        match article.status {
            Status::Canceled => Self::Withdrawn,
            Status::Withheld => Self::Hidden,
            Status::Usable if article.embargo.as_ref().is_some_and(is_after) => Self::Hidden,
            Status::Usable if article.expires.as_ref().is_some_and(is_past) => Self::Withdrawn,
            Status::Usable => Self::Visible,
        }
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
        assert_eq!(of(Status::Usable, "", "2024-11-27"), Visibility::Withdrawn);
        assert_eq!(of(Status::Usable, "2025-01-01", "2024-01-01"), Visibility::Hidden);
        assert_eq!(of(Status::Withheld, "", "2024-01-01"), Visibility::Hidden);
        assert_eq!(of(Status::Canceled, "2025-01-01", ""), Visibility::Withdrawn);
    }
}
