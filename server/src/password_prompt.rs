//! Where a new password comes from: whoever sits at the terminal, or the line that a program writes.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Context as _, ensure};
use article_server::password::Password;

/// No line is longer, in bytes.
const LINE: u64 = 4 << 10;

/// Asks for a new password, twice and without an echo; where standard input is no terminal, reads a line
/// of it.
pub(crate) fn ask() -> anyhow::Result<Password> {
    if !std::io::stdin().is_terminal() {
        return Ok(Password::new(&line(std::io::stdin().lock())?)?);
    }
    let typed = prompt("New password: ")?;
    // What cannot be one need not be typed again.
    let password = Password::new(&typed)?;
    ensure!(prompt("Once more: ")? == typed, "the two are not the same");
    Ok(password)
}

fn prompt(words: &str) -> anyhow::Result<String> {
    rpassword::prompt_password(words).context("cannot read the password")
}

fn line(input: impl std::io::BufRead) -> anyhow::Result<String> {
    let mut line = String::new();
    input.take(LINE).read_line(&mut line).context("cannot read the password")?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}
