//! The binary, started as an operator starts it. Its log says where it listens, and is kept.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::support::{CONTROLLER, database_url, erasures, key_file};
use rustix::process::{Pid, Signal, kill_process};

/// How long a server may take to say where it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server behind a proxy on this machine. Dropping it kills it.
pub(crate) struct Process {
    pub(crate) url: String,
    metrics: mpsc::Receiver<String>,
    lines: mpsc::Receiver<String>,
    child: Child,
    /// The one that serves now: the child, or a successor.
    serves: Pid,
    log: Option<JoinHandle<Vec<u8>>>,
}

/// The file of the database that processes keep in this folder, where it is one.
pub(crate) fn database(folder: &Path) -> PathBuf {
    folder.join("test.sqlite3")
}

fn command(subcommand: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_article-server"));
    command.args([subcommand, "--database", &database_url(folder)]).stdin(Stdio::null());
    command.env("ARTICLE_KEY_FILE", key_file(folder));
    command.envs(erasures(folder).map(|list| ("ARTICLE_ERASURES", list)));
    command
}

/// Serves over the database of this URL.
fn command_on(url: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_article-server"));
    command.args(["serve", "--database", url]).env("ARTICLE_KEY_FILE", key_file(folder));
    command.env("ARTICLE_ERASURES", folder.join("erased"));
    command
}

/// Runs a subcommand that has nothing to do with a database.
pub(crate) fn run_bare(subcommand: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_article-server")).arg(subcommand).args(more).output().unwrap()
}

/// Runs a subcommand over the database in `folder`, and waits for its end.
pub(crate) fn run(subcommand: &str, folder: &Path, more: &[&str]) -> Output {
    command(subcommand, folder).args(more).output().unwrap()
}

/// The same, given this on standard input.
pub(crate) fn run_with_input(
    subcommand: &str,
    folder: &Path,
    more: &[&str],
    input: impl Into<Stdio>,
) -> Output {
    command(subcommand, folder).args(more).stdin(input).output().unwrap()
}

/// Begins a subcommand; what it prints goes into these files.
pub(crate) fn begin(subcommand: &str, folder: &Path, more: &[&str], out: File, err: File) -> Child {
    command(subcommand, folder).args(more).stdout(out).stderr(err).spawn().unwrap()
}

/// The most memory that the process has had at a time, in bytes, as far as it was looked at until its end.
pub(crate) fn peak_bytes(child: &mut Child) -> u64 {
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        peak = memory(child.id(), "VmHWM:").unwrap_or(peak);
        // Not a wait for anything: the figure only grows, and is looked at often.
        thread::sleep(Duration::from_millis(2));
    }
    peak
}

/// What the system says of a process's memory under this name, in bytes; none where the process is gone.
fn memory(process: u32, name: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Runs `article-server backup` over the database in `folder`.
pub(crate) fn backup(folder: &Path, target: &Path) -> Output {
    command("backup", folder).arg(target).output().unwrap()
}

/// Runs `article-server restore` into the place of the database in `folder`.
pub(crate) fn restore(folder: &Path, copy: &Path, more: &[&str]) -> Output {
    command("restore", folder).arg(copy).args(more).output().unwrap()
}

impl Process {
    /// Starts one over the database in `folder`, and waits until it listens.
    pub(crate) fn start(folder: &Path, more: &[&str]) -> Self {
        Self::spawn(command("serve", folder), more)
    }

    /// The same of one that trusts nobody: this machine's requests are readers'.
    pub(crate) fn start_without_proxy(folder: &Path, more: &[&str]) -> Self {
        Self::spawn_trusting(None, command("serve", folder), more)
            .expect("it says where it listens")
    }

    /// The same; nothing where it ends before that, and says why.
    pub(crate) fn start_if_possible(folder: &Path) -> Option<Self> {
        Self::try_spawn(command("serve", folder), &[])
    }

    /// Starts one over the database of this URL, with the key in `folder`.
    pub(crate) fn start_on(url: &str, folder: &Path) -> Self {
        Self::spawn(command_on(url, folder), &[])
    }

    /// The same behind proxies of this network alone.
    pub(crate) fn start_behind(network: &str, url: &str, folder: &Path, more: &[&str]) -> Self {
        Self::spawn_trusting(Some(network), command_on(url, folder), more)
            .expect("it says where it listens")
    }

    /// The same on a disk on which no file can be longer than so many blocks of 512 bytes. Writing more
    /// fails, as it does on a full one: the signal that comes with the limit is ignored.
    pub(crate) fn start_on_a_small_disk(folder: &Path, blocks: u64) -> Self {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        Self::start_under(&["sh", "-c", &limit], folder, &[])
    }

    /// The same with variables of its environment.
    pub(crate) fn start_told(told: &[(&str, &OsStr)], folder: &Path, more: &[&str]) -> Self {
        let mut command = command("serve", folder);
        command.envs(told.iter().copied());
        Self::spawn(command, more)
    }

    /// The same from another file of the program.
    pub(crate) fn start_from(program: &Path, folder: &Path, more: &[&str]) -> Self {
        Self::spawn(from(program, command("serve", folder)), more)
    }

    /// The same with a socket that is listened at already, as systemd passes it on.
    pub(crate) fn start_activated(socket: &TcpListener, folder: &Path, more: &[&str]) -> Self {
        let mut shell = Command::new("sh");
        let passed = "LISTEN_PID=$$ LISTEN_FDS=1 exec \"$0\" \"$@\" 3<&0 </dev/null";
        let inner = command("serve", folder);
        shell.args(["-c", passed]).arg(inner.get_program()).args(inner.get_args());
        shell.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let socket: OwnedFd = socket.as_fd().try_clone_to_owned().unwrap();
        shell.stdin(socket);
        Self::spawn(shell, more)
    }

    /// The same by another program, which becomes it or ends with it.
    pub(crate) fn start_under(program: &[&str], folder: &Path, variables: &[(&str, &str)]) -> Self {
        let inner = command("serve", folder);
        let mut outer = Command::new(program[0]);
        outer.args(&program[1..]).arg(inner.get_program()).args(inner.get_args());
        outer.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
        outer.envs(variables.iter().copied()).stdin(Stdio::null());
        Self::spawn(outer, &[])
    }

    fn spawn(command: Command, more: &[&str]) -> Self {
        Self::try_spawn(command, more).expect("it says where it listens")
    }

    fn try_spawn(command: Command, more: &[&str]) -> Option<Self> {
        Self::spawn_trusting(Some("127.0.0.0/8"), command, more)
    }

    fn spawn_trusting(proxies: Option<&str>, mut command: Command, more: &[&str]) -> Option<Self> {
        command.args(["--listen", "127.0.0.1:0"]);
        command.args(proxies.map(|proxies| format!("--trusted-proxies={proxies}")));
        command.args(["--controller", CONTROLLER]).args(more);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (heard, address) = mpsc::channel();
        let (heard_metrics, metrics) = mpsc::channel();
        let stderr = child.stderr.take().unwrap();
        let (heard_lines, lines) = mpsc::channel();
        let log = thread::spawn(move || read_log(stderr, &heard, &heard_metrics, &heard_lines));
        let (url, serves, log) = (String::new(), Pid::from_child(&child), Some(log));
        let mut process = Self { url, metrics, lines, child, serves, log };
        process.url = format!("http://{}", address.recv_timeout(PATIENCE).ok()?);
        Some(process)
    }

    /// The memory that it holds now, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        memory(self.child.id(), "VmRSS:").expect("it runs")
    }

    /// Ends it where it stands: SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Where it gives figures: asked once, of one that was told to.
    pub(crate) fn operating_url(&self) -> String {
        let address = self.metrics.recv_timeout(PATIENCE).expect("it says where it gives figures");
        format!("http://{address}")
    }

    /// Tells it to stop.
    pub(crate) fn tell_to_stop(&self) {
        kill_process(self.serves, Signal::TERM).unwrap();
    }

    /// Tells it to hand over to a successor.
    pub(crate) fn tell_to_hand_over(&self) {
        kill_process(self.serves, Signal::USR2).unwrap();
    }

    /// The first line of the log that says this, of those that were not asked for yet.
    pub(crate) fn said(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).expect("it says so");
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Has it hand over, and waits until the successor serves alone: its process number.
    pub(crate) fn hand_over(&mut self) -> i32 {
        self.tell_to_hand_over();
        let line = self.said("handed over");
        let (_, rest) = line.split_once("\"process\":").expect(&line);
        let number = rest.chars().take_while(char::is_ascii_digit).collect::<String>();
        let number = number.parse().unwrap();
        self.serves = Pid::from_raw(number).unwrap();
        self.said("stopped");
        number
    }

    /// Tells it to stop, waits for that, and gives its log.
    pub(crate) fn stop(mut self) -> Vec<u8> {
        self.tell_to_stop();
        let log = self.log.take().unwrap().join().unwrap();
        assert!(self.child.wait().unwrap().success());
        log
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nothing is to be done about one that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if self.serves != Pid::from_child(&self.child) && self.log.is_some() {
            let _ = kill_process(self.serves, Signal::KILL);
        }
    }
}

/// A command with another file of its program.
fn from(program: &Path, command: Command) -> Command {
    let mut other = Command::new(program);
    other.args(command.get_args()).stdin(Stdio::null());
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    other
}

/// Reads to the end, and tells addresses as soon as a line names them: that of readers, and that of figures.
fn read_log(
    stderr: ChildStderr,
    heard: &mpsc::Sender<String>,
    heard_metrics: &mpsc::Sender<String>,
    heard_lines: &mpsc::Sender<String>,
) -> Vec<u8> {
    let mut log = Vec::new();
    let mut stderr = BufReader::new(stderr);
    loop {
        let begin = log.len();
        if stderr.read_until(b'\n', &mut log).unwrap() == 0 {
            return log;
        }
        let line = String::from_utf8_lossy(&log[begin..]);
        // Only the first is waited for.
        if let Some(address) = address(&line, "listening") {
            let _ = heard.send(address);
        }
        if let Some(address) = address(&line, "figures are given") {
            let _ = heard_metrics.send(address);
        }
        let _ = heard_lines.send(line.into_owned());
    }
}

/// The address in the line that says so, of either format. Its server may be known elsewhere by another.
fn address(line: &str, said: &str) -> Option<String> {
    let start = line.find("127.0.0.1:").filter(|_| line.contains(said))?;
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ':');
    Some(line[start..].chars().take_while(|letter| is_part(*letter)).collect())
}
