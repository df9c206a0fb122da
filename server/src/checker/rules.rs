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
    if page.is_in_print {
        rules.say(What::Quotes, "");
    } else if rules.is_empty() {
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
        let of_elements = self.our_scripts().filter(|script| script.article.is_none()).count();
        if of_elements > 1 {
            self.say(What::TwoLoaders, "");
        }
        let is_alone = self.page.elements.is_empty()
            && self.our_frames().next().is_none()
            && self.our_scripts().count() == of_elements;
        if of_elements > 0 && is_alone {
            self.say(What::NoElement, self.facts.article.as_str());
        }
        for script in self.our_scripts() {
            if let Some(article) = &script.article {
                self.article(article);
            }
            self.server(&script.url);
            if let Some(kind) = &script.dead_type {
                self.say(What::ScriptType, kind.as_str());
            }
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
        if !policies.allow(Kind::Connection, &below("/v1/embed/a"), None) {
            self.say(What::ConnectionBlocked, "");
        }
        for origin in &self.facts.pictures {
            let picture = origin.join("/a/a/images/a").unwrap_or_else(|_| origin.clone());
            if !policies.allow(Kind::Image, &picture, None) {
                self.say(What::ImageBlocked, origin.origin().ascii_serialization());
            }
        }
        if !policies.allow_wasm() {
            self.say(What::WasmBlocked, "");
        }
    }

    fn frames(&mut self) {
        for frame in self.our_frames() {
            self.article(&frame.article);
            self.server(&frame.url);
            if frame.is_page {
                self.say(What::FramePath, frame.article.as_str());
                continue;
            }
            self.frame(frame);
            self.sandbox(frame);
        }
        if self.our_frames().next().is_some() {
            self.frame_scripts();
        }
    }

    fn frame(&mut self, frame: &Frame) {
        if !frame.has_title {
            self.say(What::FrameTitle, "");
        }
        if !frame.has_height {
            self.say(What::FrameHeight, "");
        }
        if !frame.scrolls && self.page.frame_scripts.is_empty() {
            self.say(What::FrameScrolling, "");
        }
        if !self.page.policies.allow(Kind::Frame, &frame.url, None) {
            self.say(What::FrameBlocked, "");
        }
    }

    fn sandbox(&mut self, frame: &Frame) {
        // WordPress's script follows links for it, and says so behind the `#`.
        let is_wordpress = frame.url.fragment().is_some_and(|text| text.contains("secret="));
        match &frame.sandbox {
            None if !frame.has_allow => self.say(What::FrameAllow, ""),
            None => {}
            Some(allowed) if !allowed.iter().any(|word| word == "allow-scripts") => {
                self.say(What::FrameSandbox, "");
            }
            Some(allowed) => {
                let leads_on = allowed.iter().any(|word| word.starts_with("allow-top-navigation"));
                if !leads_on && !is_wordpress {
                    self.say(What::FrameLinks, "");
                }
            }
        }
    }

    fn frame_scripts(&mut self) {
        for script in &self.page.frame_scripts {
            self.server(&script.url);
            let nonce = script.nonce.as_deref();
            if !self.page.policies.allow(Kind::Script, &script.url, nonce) {
                self.say(What::FrameScriptBlocked, "");
            }
        }
    }

    fn article(&mut self, id: &str) {
        if id.is_empty() {
            return self.say(What::NoId, "");
        }
        match self.facts.articles.get(id) {
            Some(Some(Visibility::Visible))
                if !self.facts.articles.contains_key(&self.facts.article) =>
            {
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
mod tests;
