//! What is told of one article, hour by hour.

use article_server::store::{
    Arrivals, Channel, Counters, Outcome, PartnerHour, Refusal, Refusals, Share, View,
};
use uuid::Uuid;

use crate::support::*;

const HOUR: i64 = NOON / 3600;

#[tokio::test]
async fn an_hour_has_a_row_for_each_partner_and_a_day_the_hours_asked_for() {
    let database = Database::new();
    let store = database.with_articles(&["a", "b"]).await;
    let from = |partner: &str, view: View| View { partner: partner.into(), ..view };
    let (here, there) = ("https://partner.example", "https://other.example");
    let views = [
        from(here, view("a", 1, NOON + 3599)),
        from(there, view("a", 2, NOON)),
        from(here, View { refused: Some(Refusal::Rate), ..view("a", 3, NOON + 1) }),
        from(here, view("a", 4, NOON + 3600)),
        from(here, view("a", 5, NOON + 7200)),
        from(here, view("b", 6, NOON)),
    ];
    store.record_views(views.to_vec()).await.unwrap();

    let one =
        Counters { raw: 1, views: 1, readers: 1, seconds: 1, depth: 10, ..Counters::default() };
    let refused = Refusals { rate: 1, ..Refusals::default() };
    let row =
        |hour, partner: &str, counters| PartnerHour { hour, partner: partner.into(), counters };
    let stats = store.stats(&id("a"), HOUR..HOUR + 2, 9).await.unwrap().unwrap();
    let expected = [
        row(HOUR, there, one),
        row(HOUR, here, Counters { raw: 2, refused, ..one }),
        row(HOUR + 1, here, one),
    ];
    assert_eq!(stats.views, expected);
    let limited = store.stats(&id("a"), HOUR..HOUR + 2, 2).await.unwrap().unwrap();
    assert_eq!(limited.views, expected[..2]);
    assert_eq!(store.stats(&id("none"), HOUR..HOUR + 2, 9).await.unwrap(), None);
}

#[tokio::test]
async fn arrivals_are_summed_over_hours_and_name_the_partner_that_was_shared() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let by = |mark: &str, view: View| View { share: Some(mark.into()), ..view };
    let views = [
        by("f-1", view("a", 1, NOON)),
        by("f-1wh5o", view("a", 2, NOON)),
        by("f-1wh5o", view("a", 3, NOON + 3600)),
        by("f-1wh5o", view("a", 4, NOON + 7200)),
    ];
    store.record_views(views.to_vec()).await.unwrap();
    let stats = store.stats(&id("a"), HOUR..HOUR + 2, 9).await.unwrap().unwrap();
    let partner = Some("https://partner.example".to_owned());
    assert_eq!(
        stats.arrivals,
        [
            Arrivals { mark: "f-1wh5o".into(), partner, views: 2 },
            Arrivals { mark: "f-1".into(), partner: None, views: 1 },
        ]
    );
}

#[tokio::test]
async fn shares_are_summed_by_channel() {
    let database = Database::new();
    let store = database.with_articles(&["a"]).await;
    let share = |channel, at, refused| Share {
        article: id("a"),
        share: Uuid::new_v4().into_bytes(),
        at,
        partner: "https://partner.example".into(),
        channel,
        refused,
    };
    let shares = [
        share(Channel::X, NOON, None),
        share(Channel::Copy, NOON, None),
        share(Channel::X, NOON + 3600, None),
        share(Channel::X, NOON, Some(Refusal::Bot)),
        share(Channel::X, NOON + 7200, None),
    ];
    let outcomes = store.record_shares(shares.to_vec()).await.unwrap();
    assert_eq!(outcomes[3], Outcome::Refused(Refusal::Bot));
    let stats = store.stats(&id("a"), HOUR..HOUR + 2, 9).await.unwrap().unwrap();
    let told: Vec<_> = stats
        .shares
        .iter()
        .map(|row| (row.channel.as_str(), row.shares, row.refused.bots))
        .collect();
    assert_eq!(told, [("copy", 1, 0), ("x", 2, 1)]);
}
