//! What readers write, and have sent.

use article_widget::contract::{FeedbackReceipt, FeedbackReport, MailReport};

use super::operation::{Description, Operation};
use crate::handlers::feedback::Signs;
use crate::handlers::mail;
use crate::handlers::receipt::Kept;
use crate::handlers::unsubscribe::UnsubscribeQuery;

pub(super) fn describe(api: &mut Description) {
    let about = ["letters", "post_feedback", "Sends a letter to the editor"];
    keyed(api.operation("post", "/v1/feedback", about))
        .json_body_of_both::<FeedbackReport, Signs>()
        .json::<FeedbackReceipt>(201, "It is kept.")
        .problems(&[403, 404, 409, 410, 422, 429, 503])
        .add();
    let about = ["letters", "post_mail", "Has an article sent to a friend"];
    keyed(api.operation("post", "/v1/mail", about))
        .json_body::<MailReport>()
        .json::<mail::Taken>(202, "What became of it.")
        .problems(&[404, 409, 410, 422, 429, 503])
        .add();
    private(api);
    let about = ["letters", "get_unsubscribe", "Asks whether to send no more mails"];
    api.operation("get", "/v1/mail/unsubscribe/{token}", about)
        .query::<UnsubscribeQuery>()
        .media(200, "A page with a button.", &["text/html"])
        .page_problems(&[400, 404, 503])
        .add();
    let about = ["letters", "post_unsubscribe", "Has no more mails sent (RFC 8058)"];
    api.operation("post", "/v1/mail/unsubscribe/{token}", about)
        .query::<UnsubscribeQuery>()
        .any_body()
        .media(200, "A page that says so.", &["text/html"])
        .page_problems(&[400, 404, 408, 413, 503])
        .add();
}

/// The sender's private link.
fn private(api: &mut Description) {
    const PATH: &str = "/v1/feedback/{secret}";
    let about = ["letters", "get_feedback", "The sender reads the letter again"];
    api.operation("get", PATH, about)
        .json::<Kept<'_>>(200, "All of it.")
        .page_problems(&[400, 404, 503])
        .add();
    let about = ["letters", "erase_feedback", "The sender erases it by a page's button"];
    api.operation("post", PATH, about)
        .any_body()
        .media(200, "A page that says so.", &["text/html"])
        .page_problems(&[400, 404, 408, 413, 503])
        .add();
    let about = ["letters", "delete_feedback", "The sender erases it"];
    api.operation("delete", PATH, about)
        .empty(204, "It is erased.")
        .page_problems(&[400, 404, 503])
        .add();
}

fn keyed(operation: Operation<'_>) -> Operation<'_> {
    operation
        .header("Idempotency-Key", true, "Names what is sent: the same again is the same.")
        .header("Proof", false, "A proof of work, where one was asked for: CHALLENGE.COUNTER")
}
