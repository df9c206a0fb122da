//! Nobody overwrites what they have not seen.

use futures_util::future::join_all;
use serde_json::json;

use super::Desk;
use crate::support::{article, header, problem, with};

#[tokio::test]
async fn what_was_not_seen_is_not_overwritten() {
    let desk = Desk::with(&[article("a")]).await;
    let other = with(article("a"), json!({ "title": "Khác" }));
    let details = problem(desk.put(&other, &[]).await, 428).await;
    assert!(details["detail"].as_str().unwrap().contains("If-Match"));
    problem(desk.put(&other, &[("if-match", "\"00000000000000000000000000000000\"")]).await, 412)
        .await;
    problem(desk.put(&other, &[("if-none-match", "*")]).await, 412).await;
    problem(desk.put(&article("a"), &[("if-none-match", "*")]).await, 412).await;
    problem(desk.put(&article("new"), &[("if-match", "*")]).await, 412).await;
    problem(desk.put(&other, &[("if-none-match", "\"x\"")]).await, 400).await;
    assert_eq!(desk.server.get_json("/v1/articles/a").await, article("a"));
    assert_eq!(desk.put(&article("new"), &[("if-none-match", "*")]).await.status(), 201);
    assert_eq!(desk.put(&other, &[("if-match", "*")]).await.status(), 200);
}

#[tokio::test]
async fn the_tag_that_readers_get_is_the_one_to_send_in_whichever_coding() {
    let desk = Desk::with(&[article("a")]).await;
    for (coding, title) in [("identity", "Một"), ("gzip", "Hai"), ("br", "Ba")] {
        let read = desk.server.request("GET", "/v1/articles/a").header("accept-encoding", coding);
        let read = read.send().await.unwrap();
        let tag = header(&read, "etag").to_owned();
        assert!(tag.starts_with('"'), "a strong one: {tag}");
        assert_eq!(tag.ends_with(&format!("-{coding}\"")), coding != "identity", "{tag}");
        let again = desk.server.request("GET", "/v1/articles/a").header("if-none-match", &tag);
        let again = again.header("accept-encoding", coding).send().await.unwrap();
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, &*tag));

        let weak = format!("W/{tag}");
        let other = with(article("a"), json!({ "title": title }));
        problem(desk.put(&other, &[("if-match", &weak)]).await, 412).await;
        assert_eq!(desk.put(&other, &[("if-match", &tag)]).await.status(), 200);
        assert_eq!(desk.put(&other, &[("if-match", &tag)]).await.status(), 204, "sent again");
        problem(desk.put(&article("a"), &[("if-match", &tag)]).await, 412).await;
    }
}

#[tokio::test]
async fn of_many_who_saw_the_same_one_is_taken() {
    let desk = Desk::with(&[article("a")]).await;
    let tag = header(&desk.server.get("/v1/articles/a").await, "etag").to_owned();
    let versions: Vec<_> =
        (0..20).map(|number| with(article("a"), json!({ "title": number.to_string() }))).collect();
    let condition = [("if-match", &*tag)];
    let all = join_all(versions.iter().map(|version| desk.put(version, &condition))).await;
    let count = |status: u16| all.iter().filter(|answer| answer.status() == status).count();
    assert_eq!((count(200), count(412)), (1, 19));
    assert_eq!(desk.revisions("a").await.len(), 2);
}

#[tokio::test]
async fn a_withdrawal_may_be_tied_to_what_was_seen() {
    let desk = Desk::with(&[article("a")]).await;
    let delete =
        |tag: &str| desk.request("DELETE", "/v1/articles/a").header("if-match", tag).send();
    let stale = delete("\"00000000000000000000000000000000\"").await.unwrap();
    problem(stale, 412).await;
    let tag = header(&desk.server.get("/v1/articles/a").await, "etag").to_owned();
    assert_eq!(delete(&tag).await.unwrap().status(), 200);
    assert_eq!(delete(&tag).await.unwrap().status(), 200, "sent again");
}
