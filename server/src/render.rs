//! The answer for a loader: words, dates and the component's HTML. The widget is rendered nowhere else on
//! the server.

use std::convert::Infallible;
use std::sync::Arc;

use article_widget::RENDER;
use article_widget::app::{App, AppProps};
use article_widget::contract::{Article, Embed, MostRead, Settings, Status};
use opentelemetry::trace::SpanKind;
use serde_json::value::{RawValue, to_raw_value};
use yew::ServerRenderer;

use crate::article::StoredArticle;
use crate::messages::{Language, LiveLanguages};
use crate::time::Calendar;
use crate::traces;
use crate::visibility::Visibility;

mod display;

/// What every answer has in common.
#[derive(Clone, Debug)]
pub struct Renderer {
    /// How readers reach the server, without a slash at the end.
    pub public_url: String,
    /// The publisher's name.
    pub publisher: String,
    /// The publisher's.
    pub calendar: Calendar,
    /// What readers may be spoken to in.
    pub languages: LiveLanguages,
    /// Whether the most-read list says how often each article was read.
    pub shows_views: bool,
    /// What the publisher has set of sharing and feedback.
    pub settings: Settings,
    /// The component's style.
    pub css: String,
}

impl Renderer {
    /// The interface's language: the one asked for, else the article's, else the publisher's;
    /// the first of them that we have words for.
    pub fn language(&self, asked: Option<&str>, article: &Article) -> Arc<Language> {
        let languages = self.languages.now();
        let asked = asked.and_then(|asked| languages.find(asked));
        asked.unwrap_or_else(|| languages.of(&article.language)).clone()
    }

    /// The language that a tag asks for, or the version of a consent, which begins with its text's language;
    /// else the publisher's.
    pub fn language_of(&self, asked: &str) -> Arc<Language> {
        self.languages.now().of(asked).clone()
    }

    /// Has each line of the list say how often its article was read, where readers are to know that.
    pub fn tell_views(&self, list: &mut MostRead, language: &Language) {
        if self.shows_views {
            for item in &mut list.items {
                item.views_text = Some(language.count("most_read.views", item.views));
            }
        }
    }

    /// The answer with the component's HTML in it, its article typed. Of an article that readers may
    /// not see as a whole only id, language and status are left.
    pub async fn embed(
        &self,
        article: &Article,
        visibility: Visibility,
        mut most_read: Option<MostRead>,
        language: &Language,
    ) -> Embed {
        let article = match visibility {
            Visibility::Visible => article.clone(),
            Visibility::Hidden | Visibility::Withdrawn => stripped(article),
        };
        if let Some(list) = &mut most_read {
            self.tell_views(list, language);
        }
        let mut embed = Embed {
            display: display::of(&article, &self.calendar, language),
            article,
            most_read,
            public_url: self.public_url.clone(),
            lang: language.tag.clone(),
            messages: language.interface.clone(),
            settings: self.settings.clone(),
            html: String::new(),
            css: String::new(),
            render: RENDER.to_owned(),
        };
        let html = async { Ok::<_, Infallible>(html(embed.clone()).await) };
        let Ok(html) = traces::within("render", SpanKind::Internal, html).await;
        embed.html = html;
        embed.css = self.css.clone();
        embed
    }
}

/// The same answer for the wire: the article's JSON as its publisher gave it, so that what this
/// version does not know reaches a widget that does.
pub fn verbatim(
    embed: Embed,
    stored: &StoredArticle,
    visibility: Visibility,
) -> Embed<Box<RawValue>> {
    let article = match visibility {
        Visibility::Visible => stored.json().to_owned(),
        Visibility::Hidden | Visibility::Withdrawn => to_raw_value(&serde_json::json!({
            "id": embed.article.id,
            "language": embed.article.language,
            "status": embed.article.status,
        }))
        .expect("strings are always JSON"),
    };
    Embed {
        article,
        most_read: embed.most_read,
        public_url: embed.public_url,
        lang: embed.lang,
        messages: embed.messages,
        display: embed.display,
        settings: embed.settings,
        html: embed.html,
        css: embed.css,
        render: embed.render,
    }
}

/// All that is told of a withdrawn article.
fn stripped(article: &Article) -> Article {
    Article {
        id: article.id.clone(),
        language: article.language.clone(),
        status: Status::Canceled,
        ..Article::default()
    }
}

async fn html(embed: Embed) -> String {
    // What is shared must not leave the rendering thread: it is made there.
    let props = move || AppProps { embed: embed.into() };
    ServerRenderer::<App>::with_props(props).hydratable(true).render().await
}
