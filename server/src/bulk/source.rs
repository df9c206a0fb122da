//! Where articles come from: files, folders, standard input, and what was fetched.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use url::Url;

use crate::fetch::Fetched;

/// Bytes that are read at a time.
const BUFFER: usize = 64 << 10;
/// What files of articles are called in a folder.
const EXTENSIONS: [&str; 11] =
    ["json", "ndjson", "jsonl", "txt", "md", "markdown", "xml", "rss", "atom", "html", "htm"];

/// One input, which can be read more than once.
#[derive(Debug)]
pub struct Source {
    /// What people know it by.
    pub name: String,
    /// What it was said to be.
    pub content_type: Option<String>,
    /// Where it came from.
    pub base: Option<Url>,
    content: Content,
    /// Since it was opened last.
    bytes_read: AtomicU64,
}

#[derive(Debug)]
enum Content {
    Path(PathBuf),
    /// A file without a name.
    Spooled(File),
    Bytes(Bytes),
}

/// The inputs that a path names: a file, or a folder's in the order of their names. Tells `skipped` what else
/// is there.
///
/// # Errors
/// Where the folder cannot be read.
pub fn sources(path: &Path, skipped: &mut dyn FnMut(&Path)) -> io::Result<Vec<Source>> {
    if !path.is_dir() {
        return Ok(vec![Source::file(path)?]);
    }
    let entries = std::fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
    let (mut articles, others): (Vec<_>, Vec<_>) =
        entries.into_iter().map(|entry| entry.path()).partition(|path| is_article(path));
    articles.sort();
    others.iter().for_each(|path| skipped(path));
    articles.iter().map(|path| Source::file(path)).collect()
}

impl Source {
    /// A file. What can be read only once, as a pipe of the shell, is set aside.
    ///
    /// # Errors
    /// Where it is not there, or cannot be set aside.
    pub fn file(path: &Path) -> io::Result<Self> {
        let name = path.display().to_string();
        if !path.metadata()?.is_file() {
            return Self::spooled(&name, File::open(path)?);
        }
        let content = Content::Path(path.to_owned());
        Ok(Self::new(name, content))
    }

    /// All of this, which comes once: it is written to a file that has no name, and is gone with the process.
    ///
    /// # Errors
    /// Where it cannot be read, or the file not written.
    pub fn spooled(name: &str, input: impl io::Read) -> io::Result<Self> {
        let content = spool(input)?;
        Ok(Self::new(name.to_owned(), content))
    }

    fn new(name: String, content: Content) -> Self {
        Self { name, content_type: None, base: None, content, bytes_read: AtomicU64::new(0) }
    }

    /// What was fetched.
    pub fn fetched(fetched: &Fetched) -> Self {
        Self {
            content_type: fetched.content_type.clone(),
            base: Some(fetched.url.clone()),
            ..Self::new(fetched.url.to_string(), Content::Bytes(fetched.body.clone()))
        }
    }

    /// The same, out of memory: of many that were fetched it holds none.
    ///
    /// # Errors
    /// Where the file that it is written to cannot be.
    pub fn set_aside(self) -> io::Result<Self> {
        match &self.content {
            Content::Bytes(bytes) => Ok(Self { content: spool(&bytes[..])?, ..self }),
            _ => Ok(self),
        }
    }

    /// How long it is, in bytes.
    ///
    /// # Errors
    /// Where the file is gone.
    pub fn length(&self) -> io::Result<u64> {
        match &self.content {
            Content::Path(path) => Ok(path.metadata()?.len()),
            Content::Spooled(file) => Ok(file.metadata()?.len()),
            Content::Bytes(bytes) => Ok(u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
        }
    }

    /// How much of it was read since it was opened last, in bytes.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// From its beginning.
    pub(super) fn open(&self) -> io::Result<impl BufRead + '_> {
        let content: Box<dyn io::Read + '_> = match &self.content {
            Content::Path(path) => Box::new(File::open(path)?),
            Content::Spooled(file) => {
                let mut file: &File = file;
                file.rewind()?;
                Box::new(file)
            }
            Content::Bytes(bytes) => Box::new(&bytes[..]),
        };
        self.bytes_read.store(0, Ordering::Relaxed);
        Ok(BufReader::with_capacity(BUFFER, Counted { content, read: &self.bytes_read }))
    }
}

/// Counts what is read.
struct Counted<'a> {
    content: Box<dyn io::Read + 'a>,
    read: &'a AtomicU64,
}

impl io::Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.content.read(buffer)?;
        self.read.fetch_add(u64::try_from(length).unwrap_or_default(), Ordering::Relaxed);
        Ok(length)
    }
}

fn spool(mut input: impl io::Read) -> io::Result<Content> {
    let mut file = tempfile::tempfile()?;
    io::copy(&mut input, &mut file)?;
    Ok(Content::Spooled(file))
}

/// Whether a folder's entry is an article, by its name.
fn is_article(path: &Path) -> bool {
    let is_hidden = |name: &OsStr| name.as_encoded_bytes().starts_with(b".");
    let is_named_so =
        path.extension().is_some_and(|kind| EXTENSIONS.iter().any(|one| kind == *one));
    // It says what the others are.
    let is_about_them = path.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
    let is_left_out = is_about_them || path.file_name().is_some_and(is_hidden);
    is_named_so && !is_left_out && path.is_file()
}
