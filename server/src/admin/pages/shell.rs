//! What is around every page: whose server this is, who is logged in, the ways to other pages.

use std::ops::Range;

use article_widget::contract::Messages;
use yew::prelude::*;

use super::{FEEDS, PARTNERS, Page, READING};
use crate::admin::article_query::ARTICLES;
use crate::admin::inbox_query::INBOX;
use crate::admin::next::HOME;
use crate::admin::period::{Step, Ticks};
use crate::clock::{Hour, UnixSeconds};
use crate::messages::{self, LANGUAGES};
use crate::number;
use crate::people::{Person, Role};
use crate::time::{self, Calendar};

/// The parts that there are, with the key of their name.
const PARTS: [(&str, &str); 6] = [
    (HOME, "site.home"),
    (INBOX, "site.feedback"),
    (ARTICLES, "site.articles"),
    (READING, "site.reading"),
    (PARTNERS, "site.partners"),
    (FEEDS, "site.feeds"),
];

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

    /// The same to the second, for what comes more often than by the minute.
    pub fn exact_moment(&self, at: UnixSeconds) -> String {
        time::exact_moment(self.calendar.stated(at), self.language)
    }

    /// A day as people read it.
    pub fn day(&self, at: UnixSeconds) -> String {
        time::day(self.calendar.day(time::timestamp(at)), self.language)
    }

    /// A date as it is stated, as people read it; as it stands where it cannot be read.
    pub fn stated(&self, date: &str) -> String {
        let stated = self.calendar.read(date);
        stated.map_or_else(|| date.to_owned(), |stated| time::moment(stated, self.language))
    }

    /// Hours as one step of a period is called.
    pub fn step(&self, hours: &Range<Hour>, step: Step) -> String {
        let at = hours.start * 3600;
        match step {
            Step::Hour => self.moment(at),
            Step::Day => self.day(at),
            Step::Month => time::month(self.calendar.day(time::timestamp(at)), self.language),
        }
    }

    /// The beginning of some hours in a few letters.
    pub(in crate::admin) fn tick(&self, hours: &Range<Hour>, ticks: Ticks) -> String {
        let at = self.calendar.stated(hours.start * 3600);
        match ticks {
            Ticks::Hours => time::short_moment(at, self.language),
            Ticks::Days => time::short_day(at.day, self.language),
            Ticks::Months => time::short_month(at.day, self.language),
        }
    }

    /// A number as people read it.
    pub fn number(&self, value: u64) -> String {
        number::whole(value, self.language)
    }

    /// Words with their count: the first key's are for one.
    pub fn counted(&self, [one, more]: [&'static str; 2], count: u64) -> String {
        let words = self.words(if count == 1 { one } else { more });
        words.replace("{count}", &self.number(count))
    }

    /// What so many views are called, beside their number.
    pub fn views_unit(&self, count: u64) -> &'static str {
        self.words(if count == 1 { "figures.view_unit" } else { "figures.views_unit" })
    }

    /// A mean as people read it: a dash where it is one of nothing.
    pub fn mean(&self, sum: u64, count: u64) -> String {
        if count == 0 {
            return "–".to_owned();
        }
        number::tenths(sum as f64 / count as f64, self.language)
    }

    /// A share of a hundred as people read it: a dash where it is one of nothing.
    pub fn share(&self, part: u64, whole: u64) -> String {
        if whole == 0 { "–".to_owned() } else { number::share(part, whole, self.language) }
    }

    /// What the publisher's clock says.
    pub(in crate::admin) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The page with all that is around it.
    pub(in crate::admin) fn around(&self, page: &dyn Page) -> Html {
        html! {
            <>
                <a class="skip" href="#main">{ self.words("site.skip") }</a>
                <header class="top">
                    <div class="top-line">
                        <a class="brand" href={HOME}>
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
                    <a href={*path} aria-current={self.is_in(path).then_some("true")}>
                        { self.words(key) }
                    </a>
                }) }
            </nav>
        }
    }

    /// Whether this page is in the part at `path`.
    fn is_in(&self, path: &str) -> bool {
        let here = self.here.split('?').next().unwrap_or_default();
        here == path || (path != HOME && here.starts_with(path))
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

    #[test]
    fn a_page_is_in_one_part() {
        let of = |here: &str| {
            let shell = Shell::new("", Calendar::new(TimeZone::UTC), "vi", here.to_owned());
            PARTS.into_iter().filter(|(path, _)| shell.is_in(path)).map(|(path, _)| path).collect()
        };
        let cases = [
            ("/admin?lang=en", HOME),
            ("/admin/feedback/12?done=marked", INBOX),
            ("/admin/articles/a/edit", ARTICLES),
        ];
        for (here, part) in cases {
            let parts: Vec<&str> = of(here);
            assert_eq!(parts, [part], "{here}");
        }
    }
}
