//! What memory a server has, by the number of articles, once every most-read list is made.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use article_widget::contract::Window;
use tokio::runtime::Runtime;

use crate::cluster::Cluster;
use crate::database::Database;
use crate::node::Nodes;

/// Prints it for each number of articles and each engine.
pub(crate) fn table(
    runtime: &Runtime,
    cluster: &Cluster,
    folder: &Path,
    numbers: [u64; 2],
) -> Result<()> {
    println!("\n{:<8}  {:>9}  {:>9}  {:>10}", "database", "articles", "lists s", "VmRSS MiB");
    for articles in numbers {
        let name = format!("many_{articles}");
        let databases = [
            Database::postgres(runtime, cluster, &name, articles)?,
            Database::sqlite(runtime, &folder.join(&name), articles)?,
        ];
        for database in databases {
            let begun = Instant::now();
            let nodes = Nodes::start(&database, folder, 1)?;
            for window in Window::ALL {
                read(nodes.addresses[0], window)?;
            }
            let (made, memory) = (begun.elapsed().as_secs_f64(), nodes.resident_bytes()?);
            nodes.stop()?;
            println!(
                "{:<8}  {articles:>9}  {made:>9.1}  {:>10.0}",
                database.engine(),
                memory as f64 / (1 << 20) as f64
            );
            database.remove(runtime)?;
        }
    }
    Ok(())
}

/// The list is there, and says something.
fn read(address: SocketAddr, window: Window) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "GET /v1/most-read?window={}&limit=10 HTTP/1.0\r\nhost: news\r\n\r\n",
        window.as_str()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(answer.starts_with("HTTP/1.0 200 "), "the list: {answer}");
    ensure!(answer.contains("bai-"), "an empty list: {answer}");
    Ok(())
}
