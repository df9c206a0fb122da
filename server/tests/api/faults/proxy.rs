//! A proxy before the database: the network between it and a server, which a test cuts.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What is wrong with the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Every connection is reset, and each new one.
    Reset,
    /// The database has said its last word on every connection, and listens on.
    HalfClosed,
    /// Connections stay, and nothing comes through.
    Frozen,
    /// Every connection is reset after so many bytes more of what the database says.
    AnswersEnd(usize),
    /// The same after so many of what the server says.
    QuestionsEnd(usize),
}

/// A running proxy. It stops when dropped, and ends its connections.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    fault: watch::Sender<Fault>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// One to what listens there.
    pub(crate) async fn start(database: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (fault, faults) = watch::channel(Fault::None);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((server, _)) = listener.accept().await {
                connections.spawn(connection(server, database.clone(), faults.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, fault, task }
    }

    /// From now on this is wrong.
    pub(crate) fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn connection(server: TcpStream, database: String, faults: watch::Receiver<Fault>) {
    if let Ok(database) = TcpStream::connect(database).await {
        let mut way = Way { server, database, faults };
        // Whichever end is gone: nobody is there to be told.
        let _ = way.pass().await;
        way.reset();
    }
}

struct Way {
    server: TcpStream,
    database: TcpStream,
    faults: watch::Receiver<Fault>,
}

impl Way {
    /// Until one end is gone, or the network takes both.
    async fn pass(&mut self) -> std::io::Result<()> {
        let (mut questions, mut answers) = ([0; 4096], [0; 4096]);
        loop {
            let fault = *self.faults.borrow_and_update();
            match fault {
                Fault::Reset => return Ok(()),
                Fault::Frozen => {
                    self.change().await?;
                    continue;
                }
                Fault::HalfClosed => {
                    self.server.shutdown().await?;
                    return self.change().await;
                }
                Fault::None | Fault::AnswersEnd(_) | Fault::QuestionsEnd(_) => {}
            }
            tokio::select! {
                changed = self.faults.changed() => changed.map_err(std::io::Error::other)?,
                length = self.server.read(&mut questions) => {
                    let length = length?;
                    let bytes = &questions[..length];
                    let Fault::QuestionsEnd(left) = fault else {
                        forward(&mut self.database, bytes).await?;
                        continue;
                    };
                    forward(&mut self.database, &bytes[..left.min(length)]).await?;
                    return Ok(());
                }
                length = self.database.read(&mut answers) => {
                    let length = length?;
                    let bytes = &answers[..length];
                    let Fault::AnswersEnd(left) = fault else {
                        forward(&mut self.server, bytes).await?;
                        continue;
                    };
                    forward(&mut self.server, &bytes[..left.min(length)]).await?;
                    return Ok(());
                }
            }
        }
    }

    async fn change(&mut self) -> std::io::Result<()> {
        self.faults.changed().await.map_err(std::io::Error::other)
    }

    /// Without a farewell: what is not yet sent is gone.
    fn reset(self) {
        for stream in [self.server, self.database] {
            // One that is gone already needs no reset.
            let _ = stream.set_zero_linger();
        }
    }
}

async fn forward(to: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    if bytes.is_empty() {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    to.write_all(bytes).await
}
