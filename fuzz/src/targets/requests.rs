//! Requests: their bytes on a connection, their headers, their queries.

use article_server::accept_language;
use article_server::admin::article_query::{ARTICLES, ArticleQuery};
use article_server::admin::inbox_query::{INBOX, InboxQuery};
use article_server::admin::session::SessionSecret;
use article_server::admin::{language, next};
use article_server::authorisation::bearer;
use article_server::bots;
use article_server::cache::EntityTag;
use article_server::client;
use article_server::conditions;
use article_server::encoding::Encoded;
use article_server::messages;
use article_server::request_id::{RequestId, X_REQUEST_ID};
use article_server::revision::Expected;
use article_server::serve::{goes_on, passed_on};
use article_server::suppression;
use article_server::token::Token;
use article_server::traces;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE, IF_MATCH, IF_NONE_MATCH, USER_AGENT,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::net::SocketAddr;
use url::Url;

/// Heads of HTTP/1.1: the same is let through in whatever pieces they come, and nothing but what is in order.
pub fn http_heads(data: &[u8]) {
    let passed = |piece| passed_on(data, piece).expect("the connection goes on");
    let whole = passed(data.len());
    for piece in [1, 2, 7] {
        assert_eq!(passed(piece), whole, "in pieces of {piece}");
    }
    let changed: Vec<_> = data.iter().zip(&whole).filter(|(was, is)| was != is).collect();
    assert!(matches!(changed[..], [] | [(b'\n', 0)]), "one line's end is spoilt");
    // Such a head hyper refuses.
    let is_bare = |at: usize| data[at] == b'\r' && data.get(at + 1) != Some(&b'\n');
    if !(0..data.len()).any(is_bare) {
        assert_eq!(changed.is_empty(), is_in_order(data));
    }
}

/// Whether the lines of all heads end in CR and LF, and each head says the length of its body at most once, in digits
/// and in few bytes.
fn is_in_order(mut rest: &[u8]) -> bool {
    let mut length = None;
    let mut is_begun = false;
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let Some(line) = rest[..end].strip_suffix(b"\r") else { return false };
        rest = &rest[end + 1..];
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        let value = line.get(name.len() + 1..).map(|value| value.trim_ascii());
        match value {
            None if line.is_empty() && is_begun => {
                let body: u64 = length.take().unwrap_or_default();
                rest = &rest[rest.len().min(usize::try_from(body).unwrap_or(usize::MAX))..];
                is_begun = false;
                continue;
            }
            Some(_) if name.eq_ignore_ascii_case(b"transfer-encoding") => return true,
            Some(value) if name.eq_ignore_ascii_case(b"content-length") => {
                let is_number = line.len() <= 48 && value.iter().all(u8::is_ascii_digit);
                let said = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
                if !is_number || said.is_none() || length.is_some() {
                    return false;
                }
                length = said;
            }
            _ => {}
        }
        is_begun |= !line.is_empty();
    }
    true
}

/// Frames of HTTP/2: a connection ends where too many bring nothing, in whatever pieces they come.
pub fn http2_frames(data: &[u8]) {
    let in_pieces = [1, 8, 9, 1000].map(|piece| goes_on(data, piece));
    assert_eq!(in_pieces, [idle_frames(data) <= 200; 4]);
}

/// How many frames behind the preface are neither part of a head, nor of a body, nor of the flow.
fn idle_frames(data: &[u8]) -> usize {
    let (mut idle, mut rest) = (0, data.get(24..).unwrap_or_default());
    while let Some((head, after)) = rest.split_at_checked(9) {
        let length = usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2]);
        let brings_something = matches!(head[3], 1 | 8 | 9) || (head[3] == 0 && length > 0);
        idle += usize::from(!brings_something);
        rest = after.get(length..).unwrap_or_default();
    }
    idle
}

/// What browsers and proxies say of themselves and of what they have.
pub fn headers(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let forwarded = HeaderName::from_static("x-forwarded-for");
    let names = [ACCEPT_ENCODING, ACCEPT_LANGUAGE, IF_MATCH, IF_NONE_MATCH, USER_AGENT, forwarded];
    let all: HeaderMap = names.into_iter().map(|name| (name, value.clone())).collect();
    let _ = accept_language::preferred(&all, messages::known);
    let _ = EntityTag::of(b"what is there").is_known_to(&all);
    let one = |name: HeaderName| HeaderMap::from_iter([(name, value.clone())]);
    for name in [IF_MATCH, IF_NONE_MATCH] {
        let _ = conditions::expected(&one(name), Expected::NothingElse);
    }
    let encoded = Encoded::new(
        b"identity".as_slice().into(),
        b"gzip".as_slice().into(),
        b"br".as_slice().into(),
    );
    let answer = encoded.negotiate(&one(ACCEPT_ENCODING));
    assert!(answer.status().is_success());
    let peer = [127, 0, 0, 1].into();
    let stranger = client::of(&all, peer, &[]);
    assert_eq!(stranger.address, peer, "who is no proxy is not believed");
    let behind = client::of(&all, peer, &["127.0.0.0/8".parse().expect("a network")]);
    assert!(behind.agent.len() <= 3 * 512);
    let _ = bots::is_bot(&behind.agent);
}

/// The trace that a proxy names: the one that stands there, or none.
pub fn traceparent(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let name = HeaderName::from_static("traceparent");
    let mut headers = HeaderMap::from_iter([(name.clone(), value.clone())]);
    if let Some((trace, _)) = traces::named(&headers) {
        let text = std::str::from_utf8(data).expect("it is of letters");
        assert_eq!(text.split('-').nth(1), Some(trace.to_string().as_str()));
    }
    headers.append(name, value);
    assert_eq!(traces::named(&headers), None, "of two nobody knows which");
}

/// What opens something: tokens, sessions, links out of mails, and a proxy's name for a request.
pub fn credentials(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else { return };
    let with = |name: &HeaderName| HeaderMap::from_iter([(name.clone(), value.clone())]);
    if let Some(token) = bearer(&with(&AUTHORIZATION)).and_then(Token::parse) {
        assert!(Token::parse(token.reveal()).is_some());
    }
    if let Some(secret) = SessionSecret::of(&with(&COOKIE)) {
        let again = HeaderMap::from_iter([(COOKIE, secret.set_cookie())]);
        let again = SessionSecret::of(&again).map(|again| again.hash());
        assert_eq!(again, Some(secret.hash()));
    }
    let text = String::from_utf8_lossy(data);
    assert!(suppression::read_token(&[7; 32].into(), &text).is_none(), "nobody makes one");
    let mut request = Request::new(Body::empty());
    request.headers_mut().insert(X_REQUEST_ID.clone(), value);
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
    let id = RequestId::of(&request, &["127.0.0.0/8".parse().expect("a network")]).to_string();
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'), "{id}");
}

/// Queries of the publisher's own pages: an address asks for the same again, and a login leads nowhere else.
pub fn admin_queries(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let query = |href: &str, path: &str| {
        let query = href.strip_prefix(path).expect("it is below its path");
        query.strip_prefix('?').unwrap_or_default().to_owned()
    };
    if let Ok(asked) = serde_urlencoded::from_str::<ArticleQuery>(text) {
        let _ = (asked.filter(), asked.sort(), asked.window(), asked.page());
        assert_eq!(serde_urlencoded::from_str(&query(&asked.href(ARTICLES), ARTICLES)), Ok(asked));
    }
    if let Ok(asked) = serde_urlencoded::from_str::<InboxQuery>(text) {
        let _ = (asked.filter(), asked.before());
        let asked = InboxQuery { done: String::new(), ..asked };
        assert_eq!(serde_urlencoded::from_str(&query(&asked.href(INBOX), INBOX)), Ok(asked));
    }
    let _ = language::asked(Some(text));
    let there = next::safe(text);
    let own = Url::parse("https://news.example/admin/login").expect("a URL");
    let led = own.join(&there).expect("a path");
    assert_eq!(led.origin(), own.origin(), "{there:?}");
    assert!(led.path() == next::HOME || led.path().starts_with("/admin/"), "{there:?}");
    assert_eq!(next::safe(&there), there);
}
