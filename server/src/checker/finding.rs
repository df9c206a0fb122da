//! What can be said of a partner's page. The words are in `messages/pages`: `check.KEY` says what it is,
//! `check.KEY.do` what to do.

/// One thing to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// What it is about, in the page's own words: stands in place of `{it}`. May be empty.
    pub it: String,
}

/// How bad it is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The article is not shown, or not counted.
    Error,
    /// It is shown, and something is missing.
    Warning,
    /// As it should be.
    Good,
}

impl Severity {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Good => "good",
        }
    }
}

/// Declares the things to say with their keys and how bad they are.
macro_rules! whats {
    ($($(#[$doc:meta])* $name:ident $key:literal $severity:ident,)*) => {
        /// Everything that can be said.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum What { $($(#[$doc])* $name,)* }

        impl What {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Names its words.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }
        }
    };
}

whats! {
    /// Nothing of ours is in the page.
    Nothing "nothing" Error,
    /// The snippet is shown as text.
    Escaped "escaped" Error,
    /// Of the snippet only the link is left.
    OnlyLink "only_link" Error,
    /// The quotation marks of the snippet are those of print.
    Quotes "quotes" Error,
    /// The script is there and no element with it.
    NoElement "no_element" Error,
    /// The element is there and no script with it.
    NoLoader "no_loader" Error,
    /// The element names no article.
    NoId "no_id" Error,
    /// There is no such article.
    UnknownArticle "unknown_article" Error,
    /// It has been withdrawn.
    Withdrawn "withdrawn" Warning,
    /// It is another article than the one asked about.
    OtherArticle "other_article" Warning,
    /// This server, in another way than it is reached.
    Scheme "scheme" Error,
    /// Another server.
    Elsewhere "elsewhere" Error,
    /// Whoever runs no script sees nothing.
    NoLink "no_link" Warning,
    /// The loader is there twice.
    TwoLoaders "two_loaders" Warning,
    /// Browsers do not run the script by themselves.
    ScriptType "script_type" Warning,
    /// A digest of what changes.
    MovingIntegrity "moving_integrity" Error,
    /// There never was such a release.
    UnknownRelease "unknown_release" Error,
    /// A digest of something else.
    WrongIntegrity "wrong_integrity" Error,
    /// A digest that the browser may not check.
    NoCrossorigin "no_crossorigin" Error,
    /// The page's policy keeps the script out.
    ScriptBlocked "script_blocked" Error,
    /// It keeps the article out.
    ConnectionBlocked "connection_blocked" Error,
    /// It keeps pictures out.
    ImageBlocked "image_blocked" Warning,
    /// It keeps Wasm out.
    WasmBlocked "wasm_blocked" Warning,
    /// It keeps the frame out.
    FrameBlocked "frame_blocked" Error,
    /// It keeps the script out that gives the frame its height.
    FrameScriptBlocked "frame_script_blocked" Warning,
    /// The frame shows what may not be framed.
    FramePath "frame_path" Error,
    /// Nobody can tell what the frame is who does not see it.
    FrameTitle "frame_title" Warning,
    /// The frame is 150 pixels high.
    FrameHeight "frame_height" Warning,
    /// The frame may not share by the browser's dialog.
    FrameAllow "frame_allow" Warning,
    /// The frame may run no script.
    FrameSandbox "frame_sandbox" Warning,
    /// No link in the frame leads anywhere.
    FrameLinks "frame_links" Warning,
    /// What of the article is longer than the frame cannot be read.
    FrameScrolling "frame_scrolling" Error,
    /// The publisher has blocked the page's site.
    Blocked "blocked" Error,
    /// The publisher has not allowed it.
    Unlisted "unlisted" Error,
    /// The page is not encrypted.
    PlainPage "plain_page" Warning,
    /// Nothing is wrong.
    Fine "fine" Good,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{LANGUAGES, Languages};

    #[test]
    fn every_thing_to_say_has_its_words() {
        let languages = Languages::builtin("", 1);
        for language in LANGUAGES {
            for what in What::ALL {
                let key = format!("check.{}", what.key());
                let remedy = format!("{key}.do");
                for key in [&key, &remedy] {
                    assert!(languages.of(language).pages.find(key).is_some(), "{language}: {key}");
                }
            }
        }
    }
}
