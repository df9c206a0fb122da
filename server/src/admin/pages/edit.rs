//! The form that an article's metadata are edited by.

use article_widget::contract::ArticleId;
use yew::prelude::*;

use super::parts::{Tone, notice};
use super::{Page, Shell};
use crate::admin::article_query::article_path;
use crate::admin::edit_form::EditForm;

/// An article's form.
pub struct EditPage {
    /// Which article.
    pub id: ArticleId,
    /// Names the state that the form was made from.
    pub seen: String,
    /// What stands now.
    pub stands: EditForm,
    /// What was typed; the same where nobody has typed yet.
    pub form: EditForm,
    /// The field that says what cannot be.
    pub wrong: Option<String>,
    /// Somebody else has changed the article since the form was made.
    pub is_overtaken: bool,
}

/// How a field is typed into.
enum Kind {
    Line,
    Text,
    Url,
    Time,
}

impl Page for EditPage {
    fn title(&self, shell: &Shell) -> String {
        format!("{}: {}", shell.words("edit.title"), self.stands.title)
    }

    fn main(&self, shell: &Shell) -> Html {
        let path = article_path(&self.id);
        html! {
            <>
                <p class="back"><a href={path.clone()}>{ &self.stands.title }</a></p>
                <h1>{ shell.words("edit.title") }</h1>
                { self.notices(shell) }
                <form class="card edit" method="post" action={[&path, "/edit"].concat()}>
                    <input type="hidden" name="seen" value={self.seen.clone()} />
                    { self.fields(shell) }
                    <div class="buttons">
                        <button class="main" type="submit">{ shell.words("edit.save") }</button>
                        <a class="button" href={path}>{ shell.words("edit.cancel") }</a>
                    </div>
                    <p class="hint">{ shell.words("edit.text_hint") }</p>
                </form>
            </>
        }
    }
}

impl EditPage {
    fn notices(&self, shell: &Shell) -> Html {
        // A field of the article that the form does not show.
        let shown = [
            "title",
            "kicker",
            "lede",
            "section",
            "tags",
            "rights",
            "canonical_url",
            "embargo",
            "expires",
            "status",
        ];
        let other = self.wrong.as_deref().filter(|field| !shown.contains(field));
        html! {
            <>
                if self.is_overtaken { { notice(Tone::Bad, shell.words("edit.overtaken")) } }
                if self.wrong.is_some() { { notice(Tone::Bad, shell.words("edit.wrong")) } }
                if let Some(field) = other { <p class="error">{ field }</p> }
            </>
        }
    }

    fn fields(&self, shell: &Shell) -> Html {
        let field = |name, label, kind, value: fn(&EditForm) -> &String| {
            self.field(shell, name, label, kind, value)
        };
        html! {
            <>
                { field("kicker", "edit.kicker", Kind::Line, |form| &form.kicker) }
                { field("title", "edit.headline", Kind::Text, |form| &form.title) }
                { field("lede", "edit.lede", Kind::Text, |form| &form.lede) }
                <div class="filters">
                    { field("section", "edit.section", Kind::Line, |form| &form.section) }
                    { field("tags", "edit.tags", Kind::Line, |form| &form.tags) }
                </div>
                { field("rights", "edit.rights", Kind::Line, |form| &form.rights) }
                { field("canonical_url", "edit.canonical_url", Kind::Url, |form| &form.canonical_url) }
                { self.status(shell) }
                <div class="filters">
                    { field("embargo", "edit.embargo", Kind::Time, |form| &form.embargo) }
                    { field("expires", "edit.expires", Kind::Time, |form| &form.expires) }
                </div>
            </>
        }
    }

    fn field(
        &self,
        shell: &Shell,
        name: &'static str,
        label: &'static str,
        kind: Kind,
        value: fn(&EditForm) -> &String,
    ) -> Html {
        let typed = value(&self.form).clone();
        let is_wrong = self.wrong.as_deref() == Some(name);
        let hint = self.hint(shell, value);
        let hint_id = [name, "-hint"].concat();
        let error_id = [name, "-error"].concat();
        let described = [(is_wrong, &error_id), (hint.is_some(), &hint_id)];
        let described: Vec<&str> =
            described.into_iter().filter(|(is, _)| *is).map(|(_, id)| id.as_str()).collect();
        let described = Some(described.join(" ")).filter(|ids| !ids.is_empty());
        let invalid = is_wrong.then_some("true");
        let required = name == "title";
        let input = match kind {
            Kind::Text => html! {
                <textarea id={name} {name} rows={if required { "2" } else { "3" }} {required} value={typed}
                    aria-describedby={described} aria-invalid={invalid} />
            },
            Kind::Line => html! {
                <input id={name} {name} type="text" autocomplete="off" value={typed}
                    aria-describedby={described} aria-invalid={invalid} />
            },
            Kind::Url => html! {
                <input id={name} {name} type="url" autocomplete="off" value={typed}
                    aria-describedby={described} aria-invalid={invalid} />
            },
            Kind::Time => html! {
                <input id={name} {name} type="datetime-local" value={typed}
                    aria-describedby={described} aria-invalid={invalid} />
            },
        };
        html! {
            <div class="field">
                <label for={name}>{ shell.words(label) }</label>
                { input }
                if is_wrong { <p class="error" id={error_id}>{ shell.words("edit.wrong_field") }</p> }
                if let Some(hint) = hint { <p class="hint" id={hint_id}>{ hint }</p> }
            </div>
        }
    }

    /// What stands there by now, where that is not what was typed.
    fn hint(&self, shell: &Shell, value: fn(&EditForm) -> &String) -> Option<String> {
        let (typed, stands) = (value(&self.form), value(&self.stands));
        let is_told = self.is_overtaken && typed != stands;
        let stands = if stands.is_empty() { shell.words("edit.nothing") } else { stands };
        is_told.then(|| shell.words("edit.stands").replace("{value}", stands))
    }

    fn status(&self, shell: &Shell) -> Html {
        let mut offered = vec![("usable", "edit.usable"), ("withheld", "edit.withheld")];
        // Withdrawing has a page of its own; who edits what is withdrawn may leave it so.
        if self.stands.status == "canceled" {
            offered.push(("canceled", "edit.canceled"));
        }
        html! {
            <div class="field">
                <label for="status">{ shell.words("edit.status") }</label>
                <select id="status" name="status">
                    { for offered.into_iter().map(|(status, words)| html! {
                        <option value={status} selected={self.form.status == status}>
                            { shell.words(words) }
                        </option>
                    }) }
                </select>
            </div>
        }
    }
}
