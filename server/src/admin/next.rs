//! Where somebody goes who has logged in: only ever to a page below `/admin`.

use url::Url;

/// Where they go who did not say.
pub const HOME: &str = "/admin";
/// The login.
pub const LOGIN: &str = "/admin/login";

/// The path (and query) that is asked for, if it is one below `/admin` to whatever reads it as a browser
/// does; else [`HOME`].
pub fn safe(asked: &str) -> String {
    let base = Url::parse("https://host.invalid").expect("a URL");
    let Ok(url) = base.join(asked) else { return HOME.to_owned() };
    // Read first and judged then: backslashes, tabs and dots are what a browser takes them for.
    let path = url.path();
    let is_below = path.starts_with("/admin/") && !path.contains("//");
    let is_a_way_in = path == LOGIN || path == "/admin/logout";
    if url.origin() != base.origin() || !is_below || is_a_way_in {
        return HOME.to_owned();
    }
    match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// The login, and then there.
pub fn login(next: &str) -> String {
    let query = serde_urlencoded::to_string([("next", next)]).expect("strings are always a query");
    format!("{LOGIN}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_below_admin_is_gone_to() {
        for path in ["/admin/feedback", "/admin/feedback/7?lang=en", "/admin/feedback?q=%C4%91"] {
            assert_eq!(safe(path), path);
            assert!(login(path).starts_with("/admin/login?next=%2Fadmin%2Ffeedback"));
        }
    }

    #[test]
    fn nothing_else_is() {
        for asked in [
            "",
            "/",
            "/a/b",
            "//evil.example/admin/feedback",
            "https://evil.example/admin/feedback",
            r"/\evil.example/admin/feedback",
            r"\\evil.example/admin/feedback",
            "/\t/evil.example/admin/",
            "/admin/../a/b",
            "/admin/%2e%2e/a/b",
            "/admin/feedback/../../x",
            "/admin//evil.example",
            "/administrator",
            "javascript:alert(1)",
            "/admin/login?next=/admin/login",
            "/admin/logout",
        ] {
            assert_eq!(safe(asked), HOME, "{asked:?}");
        }
    }

    #[test]
    fn what_is_gone_to_is_fit_for_a_header() {
        let gone = safe("/admin/feedback/\r\nSet-Cookie:x?q=đ");
        assert!(gone.is_ascii() && !gone.contains(char::is_control), "{gone}");
    }
}
