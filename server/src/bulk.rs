//! Many articles from a few inputs, in memory that does not grow with them.
//!
//! A run of JSON values (NDJSON is one) or an array of them is taken value by value, whatever format the
//! values are in; anything else is one input of a bounded size. An export is taken back as it is: the
//! articles in it are read, and the rest is passed over.

use std::collections::HashSet;
use std::io::{self, BufRead, Read};

use article_widget::contract::ArticleId;
use sha2::{Digest, Sha256};

use crate::article::StoredArticle;
use crate::cli::Format;
use crate::import::{self, ImportError, Imported, Input};

mod exported;
mod source;
mod values;

pub use source::{Source, sources};
pub use values::ValuesError;

use exported::Exported;
use values::Values;

/// No value in a run, and no input that is none, is longer, in bytes.
pub const MOST_BYTES: usize = 16 << 20;

/// Articles in one commit, at most: a few milliseconds of work, after which a server beside it may write.
pub const BATCH: usize = 256;
/// And bytes of their JSON, but for the last of them.
pub const BATCH_BYTES: usize = 2 << 20;

/// How an input is read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it is.
    pub format: Format,
    /// The language of articles that do not say theirs: a BCP 47 tag.
    pub language: String,
}

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum BulkError {
    /// It cannot be opened, or breaks off.
    #[error("it cannot be read: {0}")]
    Io(io::Error),
    /// It begins as JSON does, and does not go on so.
    #[error(transparent)]
    Values(#[from] ValuesError),
    /// An article in it is none.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// It is too long to be one input.
    #[error("it has more than {MOST_BYTES} bytes and is no JSON, line by line or an array")]
    TooLong,
}

/// The ids that came so far. Of each a short digest is kept, for there may be millions.
#[derive(Default)]
pub struct Ids(HashSet<[u8; 16]>);

impl Ids {
    /// Takes one more.
    ///
    /// # Errors
    /// [`ImportError::Twice`] where it came before.
    pub fn add(&mut self, id: &ArticleId) -> Result<(), ImportError> {
        let mut digest = [0; 16];
        digest.copy_from_slice(&Sha256::digest(id.as_str())[..16]);
        if self.0.insert(digest) { Ok(()) } else { Err(ImportError::Twice(id.to_string())) }
    }
}

impl From<io::Error> for BulkError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Reading {
    /// Reads the source from its beginning to its end, and gives each article to `take` as it comes.
    ///
    /// Says how many pictures had to be left out ([`Imported::pictures_left_out`]).
    ///
    /// # Errors
    /// The first thing that is wrong, with the source or by the word of `take`.
    pub fn each<E: From<BulkError>>(
        &self,
        source: &Source,
        take: &mut dyn FnMut(StoredArticle) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut reader = source.open().map_err(BulkError::from)?;
        let is_json = self.may_be_json() && begins_as_json(&mut reader).map_err(BulkError::from)?;
        if is_json {
            self.each_value(reader, source, take)
        } else {
            self.whole(reader, source, take)
        }
    }

    fn each_value<E: From<BulkError>>(
        &self,
        reader: impl BufRead,
        source: &Source,
        take: &mut dyn FnMut(StoredArticle) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut values = Values::new(reader, MOST_BYTES);
        let (mut before, mut left_out) = (0, 0);
        while let Some(value) = values.next().map_err(BulkError::from)? {
            let (bytes, format) = match exported::unwrap(&value) {
                Exported::Article(article) => (article, Format::Article),
                Exported::Other => continue,
                // A value is one line's, even where it goes over several.
                Exported::No if self.format == Format::Ndjson => (&*value, Format::Article),
                Exported::No => (&*value, self.format),
            };
            let imported = self.read(bytes, format, source);
            let imported = imported.map_err(|error| BulkError::from(moved(error, before)))?;
            left_out += imported.pictures_left_out;
            for article in imported.articles {
                before += 1;
                take(article)?;
            }
        }
        Ok(left_out)
    }

    fn whole<E: From<BulkError>>(
        &self,
        reader: impl Read,
        source: &Source,
        take: &mut dyn FnMut(StoredArticle) -> Result<(), E>,
    ) -> Result<u64, E> {
        let mut bytes = Vec::new();
        let one_more = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        reader.take(one_more).read_to_end(&mut bytes).map_err(BulkError::from)?;
        if bytes.len() > MOST_BYTES {
            return Err(BulkError::TooLong.into());
        }
        let imported = self.read(&bytes, self.format, source).map_err(BulkError::from)?;
        imported.articles.into_iter().try_for_each(take)?;
        Ok(imported.pictures_left_out)
    }

    fn read(&self, bytes: &[u8], format: Format, source: &Source) -> Result<Imported, ImportError> {
        let content_type = source.content_type.as_deref();
        let input = Input { bytes, content_type, base: source.base.as_ref() };
        import::read_all(&input, format, &self.language)
    }

    /// A page of text may begin with a bracket, too.
    fn may_be_json(&self) -> bool {
        !matches!(self.format, Format::Feed | Format::Markdown | Format::Html | Format::Text)
    }
}

/// Whether it begins with `{` or `[`; nothing is taken off it.
fn begins_as_json(reader: &mut impl BufRead) -> io::Result<bool> {
    let begin = reader.fill_buf()?;
    let begin = begin.strip_prefix(values::BYTE_ORDER_MARK).unwrap_or(begin);
    Ok(matches!(begin.trim_ascii_start().first(), Some(b'{' | b'[')))
}

/// Counts positions from the beginning of the source.
fn moved(error: ImportError, by: usize) -> ImportError {
    match error {
        ImportError::Json { position, error } => {
            ImportError::Json { position: position + by, error }
        }
        ImportError::Invalid { position, error } => {
            ImportError::Invalid { position: position + by, error }
        }
        ImportError::Taken { format, error } => {
            ImportError::Taken { format, error: Box::new(moved(*error, by)) }
        }
        other => other,
    }
}
