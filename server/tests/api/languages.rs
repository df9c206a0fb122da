//! Languages that a publisher brings as files: what readers get, and what is refused.

use std::path::{Path, PathBuf};
use std::time::Duration;

use article_server::config::Config;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::letter;
use crate::process;
use crate::support::{Server, article, config, header, save, with};

/// The complete one of the samples, and one that is written from right to left and leaves most out.
const FRENCH: &str = include_str!("../../../samples/languages/fr.json");
const ARABIC: &str = include_str!("../data/languages/ar.json");

/// A server with these files of words, and an article in each of these languages, which is also its id.
async fn server(
    files: &[(&str, &str)],
    articles: &[&str],
    change: impl FnOnce(&mut Config),
) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let articles: Vec<Value> =
        articles.iter().map(|tag| with(article(tag), json!({ "language": tag }))).collect();
    save(folder.path(), &articles).await;
    let mut config = config(folder.path());
    config.languages = Some(languages(&folder));
    files.iter().for_each(|(name, content)| write(&folder, name, content));
    change(&mut config);
    Server::configured(folder, "0.1.0-test", config).await
}

fn languages(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("languages");
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn write(folder: &TempDir, name: &str, content: &str) {
    std::fs::write(languages(folder).join(name), content).unwrap();
}

async fn text(server: &Server, path: &str) -> String {
    server.get(path).await.text().await.unwrap()
}

/// Asks until the answer is as expected: a change is taken up within seconds.
async fn wait_for(server: &Server, path: &str, is_there: impl Fn(&str) -> bool) -> String {
    let patience = Duration::from_secs(60);
    let asking = async {
        loop {
            let answer = text(server, path).await;
            if is_there(&answer) {
                return answer;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, asking).await.expect("it came")
}

#[tokio::test]
async fn a_file_in_the_folder_is_a_language_that_readers_get() {
    let server = server(&[("fr.json", FRENCH)], &["vi", "fr"], |_| {}).await;
    let embed = server.get_json("/v1/embed/vi?lang=fr-CA").await;
    assert_eq!(embed["lang"], "fr");
    assert_eq!(embed["messages"]["share.button"], "Envoyer à des amis");
    assert_eq!(embed["display"]["dateline"], "mercredi 27 novembre 2024");
    assert!(embed["html"].as_str().unwrap().contains("Envoyer à des amis"));
    assert_eq!(embed["display"].get("dir"), None);
    assert_eq!(server.get_json("/v1/embed/fr").await["lang"], "fr", "by the article's own");
    for (path, words) in [
        ("/a/vi?lang=fr", "Reprendre cet article"),
        ("/a/fr/feedback", "Vos coordonnées et votre message"),
        ("/a/fr/share", "Lien de l’article"),
        ("/a/fr/embed", "Langue des boutons"),
        ("/a/vi/embed?lang=vi", "lang=\"fr\" dir=\"auto\">Français</a>"),
        ("/embed/fr", "Lire sur le site d’origine"),
    ] {
        assert!(text(&server, path).await.contains(words), "{path}: {words}");
    }
    let address = format!("{}/a/vi?lang=fr-FR", server.url);
    let oembed = server.get_json(&format!("/oembed?url={address}")).await;
    assert!(oembed["html"].as_str().unwrap().contains("/embed/vi?lang=fr\""));
}

/// The form's consent is a text of its own, and is taken.
#[tokio::test]
async fn a_reader_writes_in_the_language_of_a_file() {
    let server = server(&[("fr.json", FRENCH)], &["fr"], |_| {}).await;
    let embed = server.get_json("/v1/embed/fr").await;
    let consent = embed["messages"]["feedback.consent.version"].as_str().unwrap();
    assert!(consent.starts_with("fr-"));
    let text = embed["messages"]["feedback.consent"].as_str().unwrap();
    assert!(text.contains("pendant 365 jours au plus"), "{text}");
    let letter = with(letter::filled_in(), json!({ "article": "fr", "consent": consent }));
    let request =
        server.request("POST", "/v1/feedback").header("idempotency-key", letter::new_key());
    let sent = request.body(letter.to_string()).send().await.unwrap();
    assert_eq!(sent.status(), 201);
    let receipt: Value = sent.json().await.unwrap();
    let page =
        server.request("GET", receipt["url"].as_str().unwrap().strip_prefix(&server.url).unwrap());
    let page = page.header("accept", "text/html").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<html lang=\"fr\" dir=\"ltr\">"), "{page}");
    assert!(page.contains("Conservé jusqu’au"), "{page}");
}

#[tokio::test]
async fn what_runs_from_right_to_left_says_so() {
    let files = [("ar.json", ARABIC)];
    let server =
        server(&files, &["vi", "ar", "fa"], |config| config.publisher = Some("Báo Ví Dụ".into()))
            .await;
    let embed = server.get_json("/v1/embed/ar").await;
    assert_eq!(
        (&embed["display"]["dir"], &embed["display"]["article_dir"]),
        (&json!("rtl"), &json!("rtl"))
    );
    assert_eq!(embed["messages"]["share.button"], "أرسل إلى أصدقائك");
    assert_eq!(embed["messages"]["share.qr"], "QR code", "the fallback's");
    assert_eq!(embed["display"]["dateline"], "الأربعاء، 27 نوفمبر 2024");
    let html = embed["html"].as_str().unwrap();
    assert!(html.contains("lang=\"ar\" dir=\"rtl\""));

    let mixed = server.get_json("/v1/embed/vi?lang=ar").await;
    let html = mixed["html"].as_str().unwrap();
    assert!(html.contains("lang=\"ar\" dir=\"rtl\"") && html.contains("lang=\"vi\" dir=\"ltr\""));
    let persian = server.get_json("/v1/embed/fa").await;
    assert_eq!(
        (&persian["lang"], &persian["display"]["article_dir"]),
        (&json!("vi"), &json!("rtl"))
    );

    let page = text(&server, "/a/ar/feedback").await;
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(page.contains("<a href=\"/a/ar\" dir=\"auto\">"), "titles are set apart");
}

#[tokio::test]
async fn who_meets_a_problem_is_told_in_the_language_of_the_address_or_the_browser() {
    let server = server(&[("fr.json", FRENCH), ("ar.json", ARABIC)], &["vi"], |_| {}).await;
    for (path, accepted, lang, words) in [
        ("/a/none", "de, fr-CH;q=0.9, en;q=0.5", "fr", "Cet article n’existe pas."),
        ("/a/none", "ar", "ar", "لا يوجد هذا المقال."),
        ("/a/none?lang=en", "fr", "en", "There is no such article."),
        ("/a/none", "de", "vi", "Không có bài viết này."),
    ] {
        let request = server.request("GET", path).header("accept", "text/html");
        let page = request.header("accept-language", accepted).send().await.unwrap();
        assert_eq!((page.status().as_u16(), header(&page, "cache-control")), (404, "no-store"));
        let page = page.text().await.unwrap();
        assert!(
            page.contains(&format!("<html lang=\"{lang}\"")) && page.contains(words),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn a_publisher_may_speak_a_language_of_a_file() {
    let server =
        server(&[("fr.json", FRENCH)], &["th"], |config| config.language = "fr".into()).await;
    assert_eq!(server.get_json("/v1/embed/th").await["lang"], "fr");
    let page = server.request("GET", "/admin/login").send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<html lang=\"en\""), "the editors' pages know two languages");
}

#[tokio::test]
async fn a_file_that_is_wrong_is_refused_at_start_with_all_that_is_wrong() {
    let wrong =
        r#"{ "name": "Deutsch", "interface": { "share.print": "<b>x</b>", "share.pint": "x" } }"#;
    let error = server(&[("de.json", wrong)], &[], |_| {}).await.fails().await;
    assert!(error.starts_with("the languages cannot be used: "), "{error}");
    assert!(error.contains("de.json, interface, share.print: holds HTML"), "{error}");
    assert!(error.contains("de.json, interface, share.pint: there is no such key"), "{error}");
    let error = server(&[("deutsch.json", "{}")], &[], |_| {}).await.fails().await;
    assert!(error.contains("deutsch.json: is not named by a language"), "{error}");
    let error = server(&[], &[], |config| config.language = "fr".into()).await.fails().await;
    assert!(error.contains("\"fr\" is not one we have (vi, en)"), "{error}");
}

#[tokio::test]
async fn what_changes_in_the_folder_is_taken_up_while_the_server_runs() {
    let server = server(&[("fr.json", FRENCH)], &["vi"], |_| {}).await;
    let before = server.get("/v1/embed/vi?lang=fr").await;
    let tag = header(&before, "etag").to_owned();

    let changed = FRENCH.replace("\"Imprimer\"", "\"Imprimer la page\"");
    write(&server.folder, "fr.json", &changed);
    write(&server.folder, "ar.json", ARABIC);
    let path = "/v1/embed/vi?lang=fr";
    wait_for(&server, path, |answer| answer.contains("Imprimer la page")).await;
    assert_eq!(server.get_json("/v1/embed/vi?lang=ar").await["lang"], "ar");
    let request = server.request("GET", path).header("if-none-match", &tag);
    assert_eq!(request.send().await.unwrap().status(), 200, "it is another answer");

    let consent = FRENCH.replace("Rien ne m’y oblige", "Rien ne m’oblige");
    let seen = wait_for(&server, path, |answer| answer.contains("Imprimer la page")).await;
    assert!(seen.contains("Copier le lien"));
    write(&server.folder, "fr.json", &consent);
    let answer = wait_for(&server, path, |answer| answer.contains("Rien ne m’oblige")).await;

    // Readers agree to the new text from the moment on that they see it.
    let embed: Value = serde_json::from_str(&answer).unwrap();
    let version = &embed["messages"]["feedback.consent.version"];
    let letter = with(letter::filled_in(), json!({ "article": "vi", "consent": version }));
    let request =
        server.request("POST", "/v1/feedback").header("idempotency-key", letter::new_key());
    assert_eq!(request.body(letter.to_string()).send().await.unwrap().status(), 201);

    std::fs::remove_file(languages(&server.folder).join("ar.json")).unwrap();
    wait_for(&server, "/v1/embed/vi?lang=ar", |answer| answer.contains("\"lang\":\"vi\"")).await;
}

#[tokio::test]
async fn the_most_read_list_says_its_views_where_the_publisher_shows_them() {
    let articles = ["vi", "fr", "en"];
    let shown = server(&[("fr.json", FRENCH)], &articles, |config| config.show_views = true).await;
    for id in articles {
        let view =
            json!({ "article": id, "view": letter::new_key(), "page": "https://partner.example/" });
        let request = shown.request("POST", "/v1/views").header(
            "user-agent",
            "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
        );
        assert_eq!(request.body(view.to_string()).send().await.unwrap().status(), 202);
    }
    wait_for(&shown, "/v1/embed/vi?lang=en", |answer| answer.contains("\"views_text\":\"1 view\""))
        .await;
    let french = shown.get_json("/v1/embed/vi?lang=fr").await;
    assert_eq!(french["most_read"]["items"][0]["views_text"], "1 lecture");
    assert!(french["html"].as_str().unwrap().contains("1 lecture"));
    let list = shown.get_json("/v1/most-read?words=vi").await;
    assert_eq!(list["items"][0]["views_text"], "1 lượt xem");
    let bare = shown.get_json("/v1/most-read").await;
    assert_eq!(bare["items"][0].get("views_text"), None);

    let folder = shown.stop().await;
    let config = config(folder.path());
    let hidden = Server::configured(folder, "0.1.0-test", config).await;
    let list = hidden.get_json("/v1/most-read?words=vi").await;
    assert_eq!(
        (list["items"][0]["views"].as_u64(), list["items"][0].get("views_text")),
        (Some(1), None)
    );
}

fn run(arguments: &[&str]) -> (bool, String) {
    let output = process::run_bare("languages", arguments);
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn translators_have_their_files_checked_and_a_template_that_passes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (fine, template) = run(&["template"]);
    assert!(fine && template.contains("\"share.button\": \"Send to friends\""));
    std::fs::write(path("de.json"), &template).unwrap();
    assert_eq!(
        run(&["check", &path("de.json")]),
        (true, format!("{}: complete\n", path("de.json")))
    );

    std::fs::write(path("ar.json"), ARABIC).unwrap();
    std::fs::write(path("en.json"), "{}").unwrap();
    let (fine, said) = run(&["check", folder.path().to_str().unwrap()]);
    assert!(fine, "{said}");
    assert!(
        said.contains("ar.json, interface, share.qr\n")
            && said.contains("en.json: changes words of en")
    );

    std::fs::write(path("de.json"), r#"{ "pages": { "form.back": "{it}" } }"#).unwrap();
    let (fine, said) = run(&["check", &path("de.json")]);
    assert!(
        !fine
            && said.contains("wrong: ")
            && said.contains("pages, form.back: nothing stands in for {it} here")
    );
    assert!(said.contains("de.json, name: is missing"));
}

/// Whoever changes words of ours sees here that the sample is to follow.
#[test]
fn the_sample_of_a_language_is_complete() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/languages");
    let files = article_server::messages::read_folder(&path).unwrap();
    assert!(!files.is_empty());
    for file in files {
        assert_eq!(file.missing(), [] as [&str; 0], "{}", file.path.display());
    }
}
