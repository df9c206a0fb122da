//! The names of the ways to share.

use super::Channel;

/// Each with its name on the wire and its letter in a share mark.
const NAMES: [(Channel, &str, char); 15] = [
    (Channel::Native, "native", 'n'),
    (Channel::Copy, "copy", 'c'),
    (Channel::Zalo, "zalo", 'z'),
    (Channel::Facebook, "facebook", 'f'),
    (Channel::Messenger, "messenger", 'm'),
    (Channel::Email, "email", 'e'),
    (Channel::X, "x", 'x'),
    (Channel::Telegram, "telegram", 't'),
    (Channel::Whatsapp, "whatsapp", 'w'),
    (Channel::Linkedin, "linkedin", 'l'),
    (Channel::Qr, "qr", 'q'),
    (Channel::Print, "print", 'p'),
    (Channel::Passage, "passage", 'k'),
    (Channel::Sent, "sent", 's'),
    (Channel::Page, "page", 'a'),
];

impl Channel {
    /// Those that the menu can offer, in its own order.
    pub const OFFERED: [Self; 12] = [
        Self::Native,
        Self::Copy,
        Self::Zalo,
        Self::Facebook,
        Self::Messenger,
        Self::Email,
        Self::X,
        Self::Telegram,
        Self::Whatsapp,
        Self::Linkedin,
        Self::Qr,
        Self::Print,
    ];

    /// Every one.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.into_iter().map(|(channel, ..)| channel)
    }

    /// Its name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        self.names().1
    }

    /// Its letter in a share mark.
    pub fn letter(self) -> char {
        self.names().2
    }

    /// The way of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|channel| channel.as_str() == name)
    }

    /// The way that a share mark begins with.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::all().find(|channel| channel.letter() == letter)
    }

    fn names(self) -> (Self, &'static str, char) {
        let is_it = |(channel, ..): &(Self, &str, char)| *channel == self;
        NAMES.into_iter().find(is_it).unwrap_or(NAMES[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_letters_lead_back() {
        for channel in Channel::all().chain(Channel::OFFERED) {
            assert_eq!(Channel::parse(channel.as_str()), Some(channel));
            assert_eq!(Channel::from_letter(channel.letter()), Some(channel));
        }
        assert_eq!(Channel::parse("smoke"), None);
    }
}
