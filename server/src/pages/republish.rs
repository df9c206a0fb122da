//! The page from which partners take an article, and the preview in it.

use article_widget::contract::{Article, Messages};
use askama::Template;

use super::summary::description;
use crate::checker::{Checked, Finding, Severity};
use crate::messages::{Language, Languages};
use crate::snippets::Subject;

mod plain;

/// The page.
#[derive(Template)]
#[template(path = "republish.html")]
pub struct RepublishPage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The words of the server's own pages.
    pub own: &'a Messages,
    /// What the widget can be in.
    pub languages: &'a Languages,
    /// The article and what is chosen for it.
    pub subject: Subject<'a>,
    /// The same, for links.
    pub choices: Choices<'a>,
    /// What can be pasted.
    pub forms: Vec<Form>,
    /// That of the article, whose words are not in the interface's.
    pub title_language: &'a str,
    /// On what terms, in the publisher's words.
    pub licence: Option<&'a str>,
    /// What the article says of its rights.
    pub rights: Option<&'a str>,
    /// What a content security policy has to hold.
    pub policy: String,
    /// The script of the copy buttons.
    pub script: String,
    /// The address that was typed to be checked.
    pub page: &'a str,
    /// What came of it.
    pub report: Option<Report<'a>>,
}

/// One of the forms that an article can be pasted in.
pub struct Form {
    /// Its field's id; names its words, too.
    name: &'static str,
    /// What is pasted.
    code: String,
}

/// What became of a check.
pub enum Report<'a> {
    /// The page was looked at.
    Checked(&'a Checked),
    /// It was not; why, in words.
    Failed(String),
}

/// The colours of a widget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the page around it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What is chosen for the widget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices<'a> {
    /// Its colours.
    pub theme: Theme,
    /// Its interface's language; none for the article's.
    pub language: Option<&'a str>,
}

/// A link to the same page with another choice.
struct Choice {
    /// Its words.
    label: String,
    /// Their language, where it is not the page's.
    lang: Option<String>,
    query: String,
    is_chosen: bool,
}

/// A page with the snippet in it, and nothing else.
#[derive(Template)]
#[template(path = "preview.html")]
pub struct PreviewPage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The article's.
    pub title: &'a str,
    /// Which colours.
    pub theme: Theme,
    /// The snippet itself.
    pub snippet: String,
}

impl Theme {
    const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The theme of that name; of any other text the page's own.
    pub fn read(name: Option<&str>) -> Self {
        let is_it = |theme: &Self| Some(theme.as_str()) == name;
        Self::ALL.into_iter().find(is_it).unwrap_or_default()
    }

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What a style sheet calls it.
    fn color_scheme(self) -> &'static str {
        match self {
            Self::Auto => "light dark",
            Self::Light | Self::Dark => self.as_str(),
        }
    }
}

impl Choices<'_> {
    /// The theme, where it is to stand in the snippet.
    pub fn theme(self) -> Option<&'static str> {
        (self.theme != Theme::Auto).then(|| self.theme.as_str())
    }

    /// As the page's query, behind the page's own language.
    fn query(self, language: &Language) -> String {
        let shown = self.language.unwrap_or_default();
        format!("?lang={language}&theme={}&widget_lang={shown}", self.theme.as_str())
    }
}

impl RepublishPage<'_> {
    fn themes(&self) -> Vec<Choice> {
        let words =
            |theme: Theme| self.own.get(&format!("republish.theme.{}", theme.as_str())).to_owned();
        let choice = |theme| self.choice(words(theme), None, Choices { theme, ..self.choices });
        Theme::ALL.map(choice).into()
    }

    fn languages(&self) -> Vec<Choice> {
        let choice = |name: &str, language| {
            self.choice(name.to_owned(), language, Choices { language, ..self.choices })
        };
        let of_article = choice(self.own.get("republish.language.article"), None);
        let others = self.languages.iter().map(|one| choice(&one.name, Some(&one.tag)));
        [of_article].into_iter().chain(others).collect()
    }

    fn choice(&self, label: String, lang: Option<&str>, choices: Choices<'_>) -> Choice {
        Choice {
            label,
            lang: lang.map(ToOwned::to_owned),
            query: choices.query(self.language),
            is_chosen: choices == self.choices,
        }
    }

    /// Words about a form.
    fn words(&self, form: &Form, part: &str) -> String {
        self.own.get(&format!("republish.{}.{part}", form.name)).to_owned()
    }

    /// What a finding is, and what to do about it.
    fn said(&self, finding: &Finding, part: &str) -> String {
        let key = format!("check.{}{part}", finding.what.key());
        let words = self.own.get(&key);
        let words = self.language.fill(words, "it", &finding.it);
        self.language.fill(&words, "server", self.subject.public_url)
    }

    fn severity(&self, finding: &Finding) -> &str {
        self.own.get(match finding.what.severity() {
            Severity::Error => "check.severity.error",
            Severity::Warning => "check.severity.warning",
            Severity::Good => "check.severity.good",
        })
    }
}

impl Form {
    /// Lines that its field shows.
    fn rows(&self) -> usize {
        (self.code.lines().count() + self.code.len() / 90).clamp(1, 12)
    }
}

/// What the forms are made of.
pub struct Material<'a> {
    /// The article and what is chosen for it.
    pub subject: Subject<'a>,
    /// The article itself.
    pub article: &'a Article,
    /// The release to be pinned to, and its loader's digest.
    pub release: (&'a str, &'a str),
    /// The component's HTML, where the whole text may be given away, and on what terms.
    pub licensed: Option<(String, &'a str)>,
    /// The words of the server's own pages.
    pub own: &'a Messages,
}

/// The forms of an article, in the order of the page.
///
/// # Errors
/// Where a template fails.
pub fn forms(material: &Material<'_>) -> Result<Vec<Form>, askama::Error> {
    let Material { subject, article, release: (version, integrity), licensed, own } = material;
    let form = |name, code| Form { name, code };
    let plain = Plain {
        subject: *subject,
        language: &article.language,
        text: licensed.as_ref().map(|(html, _)| plain::text_of(html)),
        lede: description(article),
        original: own.get("article.original"),
        licence: licensed.as_ref().map(|(_, licence)| *licence),
    };
    Ok(vec![
        form("full", subject.full()?),
        form("pinned", subject.pinned(version, integrity)?),
        form("frame", subject.frame()?),
        form("address", format!("{}/a/{}", subject.public_url, subject.id)),
        form(if licensed.is_some() { "plain" } else { "teaser" }, plain.render()?),
    ])
}

/// The article without anything that runs.
#[derive(Template)]
#[template(path = "snippets/plain.html")]
struct Plain<'a> {
    subject: Subject<'a>,
    /// The article's.
    language: &'a str,
    /// HTML; none where the whole text is not given away.
    text: Option<String>,
    lede: Option<String>,
    original: &'a str,
    licence: Option<&'a str>,
}
