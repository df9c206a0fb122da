//! Articles' pictures: sizes of them, made behind the readers' backs, and what pages say of those.
//!
//! Saving an article says which pictures it names ([`named`]); it is served at once, with what it has. A job
//! (`job`) takes one picture after another: reads it (`original`), decodes it within bounds (`decode`),
//! makes sizes in JPEG and WebP and a few colours for its placeholder (`making`), on a thread that yields to
//! all others (`aside`). From then on whoever shows the article is told of them ([`shown`]). What is made
//! carries nothing of the original but pixels: no place, no time, no camera.
//!
//! Files that others send are decoded by Rust alone; what C encodes are pixels of ours.

mod aside;
mod decode;
mod job;
mod making;
mod named;
mod original;
mod placeholder;
mod shown;

pub use job::{ImageJob, RemoteImages};
pub use named::named;
pub use shown::{Shown, shown};

use crate::store::{ImageDigest, MadeImage};

/// What the job makes of a picture; none of one that it leaves as it is. For who tries what any bytes do.
pub fn made(file: &[u8]) -> Option<MadeImage> {
    making::make(file, ImageDigest::of(file)).ok()
}

/// Why a picture is left as the publisher gave it.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// It comes to the same every time.
    #[error("{0}")]
    Final(String),
    /// Another time it may go well.
    #[error("{0}")]
    Passing(String),
}
