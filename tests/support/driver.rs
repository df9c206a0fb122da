//! Chromium by way of chromedriver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use axum::http::Method;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

const CHROMIUM: [&str; 2] = ["chromium", "google-chrome"];
/// Headless, alone with its page, and without a sandbox, which root in a container has no right to.
const FLAGS: [&str; 13] = [
    "--headless",
    // A view is as wide as it says.
    "--hide-scrollbars",
    // A mouse, which containers have none of: it hovers, and points finely.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // A name that is no loopback address's: over plain HTTP its pages are no secure contexts.
    "--host-resolver-rules=MAP plain.example 127.0.0.1",
    // A person's: what says that it is headless is counted as a bot, and rightly.
    "--user-agent=Mozilla/5.0 (Linux; Android 14; SM-A057F) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/156.0.0.0 Mobile Safari/537.36",
];

/// Starts of chromedriver before a test gives up.
const TRIES: u32 = 3;

/// A chromedriver of its own for each test: it starts in some 20 ms, and a test's end ends it. One
/// for all would have to be a static, which nothing drops.
pub(crate) struct Driver {
    process: Child,
    port: u16,
    /// What it and its browsers write: a browser that is killed leaves it.
    _folder: TempDir,
    /// Held open: chromedriver still writes to it.
    _stdout: BufReader<ChildStdout>,
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(crate) fn start() -> Self {
        (0..TRIES).find_map(|_| Self::try_start()).expect("chromedriver says its port")
    }

    /// None where it ends without a port: it takes one that is free for IPv4, and wants the same for IPv6.
    fn try_start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("there is room for a browser's profile");
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is on the PATH; `cargo xtask test` says what to install");
        let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        match read_port(&mut stdout) {
            Some(port) => Some(Self { process, port, _folder: folder, _stdout: stdout }),
            None => {
                let _ = process.kill();
                let _ = process.wait();
                None
            }
        }
    }

    /// Starts a browser. It runs until [`Driver::quit`].
    pub(crate) async fn browser(&self) -> Client {
        let binary = CHROMIUM.into_iter().find_map(on_path).expect("chromium is on the PATH");
        let mut capabilities = Capabilities::new();
        let options = json!({ "binary": binary, "args": FLAGS });
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("chromedriver starts Chromium")
    }

    /// Ends a browser and waits until it has. Blocking and by hand, for it is called while dropping.
    pub(crate) fn quit(&self, session: &str) {
        let request = format!(
            "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        );
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0]);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Chromium's own additions to WebDriver: `goog/cdp/execute`, `se/log`.
#[derive(Debug)]
pub(crate) struct ChromiumCommand {
    /// Below the session.
    pub(crate) path: &'static str,
    /// What is posted.
    pub(crate) body: Value,
}

impl WebDriverCompatibleCommand for ChromiumCommand {
    fn endpoint(&self, base_url: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// "ChromeDriver was started successfully on port 40123."
fn read_port(stdout: &mut impl BufRead) -> Option<u16> {
    let lines = stdout.lines().map_while(Result::ok);
    let port = |line: String| {
        line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
    };
    lines.into_iter().find_map(port)
}

fn on_path(program: &str) -> Option<String> {
    let folders = std::env::var_os("PATH")?;
    let mut files = std::env::split_paths(&folders).map(|folder| folder.join(program));
    files.find(|file| Path::is_file(file)).map(|file| file.to_string_lossy().into_owned())
}
