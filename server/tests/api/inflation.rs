//! What one machine can add to a count, whatever it says it is. It is called without a connection,
//! but for where that matters.

use std::net::SocketAddr;
use std::sync::Arc;

use article_server::clock::ManualClock;
use article_server::router::router;
use article_server::state;
use article_server::store::{self, Store, Totals};
use article_server::tally::{Settings, Tally};
use article_server::time::Calendar;
use article_widget::contract::ArticleId;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::{article, config, save, widget};

/// Beacons that one machine sends.
const BEACONS: usize = 10_000;
/// Of them, those that wait for an answer at a time.
const SENDERS: usize = 250;
/// New readers that one address may bring an article on a day.
const NEW_READERS: u64 = 20;

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Chrome/138.0.0.0 Safari/537.36";
const PROXY: &str = "127.0.0.1:40000";
const STRANGER: &str = "203.0.113.9:40000";

/// A server behind a proxy on its own machine. It is always noon.
struct Counting {
    router: Router,
    store: Arc<dyn Store>,
    _folder: TempDir,
}

/// One beacon, as far as who sends it goes.
#[derive(Clone)]
struct Beacon {
    peer: &'static str,
    forwarded: String,
    agent: String,
    private: bool,
    origin: String,
    page: String,
}

impl Default for Beacon {
    /// One reader's, by way of the proxy.
    fn default() -> Self {
        Self {
            peer: PROXY,
            forwarded: "198.51.100.7".to_owned(),
            agent: CHROME.to_owned(),
            private: false,
            origin: "https://partner.example".to_owned(),
            page: "https://partner.example/page".to_owned(),
        }
    }
}

impl Beacon {
    /// From a Chrome that there may be, and that no other number gives.
    fn by_forged_agent(number: usize) -> Self {
        let version = format!("Chrome/{}.0.{}.{}", 100 + number % 40, number / 100, number % 100);
        Self { agent: CHROME.replace("Chrome/138.0.0.0", &version), ..Self::default() }
    }

    fn request(self) -> Request<Body> {
        let view = json!({ "article": "a", "view": Uuid::new_v4().to_string(), "page": self.page });
        let mut request = Request::post("/v1/views")
            .header("host", "news.example")
            .header("user-agent", self.agent)
            .header("x-forwarded-for", self.forwarded)
            .header("origin", self.origin);
        if self.private {
            request = request.header("sec-gpc", "1");
        }
        let peer: SocketAddr = self.peer.parse().unwrap();
        request.extension(ConnectInfo(peer)).body(Body::from(view.to_string())).unwrap()
    }
}

impl Counting {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        save(folder.path(), &[article("a")]).await;
        let mut config = config(folder.path());
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        let calendar = Calendar::new(config.time_zone.clone());
        let store = store::open(&config.database, &calendar).await.unwrap();
        let clock = Arc::new(ManualClock::at(1_732_708_800));
        let settings = Settings { clock: clock.clone(), ..Settings::default() };
        let tally = Arc::new(Tally::start(store.clone(), settings));
        let (url, widget) = ("https://news.example", widget("0.1.0-test"));
        let server =
            state::Server::new(store.clone(), &config, url, widget, tally, [7; 32].into(), clock);
        Self { router: router(Arc::new(server.unwrap())), store, _folder: folder }
    }

    /// Sends `beacon(0)`, `beacon(1)` and so on, many at a time; what the article then has.
    async fn send(&self, beacon: impl Fn(usize) -> Beacon + Clone + Send + 'static) -> Totals {
        let mut senders = JoinSet::new();
        for sender in 0..SENDERS {
            let (router, beacon) = (self.router.clone(), beacon.clone());
            senders.spawn(async move {
                for number in (sender..BEACONS).step_by(SENDERS) {
                    let request = beacon(number).request();
                    let response = router.clone().oneshot(request).await.unwrap();
                    assert_eq!(response.status(), StatusCode::ACCEPTED);
                }
            });
        }
        senders.join_all().await;
        let totals = self.store.totals(&ArticleId::parse("a").unwrap()).await.unwrap();
        assert_eq!(totals.raw, BEACONS as u64, "each of them is counted as what it was");
        assert_eq!(totals.raw - totals.views, totals.repeats + totals.rate + totals.bots);
        totals
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_reader_who_sends_ten_thousand_beacons_adds_one_with_and_without_privacy() {
    for private in [false, true] {
        let counting = Counting::start().await;
        let totals = counting.send(move |_| Beacon { private, ..Beacon::default() }).await;
        assert_eq!(totals.views, 1, "private: {private}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_with_ten_thousand_agents_adds_twenty_with_and_without_privacy_and_with_both() {
    let is_private: [fn(usize) -> bool; 3] = [|_| false, |_| true, |number| number % 2 == 0];
    for (kind, is_private) in is_private.into_iter().enumerate() {
        let counting = Counting::start().await;
        let forged =
            move |number| Beacon { private: is_private(number), ..Beacon::by_forged_agent(number) };
        let totals = counting.send(forged).await;
        assert_eq!((totals.views, totals.bots), (NEW_READERS, 0), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ipv6_subscriber_with_ten_thousand_addresses_is_one_reader() {
    let counting = Counting::start().await;
    let roaming = |number: usize| Beacon {
        forwarded: format!("2001:db8:7:7:{:x}:{number:x}:1:1", number % 7),
        ..Beacon::default()
    };
    assert_eq!(counting.send(roaming).await.views, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_forges_forwarded_addresses_is_one_reader() {
    let counting = Counting::start().await;
    let forged = |number: usize| Beacon {
        peer: STRANGER,
        forwarded: format!("10.0.{}.{}", number / 256, number % 256),
        ..Beacon::default()
    };
    assert_eq!(counting.send(forged).await.views, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_the_proxys_own_word_is_the_senders_and_is_not_believed() {
    let counting = Counting::start().await;
    let forged = |number: usize| Beacon {
        forwarded: format!("10.0.{}.{}, 198.51.100.7", number / 256, number % 256),
        ..Beacon::default()
    };
    assert_eq!(counting.send(forged).await.views, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_origin_or_page_adds_nothing() {
    let counting = Counting::start().await;
    let forged = |number: usize| Beacon {
        origin: format!("https://{number}.example"),
        page: format!("https://{}.example/page", BEACONS - number),
        ..Beacon::default()
    };
    assert_eq!(counting.send(forged).await.views, 1);
}
