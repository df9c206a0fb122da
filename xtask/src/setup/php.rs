//! PHP, which the WordPress example is run with. It is in nothing that is released.

use anyhow::Result;

use super::install;
use crate::project::output;

/// Sees to it that `php` is there.
///
/// # Errors
/// If it is missing and cannot be installed here; the message says what to install.
pub(crate) fn php() -> Result<()> {
    if output("php", &["--version"]).is_some() {
        return Ok(());
    }
    eprintln!("PHP is missing.");
    install(&["php-cli"], "the WordPress example is run by `php`, on the PATH")
}
