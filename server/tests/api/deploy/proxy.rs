//! Caddy and nginx, run by the files in `deploy/`, on free ports of this machine. All that they keep is in a temporary
//! folder.

use std::fs::{self, File, Permissions};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::names::Names;
use super::text;
use crate::cluster::free_port;
use crate::files;
use crate::limits::secure::Identity;

/// An address of this machine at which no server listens.
pub(super) const NOBODY: Ipv4Addr = Ipv4Addr::new(127, 77, 0, 1);
const START: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(20);

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// By `deploy/Caddyfile`.
    Caddy,
    /// By `deploy/nginx.conf`.
    Nginx,
}

impl Kind {
    /// Those that this machine has. Of another the test says that it is skipped.
    pub(super) fn installed() -> Vec<Self> {
        let known = [(Self::Caddy, "caddy", "version"), (Self::Nginx, "nginx", "-v")];
        let mut installed = Vec::new();
        for (kind, program, version) in known {
            if self::program(program).arg(version).output().is_ok_and(|it| it.status.success()) {
                installed.push(kind);
            } else {
                eprintln!("skipped: there is no {program}");
            }
        }
        installed
    }

    /// An article that is read through this one alone.
    pub(super) fn article(self) -> &'static str {
        match self {
            Self::Caddy => "caddy",
            Self::Nginx => "nginx",
        }
    }
}

/// A running proxy. Dropping it ends it.
pub(super) struct Proxy {
    pub(super) secure: SocketAddr,
    pub(super) plain: SocketAddr,
    pub(super) identity: Identity,
    folder: TempDir,
    child: Child,
    _names: Names,
}

impl Proxy {
    /// One before the server of this URL, and before another at the same port of this address.
    pub(super) fn start(kind: Kind, server: &str, other: Ipv4Addr) -> Self {
        let folder = TempDir::with_prefix("article-proxy-").unwrap();
        // What is begun as root goes on as somebody else.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o711)).unwrap();
        let identity = Identity::write(folder.path(), "news.example");
        let server = server.strip_prefix("http://").unwrap();
        let names = Names::leading_to([other, Ipv4Addr::LOCALHOST]);
        let place = Place {
            folder: folder.path(),
            secure: free(),
            plain: free(),
            server,
            other,
            names: names.at,
        };
        let mut command = match kind {
            Kind::Caddy => place.caddy(&identity),
            Kind::Nginx => place.nginx(&identity),
        };
        let log = File::create(folder.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let (secure, plain) = (place.secure, place.plain);
        let child = command.spawn().unwrap();
        let mut proxy = Self { secure, plain, identity, folder, child, _names: names };
        proxy.wait_until_it_listens();
        proxy
    }

    fn wait_until_it_listens(&mut self) {
        let begun = Instant::now();
        while [self.secure, self.plain].iter().any(|at| TcpStream::connect(at).is_err()) {
            let ended = self.child.try_wait().unwrap().is_some();
            assert!(!ended && begun.elapsed() < START, "{}", self.log());
            thread::sleep(PAUSE);
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Ends it, and gives all that it has said and left.
    pub(super) fn end(mut self) -> Vec<(PathBuf, Vec<u8>)> {
        self.stop();
        let read = |path: PathBuf| {
            let bytes = fs::read(&path).unwrap();
            (path, bytes)
        };
        files::below(self.folder.path()).into_iter().map(read).collect()
    }

    fn stop(&mut self) {
        // Nothing is to be done about one that is gone already.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
        let _ = self.child.wait();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

/// Where a proxy is, and what is behind it.
struct Place<'a> {
    folder: &'a Path,
    secure: SocketAddr,
    plain: SocketAddr,
    server: &'a str,
    other: Ipv4Addr,
    /// Who knows Caddy's name of both servers.
    names: SocketAddr,
}

impl Place<'_> {
    fn caddy(&self, identity: &Identity) -> Command {
        let (secure, plain) = (self.secure.port(), self.plain.port());
        let ports = format!("http_port {plain}\n\thttps_port {secure}");
        let (certificate, key) = (&identity.files.certificate, &identity.files.key);
        let tls = format!("tls {} {}", certificate.display(), key.display());
        let file = self.copy(
            "Caddyfile",
            &[
                ("\n{\n", format!("\n{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\t{ports}\n")),
                ("\n{$PUBLIC_URL} {\n", format!("\n{{$PUBLIC_URL}} {{\n\t{tls}\n")),
                ("refresh 5s\n", format!("refresh 5s\nresolvers udp/{}\n", self.names)),
            ],
        );
        let mut command = program("caddy");
        command.args(["run", "--adapter", "caddyfile", "--config"]).arg(file);
        command.env("PUBLIC_URL", "https://news.example");
        command.env("UPSTREAM", "server").env("UPSTREAM_PORT", self.port());
        command.env("HOME", self.folder);
        command.env("XDG_DATA_HOME", self.folder).env("XDG_CONFIG_HOME", self.folder);
        command
    }

    fn nginx(&self, identity: &Identity) -> Command {
        let folder = self.folder.display();
        let port = self.port();
        let (certificate, key) = (&identity.files.certificate, &identity.files.key);
        let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
        let kept = kinds.map(|kind| format!("    {kind}_temp_path {folder}/{kind};\n")).concat();
        let file = self.copy(
            "nginx.conf",
            &[
                ("\nhttp {\n", format!("\nhttp {{\n{kept}")),
                ("server 127.0.0.1:8080 ", format!("server {} ", self.server)),
                ("server 127.0.0.1:8081 ", format!("server {}:{port} ", self.other)),
                ("/var/cache/nginx/article", format!("{folder}/cache")),
                ("listen 80;", format!("listen {};", self.plain)),
                ("listen 443 ", format!("listen {} ", self.secure)),
                ("/etc/ssl/news.example.pem", certificate.display().to_string()),
                ("/etc/ssl/news.example.key", key.display().to_string()),
            ],
        );
        let mut command = program("nginx");
        command.arg("-g").arg(format!("daemon off; pid {folder}/pid;"));
        command.args(["-e", "stderr", "-p"]).arg(self.folder).arg("-c").arg(file);
        command
    }

    fn port(&self) -> &str {
        self.server.rsplit_once(':').unwrap().1
    }

    /// Our file in the folder, with these places in it replaced, each of which is there once.
    fn copy(&self, name: &str, replaced: &[(&str, String)]) -> PathBuf {
        let mut copy = text(&format!("deploy/{name}"));
        for (from, to) in replaced {
            assert_eq!(copy.matches(from).count(), 1, "{name}: {from}");
            copy = copy.replace(from, to);
        }
        let file = self.folder.join(name);
        fs::write(&file, copy).unwrap();
        file
    }
}

/// Debian keeps nginx where an ordinary user's PATH does not lead.
fn program(name: &str) -> Command {
    let at = Path::new("/usr/sbin").join(name);
    if at.is_file() { Command::new(at) } else { Command::new(name) }
}

fn free() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, free_port().unwrap()).into()
}
