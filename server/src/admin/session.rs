//! The secret that a session is known by, and the cookie that holds it.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::{Cookie, SameSite};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::store::SessionHash;

/// The prefix has browsers take the cookie over HTTPS (or from this very machine) alone, and from this
/// host alone (RFC 6265bis, section 4.1.3).
const NAME: &str = "__Host-session";
/// Random bytes in a secret.
const BYTES: usize = 32;

/// What opens a session: 256 random bits in base64url. The store has its SHA-256 and nothing else of it.
pub struct SessionSecret(String);

impl SessionSecret {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(BASE64URL_NOPAD.encode(&bytes)))
    }

    /// The one that a request came with. None where it has not a secret's form: the store need not be
    /// asked.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let text = cookie(headers, NAME)?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (bytes.len() == BYTES).then_some(Self(text))
    }

    /// What the store knows of it.
    pub fn hash(&self) -> SessionHash {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Has the browser keep it until it is closed.
    pub fn set_cookie(&self) -> HeaderValue {
        header(&own(NAME, self.0.clone()))
    }

    /// Has the browser forget the one that it has.
    pub fn clear_cookie() -> HeaderValue {
        let mut cookie = own(NAME, String::new());
        cookie.make_removal();
        header(&cookie)
    }
}

/// A cookie of the host's own: no script reads it, and no other site's page makes a browser send it.
pub(super) fn own(name: &'static str, value: String) -> Cookie<'static> {
    let cookie = Cookie::build((name, value)).path("/").secure(true).http_only(true);
    cookie.same_site(SameSite::Strict).build()
}

/// For `Set-Cookie`.
pub(super) fn header(cookie: &Cookie<'_>) -> HeaderValue {
    HeaderValue::from_str(&cookie.to_string()).expect("names and values of ours are ASCII")
}

/// The value of the first cookie of this name.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_in_the_cookie_it_was_set_by() {
        let secret = SessionSecret::random().unwrap();
        let set = secret.set_cookie();
        let set = set.to_str().unwrap();
        for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(set.split("; ").any(|part| part == attribute), "{set}");
        }
        assert!(!set.contains("Domain") && !set.contains("Max-Age") && !set.contains("Expires"));
        let sent = format!("other=1; {}", set.split(';').next().unwrap());
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, sent.parse().unwrap());
        assert_eq!(SessionSecret::of(&headers).unwrap().hash(), secret.hash());
        assert_ne!(SessionSecret::random().unwrap().hash(), secret.hash());
    }

    #[test]
    fn what_has_not_a_secrets_form_is_none() {
        for sent in ["", "__Host-session=", "__Host-session=abc", "session=abc", "%%%;=;"] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, sent.parse().unwrap());
            assert!(SessionSecret::of(&headers).is_none(), "{sent}");
        }
    }
}
