//! Nothing of a sender's, no password and no session reaches the log, whatever an editor does.

use super::{Browser, PASSWORD, add_people, feedback, hidden, open};
use crate::process::Process;
use crate::support::{article, header, save};

#[tokio::test(flavor = "multi_thread")]
async fn what_editors_do_leaves_nothing_of_a_sender_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let store = open(folder.path()).await;
    add_people(&*store).await;
    let letter = feedback(1, |report| {
        report.name = "Quokka Nguyễn".into();
        report.email = "quokka@example.vn".into();
        report.phone = "0987650001".into();
        report.message = "kiwano".into();
    });
    store.save_feedback(&letter).await.unwrap();
    store.close().await.unwrap();
    let log = "trace,yew=trace,yew::html=trace";
    let server = Process::start(folder.path(), &["--log", log, "--feedback-days", "36500"]);

    let mut browser = Browser::new(&server.url);
    assert_eq!(browser.log_in("quokkaperson", "rambutanpassword", "").await.status(), 422);
    let response = browser.log_in("lan", PASSWORD, "").await;
    assert_eq!(header(&response, "location"), "/admin");
    browser.keep(&response);
    assert!(browser.page("/admin/feedback?q=quokka").await.contains("Quokka"));
    assert_eq!(browser.get("/admin/feedback?state=durian").await.status(), 422);
    let html = browser.page("/admin/feedback/1").await;
    let form = [("seen", &*hidden(&html, "seen")), ("answer", "mangosteen")];
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 303);
    assert_eq!(browser.post("/admin/feedback/1/answer", &form).await.status(), 409);
    let mangled = browser.request("POST", "/admin/feedback/1/state");
    let mangled = mangled.header("sec-fetch-site", "same-origin").body("seen=%ff&state=mangosteen");
    assert_eq!(mangled.send().await.unwrap().status(), 422);
    for path in ["/admin/feedback.csv?q=kiwano", "/admin/feedback.json?q=kiwano"] {
        assert!(browser.page(path).await.contains("quokka@example.vn"));
    }
    let html = browser.page("/admin/feedback/1/erase").await;
    let form = [("seen", &*hidden(&html, "seen"))];
    assert_eq!(browser.post("/admin/feedback/1/erase", &form).await.status(), 303);

    let log = String::from_utf8(server.stop()).unwrap();
    assert!(log.contains("/admin/feedback/{no}/erase"), "the search finds what is there");
    let secret = browser.cookie.split_once('=').unwrap().1.to_owned();
    for word in
        ["uokka", "kiwano", "0987650001", "mangosteen", "rambutan", "durian", PASSWORD, &secret]
    {
        assert!(!log.contains(word), "{word}");
    }
}
