//! The form that an article's metadata are edited by. A field that was left as it was shown changes nothing,
//! also where the form cannot say what stands there.

use article_widget::contract::{Article, Status};
use serde::Deserialize;

use crate::problem::Problem;
use crate::publishing::Draft;
use crate::time::Calendar;

/// What the form holds; each field as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the names are those of the article's fields")]
pub struct EditForm {
    pub title: String,
    pub kicker: String,
    pub lede: String,
    pub section: String,
    /// With commas between them.
    pub tags: String,
    pub rights: String,
    pub canonical_url: String,
    /// By the publisher's clock: `2024-11-27T08:30`.
    pub embargo: String,
    /// The same.
    pub expires: String,
    /// The name of a status.
    pub status: String,
}

/// The fields of plain text that may be left empty.
const TEXTS: [(&str, Typed); 5] = [
    ("kicker", |form| &form.kicker),
    ("lede", |form| &form.lede),
    ("section", |form| &form.section),
    ("rights", |form| &form.rights),
    ("canonical_url", |form| &form.canonical_url),
];

/// What was typed into a field.
type Typed = fn(&EditForm) -> &String;

impl EditForm {
    /// As an article stands.
    pub fn of(article: &Article, calendar: &Calendar) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let date = |date: &Option<String>| {
            date.as_deref().and_then(|date| calendar.field(date)).unwrap_or_default()
        };
        Self {
            title: article.title.clone(),
            kicker: text(&article.kicker),
            lede: text(&article.lede),
            section: text(&article.section),
            tags: article.tags.join(", "),
            rights: text(&article.rights),
            canonical_url: text(&article.canonical_url),
            embargo: date(&article.embargo),
            expires: date(&article.expires),
            status: status_name(article.status).to_owned(),
        }
    }

    /// As somebody sent it: lines end as they are kept, and no space is at either end.
    pub fn tidied(self) -> Self {
        let tidy = |text: String| text.replace("\r\n", "\n").trim().to_owned();
        Self {
            title: tidy(self.title),
            kicker: tidy(self.kicker),
            lede: tidy(self.lede),
            section: tidy(self.section),
            tags: tidy(self.tags),
            rights: tidy(self.rights),
            canonical_url: tidy(self.canonical_url),
            embargo: tidy(self.embargo),
            expires: tidy(self.expires),
            status: tidy(self.status),
        }
    }

    /// Edits the article that stands as the form says.
    ///
    /// # Errors
    /// [`Problem::Invalid`] with the first field that cannot be read.
    pub fn apply(
        &self,
        draft: &mut Draft,
        article: &Article,
        calendar: &Calendar,
    ) -> Result<(), Problem> {
        let before = Self::of(article, calendar).tidied();
        if self.title != before.title {
            draft.set("title", &self.title);
        }
        for (field, shown) in TEXTS {
            if shown(self) != shown(&before) {
                draft.set_or_remove(field, some(shown(self)));
            }
        }
        if self.tags != before.tags {
            let tags = tags(&self.tags);
            draft.set_or_remove("tags", Some(&tags).filter(|tags| !tags.is_empty()));
        }
        for (field, typed, before) in [
            ("embargo", &self.embargo, &before.embargo),
            ("expires", &self.expires, &before.expires),
        ] {
            if typed != before {
                let date =
                    some(typed).map(|typed| read_date(field, typed, calendar)).transpose()?;
                draft.set_or_remove(field, date.as_ref());
            }
        }
        if self.status != before.status {
            draft.set("status", &read_status(&self.status)?);
        }
        Ok(())
    }

    /// All that was typed, to be given back as one text.
    pub fn as_text(&self) -> String {
        let parts = [
            &self.kicker,
            &self.title,
            &self.lede,
            &self.section,
            &self.tags,
            &self.rights,
            &self.canonical_url,
            &self.embargo,
            &self.expires,
        ];
        let parts: Vec<&str> =
            parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        parts.join("\n\n")
    }
}

/// The name of a status in the form.
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::Usable => "usable",
        Status::Withheld => "withheld",
        Status::Canceled => "canceled",
    }
}

fn read_status(name: &str) -> Result<Status, Problem> {
    let known = [Status::Usable, Status::Withheld, Status::Canceled];
    let invalid = || Problem::Invalid { field: "status", detail: "no such status".to_owned() };
    known.into_iter().find(|status| status_name(*status) == name).ok_or_else(invalid)
}

fn read_date(field: &'static str, typed: &str, calendar: &Calendar) -> Result<String, Problem> {
    let invalid = || Problem::Invalid { field, detail: "a day and a time".to_owned() };
    calendar.read_field(typed).ok_or_else(invalid)
}

fn tags(text: &str) -> Vec<&str> {
    text.split([',', '\n']).map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::article::StoredArticle;

    const JSON: &str = r#"{"id":"a","title":"Gió ","language":"vi","tags":["một","hai, ba"],"embargo":"soon","expires":"2030-01-01","of_tomorrow":1}"#;

    fn calendar() -> Calendar {
        Calendar::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
    }

    fn edit(change: impl FnOnce(&mut EditForm)) -> Result<String, Problem> {
        let stored = StoredArticle::from_json(JSON).unwrap();
        let mut form = EditForm::of(stored.article(), &calendar());
        change(&mut form);
        let mut draft = Draft::of(&stored)?;
        form.tidied().apply(&mut draft, stored.article(), &calendar())?;
        Ok(draft.finish()?.json().get().to_owned())
    }

    #[test]
    fn what_is_left_as_it_was_stays_to_the_byte_also_where_no_form_can_say_it() {
        assert_eq!(edit(|_| {}).unwrap(), JSON);
    }

    #[test]
    fn what_is_typed_is_taken_over_and_what_is_emptied_goes() {
        let json = edit(|form| {
            form.title = "Gió to".into();
            form.tags = "một, , bốn ".into();
            form.lede = "Dòng một\r\ndòng hai".into();
            form.embargo = "2029-12-31T08:30".into();
            form.expires = String::new();
            form.status = "withheld".into();
        });
        let expected = r#"{"id":"a","title":"Gió to","language":"vi","tags":["một","bốn"],"embargo":"2029-12-31T08:30:00+07:00","of_tomorrow":1,"lede":"Dòng một\ndòng hai","status":"withheld"}"#;
        assert_eq!(json.unwrap(), expected);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let field = |change: fn(&mut EditForm)| match edit(change).unwrap_err() {
            Problem::Invalid { field, .. } => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(|form| form.embargo = "tomorrow".into()), "embargo");
        assert_eq!(field(|form| form.expires = "2030-02-30T00:00".into()), "expires");
        assert_eq!(field(|form| form.status = "lost".into()), "status");
    }
}
