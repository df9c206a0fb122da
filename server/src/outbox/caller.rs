//! Calls a program: a POST that is signed as Standard Webhooks say
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>).

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, USER_AGENT};
use axum::http::{Method, Request, Uri};
use data_encoding::BASE64;
use hmac::{Hmac, Mac};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use sha2::Sha256;

use super::failure::Failure;
use crate::clock::UnixSeconds;
use crate::config::{WebhookKey, WebhookSettings};

/// Who calls.
const CALLER: &str = concat!("article-server/", env!("CARGO_PKG_VERSION"));

/// The way to one program.
pub(super) struct Caller {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: Uri,
    key: WebhookKey,
}

impl Caller {
    /// To the program of these settings.
    pub(super) fn new(settings: &WebhookSettings) -> Self {
        let connector =
            HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
        Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            url: settings.url.reveal().parse().expect("every URL of the web is a URI"),
            key: settings.key.clone(),
        }
    }

    /// Returns when the program has said 2xx. Where it sends us elsewhere, we do not go: what is signed is
    /// for the URL that the operator named.
    pub(super) async fn call(
        &self,
        id: &str,
        now: UnixSeconds,
        body: String,
    ) -> Result<(), Failure> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, CALLER)
            .header("webhook-id", id)
            .header("webhook-timestamp", now)
            .header("webhook-signature", signature(&self.key, id, now, &body))
            .body(Full::new(Bytes::from(body)))
            .map_err(|_| Failure::lasting("no request"))?;
        let answer = self.client.request(request).await;
        // What the answer says beyond its status nobody reads.
        let status = answer.map_err(|_| Failure::passing("HTTP: no connection"))?.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(Failure::passing(format!("HTTP {}", status.as_u16())))
        }
    }
}

/// Over the id, the time and the body, so that none of them can be changed, nor an old call be played again.
fn signature(key: &WebhookKey, id: &str, now: UnixSeconds, body: &str) -> String {
    let mut mac: Hmac<Sha256> =
        Hmac::new_from_slice(key.reveal()).expect("HMAC takes a key of any length");
    mac.update(format!("{id}.{now}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standards_own_example() {
        let key = WebhookKey::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = signature(
            &key,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
