//! `article-server backup`

use crate::postgres::is_elsewhere;
use crate::process::{Process, backup, database};
use crate::sql::{self, number};
use crate::support::{article, save, totals};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_a_whole_database_for_its_owners_eyes_only_and_replaces_nothing() {
    if is_elsewhere() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &[]);
    let copies = tempfile::tempdir().unwrap();
    let target = database(copies.path());
    let first = backup(folder.path(), &target);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&target).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let again = backup(folder.path(), &target);
    assert!(!again.status.success());
    let reason = String::from_utf8_lossy(&again.stderr);
    assert!(reason.contains("is there already"), "{reason}");
    server.stop();

    let restored = Process::start(copies.path(), &[]);
    let article = reqwest::get(format!("{}/v1/articles/a", restored.url)).await.unwrap();
    assert_eq!(article.status(), 200);
    restored.stop();
    assert_eq!(totals(copies.path(), "a").await.raw, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_has_no_address_that_waits_for_its_mail() {
    if is_elsewhere() {
        return;
    }
    const FRIEND: &str = "minh@example.vn";
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    sql::run(
        folder.path(),
        &format!(
            "insert into outbox (kind, lane, key, article, recipient, language, made_at, due_at)
             values ('article', 'mail', 'k', 'a', '{FRIEND}', 'vi', 0, 0);
             insert into mail_request values (x'01', x'02', 0);
             insert into spent_proof values (x'03', 0);
             insert into suppressed values (x'04', 0);"
        ),
    );
    let copies = tempfile::tempdir().unwrap();
    let target = database(copies.path());
    assert!(backup(folder.path(), &target).status.success());
    let holds = |bytes: &[u8]| bytes.windows(FRIEND.len()).any(|part| part == FRIEND.as_bytes());
    assert!(!holds(&std::fs::read(&target).unwrap()));
    for (table, rows) in [("outbox", 0), ("mail_request", 0), ("spent_proof", 0), ("suppressed", 1)]
    {
        let count = format!("select count(*) from {table}");
        assert_eq!(number(copies.path(), &count), rows, "{table}");
    }
}
