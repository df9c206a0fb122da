//! How the database goes about what is asked often, of many articles: its own words.

#[path = "../../../tests/postgres/mod.rs"]
pub(super) mod cluster;

use deadpool_postgres::Client;
use tokio_postgres::types::ToSql;

use super::sql::{Params, params};
use super::{images, migrations, pool};
use crate::store::article_list::{self, Page};
use crate::store::{ArticleFilter, ArticleOrder, ArticleState};

/// A new database with many articles and pictures; none where the tests are to run on SQLite.
async fn filled() -> Option<Client> {
    let url = cluster::database().await?;
    let mut client = pool::pool(&url).unwrap().get().await.unwrap();
    migrations::migrate(&mut client).await.unwrap();
    client.batch_execute(FILL).await.unwrap();
    client.batch_execute("vacuum analyze").await.unwrap();
    client.batch_execute(WHERE_POSSIBLE).await.unwrap();
    Some(client)
}

/// What is cheapest is a matter of the moment's statistics; a walk is possible or it is not.
const WHERE_POSSIBLE: &str =
    "set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off";

/// Of the pictures, most wait for their second try.
const FILL: &str = "
    insert into article (id, json, title, language, status, updated_at, revision)
    select 'a' || n, '{}', 'A', 'vi', case when n % 50 = 0 then 'withheld' else 'usable' end, n, ''
    from generate_series(1, 20000) as n;
    insert into article_found
        (article, id, title, status, section, language, updated_at, published, published_at, sort_title, words)
    select no, id, title, status, 'Mục ' || no % 20, language, updated_at, '', no * 7919 % 20000,
           md5(id), repeat(md5(id), 10)
    from article;
    insert into image (url, due_at, tries)
    select '/media/' || n || '.jpg', n, case when n % 10 = 0 then 0 else 1 end
    from generate_series(1, 20000) as n;
    insert into article_image (url, article, original) select url, due_at, true from image;";

async fn plan(client: &Client, sql: &str, params: Params<'_>) -> String {
    let steps = client.query(&format!("explain {sql}"), params).await.unwrap();
    steps.iter().map(|step| step.get::<_, &str>(0)).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_is_asked_of_many_articles_is_a_walk_along_an_index() {
    let Some(client) = filled().await else { return };
    for (order, index) in [
        (ArticleOrder::Changed, "article_found_by_update"),
        (ArticleOrder::Published, "article_found_by_publication"),
        (ArticleOrder::Title, "article_found_by_title"),
    ] {
        for state in [None, Some(ArticleState::Withheld)] {
            let filter = ArticleFilter { state, ..ArticleFilter::default() };
            let page = Page { order, skipped: 100, limit: 50 };
            let walk = article_list::walk(&filter, 0, page);
            let plan = plan(&client, &walk.sql, &params(&walk.values)).await;
            assert!(plan.contains("Index Only Scan") && plan.contains(index), "{plan}");
            assert!(!plan.contains("Sort"), "{plan}");
        }
    }
    let counts = article_list::counts(&ArticleFilter::default(), 0);
    let counts = plan(&client, &counts.sql, &params(&counts.values)).await;
    assert!(counts.contains("Index Only Scan"), "no article's words are read: {counts}");

    let (numbers, none, now) = (vec![0_i64, 1, 2], None::<i64>, 10_000_i64);
    let (firsts, lasts) = (vec!["/media/5.jpg"], vec!["/media/5.jpg?"]);
    let asked: [(&str, &[&(dyn ToSql + Sync)]); 3] = [
        (images::DUE_TRIES, &[&numbers, &now]),
        (images::TAKE, &[&1_i64, &now, &none]),
        (images::VISIBILITY, &[&firsts, &lasts, &now]),
    ];
    for (sql, params) in asked {
        let plan = plan(&client, sql, params).await;
        assert!(!plan.contains("Seq Scan on image"), "{plan}");
        assert!(!plan.contains("Sort Key: image"), "{plan}");
    }
}
