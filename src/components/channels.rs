//! The ways to share: which there are, and where their links lead.

/// A way to share.
pub(super) struct Channel {
    /// Its name in reports and settings.
    pub(super) name: &'static str,
    /// Its letter in the share mark.
    pub(super) letter: &'static str,
    /// The message key of its label; or the label itself, where that is a name.
    pub(super) label: &'static str,
    /// What its item does.
    pub(super) kind: Kind,
}

/// What an item does.
pub(super) enum Kind {
    /// Opens the browser's own dialog.
    Native,
    /// Puts the link on the clipboard.
    Copy,
    /// Opens that dialog, or copies with a word about Zalo.
    Zalo,
    /// Leads to another site's page with the link, percent-encoded, behind these words, and with the title
    /// behind that where there are words for it.
    Site(&'static str, Option<&'static str>),
    /// Leads to Messenger: in one way on phones, in another elsewhere.
    Messenger,
    /// Begins a mail.
    Email,
    /// Shows a QR code.
    Qr,
    /// Leads to the article alone on its own page, which prints better than the page around the widget.
    Print,
}

/// All of them, in the order of a publisher who names none.
pub(super) static CHANNELS: [Channel; 12] = [
    channel("native", "n", "share.native", Kind::Native),
    channel("copy", "c", "share.copy", Kind::Copy),
    channel("zalo", "z", "Zalo", Kind::Zalo),
    site("facebook", "f", "Facebook", "https://www.facebook.com/sharer/sharer.php?u=", None),
    channel("messenger", "m", "Messenger", Kind::Messenger),
    channel("email", "e", "share.email", Kind::Email),
    site("x", "x", "X", "https://x.com/intent/post?url=", Some("&text=")),
    site("telegram", "t", "Telegram", "https://t.me/share/url?url=", Some("&text=")),
    site("whatsapp", "w", "WhatsApp", "https://wa.me/?text=", Some("%20")),
    site("linkedin", "l", "LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url=", None),
    channel("qr", "q", "share.qr", Kind::Qr),
    channel("print", "p", "share.print", Kind::Print),
];

const fn channel(
    name: &'static str,
    letter: &'static str,
    label: &'static str,
    kind: Kind,
) -> Channel {
    Channel { name, letter, label, kind }
}

const fn site(
    name: &'static str,
    letter: &'static str,
    label: &'static str,
    link: &'static str,
    title: Option<&'static str>,
) -> Channel {
    channel(name, letter, label, Kind::Site(link, title))
}

/// The channel of that name.
pub(super) fn find(name: &str) -> Option<&'static Channel> {
    CHANNELS.iter().find(|channel| channel.name == name)
}
