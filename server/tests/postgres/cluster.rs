//! A PostgreSQL cluster of the tests' own, in a temporary folder and on a free port of this machine. It ends when it
//! is dropped. (`xtask` has this file too: the tests of one run share a cluster.)

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

/// A start takes a second or two; a machine that is busy may need longer.
const START: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);
/// Where files are memory, on Linux.
const MEMORY: &str = "/dev/shm";
/// So many kilobytes have to be free there. A run of tests takes a tenth.
const ROOM: u64 = 1 << 20;
/// Who runs it where we are root, which PostgreSQL refuses to be run by; Debian's package makes this user.
const USER: &str = "postgres";

/// A running cluster.
pub(crate) struct Cluster {
    folder: TempDir,
    port: u16,
    server: Option<Child>,
    settings: Vec<String>,
}

impl Cluster {
    /// Whether this machine has what it takes.
    pub(crate) fn is_possible() -> bool {
        programs().is_some()
    }

    /// Makes one and starts it, with these settings (`name=value`) of the server's.
    ///
    /// # Errors
    /// Where PostgreSQL is missing or does not start.
    pub(crate) fn start(settings: &[&str]) -> Result<Self> {
        Self::start_in(&env::temp_dir(), settings)
    }

    /// The same in memory, where there is room: a database is eight hundred files, and making them is most of making it.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub(crate) fn start_in_memory(settings: &[&str]) -> Result<Self> {
        let has_room = free_kilobytes(MEMORY).is_some_and(|free| free >= ROOM);
        let place = if has_room { PathBuf::from(MEMORY) } else { env::temp_dir() };
        Self::start_in(&place, settings)
    }

    fn start_in(place: &Path, settings: &[&str]) -> Result<Self> {
        let folder = TempDir::with_prefix_in("article-postgres-", place)?;
        give_to_user(folder.path())?;
        let initdb = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"];
        let made = program("initdb")?
            .args(initdb)
            .args(["--locale=C.UTF-8", "--pgdata"])
            .arg(data(folder.path()))
            .stdout(Stdio::null())
            .status()
            .context("cannot run initdb")?;
        ensure!(made.success(), "initdb failed");
        let settings = settings.iter().map(|&setting| setting.to_owned()).collect();
        let mut cluster = Self { folder, port: free_port()?, server: None, settings };
        cluster.run()?;
        Ok(cluster)
    }

    /// The URL of a database of it, which need not be there.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The server's process; its connections are children of it.
    pub(crate) fn id(&self) -> Option<u32> {
        self.server.as_ref().map(Child::id)
    }

    /// Starts the server again after [`kill`](Self::kill), on the same port.
    ///
    /// # Errors
    /// Where it does not start.
    pub(crate) fn run(&mut self) -> Result<()> {
        let mut command = program("postgres")?;
        command.arg("-D").arg(data(self.folder.path())).args(["-p", &self.port.to_string()]);
        command.args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]);
        command.args(["-c", "max_connections=400"]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let log = fs::File::create(self.folder.path().join("log"))?;
        let server = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        self.server = Some(server);
        self.wait_until_ready()
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while !self.is_ready() {
            let ended = self.server.as_mut().map(Child::try_wait).transpose()?.flatten();
            if ended.is_some() || begun.elapsed() > START {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("the database does not start: {log}");
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let Ok(mut ready) = program("pg_isready") else { return false };
        ready.args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
            && ready.status().is_ok_and(|status| status.success())
    }

    /// Ends the server as a power cut would.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub(crate) fn kill(&mut self) -> io::Result<()> {
        self.end("-KILL")
    }

    fn end(&mut self, signal: &str) -> io::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        // Of a killed one the children end by themselves, as they do after a crash.
        Command::new("kill").args([signal, &server.id().to_string()]).status()?;
        server.wait().map(drop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Whoever is connected is cut off.
        if let Err(error) = self.end("-INT") {
            eprintln!("the tests' database does not end: {error}");
        }
    }
}

/// What POSIX's `df` says: a line of headings, then size, used and available after the name.
fn free_kilobytes(folder: &str) -> Option<u64> {
    let said = Command::new("df").args(["-kP", folder]).output().ok()?;
    let said = String::from_utf8(said.stdout).ok()?;
    said.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// A port that was free a moment ago: PostgreSQL takes none by itself.
pub(crate) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn program(name: &str) -> Result<Command> {
    let path = programs().context("PostgreSQL's programs are missing")?.join(name);
    Ok(as_user(path.as_os_str()))
}

/// Lets whoever runs the database write into the folder.
///
/// # Errors
/// Where there is no such user.
pub(crate) fn give_to_user(folder: &Path) -> Result<()> {
    if is_root() {
        let owner = Command::new("chown").arg(USER).arg(folder).status()?;
        ensure!(owner.success(), "there is no user {USER} to run the database");
    }
    Ok(())
}

/// Not as root.
pub(crate) fn as_user(program: &OsStr) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", USER, "--regid", USER, "--init-groups", "--"]).arg(program);
    // What is root's it may not even look at.
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// The folder of the latest version's: Debian's, or one on the PATH.
pub(crate) fn programs() -> Option<PathBuf> {
    let debians = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debians.map(|version| version.path().join("bin")).collect();
    folders.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let others = env::split_paths(&path).collect::<Vec<_>>().into_iter().rev();
    others.chain(folders).rev().find(|folder| folder.join("initdb").is_file())
}
