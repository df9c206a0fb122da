//! What is wrong with a page, from what stands in it and what the publisher knows: no I/O.

use url::Url;

use super::facts::{Facts, Relation, Standing};
use super::finding::{Finding, What};
use super::page::{Element, Frame, PartnerPage, Script};
use super::policy::Kind;
use crate::visibility::Visibility;

/// Everything that there is to say, the worst first.
pub(super) fn apply(page: &PartnerPage, facts: &Facts) -> Vec<Finding> {
    let mut rules = Rules { page, facts, found: Vec::new() };
    rules.site();
    if rules.is_empty() {
        rules.nothing();
    } else {
        rules.elements();
        rules.scripts();
        rules.frames();
    }
    let mut found = rules.found;
    if found.is_empty() {
        found.push(Finding { what: What::Fine, it: String::new() });
    }
    found.sort_by_key(|finding| finding.what.severity());
    found
}

struct Rules<'a> {
    page: &'a PartnerPage,
    facts: &'a Facts,
    found: Vec<Finding>,
}

impl<'a> Rules<'a> {
    /// Says a thing once.
    fn say(&mut self, what: What, it: impl Into<String>) {
        let finding = Finding { what, it: it.into() };
        if !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    fn site(&mut self) {
        let origin = self.page.url.origin().ascii_serialization();
        match self.facts.standing {
            Standing::Admitted => {}
            Standing::Blocked => self.say(What::Blocked, origin),
            Standing::Unlisted => self.say(What::Unlisted, origin),
        }
        if self.page.url.scheme() == "http" && self.facts.own.scheme() == "https" {
            self.say(What::PlainPage, "");
        }
    }

    /// Whether nothing of ours is there. What names another server and another article is not ours.
    fn is_empty(&self) -> bool {
        self.our_elements().next().is_none()
            && self.our_scripts().next().is_none()
            && self.our_frames().next().is_none()
    }

    fn nothing(&mut self) {
        let path = format!("/a/{}", self.facts.article);
        let is_link = |url: &Url| self.is_near(url) && url.path().trim_end_matches('/') == path;
        if self.page.is_escaped {
            self.say(What::Escaped, "");
        } else if self.page.links.iter().any(is_link) {
            self.say(What::OnlyLink, path);
        } else {
            self.say(What::Nothing, "");
        }
    }

    fn is_near(&self, url: &Url) -> bool {
        self.facts.relation(url) != Relation::Other
    }

    /// Elements with a static file for a source need no server.
    fn our_elements(&self) -> impl Iterator<Item = &'a Element> + use<'a> {
        let (page, facts) = (self.page, self.facts);
        page.elements.iter().filter(move |element| match &element.src {
            Some(src) if src.path().ends_with(".json") => false,
            Some(src) => facts.relation(src) != Relation::Other || element.article == facts.article,
            None => true,
        })
    }

    fn our_scripts(&self) -> impl Iterator<Item = &'a Script> + use<'a> {
        let (page, facts) = (self.page, self.facts);
        page.scripts.iter().filter(move |script| {
            facts.relation(&script.url) != Relation::Other
                || script.article.as_deref() == Some(&facts.article)
        })
    }

    fn our_frames(&self) -> impl Iterator<Item = &'a Frame> + use<'a> {
        let (page, facts) = (self.page, self.facts);
        page.frames.iter().filter(move |frame| {
            facts.relation(&frame.url) != Relation::Other || frame.article == facts.article
        })
    }

    fn elements(&mut self) {
        let mut needs_loader = false;
        for element in self.our_elements() {
            needs_loader = true;
            self.article(&element.article);
            if let Some(src) = &element.src {
                self.server(src);
            }
            if !element.has_link {
                self.say(What::NoLink, element.article.as_str());
            }
        }
        if needs_loader && self.page.scripts.is_empty() {
            self.say(What::NoLoader, "");
        } else if needs_loader && self.our_scripts().next().is_none() {
            let others: Vec<_> = self.page.scripts.iter().map(|script| &script.url).collect();
            others.into_iter().for_each(|url| self.say(What::Elsewhere, url.as_str()));
        }
    }

    fn scripts(&mut self) {
        let of_elements = self.our_scripts().filter(|script| script.article.is_none());
        if of_elements.count() > 1 {
            self.say(What::TwoLoaders, "");
        }
        for script in self.our_scripts() {
            if let Some(article) = &script.article {
                self.article(article);
            }
            self.server(&script.url);
            self.digest(script);
            if self.facts.relation(&script.url) == Relation::Own {
                self.policies(script);
            }
        }
    }

    fn digest(&mut self, script: &Script) {
        let release = script.version.as_ref().and_then(|version| self.facts.releases.get(version));
        let version = script.version.clone().unwrap_or_default();
        match (&script.integrity, release) {
            (_, Some(None)) => return self.say(What::UnknownRelease, version),
            (None, _) => return,
            (Some(_), None) if script.version.is_none() => self.say(What::MovingIntegrity, ""),
            (Some(given), Some(Some(digest))) if !given.contains(digest.as_str()) => {
                self.say(What::WrongIntegrity, version);
            }
            _ => {}
        }
        if !script.has_crossorigin {
            self.say(What::NoCrossorigin, "");
        }
    }

    fn policies(&mut self, script: &Script) {
        let (policies, nonce) = (&self.page.policies, script.nonce.as_deref());
        if !policies.allow(Kind::Script, &script.url, nonce) {
            self.say(What::ScriptBlocked, "");
        }
        let below = |path: &str| self.facts.own.join(path).unwrap_or_else(|_| script.url.clone());
        let (json, picture) = (below("/v1/embed/a"), below("/media/a"));
        if !policies.allow(Kind::Connection, &json, None) {
            self.say(What::ConnectionBlocked, "");
        }
        if !policies.allow(Kind::Image, &picture, None) {
            self.say(What::ImageBlocked, "");
        }
        if !policies.allow_wasm() {
            self.say(What::WasmBlocked, "");
        }
    }

    fn frames(&mut self) {
        for frame in self.our_frames() {
            self.article(&frame.article);
            self.server(&frame.url);
            if !frame.has_title {
                self.say(What::FrameTitle, "");
            }
            if !frame.has_height {
                self.say(What::FrameHeight, "");
            }
            match &frame.sandbox {
                Some(sandbox) if !sandbox.to_ascii_lowercase().contains("allow-scripts") => {
                    self.say(What::FrameSandbox, "");
                }
                // WordPress's: it allows what it allows.
                Some(_) => {}
                None if !frame.has_allow => self.say(What::FrameAllow, ""),
                None => {}
            }
            if !self.page.policies.allow(Kind::Frame, &frame.url, None) {
                self.say(What::FrameBlocked, "");
            }
        }
    }

    fn article(&mut self, id: &str) {
        if id.is_empty() {
            return self.say(What::NoId, "");
        }
        match self.facts.articles.get(id) {
            Some(Some(Visibility::Visible)) if id != self.facts.article => {
                self.say(What::OtherArticle, id);
            }
            Some(Some(Visibility::Withdrawn)) => self.say(What::Withdrawn, id),
            Some(None | Some(Visibility::Hidden)) => self.say(What::UnknownArticle, id),
            Some(Some(Visibility::Visible)) | None => {}
        }
    }

    /// Where it is from.
    fn server(&mut self, url: &Url) {
        match self.facts.relation(url) {
            Relation::Own => {}
            Relation::SameHost => self.say(What::Scheme, url.as_str()),
            Relation::Other => self.say(What::Elsewhere, url.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const ELEMENT: &str = "<article-widget src=https://news.example article=a><blockquote>\
         <a href=https://news.example/a/a>Bài</a></blockquote></article-widget>";
    const LOADER: &str = "<script async src=https://news.example/embed.js></script>";
    const FRAME: &str =
        "<iframe src=https://news.example/embed/a title=Bài height=800 allow=web-share></iframe>";

    fn facts() -> Facts {
        let articles = [
            ("a", Some(Visibility::Visible)),
            ("b", Some(Visibility::Visible)),
            ("gone", Some(Visibility::Withdrawn)),
            ("later", Some(Visibility::Hidden)),
            ("no", None),
        ];
        let releases = [("1", Some("sha384-right".to_owned())), ("0", None)];
        Facts {
            own: "https://news.example".parse().unwrap(),
            article: "a".to_owned(),
            articles: BTreeMap::from(articles.map(|(id, is)| (id.to_owned(), is))),
            releases: BTreeMap::from(releases.map(|(version, is)| (version.to_owned(), is))),
            standing: Standing::Admitted,
        }
    }

    fn found_with(policies: &[&str], html: &str, facts: &Facts) -> Vec<What> {
        let policies: Vec<_> = policies.iter().map(ToString::to_string).collect();
        let url = "https://tin.example/bai".parse().unwrap();
        let page = PartnerPage::read(url, &policies, html);
        apply(&page, facts).into_iter().map(|finding| finding.what).collect()
    }

    fn found(html: &str) -> Vec<What> {
        found_with(&[], html, &facts())
    }

    /// The snippet with a script of these attributes.
    fn script(attributes: &str) -> Vec<What> {
        found(&format!("{ELEMENT}<script {attributes}></script>"))
    }

    #[test]
    fn every_form_of_the_host_contract_is_fine() {
        let short = "<script async src=https://news.example/embed.js data-article=a></script>";
        let pinned = "src=https://news.example/v/1/embed.js integrity=sha384-right crossorigin";
        for html in [&format!("{ELEMENT}{LOADER}"), short, &format!("{short}{short}"), FRAME] {
            assert_eq!(found(html), [What::Fine], "{html}");
        }
        assert_eq!(script(pinned), [What::Fine]);
        let host = "<script async src=https://news.example/frame-host.js></script>";
        assert_eq!(found(&format!("{FRAME}{host}")), [What::Fine]);
    }

    #[test]
    fn what_is_not_there_was_lost_in_one_of_three_ways() {
        assert_eq!(found("<p>Tin trong ngày</p>"), [What::Nothing]);
        assert_eq!(found("<p>&lt;article-widget src=…&gt;</p>"), [What::Escaped]);
        let short =
            "<pre>&lt;script src=\"https://news.example/embed.js\" data-article=a&gt;</pre>";
        assert_eq!(found(short), [What::Escaped]);
        assert_eq!(found("<a href=http://news.example/a/a/>Bài</a>"), [What::OnlyLink]);
        assert_eq!(found("<a href=https://news.example/a/b>Bài</a>"), [What::Nothing]);
        assert_eq!(found(&format!("<!-- {ELEMENT}{LOADER} -->")), [What::Nothing]);
        assert_eq!(found(ELEMENT), [What::NoLoader]);
    }

    #[test]
    fn the_article_and_the_server_have_to_be_the_right_ones() {
        let element = |attributes: &str| {
            found(&format!(
                "<article-widget {attributes}><a href=/>Bài</a></article-widget>{LOADER}"
            ))
        };
        let own = "src=https://news.example";
        assert_eq!(element("article=a"), [What::Fine]);
        assert_eq!(element(&format!("{own} article=b")), [What::OtherArticle]);
        assert_eq!(element(&format!("{own} article=gone")), [What::Withdrawn]);
        assert_eq!(element(&format!("{own} article=later")), [What::UnknownArticle]);
        assert_eq!(element(&format!("{own} article=no")), [What::UnknownArticle]);
        assert_eq!(element(own), [What::NoId]);
        assert_eq!(element("src=http://news.example article=a"), [What::Scheme]);
        assert_eq!(element("src=https://old.example article=a"), [What::Elsewhere]);
        assert_eq!(element("src=https://other.example article=x"), [What::Fine], "another's");
        let bare = format!("<article-widget {own} article=a></article-widget>{LOADER}");
        assert_eq!(found(&bare), [What::NoLink]);
        assert_eq!(script("src=https://old.example/embed.js"), [What::Elsewhere]);
        assert_eq!(script("src=http://news.example/embed.js"), [What::Scheme]);
        assert_eq!(found(&format!("{ELEMENT}{LOADER}{LOADER}")), [What::TwoLoaders]);
    }

    #[test]
    fn a_digest_has_to_be_of_what_it_stands_beside() {
        let pinned = |rest: &str| script(&format!("src=https://news.example/v/1/embed.js {rest}"));
        assert_eq!(pinned(""), [What::Fine]);
        assert_eq!(pinned("integrity=sha384-right"), [What::NoCrossorigin]);
        assert_eq!(pinned("integrity=sha384-wrong crossorigin"), [What::WrongIntegrity]);
        assert_eq!(script("src=https://news.example/v/0/embed.js"), [What::UnknownRelease]);
        let moving = "src=https://news.example/embed.js integrity=sha384-right crossorigin";
        assert_eq!(script(moving), [What::MovingIntegrity]);
    }

    #[test]
    fn a_policy_keeps_out_what_it_does_not_name() {
        let snippet = format!("{ELEMENT}{LOADER}");
        let with = |policy: &str| found_with(&[policy], &snippet, &facts());
        let enough = "default-src 'none'; script-src https://news.example 'wasm-unsafe-eval'; \
                      connect-src https://news.example; img-src https://news.example";
        assert_eq!(with(enough), [What::Fine]);
        assert_eq!(with(&enough.replace("'wasm-unsafe-eval'", "")), [What::WasmBlocked]);
        assert_eq!(with(&enough.replace("connect-src", "x-src")), [What::ConnectionBlocked]);
        assert_eq!(with(&enough.replace("img-src", "x-src")), [What::ImageBlocked]);
        let other = enough.replace("script-src https://news.example", "script-src 'self'");
        assert_eq!(with(&other), [What::ScriptBlocked]);
        let meta =
            format!("<meta http-equiv=Content-Security-Policy content=\"{other}\">{snippet}");
        assert_eq!(found(&meta), [What::ScriptBlocked]);
        assert_eq!(found_with(&["frame-src 'self'"], FRAME, &facts()), [What::FrameBlocked]);
    }

    #[test]
    fn a_frame_needs_a_name_a_height_and_scripts() {
        let frame = |rest: &str| {
            found(&format!("<iframe src=https://news.example/embed/a {rest}></iframe>"))
        };
        assert_eq!(frame(""), [What::FrameTitle, What::FrameHeight, What::FrameAllow]);
        let said = "title=Bài style='border:0;height:50em'";
        assert_eq!(frame(&format!("{said} sandbox")), [What::FrameSandbox]);
        assert_eq!(frame(&format!("{said} sandbox=allow-scripts")), [What::Fine], "WordPress's");
        let elsewhere = FRAME.replace("news.example", "old.example");
        assert_eq!(found(&elsewhere), [What::Elsewhere]);
    }

    #[test]
    fn the_worst_comes_first_and_the_site_has_to_be_a_partners() {
        let facts = Facts { standing: Standing::Unlisted, ..facts() };
        let html = format!("<article-widget article=a></article-widget>{LOADER}");
        assert_eq!(found_with(&[], &html, &facts), [What::Unlisted, What::NoLink]);
        let blocked = Facts { standing: Standing::Blocked, ..facts };
        assert_eq!(found_with(&[], &html, &blocked), [What::Blocked, What::NoLink]);
        let page = PartnerPage::read("http://tin.example/".parse().unwrap(), &[], FRAME);
        let whats: Vec<_> = apply(&page, &self::facts()).into_iter().map(|one| one.what).collect();
        assert_eq!(whats, [What::PlainPage]);
    }

    /// Two megabytes of the worst, in less than what an idle request may take.
    #[test]
    fn a_hostile_page_is_read_in_linear_time() {
        let begun = std::time::Instant::now();
        let mut attributes = String::from("<article-widget article=a");
        (0..80_000).for_each(|number| attributes.push_str(&format!(" a{number}=x")));
        let tags = "<article-widget article=a>".repeat(70_000);
        let open = "<div>".repeat(400_000);
        let unclosed = format!("<script>{}", "<".repeat(2_000_000));
        let commas = format!(
            "<meta http-equiv=content-security-policy content='{}'>{LOADER}",
            ",".repeat(2_000_000)
        );
        for html in [attributes, tags, open, unclosed, commas] {
            found(&html);
        }
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
