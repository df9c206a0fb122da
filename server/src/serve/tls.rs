//! TLS by a certificate of the operator's, which may change while the server runs.
//!
//! What holds for a connection without TLS holds for this one: bytes are timed and bounded below TLS, and looked at
//! above it. The handshake has the time of a request's head.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use anyhow::Context as _;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::task::spawn_blocking;
use tokio_rustls::TlsAcceptor;

pub(super) use expiry::Expiry;
use files::Stamp;
pub use files::{TlsError, TlsFiles, Validity};

mod expiry;
mod files;

/// The certificate that is shown now, and where the next one will stand.
#[derive(Clone)]
pub(super) struct Tls(Arc<Inner>);

struct Inner {
    files: TlsFiles,
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
    /// The files as they were when they were last looked at, whatever was in them.
    seen: Mutex<Stamp>,
}

/// What every handshake from now on is made with.
struct Shown(RwLock<Arc<CertifiedKey>>);

impl Tls {
    /// Reads the files. With `http2` it is offered to clients.
    ///
    /// # Errors
    /// Files that cannot be used.
    pub(super) fn load(files: &TlsFiles, http2: bool) -> Result<Self, TlsError> {
        let seen = files.stamp();
        let shown = Arc::new(Shown(RwLock::new(Arc::new(files.read()?))));
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider has what they need");
        let mut config = builder.with_no_client_auth().with_cert_resolver(shown.clone());
        let versions: &[&[u8]] = if http2 { &[b"h2", b"http/1.1"] } else { &[b"http/1.1"] };
        config.alpn_protocols = versions.iter().map(|version| version.to_vec()).collect();
        // Who comes back is known by a ticket that the client keeps, and takes no memory here.
        config.ticketer = ring::Ticketer::new().map_err(|_| TlsError::Random)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (files, seen) = (files.clone(), Mutex::new(seen));
        Ok(Self(Arc::new(Inner { files, shown, acceptor, seen })))
    }

    /// Makes TLS of connections.
    pub(super) fn acceptor(&self) -> &TlsAcceptor {
        &self.0.acceptor
    }

    /// When the certificate that is shown is valid, as far as it says so.
    pub(super) fn validity(&self) -> Option<Validity> {
        files::validity(self.0.shown.get().cert.first()?)
    }

    /// Takes up files that have changed.
    ///
    /// # Errors
    /// A pair that cannot be used, once: what was shown until now is shown on.
    pub(super) async fn follow(self) -> anyhow::Result<()> {
        let taken_up = spawn_blocking(move || self.look()).await?;
        if taken_up.context("the certificate stays as it is")? {
            tracing::info!("took up a renewed certificate");
        }
        Ok(())
    }

    /// Whether they have changed, and were taken up.
    fn look(&self) -> Result<bool, TlsError> {
        let Inner { files, shown, seen, .. } = &*self.0;
        // Before they are read: what is written meanwhile is seen the next time.
        let stamp = files.stamp();
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == stamp {
            return Ok(false);
        }
        *seen = stamp;
        shown.replace(files.read()?);
        Ok(true)
    }
}

impl Shown {
    fn get(&self) -> Arc<CertifiedKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, certified: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certified);
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.get())
    }
}

/// Nothing of a key.
impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// Writes a pair's parts where the files are; what is none stays as it is.
    fn write(files: &TlsFiles, certificate: Option<&str>, key: Option<&str>) {
        if let Some(certificate) = certificate {
            fs::write(&files.certificate, certificate).unwrap();
        }
        if let Some(key) = key {
            fs::write(&files.key, key).unwrap();
            fs::set_permissions(&files.key, Permissions::from_mode(0o600)).unwrap();
        }
    }

    fn pair(name: &str) -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn what_is_half_written_is_told_once_and_the_pair_of_before_is_shown_on() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let files = TlsFiles { certificate: at("chain.pem"), key: at("key.pem") };
        let (certificate, key) = pair("one.example");
        write(&files, Some(&certificate), Some(&key));
        let tls = Tls::load(&files, false).unwrap();
        let shown = || tls.0.shown.0.read().unwrap().cert[0].clone();
        let first = shown();
        assert!(!tls.look().unwrap(), "nothing has changed");

        // Of another length, so that it is seen whatever the clock of the file system.
        let (certificate, key) = pair("another.example");
        write(&files, Some(&certificate), None);
        assert!(matches!(tls.look(), Err(TlsError::Mismatch { .. })));
        assert!(!tls.look().unwrap(), "it is told once");
        assert_eq!(shown(), first);
        fs::remove_file(&files.key).unwrap();
        assert!(matches!(tls.look(), Err(TlsError::Read(..))));
        assert_eq!(shown(), first);

        write(&files, None, Some(&key));
        assert!(tls.look().unwrap());
        assert_ne!(shown(), first);
    }
}
