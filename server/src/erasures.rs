//! The list of what was erased because somebody asked, and of who wants no article sent to them any more,
//! kept apart from the database: a backup that is put back in place knows nothing of what was asked since
//! it was made, and by this list it is done again.
//!
//! A letter's line is the SHA-256 of the hash of its secret, and the day: from it nobody learns who wrote, or
//! what, or finds the letter in a copy without going through all of it. An address's is the keyed hash that
//! stands for it in the database, and its key is not in this file.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::store::{self, AddressHash, SecretHash};

/// What the line of an address begins with.
const UNSUBSCRIBED: &str = "unsubscribed ";

/// The list in its file.
#[derive(Clone, Debug)]
pub struct Erasures {
    path: PathBuf,
}

/// What the list said at one moment.
#[derive(Debug, Default)]
pub struct Erased {
    letters: HashSet<String>,
    unsubscribed: HashSet<AddressHash>,
}

impl Erased {
    /// Whether the letter that this hashed secret opens was erased.
    pub fn holds(&self, secret_hash: &SecretHash) -> bool {
        self.letters.contains(&name(secret_hash))
    }

    /// How many letters the list names.
    pub fn len(&self) -> usize {
        self.letters.len()
    }

    /// It names no letter.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// To whom no article is to go.
    pub fn unsubscribed(&self) -> impl Iterator<Item = &AddressHash> {
        self.unsubscribed.iter()
    }
}

impl Erasures {
    /// The list in this file, which need not be there yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The list that goes with the settings' database: the one that they name, or that beside its file.
    pub fn of(config: &Config) -> Self {
        let beside = || {
            let database =
                store::file(&config.database).unwrap_or_else(|_| "article-server".into());
            let mut name = database.into_os_string();
            name.push(".erased");
            PathBuf::from(name)
        };
        Self::new(config.erasures.clone().unwrap_or_else(beside))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a letter. It is on the disk when this returns.
    ///
    /// # Errors
    /// Where it cannot be written; then the list is as it was.
    pub fn add(&self, secret_hash: &SecretHash, day: Date) -> io::Result<()> {
        self.append(&format!("{} {day}", name(secret_hash)))
    }

    /// Adds an address to which no article is to go any more; it stays for good. It is on the disk when this
    /// returns.
    ///
    /// # Errors
    /// Where it cannot be written; then the list is as it was.
    pub fn add_unsubscribed(&self, address: &AddressHash) -> io::Result<()> {
        self.append(&format!("{UNSUBSCRIBED}{}", hex::encode(address)))
    }

    fn append(&self, line: &str) -> io::Result<()> {
        let mut file = self.open()?;
        let length = file.metadata()?.len();
        let begin = if ends_whole(&file, length)? { "" } else { "\n" };
        let line = format!("{begin}{line}\n");
        let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_data());
        if written.is_err() {
            // What is left of a line is none, but would spoil the next one.
            file.set_len(length)?;
        }
        if length == 0 {
            sync_folder(&self.path)?;
        }
        written
    }

    /// What it says.
    ///
    /// # Errors
    /// Where there is a file that cannot be read.
    pub fn read(&self) -> io::Result<Erased> {
        let text = self.text()?;
        let letters = text.lines().filter_map(|line| parse(line).map(|(name, _)| name.to_owned()));
        let unsubscribed = text.lines().filter_map(parse_unsubscribed);
        Ok(Erased { letters: letters.collect(), unsubscribed: unsubscribed.collect() })
    }

    /// Whether it names the letter that this hashed secret opens.
    ///
    /// # Errors
    /// Where there is a file that cannot be read.
    pub fn holds(&self, secret_hash: &SecretHash) -> io::Result<bool> {
        Ok(self.text()?.contains(&name(secret_hash)))
    }

    /// Drops the lines of letters of days before `day`. Lines that are none of ours stay: the file may not
    /// be ours.
    ///
    /// # Errors
    /// Where it cannot be written; then the list is as it was.
    pub fn forget_before(&self, day: Date) -> io::Result<()> {
        if !self.path.try_exists()? {
            return Ok(());
        }
        let mut file = self.open()?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let is_kept = |line: &&str| parse(line).is_none_or(|(_, of)| of >= day);
        let kept: String = text.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect();
        if kept.len() < text.len() { self.replace(&kept) } else { Ok(()) }
    }

    /// No file is an empty list.
    fn text(&self) -> io::Result<String> {
        match fs::read_to_string(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            text => text,
        }
    }

    /// Opens the file, made where there is none, for its owner's eyes only. It is locked against other
    /// processes for as long as it is open.
    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true).mode(0o600);
        loop {
            let file = options.open(&self.path)?;
            file.lock()?;
            // Whoever had it locked may have put another one in its place.
            let (ours, now) = (file.metadata()?, fs::metadata(&self.path)?);
            if (ours.dev(), ours.ino()) == (now.dev(), now.ino()) {
                return Ok(file);
            }
        }
    }

    /// Puts a new file in the place of the one that the caller has locked.
    fn replace(&self, text: &str) -> io::Result<()> {
        let mut partial = self.path.as_os_str().to_owned();
        partial.push(format!(".{}.partial", std::process::id()));
        let partial = PathBuf::from(partial);
        let mut options = OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&partial)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&partial, &self.path)?;
        sync_folder(&self.path)
    }
}

/// What stands for the letter in the list.
fn name(secret_hash: &SecretHash) -> String {
    hex::encode(Sha256::digest(secret_hash))
}

/// A name and its day.
fn parse(line: &str) -> Option<(&str, Date)> {
    let (name, day) = line.split_once(' ')?;
    let is_name = name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let day = day.parse().ok()?;
    is_name.then_some((name, day))
}

/// An address's keyed hash.
fn parse_unsubscribed(line: &str) -> Option<AddressHash> {
    let address = hex::decode(line.strip_prefix(UNSUBSCRIBED)?).ok()?;
    address.try_into().ok()
}

/// Whether the last line has its end: one that was cut off by a power cut has none.
fn ends_whole(file: &File, length: u64) -> io::Result<bool> {
    let mut last = [b'\n'];
    if let Some(position) = length.checked_sub(1) {
        file.read_exact_at(&mut last, position)?;
    }
    Ok(last == [b'\n'])
}

/// A file's name outlives a power cut when its folder is on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::config::Options;

    fn list() -> (tempfile::TempDir, Erasures) {
        let folder = tempfile::tempdir().unwrap();
        let database = Some(format!("sqlite:{}/articles.db", folder.path().display()));
        let options = Options { database, ..Options::default() };
        let list = Erasures::of(&options.resolve(None).unwrap());
        (folder, list)
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_added_is_held_and_names_nobody() {
        let (folder, list) = list();
        assert!(list.read().unwrap().is_empty(), "no file is an empty list");
        list.add(&[1; 32], day("2024-11-27")).unwrap();
        list.add(&[2; 32], day("2024-11-28")).unwrap();
        let erased = list.read().unwrap();
        assert!(erased.holds(&[1; 32]) && erased.holds(&[2; 32]) && !erased.holds(&[3; 32]));
        assert!(list.holds(&[1; 32]).unwrap() && !list.holds(&[3; 32]).unwrap());
        assert_eq!(list.path(), folder.path().join("articles.db.erased"));
        let mode = fs::metadata(list.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let text = fs::read_to_string(list.path()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(!text.contains(&hex::encode([1; 32])), "not the hash that the database has");
    }

    #[test]
    fn old_lines_go_and_others_stay_as_they_are() {
        let (_folder, list) = list();
        list.add(&[1; 32], day("2024-11-27")).unwrap();
        list.add(&[2; 32], day("2024-11-28")).unwrap();
        let mut file = OpenOptions::new().append(true).open(list.path()).unwrap();
        file.write_all(b"a line of somebody else's\n").unwrap();
        list.forget_before(day("2024-11-28")).unwrap();
        let erased = list.read().unwrap();
        assert!(!erased.holds(&[1; 32]) && erased.holds(&[2; 32]));
        assert!(
            fs::read_to_string(list.path()).unwrap().ends_with("\na line of somebody else's\n")
        );
        let mode = fs::metadata(list.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn who_wants_no_mail_is_on_it_for_good_and_is_no_letter() {
        let (_folder, list) = list();
        list.add_unsubscribed(&[3; 32]).unwrap();
        list.add(&[1; 32], day("2024-11-27")).unwrap();
        list.forget_before(day("2030-01-01")).unwrap();
        let erased = list.read().unwrap();
        assert_eq!(erased.unsubscribed().collect::<Vec<_>>(), [&[3; 32]]);
        assert!(erased.is_empty() && !erased.holds(&[3; 32]));
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_spoil_the_next() {
        let (_folder, list) = list();
        list.add(&[1; 32], day("2024-11-27")).unwrap();
        let whole = fs::read(list.path()).unwrap();
        fs::write(list.path(), [&whole[..], &whole[..40]].concat()).unwrap();
        list.add(&[2; 32], day("2024-11-28")).unwrap();
        assert_eq!(list.read().unwrap().len(), 2);
    }

    #[test]
    fn many_who_add_while_others_forget_lose_nothing() {
        let (_folder, list) = list();
        std::thread::scope(|scope| {
            for thread in 0..4_u8 {
                let list = list.clone();
                scope.spawn(move || {
                    for number in 0..25 {
                        list.add(&[thread * 25 + number; 32], day("2024-11-27")).unwrap();
                        list.add(&[200; 32], day("2020-01-01")).unwrap();
                        list.forget_before(day("2024-01-01")).unwrap();
                    }
                });
            }
        });
        let erased = list.read().unwrap();
        assert!((0..100).all(|number| erased.holds(&[number; 32])));
        assert_eq!(erased.len(), 100);
    }
}
