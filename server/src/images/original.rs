//! The file of a picture: from the publisher's folder, or from elsewhere.

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use tokio::io::AsyncReadExt as _;
use url::Url;

use super::Failure;
use crate::fetch::{Fetcher, Request};
use crate::media;

/// No file of a picture is longer, in bytes.
const MOST_BYTES: usize = 32 << 20;

/// Where pictures come from.
pub(super) struct Originals {
    /// Folder of `/media/`.
    pub(super) folder: Option<PathBuf>,
    /// How readers reach the server.
    pub(super) public_url: String,
    /// Asks other servers.
    pub(super) fetcher: Fetcher,
}

impl Originals {
    /// Whether the picture is one of the publisher's folder: its path on this server.
    pub(super) fn own_path<'a>(&self, url: &'a str) -> Option<&'a str> {
        let path = url.strip_prefix(&self.public_url).unwrap_or(url);
        path.starts_with('/').then_some(path)
    }

    /// The file.
    pub(super) async fn read(&self, url: &str) -> Result<Bytes, Failure> {
        match self.own_path(url) {
            Some(path) => self.read_own(path).await,
            None => self.fetch(url).await,
        }
    }

    async fn read_own(&self, path: &str) -> Result<Bytes, Failure> {
        let name = path.strip_prefix("/media/").filter(|name| media::media_type(name).is_some());
        let name = name.ok_or_else(|| Failure::Final("it is no file of /media/".to_owned()))?;
        // An operator may set the folder, or bring the file, later.
        let folder = self.folder.as_deref();
        let folder =
            folder.ok_or_else(|| Failure::Passing("there is no folder media".to_owned()))?;
        read_file(&folder.join(name)).await
    }

    async fn fetch(&self, url: &str) -> Result<Bytes, Failure> {
        let url = Url::parse(url).map_err(|_| Failure::Final("it has no URL".to_owned()))?;
        let request = Request {
            accept: "image/jpeg,image/png,image/webp,image/gif",
            most_bytes: MOST_BYTES,
            ..Request::default()
        };
        let fetched = self.fetcher.get(&url, &request).await;
        fetched.map(|fetched| fetched.body).map_err(|error| Failure::Passing(error.to_string()))
    }
}

async fn read_file(path: &Path) -> Result<Bytes, Failure> {
    let passing = |error: std::io::Error| Failure::Passing(error.kind().to_string());
    let file = tokio::fs::File::open(path).await.map_err(passing)?;
    let mut content = Vec::new();
    // One byte more than it may have tells that it is longer.
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most + 1).read_to_end(&mut content).await.map_err(passing)?;
    if content.len() > MOST_BYTES {
        return Err(Failure::Final(format!("it is longer than {MOST_BYTES} bytes")));
    }
    Ok(content.into())
}
