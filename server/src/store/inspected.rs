//! What is found of a database that is only looked at.

use std::fmt;

use crate::clock::UnixSeconds;

/// A database that was looked at.
#[derive(Clone, Debug)]
pub struct Inspected {
    /// What it is, for people: without a password.
    pub place: String,
    /// Its tables, beside those of this version.
    pub schema: Schema,
    /// What time it has, where it has a clock of its own.
    pub now: Option<UnixSeconds>,
}

/// A database that was read for what a disk has changed of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examined {
    /// What is wrong, each as a sentence.
    pub damage: Vec<String>,
    /// Whether all of it was read: not where that took too long.
    pub is_whole: bool,
}

/// A day's salt as it is kept: sealed, where there is a key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptSalt {
    /// Its day, in days since 1970-01-01 where the publisher is.
    pub day: i64,
    /// It, or what it is sealed in.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for KeptSalt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("KeptSalt").field("day", &self.day).finish_non_exhaustive()
    }
}

/// A database's tables, beside those of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There are none yet.
    None,
    /// They lack so many steps.
    Behind(i64),
    /// They are the same.
    Current,
    /// They are those of a later version.
    Ahead,
}

impl Schema {
    /// Of a database that has seen the migrations up to `seen`, where there are those up to `latest`.
    pub(super) fn of(seen: i64, latest: i64) -> Self {
        match latest - seen {
            _ if seen == 0 => Self::None,
            0 => Self::Current,
            missing if missing > 0 => Self::Behind(missing),
            _ => Self::Ahead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_from_the_first() {
        let of = |seen| Schema::of(seen, 16);
        assert_eq!(
            [of(0), of(14), of(16), of(17)],
            [Schema::None, Schema::Behind(2), Schema::Current, Schema::Ahead]
        );
    }
}
