//! Partners, as the registry has them.

use crate::clock::UnixSeconds;

/// A partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partner {
    /// The origin of its pages: `https://partner.example`.
    pub origin: String,
    /// What the publisher says of it.
    pub standing: Standing,
    /// When it first counted something, or was spoken of.
    pub first_seen: UnixSeconds,
}

/// What the publisher says of a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing yet.
    New,
    /// It is one.
    Allowed,
    /// It is none.
    Blocked,
}

impl Standing {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::New, Self::Allowed, Self::Blocked];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Allowed => "allowed",
            Self::Blocked => "blocked",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}
