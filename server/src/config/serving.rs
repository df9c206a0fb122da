//! How readers are served, and for how long when it is over.

use std::path::PathBuf;
use std::time::Duration;

use super::{ConfigError, duration, wrong};
use crate::serve::TlsFiles;

/// Whoever stops a server waits no longer.
const LONGEST_DELAY: Duration = Duration::from_secs(300);

/// Both files or none. What is in them is looked at where they are used.
pub(super) fn tls(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(wrong("tls-key", &"is missing: tls-certificate is set")),
        (None, Some(_)) => Err(wrong("tls-certificate", &"is missing: tls-key is set")),
    }
}

pub(super) fn drain_delay(text: &str) -> Result<Duration, ConfigError> {
    let delay = duration(text).filter(|delay| *delay <= LONGEST_DELAY);
    delay.ok_or_else(|| wrong("drain-delay", &"is a time from 0s to 5m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_a_key_and_a_key_a_certificate() {
        let path = || Some(PathBuf::from("a.pem"));
        assert!(tls(path(), path()).unwrap().is_some());
        assert!(tls(None, None).unwrap().is_none());
        assert!(tls(path(), None).unwrap_err().to_string().starts_with("tls-key: "));
        assert!(tls(None, path()).unwrap_err().to_string().starts_with("tls-certificate: "));
    }

    #[test]
    fn a_delay_is_a_short_time_or_none() {
        for (text, seconds) in [("0s", 0), ("5s", 5), ("1m 30s", 90), ("5m", 300)] {
            assert_eq!(drain_delay(text).unwrap().as_secs(), seconds, "{text}");
        }
        for text in ["", "5", "-1s", "6m", "soon"] {
            assert!(drain_delay(text).is_err(), "{text}");
        }
    }
}
