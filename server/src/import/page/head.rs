//! What a page says of itself in its head: the elements of Open Graph, `meta`, `link` and `html`.

use article_widget::contract::{Byline, Date, Figure, ImageSource};
use dom_query::{Document, NodeRef};
use url::Url;

use crate::import::{link, prose, stated};

/// It. What is not said is none.
#[derive(Default)]
pub(super) struct Head {
    pub(super) base: Option<Url>,
    pub(super) canonical: Option<Url>,
    pub(super) title: Option<String>,
    pub(super) lede: Option<String>,
    pub(super) language: Option<String>,
    pub(super) published: Option<Date>,
    pub(super) updated: Option<Date>,
    pub(super) bylines: Vec<Byline>,
    pub(super) image: Option<Figure>,
    pub(super) site: Option<String>,
    pub(super) section: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) rights: Option<String>,
}

pub(super) fn read(page: &Document, address: Option<&Url>) -> Head {
    let elements: Vec<NodeRef<'_>> =
        page.root().descendants_it().filter(NodeRef::is_element).collect();
    let named =
        |name: &str| elements.iter().filter(move |node| node.has_name(name)).collect::<Vec<_>>();
    let metas = Metas::read(&named("meta"));
    let base = named("base").first().and_then(|node| web(&node.attr("href")?, address));
    let canonical = canonical(&named("link"), &metas, base.as_ref().or(address));
    let html_lang =
        named("html").first().and_then(|node| node.attr("lang")).map(|lang| lang.to_string());
    Head {
        title: title(&named("h1"), &named("title"), &metas),
        lede: metas.first(&["og:description", "description", "twitter:description"]),
        language: [html_lang, metas.first(&["og:locale", "content-language"])]
            .into_iter()
            .flatten()
            .find_map(|tag| stated::language(&tag)),
        published: metas.date(&[
            "article:published_time",
            "datepublished",
            "pubdate",
            "dc.date.issued",
        ]),
        updated: metas.date(&[
            "article:modified_time",
            "datemodified",
            "lastmod",
            "og:updated_time",
        ]),
        bylines: metas
            .all("author")
            .into_iter()
            .map(|name| Byline { name, ..Byline::default() })
            .collect(),
        image: image(&metas, base.as_ref().or(address)),
        site: metas.first(&["og:site_name", "application-name"]),
        section: metas.first(&["article:section"]),
        tags: metas.all("article:tag"),
        rights: metas.first(&["copyright", "dcterms.rights"]),
        canonical: canonical.or_else(|| address.cloned().map(without_fragment)),
        base,
    }
}

/// A URL of the web, if it is one.
fn web(href: &str, base: Option<&Url>) -> Option<Url> {
    link::resolve(href, base, &link::WEB)
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

fn canonical(links: &[&NodeRef<'_>], metas: &Metas, base: Option<&Url>) -> Option<Url> {
    let is_canonical = |node: &&&NodeRef<'_>| {
        node.attr("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"))
    };
    let link = links.iter().find(is_canonical).and_then(|node| node.attr("href"));
    let named = link.map(|href| href.to_string()).or_else(|| metas.first(&["og:url"]));
    named
        .filter(|href| !href.trim().is_empty())
        .and_then(|href| web(&href, base))
        .map(without_fragment)
}

/// The heading of the page, where its title has it too: titles have the name of the site with them.
fn title(headings: &[&NodeRef<'_>], titles: &[&NodeRef<'_>], metas: &Metas) -> Option<String> {
    let text =
        |node: &&NodeRef<'_>| Some(prose::folded(&node.text())).filter(|text| !text.is_empty());
    let whole = titles.first().and_then(text);
    let heading = match headings {
        [only] => text(only),
        _ => None,
    };
    let title = metas.first(&["og:title", "twitter:title"]);
    match (title.as_ref().or(whole.as_ref()), heading) {
        (Some(title), Some(heading)) if title.to_lowercase().contains(&heading.to_lowercase()) => {
            Some(heading)
        }
        (None, heading) => heading,
        _ => title.or_else(|| whole.map(|whole| without_site(&whole).to_owned())),
    }
}

/// The longest part, if it is long enough for a headline.
fn without_site(title: &str) -> &str {
    const WORDS: usize = 4;
    let parts =
        [" | ", " - ", " – ", " — ", " » ", " :: "].iter().flat_map(|mark| title.split(mark));
    let longest = parts.filter(|part| *part != title).max_by_key(|part| part.chars().count());
    longest.filter(|part| part.split(' ').count() >= WORDS).unwrap_or(title)
}

fn image(metas: &Metas, base: Option<&Url>) -> Option<Figure> {
    let url = web(
        &metas.first(&["og:image:secure_url", "og:image", "og:image:url", "twitter:image"])?,
        base,
    )?;
    let pixels =
        |name: &str| metas.first(&[name]).and_then(|number| number.parse().ok()).unwrap_or(0);
    let source = ImageSource {
        url: url.into(),
        width: pixels("og:image:width"),
        height: pixels("og:image:height"),
        media_type: None,
    };
    Some(Figure { sources: vec![source], alt: metas.first(&["og:image:alt"]), ..Figure::default() })
}

/// Names in lower case, with what they are said to be, in the page's order.
struct Metas(Vec<(String, String)>);

impl Metas {
    fn read(nodes: &[&NodeRef<'_>]) -> Self {
        let pair = |node: &&NodeRef<'_>| {
            let name = ["property", "name", "itemprop"].iter().find_map(|name| node.attr(name))?;
            let content = prose::folded(&node.attr("content")?);
            (!content.is_empty()).then(|| (name.trim().to_ascii_lowercase(), content))
        };
        Self(nodes.iter().filter_map(pair).collect())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|wanted| {
            self.0.iter().find(|(name, _)| name == wanted).map(|(_, content)| content.clone())
        })
    }

    fn all(&self, wanted: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(name, _)| name == wanted)
            .map(|(_, content)| content.clone())
            .collect()
    }

    fn date(&self, names: &[&str]) -> Option<Date> {
        names.iter().filter_map(|name| self.first(&[name])).find_map(|stated| stated::date(&stated))
    }
}
