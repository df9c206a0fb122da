//! Several servers on one database: what one has counted, no other counts again.

use std::sync::Arc;

use article_server::store::{Channel, Outcome, Share, Store, View};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::postgres;
use crate::support::*;

const SERVERS: usize = 4;

/// As many servers, on one new database with articles `a` and `b`; none where the tests are to run on SQLite.
async fn servers(database: &Database) -> Option<Vec<Arc<dyn Store>>> {
    if !postgres::is_meant() {
        eprintln!("skipped: SQLite's file has one server");
        return None;
    }
    let mut servers = vec![database.with_articles(&["a", "b"]).await];
    while servers.len() < SERVERS {
        servers.push(database.open().await);
    }
    Some(servers)
}

/// Sends each of these to every server at the same moment: what became of them.
async fn everywhere(servers: &[Arc<dyn Store>], views: &[View]) -> Vec<Outcome> {
    let mut sending = JoinSet::new();
    for (number, view) in views.iter().enumerate() {
        for shift in 0..servers.len() {
            let (store, view) = (servers[(number + shift) % servers.len()].clone(), view.clone());
            sending.spawn(async move { store.record_views(vec![view]).await.unwrap()[0] });
        }
    }
    sending.join_all().await
}

fn counted(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Counted { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_counts_once_whichever_servers_it_is_sent_to() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    let views: Vec<View> = (0..50).map(|reader| view("a", reader, NOON)).collect();
    let outcomes = everywhere(&servers, &views).await;
    assert_eq!(counted(&outcomes), 50);
    let raised = outcomes.iter().filter(|outcome| **outcome == Outcome::Raised).count();
    assert_eq!(raised, 50 * (SERVERS - 1), "the same id again is the same view");
    let totals = totals(&*servers[0], "a").await;
    assert_eq!((totals.raw, totals.views, totals.readers), (50, 50, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_counts_once_in_half_an_hour_whichever_servers_they_come_to() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    // Each time with another id.
    let views: Vec<View> =
        (0..SERVERS).flat_map(|_| (0..40).map(|reader| view("a", reader, NOON))).collect();
    let mut sending = JoinSet::new();
    for (number, view) in views.into_iter().enumerate() {
        // The four views of a reader come to four servers.
        let store = servers[(number / 40) % SERVERS].clone();
        sending.spawn(async move { store.record_views(vec![view]).await.unwrap()[0] });
    }
    let outcomes = sending.join_all().await;
    assert_eq!(counted(&outcomes), 40);
    let totals = totals(&*servers[1], "a").await;
    assert_eq!((totals.views, totals.readers, totals.repeats), (40, 40, 120));
    let later = view("a", 7, NOON + 1800);
    let outcomes = everywhere(&servers, &[later]).await;
    assert_eq!(counted(&outcomes), 1, "the next half hour");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_brings_few_readers_more_than_it_may_however_many_servers_it_asks() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    let mut outcomes = Vec::new();
    for reader in 0..100_u8 {
        let mut view = view("a", reader, NOON);
        view.reader.place = place(1);
        outcomes.push(record(&*servers[usize::from(reader) % SERVERS], &view).await);
    }
    assert_eq!(counted(&outcomes), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_counts_once_and_a_partner_is_made_once() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    let share = Share {
        article: id("b"),
        share: Uuid::new_v4().into_bytes(),
        at: NOON,
        partner: "https://new.example".into(),
        channel: Channel::Copy,
        refused: None,
    };
    let mut sending = JoinSet::new();
    for store in &servers {
        let (store, share) = (store.clone(), share.clone());
        sending.spawn(async move { store.record_shares(vec![share]).await.unwrap()[0] });
    }
    let outcomes = sending.join_all().await;
    assert_eq!(counted(&outcomes), 1);
    assert_eq!(totals(&*servers[2], "b").await.shares, 1);
    let partners = servers[3].partners().await.unwrap();
    assert_eq!(partners.len(), 1);
}

#[tokio::test]
async fn a_job_is_one_servers_until_it_closes() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    let hour = std::time::Duration::from_secs(3600);
    assert!(servers[0].lease("care", hour).await.unwrap());
    assert!(!servers[1].lease("care", hour).await.unwrap());
    assert!(servers[0].lease("care", hour).await.unwrap(), "it is still its own");
    assert!(servers[1].lease("retention", hour).await.unwrap(), "another job is another's");
    servers[0].close().await.unwrap();
    assert!(servers[1].lease("care", hour).await.unwrap());
}

#[tokio::test]
async fn a_job_of_a_server_that_is_gone_is_anothers_where_the_databases_clock_was_set_back() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    let minute = std::time::Duration::from_secs(60);
    assert!(servers[0].lease("care", minute).await.unwrap());
    // As they look after the clock has gone back.
    let url = database.url().await;
    postgres::run(&url, "update lease set held_until = held_until + 3600").await;
    assert!(servers[1].lease("care", minute).await.unwrap());
    assert!(!servers[0].lease("care", minute).await.unwrap(), "it is one server's");
    assert_eq!(record(&*servers[0], &view("a", 1, NOON)).await, COUNTED);
}

#[tokio::test]
async fn what_counted_is_summed_over_servers_and_each_writes_rows_of_its_own() {
    let database = Database::new();
    let Some(servers) = servers(&database).await else { return };
    for (number, store) in servers.iter().enumerate() {
        let reader = u8::try_from(number).unwrap();
        assert_eq!(record(&**store, &view("a", reader, NOON)).await, COUNTED);
    }
    assert_eq!(database.number("select count(distinct node) from tally_hour").await, SERVERS);
    let hour = NOON / 3600;
    let counts = servers[0].counts(hour..hour + 1, None).await.unwrap();
    assert_eq!((counts.len(), counts[0].views), (1, 4));
    assert_eq!(servers[0].standings(hour).await.unwrap().totals[0].views, 4);
    let stats = servers[0].stats(&id("a"), hour..hour + 1, 10).await.unwrap().unwrap();
    assert_eq!((stats.views.len(), stats.views[0].counters.views), (1, 4));
}
