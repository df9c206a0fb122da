//! What a page lets in, by its content security policies (W3C, CSP Level 3). Of the standard it knows what
//! decides on a script, a request, a picture or a frame of another origin.

use url::Url;

/// Of a header no more is read, in characters, …
const LONGEST: usize = 16 << 10;
/// … of a page no more policies, …
const MOST: usize = 20;
/// … and no more words in all of them: each may be compared with each of a page's scripts and frames.
const MOST_WORDS: usize = 1_000;

/// Every policy of a page. Something is let in where all of them let it in.
#[derive(Debug)]
pub(super) struct Policies {
    policies: Vec<Policy>,
    /// Words that are still read.
    words_left: usize,
    /// The page's own origin, for `'self'`.
    page: Option<Url>,
}

/// The directives of one, in their order: name and sources.
#[derive(Debug)]
struct Policy(Vec<(String, Vec<String>)>);

/// What is to be let in.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Script,
    Connection,
    Image,
    Frame,
}

impl Kind {
    /// The directives that decide on it, the first of them that is there.
    fn directives(self) -> &'static [&'static str] {
        match self {
            Self::Script => &["script-src-elem", "script-src", "default-src"],
            Self::Connection => &["connect-src", "default-src"],
            Self::Image => &["img-src", "default-src"],
            Self::Frame => &["frame-src", "child-src", "default-src"],
        }
    }
}

impl Policies {
    /// None yet, of a page at this URL.
    pub(super) fn of(page: &Url) -> Self {
        Self { policies: Vec::new(), words_left: MOST_WORDS, page: Some(page.clone()) }
    }

    /// One more, as a header or a `meta` element has it. A header may hold several, with commas.
    pub(super) fn add(&mut self, text: &str) {
        let text: String = text.chars().take(LONGEST).collect();
        let room = MOST.saturating_sub(self.policies.len());
        let words_left = &mut self.words_left;
        let read = text.split(',').take(room).map(|policy| Policy::read(policy, words_left));
        self.policies.extend(read);
    }

    /// Whether all of them let `url` in as this. `nonce` is that of the script's element.
    pub(super) fn allow(&self, kind: Kind, url: &Url, nonce: Option<&str>) -> bool {
        self.policies.iter().all(|policy| match policy.sources(kind.directives()) {
            Some(sources) => self.allowed(sources, kind, url, nonce),
            None => true,
        })
    }

    /// Whether all of them let Wasm run.
    pub(super) fn allow_wasm(&self) -> bool {
        let is_eval = |source: &String| {
            ["'wasm-unsafe-eval'", "'unsafe-eval'"].contains(&source.to_ascii_lowercase().as_str())
        };
        self.policies.iter().all(|policy| {
            let sources = policy.sources(&["script-src", "default-src"]);
            sources.is_none_or(|sources| sources.iter().any(is_eval))
        })
    }

    fn allowed(&self, sources: &[String], kind: Kind, url: &Url, nonce: Option<&str>) -> bool {
        let has = |word: &str| sources.iter().any(|source| source.eq_ignore_ascii_case(word));
        if matches!(kind, Kind::Script) {
            let of_nonce = |nonce: &str| sources.contains(&format!("'nonce-{nonce}'"));
            if nonce.is_some_and(of_nonce) {
                return true;
            }
            if has("'strict-dynamic'") {
                return false;
            }
        }
        let matches_page = || self.page.as_ref().is_some_and(|page| page.origin() == url.origin());
        (has("'self'") && matches_page())
            || sources.iter().any(|source| matches(source, url, self.page.as_ref()))
    }
}

impl Policy {
    /// As many words of it as are left.
    fn read(text: &str, words_left: &mut usize) -> Self {
        let directives = text.split(';').filter_map(|directive| {
            let mut words = directive.split_ascii_whitespace().take(*words_left);
            let name = words.next()?.to_ascii_lowercase();
            let sources: Vec<_> = words.map(ToOwned::to_owned).collect();
            *words_left -= 1 + sources.len();
            Some((name, sources))
        });
        Self(directives.collect())
    }

    /// The sources of the first of these directives that is there; of one that is there twice, the first.
    fn sources(&self, names: &[&str]) -> Option<&[String]> {
        names.iter().find_map(|name| {
            let found = self.0.iter().find(|(known, _)| known == name);
            found.map(|(_, sources)| sources.as_slice())
        })
    }
}

/// Whether a source that is no word in quotes stands for the URL.
fn matches(source: &str, url: &Url, page: Option<&Url>) -> bool {
    if source.starts_with('\'') {
        return false;
    }
    if source == "*" {
        return matches!(url.scheme(), "http" | "https");
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return is_scheme(scheme, url.scheme());
    }
    let (scheme, rest) = match source.split_once("://") {
        Some((scheme, rest)) => (scheme, rest),
        // Without one it is the page's.
        None => (page.map_or("https", Url::scheme), source),
    };
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    is_scheme(scheme, url.scheme())
        && is_host(host, url)
        && is_port(port, url)
        && is_path(path, url)
}

/// http stands for https, too.
fn is_scheme(source: &str, scheme: &str) -> bool {
    source.eq_ignore_ascii_case(scheme)
        || (source.eq_ignore_ascii_case("http") && scheme == "https")
}

fn is_host(source: &str, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let source = source.to_ascii_lowercase();
    match source.strip_prefix('*') {
        Some(rest) => rest.starts_with('.') && host.ends_with(rest),
        None => source == host,
    }
}

/// Without one it is the scheme's; that of http stands for that of https, too.
fn is_port(source: &str, url: &Url) -> bool {
    let usual = || url.port().is_none();
    match source {
        "*" => true,
        "" => usual(),
        "80" if url.scheme() == "https" => usual(),
        port => port.parse().ok() == url.port_or_known_default(),
    }
}

/// One that ends with a slash stands for all below it.
fn is_path(source: &str, url: &Url) -> bool {
    match source {
        "" | "/" => true,
        below if below.ends_with('/') => url.path().starts_with(below),
        path => url.path() == path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies(texts: &[&str]) -> Policies {
        let mut policies = Policies::of(&"https://tin.example/bai".parse().unwrap());
        texts.iter().for_each(|text| policies.add(text));
        policies
    }

    fn script(texts: &[&str], url: &str, nonce: Option<&str>) -> bool {
        policies(texts).allow(Kind::Script, &url.parse().unwrap(), nonce)
    }

    const LOADER: &str = "https://news.example/embed.js";

    #[test]
    fn a_source_is_a_scheme_a_host_a_port_and_a_path() {
        for (source, expected) in [
            ("https://news.example", true),
            ("http://news.example", true),
            ("http://news.example:80", true),
            ("https://NEWS.example:443", true),
            ("news.example", true),
            ("https://news.example/embed.js", true),
            ("https://news.example/v/", false),
            ("https://*.example", true),
            ("https://*.news.example", false),
            ("https:", true),
            ("http:", true),
            ("*", true),
            ("https://news.example:*", true),
            ("https://news.example:8443", false),
            ("https://news.example.evil.test", false),
            ("'self'", false),
            ("'none'", false),
            ("data:", false),
            ("", false),
        ] {
            let policy = format!("script-src {source}");
            assert_eq!(script(&[&policy], LOADER, None), expected, "{source}");
        }
        assert!(script(&["script-src 'self'"], "https://tin.example/a.js", None));
    }

    #[test]
    fn directives_fall_back_and_the_first_of_a_name_counts() {
        assert!(!script(&["default-src 'none'"], LOADER, None));
        assert!(script(&["default-src 'none'; script-src *; script-src 'none'"], LOADER, None));
        assert!(!script(&["script-src *; script-src-elem 'self'"], LOADER, None));
        assert!(script(&["img-src 'none'"], LOADER, None));
        let frame = |text: &str| {
            policies(&[text]).allow(
                Kind::Frame,
                &"https://news.example/embed/a".parse().unwrap(),
                None,
            )
        };
        assert!(!frame("child-src 'none'; default-src *") && frame("FRAME-SRC news.example"));
    }

    #[test]
    fn every_policy_has_to_agree() {
        assert!(!script(&["script-src *", "script-src 'self'"], LOADER, None));
        assert!(!script(&["script-src *, script-src 'self'"], LOADER, None));
        assert!(script(&[], LOADER, None));
    }

    #[test]
    fn of_a_page_so_many_words_are_read() {
        let names = |count: usize| "a ".repeat(count);
        let last = format!("script-src {}https:", names(MOST_WORDS - 2));
        assert!(script(&[&last], LOADER, None));
        let behind = format!("script-src {}https:", names(MOST_WORDS - 1));
        assert!(!script(&[&behind], LOADER, None));
        assert!(script(&[&last, "script-src 'none'"], LOADER, None));
    }

    #[test]
    fn a_nonce_lets_its_element_in_and_strict_dynamic_nothing_else() {
        let policy = ["script-src 'nonce-Abc' 'strict-dynamic' https:"];
        assert!(script(&policy, LOADER, Some("Abc")));
        assert!(!script(&policy, LOADER, Some("abc")) && !script(&policy, LOADER, None));
    }

    #[test]
    fn wasm_needs_a_word_of_its_own() {
        assert!(policies(&["img-src *"]).allow_wasm());
        assert!(!policies(&["script-src *"]).allow_wasm());
        assert!(policies(&["script-src * 'wasm-unsafe-eval'"]).allow_wasm());
        assert!(policies(&["default-src 'unsafe-eval'; script-src-elem *"]).allow_wasm());
    }
}
