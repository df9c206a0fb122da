//! Chromium by its DevTools protocol: what WebDriver does not tell, as bytes on the wire and time of the main
//! thread. The protocol comes by a pair of pipes, one JSON text after the other, each ended by a zero byte.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// What it is called, by Debian and by others.
const NAMES: [&str; 2] = ["chromium", "google-chrome"];
/// Headless, alone with its page, and without a sandbox, which root in a container has no right to.
pub(super) const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
/// The pipes are what Chromium has as files 3 and 4. Only a shell gives a child more than three.
const PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#;
/// How long an answer may take: a page's CPU is slowed down, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser. It ends when dropped.
pub(super) struct Chromium {
    process: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    /// What came while an answer was waited for.
    events: VecDeque<Value>,
    last: u64,
}

/// A page in a profile of its own: no cache, no cookie, nothing of another page's.
#[derive(Clone)]
pub(super) struct Tab {
    profile: String,
    session: String,
}

/// The browser's program.
///
/// # Errors
/// If there is none.
pub(super) fn path() -> Result<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut files =
        std::env::split_paths(&folders).flat_map(|folder| NAMES.map(|name| folder.join(name)));
    files.find(|file| file.is_file()).context("neither chromium nor google-chrome is on the PATH")
}

impl Chromium {
    /// Starts one with its profile in `folder`.
    ///
    /// # Errors
    /// If it is not there or does not start.
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", PIPES]).arg(path()?).args(FLAGS).arg("--remote-debugging-pipe");
        command.arg(format!("--user-data-dir={}", folder.display()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().context("cannot start Chromium")?;
        let commands = process.stdin.take().expect("it is piped");
        let mut answers = BufReader::new(process.stdout.take().expect("it is piped"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut text = Vec::new();
            while answers.read_until(0, &mut text).is_ok_and(|count| count > 0) {
                let message = serde_json::from_slice(text.strip_suffix(&[0]).unwrap_or(&text));
                // Nobody listens any more, or it ended in the middle of a word.
                if message.is_ok_and(|message| sender.send(message).is_err()) {
                    return;
                }
                text.clear();
            }
        });
        Ok(Self { process, commands, messages, events: VecDeque::new(), last: 0 })
    }

    /// Opens an empty page.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(super) fn open(&mut self) -> Result<Tab> {
        let profile = self.call(None, "Target.createBrowserContext", json!({}))?;
        let profile = word(&profile["browserContextId"])?;
        let page = json!({ "url": "about:blank", "browserContextId": profile });
        let target = self.call(None, "Target.createTarget", page)?;
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.call(None, "Target.attachToTarget", attach)?;
        Ok(Tab { profile, session: word(&attached["sessionId"])? })
    }

    /// Closes a page and forgets its profile.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub(super) fn close(&mut self, tab: &Tab) -> Result<()> {
        let profile = json!({ "browserContextId": tab.profile });
        self.call(None, "Target.disposeBrowserContext", profile)?;
        self.events.clear();
        Ok(())
    }

    /// Calls a method, of a page or of the browser itself: its result.
    ///
    /// # Errors
    /// If the browser refuses, does not answer or is gone.
    pub(super) fn call(
        &mut self,
        tab: Option<&Tab>,
        method: &str,
        parameters: Value,
    ) -> Result<Value> {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(tab) = tab {
            command["sessionId"] = tab.session.clone().into();
        }
        let mut text = serde_json::to_vec(&command)?;
        text.push(0);
        self.commands.write_all(&text).context("Chromium is gone")?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let Some(mut message) = self.receive(deadline)? else {
                bail!("no answer to {method} in {} s", PATIENCE.as_secs());
            };
            if message["id"] != self.last {
                self.events.push_back(message);
            } else if let Some(error) = message.get("error") {
                bail!("{method}: {error}");
            } else {
                return Ok(message["result"].take());
            }
        }
    }

    /// The value of a JavaScript expression, as JSON.
    ///
    /// # Errors
    /// As [`call`](Self::call), or if the expression throws.
    pub(super) fn evaluate(&mut self, tab: &Tab, expression: &str) -> Result<Value> {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let mut answer = self.call(Some(tab), "Runtime.evaluate", parameters)?;
        if let Some(exception) = answer.get("exceptionDetails") {
            bail!("`{expression}`: {exception}");
        }
        Ok(answer["result"]["value"].take())
    }

    /// The next event, none where there is none for `time`.
    ///
    /// # Errors
    /// If the browser is gone.
    pub(super) fn event(&mut self, time: Duration) -> Result<Option<Value>> {
        match self.events.pop_front() {
            Some(event) => Ok(Some(event)),
            None => self.receive(Instant::now() + time),
        }
    }

    fn receive(&self, deadline: Instant) -> Result<Option<Value>> {
        match self.messages.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(message) => Ok(Some(message)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("Chromium has ended"),
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Asked, it ends its own children too; nothing is to be done about one that is gone already.
        let _ = self.call(None, "Browser.close", json!({}));
        let _ = self.process.wait();
    }
}

fn word(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no name"))
}
