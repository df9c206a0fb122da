//! For the publisher's own programs.

use article_widget::contract::Article;

use super::GivenArticle;
use super::operation::Description;
use crate::handlers::publishing::Changed;
use crate::handlers::revisions::{ListQuery, Listed};
use crate::handlers::stats::{Answer, StatsQuery};
use crate::token::Scope;

const IF_MATCH: &str = "The strong tag of the state that is replaced, or *";

pub(super) fn describe(api: &mut Description) {
    writes(api);
    let about = ["publishing", "list_revisions", "How an article stands and has stood"];
    api.operation("get", "/v1/articles/{id}/revisions", about)
        .query::<ListQuery>()
        .token(Scope::ArticlesWrite)
        .json::<Listed>(200, "The newest first.")
        .problems(&[400, 404, 422, 503])
        .add();
    let about = ["publishing", "get_revision", "An article as it was"];
    api.operation("get", "/v1/articles/{id}/revisions/{number}", about)
        .token(Scope::ArticlesWrite)
        .json::<GivenArticle>(200, "The article.")
        .tagged()
        .problems(&[400, 404, 503])
        .add();
    let about = ["publishing", "get_stats", "What was counted of an article"];
    api.operation("get", "/v1/articles/{id}/stats", about)
        .query::<StatsQuery>()
        .token(Scope::StatsRead)
        .json::<Answer>(200, "By hour, partner and way of sharing.")
        .problems(&[400, 404, 422, 503])
        .add();
}

fn writes(api: &mut Description) {
    const PATH: &str = "/v1/articles/{id}";
    let about = ["publishing", "put_article", "Has an article stand as the body says"];
    api.operation("put", PATH, about)
        .token(Scope::ArticlesWrite)
        .header("If-Match", false, IF_MATCH)
        .header("If-None-Match", false, "* to create, and to replace nothing")
        .json_body::<Article>()
        .json::<Changed>(200, "It replaces another state.")
        .with_header(200, "ETag", "The strong tag of the state that stands now.")
        .json::<Changed>(201, "It is new.")
        .with_header(201, "ETag", "The strong tag of the state that stands now.")
        .with_header(201, "Location", "Where it is read.")
        .empty(204, "It stood so already.")
        .problems(&[404, 412, 422, 428, 503])
        .add();
    let about =
        ["publishing", "withdraw_article", "Withdraws an article; the same again is the same"];
    api.operation("delete", PATH, about)
        .token(Scope::ArticlesWrite)
        .header("If-Match", false, IF_MATCH)
        .json::<Changed>(200, "It is withdrawn, and was perhaps before.")
        .with_header(200, "ETag", "The strong tag of the state that stands now.")
        .problems(&[400, 404, 412, 422, 503])
        .add();
}
