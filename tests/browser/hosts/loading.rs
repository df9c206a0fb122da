//! Ways in which a page may come by the loader.

use super::{ELEMENT, LOADER, SHORT, Visitor, page_of};
use crate::scripts::live;
use crate::support::world::World;

const SCRIPT: &str = "src='https://news.example/embed.js' data-article='cho-dem-pho-nui'";

/// What a tag manager does: after the page has loaded, and it takes its script away again.
const TAG_MANAGER: &str = "<script>
    addEventListener('load', () => setTimeout(() => {
      const script = document.createElement('script');
      script.async = true;
      script.src = 'https://news.example/embed.js';
      script.dataset.article = 'cho-dem-pho-nui';
      document.head.append(script);
      script.remove();
    }));
</script>";

fn script(attributes: &str) -> String {
    format!("<script {attributes} {SCRIPT}></script>")
}

#[tokio::test]
async fn the_loader_may_stand_anywhere_in_the_page_and_come_in_any_way() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let head = |script: &str| {
        format!("<!doctype html><head><link rel=icon href='data:,'>{script}</head><p>Chủ nhà.</p>")
    };
    let written = "<script>document.write(`SCRIPT`.replaceAll('%', ''))</script>"
        .replace("SCRIPT", &script("").replace("</script", "<%/script"));
    let inside = ELEMENT.replace("</article-widget>", &[LOADER, "</article-widget>"].concat());
    for (host, html) in [
        ("sync in the body", page_of(&script(""))),
        ("defer in the body", page_of(&script("defer"))),
        ("a module in the body", page_of(&script("type=module"))),
        ("sync in the head, before there is a body", head(&script(""))),
        ("async in the head", head(&script("async"))),
        ("defer in the head", head(&script("defer"))),
        ("written by a script", page_of(&written)),
        ("inside the element", page_of(&inside)),
        ("after the end of the page", format!("{}</body></html>{}", page_of(""), script(""))),
        ("by a tag manager after the page has loaded", page_of(TAG_MANAGER)),
        (
            "many times over",
            page_of(&[SHORT, LOADER, &script("defer"), LOADER].concat()).replacen(
                "cho-dem-pho-nui",
                "ca-phe-vao-vu-hai",
                1,
            ),
        ),
    ] {
        visitor.visit("loading.html", &html).await;
        visitor.is_live(if host.starts_with("many") { 2 } else { 1 }, host).await;
        let inside = "[...document.querySelectorAll('article-widget')].every((one) => document.body.contains(one))";
        assert_eq!(visitor.page.eval(inside).await, true, "{host}");
    }
}

/// The short snippet stands where it was pasted.
#[tokio::test]
async fn the_short_snippet_shows_the_article_where_it_stands() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for attributes in ["", "async", "defer", "type=module"] {
        visitor.visit_body(&script(attributes)).await;
        visitor.page.wait_until(&live(1)).await;
        let around = "(({ previousElementSibling, nextElementSibling }) =>
            previousElementSibling.localName + nextElementSibling.id)(document.querySelector('article-widget'))";
        assert_eq!(visitor.page.eval(around).await, "scriptbelow", "{attributes}");
    }
}

/// Without a loader the link stands, whatever the reason: it was not found, its server is down, scripts are off.
#[tokio::test]
async fn a_loader_that_does_not_come_leaves_the_link() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for loader in ["https://news.example/no-such-loader.js", "http://127.0.0.1:1/embed.js"] {
        visitor.visit_body(&format!("{ELEMENT}<script async src='{loader}'></script>")).await;
        let link = "document.querySelector('article-widget a').getClientRects().length > 0";
        assert_eq!(visitor.page.eval(link).await, true, "{loader}");
        visitor.is_calm(loader).await;
    }
}
