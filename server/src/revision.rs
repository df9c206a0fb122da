//! One state of an article: what names it, who made it, and what a change expects to find.

use std::fmt;

use sha2::{Digest, Sha256};

/// Bytes of a tag: enough that no two states of an article ever share one.
const BYTES: usize = 16;

/// Names one state of an article by its JSON, byte for byte. The same JSON again is the same state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RevisionTag([u8; BYTES]);

/// Who changed an article: `import`, `command`, `api:` and a token's name, `person:` and a person's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author(String);

/// What a state was made for, as its note says it. Readers of the API have the note itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// Readers are told of something that was put right.
    Correction,
    /// An earlier state, of this number, stands again.
    Restored(u32),
    /// Whatever somebody says; often nothing.
    Said(&'a str),
}

/// What a change expects to find. Where it finds something else nothing is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Whatever there is.
    Anything,
    /// No such article.
    Nothing,
    /// The article, in whatever state.
    Something,
    /// The article in one of these states.
    OneOf(Vec<RevisionTag>),
    /// No such article, or one that says this already: nothing is overwritten.
    NothingElse,
}

impl RevisionTag {
    /// Of an article's JSON.
    pub fn of(json: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(json).into();
        Self::from_bytes(&digest[..BYTES]).expect("it is cut to length")
    }

    /// As the store keeps it; none where they are not as many bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// As the store keeps it.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; BYTES];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl fmt::Display for RevisionTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl Author {
    /// Whoever runs an import, or a feed that is followed.
    pub fn import() -> Self {
        Self("import".to_owned())
    }

    /// Whoever runs a command on the server's machine.
    pub fn command() -> Self {
        Self("command".to_owned())
    }

    /// One of the publisher's programs, by its token's name.
    pub fn program(token: &str) -> Self {
        Self(format!("api:{token}"))
    }

    /// One of the publisher's people, by name.
    pub fn person(name: &str) -> Self {
        Self(format!("person:{name}"))
    }

    /// As the store keeps it; empty where it knows nobody.
    pub fn stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it is one of the publisher's people.
    pub fn is_person(&self) -> bool {
        self.0.starts_with("person:")
    }

    /// As the store keeps it and the API tells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

const CORRECTION: &str = "correction";
const RESTORED: &str = "restored from version ";

impl<'a> Purpose<'a> {
    /// Reads what [`Display`](fmt::Display) writes.
    pub fn of(note: &'a str) -> Self {
        if note == CORRECTION {
            return Self::Correction;
        }
        let number = note.strip_prefix(RESTORED).and_then(|number| number.parse().ok());
        number.map_or(Self::Said(note), Self::Restored)
    }
}

impl fmt::Display for Purpose<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Correction => formatter.write_str(CORRECTION),
            Self::Restored(number) => write!(formatter, "{RESTORED}{number}"),
            Self::Said(words) => formatter.write_str(words),
        }
    }
}

impl Expected {
    /// Whether an article in this state, or none, is what was expected.
    pub fn is(&self, found: Option<&RevisionTag>) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing | Self::NothingElse => found.is_none(),
            Self::Something => found.is_some(),
            Self::OneOf(tags) => found.is_some_and(|found| tags.contains(found)),
        }
    }

    /// Whether a change may be made that has been made already: a request that was sent again, for its
    /// answer was lost (RFC 9110, section 13.1.1). Who wants to create, and nothing else, is told.
    pub fn allows_again(&self) -> bool {
        *self != Self::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_back_and_differs_by_a_byte() {
        let (tag, other) = (RevisionTag::of("{}"), RevisionTag::of("{ }"));
        assert_ne!(tag, other);
        assert_eq!(RevisionTag::parse(&tag.to_string()), Some(tag));
        assert_eq!(RevisionTag::from_bytes(tag.as_bytes()), Some(tag));
        let text = tag.to_string();
        for wrong in ["", &text[1..], &format!("{text}0"), &text.replace(&text[..1], "g")] {
            assert_eq!(RevisionTag::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_purpose_is_read_back() {
        for purpose in [Purpose::Correction, Purpose::Restored(12), Purpose::Said("Sai nguồn")] {
            assert_eq!(Purpose::of(&purpose.to_string()), purpose);
        }
        assert_eq!(
            Purpose::of("restored from version x"),
            Purpose::Said("restored from version x")
        );
    }

    #[test]
    fn what_is_expected_is_compared_with_what_is_there() {
        let (there, other) = (RevisionTag::of("a"), RevisionTag::of("b"));
        let table = [
            (Expected::Anything, true, true),
            (Expected::Nothing, true, false),
            (Expected::NothingElse, true, false),
            (Expected::Something, false, true),
            (Expected::OneOf(vec![other, there]), false, true),
            (Expected::OneOf(vec![other]), false, false),
        ];
        for (expected, of_none, of_there) in table {
            assert_eq!(expected.is(None), of_none, "{expected:?}");
            assert_eq!(expected.is(Some(&there)), of_there, "{expected:?}");
        }
    }
}
