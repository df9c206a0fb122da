//! What a ranking knows of articles: where they belong, and whether readers may see them.

use ahash::HashMap;

use super::Filter;
use crate::clock::UnixSeconds;
use crate::store::{ArticleNo, Rankable};

/// Every article, by its number.
#[derive(Default)]
pub(super) struct Catalogue {
    entries: Vec<Entry>,
    sections: Names,
    languages: Names,
    /// The latest change that is in here.
    pub(super) updated_at: UnixSeconds,
}

/// An article, in 24 bytes.
#[derive(Clone, Copy, Default)]
struct Entry {
    from: UnixSeconds,
    /// As `from` where there is no such article.
    until: UnixSeconds,
    section: u32,
    language: u32,
}

/// A filter, looked up once for a whole list.
pub(super) struct Wanted {
    section: Option<u32>,
    language: Option<u32>,
    now: UnixSeconds,
}

impl Catalogue {
    /// Takes over what was saved.
    pub(super) fn follow(&mut self, articles: &[Rankable]) {
        for article in articles {
            let place = article.article as usize;
            if self.entries.len() <= place {
                self.entries.resize(place + 1, Entry::default());
            }
            self.entries[place] = Entry {
                from: article.readable.start,
                until: article.readable.end,
                section: self.sections.number(&article.section),
                language: self.languages.number(language(&article.language)),
            };
            self.updated_at = self.updated_at.max(article.updated_at);
        }
    }

    /// The filter as numbers; none where it can have no article.
    pub(super) fn wanted(&self, filter: &Filter, now: UnixSeconds) -> Option<Wanted> {
        let find = |names: &Names, name: &Option<String>| match name {
            Some(name) => names.find(name).map(Some),
            None => Some(None),
        };
        Some(Wanted {
            section: find(&self.sections, &filter.section)?,
            language: find(&self.languages, &filter.language)?,
            now,
        })
    }

    /// Whether readers may see the article, and it is what is wanted.
    pub(super) fn is_wanted(&self, article: ArticleNo, wanted: &Wanted) -> bool {
        let is = |wanted: Option<u32>, number: u32| wanted.is_none_or(|wanted| wanted == number);
        self.entries.get(article as usize).is_some_and(|entry| {
            (entry.from..entry.until).contains(&wanted.now)
                && is(wanted.section, entry.section)
                && is(wanted.language, entry.language)
        })
    }
}

/// The language of a BCP 47 tag, without script and region.
pub fn language(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// Numbers of names, in whatever case they are written.
#[derive(Default)]
struct Names(HashMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(name.to_lowercase()).or_insert(next)
    }

    fn find(&self, name: &str) -> Option<u32> {
        self.0.get(&name.to_lowercase()).copied()
    }
}
