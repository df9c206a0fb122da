//! A browser, and the program that drives it by WebDriver. `ARTICLE_BROWSER` says which: `chromium`
//! (also where it says nothing), `firefox` or `webkit`.
//!
//! What the engines do each in a way of their own is in one file for each: [`chromium`], [`firefox`],
//! [`webkit`]. What two of them have no way for, the network does: `super::early`.

pub(crate) mod chromium;
mod firefox;
mod webkit;

use std::io::{BufRead, BufReader, PipeReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

use super::page::View;

/// Starts of a driver before a test gives up.
const TRIES: u32 = 3;
/// How long a window may take to get its size.
const PATIENCE: Duration = Duration::from_secs(10);

/// A host name that leads to this machine and is no loopback address's: over plain HTTP its pages are no
/// secure contexts.
pub(crate) const PLAIN_HOST: &str = "plain.example";

/// Whose engine shows the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chrome's and Edge's.
    Chromium,
    /// Firefox's.
    Firefox,
    /// Safari's.
    WebKit,
}

/// Whose eyes a page is seen with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Eyes {
    /// Paper's.
    Print,
    /// Of who has a system with few colours of their own choice.
    ForcedColors,
    /// Of who wants more contrast, in the page's own colours.
    MoreContrast,
    /// Of who cannot bear that things move.
    ReducedMotion,
}

impl Engine {
    /// The one that the tests are to run in.
    pub(crate) fn chosen() -> Self {
        match std::env::var("ARTICLE_BROWSER").as_deref() {
            Err(_) | Ok("" | "chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok("webkit") => Self::WebKit,
            Ok(other) => panic!("ARTICLE_BROWSER is chromium, firefox or webkit, not {other}"),
        }
    }

    /// Whether its driver can touch, and its pages know of it.
    pub(crate) fn has_touch(self) -> bool {
        self != Self::WebKit
    }

    /// Behind the names of pictures.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Chromium => "",
            Self::Firefox => "-firefox",
            Self::WebKit => "-webkit",
        }
    }
}

/// A driver of its own for each page: it starts in some 20 ms, and a page's end ends it. One for all would
/// have to be a static, which nothing drops.
pub(crate) struct Driver {
    /// Whose it is.
    pub(crate) engine: Engine,
    process: Child,
    port: u16,
    /// The screen of an engine that cannot do without.
    _screen: Option<webkit::Screen>,
    /// What it and its browser write: a browser that is killed leaves it.
    _folder: TempDir,
}

impl Driver {
    /// Starts the chosen engine's driver on a free port.
    pub(crate) fn start() -> Self {
        let engine = Engine::chosen();
        let driver = (0..TRIES).find_map(|_| Self::try_start(engine));
        driver.unwrap_or_else(|| panic!("the driver of {engine:?} says its port"))
    }

    /// None where it ends without a port: it takes one that is free for IPv4, and wants the same for IPv6.
    fn try_start(engine: Engine) -> Option<Self> {
        let folder = tempfile::tempdir().expect("there is room for a browser's profile");
        let (said, writer) = std::io::pipe().expect("a pipe is to be had");
        let screen = (engine == Engine::WebKit).then(webkit::Screen::start);
        let known = (engine == Engine::WebKit).then(webkit::free_port);
        let mut command = match engine {
            Engine::Chromium => chromium::command(),
            Engine::Firefox => firefox::command(),
            Engine::WebKit => webkit::command(screen.as_ref()?, folder.path(), known?),
        };
        let own = writer.try_clone().expect("a pipe has room for two");
        let process = command.env("TMPDIR", folder.path()).stdout(own).stderr(writer).spawn();
        // With it go this process's ends of the pipe.
        drop(command);
        let mut process = process.unwrap_or_else(|error| {
            panic!("the driver of {engine:?}: {error}; `cargo xtask test` says what to install")
        });
        let port = match known {
            Some(port) => {
                drain(said);
                webkit::listens(port, &mut process).then_some(port)
            }
            None => told_port(engine, said),
        };
        match port {
            Some(port) => Some(Self { engine, process, port, _screen: screen, _folder: folder }),
            None => {
                end(&mut process);
                None
            }
        }
    }

    /// Starts a browser for `view`. It runs until [`Driver::quit`]. `relay` leads to the partner also by
    /// [`PLAIN_HOST`].
    pub(crate) async fn browser(&self, view: &View, relay: &str) -> Client {
        let capabilities = match self.engine {
            Engine::Chromium => chromium::capabilities(view),
            Engine::Firefox => firefox::capabilities(view),
            Engine::WebKit => webkit::capabilities(view, relay),
        };
        let address = format!("http://127.0.0.1:{}", self.port);
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&address).await;
        let client =
            client.unwrap_or_else(|error| panic!("{:?} does not start: {error}", self.engine));
        match self.engine {
            Engine::Chromium => chromium::look(&client, view).await,
            Engine::Firefox => firefox::look(&client, view).await,
            Engine::WebKit => webkit::look(&client, view).await,
        }
        client
    }

    /// Shows the page as it is seen by these.
    pub(crate) async fn emulate(&self, client: &Client, eyes: &[Eyes]) {
        match self.engine {
            Engine::Chromium => chromium::emulate(client, eyes).await,
            Engine::Firefox => firefox::emulate(client, eyes).await,
            Engine::WebKit => panic!("WebKit's driver has no way for it"),
        }
    }

    /// A picture of the page, as a PNG in base64: the whole page, where the engine can.
    pub(crate) async fn picture(&self, client: &Client) -> Value {
        match self.engine {
            Engine::Chromium => chromium::picture(client).await,
            Engine::Firefox => {
                command(client, Method::GET, "moz/screenshot/full", Value::Null).await
            }
            Engine::WebKit => command(client, Method::GET, "screenshot", Value::Null).await,
        }
    }

    /// The page on paper, as a PDF in base64.
    pub(crate) async fn print(&self, client: &Client, width: f64, height: f64) -> String {
        let paper = json!({ "page": { "width": width, "height": height } });
        let pdf = command(client, Method::POST, "print", paper).await;
        pdf.as_str().expect("a file is text").to_owned()
    }

    /// Ends a browser and waits until it has. Blocking and by hand, for it is called while dropping.
    pub(crate) fn quit(&self, session: &str) {
        let request = format!(
            "DELETE /session/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        );
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(PATIENCE));
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0]);
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

/// What WebDriver itself does not have: `path` is below the session.
#[derive(Debug)]
struct OwnCommand {
    method: Method,
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for OwnCommand {
    fn endpoint(&self, base_url: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base_url.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = (self.method == Method::POST).then(|| self.body.to_string());
        (self.method.clone(), body)
    }
}

/// Sends a command that a driver has beside WebDriver's.
pub(crate) async fn command(
    client: &Client,
    method: Method,
    path: &'static str,
    body: Value,
) -> Value {
    let sent = OwnCommand { method, path, body: body.clone() };
    client.issue_cmd(sent).await.unwrap_or_else(|error| panic!("{path} {body}: {error}"))
}

/// The port that a driver says it listens on.
fn told_port(engine: Engine, said: PipeReader) -> Option<u16> {
    let mut said = BufReader::new(said);
    let mut lines = said.by_ref().lines().map_while(Result::ok);
    let port = lines.find_map(|line| match engine {
        Engine::Chromium => chromium::port(&line),
        _ => firefox::port(&line),
    });
    drain(said);
    port
}

/// Waits until the window has so much room for a page.
async fn wait_for_size(client: &Client, width: u32, height: u32) {
    wait_until(client, &format!("innerWidth === {width} && innerHeight === {height}")).await;
}

async fn wait_until(client: &Client, condition: &str) {
    let deadline = Instant::now() + PATIENCE;
    let script = format!("return {condition}");
    while client.execute(&script, vec![]).await.is_ok_and(|value| value != true) {
        assert!(Instant::now() < deadline, "a new window: not true: {condition}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Reads to the end what nobody wants: a full pipe would stop who writes to it.
fn drain(mut said: impl Read + Send + 'static) {
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
}

/// The first of the programs that is there.
fn on_path(programs: &[&str]) -> Option<String> {
    let folders = std::env::var_os("PATH")?;
    let file = |program: &&str| {
        let mut files = std::env::split_paths(&folders).map(|folder| folder.join(program));
        files.find(|file| Path::is_file(file)).map(|file| file.to_string_lossy().into_owned())
    };
    programs.iter().find_map(file)
}

/// The first of the programs, ready to be started, in a group of processes of its own, which ends as a whole
/// when [`end`] is called or this process is gone, however that came.
fn program(programs: &[&str]) -> Command {
    // Only the program itself holds the pipe that it speaks into: when it ends, that is heard.
    const UNTIL_STDIN_ENDS: &str = "\"$@\" </dev/null & exec >/dev/null 2>&1; cat; kill -KILL 0";
    let found = on_path(programs).or_else(|| programs.first().map(|name| (*name).to_owned()));
    let mut command = Command::new("sh");
    command.args(["-c", UNTIL_STDIN_ENDS, "sh", &found.unwrap_or_default()]);
    command.stdin(Stdio::piped()).process_group(0);
    command
}

/// Ends what [`program`] started, and everything that it started.
fn end(process: &mut Child) {
    drop(process.stdin.take());
    let _ = process.wait();
}
