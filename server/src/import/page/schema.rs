//! schema.org: the article that a page tells of in JSON-LD. Every field comes in several shapes: one or many, a text or an
//! object, an object or a reference to one that stands elsewhere in the page.

use std::collections::HashMap;

use article_widget::contract::{Block, Byline, Date, Figure, ImageSource, Inline, Source};
use dom_query::Document;
use serde_json::{Map, Value};
use url::Url;

use crate::import::html::{self, TooMuch};
use crate::import::{link, prose, stated};

/// Objects within objects that are looked at.
const DEPTH: usize = 12;
/// All data of a page, in bytes: what is read of it takes some thirty times as much memory.
const LONGEST: usize = 1 << 20;
/// Authors, and keywords, of one article.
const MANY: usize = 100;

/// What is told of the article. What is not said is none.
#[derive(Default)]
pub(super) struct Told {
    pub(super) url: Option<String>,
    pub(super) title: Option<String>,
    pub(super) lede: Option<String>,
    pub(super) body: Option<String>,
    pub(super) language: Option<String>,
    pub(super) published: Option<Date>,
    pub(super) updated: Option<Date>,
    pub(super) bylines: Vec<Byline>,
    pub(super) image: Option<Figure>,
    pub(super) source: Option<Source>,
    pub(super) section: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) rights: Option<String>,
}

/// The article that the page tells of, if it does: the first that has a headline.
pub(super) fn read(page: &Document, base: Option<&Url>) -> Option<Told> {
    let scripts = scripts(page);
    let mut objects = Vec::new();
    scripts.iter().for_each(|script| gather(script, &mut objects, 0));
    let by_id = objects.iter().filter_map(|object| Some((object.get("@id")?.as_str()?, *object)));
    let graph = Graph { by_id: by_id.filter(|(_, object)| object.len() > 1).collect(), base };
    let articles = || objects.iter().filter(is_article);
    let article =
        articles().find(|object| object.contains_key("headline")).or_else(|| articles().next())?;
    Some(graph.told(article))
}

/// The blocks of a body: plain text, or HTML where a system puts it there.
pub(super) fn blocks(text: &str, base: Option<&Url>) -> Result<Vec<Block>, TooMuch> {
    if ["</p>", "</div>", "<br", "<p>"].iter().any(|tag| text.contains(tag)) {
        return html::read(text, base);
    }
    let text = if text.contains('&') && text.contains(';') {
        html::unescaped(text)
    } else {
        text.to_owned()
    };
    let lines = prose::lines(&text).into_iter().flatten();
    Ok(lines.map(|line| prose::paragraph(vec![Inline::Text(line)])).collect())
}

fn scripts(page: &Document) -> Vec<Value> {
    let is_data = |media_type: &str| media_type.trim().eq_ignore_ascii_case("application/ld+json");
    let root = page.root();
    let scripts = root.descendants_it().filter(|node| node.has_name("script"));
    let mut left = LONGEST;
    scripts
        .filter(|node| node.attr("type").is_some_and(|kind| is_data(&kind)))
        .map_while(|node| {
            let script = node.text();
            left = left.checked_sub(script.len())?;
            Some(script)
        })
        .filter_map(|script| parse(&script))
        .collect()
}

/// Systems wrap it in a comment or in CDATA.
fn parse(script: &str) -> Option<Value> {
    let bare = script.replace("<![CDATA[", "").replace("]]>", "");
    let start = bare.find(['{', '['])?;
    let end = bare.rfind(['}', ']'])?;
    serde_json::from_str(&escaped(bare.get(start..=end)?)).ok()
}

/// Systems write line ends into strings, where JSON wants them escaped.
fn escaped(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    let (mut in_string, mut after_backslash) = (false, false);
    for c in json.chars() {
        match c {
            '\n' if in_string => escaped.push_str("\\n"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
        in_string ^= c == '"' && !after_backslash;
        after_backslash = c == '\\' && !after_backslash;
    }
    escaped
}

fn gather<'a>(value: &'a Value, objects: &mut Vec<&'a Map<String, Value>>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather(item, objects, depth + 1)),
        Value::Object(object) => {
            objects.push(object);
            object.values().for_each(|value| gather(value, objects, depth + 1));
        }
        _ => {}
    }
}

fn is_article(object: &&&Map<String, Value>) -> bool {
    let is_one = |name: &str| {
        let name = name.rsplit(['/', ':']).next().unwrap_or(name);
        name.ends_with("Article") || matches!(name, "BlogPosting" | "LiveBlogPosting" | "Report")
    };
    match object.get("@type") {
        Some(Value::String(name)) => is_one(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is_one),
        _ => false,
    }
}

/// The objects of a page, by their names.
struct Graph<'a> {
    by_id: HashMap<&'a str, &'a Map<String, Value>>,
    base: Option<&'a Url>,
}

impl<'a> Graph<'a> {
    fn told(&self, article: &'a Map<String, Value>) -> Told {
        let text = |name: &str| self.first(article, name).and_then(|value| self.name(value));
        Told {
            url: self.url(article, &["url", "mainEntityOfPage"]),
            title: text("headline").or_else(|| text("name")),
            lede: text("description"),
            body: article.get("articleBody").and_then(Value::as_str).map(str::to_owned),
            language: text("inLanguage").and_then(|tag| stated::language(&tag)),
            published: text("datePublished").and_then(|stated| stated::date(&stated)),
            updated: text("dateModified").and_then(|stated| stated::date(&stated)),
            bylines: self
                .all(article, "author")
                .filter_map(|author| self.byline(author))
                .take(MANY)
                .collect(),
            image: self.first(article, "image").and_then(|image| self.image(image)),
            source: self.source(article),
            section: text("articleSection"),
            tags: self.tags(article),
            rights: text("copyrightNotice"),
        }
    }

    /// The values of a field, none of them an array.
    fn all(&self, object: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a Value> {
        let values: Vec<&'a Value> = match object.get(name) {
            Some(Value::Array(values)) => values.iter().filter(|value| !value.is_array()).collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(value) => vec![value],
        };
        values.into_iter()
    }

    fn first(&self, object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
        self.all(object, name).next()
    }

    /// The object, where it stands; one that is only a name stands elsewhere.
    fn object(&self, value: &'a Value) -> Option<&'a Map<String, Value>> {
        let object = value.as_object()?;
        let elsewhere =
            object.get("@id").and_then(Value::as_str).and_then(|id| self.by_id.get(id).copied());
        Some(if object.len() <= 2 { elsewhere.unwrap_or(object) } else { object })
    }

    /// A text, or what an object is called.
    fn name(&self, value: &'a Value) -> Option<String> {
        let text = match value {
            Value::String(text) => text.as_str(),
            Value::Object(_) => {
                let object = self.object(value)?;
                ["name", "alternateName", "@value"]
                    .iter()
                    .find_map(|name| self.first(object, name)?.as_str())?
            }
            _ => return None,
        };
        let text = if text.contains('&') || text.contains('<') {
            html::plain(text)
        } else {
            prose::folded(text)
        };
        Some(text).filter(|text| !text.is_empty())
    }

    fn url(&self, object: &'a Map<String, Value>, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| {
            let value = self.first(object, name)?;
            let href = value.as_str().or_else(|| {
                let object = value.as_object()?;
                object.get("url").or(object.get("@id"))?.as_str()
            })?;
            link::web(href, self.base)
        })
    }

    fn byline(&self, author: &'a Value) -> Option<Byline> {
        let name = self.name(author)?;
        // Some systems put the address of the author's page where the name belongs.
        if Url::parse(&name).is_ok_and(|url| url.has_host()) {
            return None;
        }
        let object = self.object(author);
        let url = object.and_then(|author| self.url(author, &["url"]));
        let role = object.and_then(|author| self.name(self.first(author, "jobTitle")?));
        Some(Byline { name, role, url })
    }

    fn image(&self, image: &'a Value) -> Option<Figure> {
        let Some(object) = self.object(image) else {
            let url = link::web(image.as_str()?, self.base)?;
            return Some(figure(ImageSource { url, ..ImageSource::default() }));
        };
        let url = self.url(object, &["url", "contentUrl"])?;
        let text = |name: &str| self.first(object, name).and_then(|value| self.name(value));
        let source = ImageSource {
            url,
            width: pixels(object.get("width")),
            height: pixels(object.get("height")),
            media_type: None,
        };
        Some(Figure {
            caption: text("caption").map(|caption| vec![Inline::Text(caption)]).unwrap_or_default(),
            credit: text("creditText").or_else(|| text("copyrightNotice")),
            ..figure(source)
        })
    }

    /// Where it comes from: what it is based on, before who publishes it.
    fn source(&self, article: &'a Map<String, Value>) -> Option<Source> {
        let of = |value: &'a Value| Some((self.name(value)?, self.object(value)));
        if let Some(based_on) = self.first(article, "isBasedOn") {
            let object = self.object(based_on);
            let publisher = object.and_then(|object| self.name(self.first(object, "publisher")?));
            let url = object.map_or_else(
                || link::web(based_on.as_str()?, self.base),
                |object| self.url(object, &["url", "@id"]),
            );
            let host = || Some(Url::parse(url.as_deref()?).ok()?.host_str()?.to_owned());
            let date =
                object.and_then(|object| stated::date(object.get("datePublished")?.as_str()?));
            let name = publisher.or_else(|| object.and(self.name(based_on))).or_else(host);
            return name.map(|name| Source { name, url, date });
        }
        let (name, _) = ["sourceOrganization", "publisher"]
            .iter()
            .find_map(|name| of(self.first(article, name)?))?;
        Some(Source { name, ..Source::default() })
    }

    /// One text with commas, or many.
    fn tags(&self, article: &'a Map<String, Value>) -> Vec<String> {
        match article.get("keywords") {
            Some(Value::String(list)) => {
                list.split([',', ';']).map(prose::folded).filter(|tag| !tag.is_empty()).collect()
            }
            _ => {
                self.all(article, "keywords").filter_map(|tag| self.name(tag)).take(MANY).collect()
            }
        }
    }
}

fn figure(source: ImageSource) -> Figure {
    Figure { sources: vec![source], ..Figure::default() }
}

/// `1200`, `"1200"`, `"1200px"`, `{"value": 1200}`; 0 for anything else.
fn pixels(value: Option<&Value>) -> u32 {
    match value {
        Some(Value::Number(number)) => {
            number.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
        }
        Some(Value::String(text)) => text.trim().trim_end_matches("px").trim().parse().unwrap_or(0),
        Some(Value::Object(object)) => object.get("value").map_or(0, |value| pixels(Some(value))),
        _ => 0,
    }
}
