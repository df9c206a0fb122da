//! The server of this checkout, built already, as a process of its own: what checks and benchmarks ask.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::project::{root, target};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server. It is killed when this is dropped.
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    /// Serves a database, with what `arguments` ask for.
    ///
    /// # Errors
    /// If it does not start or does not listen.
    pub(crate) fn start(database: &str, arguments: &[&str]) -> Result<Self> {
        // Free a moment ago, and nobody else here asks for one.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = command(database, &["serve"]);
        command.args(["--listen", &address.to_string(), "--log", "error"]).args(arguments);
        let process = command.spawn().context("cannot start article-server")?;
        let server = Self { process, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > PATIENCE {
                bail!("the server does not listen");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is to be done about one that is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A command of the server's program, in the workspace's folder.
pub(crate) fn command(database: &str, words: &[&str]) -> Command {
    let mut command = Command::new(target().join("debug/article-server"));
    command.current_dir(root()).args(words).args(["--database", database]);
    command
}

/// Imports files or folders.
///
/// # Errors
/// If the server refuses one.
pub(crate) fn import(database: &str, paths: &[&Path]) -> Result<()> {
    let output = command(database, &["import"]).args(paths).output()?;
    ensure!(output.status.success(), "no import: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
