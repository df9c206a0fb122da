//! TLS by given certificates: what is spoken, to whom, and within which bounds.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use article_server::config::Config;
use article_server::serve::Limits;
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;
use tokio::time::{interval, timeout};

use super::raw::{PATIENCE, Raw, get};
use super::secure::{Identity, Secure};
use crate::process::{Process, run_bare};
use crate::support::{Server, article, config, save};

const SHORT: Duration = Duration::from_millis(400);
/// How often something is looked at that changes by itself.
const TICK: Duration = Duration::from_millis(20);

/// A server that speaks TLS and is held to these limits.
async fn secure(limits: Limits) -> (Server, Identity) {
    let folder = tempfile::tempdir().unwrap();
    let identity = Identity::write(folder.path(), "first");
    (over(folder, &identity, limits).await, identity)
}

async fn over(folder: TempDir, identity: &Identity, limits: Limits) -> Server {
    save(folder.path(), &[article("a")]).await;
    let tls = Some(identity.files.clone());
    let config = Config { limits, tls, ..config(folder.path()) };
    Server::configured(folder, "0.1.0-test", config).await
}

#[tokio::test]
async fn who_trusts_the_certificate_reads_and_finds_addresses_of_https() {
    let (server, identity) = secure(Limits::default()).await;
    let mut connection = Secure::to(&server.url, &identity).await;
    for path in ["/healthz", "/a/a"] {
        assert!(connection.send(get(path)).await);
        assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 200 "), "{path}");
    }
    let request = "GET /a/a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    assert!(connection.send(request).await);
    let page = connection.text().await;
    let own = server.url.replace("http://", "https://");
    assert!(page.contains(&own) && !page.contains(&server.url), "{page}");
    let other = Identity::write(server.folder.path(), "other");
    let stream = Raw::connect(&server.url).await.0;
    assert!(Secure::over(stream, &other, &[]).await.is_err(), "no other certificate is shown");
}

#[tokio::test]
async fn nothing_but_tls_is_spoken_on_its_port() {
    let (server, _) = secure(Limits::default()).await;
    let mut connection = Raw::connect(&server.url).await;
    assert!(connection.send(get("/healthz")).await);
    let answer = connection.text().await;
    assert!(!answer.contains("HTTP/") && !answer.contains("ok"), "{answer}");
}

#[tokio::test]
async fn http2_is_offered_where_it_is_on() {
    for (http2, spoken) in [(false, "http/1.1"), (true, "h2")] {
        let (server, identity) = secure(Limits { http2, ..Limits::default() }).await;
        let stream = Raw::connect(&server.url).await.0;
        let stream = Secure::over(stream, &identity, &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(spoken.as_bytes()));
        let mut connection = Raw(stream);
        if http2 {
            let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
            let preface = [&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], &settings].concat();
            assert!(connection.send(preface).await);
            let mut frame = [0; 9];
            connection.0.read_exact(&mut frame).await.unwrap();
            assert_eq!(frame[3], 4, "its settings");
        } else {
            assert!(connection.send(get("/healthz")).await);
            assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 200 "));
        }
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart_and_connections_stay() {
    let (server, first) = secure(Limits { head: PATIENCE, ..Limits::default() }).await;
    let mut kept = Secure::to(&server.url, &first).await;
    assert!(kept.send(get("/healthz")).await);
    assert!(kept.head().await.is_some());
    let second = Identity::write(server.folder.path(), "second");
    second.replace(&first.files);
    let is_taken_up = async {
        let mut ticks = interval(TICK);
        loop {
            ticks.tick().await;
            let stream = Raw::connect(&server.url).await.0;
            if let Ok(stream) = Secure::over(stream, &second, &[]).await {
                return Raw(stream);
            }
        }
    };
    let mut renewed = timeout(PATIENCE, is_taken_up).await.expect("it is taken up");
    for connection in [&mut kept, &mut renewed] {
        assert!(connection.send(get("/healthz")).await);
        assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 200 "));
    }
}

#[tokio::test]
async fn a_handshake_that_does_not_come_to_an_end_has_the_time_of_a_head() {
    let (server, _) = secure(Limits { head: SHORT, ..Limits::default() }).await;
    for begun in [&b""[..], &[22, 3, 1, 2, 0, 1]] {
        let mut connection = Raw::connect(&server.url).await;
        assert!(connection.send(begun).await);
        assert_eq!(connection.text().await, "");
    }
}

#[tokio::test]
async fn a_connection_in_its_handshake_is_one_of_its_place() {
    let limits = Limits { from_one_place: 1, head: PATIENCE, ..Limits::default() };
    let (server, identity) = secure(limits).await;
    let held = Raw::connect(&server.url).await;
    let next = Raw::connect(&server.url).await.0;
    assert!(Secure::over(next, &identity, &[]).await.is_err(), "it is closed");
    drop(held);
    // When the server has seen that, there is room again.
    while Secure::over(Raw::connect(&server.url).await.0, &identity, &[]).await.is_err() {}
}

#[tokio::test]
async fn what_bytes_are_held_to_they_are_held_to_under_tls() {
    let (server, identity) = secure(Limits { unread: SHORT, ..Limits::default() }).await;
    let mut connection = Secure::to(&server.url, &identity).await;
    assert!(connection.send("GET /healthz HTTP/1.1\nhost: a\r\n\r\n").await);
    assert!(connection.text().await.starts_with("HTTP/1.1 400 "), "a line that ends in LF alone");

    let length = 32 << 20;
    fs::write(server.folder.path().join("media/large.jpg"), vec![7; length]).unwrap();
    let narrow = Raw::connect_narrow(&server.url).await.0;
    let mut connection = Raw(Secure::over(narrow, &identity, &[]).await.unwrap());
    assert!(connection.send(get("/media/large.jpg")).await);
    // Polled for what cannot be seen from here: that the server has given up.
    let is_over = async {
        let mut ticks = interval(TICK);
        while connection.send("x").await {
            ticks.tick().await;
        }
    };
    timeout(PATIENCE, is_over).await.expect("it is closed");
    assert!(connection.rest().await.len() < length);
}

#[tokio::test]
async fn what_is_no_pair_ends_the_start_and_the_check_and_tells_nothing_of_the_key() {
    let made = tempfile::tempdir().unwrap();
    let (one, other) = (Identity::write(made.path(), "one"), Identity::write(made.path(), "other"));
    let secret = fs::read_to_string(&one.files.key).unwrap();
    let secret = secret.lines().nth(1).unwrap();
    let open = Identity::write(made.path(), "open");
    fs::set_permissions(&open.files.key, Permissions::from_mode(0o604)).unwrap();
    let mixed = article_server::serve::TlsFiles {
        certificate: other.files.certificate.clone(),
        key: one.files.key.clone(),
    };
    for (files, says) in [
        (mixed, "is not that of the first certificate in"),
        (open.files, "everybody on this machine may read"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { tls: Some(files.clone()), ..config(folder.path()) };
        let failed = Server::configured(folder, "0.1.0-test", config).await.fails().await;
        let (certificate, key) = (files.certificate.to_str().unwrap(), files.key.to_str().unwrap());
        let options = ["--tls-certificate", certificate, "--tls-key", key];
        let checked = run_bare("check", &options);
        assert_eq!(checked.status.code(), Some(1));
        let checked = String::from_utf8(checked.stdout).unwrap();
        assert!(failed.contains(says), "{failed}");
        assert!(
            checked.contains("error    tls-certificate: ") && checked.contains(says),
            "{checked}"
        );
        assert!(!failed.contains(secret) && !checked.contains(secret));
    }
    let half = run_bare("check", &["--tls-key", "key.pem"]);
    let half = String::from_utf8(half.stdout).unwrap();
    assert!(half.contains("error    settings: tls-certificate: is missing"), "{half}");
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_asked_by_tls_where_that_is_spoken() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let identity = Identity::write(folder.path(), "first");
    let server = Process::start(folder.path(), &identity.options());
    let address = server.url.strip_prefix("http://").unwrap();
    let healthy = run_bare("health", &["--listen", address]);
    assert!(healthy.status.success(), "{}", String::from_utf8_lossy(&healthy.stderr));
    let log = String::from_utf8(server.stop()).unwrap();
    assert!(!log.contains("PRIVATE"), "{log}");
}
