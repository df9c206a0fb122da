//! When sessions end, by a clock that the test sets.

use std::sync::Arc;

use article_server::admin::Logins;
use article_server::admin::session::SessionSecret;
use article_server::client::Client;
use article_server::clock::{Clock as _, ManualClock, UnixSeconds};
use article_server::partners::{Partners, Registry};
use article_server::password::{Password, Passwords};
use article_server::router::router;
use article_server::state::{AppState, Server};
use article_server::store::{self, Store};
use article_server::tally::{Settings, Tally};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::{PASSWORD, add_people, open};
use crate::postgres::is_elsewhere;
use crate::support::{config, save, widget};

const BEGIN: UnixSeconds = 1_764_000_000;
const HOUR: i64 = 3600;

/// A server that listens nowhere and asks its own clock for the time.
struct Clocked {
    folder: TempDir,
    clock: ManualClock,
    store: Arc<dyn Store>,
    state: AppState,
    cookie: String,
}

impl Clocked {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        save(folder.path(), &[]).await;
        let store = open(folder.path()).await;
        add_people(&*store).await;
        let clock = ManualClock::at(BEGIN);
        let state = server(&folder, store.clone(), clock.clone()).await;
        let password = Password::typed(PASSWORD);
        let secret = state.logins.log_in(&*store, "lan", password, BEGIN).await.unwrap().unwrap();
        let cookie = secret.set_cookie().to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { folder, clock, store, state, cookie }
    }

    /// Whether the session still opens anything.
    async fn is_open(&self) -> bool {
        self.is_open_on(&self.state).await
    }

    async fn is_open_on(&self, state: &AppState) -> bool {
        let request = Request::get("/admin/feedback").header("cookie", &self.cookie);
        let request = request.header("host", "127.0.0.1").body(Body::empty()).unwrap();
        let response = router(state.clone()).oneshot(request).await.unwrap();
        match response.status() {
            StatusCode::OK => true,
            StatusCode::SEE_OTHER => false,
            status => panic!("{status}"),
        }
    }

    async fn tidy(&self, state: &AppState) {
        state.logins.tidy(&*self.store, self.clock.now()).await.unwrap();
    }

    fn secret(&self) -> SessionSecret {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", self.cookie.parse().unwrap());
        SessionSecret::of(&headers).unwrap()
    }

    async fn is_kept(&self) -> bool {
        self.store.session(&self.secret().hash()).await.unwrap().is_some()
    }
}

async fn server(folder: &TempDir, store: Arc<dyn Store>, clock: ManualClock) -> AppState {
    let url = "http://127.0.0.1:8080";
    let config = config(folder.path());
    let partners = Arc::new(Partners::new(Registry::Open, url));
    let clock = Arc::new(clock);
    let settings = Settings { clock: clock.clone(), partners, ..Settings::default() };
    let tally = Arc::new(Tally::start(store.clone(), settings));
    let key = store.signing_key().await.unwrap();
    let assets = widget("0.1.0-test");
    Arc::new(Server::new(store, &config, url, assets, tally, key, clock).unwrap())
}

#[tokio::test]
async fn a_session_ends_twelve_hours_after_its_last_use() {
    let server = Clocked::start().await;
    for _ in 0..3 {
        server.clock.advance(12 * HOUR - 1);
        assert!(server.is_open().await, "each use gives twelve hours more");
    }
    server.clock.advance(12 * HOUR);
    assert!(!server.is_open().await);
    server.clock.advance(-1);
    assert!(server.is_open().await, "it is that second that ends it");
}

#[tokio::test]
async fn a_session_ends_after_seven_days_however_much_it_is_used() {
    let server = Clocked::start().await;
    for _ in 0..7 * 24 - 1 {
        server.clock.advance(HOUR);
        assert!(server.is_open().await);
    }
    server.clock.advance(HOUR);
    assert!(!server.is_open().await);
}

#[tokio::test]
async fn a_clock_that_was_ahead_gives_no_session_more_time() {
    let server = Clocked::start().await;
    server.clock.advance(11 * HOUR);
    assert!(server.is_open().await);
    server.tidy(&server.state).await;
    server.clock.advance(-10 * HOUR);
    assert!(server.is_open().await);
    server.tidy(&server.state).await;
    let another = self::server(&server.folder, server.store.clone(), server.clock.clone()).await;
    server.clock.advance(12 * HOUR);
    assert!(!server.is_open().await && !server.is_open_on(&another).await);
}

#[tokio::test]
async fn a_session_that_a_clock_began_that_was_ahead_is_over_when_it_is_set_back() {
    let server = Clocked::start().await;
    server.clock.advance(-HOUR);
    assert!(!server.is_open().await);
}

#[tokio::test]
async fn a_use_outlives_the_process_and_is_known_to_others() {
    let server = Clocked::start().await;
    server.clock.advance(11 * HOUR);
    assert!(server.is_open().await);
    server.tidy(&server.state).await;
    server.clock.advance(11 * HOUR);
    let another = self::server(&server.folder, server.store.clone(), server.clock.clone()).await;
    assert!(server.is_open_on(&another).await);
}

#[tokio::test]
async fn what_is_over_is_forgotten_and_what_is_not_stays() {
    let server = Clocked::start().await;
    server.clock.advance(12 * HOUR - 1);
    assert!(server.is_open().await);
    server.tidy(&server.state).await;
    server.clock.advance(12 * HOUR - 1);
    server.tidy(&server.state).await;
    assert!(server.is_kept().await && server.is_open().await);
    server.clock.advance(12 * HOUR + 1);
    server.tidy(&server.state).await;
    assert!(!server.is_kept().await && !server.is_open().await);
}

#[tokio::test]
async fn somebody_who_is_removed_is_logged_in_nowhere() {
    let server = Clocked::start().await;
    assert!(server.is_open().await);
    assert!(server.store.remove_person("lan").await.unwrap());
    assert!(!server.is_open().await && !server.is_kept().await);
    server.tidy(&server.state).await;
}

#[tokio::test]
async fn a_restored_backup_knows_people_and_no_session() {
    if is_elsewhere() {
        return;
    }
    let server = Clocked::start().await;
    assert!(server.is_kept().await);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("test.sqlite3");
    store::backup(&config(server.folder.path()).database, &copy).await.unwrap();
    let hash = server.secret().hash();
    let restored = open(folder.path()).await;
    assert_eq!(restored.people().await.unwrap().len(), 2);
    assert!(restored.session(&hash).await.unwrap().is_none());
}

#[tokio::test]
async fn no_session_begins_by_a_password_that_was_changed_meanwhile() {
    let server = Clocked::start().await;
    let before = server.store.password("binh").await.unwrap().unwrap();
    assert!(server.store.begin_session(&[7; 32], "binh", &before, BEGIN).await.unwrap());
    let another = Password::new("một mật khẩu khác hẳn").unwrap();
    let another = Passwords::default().hash(another).await.unwrap();
    assert!(server.store.set_password("binh", &another).await.unwrap());
    assert!(server.store.session(&[7; 32]).await.unwrap().is_none(), "it ended the one there was");
    assert!(!server.store.begin_session(&[8; 32], "binh", &before, BEGIN).await.unwrap());
    assert!(server.store.begin_session(&[8; 32], "binh", &another, BEGIN).await.unwrap());
}

#[tokio::test]
async fn a_try_is_taken_of_the_place_before_it_is_taken_of_the_name() {
    let logins = Logins::default();
    let client =
        |last: u8| Client { address: [203, 0, 113, last].into(), agent: "".into(), private: false };
    let tries = |last: u8, name: &str, count: usize| {
        (0..count).filter(|_| logins.admit(&client(last), name)).count()
    };
    assert_eq!(tries(1, "somebody else", 30), 10);
    assert_eq!(tries(1, "lan", 30), 0, "the place has had its twenty");
    let elsewhere: usize = (2..30).map(|last| tries(last, " lan ", 30)).sum();
    assert_eq!(elsewhere, 100, "and took none of the name's");
}
