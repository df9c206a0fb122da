//! The rules, by pages as they are pasted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

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
        pictures: ["https://news.example", "https://anh.example"]
            .map(|url| url.parse().unwrap())
            .into(),
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
    let short = "<pre>&lt;script src=\"https://news.example/embed.js\" data-article=a&gt;</pre>";
    assert_eq!(found(short), [What::Escaped]);
    assert_eq!(found("<a href=http://news.example/a/a/>Bài</a>"), [What::OnlyLink]);
    assert_eq!(found("<a href=https://news.example/a/b>Bài</a>"), [What::Nothing]);
    assert_eq!(found(&format!("<!-- {ELEMENT}{LOADER} -->")), [What::Nothing]);
    assert_eq!(found(ELEMENT), [What::NoLoader]);
    assert_eq!(found(LOADER), [What::NoElement]);
    let short = "<script src=https://news.example/embed.js data-article=a></script>";
    assert_eq!(found(&format!("{short}{LOADER}")), [What::Fine]);
}

#[test]
fn quotation_marks_of_print_are_no_quotation_marks() {
    let snippet = "<article-widget src=\"https://news.example\" article=\"a\"></article-widget>\
        <script src=\"https://news.example/embed.js\"></script>";
    for marks in ["”", "“", "″", "&#8221;"] {
        assert_eq!(found(&snippet.replace('"', marks)), [What::Quotes], "{marks}");
    }
    let others = "<script src=”https://other.example/x.js”></script>";
    assert_eq!(found(&format!("{ELEMENT}{LOADER}{others}")), [What::Fine]);
}

#[test]
fn a_script_of_a_kind_that_browsers_do_not_know_waits_for_somebody() {
    let loader = |kind: &str| script(&format!("src=https://news.example/embed.js type='{kind}'"));
    for kind in ["", "text/javascript", "Module", " application/javascript "] {
        assert_eq!(loader(kind), [What::Fine], "{kind}");
    }
    for kind in ["text/plain", "rocketlazyloadscript"] {
        assert_eq!(loader(kind), [What::ScriptType], "{kind}");
    }
}

#[test]
fn the_article_and_the_server_have_to_be_the_right_ones() {
    let element = |attributes: &str| {
        found(&format!("<article-widget {attributes}><a href=/>Bài</a></article-widget>{LOADER}"))
    };
    let own = "src=https://news.example";
    assert_eq!(element("article=a"), [What::Fine]);
    let of = |articles: &[&str]| {
        let known = facts();
        let named = known.articles.into_iter().filter(|(id, _)| articles.contains(&id.as_str()));
        let facts = Facts { articles: named.collect(), ..facts() };
        let elements =
            articles.iter().map(|id| ELEMENT.replace("article=a", &format!("article={id}")));
        found_with(&[], &format!("{}{LOADER}", elements.collect::<String>()), &facts)
    };
    assert_eq!(of(&["b"]), [What::OtherArticle]);
    assert_eq!(of(&["a", "b"]), [What::Fine]);
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
                  connect-src https://news.example; \
                  img-src https://news.example https://anh.example";
    assert_eq!(with(enough), [What::Fine]);
    assert_eq!(with(&enough.replace("'wasm-unsafe-eval'", "")), [What::WasmBlocked]);
    assert_eq!(with(&enough.replace("connect-src", "x-src")), [What::ConnectionBlocked]);
    assert_eq!(with(&enough.replace(" https://anh.example", "")), [What::ImageBlocked]);
    let other = enough.replace("script-src https://news.example", "script-src 'self'");
    assert_eq!(with(&other), [What::ScriptBlocked]);
    let meta = format!("<meta http-equiv=Content-Security-Policy content=\"{other}\">{snippet}");
    assert_eq!(found(&meta), [What::ScriptBlocked]);
    assert_eq!(found_with(&["frame-src 'self'"], FRAME, &facts()), [What::FrameBlocked]);
    let high = format!("{FRAME}<script src=https://news.example/frame-host.js></script>");
    let blocked = found_with(&["script-src 'self'"], &high, &facts());
    assert_eq!(blocked, [What::FrameScriptBlocked]);
}

#[test]
fn a_frame_needs_a_name_a_height_and_scripts() {
    let frame =
        |rest: &str| found(&format!("<iframe src=https://news.example/embed/a {rest}></iframe>"));
    assert_eq!(frame(""), [What::FrameTitle, What::FrameHeight, What::FrameAllow]);
    let said = "title=Bài style='border:0;height:50em'";
    assert_eq!(frame(&format!("{said} sandbox")), [What::FrameSandbox]);
    assert_eq!(frame(&format!("{said} sandbox=allow-scripts")), [What::FrameLinks]);
    let sandboxed = FRAME.replace("/embed/a", "/embed/a#?secret=a1 sandbox=allow-scripts");
    assert_eq!(found(&sandboxed), [What::Fine], "WordPress's");
    let enough = "sandbox='allow-scripts Allow-Top-Navigation-By-User-Activation'";
    assert_eq!(frame(&format!("{said} {enough}")), [What::Fine]);
    let still = format!("{said} allow=web-share scrolling=no");
    assert_eq!(frame(&still), [What::FrameScrolling]);
    let script = "<script src=https://news.example/frame-host.js></script>";
    assert_eq!(
        found(&format!("{}{script}", FRAME.replace("allow", "scrolling=no allow"))),
        [What::Fine]
    );
    assert_eq!(found(&FRAME.replace("/embed/", "/a/")), [What::FramePath]);
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
    let begun = Instant::now();
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

#[test]
fn a_page_of_nothing_but_policies_costs_no_more_than_others() {
    // What lets everything in stands behind all that does not.
    let policy = format!("default-src {} https: 'unsafe-eval'", "a ".repeat(8_000));
    let policy = format!("<meta http-equiv=content-security-policy content=\"{policy}\">");
    let page = format!("{}{}", policy.repeat(20), format!("{LOADER}{FRAME}").repeat(50));
    let begun = Instant::now();
    assert!(found(&page).contains(&What::TwoLoaders));
    // Without a bound on its words: a hundred times as long.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}
