//! `article-server export`: everything there is, to a new file or standard output.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, ensure};
use article_server::article::one_line;
use article_server::cli::Exported;
use article_server::leaving::{Line, Wanted};
use article_server::store::{self, LineWriter};

/// Bytes that are written at a time.
const BUFFER: usize = 256 << 10;

/// Where lines go; the last of them when it is flushed.
type Output = Arc<Mutex<BufWriter<Box<dyn Write + Send>>>>;

/// Writes what is wanted of the database to `target`, or to standard output.
pub(crate) async fn run(
    what: Exported,
    target: Option<&Path>,
    with_feedback: bool,
    database: &str,
) -> anyhow::Result<()> {
    let wanted = match (what, with_feedback) {
        (Exported::Articles, _) => Wanted::Articles,
        (Exported::Everything, false) => Wanted::Everything,
        (Exported::Everything, true) => Wanted::EverythingWithFeedback,
    };
    let is_meant = what == Exported::Everything || !with_feedback;
    ensure!(is_meant, "articles alone go without feedback: leave out --with-feedback");
    let store = store::open_without_calendar(database).await?;
    let to: Box<dyn Write + Send> = match target {
        Some(path) => new_file(path).with_context(|| path.display().to_string())?,
        None => Box::new(io::stdout()),
    };
    let output: Output = Arc::new(Mutex::new(BufWriter::with_capacity(BUFFER, to)));
    let exported = store.export(wanted, writer(what, output.clone())).await;
    store.close().await?;
    exported?;
    Ok(output.lock().unwrap_or_else(PoisonError::into_inner).flush()?)
}

fn writer(what: Exported, output: Output) -> LineWriter {
    Box::new(move |line| {
        let json = match line {
            Line::Article(article) if what == Exported::Articles => {
                one_line(article.get().to_owned())
            }
            line => line.to_json()?,
        };
        let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
        output.write_all(json.as_bytes())?;
        output.write_all(b"\n")
    })
}

/// For its owner's eyes only: there may be letters in it.
fn new_file(path: &Path) -> io::Result<Box<dyn Write + Send>> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(Box::new(options.open(path)?))
}
