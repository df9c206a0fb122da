//! The publisher's server, in this process, with the sample articles and a database of its own.

use std::fs;
use std::path::{Path, PathBuf};

use article_server::cli::Format;
use article_server::clock::{Clock as _, SystemClock};
use article_server::config::Config;
use article_server::password::{Password, Passwords};
use article_server::people::{Person, Role};
use article_server::revision::Author;
use article_server::store::Release;
use article_server::time::Calendar;
use article_server::token::{Grant, Scope, Token};
use article_server::{import, serve, store};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::relay::Relay;

/// A running publisher. Dropping it tells it to stop.
pub(crate) struct Publisher {
    /// Between it and its readers.
    pub(crate) network: Relay,
    database: String,
    titles: Vec<String>,
    _stop: oneshot::Sender<()>,
}

impl Publisher {
    /// Imports the samples into a database in `folder` and serves them.
    pub(crate) async fn start(folder: &Path) -> Self {
        Self::configured(folder, |_| {}).await
    }

    /// The same, with some settings changed.
    pub(crate) async fn configured(folder: &Path, change: impl FnOnce(&mut Config)) -> Self {
        let database = format!("sqlite:{}", folder.join("articles.db").display());
        let titles = import_samples(&database).await;
        let media = Some(samples().join("media"));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let network = Relay::start(format!("http://{address}")).await;
        let public_url = Some(format!("http://{}", network.address()));
        let mut config =
            Config { database: database.clone(), media, public_url, ..Config::default() };
        change(&mut config);
        let (_stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            // The sender is never used: its drop is the signal.
            let shutdown = async { stopped.await.unwrap_or_default() };
            serve::run(listener, config, shutdown).await.expect("the publisher serves");
        });
        Self { network, database, titles, _stop }
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.network.address())
    }

    /// The path of its database.
    pub(crate) fn database(&self) -> &str {
        self.database.strip_prefix("sqlite:").expect("it is an SQLite file")
    }

    /// Keeps one more release in its store, beside the running server.
    pub(crate) async fn keep(&self, release: &Release) {
        let store = store::open(&self.database, &calendar()).await.expect("the database is there");
        store.save_release(release).await.expect("it is kept");
        store.close().await.expect("it closes");
    }

    /// A new token that may read what was counted, in clear.
    pub(crate) async fn stats_token(&self) -> String {
        self.token("stats", Scope::StatsRead).await
    }

    /// A new token that may change articles, in clear.
    pub(crate) async fn writing_token(&self) -> String {
        self.token("writing", Scope::ArticlesWrite).await
    }

    async fn token(&self, name: &str, scope: Scope) -> String {
        let store = store::open_without_calendar(&self.database).await.expect("it is there");
        let token = Token::random().expect("there is randomness");
        let (name, scopes) = (name.to_owned(), vec![scope]);
        let grant = Grant { name, scopes, created_at: SystemClock.now() };
        assert!(store.save_token(&grant, &token.hash()).await.expect("it is kept"));
        store.close().await.expect("it closes");
        token.reveal().to_owned()
    }

    /// Lets somebody log in, beside the running server.
    pub(crate) async fn add_editor(&self, name: &str, password: &str) {
        let store = store::open(&self.database, &calendar()).await.expect("the database is there");
        let password = Password::new(password).expect("it is long enough");
        let password = Passwords::default().hash(password).await.expect("it can be hashed");
        let person = Person { name: name.to_owned(), role: Role::Editor, created_at: 0 };
        assert!(store.save_person(&person, &password).await.expect("they are kept"));
        store.close().await.expect("it closes");
    }

    /// The titles of the sample articles.
    pub(crate) fn titles(&self) -> &[String] {
        &self.titles
    }
}

async fn import_samples(database: &str) -> Vec<String> {
    let mut articles = Vec::new();
    let mut titles = Vec::new();
    for file in fs::read_dir(samples().join("articles")).expect("the samples are there") {
        let bytes = fs::read(file.expect("readable").path()).expect("readable");
        let sample: serde_json::Value = serde_json::from_slice(&bytes).expect("a sample is JSON");
        titles.push(sample["title"].as_str().expect("a sample has a title").to_owned());
        let input = import::Input { bytes: &bytes, ..import::Input::default() };
        articles.extend(import::read(&input, Format::Auto).expect("a sample is an article"));
    }
    let store = store::open(database, &calendar()).await.expect("the folder is writable");
    store.save_articles(&articles, &Author::import()).await.expect("the samples are good");
    store.close().await.expect("the folder is writable");
    titles
}

/// The time zone of a server that is told none.
fn calendar() -> Calendar {
    Calendar::new(Config::default().time_zone)
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}
