//! A server on a free port with a database of its own, and a client that talks to it.

use std::path::{Path, PathBuf};

use article_server::article::StoredArticle;
use article_server::assets::Assets;
use article_server::clock::{Clock as _, SystemClock};
use article_server::config::{Config, Options};
use article_server::messages::Languages;
use article_server::revision::Author;
use article_server::serve::{ServeError, run_with_assets};
use article_server::store::{self, Asset, Release, Totals};
use article_server::time::Calendar;
use article_server::token::{Grant, Scope, Token};
use article_widget::contract::{ArticleId, Messages};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::postgres;

/// Who answers for the feedback of the servers here.
pub(crate) const CONTROLLER: &str = "Báo Ví Dụ";

/// The words of the servers here.
pub(crate) fn words(language: &str) -> Messages {
    let days = Config::default().feedback_days;
    Languages::builtin(CONTROLLER, days).of(language).interface.clone()
}

/// A running server. Dropping it stops it; [`stop`](Self::stop) waits for that.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) folder: TempDir,
    client: Client,
    shutdown: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Server {
    /// One with the articles given, as contract JSON.
    pub(crate) async fn with(articles: &[Value]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        save(folder.path(), articles).await;
        Self::over(folder, "0.1.0-test").await
    }

    /// One over the database in `folder`, releasing the widget under `version`.
    pub(crate) async fn over(folder: TempDir, version: &str) -> Self {
        let config = config(folder.path());
        Self::configured(folder, version, config).await
    }

    /// The same with other settings.
    pub(crate) async fn configured(folder: TempDir, version: &str, config: Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown, stopped) = oneshot::channel();
        let assets = widget(version);
        let task = tokio::spawn(run_with_assets(listener, config, assets, async {
            let _ = stopped.await;
        }));
        Self { url, folder, client: Client::new(), shutdown, task }
    }

    /// Stops it and gives back the folder with its database.
    pub(crate) async fn stop(self) -> TempDir {
        self.shutdown.send(()).unwrap();
        self.task.await.unwrap().unwrap();
        self.folder
    }

    /// Waits until it ends by itself, and gives the reason.
    pub(crate) async fn fails(self) -> String {
        self.task.await.unwrap().unwrap_err().to_string()
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().unwrap(), format!("{}{path}", self.url))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await.unwrap()
    }

    pub(crate) async fn get_json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    /// Posts JSON as browsers do, under a media type that needs no preflight.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.request("POST", path).body(body.to_string()).send().await.unwrap()
    }
}

/// Saves articles into the database of `folder`.
pub(crate) async fn save(folder: &Path, articles: &[Value]) {
    save_to(&config(folder).database, articles).await;
}

/// The same into the database of this URL.
pub(crate) async fn save_to(url: &str, articles: &[Value]) {
    let calendar = Calendar::new(Config::default().time_zone);
    let store = store::open(url, &calendar).await.unwrap();
    let read = |article: &Value| StoredArticle::from_json(&article.to_string()).unwrap();
    let articles: Vec<_> = articles.iter().map(read).collect();
    store.save_articles(&articles, &Author::import()).await.unwrap();
    store.close().await.unwrap();
}

/// A new token, known to the database of `folder`, in clear.
pub(crate) async fn token(folder: &Path, scopes: &[Scope]) -> String {
    let store = store::open_without_calendar(&config(folder).database).await.unwrap();
    let token = Token::random().unwrap();
    let created_at = SystemClock.now();
    let grant = Grant { name: "test".to_owned(), scopes: scopes.to_vec(), created_at };
    assert!(store.save_token(&grant, &token.hash()).await.unwrap());
    store.close().await.unwrap();
    token.reveal().to_owned()
}

/// The article's counters in the database of `folder`, which no server uses any more.
pub(crate) async fn totals(folder: &Path, article: &str) -> Totals {
    let config = config(folder);
    let store = store::open(&config.database, &Calendar::new(config.time_zone)).await.unwrap();
    let totals = store.totals(&ArticleId::parse(article).unwrap()).await.unwrap();
    store.close().await.unwrap();
    totals
}

/// An article with a title and one paragraph.
pub(crate) fn article(id: &str) -> Value {
    json!({
        "id": id,
        "title": format!("Tựa đề của {id}"),
        "language": "vi",
        "published": "2024-11-27T08:30:00+07:00",
        "body": [{ "kind": "paragraph", "content": ["Đoạn văn thứ nhất."] }],
    })
}

/// `article` with some fields set.
pub(crate) fn with(mut article: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        article[name] = value.clone();
    }
    article
}

/// The header's value; empty where there is none.
pub(crate) fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Checks that the answer is problem details of this status, and gives them.
pub(crate) async fn problem(response: Response, status: u16) -> Value {
    assert_eq!(response.status(), status);
    assert_eq!(header(&response, "content-type"), "application/problem+json");
    assert_eq!(header(&response, "cache-control"), "no-store");
    let details: Value = response.json().await.unwrap();
    assert_eq!(details["status"], status);
    assert!(details["title"].is_string() && details["detail"].is_string());
    details
}

/// The URL of the folder's database: a file in it, or the one of the tests' cluster that goes by its name.
pub(crate) fn database_url(folder: &Path) -> String {
    postgres::database_of(folder)
        .unwrap_or_else(|| format!("sqlite:{}", folder.join("test.sqlite3").display()))
}

/// The folder's list of erasures where there is no database's file that it could stand beside.
pub(crate) fn erasures(folder: &Path) -> Option<PathBuf> {
    postgres::is_meant().then(|| folder.join("test.sqlite3.erased"))
}

/// The file with the key of the folder's servers.
pub(crate) fn key_file(folder: &Path) -> PathBuf {
    let path = folder.join("key");
    std::fs::write(&path, "5a".repeat(32)).unwrap();
    path
}

pub(crate) fn config(folder: &Path) -> Config {
    let media = folder.join("media");
    std::fs::create_dir_all(&media).unwrap();
    std::fs::write(media.join("photo.jpg"), b"a picture").unwrap();
    std::fs::write(folder.join("secret.jpg"), b"a secret").unwrap();
    let options = Options {
        database: Some(database_url(folder)),
        key_file: Some(key_file(folder)),
        erasures: erasures(folder),
        media: Some(media),
        controller: Some(CONTROLLER.to_owned()),
        ..Options::default()
    };
    options.resolve(None).unwrap()
}

/// A widget of four short files.
pub(crate) fn widget(version: &str) -> Assets {
    let asset = |name: &str, media_type: &str, content: &str| Asset {
        name: name.into(),
        media_type: media_type.into(),
        identity: content.into(),
        gzip: format!("gzip of {content}").into(),
        brotli: format!("brotli of {content}").into(),
    };
    Assets::from(Release {
        version: version.into(),
        assets: vec![
            asset("embed.js", "text/javascript", &format!("loader of {version}")),
            asset("widget.wasm", "application/wasm", "wasm"),
            asset("article.css", "text/css", ".aw{color:inherit}"),
            asset("gazette.css", "text/css", "a theme"),
        ],
    })
}
