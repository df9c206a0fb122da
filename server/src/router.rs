//! Every route, on one screen.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post, put};
use tower::ServiceBuilder;
use tower::util::MapResponseLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::admin::guard::guard;
use crate::cache::name_coding;
use crate::handlers::admin::{
    article, articles as admin_articles, edit, export, feeds, home, inbox, letter, login, partners,
    reading, revisions as admin_revisions, withdraw,
};
use crate::handlers::{
    articles, assets, embed, feedback, feedback_page, health, images, mail, media, most_read,
    oembed, openapi, page, publishing, rating_page, receipt, reports, republish, revisions, share,
    stats, unsubscribe,
};
use crate::middleware::{
    allow_embedding, cors, forbid_sniffing, limit_in_flight, observe, recover,
};
use crate::pages::problem::show_problems;
use crate::problem::Problem;
use crate::state::AppState;

/// The whole server.
pub fn router(state: AppState) -> Router {
    let api = Router::new()
        .route("/embed.js", get(assets::get_loader))
        .route("/frame-host.js", get(assets::get_frame_host))
        .route("/themes/{name}", get(assets::get_theme))
        .route("/v/{version}/{name}", get(assets::get_asset))
        .route("/v1/embed/{id}", get(embed::get_embed))
        .route("/v1/articles", get(articles::list_articles))
        .route("/v1/articles/{id}", get(articles::get_article))
        .route("/v1/most-read", get(most_read::get_most_read))
        .route("/v1/feedback", post(feedback::post_feedback))
        .route(
            "/v1/feedback/{secret}",
            get(receipt::get_receipt)
                .post(receipt::post_erasure)
                .delete(receipt::delete_feedback)
                .layer(from_fn_with_state(state.clone(), show_problems)),
        )
        .route("/v1/mail", post(mail::post_mail))
        .route("/oembed", get(oembed::get_oembed))
        .route("/media/{name}", get(media::get_media))
        .route("/a/{id}/qr.svg", get(share::get_qr))
        .route("/a/{id}/images/{name}", get(images::get_image))
        // Before the layers, so that a preflight meets CORS first.
        .method_not_allowed_fallback(not_allowed)
        .layer(
            ServiceBuilder::new()
                .layer(cors(state.tally.partners()))
                .layer(MapResponseLayer::new(allow_embedding))
                .layer(from_fn_with_state(state.clone(), limit_in_flight)),
        );

    // The answers to beacons are too short to compress, and a panic ends their connection: what a layer costs, it
    // costs some ten thousand times a second.
    let beacons = Router::new()
        .route("/v1/views", post(reports::post_view))
        .route("/v1/shares", post(reports::post_share))
        .route("/v1/ratings", post(reports::post_rating))
        .method_not_allowed_fallback(not_allowed)
        .layer(
            ServiceBuilder::new()
                .layer(MapResponseLayer::new(forbid_sniffing))
                .layer(MapResponseLayer::new(allow_embedding))
                .layer(cors(state.tally.partners())),
        );

    // No CORS: no other site's page is to hold a token.
    let publisher = Router::new()
        .route("/v1/articles/{id}", put(publishing::put_article).delete(publishing::delete_article))
        .route("/v1/articles/{id}/stats", get(stats::get_stats))
        .route("/v1/articles/{id}/revisions", get(revisions::list_revisions))
        .route("/v1/articles/{id}/revisions/{number}", get(revisions::get_revision))
        .layer(from_fn_with_state(state.clone(), limit_in_flight));

    let pages = Router::new()
        .route("/a/{id}", get(page::get_page))
        .route("/embed/{id}", get(page::get_frame))
        .route("/a/{id}/share", get(share::get_share_page))
        .route("/a/{id}/feedback", get(feedback_page::get_form).post(feedback_page::post_form))
        .route(
            "/v1/mail/unsubscribe/{token}",
            get(unsubscribe::get_unsubscribe).post(unsubscribe::post_unsubscribe),
        )
        .route("/a/{id}/rating", post(rating_page::post_rating))
        .route("/a/{id}/embed", get(republish::get_page))
        .route("/a/{id}/embed/preview", get(republish::get_preview))
        .route("/a/{id}/embed/check", get(republish::get_check).post(republish::post_check))
        .layer(from_fn_with_state(state.clone(), limit_in_flight))
        .layer(from_fn_with_state(state.clone(), show_problems));

    let admin = Router::new()
        .route("/admin", get(home::get_home))
        .route("/admin/login", get(login::get_login).post(login::post_login))
        .route("/admin/logout", post(login::post_logout))
        .route("/admin/feedback", get(inbox::get_inbox))
        .route("/admin/feedback.csv", get(export::get_csv))
        .route("/admin/feedback.json", get(export::get_json))
        .route("/admin/feedback/{no}", get(letter::get_letter))
        .route("/admin/feedback/{no}/state", post(letter::post_state))
        .route("/admin/feedback/{no}/answer", post(letter::post_answer))
        .route("/admin/feedback/{no}/erase", get(letter::get_erasure).post(letter::post_erasure))
        .route("/admin/articles", get(admin_articles::get_articles))
        .route("/admin/articles.csv", get(admin_articles::get_csv))
        .route("/admin/articles.json", get(admin_articles::get_json))
        .route("/admin/articles/{id}", get(article::get_article))
        .route("/admin/articles/{id}/{file}", get(article::get_file))
        .route("/admin/articles/{id}/edit", get(edit::get_edit).post(edit::post_edit))
        .route("/admin/articles/{id}/correct", get(edit::get_correct).post(edit::post_correct))
        .route(
            "/admin/articles/{id}/withdraw",
            get(withdraw::get_withdraw).post(withdraw::post_withdraw),
        )
        .route("/admin/articles/{id}/revisions", get(admin_revisions::get_revisions))
        .route("/admin/articles/{id}/revisions/{number}", get(admin_revisions::get_revision))
        .route(
            "/admin/articles/{id}/revisions/{number}/restore",
            post(admin_revisions::post_restore),
        )
        .route("/admin/reading", get(reading::get_reading))
        .route("/admin/reading/{file}", get(reading::get_file))
        .route("/admin/partners", get(partners::get_partners))
        .route("/admin/partners.csv", get(partners::get_csv))
        .route("/admin/partners.json", get(partners::get_json))
        .route("/admin/partners/standing", post(partners::post_standing))
        .route("/admin/feeds", get(feeds::get_feeds))
        .route("/admin/feeds.csv", get(feeds::get_csv))
        .route("/admin/feeds.json", get(feeds::get_json))
        .route("/admin/{*path}", any(async || Problem::NotFound))
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(state.clone(), limit_in_flight))
        .layer(from_fn_with_state(state.clone(), guard));

    Router::new()
        .merge(api)
        .merge(publisher)
        .merge(pages)
        .merge(admin)
        .route("/openapi.json", get(openapi::get_openapi))
        .route("/healthz", get(health::get_liveness))
        .route("/readyz", get(health::get_readiness))
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(not_allowed)
        .layer(
            ServiceBuilder::new()
                .layer(MapResponseLayer::new(forbid_sniffing))
                .layer(CatchPanicLayer::custom(recover))
                .layer(from_fn(name_coding))
                .layer(CompressionLayer::new()),
        )
        .merge(beacons)
        .layer(from_fn_with_state(state.clone(), observe))
        .with_state(state)
}

async fn not_allowed() -> Problem {
    Problem::MethodNotAllowed
}
