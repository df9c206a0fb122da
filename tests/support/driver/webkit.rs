//! WebKitGTK, by way of its driver and its MiniBrowser, on a screen that nobody sees.
//!
//! What it cannot: a window under 290 pixels; touch, for which a mouse stands in; pictures of more than is
//! in the window.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::wd::Capabilities;
use serde_json::json;

use super::{end, program};
use crate::support::early;
use crate::support::page::View;

/// A person's; the end is the harness's.
const AGENT: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                     Version/26.0 Safari/605.1.15";
/// How long the driver may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);
/// The least width of a window, in pixels, with the bars of MiniBrowser as small as they get.
const NARROWEST: u32 = 290;
/// Twice as large as a window may be, for its pointer stands in the middle.
const SCREEN: &str = "3200x2000x24";
/// Where a window stands, its bars below the pointer: without a window manager it has the focus only there, and
/// a pointer in the page would be a hand that nobody has laid there.
const PLACE: (u32, u32) = (1590, 998);
/// Makes MiniBrowser's bars small: they would keep the window from being as narrow as a phone.
const STYLE: &str =
    "* { font-size: 1px; min-width: 0; min-height: 0; padding: 0; margin: 0; border-width: 0; }";
const SETTINGS: &str =
    "[Settings]\ngtk-toolbar-style=GTK_TOOLBAR_TEXT\ngtk-toolbar-icon-size=GTK_ICON_SIZE_MENU\n";

/// An X server without a screen.
pub(super) struct Screen {
    process: Child,
    /// `:1`
    name: String,
}

impl Screen {
    /// Starts one on a free number, which it tells.
    pub(super) fn start() -> Self {
        let mut process = program(&["Xvfb"])
            .args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is on the PATH; `cargo xtask test` says what to install");
        let mut number = String::new();
        let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        stdout.read_line(&mut number).expect("Xvfb tells its number");
        Self { process, name: format!(":{}", number.trim()) }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.process);
    }
}

pub(super) fn command(screen: &Screen, folder: &Path, port: u16) -> Command {
    let gtk = folder.join("gtk-3.0");
    fs::create_dir(&gtk).expect("the folder is writable");
    fs::write(gtk.join("gtk.css"), STYLE).expect("the folder is writable");
    fs::write(gtk.join("settings.ini"), SETTINGS).expect("the folder is writable");
    let mut command = program(&["WebKitWebDriver"]);
    command.arg(format!("--port={port}"));
    command
        .env("DISPLAY", &screen.name)
        .env("GDK_BACKEND", "x11")
        .env("LIBGL_ALWAYS_SOFTWARE", "1");
    // Its own settings, and nothing kept.
    for variable in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env(variable, folder);
    }
    command
}

/// A port that is free: the driver takes no port 0, and tells none.
pub(super) fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    free.expect("a port is free").port()
}

/// Whether the driver listens, once that is known.
pub(super) fn listens(port: u16, process: &mut Child) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline && matches!(process.try_wait(), Ok(None)) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

pub(super) fn capabilities(view: &View, relay: &str) -> Capabilities {
    let mut arguments = vec![
        "--automation".to_owned(),
        format!("--user-agent={}", early::mark(AGENT, view.before)),
        // It resolves no names of its own: the relay stands at the end of every other.
        format!("--proxy={relay}"),
        "--ignore-host=localhost".to_owned(),
        "--ignore-host=127.0.0.1".to_owned(),
    ];
    if view.dark {
        arguments.push("--dark-mode".to_owned());
    }
    let binary = mini_browser().expect("MiniBrowser is where WebKitGTK is");
    let mut capabilities = Capabilities::new();
    let options = json!({ "binary": binary, "args": arguments });
    capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
    capabilities
}

/// Asks for the window around the page to be as large as it takes.
pub(super) async fn look(client: &Client, view: &View) {
    let (width, height) = (view.width.max(NARROWEST), view.height);
    let (x, y) = PLACE;
    client.set_window_rect(x, y, width, height).await.expect("a window has a size");
    super::wait_until(client, "outerWidth - innerWidth === 0").await;
    let bars = client.execute("return outerHeight - innerHeight", vec![]).await;
    let bars = bars.ok().and_then(|bars| bars.as_u64()).and_then(|bars| u32::try_from(bars).ok());
    let height = height + bars.expect("a page has a height");
    client.set_window_rect(x, y, width, height).await.expect("a window has a size");
    super::wait_for_size(client, width, view.height).await;
    super::wait_until(client, "document.hasFocus()").await;
}

/// Where distributions put what is no program of a user's.
fn mini_browser() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/lib64", "/usr/libexec"].map(PathBuf::from);
    let below = folders.iter().flat_map(|folder| entries(folder)).collect::<Vec<_>>();
    let versions = folders.iter().chain(&below).flat_map(|folder| entries(folder));
    versions.map(|version| version.join("MiniBrowser")).find(|file| file.is_file())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}
