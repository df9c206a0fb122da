//! `article-server backup`

use crate::process::{Process, backup, database};
use crate::support::{article, save, totals};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_a_whole_database_for_its_owners_eyes_only_and_replaces_nothing() {
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
