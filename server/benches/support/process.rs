//! A server as a process of its own: started, watched, ended.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a server may take to answer, and to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; dropping it ends it.
pub(crate) struct Process {
    child: Child,
}

/// What a process has used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    /// User and system time.
    pub(crate) cpu_seconds: f64,
    /// The most memory it had at a time, in bytes.
    #[allow(dead_code, reason = "not every benchmark asks")]
    pub(crate) peak_bytes: u64,
    /// The memory that it has now, in bytes.
    #[allow(dead_code, reason = "not every benchmark asks")]
    pub(crate) resident_bytes: u64,
}

/// A loopback address that is free now.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Process {
    /// Starts the command and waits until something answers at `address`.
    pub(crate) fn start(command: &mut Command, address: SocketAddr) -> Result<Self> {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut process = Self { child };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            if let Some(status) = process.child.try_wait()? {
                bail!("the server ended: {status}");
            }
            if began.elapsed() > PATIENCE {
                bail!("nothing answers at {address}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(process)
    }

    /// What it has used so far.
    pub(crate) fn usage(&self) -> Result<Usage> {
        let id = self.child.id();
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).context("no /proc")?;
        // After the name, which may hold anything: fields 14 and 15 (proc_pid_stat(5)).
        let (_, fields) = stat.rsplit_once(") ").context("an unknown form of stat")?;
        let ticks =
            |at: usize| fields.split(' ').nth(at).and_then(|field| field.parse::<f64>().ok());
        let (user, system) = ticks(11).zip(ticks(12)).context("an unknown form of stat")?;
        let status = fs::read_to_string(format!("/proc/{id}/status"))?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
            anyhow::Ok(
                kilobytes.context("an unknown form of status")?.trim().parse::<u64>()? * 1024,
            )
        };
        let ticks_per_second = rustix::param::clock_ticks_per_second() as f64;
        Ok(Usage {
            cpu_seconds: (user + system) / ticks_per_second,
            peak_bytes: bytes("VmHWM:")?,
            resident_bytes: bytes("VmRSS:")?,
        })
    }

    /// Tells it to stop, and waits until it has written everything.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.signal(rustix::process::Signal::TERM)?;
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > PATIENCE {
                bail!("the server does not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn signal(&self, signal: rustix::process::Signal) -> Result<()> {
        let id = rustix::process::Pid::from_child(&self.child);
        Ok(rustix::process::kill_process(id, signal)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
