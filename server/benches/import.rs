//! `cargo xtask bench import`: how fast the server's own import takes many articles, takes the same again, and
//! how fast its export writes them; each as an operator runs it, with the most memory that it had.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use article_server::bulk::BATCH;
use serde_json::json;

const SERVER: &str = env!("CARGO_BIN_EXE_article-server");
const ARTICLES: usize = 100_000;
/// Paragraphs of an article: about 5 kB of JSON.
const PARAGRAPHS: usize = 12;

fn main() -> Result<()> {
    let articles = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(ARTICLES);
    let folder = tempfile::tempdir()?;
    let (lines, database) = (folder.path().join("articles.ndjson"), folder.path().join("bench.db"));
    write_articles(&lines, articles)?;
    let read = fs::metadata(&lines)?.len();
    println!(
        "{articles} articles, {} MiB of NDJSON, {} cores",
        read >> 20,
        std::thread::available_parallelism()?
    );
    println!(
        "{:<8}  {:>7}  {:>10}  {:>6}  {:>7}  {:>10}",
        "", "seconds", "articles/s", "MiB/s", "commits", "memory MiB"
    );
    let commits = articles.div_ceil(BATCH);
    for (what, commits) in [("import", commits), ("again", commits)] {
        measure(what, &["import".as_ref(), lines.as_ref()], &database, articles, read, commits)?;
    }
    let written = folder.path().join("export.ndjson");
    let export = ["export", "articles", "--output"].map(AsRef::<Path>::as_ref);
    let export = [&export[..], &[&*written]].concat();
    measure("export", &export, &database, articles, read, 0)?;
    ensure!(fs::metadata(&written)?.len() == read, "what comes out is what went in");
    println!("the database has {} MiB", fs::metadata(&database)?.len() >> 20);
    Ok(())
}

/// Runs the command, and prints what it took.
fn measure(
    what: &str,
    arguments: &[&Path],
    database: &Path,
    articles: usize,
    bytes: u64,
    commits: usize,
) -> Result<()> {
    let mut command = Command::new(SERVER);
    command.args(arguments).arg("--database").arg(format!("sqlite:{}", database.display()));
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let peak = peak_bytes(&mut child)?;
    let seconds = begun.elapsed().as_secs_f64();
    ensure!(child.wait()?.success(), "{what} failed");
    println!(
        "{what:<8}  {seconds:>7.1}  {:>10.0}  {:>6.0}  {commits:>7}  {:>10}",
        articles as f64 / seconds,
        bytes as f64 / seconds / f64::from(1 << 20),
        peak >> 20
    );
    Ok(())
}

/// Until its end.
fn peak_bytes(child: &mut Child) -> Result<u64> {
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let status =
            fs::read_to_string(format!("/proc/{}/status", child.id())).context("no /proc")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        peak = kilobytes.map_or(peak, |kilobytes: u64| kilobytes * 1024);
        sleep(Duration::from_millis(5));
    }
    Ok(peak)
}

fn write_articles(path: &Path, articles: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..articles {
        let paragraph = |position| {
            let text = format!("Kỳ {number}, đoạn {position}. ");
            let rest =
                "Người trồng hoa ở đầu làng dậy từ bốn giờ sáng để tưới vườn cúc. ".repeat(4);
            json!({ "kind": "paragraph", "content": [text + &rest] })
        };
        let article = json!({
            "id": format!("bai-{number:07}"),
            "title": format!("Làng hoa bên sông, kỳ {number}"),
            "language": "vi",
            "published": "2024-11-27T08:30:00+07:00",
            "section": "Đời sống",
            "body": (0..PARAGRAPHS).map(paragraph).collect::<Vec<_>>(),
        });
        writeln!(file, "{article}")?;
    }
    Ok(file.flush()?)
}
