//! The publisher's folder of languages.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::file::{Fault, Faults, LONGEST_FILE, LanguageFile};

/// No folder holds more files of words.
const MOST_FILES: usize = 64;

/// A file as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    path: PathBuf,
    content: Vec<u8>,
}

/// Every file of words in the folder, or the one that `path` names.
///
/// # Errors
/// All that is wrong with any of them.
pub fn read_folder(path: &Path) -> Result<Vec<LanguageFile>, Faults> {
    parse(&find(path)?)
}

/// What stands there, in the order of the names. Only what ends in `.json` is looked at.
pub(super) fn find(path: &Path) -> Result<Vec<Found>, Faults> {
    if path.is_file() {
        return Ok(vec![load(path.to_owned())?]);
    }
    let unreadable = |error: io::Error| fault(path, format!("cannot be read: {error}"));
    let mut paths = Vec::new();
    for entry in path.read_dir().map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    if paths.len() > MOST_FILES {
        return Err(fault(path, format!("holds more than {MOST_FILES} files")));
    }
    paths.sort_unstable();
    paths.into_iter().map(load).collect()
}

pub(super) fn parse(found: &[Found]) -> Result<Vec<LanguageFile>, Faults> {
    let (mut files, mut faults) = (Vec::new(), Vec::new());
    for Found { path, content } in found {
        match LanguageFile::read(path, content) {
            Ok(file) => files.push(file),
            Err(wrong) => faults.extend(wrong.0),
        }
    }
    if faults.is_empty() { Ok(files) } else { Err(Faults(faults)) }
}

/// Of a file that is too long no more than shows that it is.
fn load(path: PathBuf) -> Result<Found, Faults> {
    let mut content = Vec::new();
    let read =
        File::open(&path).and_then(|file| file.take(LONGEST_FILE + 1).read_to_end(&mut content));
    match read {
        Ok(_) => Ok(Found { path, content }),
        Err(error) => Err(fault(&path, format!("cannot be read: {error}"))),
    }
}

fn fault(path: &Path, reason: String) -> Faults {
    Fault { file: path.to_owned(), key: String::new(), reason }.into()
}
