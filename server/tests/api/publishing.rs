//! `PUT` and `DELETE /v1/articles/{id}` and the revisions that they leave.

mod conditions;
mod purge;
mod revisions;
mod writes;

use article_server::token::Scope;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use crate::support::{Server, token};

/// A server, and a token that may write articles.
pub(crate) struct Desk {
    pub(crate) server: Server,
    token: String,
}

impl Desk {
    pub(crate) async fn with(articles: &[Value]) -> Self {
        Self::of(Server::with(articles).await).await
    }

    pub(crate) async fn of(server: Server) -> Self {
        let token = token(server.folder.path(), &[Scope::ArticlesWrite]).await;
        Self { server, token }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.server.request(method, path).bearer_auth(&self.token)
    }

    /// `PUT` with these headers.
    pub(crate) async fn put(&self, article: &Value, headers: &[(&str, &str)]) -> Response {
        let path = format!("/v1/articles/{}", article["id"].as_str().unwrap());
        let mut request = self.request("PUT", &path).body(article.to_string());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn delete(&self, id: &str) -> Response {
        self.request("DELETE", &format!("/v1/articles/{id}")).send().await.unwrap()
    }

    /// The revisions of an article, the newest first.
    pub(crate) async fn revisions(&self, id: &str) -> Vec<Value> {
        let list = self.request("GET", &format!("/v1/articles/{id}/revisions"));
        let list: Value = list.send().await.unwrap().json().await.unwrap();
        list["revisions"].as_array().unwrap().clone()
    }
}
