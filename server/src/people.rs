//! The publisher's people: who may log in, and what they may do there.

use unicode_normalization::UnicodeNormalization;

use crate::clock::UnixSeconds;

/// No name is longer, in characters.
const LONGEST_NAME: usize = 100;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads, answers, marks and exports feedback.
    Editor,
    /// Erases it, too.
    Admin,
}

/// One of the publisher's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What they log in by; there is one of a name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When they were added.
    pub created_at: UnixSeconds,
}

impl Role {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Editor, Self::Admin];

    /// Its name on the command line and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether they may erase what a reader wrote.
    pub fn may_erase(self) -> bool {
        self == Self::Admin
    }
}

/// A name in the one form that it is kept in, however a keyboard composed it (Unicode NFC). None where
/// it is empty, longer than 100 characters, or nothing that a list of lines can hold.
pub fn name(text: &str) -> Option<String> {
    let name: String = text.trim().nfc().collect();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    (fits && !name.contains(char::is_control)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_however_it_was_typed() {
        assert_eq!(name(" Hoa\u{300}a "), name("Ho\u{e0}a"));
        for text in ["", "  ", "two\nlines", &"ơ".repeat(101)] {
            assert_eq!(name(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_names_of_roles_lead_back() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
        assert_eq!(Role::parse("owner"), None);
    }
}
