//! What is read of all articles, what is shared, and what does not count.

use article_widget::contract::{MostRead, MostReadItem, Window};
use yew::prelude::*;

use super::figures::{
    Column, course, exports, part, partners, refusals, shares, table, tiles_of, window_name,
    windows,
};
use super::{Page, READING, Shell};
use crate::admin::article_query::article_path;
use crate::admin::period::{self, Period, total};
use crate::store::{PartnerCounters, Reading, SharedArticle};

/// Partners that are shown; the files have all.
const PARTNERS_SHOWN: usize = 20;

/// All articles over a window.
pub struct ReadingPage {
    /// The window.
    pub period: Period,
    /// What was counted.
    pub reading: Reading,
    /// Most views first.
    pub partners: Vec<PartnerCounters>,
    /// What is read most; none where there is too little to rank.
    pub most_read: Option<MostRead>,
    /// What is read most deeply; none where there is too little to rank.
    pub deep: Option<MostRead>,
}

impl Page for ReadingPage {
    fn title(&self, shell: &Shell) -> String {
        shell.words("reading.title").to_owned()
    }

    fn main(&self, shell: &Shell) -> Html {
        let (totals, window) = (total(&self.reading.hours), self.period.window);
        html! {
            <>
                <h1>{ shell.words("reading.title") }</h1>
                { windows(shell, READING, &period::BOUNDED, self.period.window) }
                <ul class="tiles">{ tiles_of(shell, &totals) }</ul>
                { self.course(shell) }
                <div class="columns even">
                    <div>
                        { self.part(shell, "refusals", "figures.refusals", refusals(shell, &totals), None) }
                        { self.ranking(shell, "most-read", "reading.most_read", self.most_read.as_ref()) }
                        { self.ranking(shell, "deep", "reading.deep", self.deep.as_ref()) }
                    </div>
                    <div>
                        { self.partners(shell) }
                        { self.part(shell, "shares", "figures.shares_title", self.shares(shell), Some(("shares", window))) }
                        { self.part(shell, "shared", "reading.shared", self.shared(shell), Some(("shared", window))) }
                    </div>
                </div>
            </>
        }
    }
}

impl ReadingPage {
    /// A part of the page, with the same as files where there are any.
    fn part(
        &self,
        shell: &Shell,
        id: &'static str,
        title: &'static str,
        content: Html,
        file: Option<(&str, Window)>,
    ) -> Html {
        let content = html! {
            <>
                { content }
                if let Some((file, window)) = file {
                    { exports(
                        shell,
                        &format!("{READING}/{file}"),
                        &format!("window={}", window.as_str()),
                        shell.words(title),
                    ) }
                }
            </>
        };
        part(id, shell.words(title), content)
    }

    fn course(&self, shell: &Shell) -> Html {
        let title = shell.words("reading.course");
        let content = course(shell, title, &self.period, &self.reading.hours);
        self.part(shell, "course", "reading.course", content, Some(("hours", self.period.window)))
    }

    fn ranking(
        &self,
        shell: &Shell,
        id: &'static str,
        title: &'static str,
        list: Option<&MostRead>,
    ) -> Html {
        let Some(list) = list else {
            let nothing = html! { <p class="soft">{ shell.words("home.too_little") }</p> };
            return self.part(shell, id, title, nothing, None);
        };
        let columns = [
            Column::Words("reading.article"),
            Column::Figures("figures.views"),
            Column::Figures("figures.deep_share"),
        ];
        let columns = if list.by.is_some() { &columns[..] } else { &columns[..2] };
        let row = |item: &MostReadItem| {
            let link = html! { <a href={article_path(&item.id)}>{ &item.title }</a> };
            let deep = shell.share(item.deep.unwrap_or_default(), item.views);
            vec![link, html! { shell.number(item.views) }, html! { deep }]
        };
        let rows = list.items.iter().map(row).collect();
        let content = html! {
            <>
                { self.other_window(shell, list.window) }
                { table(shell, shell.words(title), columns, rows) }
            </>
        };
        // The same list as is shown, also where its window is not the page's.
        self.part(shell, id, title, content, Some((id, list.window)))
    }

    /// A list says where its window is not the page's.
    fn other_window(&self, shell: &Shell, window: Window) -> Html {
        if window == self.period.window {
            return html! {};
        }
        let words = shell.words("reading.wider").replace("{window}", window_name(shell, window));
        html! { <p class="soft">{ words }</p> }
    }

    fn partners(&self, shell: &Shell) -> Html {
        let shown = &self.partners[..self.partners.len().min(PARTNERS_SHOWN)];
        let content = html! {
            <>
                <p class="hint">{ shell.words("figures.partners_hint") }</p>
                { partners(shell, shown) }
            </>
        };
        self.part(
            shell,
            "partners",
            "figures.partners",
            content,
            Some(("partners", self.period.window)),
        )
    }

    fn shares(&self, shell: &Shell) -> Html {
        shares(shell, &self.reading.shares)
    }

    fn shared(&self, shell: &Shell) -> Html {
        let columns = [
            Column::Words("reading.article"),
            Column::Figures("figures.shares"),
            Column::Figures("figures.brought"),
        ];
        let row = |row: &SharedArticle| {
            vec![
                html! { <a href={article_path(&row.id)}>{ &row.title }</a> },
                html! { shell.number(row.shares) },
                html! { shell.number(row.arrivals) },
            ]
        };
        let rows = self.reading.shared.iter().map(row).collect();
        table(shell, shell.words("reading.shared"), &columns, rows)
    }
}
