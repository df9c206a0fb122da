//! `article-server languages`: what a translator asks before a server does.

use std::io::{Write, stdout};
use std::path::Path;

use anyhow::bail;
use article_server::cli::LanguagesCommand;
use article_server::messages::{self, Faults, LanguageFile};

/// Does what the command says.
///
/// # Errors
/// Files that a server would refuse: what is wrong with them has been printed.
pub(crate) fn run(command: &LanguagesCommand) -> anyhow::Result<()> {
    match command {
        LanguagesCommand::Template => Ok(stdout().write_all(messages::template().as_bytes())?),
        LanguagesCommand::Check { paths } => {
            let mut wrong = 0;
            for path in paths {
                wrong += check(path, &mut stdout())?;
            }
            if wrong > 0 { bail!("{wrong} to mend") } else { Ok(()) }
        }
    }
}

/// Prints a line for each thing that is wrong or left out; how many are wrong.
fn check(path: &Path, out: &mut impl Write) -> std::io::Result<usize> {
    match messages::read_folder(path) {
        Ok(files) if files.is_empty() => writeln!(out, "{}: no file of words", path.display())?,
        Ok(files) => files.iter().try_for_each(|file| tell(file, out))?,
        Err(Faults(faults)) => {
            faults.iter().try_for_each(|fault| writeln!(out, "wrong: {fault}"))?;
            return Ok(faults.len());
        }
    }
    Ok(0)
}

fn tell(file: &LanguageFile, out: &mut impl Write) -> std::io::Result<()> {
    let (path, missing) = (file.path.display(), file.missing());
    if file.is_override() {
        return writeln!(out, "{path}: changes words of {}", file.tag);
    }
    for key in &missing {
        writeln!(out, "left out: {path}, {key}")?;
    }
    match missing.len() {
        0 => writeln!(out, "{path}: complete"),
        count => writeln!(out, "{path}: {count} left out; readers get them in another language"),
    }
}
