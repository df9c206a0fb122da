//! A program that is called, and answers as it is told to.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Of every hook here.
pub(crate) const SECRET: &str = "whsec_YmFvIHZpIGR1IGNoaWEgc2UgYmFpIHZpZXQgbuG7mWkgYuG7mQ==";

/// How long a call may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A call as it came.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// A program that listens. It answers with a status; 0 is no answer at all.
pub(crate) struct Hook {
    pub(crate) url: String,
    status: Arc<Mutex<u16>>,
    calls: mpsc::UnboundedReceiver<Call>,
}

type Shared = (Arc<Mutex<u16>>, mpsc::UnboundedSender<Call>);

impl Hook {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/feedback?from=news", listener.local_addr().unwrap());
        let (sender, calls) = mpsc::unbounded_channel();
        let status = Arc::new(Mutex::new(204));
        let shared: Shared = (status.clone(), sender);
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, status, calls }
    }

    pub(crate) fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// The next call; its signature is right.
    pub(crate) async fn next(&mut self) -> Call {
        let call = timeout(PATIENCE, self.calls.recv()).await.expect("a call comes").unwrap();
        assert_eq!(call.header("webhook-signature"), call.signature(SECRET));
        call
    }

    /// No further call has come.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.calls.try_recv().is_err()
    }
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap().to_str().unwrap()
    }

    /// What Standard Webhooks say that stands in the header.
    fn signature(&self, secret: &str) -> String {
        let key = BASE64.decode(&secret.as_bytes()["whsec_".len()..]).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        for part in
            [self.header("webhook-id"), ".", self.header("webhook-timestamp"), ".", &self.body]
        {
            mac.update(part.as_bytes());
        }
        ["v1,", &BASE64.encode(&mac.finalize().into_bytes())].concat()
    }
}

async fn answer(
    State((status, calls)): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    calls.send(Call { path: uri.to_string(), headers, body }).unwrap();
    let status = *status.lock().unwrap();
    match StatusCode::from_u16(status) {
        Ok(status) if status.is_redirection() => {
            (status, [("location", "/elsewhere")]).into_response()
        }
        Ok(status) => status.into_response(),
        Err(_) => std::future::pending().await,
    }
}
