//! What a partner's page reports.

use article_widget::contract::{RatingReport, ShareReport, ViewReport};

use super::operation::Description;
use crate::handlers::reports::Taken;

pub(super) fn describe(api: &mut Description) {
    let about = ["counting", "post_view", "Reports a view; the same again raises it"];
    api.operation("post", "/v1/views", about)
        .beacon::<ViewReport>()
        .json::<Taken>(202, "What became of it; it is committed.")
        .problems(&[404, 422, 503])
        .add();
    let about = ["counting", "post_share", "Reports a share; the same again counts once"];
    api.operation("post", "/v1/shares", about)
        .beacon::<ShareReport>()
        .json::<Taken>(202, "What became of it; it is committed.")
        .problems(&[404, 422, 503])
        .add();
    let about = ["counting", "post_rating", "Says whether an article was of use"];
    api.operation("post", "/v1/ratings", about)
        .beacon::<RatingReport>()
        .json::<Taken>(202, "What became of it; it is committed.")
        .problems(&[404, 410, 422, 503])
        .add();
}
