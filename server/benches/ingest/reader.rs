//! Somebody who reads the most-read list while others count.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};

/// Between two requests.
const PAUSE: Duration = Duration::from_millis(50);

/// A thread that reads until it is stopped.
pub(crate) struct Reader {
    stopping: Arc<AtomicBool>,
    thread: JoinHandle<Result<u32>>,
}

impl Reader {
    /// Starts reading from the server at `address`.
    pub(crate) fn start(address: SocketAddr) -> Self {
        let stopping = Arc::new(AtomicBool::new(false));
        let told = stopping.clone();
        let thread = std::thread::spawn(move || {
            let mut reads = 0;
            while !told.load(Ordering::Relaxed) {
                read(address)?;
                reads += 1;
                std::thread::sleep(PAUSE);
            }
            Ok(reads)
        });
        Self { stopping, thread }
    }

    /// Stops, and fails where a request failed.
    pub(crate) fn stop(self) -> Result<()> {
        self.stopping.store(true, Ordering::Relaxed);
        let reads = self.thread.join().map_err(|_| anyhow!("the reader panicked"))??;
        ensure!(reads > 0, "the reader read nothing");
        Ok(())
    }
}

fn read(address: SocketAddr) -> Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let request = "GET /v1/most-read?limit=10 HTTP/1.1\r\nhost: news\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    ensure!(answer.starts_with(b"HTTP/1.1 200 "), "the list: {}", String::from_utf8_lossy(&answer));
    Ok(())
}
