//! What systemd is told of the service's life (sd_notify): one datagram for each change.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

/// Whoever has started the service and wants to hear of it, if anybody.
pub(super) struct ServiceManager(Option<SocketAddr>);

impl ServiceManager {
    /// The one that the environment names.
    pub(super) fn of_this_process() -> Self {
        let named = env::var_os("NOTIFY_SOCKET").filter(|named| !named.is_empty());
        let address = named.and_then(|named| {
            let address = address(&named);
            address
                .inspect_err(|error| tracing::warn!(%error, "NOTIFY_SOCKET names no socket"))
                .ok()
        });
        Self(address)
    }

    /// Readers are served.
    pub(super) fn ready(&self) {
        self.tell("READY=1");
    }

    /// Another process is being started, and this one goes on until it serves.
    pub(super) fn reloading(&self) {
        self.tell("RELOADING=1");
    }

    /// That one is the service now, and serves.
    pub(super) fn succeeded_by(&self, process: u32) {
        self.tell(&format!("MAINPID={process}\nREADY=1"));
    }

    /// The service ends.
    pub(super) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    fn tell(&self, state: &str) {
        let Some(address) = &self.0 else { return };
        let told = UnixDatagram::unbound()
            .and_then(|socket| socket.send_to_addr(state.as_bytes(), address));
        if let Err(error) = told {
            tracing::warn!(%error, "the service manager cannot be told");
        }
    }
}

/// A path, or a name that is in no folder, which begins with an `@`.
fn address(named: &OsStr) -> io::Result<SocketAddr> {
    match named.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(named),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_listens_hears_each_change_under_either_kind_of_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let name = format!("article-server-test-{}", std::process::id());
        let abstract_name = SocketAddr::from_abstract_name(&name).unwrap();
        for (socket, named) in [
            (UnixDatagram::bind(&path), path.clone().into_os_string()),
            (UnixDatagram::bind_addr(&abstract_name), format!("@{name}").into()),
        ] {
            let socket = socket.unwrap();
            let manager = ServiceManager(Some(address(&named).unwrap()));
            manager.ready();
            manager.succeeded_by(7);
            let mut heard = [0; 64];
            for said in ["READY=1", "MAINPID=7\nREADY=1"] {
                let length = socket.recv(&mut heard).unwrap();
                assert_eq!(&heard[..length], said.as_bytes());
            }
        }
    }

    #[test]
    fn where_nobody_listens_the_server_goes_on() {
        ServiceManager(None).ready();
        let folder = tempfile::tempdir().unwrap();
        let nobody = address(folder.path().join("nobody").as_os_str()).unwrap();
        ServiceManager(Some(nobody)).stopping();
    }
}
