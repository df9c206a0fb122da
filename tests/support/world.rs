//! Everything that one test needs, and nothing that another has touched.

use std::path::Path;

use article_server::config::Config;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::driver::{Engine, PLAIN_HOST};
use super::page::{Page, View};
use super::partner::Partner;
use super::publisher::Publisher;
use super::relay::Relay;

/// How many browsers run at a time: with more, slow machines make tests fail by their patience.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A publisher with the sample articles, and a partner with the pages of `www/pages`.
pub(crate) struct World {
    /// The publisher.
    pub(crate) publisher: Publisher,
    /// The partner.
    pub(crate) partner: Site,
    folder: TempDir,
    _turn: SemaphorePermit<'static>,
}

/// The partner's site, as browsers reach it.
pub(crate) struct Site {
    /// Between it and its readers.
    pub(crate) network: Relay,
    _server: Partner,
}

impl Site {
    /// The partner's origin. By name, for browsers take `localhost` and `127.0.0.1` for two sites: cookies
    /// and caches are apart, as they are between a real partner and a publisher.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.network.address().port())
    }
}

impl World {
    /// Starts everything.
    pub(crate) async fn start() -> Self {
        Self::configured(|_| {}).await
    }

    /// The same, for a test of what no other engine's driver can do or show; none, and a word of it, in
    /// another engine.
    pub(crate) async fn chromium_only(why: &str) -> Option<Self> {
        match Engine::chosen() {
            Engine::Chromium => Some(Self::start().await),
            other => {
                eprintln!("skipped in {other:?}: {why}");
                None
            }
        }
    }

    /// The same, for a test of what WebKit's driver cannot; none, and a word of it, there.
    pub(crate) async fn unless_webkit(why: &str) -> Option<Self> {
        match Engine::chosen() {
            Engine::WebKit => {
                eprintln!("skipped in WebKit: {why}");
                None
            }
            _ => Some(Self::start().await),
        }
    }

    /// The same, with some of the publisher's settings changed.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let turn = TURNS.acquire().await.expect("it is never closed");
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let publisher = Publisher::configured(folder.path(), change).await;
        let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/pages");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let folders = vec![folder.path().to_owned(), pages];
        let server =
            Partner::start(listener, folders, publisher.origin()).expect("it has an address");
        let network = Relay::start(server.origin()).await;
        let partner = Site { network, _server: server };
        Self { publisher, partner, folder, _turn: turn }
    }

    /// Opens a page of the partner's, or an absolute URL, in a desktop's window.
    pub(crate) async fn open(&self, page: &str) -> Page<'_> {
        self.open_in(View::DESKTOP, page).await
    }

    /// Opens a page of the partner's, or an absolute URL.
    pub(crate) async fn open_in(&self, view: View, page: &str) -> Page<'_> {
        Page::open(self, &self.url(page), view).await
    }

    /// The URL of a page of the partner's; an absolute one as it is.
    pub(crate) fn url(&self, page: &str) -> String {
        if page.contains("://") {
            page.to_owned()
        } else {
            format!("{}/{page}", self.partner.origin())
        }
    }

    /// The URL of a page of the partner's on a host that browsers take for no secure context.
    pub(crate) fn plain_url(&self, page: &str) -> String {
        format!("http://{PLAIN_HOST}:{}/{page}", self.partner.network.address().port())
    }

    /// Gives the partner one more page, for this test.
    pub(crate) fn write_page(&self, name: &str, html: &str) {
        self.write_file(name, html.as_bytes());
    }

    /// Gives the partner one more file of any kind, for this test.
    pub(crate) fn write_file(&self, name: &str, contents: &[u8]) {
        std::fs::write(self.folder.path().join(name), contents).expect("the folder is writable");
    }
}
