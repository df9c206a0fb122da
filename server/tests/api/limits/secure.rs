//! Certificates of the tests' own, and clients that trust one of them.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use article_server::serve::TlsFiles;
use jiff::civil::Date;
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::raw::Raw;

/// A certificate that rests on nothing else, and its key, in files.
pub(crate) struct Identity {
    pub(crate) files: TlsFiles,
    certificate: CertificateDer<'static>,
}

impl Identity {
    /// A new one for `news.example`, in files of this name.
    pub(crate) fn write(folder: &Path, name: &str) -> Self {
        Self::with(folder, name, parameters())
    }

    /// The same of one that is valid until this day begins.
    pub(super) fn until(folder: &Path, name: &str, end: Date) -> Self {
        let mut parameters = parameters();
        let [month, day] = [end.month(), end.day()].map(|number| number.unsigned_abs());
        parameters.not_after = rcgen::date_time_ymd(end.year().into(), month, day);
        Self::with(folder, name, parameters)
    }

    fn with(folder: &Path, name: &str, parameters: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        let at = |kind: &str| folder.join(format!("{name}.{kind}.pem"));
        let files = TlsFiles { certificate: at("certificate"), key: at("key") };
        fs::write(&files.certificate, certificate.pem()).unwrap();
        fs::write(&files.key, key.serialize_pem()).unwrap();
        fs::set_permissions(&files.key, Permissions::from_mode(0o600)).unwrap();
        Self { files, certificate: certificate.der().clone() }
    }

    /// What a server is started with.
    pub(super) fn options(&self) -> [&str; 4] {
        let TlsFiles { certificate, key } = &self.files;
        ["--tls-certificate", certificate.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]
    }

    /// Puts this one's files in the place of others, as who renews a certificate does.
    pub(super) fn replace(&self, others: &TlsFiles) {
        fs::rename(&self.files.key, &others.key).unwrap();
        fs::rename(&self.files.certificate, &others.certificate).unwrap();
    }
}

fn parameters() -> CertificateParams {
    CertificateParams::new(vec!["news.example".to_owned()]).unwrap()
}

/// Connections by TLS.
pub(crate) struct Secure;

impl Secure {
    /// To the server of this URL, which has this certificate.
    pub(super) async fn to(url: &str, identity: &Identity) -> Raw<TlsStream<TcpStream>> {
        let connected = Self::over(Raw::connect(url).await.0, identity, &[]).await;
        Raw(connected.expect("it has the certificate"))
    }

    /// Over a connection that is there, offering versions of HTTP.
    ///
    /// # Errors
    /// Where the handshake fails.
    pub(crate) async fn over(
        stream: TcpStream,
        identity: &Identity,
        offered: &[&str],
    ) -> io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(identity.certificate.clone()).unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = offered.iter().map(|it| it.as_bytes().to_vec()).collect();
        let name = ServerName::try_from("news.example").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }
}
