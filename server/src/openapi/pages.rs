//! Pages of HTML.

use super::operation::Description;
use crate::handlers::embed::EmbedQuery;
use crate::handlers::feedback_page::{FormQuery, Sent};
use crate::handlers::rating_page;
use crate::handlers::share::ShareQuery;

const HTML: [&str; 1] = ["text/html"];

pub(super) fn describe(api: &mut Description) {
    let about = ["pages", "get_page", "The article's own page"];
    api.operation("get", "/a/{id}", about)
        .query::<EmbedQuery>()
        .media(200, "The page, complete without a script.", &HTML)
        .tagged()
        .page_problems(&[400, 404, 422, 503])
        .media(410, "A page that says that the article was withdrawn.", &HTML)
        .add();
    let about = ["pages", "get_frame", "The same as the document of a frame"];
    api.operation("get", "/embed/{id}", about)
        .query::<EmbedQuery>()
        .media(200, "The document, or a notice where the article was withdrawn.", &HTML)
        .tagged()
        .page_problems(&[400, 404, 422, 503])
        .add();
    let about = ["pages", "get_share_page", "Helps to share an article where no script does"];
    api.operation("get", "/a/{id}/share", about)
        .query::<ShareQuery>()
        .media(200, "The page.", &HTML)
        .page_problems(&[400, 404, 410, 503])
        .add();
    let about = ["pages", "get_form", "The form for a letter to the editor"];
    api.operation("get", "/a/{id}/feedback", about)
        .query::<FormQuery>()
        .media(200, "The form.", &HTML)
        .page_problems(&[400, 404, 410, 503])
        .add();
    let about = ["pages", "post_form", "Sends the form"];
    api.operation("post", "/a/{id}/feedback", about)
        .form::<Sent>()
        .page_problems(&[400, 404, 408, 410, 413])
        .media(201, "The letter is kept.", &HTML)
        .media(403, "The page is no partner's.", &HTML)
        .media(409, "The form was sent with other content before.", &HTML)
        .media(422, "The form again, with what is wrong.", &HTML)
        .media(429, "The form again: too much came from this address.", &HTML)
        .media(503, "The form again: nothing was kept.", &HTML)
        .add();
    let about = ["pages", "post_rating_form", "Sends a rating"];
    api.operation("post", "/a/{id}/rating", about)
        .form::<rating_page::Sent>()
        .page_problems(&[400, 404, 408, 410, 413, 422, 503])
        .media(201, "It is kept.", &HTML)
        .media(403, "It is not taken.", &HTML)
        .media(429, "Too much came from this address.", &HTML)
        .add();
}
