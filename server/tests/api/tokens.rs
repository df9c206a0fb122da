//! `article-server token`, as its operator runs it beside a server.

use std::path::Path;
use std::process::{Command, Output};

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::sql::{self, holds};
use crate::support::{Server, article, database_url, problem, save, with};

fn token(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_article-server"))
        .arg("token")
        .args(arguments)
        .arg("--database")
        .arg(database_url(folder))
        .output()
        .unwrap()
}

/// What a run that went well printed.
fn printed(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a run that failed complained of.
fn complaint(output: Output) -> String {
    assert!(!output.status.success() && output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn a_token_is_printed_once_and_opens_what_it_is_for_until_it_is_revoked() {
    let server = Server::with(&[article("a")]).await;
    let folder = server.folder.path();
    let created = token(folder, &["create", "--name", "newsroom", "--scope", "stats:read"]);
    let notice = String::from_utf8_lossy(&created.stderr).into_owned();
    let text = printed(created);
    let secret = text.strip_suffix('\n').unwrap();
    assert!(secret.starts_with("awt_") && secret.len() == 47, "nothing beside the token");
    assert!(notice.contains("newsroom") && !notice.contains(secret));

    let stats = async || {
        let request = server.request("GET", "/v1/articles/a/stats");
        request.bearer_auth(secret).send().await.unwrap()
    };
    assert_eq!(stats().await.status(), 200);
    let bytes = BASE64URL_NOPAD.decode(&secret.as_bytes()[4..]).unwrap();
    assert!(!holds(folder, &secret.as_bytes()[4..]) && !holds(folder, &bytes));
    let hash = Sha256::digest(secret);
    assert!(holds(folder, &hash), "the hash is what it is known by");

    printed(token(folder, &["revoke", "newsroom"]));
    problem(stats().await, 401).await;
    assert!(!holds(folder, &hash));
}

#[tokio::test]
async fn tokens_are_listed_by_name_with_what_they_are_for() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[]).await;
    let both = ["create", "--name", "b", "--scope", "stats:read,articles:write"];
    let again = ["create", "--name", "a", "--scope", "stats:read", "--scope", "stats:read"];
    let secrets = [printed(token(folder.path(), &both)), printed(token(folder.path(), &again))];
    let list = printed(token(folder.path(), &["list"]));
    let lines: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!((lines[0][0], lines[0][1]), ("a", "stats:read"));
    assert_eq!((lines[1][0], lines[1][1]), ("b", "articles:write,stats:read"));
    assert!(lines.len() == 2 && lines[0][2].ends_with('Z'));
    assert!(secrets.iter().all(|secret| !list.contains(secret.trim())));
}

#[tokio::test]
async fn what_cannot_be_done_is_said_clearly() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[]).await;
    let create = |name, scope| token(folder.path(), &["create", "--name", name, "--scope", scope]);
    printed(create("newsroom", "stats:read"));
    let taken = complaint(create("newsroom", "articles:write"));
    assert!(taken.contains("there is a token named newsroom already"), "{taken}");
    let unknown = complaint(create("other", "stats:write"));
    assert!(unknown.contains("articles:write, stats:read"), "{unknown}");
    assert!(complaint(create("two\nlines", "stats:read")).contains("no control characters"));
    let none = complaint(token(folder.path(), &["revoke", "other"]));
    assert!(none.contains("there is no token named other"), "{none}");
    assert!(complaint(token(folder.path(), &["create", "--name", "x"])).contains("--scope"));
}

#[tokio::test]
async fn embargoes_stay_as_the_server_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[]).await;
    save(folder.path(), &[with(article("a"), json!({ "embargo": "2024-11-27" }))]).await;
    // As by a time zone that the server was told, and the command is not.
    sql::change(folder.path(), "update article set embargo = 1");
    printed(token(folder.path(), &["list"]));
    assert_eq!(sql::number(folder.path(), "select embargo from article"), 1);
}
