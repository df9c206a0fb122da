//! What is around every page: whose server this is, who is logged in, the ways to other pages.

use article_widget::contract::Messages;
use yew::prelude::*;

use super::Page;
use crate::admin::inbox_query::INBOX;
use crate::clock::UnixSeconds;
use crate::messages::{self, LANGUAGES};
use crate::people::{Person, Role};
use crate::time::Calendar;

/// The parts that there are, with the key of their name.
const PARTS: [(&str, &str); 1] = [(INBOX, "site.feedback")];

/// What every page has around it, and how it writes words and times.
#[derive(Clone, Debug)]
pub struct Shell {
    /// One of [`LANGUAGES`].
    pub language: &'static str,
    /// What the publisher is called.
    pub publisher: String,
    /// Who is logged in.
    pub person: Option<Person>,
    /// Path and query of this page.
    pub here: String,
    words: &'static Messages,
    calendar: Calendar,
}

impl Shell {
    /// The shell of a page at `here`; nobody is logged in.
    pub fn new(publisher: &str, calendar: Calendar, language: &'static str, here: String) -> Self {
        let (publisher, words) = (publisher.to_owned(), messages::admin::of(language));
        Self { language, publisher, person: None, here, words, calendar }
    }

    /// The words for a key.
    pub fn words(&self, key: &'static str) -> &'static str {
        self.words.get(key)
    }

    /// The words for `group.name`; the name itself where there are none.
    pub fn words_of<'a>(&self, key: &str, name: &'a str) -> &'a str {
        self.words.find(key).unwrap_or(name)
    }

    /// A time as people read it, by the publisher's clock.
    pub fn moment(&self, at: UnixSeconds) -> String {
        self.calendar.moment(at, self.language)
    }

    /// The page with all that is around it.
    pub(in crate::admin) fn around(&self, page: &dyn Page) -> Html {
        html! {
            <>
                <a class="skip" href="#main">{ self.words("site.skip") }</a>
                <header class="top">
                    <div class="top-line">
                        <a class="brand" href={INBOX}>
                            <span class="brand-name">{ self.words("site.desk") }</span>
                            <span class="brand-host">{ &self.publisher }</span>
                        </a>
                        if let Some(person) = &self.person {
                            { self.parts() }
                            { self.who(person) }
                        }
                    </div>
                </header>
                <main id="main" tabindex="-1">{ page.main(self) }</main>
                <footer class="foot">{ self.languages() }</footer>
            </>
        }
    }

    fn parts(&self) -> Html {
        html! {
            <nav class="parts" aria-label={self.words("site.nav")}>
                { for PARTS.iter().map(|(path, key)| html! {
                    <a href={*path} aria-current={self.here.starts_with(path).then_some("true")}>
                        { self.words(key) }
                    </a>
                }) }
            </nav>
        }
    }

    fn who(&self, person: &Person) -> Html {
        let role = match person.role {
            Role::Editor => "role.editor",
            Role::Admin => "role.admin",
        };
        html! {
            <div class="who">
                <span>
                    <strong>{ &person.name }</strong>
                    <span class="soft">{ [", ", self.words(role)].concat() }</span>
                </span>
                <form method="post" action="/admin/logout">
                    <button class="quiet" type="submit">{ self.words("site.logout") }</button>
                </form>
            </div>
        }
    }

    /// The same page in each language, by that language's own name.
    fn languages(&self) -> Html {
        html! {
            <nav aria-label={self.words("site.languages")}>
                <ul class="languages">
                    { for LANGUAGES.iter().map(|language| {
                        let name = messages::admin::of(language).get("language.name");
                        let is_this = (*language == self.language).then_some("true");
                        html! {
                            <li>
                                <a href={self.here_in(language)} lang={*language} hreflang={*language}
                                    aria-current={is_this}>{ name }</a>
                            </li>
                        }
                    }) }
                </ul>
            </nav>
        }
    }

    fn here_in(&self, language: &str) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.filter(|(name, _)| name != "lang" && name != "done"));
        format!("{path}?{}", query.append_pair("lang", language).finish())
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn the_same_page_in_another_language_asks_for_all_else_alike() {
        let calendar = Calendar::new(TimeZone::UTC);
        let here = "/admin/feedback?q=%C4%91%26&lang=vi&done=erased".to_owned();
        let shell = Shell::new("news.example", calendar, "vi", here);
        assert_eq!(shell.here_in("en"), "/admin/feedback?q=%C4%91%26&lang=en");
        assert_eq!(
            (shell.publisher.as_str(), shell.moment(0).as_str()),
            ("news.example", "00:00, 1/1/1970")
        );
    }
}
