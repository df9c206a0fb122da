//! A mail server that keeps what it is given, and behaves as badly as it is told to.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::received::Received;

/// How long a mail may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How the mail server behaves, from the next command on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Manner {
    /// It takes everything.
    #[default]
    Takes,
    /// It answers this command so. RCPT, and `.` for the end of a mail, are commands too.
    Answers(&'static str, u16),
    /// It answers RCPT so for this address, and takes the others.
    Refuses(&'static str, u16),
    /// It says nothing more from this command on.
    Hangs(&'static str),
    /// It closes the connection in the middle of a mail.
    Drops,
    /// It takes a mail and never says so.
    ForgetsToSay,
}

/// A running mail server.
pub(crate) struct Sink {
    address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    mails: mpsc::UnboundedReceiver<Received>,
    sender: mpsc::UnboundedSender<Received>,
    accepting: JoinHandle<()>,
    /// What clients said, in order.
    said: Arc<watch::Sender<Vec<String>>>,
}

impl Sink {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, mails) = mpsc::unbounded_channel();
        let (manner, said) = (Arc::<Mutex<Manner>>::default(), Arc::<watch::Sender<_>>::default());
        let accepting = accept(listener, &manner, &sender, &said);
        Self { address, manner, mails, sender, accepting, said }
    }

    /// For the setting `smtp`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn behaves(&self, manner: Manner) {
        *self.manner.lock().unwrap() = manner;
    }

    /// Nobody listens any more.
    pub(crate) async fn goes_down(&mut self) {
        self.accepting.abort();
        assert!((&mut self.accepting).await.unwrap_err().is_cancelled());
    }

    /// Somebody listens again, at the same address.
    pub(crate) async fn comes_up(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.accepting = accept(listener, &self.manner, &self.sender, &self.said);
    }

    /// The next mail that it has taken.
    pub(crate) async fn next(&mut self) -> Received {
        timeout(PATIENCE, self.mails.recv()).await.expect("a mail comes").unwrap()
    }

    /// No further mail has been taken.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.mails.try_recv().is_err()
    }

    /// What clients said so far.
    pub(crate) fn said(&self) -> Vec<String> {
        self.said.borrow().clone()
    }

    /// Waits until a client has said this.
    pub(crate) async fn hears(&self, command: &str) {
        let mut said = self.said.subscribe();
        let heard = said.wait_for(|said| said.iter().any(|said| said.starts_with(command)));
        timeout(PATIENCE, heard).await.expect(command).unwrap();
    }
}

fn accept(
    listener: TcpListener,
    manner: &Arc<Mutex<Manner>>,
    sender: &mpsc::UnboundedSender<Received>,
    said: &Arc<watch::Sender<Vec<String>>>,
) -> JoinHandle<()> {
    let (manner, sender, said) = (manner.clone(), sender.clone(), said.clone());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let session = Session {
                stream: BufReader::new(stream),
                manner: manner.clone(),
                sender: sender.clone(),
                said: said.clone(),
                mail: Received::default(),
            };
            // A client that hangs up ends its session.
            tokio::spawn(session.run());
        }
    })
}

struct Session {
    stream: BufReader<TcpStream>,
    manner: Arc<Mutex<Manner>>,
    sender: mpsc::UnboundedSender<Received>,
    said: Arc<watch::Sender<Vec<String>>>,
    mail: Received,
}

impl Session {
    async fn run(mut self) -> Option<()> {
        self.say("220 sink").await?;
        loop {
            let line = self.line().await?;
            let line = String::from_utf8(line).unwrap().trim_end().to_owned();
            self.said.send_modify(|said| said.push(line.clone()));
            let verb = line.get(..4).unwrap_or(&line).to_ascii_uppercase();
            match self.odd_answer(&verb, &line).await? {
                Some(answer) => self.say(&answer).await?,
                None => self.take(&verb, &line).await?,
            }
        }
    }

    /// Does what the command says.
    async fn take(&mut self, verb: &str, line: &str) -> Option<()> {
        match verb {
            "EHLO" => self.say("250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8").await,
            "MAIL" => {
                self.mail = Received { from: line.to_owned(), ..Received::default() };
                self.say("250 ok").await
            }
            "RCPT" => {
                self.mail.recipients.push(line.to_owned());
                self.say("250 ok").await
            }
            "DATA" => {
                self.say("354 go on").await?;
                self.data().await
            }
            "QUIT" => {
                self.say("221 bye").await?;
                None
            }
            _ => self.say("250 ok").await,
        }
    }

    async fn data(&mut self) -> Option<()> {
        loop {
            let line = self.line().await?;
            if *self.manner.lock().unwrap() == Manner::Drops {
                return None;
            }
            match line.as_slice() {
                b".\r\n" => break,
                [b'.', rest @ ..] => self.mail.raw.extend_from_slice(rest),
                line => self.mail.raw.extend_from_slice(line),
            }
        }
        match self.odd_answer(".", "").await? {
            Some(answer) => self.say(&answer).await,
            None => {
                self.sender.send(std::mem::take(&mut self.mail)).unwrap();
                if *self.manner.lock().unwrap() == Manner::ForgetsToSay {
                    std::future::pending::<()>().await;
                }
                self.say("250 taken").await
            }
        }
    }

    /// What it says to this command by its manner, if that is anything odd. It repeats what it was told, as
    /// mail servers do.
    async fn odd_answer(&self, verb: &str, line: &str) -> Option<Option<String>> {
        let manner = self.manner.lock().unwrap().clone();
        match manner {
            Manner::Answers(at, code) if at == verb => {
                Some(Some(format!("{code} 5.1.1 {line} no")))
            }
            Manner::Refuses(address, code) if verb == "RCPT" && line.contains(address) => {
                Some(Some(format!("{code} 5.1.1 {line} no")))
            }
            Manner::Hangs(at) if at == verb => std::future::pending().await,
            _ => Some(None),
        }
    }

    async fn line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let read = self.stream.read_until(b'\n', &mut line).await.ok()?;
        (read > 0).then_some(line)
    }

    async fn say(&mut self, answer: &str) -> Option<()> {
        self.stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()
    }
}
