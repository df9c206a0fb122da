//! The names of the ways to share.

use super::Channel;

impl Channel {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Native,
        Self::Copy,
        Self::Email,
        Self::Facebook,
        Self::X,
        Self::Telegram,
        Self::Whatsapp,
        Self::Print,
    ];

    /// Its name on the wire and in the store. The first letter is its letter in a share mark.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Copy => "copy",
            Self::Email => "email",
            Self::Facebook => "facebook",
            Self::X => "x",
            Self::Telegram => "telegram",
            Self::Whatsapp => "whatsapp",
            Self::Print => "print",
        }
    }

    /// The way of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }

    /// The way that a share mark begins with.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str().starts_with(letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_letters_lead_back() {
        for channel in Channel::ALL {
            assert_eq!(Channel::parse(channel.as_str()), Some(channel));
            let letter = channel.as_str().chars().next().unwrap();
            assert_eq!(Channel::from_letter(letter), Some(channel));
        }
    }
}
