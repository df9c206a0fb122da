//! The little of a `style` that changes what a text says: that it is hidden, or stands out.

use dom_query::NodeRef;

/// Whether readers of the original do not see the element.
pub(super) fn is_hidden(node: &NodeRef<'_>) -> bool {
    let attribute = |name: &str| node.attr(name);
    if node.has_attr("hidden") || attribute("aria-hidden").is_some_and(|value| &*value == "true") {
        return true;
    }
    const HIDDEN: [&str; 5] = [
        "screen-reader-text",
        "screen-reader-only",
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
    ];
    if HIDDEN.iter().any(|class| node.has_class(class)) {
        return true;
    }
    declares(node, |property, value| match property {
        "display" => value == "none",
        "visibility" => value == "hidden",
        "font-size" => matches!(value, "0" | "0px" | "0pt" | "0em"),
        "mso-hide" => value == "all",
        _ => false,
    })
}

/// Whether it says bold by its style, or says that it is not.
pub(super) fn is_bold(node: &NodeRef<'_>) -> Option<bool> {
    said(node, "font-weight", |value| match value {
        "bold" | "bolder" => Some(true),
        "normal" | "lighter" => Some(false),
        number => number.parse::<u16>().ok().map(|weight| weight >= 600),
    })
}

/// Whether it says italic by its style, or says that it is not.
pub(super) fn is_italic(node: &NodeRef<'_>) -> Option<bool> {
    said(node, "font-style", |value| match value {
        "italic" | "oblique" => Some(true),
        "normal" => Some(false),
        _ => None,
    })
}

fn said(node: &NodeRef<'_>, wanted: &str, read: fn(&str) -> Option<bool>) -> Option<bool> {
    let mut said = None;
    declares(node, |property, value| {
        if property == wanted {
            said = read(value);
        }
        false
    });
    said
}

fn declares(node: &NodeRef<'_>, mut fits: impl FnMut(&str, &str) -> bool) -> bool {
    let Some(style) = node.attr("style") else { return false };
    let style = style.to_ascii_lowercase();
    style.split(';').filter_map(|declaration| declaration.split_once(':')).any(
        |(property, value)| {
            let value = value.trim().trim_end_matches("!important").trim_end();
            fits(property.trim(), value)
        },
    )
}
