//! A certificate and its key in their files. What is said of a key's file says nothing of what is in it.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use x509_cert::der::Decode as _;

/// The right of everybody to read.
const OTHERS_READ: u32 = 0o004;
/// No file of certificates is longer, in bytes.
const LONGEST: u64 = 1 << 20;
/// What renews certificates by itself has done so 14 days before their end.
const SOON: u64 = 14 * 24 * 3600;

/// Where the certificate stands, with those that it rests on, and where its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain in PEM, the server's own certificate first.
    pub certificate: PathBuf,
    /// The private key in PEM.
    pub key: PathBuf,
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// One of them cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, io::Error),
    /// The key is no secret.
    #[error("everybody on this machine may read {0}: chmod o= it")]
    OthersRead(PathBuf),
    /// It is no PEM, or no certificate stands in it.
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(PathBuf),
    /// It is no PEM, or no key stands in it.
    #[error("{0} holds no private key in PEM, or one with a password")]
    NoKey(PathBuf),
    /// It is of a kind that there is no use for, or damaged.
    #[error(
        "{0} holds no key of a kind that is used for TLS: ECDSA P-256 or P-384, Ed25519, or RSA of 2,048 bits or more"
    )]
    KeyKind(PathBuf),
    /// The two do not belong together.
    #[error("the key in {key} is not that of the first certificate in {certificate}", key = key.display(), certificate = certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The system gives no random numbers.
    #[error("there are no random numbers for tickets of sessions")]
    Random,
}

/// What is seen of the files without reading them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp([Option<(SystemTime, u64, u64)>; 2]);

/// From when to when a certificate may be shown, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first of them.
    pub from: u64,
    /// The last.
    pub to: u64,
}

impl TlsFiles {
    /// When the certificate is valid; none where it does not say so in a way that is understood.
    ///
    /// # Errors
    /// As a server would have them: files that cannot be used.
    pub fn check(&self) -> Result<Option<Validity>, TlsError> {
        let certified = self.read()?;
        let first = certified.cert.first().expect("it was read with one");
        Ok(validity(first))
    }

    /// The pair, which belongs together.
    pub(super) fn read(&self) -> Result<CertifiedKey, TlsError> {
        let (certificate, _) = read(&self.certificate)?;
        let (key, mode) = read(&self.key)?;
        if mode & OTHERS_READ != 0 {
            return Err(TlsError::OthersRead(self.key.clone()));
        }
        let no_certificate = || TlsError::NoCertificate(self.certificate.clone());
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&certificate).collect();
        let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(no_certificate)?;
        // What PEM's reader finds wrong it quotes.
        let key = PrivateKeyDer::from_pem_slice(&key);
        let key = key.map_err(|_| TlsError::NoKey(self.key.clone()))?;
        let provider = ring::default_provider();
        let Ok(key) = provider.key_provider.load_private_key(key) else {
            return Err(TlsError::KeyKind(self.key.clone()));
        };
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            Ok(()) => Ok(certified),
            Err(rustls::Error::InvalidCertificate(_)) => Err(no_certificate()),
            Err(_) => {
                let Self { certificate, key } = self.clone();
                Err(TlsError::Mismatch { certificate, key })
            }
        }
    }

    pub(super) fn stamp(&self) -> Stamp {
        Stamp([&self.certificate, &self.key].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
        }))
    }
}

impl Validity {
    /// How much of it is left at a moment; none where it is over, or has not begun.
    pub fn left(self, now: u64) -> Option<Duration> {
        let left = self.to.checked_sub(now)?;
        (now >= self.from).then(|| Duration::from_secs(left))
    }

    /// Whether it should have been renewed by then.
    pub fn ends_soon(self, now: u64) -> bool {
        self.to < now.saturating_add(SOON)
    }
}

/// What is in the file, and who may do what with it.
fn read(path: &Path) -> Result<(Vec<u8>, u32), TlsError> {
    let read = || {
        let file = File::open(path)?;
        let mode = file.metadata()?.mode();
        let mut bytes = Vec::new();
        file.take(LONGEST).read_to_end(&mut bytes)?;
        Ok((bytes, mode))
    };
    read().map_err(|error| TlsError::Read(path.to_owned(), error))
}

/// When a certificate is valid; none where it does not say so in a way that is understood.
pub(super) fn validity(certificate: &CertificateDer<'_>) -> Option<Validity> {
    let certificate = x509_cert::Certificate::from_der(certificate).ok()?;
    let validity = certificate.tbs_certificate.validity;
    let seconds = |time: x509_cert::time::Time| time.to_unix_duration().as_secs();
    Some(Validity { from: seconds(validity.not_before), to: seconds(validity.not_after) })
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn write(path: &Path, text: &str, mode: u32) {
        fs::write(path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    /// What is said of a pair of these texts, the key's file having these rights.
    fn said(certificate: &str, key: &str, mode: u32) -> String {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let files = TlsFiles { certificate: at("chain.pem"), key: at("key.pem") };
        write(&files.certificate, certificate, 0o644);
        write(&files.key, key, mode);
        let read = files.check();
        let said = read.map_or_else(|error| format!("{error} {error:?}"), |_| "well".to_owned());
        let secret = key.lines().nth(1).unwrap_or("t0p");
        assert!(!said.contains(secret) && !said.contains("t0p"), "{said}");
        said.replace(&folder.path().display().to_string(), "")
    }

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["news.example".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_pair_belongs_together_and_its_key_is_a_secret() {
        let ((certificate, key), (other, _)) = (pair(), pair());
        assert_eq!(said(&certificate, &key, 0o600), "well");
        assert_eq!(said(&format!("{certificate}{other}"), &key, 0o640), "well", "a chain, a group");
        for (certificate, key, mode, begins) in [
            (&*certificate, &*key, 0o644, "everybody on this machine may read /key.pem"),
            (&*other, &*key, 0o600, "the key in /key.pem is not that of the first certificate"),
            (&*certificate, "t0p secret", 0o600, "/key.pem holds no private key"),
            (&*certificate, &key[..key.len() / 2], 0o600, "/key.pem holds no private key"),
            (&*certificate, "-----BEGIN t0p", 0o600, "/key.pem holds no private key"),
            ("", &*key, 0o600, "/chain.pem holds no certificate"),
            (&certificate[..80], &*key, 0o600, "/chain.pem holds no certificate"),
            (&*key, &*key, 0o600, "/chain.pem holds no certificate"),
        ] {
            let said = said(certificate, key, mode);
            assert!(said.starts_with(begins), "{said}, not {begins}");
        }
    }

    #[test]
    fn what_is_no_certificate_and_no_key_within_is_said_so() {
        let (certificate, key) = pair();
        let body = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(said(body, &key, 0o600).starts_with("/chain.pem holds no certificate"));
        let body = "-----BEGIN PRIVATE KEY-----\nAAAB\n-----END PRIVATE KEY-----\n";
        assert!(said(&certificate, body, 0o600).starts_with("/key.pem holds no key of a kind"));
    }

    #[test]
    fn a_certificate_says_when_it_is_valid() {
        let validity = Validity { from: 10, to: 20 };
        assert_eq!(validity.left(15), Some(Duration::from_secs(5)));
        assert_eq!((validity.left(9), validity.left(21)), (None, None));
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = pair();
        let files = TlsFiles { certificate: folder.path().join("c"), key: folder.path().join("k") };
        write(&files.certificate, &certificate, 0o644);
        write(&files.key, &key, 0o600);
        let validity = files.check().unwrap().expect("it says so");
        assert!(validity.from < validity.to);
    }
}
