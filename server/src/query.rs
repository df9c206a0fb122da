//! What several resources read in a query the same way.

use article_widget::contract::Window;

use crate::problem::Problem;

/// No list is longer.
const LONGEST: u16 = 100;

/// How many of a list are wanted: what was asked for, or `default`.
///
/// # Errors
/// [`Problem::Invalid`] where that is none, or more than 100.
pub fn limit(asked: Option<u16>, default: u16) -> Result<u16, Problem> {
    match asked.unwrap_or(default) {
        limit @ 1..=LONGEST => Ok(limit),
        _ => Err(Problem::Invalid { field: "limit", detail: format!("1 to {LONGEST}") }),
    }
}

/// The window named; none where it is left out.
///
/// # Errors
/// [`Problem::Invalid`] where there is no such window.
pub fn window(name: Option<&str>) -> Result<Option<Window>, Problem> {
    let names = || Window::ALL.map(Window::as_str).join(", ");
    let invalid = || Problem::Invalid { field: "window", detail: format!("one of {}", names()) };
    name.map(|name| Window::parse(name).ok_or_else(invalid)).transpose()
}
