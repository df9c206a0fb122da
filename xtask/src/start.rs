//! `start`: the demo. A publisher on one origin, a partner's page on another.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command as AsyncCommand};

use crate::build;
use crate::partner::Partner;
use crate::project::{cargo, root, run, target};

const DATABASE: &str = "sqlite:data/demo.db";
/// Where ports are first asked for; the next free ones are taken.
const PUBLISHER_PORT: u16 = 8080;
const PARTNER_PORT: u16 = 8090;
/// How long the publisher may take to answer after its start, and to end.
const PATIENCE: Duration = Duration::from_secs(20);

/// Builds everything, imports the sample articles and serves until Ctrl-C.
///
/// # Errors
/// If something does not build, import or start, or the publisher ends of its own.
pub(crate) fn start() -> Result<()> {
    build::build()?;
    run(cargo().args(["build", "--package", "article-server"]))?;
    std::fs::create_dir_all(root().join("data")).context("cannot make data/")?;
    import_samples()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve())
}

fn binary() -> PathBuf {
    target().join("debug/article-server")
}

/// The server's own binary: run directly, so that Ctrl-C reaches it and nothing between.
fn server() -> Command {
    let mut command = Command::new(binary());
    command.current_dir(root());
    command
}

/// What lets somebody log in to the demo, as it is pasted in the project's folder.
fn add_person(binary: &Path) -> String {
    let binary = binary.strip_prefix(root()).unwrap_or(binary).display();
    format!("{binary} user add NAME --role admin --database {DATABASE}")
}

fn import_samples() -> Result<()> {
    let output = server()
        .args(["import", "--database", DATABASE, "samples/articles"])
        .output()
        .context("cannot start article-server")?;
    if !output.status.success() {
        bail!("the samples were not imported: {}", String::from_utf8_lossy(&output.stderr));
    }
    let count = String::from_utf8_lossy(&output.stdout).lines().count();
    eprintln!("{count} sample articles imported into data/demo.db");
    Ok(())
}

async fn serve() -> Result<()> {
    let publisher_address = free_port(PUBLISHER_PORT).await?.local_addr()?;
    let publisher_url = format!("http://{publisher_address}");
    let mut publisher = spawn_publisher(publisher_address, &publisher_url)?;
    tokio::select! {
        answered = answers(publisher_address) => answered?,
        status = publisher.wait() => bail!("the publisher ended: {}", status?),
    }
    let listener = free_port(PARTNER_PORT).await?;
    let partner = Partner::start(listener, vec![root().join("www/pages")], publisher_url.clone())?;

    println!("\n  A partner's page:  {}/", partner.origin());
    println!("  Themes to try:     {}/theming.html", partner.origin());
    println!("  At the publisher:  {publisher_url}/a/ca-phe-vao-vu-hai");
    println!("  For partners:      {publisher_url}/a/ca-phe-vao-vu-hai/embed");
    println!("  The dashboard:     {publisher_url}/admin");
    println!("                     Let yourself in by: {}\n", add_person(&binary()));
    println!("  Ctrl-C ends both.\n");
    tokio::select! {
        status = publisher.wait() => bail!("the publisher ended: {}", status?),
        signal = tokio::signal::ctrl_c() => signal?,
    }
    end(&mut publisher).await?;
    Ok(())
}

/// The first free port from `first` on, of the loopback address.
async fn free_port(first: u16) -> Result<TcpListener> {
    for port in first..first + 20 {
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
            return Ok(listener);
        }
    }
    bail!("no port from {first} to {} is free", first + 19)
}

fn spawn_publisher(address: SocketAddr, url: &str) -> Result<Child> {
    let mut command = AsyncCommand::from(server());
    command.args(["serve", "--database", DATABASE, "--media", "samples/media"]);
    command.args(["--publisher", "Báo Cao Nguyên Xanh"]);
    // So that the checker can look at the partner's page, which is on this machine.
    command.args(["--check-networks", "127.0.0.0/8,::1/128"]);
    command.args(["--listen", &address.to_string(), "--public-url", url]);
    command.kill_on_drop(true).spawn().context("cannot start article-server")
}

/// Waits until something listens.
async fn answers(address: SocketAddr) -> Result<()> {
    let listens = async {
        while TcpStream::connect(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, listens).await.context("the publisher does not answer")
}

/// Waits for the publisher to finish what it has begun. A terminal sends Ctrl-C to it as well; where
/// only this process was told, it is sent on.
async fn end(publisher: &mut Child) -> Result<ExitStatus> {
    if let Some(id) = publisher.id() {
        let _ = Command::new("kill").args(["-TERM", &id.to_string()]).status();
    }
    match tokio::time::timeout(PATIENCE, publisher.wait()).await {
        Ok(status) => Ok(status?),
        Err(_) => {
            publisher.kill().await?;
            bail!("the publisher did not end in {} s and was killed", PATIENCE.as_secs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_that_lets_somebody_in_is_of_this_folder_and_this_database() {
        let binary = root().join("target/debug/article-server");
        let command =
            "target/debug/article-server user add NAME --role admin --database sqlite:data/demo.db";
        assert_eq!(add_person(&binary), command);
        let elsewhere = Path::new("/elsewhere/debug/article-server");
        assert!(add_person(elsewhere).starts_with("/elsewhere/debug/article-server user add "));
    }
}
