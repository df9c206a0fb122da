//! Everything there is, in lines that other programs read: `article-server export`.
//!
//! Each line is a JSON object with one field, whose name says what is in it; `docs/leaving.md` tells each.
//! What is kept only for a day, or to keep people out (salts, sessions, hashes of passwords and tokens, what
//! waits to be sent), is not among it: it would be of no use elsewhere.

/// The kind of a line with an article: its JSON, verbatim.
pub const ARTICLE: &str = "article";

/// Every kind of line, in their order.
pub const KINDS: [&str; 9] =
    [ARTICLE, "revision", "partner", "views", "shares", "arrivals", "rating", "feedback", "feed"];
