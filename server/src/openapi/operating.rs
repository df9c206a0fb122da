//! For whoever runs the server.

use serde_json::Value;

use super::operation::Description;

pub(super) fn describe(api: &mut Description) {
    let about = ["operating", "get_liveness", "Whether the process answers"];
    api.operation("get", "/healthz", about).media(200, "It does.", &["text/plain"]).add();
    let about = [
        "operating",
        "get_readiness",
        "Whether its database answers too, and it has not been told to stop",
    ];
    api.operation("get", "/readyz", about)
        .media(200, "It does.", &["text/plain"])
        .problems(&[503])
        .add();
    let about = ["operating", "get_openapi", "This document"];
    api.operation("get", "/openapi.json", about)
        .json::<Value>(200, "OpenAPI 3.1.")
        .tagged()
        .problems(&[503])
        .add();
}
