//! The mark on a shared link: by which way it went out, and from whose page.

use std::fmt;

use crate::store::Channel;

/// The longest partner's half: 32 bits in base 36.
const LONGEST_PARTNER: usize = 7;
/// The partner's half of a link that was shared on the publisher's own pages.
const NOBODY: &str = "0";

/// `{letter of the channel}-{partner}`: see [`Channel::from_letter`]; 32 bits in base 36.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareMark {
    channel: Channel,
    partner: String,
}

impl ShareMark {
    /// The mark of a link that was shared by `channel` on one of the publisher's own pages.
    pub fn own(channel: Channel) -> Self {
        Self { channel, partner: NOBODY.to_owned() }
    }

    /// The mark of a link that was shared by `channel` on a page of this origin, a partner's.
    pub fn of(channel: Channel, origin: &str) -> Self {
        Self { channel, partner: partner_mark(origin) }
    }

    /// Reads a mark. None where it is none of ours: links get mangled on their way.
    pub fn parse(text: &str) -> Option<Self> {
        let (letter, partner) = text.split_once('-')?;
        let mut letters = letter.chars();
        let channel = letters.next().and_then(Channel::from_letter)?;
        let in_base_36 = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
        let is_partner =
            (1..=LONGEST_PARTNER).contains(&partner.len()) && partner.bytes().all(in_base_36);
        (letters.next().is_none() && is_partner)
            .then(|| Self { channel, partner: partner.to_owned() })
    }

    /// By which way it went out.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The same partner's, by another way.
    pub fn by(&self, channel: Channel) -> Self {
        Self { channel, partner: self.partner.clone() }
    }
}

impl fmt::Display for ShareMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.channel.letter(), self.partner)
    }
}

/// The partner's half of a mark: FNV-1a, 32 bits, of the origin, in base 36.
pub fn partner_mark(origin: &str) -> String {
    let fnv = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    base36(origin.bytes().fold(0x811c_9dc5, fnv))
}

fn base36(mut number: u32) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(number % 36, 36));
        number /= 36;
        if number == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partners_half_is_fnv_1a_in_base_36() {
        // Test vectors of the FNV authors: "" and "a".
        assert_eq!(partner_mark(""), base36(0x811c_9dc5));
        assert_eq!(partner_mark("a"), base36(0xe40c_292c));
        assert_eq!(base36(0), "0");
        assert_eq!(u32::from_str_radix(&base36(u32::MAX), 36), Ok(u32::MAX));
    }

    #[test]
    fn a_mark_is_written_as_it_was_read_and_goes_over_to_another_way() {
        let mark = ShareMark::parse("z-1x3k9a").unwrap();
        assert_eq!(mark.to_string(), "z-1x3k9a");
        assert_eq!(mark.by(Channel::Qr).to_string(), "q-1x3k9a");
        assert_eq!(ShareMark::own(Channel::Page).to_string(), "a-0");
        let partners = ShareMark::of(Channel::Facebook, "https://partner.example");
        assert_eq!(partners.to_string(), "f-1wh5o");
        assert_eq!(ShareMark::parse("f-1wh5o"), Some(partners));
    }

    #[test]
    fn what_is_mangled_is_no_mark() {
        for mark in ["", "f", "f-", "b-1", "ff-1", "f-12345678", "f-1X", "f-1 ", "f-1&x", "-1"] {
            assert_eq!(ShareMark::parse(mark), None, "{mark}");
        }
    }
}
