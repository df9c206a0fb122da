//! A picture, its caption and its credit. The room for the picture is reserved before it comes.

use yew::prelude::*;

use super::inline::inlines;
use super::{Context, url};
use crate::contract::{Figure, ImageSource};

/// The picture below the headline: wanted first.
pub(super) fn lead(context: &Context<'_>, figure: &Figure) -> Html {
    framed(context, figure, ("eager", Some("high")))
}

/// A picture in the text: fetched when it is near.
pub(super) fn figure(context: &Context<'_>, figure: &Figure) -> Html {
    framed(context, figure, ("lazy", None))
}

type Loading = (&'static str, Option<&'static str>);

fn framed(context: &Context<'_>, figure: &Figure, loading: Loading) -> Html {
    let common = figure.sources.iter().filter(|source| source.media_type.is_none());
    let picture = common.min_by_key(|source| source.width.abs_diff(DEFAULT_WIDTH));
    let caption = !figure.caption.is_empty() || figure.credit.is_some();
    if picture.is_none() && !caption {
        return Html::default();
    }
    html! {
        <figure class="aw-figure" part="figure">
            if let Some(picture) = picture {
                { image(context, figure, picture, loading) }
            }
            if caption {
                <figcaption class="aw-caption" part="caption">
                    { inlines(context, &figure.caption) }
                    if let Some(credit) = &figure.credit {
                        <span class="aw-credit" part="credit">{ credit }</span>
                    }
                </figcaption>
            }
        </figure>
    }
}

/// What a browser that knows no `srcset` gets, and the nearest to it where it is not there: wide
/// enough for a phone's text column, small enough for its network.
const DEFAULT_WIDTH: u32 = 640;

/// As wide as the text, which is no wider than this.
const SIZES: &str = "(max-width: 720px) 100vw, 720px";

/// Around it the files of the first media type that not every browser shows: whoever shows it takes one of
/// those.
fn image(context: &Context<'_>, figure: &Figure, source: &ImageSource, loading: Loading) -> Html {
    let Some(src) = url::safe(&context.embed.public_url, &source.url) else {
        return Html::default();
    };
    let (loading, priority) = loading;
    let pixels = |number: u32| (number > 0).then(|| number.to_string());
    let better = figure.sources.iter().find_map(|source| source.media_type.as_ref());
    html! {
        <picture>
            if let Some(media_type) = better {
                <source type={media_type.clone()} srcset={srcset(context, figure, better)} sizes={SIZES} />
            }
            <img class="aw-image" part="image" {src} srcset={srcset(context, figure, None)} sizes={SIZES}
                width={pixels(source.width)} height={pixels(source.height)}
                alt={figure.alt.clone().unwrap_or_default()}
                {loading} decoding="async" fetchpriority={priority} />
        </picture>
    }
}

/// Every size of a media type whose width is known; none where there is nothing to choose from. URLs with a
/// space or a comma would break the list.
fn srcset(context: &Context<'_>, figure: &Figure, media_type: Option<&String>) -> Option<String> {
    let usable = |source: &&ImageSource| {
        source.width > 0
            && source.media_type.as_ref() == media_type
            && !source.url.contains([' ', ','])
    };
    let sizes: Vec<String> = figure
        .sources
        .iter()
        .filter(usable)
        .filter_map(|source| {
            let url = url::safe(&context.embed.public_url, &source.url)?;
            Some([&url, " ", &source.width.to_string(), "w"].concat())
        })
        .collect();
    // Of the common type the picture itself is one of them.
    (sizes.len() > usize::from(media_type.is_none())).then(|| sizes.join(", "))
}
