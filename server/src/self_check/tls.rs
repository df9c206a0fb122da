//! The certificate: whether a server would take it, and for how long readers do.

use super::Finding;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::serve::Validity;

const DAY: u64 = 24 * 3600;

pub(super) fn check(config: &Config) -> Finding {
    let about = "tls-certificate";
    let Some(files) = &config.tls else {
        return Finding::ok(about, "there is none: a proxy speaks TLS, or nobody");
    };
    match files.check() {
        Err(error) => Finding::error(about, error.to_string()),
        Ok(None) => Finding::warning(about, "it does not say until when it is valid"),
        Ok(Some(validity)) => valid(validity, SystemClock.now().unsigned_abs()),
    }
}

fn valid(validity: Validity, now: u64) -> Finding {
    let about = "tls-certificate";
    match validity.left(now) {
        None if now < validity.from => Finding::error(about, "it is not valid yet"),
        None => Finding::error(about, "it is valid no longer"),
        Some(left) => {
            let says = format!("it is valid for {} days more", left.as_secs() / DAY);
            if validity.ends_soon(now) {
                Finding::warning(about, says)
            } else {
                Finding::ok(about, says)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn a_certificate_is_told_of_before_it_ends() {
        let validity = Validity { from: 100 * DAY, to: 190 * DAY };
        for (day, level, says) in [
            (99, Level::Error, "not valid yet"),
            (100, Level::Ok, "90 days more"),
            (177, Level::Warning, "13 days more"),
            (191, Level::Error, "no longer"),
        ] {
            let found = valid(validity, day * DAY);
            assert_eq!(found.level, level, "{day}");
            assert!(found.says.contains(says), "{}", found.says);
        }
    }
}
