//! What is fetched from other servers, and what is not.

use std::collections::HashMap;
use std::io::Write as _;
use std::time::Duration;

use article_server::fetch::{FetchError, Fetched, Fetcher, Request};
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const MOST: usize = 64 << 10;

/// A server on the loopback address that answers each path with these bytes and then closes, or goes on
/// for ever where they end in `…`. The head of what it was asked comes back where an answer is empty.
async fn serve(answers: &[(&str, Vec<u8>)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers: HashMap<String, Vec<u8>> =
        answers.iter().map(|(path, answer)| ((*path).to_owned(), answer.clone())).collect();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, answers.clone()));
        }
    });
    url
}

async fn answer(mut stream: TcpStream, answers: HashMap<String, Vec<u8>>) -> std::io::Result<()> {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    while !head.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut buffer).await?;
        head.extend_from_slice(&buffer[..read]);
        if read == 0 {
            return Ok(());
        }
    }
    let text = String::from_utf8_lossy(&head);
    let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
    let answer = answers.get(&path).cloned().unwrap_or_default();
    if answer.is_empty() {
        stream.write_all(&ok("", text.as_bytes())).await?;
        return stream.shutdown().await;
    }
    let Some(begin) = answer.strip_suffix("…".as_bytes()) else {
        stream.write_all(&answer).await?;
        return stream.shutdown().await;
    };
    stream.write_all(begin).await?;
    loop {
        stream.write_all(&[b'x'; 4096]).await?;
    }
}

fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn redirect(location: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn request() -> Request {
    Request { accept: "text/html, */*;q=0.1", most_bytes: MOST, ..Request::default() }
}

/// One that may ask this machine by the address 127.0.0.1.
fn fetcher() -> Fetcher {
    let networks = vec!["127.0.0.1/32".parse().unwrap()];
    Fetcher::with_networks(networks, Some("https://news.example"))
}

async fn get(url: &str) -> Result<Fetched, FetchError> {
    fetcher().get(&Url::parse(url).unwrap(), &request()).await
}

#[tokio::test]
async fn what_comes_says_where_it_is_from_and_what_it_is() {
    let headers = "content-type: text/html; charset=utf-8\r\netag: \"1\"\r\nlast-modified: x\r\n";
    let url = serve(&[
        ("/a", redirect("/b?c")),
        ("/b?c", ok(headers, "Bài báo".as_bytes())),
        ("/z", ok("content-encoding: gzip\r\n", &gzip("Bài báo".as_bytes()))),
    ])
    .await;
    let fetched = get(&format!("{url}/a#part")).await.unwrap();
    assert_eq!(fetched.url.as_str(), format!("{url}/b?c"));
    assert_eq!((fetched.status.as_u16(), &*fetched.body), (200, "Bài báo".as_bytes()));
    assert_eq!(fetched.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(
        (fetched.etag.as_deref(), fetched.last_modified.as_deref()),
        (Some("\"1\""), Some("x"))
    );
    assert_eq!(&*get(&format!("{url}/z")).await.unwrap().body, "Bài báo".as_bytes());
}

#[tokio::test]
async fn a_request_says_who_asks_for_what_and_what_they_have() {
    let url = serve(&[]).await;
    let request = Request {
        etag: Some("\"1\"".to_owned()),
        last_modified: Some("Wed, 27 Nov 2024 01:30:00 GMT".to_owned()),
        ..request()
    };
    let fetched = fetcher().get(&Url::parse(&url).unwrap(), &request).await.unwrap();
    let head = String::from_utf8(fetched.body.to_vec()).unwrap();
    for line in [
        concat!(
            "user-agent: article-server/",
            env!("CARGO_PKG_VERSION"),
            " (+https://news.example)"
        ),
        "accept: text/html, */*;q=0.1",
        "accept-encoding: gzip",
        "if-none-match: \"1\"",
        "if-modified-since: Wed, 27 Nov 2024 01:30:00 GMT",
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{line}: {head}");
    }
    for secret in ["cookie", "authorization", "referer"] {
        assert!(!head.contains(secret), "{head}");
    }
}

#[tokio::test]
async fn what_is_the_same_as_before_needs_no_body() {
    let not_modified = b"HTTP/1.1 304 Not Modified\r\netag: \"1\"\r\n\r\n".to_vec();
    let url = serve(&[("/a", not_modified)]).await;
    let url = Url::parse(&format!("{url}/a")).unwrap();
    let known = Request { etag: Some("\"1\"".to_owned()), ..request() };
    let fetched = fetcher().get(&url, &known).await.unwrap();
    assert_eq!((fetched.status.as_u16(), fetched.body.len()), (304, 0));
    let unasked = fetcher().get(&url, &request()).await;
    assert!(matches!(unasked, Err(FetchError::Status(304))), "{unasked:?}");
}

#[tokio::test]
async fn nothing_leads_to_what_only_this_machine_sees() {
    let url = serve(&[
        ("/metadata", redirect("http://169.254.169.254/latest/meta-data/")),
        ("/mapped", redirect("http://[::ffff:127.0.0.2]/")),
        ("/loopback", redirect("http://127.0.0.2/")),
        ("/decimal", redirect("http://2130706434/")),
        ("/octal", redirect("http://0177.0.0.02/")),
        ("/v6", redirect("http://[::1]/")),
        ("/private", redirect("//10.0.0.1/")),
        ("/far", redirect("/metadata")),
    ])
    .await;
    for path in ["metadata", "mapped", "loopback", "decimal", "octal", "v6", "private", "far"] {
        let refused = get(&format!("{url}/{path}")).await;
        assert!(matches!(refused, Err(FetchError::Network)), "{path}: {refused:?}");
    }
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_leads_nowhere_unless_its_network_is_allowed() {
    let url = serve(&[("/a", ok("", b"inside"))]).await;
    let by_name = Url::parse(&url.replace("127.0.0.1", "localhost")).unwrap().join("/a").unwrap();
    let closed = Fetcher::with_networks(Vec::new(), None);
    for url in [&by_name, &Url::parse(&url).unwrap()] {
        let refused = closed.get(url, &request()).await;
        assert!(matches!(refused, Err(FetchError::Network)), "{url}: {refused:?}");
    }
    let open = Fetcher::with_networks(vec!["127.0.0.0/8".parse().unwrap()], None);
    assert_eq!(&*open.get(&by_name, &request()).await.unwrap().body, b"inside");
}

#[tokio::test]
async fn a_redirection_carries_no_password_and_stays_on_the_web() {
    let url = serve(&[
        ("/user", redirect("http://me:secret@news.example/")),
        ("/file", redirect("file:///etc/passwd")),
        ("/nowhere", redirect("http://")),
    ])
    .await;
    let user = get(&format!("{url}/user")).await;
    assert!(matches!(user, Err(FetchError::User)), "{user:?}");
    let file = get(&format!("{url}/file")).await;
    assert!(matches!(file, Err(FetchError::Scheme)), "{file:?}");
    let nowhere = get(&format!("{url}/nowhere")).await;
    assert!(matches!(nowhere, Err(FetchError::Location)), "{nowhere:?}");
}

#[tokio::test]
async fn a_redirection_to_itself_ends() {
    let url = serve(&[("/a", redirect("/b")), ("/b", redirect("/a"))]).await;
    let endless = get(&format!("{url}/a")).await;
    assert!(matches!(endless, Err(FetchError::Redirections)), "{endless:?}");
}

#[tokio::test]
async fn what_is_too_long_is_not_read_to_its_end() {
    let announced = "HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n…";
    let endless = "HTTP/1.1 200 OK\r\n\r\n…";
    let bomb = gzip(&vec![0; 16 << 20]);
    assert!(bomb.len() < MOST);
    let just = ok("", &vec![b'x'; MOST]);
    let url = serve(&[
        ("/announced", announced.into()),
        ("/endless", endless.into()),
        ("/bomb", ok("content-encoding: gzip\r\n", &bomb)),
        ("/just", just),
    ])
    .await;
    for path in ["announced", "endless", "bomb"] {
        let long = get(&format!("{url}/{path}")).await;
        assert!(matches!(long, Err(FetchError::Long(MOST))), "{path}: {long:?}");
    }
    assert_eq!(get(&format!("{url}/just")).await.unwrap().body.len(), MOST);
}

#[tokio::test]
async fn what_cannot_be_decompressed_is_no_answer() {
    let whole = gzip(b"an article, long enough to be cut");
    let url = serve(&[
        ("/cut", ok("content-encoding: gzip\r\n", &whole[..whole.len() / 2])),
        ("/none", ok("content-encoding: gzip\r\n", b"plain")),
        ("/other", ok("content-encoding: br\r\n", b"plain")),
    ])
    .await;
    for path in ["cut", "none", "other"] {
        let broken = get(&format!("{url}/{path}")).await;
        assert!(matches!(broken, Err(FetchError::Encoding)), "{path}: {broken:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let impatient = fetcher().with_limit(Duration::from_millis(200));
    let slow = impatient.get(&silent, &request()).await;
    assert!(matches!(slow, Err(FetchError::Slow)), "{slow:?}");
    let dribbling = tokio::spawn(async move {
        let (_silent, _) = listener.accept().await.unwrap();
        let (mut stream, _) = listener.accept().await.unwrap();
        // An answer before the question would be another fault.
        stream.read_u8().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let slow = impatient.get(&silent, &request()).await;
    assert!(matches!(slow, Err(FetchError::Slow)), "{slow:?}");
    dribbling.await.unwrap();
}

#[tokio::test]
async fn other_answers_are_told_by_their_number_and_no_answer_by_its_reason() {
    let gone = b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n".to_vec();
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf".to_vec();
    let url = serve(&[("/gone", gone), ("/cut", cut)]).await;
    let gone = get(&format!("{url}/gone")).await;
    assert!(matches!(gone, Err(FetchError::Status(410))), "{gone:?}");
    let cut = get(&format!("{url}/cut")).await;
    assert!(matches!(cut, Err(FetchError::Broken)), "{cut:?}");
    let unknown = get("http://no-such-name.invalid/").await;
    assert!(matches!(unknown, Err(FetchError::Name)), "{unknown:?}");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let closed = get(&format!("http://{closed}/")).await;
    assert!(matches!(closed, Err(FetchError::Connection)), "{closed:?}");
}
