//! The pages below `/admin`, as people's browsers see them.

use std::path::Path;

use article_server::clock::{Clock as _, SystemClock};
use article_server::config::Config;
use article_server::password::{Password, Passwords};
use article_server::people::{Person, Role};
use article_server::store::{self, NewFeedback, Reader, Store, View};
use article_server::time::Calendar;
use article_widget::contract::{ArticleId, FeedbackReport};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use std::sync::Arc;
use uuid::Uuid;

use crate::support::{Server, article, config, header, save, words};

mod articles;
mod changes;
mod command;
mod export;
mod figures;
mod inbox;
mod letter;
mod login;
mod pages;
mod privacy;
mod requests;
mod scale;
mod sessions;

/// Everybody's here.
const PASSWORD: &str = "một mật khẩu đủ dài";

/// The store of the database in `folder`, beside any server's.
async fn open(folder: &Path) -> Arc<dyn Store> {
    let config = config(folder);
    store::open(&config.database, &Calendar::new(config.time_zone)).await.unwrap()
}

/// Adds `lan`, an admin, and `binh`, an editor.
async fn add_people(store: &dyn Store) {
    let passwords = Passwords::default();
    let hashed = passwords.hash(Password::new(PASSWORD).unwrap()).await.unwrap();
    for (name, role) in [("lan", Role::Admin), ("binh", Role::Editor)] {
        let person = Person { name: name.into(), role, created_at: SystemClock.now() };
        assert!(store.save_person(&person, &hashed).await.unwrap());
    }
}

/// Feedback number `no` about the article `a`.
fn feedback(no: u32, change: impl FnOnce(&mut FeedbackReport)) -> NewFeedback {
    let mut report = FeedbackReport {
        article: "a".into(),
        page: "https://partner.example/tin/1".into(),
        kind: "comment".into(),
        name: "Lê Thị Hoa".into(),
        email: "hoa@example.vn".into(),
        title: format!("Thư số {no}"),
        message: "Bài viết rất hay.".into(),
        consent: words("vi").get("feedback.consent.version").into(),
        ..FeedbackReport::default()
    };
    change(&mut report);
    let mut secret_hash = [0; 32];
    secret_hash[..4].copy_from_slice(&no.to_be_bytes());
    NewFeedback {
        report,
        idempotency_key: format!("key {no}"),
        secret_hash,
        reference: format!("REF{no:06}"),
        at: 1_764_000_000 + i64::from(no),
        held: None,
        fingerprint: None,
        proof: None,
        announce: Vec::new(),
    }
}

/// The letters are of one day that stays the same: none of them goes for its age.
fn ageless(folder: &Path) -> Config {
    let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    Config { feedback_days: 36_500, trusted_proxies, ..config(folder) }
}

/// A server with the article `a`, two people and these letters.
async fn server_with(letters: Vec<NewFeedback>) -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a"), article("b")]).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    for letter in letters {
        store.save_feedback(&letter).await.unwrap();
    }
    store.close().await.unwrap();
    let config = ageless(folder.path());
    Server::configured(folder, "0.1.0-test", config).await
}

/// A browser on this server's pages. It follows no redirect.
struct Browser {
    client: Client,
    url: String,
    cookie: String,
    /// The address that it comes from.
    place: &'static str,
}

impl Browser {
    /// One that nobody has logged in with.
    fn new(url: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { client, url: url.to_owned(), cookie: String::new(), place: "127.0.0.1" }
    }

    /// One that somebody has logged in with.
    async fn of(server: &Server, name: &str) -> Self {
        let mut browser = Self::new(&server.url);
        let response = browser.log_in(name, PASSWORD, "").await;
        assert_eq!(response.status(), 303);
        browser.keep(&response);
        browser
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.url));
        request.header("cookie", &self.cookie).header("x-forwarded-for", self.place)
    }

    async fn get(&self, path: &str) -> Response {
        self.request("GET", path).send().await.unwrap()
    }

    /// The page at `path`, which is there.
    async fn page(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.text().await.unwrap()
    }

    /// As a browser posts a form of this site's.
    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.request("POST", path).header("sec-fetch-site", "same-origin");
        request.body(serde_urlencoded::to_string(form).unwrap()).send().await.unwrap()
    }

    async fn log_in(&self, name: &str, password: &str, next: &str) -> Response {
        let form = [("name", name), ("password", password), ("next", next)];
        self.post("/admin/login", &form).await
    }

    /// Keeps the cookie that an answer sets.
    fn keep(&mut self, response: &Response) {
        let cookie = header(response, "set-cookie");
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }
}

/// A view of `article`, by reader number `reader`, `ago` seconds ago, on a page of `partner`.
fn view(article: &str, reader: u32, ago: i64, partner: &str) -> View {
    let at = SystemClock.now() - ago;
    let mut key = [0; 16];
    key[..4].copy_from_slice(&reader.to_be_bytes());
    let mut place = [0; 8];
    place[..4].copy_from_slice(&reader.to_be_bytes());
    View {
        article: ArticleId::parse(article).unwrap(),
        view: Uuid::new_v4().into_bytes(),
        at,
        reader: Reader {
            today: key,
            yesterday: key,
            place,
            day: at / 86_400,
            private: false,
            allowance: 1,
        },
        partner: partner.into(),
        seconds: 40,
        depth: 80,
        share: None,
        refused: None,
    }
}

/// The value of the page's first hidden field of this name.
fn hidden(html: &str, name: &str) -> String {
    let field = html.split("<input").find(|tag| tag.contains(&format!("name=\"{name}\""))).unwrap();
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
