//! The browsers of the end-to-end tests, each with the program that drives it by WebDriver.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::install;
use crate::project::{cargo, output, root, run};

/// geckodriver, from its makers. The harness looks for it in the same folder: tests/support/driver/firefox.rs.
const GECKODRIVER: &str = "0.37.1";

/// An engine that the end-to-end tests run in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Chrome's, Edge's and the phones' of most readers.
    Chromium,
    /// Firefox's.
    Firefox,
    /// Safari's, as WebKitGTK.
    WebKit,
}

impl Browser {
    /// All, the one that the tests ask the most of first.
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// As `ARTICLE_BROWSER` and `--browser` say it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The one of that name.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) fn named(name: &str) -> Result<Self> {
        match Self::ALL.into_iter().find(|browser| browser.name() == name) {
            Some(browser) => Ok(browser),
            None => bail!("no browser `{name}`: there are chromium, firefox and webkit"),
        }
    }

    /// Sees to it that the browser and its driver are there.
    ///
    /// # Errors
    /// If one is missing and cannot be installed here; the message says what to install.
    pub(crate) fn install(self) -> Result<()> {
        if !self.is_here() {
            eprintln!("What runs the tests in {} is missing.", self.name());
            install(self.packages(), self.needs())?;
        }
        if self == Self::Firefox {
            geckodriver()?;
        }
        if !self.is_here() {
            bail!("apt-get installed {}, but {}", self.packages().join(" "), self.needs());
        }
        Ok(())
    }

    fn is_here(self) -> bool {
        match self {
            Self::Chromium => {
                any_runs(&["chromium", "google-chrome"]) && any_runs(&["chromedriver"])
            }
            Self::Firefox => any_runs(&["firefox-esr", "firefox"]),
            Self::WebKit => {
                // Asked for its version, WebKit's driver fails; Xvfb starts a screen.
                is_on_path("WebKitWebDriver") && has_mini_browser() && is_on_path("Xvfb")
            }
        }
    }

    /// Debian's names; the font is for Vietnamese in screenshots.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver", "fonts-dejavu-core"],
            Self::Firefox => &["firefox-esr", "fonts-dejavu-core"],
            Self::WebKit => {
                &["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb", "fonts-dejavu-core"]
            }
        }
    }

    fn needs(self) -> &'static str {
        match self {
            Self::Chromium => {
                "the tests in Chromium need `chromium` (or `google-chrome`) and `chromedriver` of the same \
                 version on the PATH"
            }
            Self::Firefox => "the tests in Firefox need `firefox` (or `firefox-esr`) on the PATH",
            Self::WebKit => {
                "the tests in WebKit need WebKitGTK's `WebKitWebDriver` and `Xvfb` on the PATH, and \
                 WebKitGTK's MiniBrowser"
            }
        }
    }
}

/// From the PATH, or built once into `target/tools`: Debian has none.
fn geckodriver() -> Result<()> {
    let folder = root().join("target/tools").join(format!("geckodriver-{GECKODRIVER}"));
    let program = folder.join("bin/geckodriver");
    if any_runs(&["geckodriver", &program.to_string_lossy()]) {
        return Ok(());
    }
    eprintln!("geckodriver is missing.");
    // Without optimisation: it only passes messages on, and takes half as long to build.
    run(cargo()
        .args(["install", "geckodriver", "--version", GECKODRIVER, "--locked", "--debug", "--root"])
        .arg(folder))
}

fn any_runs(programs: &[&str]) -> bool {
    programs.iter().any(|program| output(program, &["--version"]).is_some())
}

/// Where distributions put what is no program of a user's.
fn has_mini_browser() -> bool {
    let folders = ["/usr/lib", "/usr/lib64", "/usr/libexec"].map(Path::new);
    let below = folders.into_iter().flat_map(entries);
    let folders = folders.into_iter().map(Path::to_owned).chain(below);
    let versions = folders.flat_map(|folder| entries(&folder));
    versions.into_iter().any(|folder| folder.join("MiniBrowser").is_file())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn is_on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}
