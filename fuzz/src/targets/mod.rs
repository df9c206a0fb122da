//! One function for each parser of what comes from outside. It takes any bytes; that it panics, hangs or breaks
//! its promise is what a fuzzer looks for. The server's tests run the same functions over the corpus, so that
//! they go on saying what is true.

mod elsewhere;
mod imports;
mod readers;
mod requests;

pub use elsewhere::{answer_bodies, image_names, partner_pages, pictures, redirections};
pub use imports::{
    article_json, import_ans, import_any, import_feed, import_html, import_json_feed,
    import_markdown, import_ninjs, import_runs, import_text, import_wordpress, language_files,
};
pub use readers::{
    embed_parameters, feedback, mail_addresses, mails, proofs, reports, share_marks, tickets,
};
pub use requests::{admin_queries, credentials, headers, http_heads, http2_frames, traceparent};

type Target = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const ALL: [(&str, Target); 31] = [
    ("article_json", article_json),
    ("import_any", import_any),
    ("import_runs", import_runs),
    ("import_html", import_html),
    ("import_markdown", import_markdown),
    ("import_ninjs", import_ninjs),
    ("import_ans", import_ans),
    ("import_wordpress", import_wordpress),
    ("import_feed", import_feed),
    ("import_json_feed", import_json_feed),
    ("import_text", import_text),
    ("language_files", language_files),
    ("reports", reports),
    ("feedback", feedback),
    ("tickets", tickets),
    ("proofs", proofs),
    ("embed_parameters", embed_parameters),
    ("share_marks", share_marks),
    ("mail_addresses", mail_addresses),
    ("mails", mails),
    ("http_heads", http_heads),
    ("http2_frames", http2_frames),
    ("headers", headers),
    ("traceparent", traceparent),
    ("credentials", credentials),
    ("admin_queries", admin_queries),
    ("partner_pages", partner_pages),
    ("answer_bodies", answer_bodies),
    ("redirections", redirections),
    ("image_names", image_names),
    ("pictures", pictures),
];
