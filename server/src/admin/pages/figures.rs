//! What the pages of figures show alike.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use article_widget::contract::Window;
use yew::prelude::*;

use super::Shell;
use super::chart::{Bar, Chart};
use super::parts::{Tab, tabs};
use crate::admin::period::{Bin, Period, Step, Ticks};
use crate::share_mark::ShareMark;
use crate::store::{
    Arrivals, ArticleState, ChannelShares, Counters, HourCounters, PartnerCounters,
};
use crate::time::timestamp;

/// A column of a table, by the key of its name.
pub(super) enum Column {
    /// Words.
    Words(&'static str),
    /// Figures, which stand below each other.
    Figures(&'static str),
}

impl Column {
    fn key(&self) -> &'static str {
        match self {
            Self::Words(key) | Self::Figures(key) => key,
        }
    }

    fn class(&self) -> Option<&'static str> {
        matches!(self, Self::Figures(_)).then_some("figure")
    }
}

/// One figure and what it is; a link where there is more to see.
pub(super) fn tile(shell: &Shell, figure: String, key: &'static str, href: Option<String>) -> Html {
    let inner = html! {
        <>
            <span class="tile-figure">{ figure }</span>
            <span class="tile-name">{ shell.words(key) }</span>
        </>
    };
    match href {
        Some(href) => html! { <li><a class="tile" {href}>{ inner }</a></li> },
        None => html! { <li><div class="tile">{ inner }</div></li> },
    }
}

/// What was counted, in a few figures.
pub(super) fn tiles_of(shell: &Shell, counted: &Counters) -> Html {
    let Counters { views, readers, deep, seconds, depth, .. } = *counted;
    let depth = if views == 0 { "–".to_owned() } else { shell.mean(depth, views) + "%" };
    html! {
        <>
            { tile(shell, shell.number(views), "figures.views", None) }
            { tile(shell, shell.number(readers), "figures.readers", None) }
            { tile(shell, shell.share(deep, views), "figures.deep_share", None) }
            { tile(shell, shell.mean(seconds, views), "figures.mean_seconds", None) }
            { tile(shell, depth, "figures.mean_depth", None) }
        </>
    }
}

/// A window's name.
pub(super) fn window_name(shell: &Shell, window: Window) -> &'static str {
    shell.words(match window {
        Window::Rising => "window.rising",
        Window::Hour => "window.hour",
        Window::Day => "window.day",
        Window::Week => "window.week",
        Window::Month => "window.month",
        Window::All => "window.all",
    })
}

/// The windows that the page has, as links.
pub(super) fn windows(shell: &Shell, path: &str, offered: &[Window], shown: Window) -> Html {
    let tab = |window: &Window| Tab {
        name: window_name(shell, *window),
        href: format!("{path}?window={}", window.as_str()),
        is_this: *window == shown,
        count: None,
    };
    tabs(shell.words("window.label"), offered.iter().map(tab))
}

/// A part of a page, named by its heading.
pub(super) fn part(id: &str, title: &str, content: Html) -> Html {
    let heading = [id, "-heading"].concat();
    html! {
        <section class="card" aria-labelledby={heading.clone()}>
            <h2 id={heading}>{ title }</h2>
            { content }
        </section>
    }
}

/// What was counted in the course of a window, with what was refused: as a chart, and the table of it.
pub(super) fn course(
    shell: &Shell,
    title: &'static str,
    period: &Period,
    hours: &[HourCounters],
) -> Html {
    let (step, all) = (period.step(), period.bins(hours, shell.calendar()));
    let chart = Chart {
        id: "course",
        title,
        names: (shell.words("figures.views_unit"), Some(shell.words("figures.refused_unit"))),
        bars: bars(shell, &all, step, true),
    };
    html! { <>{ chart.figure(shell) }{ bins(shell, title, &all, step) }</> }
}

/// A table; its first column says what a row is of. Where it is wider than its place it moves in there.
/// A group and no region: it is named like the part of the page that it is in, and no two regions may be.
pub(super) fn table(
    shell: &Shell,
    caption: &str,
    columns: &[Column],
    rows: Vec<Vec<Html>>,
) -> Html {
    if rows.is_empty() {
        return html! { <p class="soft">{ shell.words("figures.none") }</p> };
    }
    html! {
        <div class="table" role="group" tabindex="0" aria-label={caption.to_owned()}>
            <table>
                <caption class="hidden">{ caption }</caption>
                <thead>
                    <tr>
                        { for columns.iter().map(|column| html! {
                            <th scope="col" class={column.class()}>{ shell.words(column.key()) }</th>
                        }) }
                    </tr>
                </thead>
                <tbody>{ for rows.into_iter().map(|cells| row(columns, cells)) }</tbody>
            </table>
        </div>
    }
}

fn row(columns: &[Column], cells: Vec<Html>) -> Html {
    let cells = columns.iter().zip(cells).enumerate();
    html! {
        <tr>
            { for cells.map(|(place, (column, cell))| match place {
                0 => html! { <th scope="row" class={column.class()}>{ cell }</th> },
                _ => html! { <td class={column.class()}>{ cell }</td> },
            }) }
        </tr>
    }
}

/// Links to the same as files: `path` has no ending yet.
pub(super) fn exports(shell: &Shell, path: &str, query: &str, what: &str) -> Html {
    let href = |ending: &str| match query {
        "" => format!("{path}.{ending}"),
        query => format!("{path}.{ending}?{query}"),
    };
    let label = |form: &str| format!("{what}, {form}");
    html! {
        <p class="exports soft">
            { shell.words("figures.export").replace("{what}", what) }{ " " }
            <a href={href("csv")} download="" aria-label={label("CSV")}>{ "CSV" }</a>{ " · " }
            <a href={href("json")} download="" aria-label={label("JSON")}>{ "JSON" }</a>
        </p>
    }
}

/// Bars of counted views; of what was refused on top of them where that is wanted.
pub(super) fn bars(shell: &Shell, bins: &[Bin], step: Step, with_refused: bool) -> Vec<Bar> {
    let ticks = Ticks::of(step, bins.len());
    let mut before = None;
    let bar = |bin: &Bin| {
        let day = shell.calendar().day(timestamp(bin.hours.start * 3600));
        let is_next = before.replace(day).is_some_and(|before| before != day);
        Bar {
            label: shell.step(&bin.hours, step),
            tick: shell.tick(&bin.hours, ticks),
            is_apart: step == Step::Hour && is_next,
            value: bin.counters.views,
            rest: if with_refused { refused(&bin.counters) } else { 0 },
        }
    };
    bins.iter().map(bar).collect()
}

/// The table of a chart: each of its bars.
pub(super) fn bins(shell: &Shell, caption: &str, bins: &[Bin], step: Step) -> Html {
    let columns = [
        Column::Words("figures.time"),
        Column::Figures("figures.views"),
        Column::Figures("figures.readers_column"),
        Column::Figures("figures.deep"),
        Column::Figures("figures.refused"),
    ];
    let figure = |value: u64| html! { shell.number(value) };
    let row = |bin: &Bin| {
        let Counters { views, readers, deep, .. } = bin.counters;
        let time = html! { shell.step(&bin.hours, step) };
        vec![time, figure(views), figure(readers), figure(deep), figure(refused(&bin.counters))]
    };
    // The latest first: it is what somebody looks for.
    let rows = bins.iter().rev().map(row).collect();
    html! {
        <details>
            <summary>{ shell.words("figures.numbers") }</summary>
            { table(shell, caption, &columns, rows) }
        </details>
    }
}

/// Whatever does not count.
fn refused(counted: &Counters) -> u64 {
    counted.raw.saturating_sub(counted.views)
}

/// Raw figures beside counted ones, and why they differ.
pub(super) fn refusals(shell: &Shell, counted: &Counters) -> Html {
    let Counters { raw, views, refused, .. } = *counted;
    let rows = [
        ("figures.raw", raw),
        ("figures.counted", views),
        ("figures.bots", refused.bots),
        ("figures.repeats", refused.repeats),
        ("figures.rate", refused.rate),
        ("figures.unknown_partner", refused.unknown),
    ];
    let row = |(key, count): (&'static str, u64)| {
        let name = html! { shell.words(key) };
        vec![name, html! { shell.number(count) }, html! { shell.share(count, raw) }]
    };
    let columns = [
        Column::Words("figures.what"),
        Column::Figures("figures.count"),
        Column::Figures("figures.share_of_raw"),
    ];
    let caption = shell.words("figures.refusals");
    table(shell, caption, &columns, rows.into_iter().map(row).collect())
}

/// What was read on whose pages.
pub(super) fn partners(shell: &Shell, rows: &[PartnerCounters]) -> Html {
    let columns = [
        Column::Words("figures.partner"),
        Column::Figures("figures.views"),
        Column::Figures("figures.readers_column"),
        Column::Figures("figures.deep_share"),
        Column::Figures("figures.seconds_column"),
        Column::Figures("figures.refused"),
    ];
    let row = |row: &PartnerCounters| {
        let counted = &row.counters;
        vec![
            html! { origin(shell, &row.partner) },
            html! { shell.number(counted.views) },
            html! { shell.number(counted.readers) },
            html! { shell.share(counted.deep, counted.views) },
            html! { shell.mean(counted.seconds, counted.views) },
            html! { shell.number(refused(counted)) },
        ]
    };
    let rows = rows.iter().map(row).collect();
    table(shell, shell.words("figures.partners"), &columns, rows)
}

/// An origin as people know it: the host, and the scheme where it is not the usual one.
pub(super) fn origin<'a>(shell: &Shell, origin: &'a str) -> &'a str {
    match origin {
        "" => shell.words("figures.no_page"),
        origin => origin.strip_prefix("https://").unwrap_or(origin),
    }
}

/// Shares by channel.
pub(super) fn shares(shell: &Shell, shares: &[ChannelShares]) -> Html {
    let mut shares: Vec<_> = shares.iter().filter(|row| row.shares > 0).collect();
    shares.sort_by_key(|row| Reverse(row.shares));
    let columns = [Column::Words("figures.channel"), Column::Figures("figures.shares")];
    let row = |row: &ChannelShares| {
        vec![html! { channel_name(shell, &row.channel) }, html! { shell.number(row.shares) }]
    };
    let rows = shares.into_iter().map(row).collect();
    table(shell, shell.words("figures.shares_title"), &columns, rows)
}

/// Shares by channel, each with the views that came by it; those by marks of no channel apart.
pub(super) fn shares_and_arrivals(
    shell: &Shell,
    shares: &[ChannelShares],
    arrivals: &[Arrivals],
) -> Html {
    let mut sums: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in shares {
        sums.entry(&row.channel).or_default().0 += row.shares;
    }
    for arrived in arrivals {
        // Anyone may make up a mark.
        let channel = ShareMark::parse(&arrived.mark).map(|mark| mark.channel().as_str());
        sums.entry(channel.unwrap_or_default()).or_default().1 += arrived.views;
    }
    let mut sums: Vec<_> = sums.into_iter().filter(|(_, sums)| *sums != (0, 0)).collect();
    sums.sort_by_key(|(_, sums)| Reverse(*sums));
    let columns = [
        Column::Words("figures.channel"),
        Column::Figures("figures.shares"),
        Column::Figures("figures.brought"),
    ];
    let row = |(channel, (shares, views)): (&str, (u64, u64))| {
        let name = match channel {
            "" => shell.words("figures.unknown_mark"),
            channel => channel_name(shell, channel),
        };
        vec![html! { name }, html! { shell.number(shares) }, html! { shell.number(views) }]
    };
    let rows = sums.into_iter().map(row).collect();
    table(shell, shell.words("figures.shares_title"), &columns, rows)
}

/// A channel's name; of one that no version here knows, as it is kept.
pub(super) fn channel_name<'a>(shell: &Shell, channel: &'a str) -> &'a str {
    shell.words_of(&format!("channel.{channel}"), channel)
}

/// A state's name on a patch of its colour.
pub(super) fn state_badge(shell: &Shell, state: ArticleState) -> Html {
    html! {
        <span class={["badge ", state.as_str()].concat()}>{ article_state(shell, state) }</span>
    }
}

/// A state's name.
pub(super) fn article_state(shell: &Shell, state: ArticleState) -> &'static str {
    shell.words(match state {
        ArticleState::Visible => "article_state.visible",
        ArticleState::Embargo => "article_state.embargo",
        ArticleState::Withheld => "article_state.withheld",
        ArticleState::Expired => "article_state.expired",
        ArticleState::Withdrawn => "article_state.withdrawn",
    })
}
