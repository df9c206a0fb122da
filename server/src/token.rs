//! Tokens open the API to the publisher's own programs. The server knows a token by its hash alone: it
//! is told once, to whoever makes it, and stands in no database, no log and no `Debug`.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::clock::UnixSeconds;

/// What a token begins with, so that people and scanners know it for what it is.
const PREFIX: &str = "awt_";
/// Random bytes in a token.
const BYTES: usize = 32;

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// To change articles.
    ArticlesWrite,
    /// To read what was counted.
    StatsRead,
}

/// A token, in clear: `awt_` and 256 random bits in base64url.
pub struct Token(String);

/// What a token grants; all that is kept of it, beside its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// For people; there is one token of a name.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: UnixSeconds,
}

impl Scope {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::ArticlesWrite, Self::StatsRead];

    /// Its name on the command line and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArticlesWrite => "articles:write",
            Self::StatsRead => "stats:read",
        }
    }

    /// The scope of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&bytes))))
    }

    /// The token in a text that has a token's form. None in any other: the store need not be asked.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.strip_prefix(PREFIX)?.as_bytes()).ok()?;
        (bytes.len() == BYTES).then(|| Self(text.to_owned()))
    }

    /// In clear, for its owner.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the store knows of it: the SHA-256 of the whole text.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl Grant {
    /// Whether the token may be used for this.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The scopes' names with commas between them.
    pub fn scope_names(&self) -> String {
        let names: Vec<&str> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        names.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_no_two_are_the_same() {
        let token = Token::random().unwrap();
        let read = Token::parse(token.reveal()).unwrap();
        assert_eq!((token.reveal().len(), read.hash()), (47, token.hash()));
        assert_ne!(Token::random().unwrap().hash(), token.hash());
    }

    #[test]
    fn what_has_not_a_tokens_form_is_none() {
        let token = Token::random().unwrap();
        let bare = token.reveal().strip_prefix(PREFIX).unwrap();
        for text in ["", "awt_", bare, &format!("awt_{bare}A"), &format!("awt_{}", &bare[1..])] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_names_of_scopes_lead_back() {
        for scope in Scope::ALL {
            assert_eq!(Scope::parse(scope.as_str()), Some(scope));
        }
        assert_eq!(Scope::parse("stats"), None);
    }
}
