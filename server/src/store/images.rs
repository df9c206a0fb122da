//! Pictures of articles, as the store takes and gives them.

use std::fmt;

use article_widget::contract::ArticleId;
use async_trait::async_trait;
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::clock::UnixSeconds;
use crate::visibility::Visibility;

/// The pictures that articles name, and the files that were made of them.
///
/// Saving an article says which pictures it names; these are due then.
#[async_trait]
pub trait ImageStore {
    /// A picture that is due, if there is one: first those with the fewest tries, of these the latest. The try
    /// counts before it begins, so that a picture that takes the process with it is given up, too; where nobody
    /// says what came of it, it is due again after as many seconds of `pauses` as there were tries, and after the
    /// last no more.
    async fn take_due_image(
        &self,
        now: UnixSeconds,
        pauses: &'static [i64],
    ) -> Result<Option<DueImage>, StoreError>;
    /// Keeps what was learnt of a picture, and its files.
    async fn save_image(&self, image: &DueImage, made: MadeImage) -> Result<(), StoreError>;
    /// Keeps that what was made of a picture is right, by the file of this version, too.
    async fn confirm_image(&self, image: &DueImage, version: &str) -> Result<(), StoreError>;
    /// Keeps why a picture was not made. Where another try would come to the same, it is `final_for` the file of
    /// that version, or of any other server. What was made of it before stays.
    async fn fail_image(
        &self,
        image: &DueImage,
        problem: &str,
        final_for: Option<&str>,
    ) -> Result<(), StoreError>;
    /// What is known of the pictures that the article names.
    async fn article_images(&self, id: &ArticleId) -> Result<Vec<ArticleImage>, StoreError>;
    /// A file that was made of a picture that this article names.
    async fn image_file(
        &self,
        id: &ArticleId,
        name: &ImageName,
    ) -> Result<Option<Vec<u8>>, StoreError>;
    /// The most that readers may see at `now` of the articles that name any of these URLs, with whatever
    /// query; none where no article does.
    async fn image_visibility(
        &self,
        urls: Vec<String>,
        now: UnixSeconds,
    ) -> Result<Option<Visibility>, StoreError>;
    /// Pictures of which a file of this server's was last seen, and its version, by URL, after `after`: at most
    /// `limit`.
    async fn image_versions(
        &self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError>;
    /// Has these pictures looked at again.
    async fn want_images(&self, urls: Vec<String>, now: UnixSeconds) -> Result<(), StoreError>;
    /// Has pictures looked at again, of which the size is known and no file was made.
    async fn copy_images(&self, now: UnixSeconds) -> Result<(), StoreError>;
    /// Forgets some pictures that no article names any more, and files of which no picture is left: whether
    /// there may be more.
    async fn forget_images(&self) -> Result<bool, StoreError>;
    /// How many there are.
    async fn image_counts(&self) -> Result<ImageCounts, StoreError>;
}

/// Names a file that pictures are made of: the first 16 bytes of its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ImageDigest([u8; 16]);

/// Media types that pictures are made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageKind {
    /// For every browser.
    Jpeg,
    /// Fewer bytes, and transparency.
    Webp,
}

/// Names one file of a picture: `0123…cdef-640.jpg`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName {
    /// Of what it was made.
    pub digest: ImageDigest,
    /// Pixels.
    pub width: u32,
    /// How it is encoded.
    pub kind: ImageKind,
}

/// A picture that somebody looks at now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueImage {
    /// As articles name it.
    pub url: String,
    /// What files were made of before.
    pub digest: Option<ImageDigest>,
    /// Which file that was.
    pub version: String,
    /// Tells this try from a wish that comes meanwhile.
    pub due_again_at: Option<UnixSeconds>,
}

/// What was learnt of a picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeImage {
    /// Of what its files are made; none where it has none of ours.
    pub digest: Option<ImageDigest>,
    /// Which file of this server's that is; empty where it is from elsewhere.
    pub version: String,
    /// Pixels of what came, upright.
    pub width: u32,
    /// The same.
    pub height: u32,
    /// Of the placeholder, as hexadecimal digits; empty where there is to be none.
    pub colours: String,
    /// The files. None where they are kept already.
    pub files: Vec<ImageFile>,
}

/// One size of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct ImageFile {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// How it is encoded.
    pub kind: ImageKind,
    /// The bytes.
    pub content: Vec<u8>,
}

/// What is known of a picture that an article names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleImage {
    /// As the article names it.
    pub url: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Of the placeholder.
    pub colours: String,
    /// The names and heights of its files, by kind and width.
    pub files: Vec<(ImageName, u32)>,
}

/// How many pictures there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageCounts {
    /// To be looked at now or later.
    pub waiting: u64,
    /// Known.
    pub made: u64,
    /// Given up.
    pub failed: u64,
}

impl ImageDigest {
    /// Of this content.
    pub fn of(content: &[u8]) -> Self {
        let mut digest = [0; 16];
        digest.copy_from_slice(&Sha256::digest(content)[..16]);
        Self(digest)
    }

    /// One that was kept.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// To keep it.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for ImageDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for ImageDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Debug for ImageFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height, length) = (self.width, self.height, self.content.len());
        write!(formatter, "{:?} {width} × {height}, {length} bytes", self.kind)
    }
}

impl ImageKind {
    /// At the end of its names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// The kind of that extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        [Self::Jpeg, Self::Webp].into_iter().find(|kind| kind.extension() == extension)
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }
}

impl ImageName {
    /// Reads a name as it is written, and in no other form.
    pub fn parse(name: &str) -> Option<Self> {
        let (stem, extension) = name.rsplit_once('.')?;
        let (digest, width) = stem.split_once('-')?;
        let mut bytes = [0; 16];
        hex::decode_to_slice(digest, &mut bytes).ok()?;
        let digest = ImageDigest(bytes);
        let kind = ImageKind::of_extension(extension)?;
        let parsed = Self { digest, width: width.parse().ok()?, kind };
        (parsed.to_string() == name).then_some(parsed)
    }
}

impl fmt::Display for ImageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}.{}", self.digest, self.width, self.kind.extension())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_name() {
        let name = "000102030405060708090a0b0c0d0e0f-640.webp";
        let parsed = ImageName::parse(name).unwrap();
        assert_eq!((parsed.width, parsed.kind), (640, ImageKind::Webp));
        assert_eq!(parsed.to_string(), name);
        for other in [
            "000102030405060708090A0B0C0D0E0F-640.webp",
            "000102030405060708090a0b0c0d0e0f-0640.webp",
            "000102030405060708090a0b0c0d0e0f-+640.webp",
            "000102030405060708090a0b0c0d0e0f-640.svg",
            "000102030405060708090a0b0c0d0e-640.jpg",
            "-640.jpg",
            "",
        ] {
            assert_eq!(ImageName::parse(other), None, "{other}");
        }
    }
}
