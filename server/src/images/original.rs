//! The file of a picture: from the publisher's folder, or from elsewhere.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Bytes;
use tokio::io::AsyncReadExt as _;
use url::Url;

use super::Failure;
use super::named::key;
use crate::fetch::{Fetcher, Request};
use crate::media;

/// No file of a picture is longer, in bytes.
const MOST_BYTES: usize = 32 << 20;

/// How long another server may take: a server that stops waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file of a picture.
pub(super) struct Original {
    /// Its bytes.
    pub(super) content: Bytes,
    /// Which file of this server's that is; empty where it is from elsewhere.
    pub(super) version: String,
}

/// Where pictures come from.
pub(super) struct Originals {
    /// Folder of `/media/`.
    folder: Option<PathBuf>,
    /// How readers reach the server.
    public_url: String,
    /// Asks other servers.
    fetcher: Fetcher,
}

impl Originals {
    /// The folder of `/media/`, and whatever other servers `fetcher` reaches.
    pub(super) fn new(folder: Option<PathBuf>, public_url: &str, fetcher: Fetcher) -> Self {
        let fetcher = fetcher.with_limit(PATIENCE);
        Self { folder, public_url: public_url.to_owned(), fetcher }
    }

    /// Whether the picture is one of the publisher's folder: its path on this server, without a query.
    pub(super) fn own_path<'a>(&self, url: &'a str) -> Option<&'a str> {
        let path = url.strip_prefix(&self.public_url).unwrap_or(url);
        path.starts_with('/').then(|| key(path))
    }

    /// Which file of this server's stands there now; none where there is none, or it is from elsewhere.
    pub(super) async fn version(&self, url: &str) -> Option<String> {
        let path = self.file(self.own_path(url)?).ok()?;
        version(&tokio::fs::metadata(path).await.ok()?).ok()
    }

    /// The file.
    pub(super) async fn read(&self, url: &str) -> Result<Original, Failure> {
        match self.own_path(url) {
            Some(path) => read_file(&self.file(path)?).await,
            None => self.fetch(url).await,
        }
    }

    fn file(&self, path: &str) -> Result<PathBuf, Failure> {
        let name = path.strip_prefix("/media/").filter(|name| media::media_type(name).is_some());
        let name = name.ok_or_else(|| Failure::Final("it is no file of /media/".to_owned()))?;
        // An operator may set the folder, or bring the file, later.
        let folder = self.folder.as_deref();
        let folder =
            folder.ok_or_else(|| Failure::Passing("there is no folder media".to_owned()))?;
        Ok(folder.join(name))
    }

    async fn fetch(&self, url: &str) -> Result<Original, Failure> {
        let url = Url::parse(url).map_err(|_| Failure::Final("it has no URL".to_owned()))?;
        let request = Request {
            accept: "image/jpeg,image/png,image/webp,image/gif",
            most_bytes: MOST_BYTES,
            ..Request::default()
        };
        let fetched = self.fetcher.get(&url, &request).await;
        let fetched = fetched.map_err(|error| Failure::Passing(error.to_string()))?;
        Ok(Original { content: fetched.body, version: String::new() })
    }
}

async fn read_file(path: &Path) -> Result<Original, Failure> {
    let passing = |error: std::io::Error| Failure::Passing(error.kind().to_string());
    let file = tokio::fs::File::open(path).await.map_err(passing)?;
    // Before the content: of a file that is replaced meanwhile the newer one is read again.
    let version = file.metadata().await.and_then(|about| version(&about)).map_err(passing)?;
    let mut content = Vec::new();
    // One byte more than it may have tells that it is longer.
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most + 1).read_to_end(&mut content).await.map_err(passing)?;
    if content.len() > MOST_BYTES {
        return Err(Failure::Final(format!("it is longer than {MOST_BYTES} bytes")));
    }
    Ok(Original { content: content.into(), version })
}

/// Length and time of change.
fn version(about: &Metadata) -> std::io::Result<String> {
    let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {}", about.len(), changed.as_nanos()))
}
