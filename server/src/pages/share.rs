//! The page that helps to share an article where no script does: its link to copy, a QR code, a mail.

use article_widget::contract::ArticleId;
use askama::Template;

/// The page.
#[derive(Template)]
#[template(path = "share.html")]
pub struct SharePage<'a> {
    /// The interface's language.
    pub language: &'a str,
    /// The article's.
    pub id: &'a ArticleId,
    /// The article's.
    pub title: &'a str,
    /// What is to be copied.
    pub link: &'a str,
    /// An SVG picture.
    pub qr: &'a str,
    /// A link that begins a mail.
    pub mail: &'a str,
}

/// Its words. Not among the interface's messages, for those go to every reader of every article.
struct Words {
    title: &'static str,
    link: &'static str,
    copy: &'static str,
    scan: &'static str,
    mail: &'static str,
}

const VIETNAMESE: Words = Words {
    title: "Gửi bài này cho bạn bè",
    link: "Liên kết của bài",
    copy: "Chạm và giữ vào ô, chọn tất cả rồi sao chép; sau đó dán vào cuộc trò chuyện Zalo hoặc ứng dụng khác.",
    scan: "Hoặc mở Zalo trên điện thoại, chọn biểu tượng quét mã QR và hướng máy ảnh vào mã này.",
    mail: "Gửi bằng thư điện tử",
};

const ENGLISH: Words = Words {
    title: "Send this article to friends",
    link: "Link to the article",
    copy: "Touch and hold the field, select all and copy; then paste it into a Zalo chat or another app.",
    scan: "Or open Zalo on a phone, choose its QR scanner and point the camera at this code.",
    mail: "Send it by e-mail",
};

impl SharePage<'_> {
    fn words(&self) -> &'static Words {
        if self.language == "vi" { &VIETNAMESE } else { &ENGLISH }
    }
}
