//! The process that comes after this one: the same program, as its file is now, over the same sockets.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use std::{env, path};

use anyhow::{Context as _, bail};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::handover::{Handles, PREDECESSOR, READY};

/// A successor that does not serve after so long is given up.
const STARTS_WITHIN: Duration = Duration::from_secs(120);

/// How this process was started.
pub(super) struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
}

impl Program {
    /// To be asked early: of a file that is replaced later the system knows the old one alone.
    pub(super) fn of_this_process() -> io::Result<Self> {
        let mut arguments = env::args_os();
        // As it was called it may be a link, which leads to the next version by then.
        let called = arguments.next().map(PathBuf::from).filter(|name| is_path(name));
        let path = match called {
            Some(called) => path::absolute(called)?,
            None => env::current_exe()?,
        };
        Ok(Self { path, arguments: arguments.collect() })
    }

    /// Starts it over these sockets, and waits until it serves: its process number.
    ///
    /// # Errors
    /// Where it does not come to that. Then it has ended, as it has where this is given up.
    pub(super) async fn succeed(&self, handles: &Handles) -> anyhow::Result<u32> {
        let (ours, theirs) = UnixStream::pair()?;
        handles.send(&ours)?;
        ours.set_nonblocking(true)?;
        let mut ours = tokio::net::UnixStream::from_std(ours)?;
        let mut started = Started(Some(self.start(theirs)?));
        match timeout(STARTS_WITHIN, ours.read_u8()).await {
            Ok(Ok(READY)) => {}
            Ok(_) => bail!("it has ended before it was ready: {}", started.end().await),
            Err(_) => bail!("it was not ready within {} s", STARTS_WITHIN.as_secs()),
        }
        let child = started.0.take().and_then(|child| child.id());
        child.context("it has ended at once")
    }

    fn start(&self, input: UnixStream) -> anyhow::Result<Child> {
        let mut command = Command::new(&self.path);
        command.args(&self.arguments).stdin(Stdio::from(OwnedFd::from(input)));
        command.env(PREDECESSOR, std::process::id().to_string());
        // What systemd has passed on was for this process.
        for name in ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"] {
            command.env_remove(name);
        }
        command.spawn().with_context(|| format!("cannot start {}", self.path.display()))
    }
}

/// Whether the name says where the file is, and it is there.
fn is_path(name: &Path) -> bool {
    name.components().nth(1).is_some() && name.is_file()
}

/// A process that is killed where nobody waits for it any more.
struct Started(Option<Child>);

impl Started {
    /// How it ended.
    async fn end(&mut self) -> String {
        let Some(child) = &mut self.0 else { return String::new() };
        // Its end of the pair may have been closed by something else.
        let _ = child.start_kill();
        child.wait().await.map_or_else(|error| error.to_string(), |status| status.to_string())
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may be gone already.
            let _ = child.start_kill();
        }
    }
}
