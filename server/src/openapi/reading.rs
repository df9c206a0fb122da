//! What a partner's page asks for.

use article_widget::contract::{Embed, MostRead};

use super::operation::Description;
use super::{EmbeddedArticle, GivenArticle};
use crate::handlers::articles::{ListQuery, Listed};
use crate::handlers::embed::EmbedQuery;
use crate::handlers::most_read::MostReadQuery;
use crate::handlers::oembed::OEmbedQuery;
use crate::handlers::share::ShareQuery;
use crate::oembed::Rich;

pub(super) fn describe(api: &mut Description) {
    let about = ["reading", "get_embed", "Everything that a loader needs, once"];
    api.operation("get", "/v1/embed/{id}", about)
        .query::<EmbedQuery>()
        .json::<Embed<EmbeddedArticle>>(
            200,
            "The article rendered, or a notice where it was withdrawn.",
        )
        .tagged()
        .problems(&[400, 404, 422, 503])
        .add();
    let about = ["reading", "list_articles", "Articles that readers may see, by id"];
    api.operation("get", "/v1/articles", about)
        .query::<ListQuery>()
        .json::<Listed>(200, "A page of them.")
        .problems(&[400, 422, 503])
        .add();
    let about = ["reading", "get_article", "An article as its publisher gave it"];
    api.operation("get", "/v1/articles/{id}", about)
        .json::<GivenArticle>(200, "The article. The tag is a strong one, to be sent as If-Match.")
        .tagged()
        .problems(&[400, 404, 410, 503])
        .add();
    let about = ["reading", "get_most_read", "What is read most"];
    api.operation("get", "/v1/most-read", about)
        .query::<MostReadQuery>()
        .json::<MostRead>(200, "The list, which says what it is of.")
        .problems(&[400, 422, 503])
        .add();
    let about = ["reading", "get_loader", "The newest loader"];
    api.operation("get", "/embed.js", about)
        .media(200, "The script.", &["text/javascript"])
        .tagged()
        .problems(&[404, 503])
        .add();
    let about =
        ["reading", "get_frame_host", "What gives frames their height, in the page around them"];
    api.operation("get", "/frame-host.js", about)
        .media(200, "The script.", &["text/javascript"])
        .tagged()
        .problems(&[404, 503])
        .add();
    let about =
        ["reading", "get_theme", "A theme, as a style sheet for the page around the widget"];
    api.operation("get", "/themes/{name}", about)
        .media(200, "The style sheet.", &["text/css"])
        .tagged()
        .problems(&[400, 404, 503])
        .add();
    let about = ["reading", "get_oembed", "An article for whoever knows oEmbed"];
    api.operation("get", "/oembed", about)
        .query::<OEmbedQuery>()
        .json::<Rich>(200, "A frame, and a few words for those who show their own.")
        .media(200, "The same as XML.", &["text/xml"])
        .tagged()
        .problems(&[400, 404, 422, 501, 503])
        .add();
    let about = ["reading", "get_asset", "A file of any release of the widget"];
    api.operation("get", "/v/{version}/{name}", about)
        .media(
            200,
            "The file, which never changes.",
            &["text/javascript", "text/css", "application/wasm"],
        )
        .tagged()
        .problems(&[400, 404, 503])
        .add();
    let about = ["reading", "get_media", "A picture"];
    let pictures = ["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"];
    api.operation("get", "/media/{name}", about)
        .media(200, "The file.", &pictures)
        .tagged()
        .problems(&[400, 404, 410, 503])
        .add();
    let about = ["reading", "get_image", "A size of a picture of the article"];
    api.operation("get", "/a/{id}/images/{name}", about)
        .media(200, "The file.", &["image/jpeg", "image/webp"])
        .tagged()
        .problems(&[400, 404, 410, 503])
        .add();
    let about = ["reading", "get_qr", "A QR code of the article's page"];
    api.operation("get", "/a/{id}/qr.svg", about)
        .query::<ShareQuery>()
        .media(200, "The code.", &["image/svg+xml"])
        .tagged()
        .problems(&[400, 404, 410, 503])
        .add();
}
