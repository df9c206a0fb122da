//! `/a/{id}/embed`: what partners take along, and what is said of their pages.

use std::net::SocketAddr;

use article_server::config::Config;
use article_server::partners::Registry;
use axum::Router;
use axum::http::Uri;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Server, article, config, header, problem, save, with};

const VERSION: &str = "0.1.0-test";

fn long() -> Value {
    let fields = json!({
        "title": "Chợ <đêm> & phố núi",
        "lede": "Một câu dẫn.",
        "rights": "© Báo Ví Dụ",
        "lead_image": {
            "sources": [{ "url": "https://anh.example/1.jpg", "width": 640, "height": 480 }],
            "caption": ["Một góc chợ."], "credit": "Ảnh: Hạ Miên",
        },
    });
    with(article("a"), fields)
}

async fn server(change: impl FnOnce(&mut Config)) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let gone = with(article("gone"), json!({ "status": "canceled" }));
    let later = with(article("later"), json!({ "embargo": "2999-01-01" }));
    save(folder.path(), &[long(), gone, later]).await;
    let mut config = config(folder.path());
    config.check_networks = vec!["127.0.0.1/32".parse().unwrap()];
    change(&mut config);
    Server::configured(folder, VERSION, config).await
}

/// What stands in the field of that id, as it is pasted.
fn field(html: &str, id: &str) -> String {
    let (_, field) = html.split_once(&format!("<textarea class=\"snippet\" id=\"{id}\"")).unwrap();
    let (_, text) = field.split_once('>').unwrap();
    let text = text.split_once("</textarea>").unwrap().0;
    let entities =
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

#[tokio::test]
async fn a_partner_finds_every_form_with_what_was_chosen_in_it() {
    let server = server(|_| {}).await;
    let response = server.get("/a/a/embed").await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "cache-control"), "public, max-age=20, s-maxage=20");
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(
        policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-eval"),
        "{policy}"
    );
    let html = response.text().await.unwrap();
    let url = &server.url;
    let title = "Chợ &#60;đêm&#62; &#38; phố núi";
    assert_eq!(
        field(&html, "full"),
        format!(
            "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{url}/v1/embed/a\">\n\
             <article-widget src=\"{url}\" article=\"a\" style=\"display:flow-root;min-height:100vh\">\
             <blockquote><a href=\"{url}/a/a\">{title}</a></blockquote></article-widget>\n\
             <script async src=\"{url}/embed.js\"></script>"
        )
    );
    // The digest of "loader of 0.1.0-test": printf 'loader of 0.1.0-test' | openssl dgst -sha384 -binary | base64
    let pinned = format!(
        "<script async src=\"{url}/v/{VERSION}/embed.js\" integrity=\"{DIGEST}\" \
         crossorigin=\"anonymous\"></script>"
    );
    assert!(field(&html, "pinned").ends_with(&pinned), "{}", field(&html, "pinned"));
    let frame = field(&html, "frame");
    assert!(
        frame.starts_with(&format!("<iframe src=\"{url}/embed/a\" title=\"{title}\"")),
        "{frame}"
    );
    assert!(frame.ends_with(&format!("<script async src=\"{url}/frame-host.js\"></script>")));
    assert_eq!(field(&html, "address"), format!("{url}/a/a"));
    assert!(field(&html, "policy").contains(&format!("img-src {url} https://anh.example;")));
    assert!(html.contains("© Báo Ví Dụ"));

    let html =
        server.get("/a/a/embed?lang=en&theme=dark&widget_lang=en").await.text().await.unwrap();
    assert!(
        html.contains("<html lang=\"en\" dir=\"ltr\">") && html.contains("Republish this article")
    );
    let full = field(&html, "full");
    assert!(
        full.contains("/v1/embed/a?lang=en\">") && full.contains(" lang=\"en\" theme=\"dark\" "),
        "{full}"
    );
    assert!(field(&html, "frame").contains("/embed/a?lang=en\""));
    let odd =
        server.get("/a/a/embed?theme=%22%3E&widget_lang=tlh&lang=x").await.text().await.unwrap();
    assert_eq!(
        field(&odd, "full"),
        field(&server.get("/a/a/embed").await.text().await.unwrap(), "full")
    );
}

const DIGEST: &str = "sha384-x557Z7ihFIjcwkgymamfvK2/o3TZXub1K4B65HQC2P7vJ589UTY2jD3Oo1ZDxWsM";

/// The whole text is given away by those alone who say on what terms.
#[tokio::test]
async fn plain_html_is_the_whole_text_where_there_is_a_licence() {
    let without = server(|_| {}).await;
    let html = without.get("/a/a/embed").await.text().await.unwrap();
    let teaser = field(&html, "teaser");
    assert!(teaser.contains("<p>Một câu dẫn.</p>") && !teaser.contains("Đoạn văn"), "{teaser}");
    assert!(html.contains("xin hỏi tòa soạn trước"));

    let terms = "CC BY-ND 4.0 <không sửa>";
    let server = server(|config| config.licence = Some(terms.to_owned())).await;
    let html = server.get("/a/a/embed").await.text().await.unwrap();
    let plain = field(&html, "plain");
    for part in [
        "<article lang=\"vi\">\n<p>Thứ Tư",
        "<h2>Chợ &lt;đêm&gt; &amp; phố núi</h2>",
        "<img alt=\"\" height=\"480\" src=\"https://anh.example/1.jpg\" width=\"640\">",
        "<figcaption>Một góc chợ. Ảnh: Hạ Miên</figcaption>",
        "<p>Đoạn văn thứ nhất.</p>",
        "<p>© Báo Ví Dụ</p>",
        "<small>CC BY-ND 4.0 &#60;không sửa&#62;</small>",
        &format!("<a href=\"{}/a/a\">Đọc trên trang gốc</a>", server.url),
    ] {
        assert!(plain.contains(part), "{part} in {plain}");
    }
    for part in ["class=", "style=", "<script", "<button", "srcset", "<!--", "part="] {
        assert!(!plain.contains(part), "{part} in {plain}");
    }
}

#[tokio::test]
async fn the_preview_is_the_snippet_in_a_page_that_counts_nothing() {
    let server = server(|_| {}).await;
    let response = server.get("/a/a/embed/preview?theme=dark&widget_lang=en").await;
    assert_eq!(response.status(), 200);
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.ends_with(&format!("frame-ancestors 'self' {}", server.url)), "{policy}");
    assert!(policy.contains("/v1/embed/ ") && !policy.contains("/v1/views"), "{policy}");
    let html = response.text().await.unwrap();
    let page = server.get("/a/a/embed?theme=dark&widget_lang=en").await.text().await.unwrap();
    assert!(html.contains(&field(&page, "full")), "{html}");
    assert!(html.contains("color-scheme: dark"));
}

#[tokio::test]
async fn what_readers_may_not_see_is_not_given_away() {
    let server = server(|_| {}).await;
    for (id, status) in [("gone", 410), ("later", 404), ("unknown", 404)] {
        for path in [format!("/a/{id}/embed"), format!("/a/{id}/embed/preview")] {
            problem(server.get(&path).await, status).await;
            let person = server.request("GET", &path).header("accept", "text/html");
            let response = person.send().await.unwrap();
            assert_eq!(response.status(), status, "{path}");
            assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
        }
        problem(check(&server, id, "https://tin.example/").await, status).await;
    }
}

/// A partner's web server: a page for each path.
async fn partner(publisher: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let page = move |uri: Uri| {
        let publisher = publisher.clone();
        async move { answer(uri.path(), &publisher) }
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(page)).await });
    format!("http://{address}")
}

fn answer(path: &str, publisher: &str) -> Response {
    let snippet = format!(
        "<article-widget src=\"{publisher}\" article=\"a\"><a href=\"{publisher}/a/a\">Bài</a></article-widget>\
         <script async src=\"{publisher}/embed.js\"></script>"
    );
    match path {
        "/good" => Html(snippet).into_response(),
        "/strict" => {
            let policy = format!("script-src {publisher}; img-src {publisher}");
            ([(CONTENT_SECURITY_POLICY, policy)], Html(snippet)).into_response()
        }
        "/pinned" => {
            let loader = |version: &str, digest: &str| {
                format!(
                    "<script src=\"{publisher}/v/{version}/embed.js\" integrity=\"{digest}\" crossorigin></script>"
                )
            };
            Html(format!("{snippet}{}{}", loader(VERSION, "sha384-x"), loader("9.9.9", DIGEST)))
                .into_response()
        }
        "/json" => ([(CONTENT_TYPE, "application/json")], "{}").into_response(),
        "/long" => Html("a".repeat((2 << 20) + 1)).into_response(),
        "/hostile" => {
            Html("<article-widget article='\"><script>alert(1)</script>'>").into_response()
        }
        _ => axum::http::StatusCode::NOT_FOUND.into_response(),
    }
}

async fn check(server: &Server, id: &str, page: &str) -> reqwest::Response {
    let form = format!(
        "lang=vi&page={}",
        url::form_urlencoded::byte_serialize(page.as_bytes()).collect::<String>()
    );
    let request = server.request("POST", &format!("/a/{id}/embed/check"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(form).send().await.unwrap()
}

async fn checked(server: &Server, page: &str) -> String {
    let response = check(server, "a", page).await;
    assert_eq!(response.status(), 200, "{page}");
    assert_eq!(header(&response, "cache-control"), "no-store");
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_checker_says_what_is_wrong_with_a_partners_page() {
    let server = server(|_| {}).await;
    let partner = partner(server.url.clone()).await;
    let at = |path: &str| format!("{partner}{path}");
    let html = checked(&server, &at("/good")).await;
    assert!(
        html.contains("<li class=\"good\">") && html.contains("Không thấy gì phải sửa."),
        "{html}"
    );
    assert!(html.contains(&format!("value=\"{partner}/good\"")), "what was typed stays");
    let html = checked(&server, &at("/strict")).await;
    assert!(
        html.contains("<li class=\"warning\">") && html.contains("&#39;wasm-unsafe-eval&#39;"),
        "{html}"
    );
    assert!(html.contains("Thêm https://anh.example vào img-src"), "its pictures are elsewhere");
    assert!(!html.contains("<li class=\"error\">"));
    let html = checked(&server, &at("/pinned")).await;
    let both = ["Máy chủ không có phiên bản “9.9.9”.", "không khớp với phiên bản “0.1.0-test”"];
    assert!(both.iter().all(|words| html.contains(words)), "{html}");
    let html = checked(&server, &at("/hostile")).await;
    assert!(html.contains("&#60;script&#62;alert") && !html.contains("<script>alert"), "{html}");
    for (path, words) in
        [("/none", "mã lỗi 404"), ("/json", "không trả về trang HTML"), ("/long", "lớn hơn 2 MB")]
    {
        assert!(checked(&server, &at(path)).await.contains(words), "{path}");
    }
    let response = check(&server, "a", "javascript:alert(1)").await;
    assert_eq!(response.status(), 422);
    assert!(response.text().await.unwrap().contains("không phải địa chỉ"));
}

/// What was chosen for the snippets stays with the result.
#[tokio::test]
async fn a_check_takes_nothing_back() {
    let server = server(|_| {}).await;
    let request = server.request("POST", "/a/a/embed/check");
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.body("lang=en&theme=dark&widget_lang=en&page=x.invalid");
    let html = request.send().await.unwrap().text().await.unwrap();
    assert!(html.contains("<html lang=\"en\" dir=\"ltr\">"), "{html}");
    assert!(field(&html, "full").contains(" lang=\"en\" theme=\"dark\" "), "{html}");
}

/// Of what is inside nothing is told, not even whether it is there.
#[tokio::test]
async fn the_checker_goes_nowhere_inside() {
    let server = server(|config| {
        // What imports may reach, anybody may not.
        config.import_networks = std::mem::take(&mut config.check_networks);
    })
    .await;
    let partner = partner(server.url.clone()).await;
    let unreachable = "không truy cập được trang này";
    for page in [
        format!("{partner}/good"),
        "http://127.0.0.1:1/".to_owned(),
        "http://[::1]/".to_owned(),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://no-such-host.invalid/".to_owned(),
        "http://user:password@127.0.0.1/".to_owned(),
    ] {
        assert!(checked(&server, &page).await.contains(unreachable), "{page}");
    }
}

#[tokio::test]
async fn one_place_may_not_have_page_after_page_looked_at() {
    let server = server(|_| {}).await;
    let partner = partner(server.url.clone()).await;
    for _ in 0..20 {
        checked(&server, &format!("{partner}/good")).await;
    }
    let response = check(&server, "a", &format!("{partner}/good")).await;
    assert_eq!(response.status(), 429);
    assert!(response.text().await.unwrap().contains("quá nhiều lượt kiểm tra"));
}

#[tokio::test]
async fn a_site_that_is_no_partners_is_told_so() {
    let server = server(|config| config.partners = Registry::Closed).await;
    let partner = partner(server.url.clone()).await;
    let html = checked(&server, &format!("{partner}/good")).await;
    assert!(html.contains("chỉ cho đăng lại trên các trang đã đăng ký"), "{html}");
}

#[tokio::test]
async fn reloading_a_result_leads_back_to_the_page() {
    let server = server(|_| {}).await;
    let client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let response = client.get(format!("{}/a/a/embed/check", server.url)).send().await.unwrap();
    assert_eq!(response.status(), 303);
    assert_eq!(header(&response, "location"), "/a/a/embed#check");
}
