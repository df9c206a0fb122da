//! The editors' pages, as far as only a browser shows it: whether it takes the cookie, when it sends it
//! along, and whether it finds anything that the pages' own policy forbids.

use crate::support::page::{Page, View};
use crate::support::world::World;

const PASSWORD: &str = "một mật khẩu đủ dài";

pub(crate) async fn log_in(world: &World, view: View) -> Page<'_> {
    world.publisher.add_editor("lan", PASSWORD).await;
    let url = format!("{}/admin/feedback", world.publisher.origin());
    let page = world.open_in(view, &url).await;
    page.wait_until("location.pathname === '/admin/login'").await;
    for (field, text) in [("name", "lan"), ("password", PASSWORD)] {
        page.eval(&format!("document.getElementById('{field}').value = '{text}'")).await;
    }
    press(&page, "main form button").await;
    page.wait_until("location.pathname === '/admin/feedback'").await;
    page
}

async fn press(page: &Page<'_>, selector: &str) {
    page.eval(&format!("document.querySelector('{selector}').click()")).await;
}

#[tokio::test]
async fn an_editor_comes_back_by_a_link_in_a_mail_and_no_other_sites_form_logs_them_out() {
    let world = World::start().await;
    let page = log_in(&world, View::DESKTOP).await;
    assert_eq!(page.eval("document.cookie").await, "", "no script reads it");
    page.assert_no_console_error().await;

    let link = "<!doctype html><a href='https://news.example/admin/feedback?state=new'>Open</a>";
    world.write_page("mail.html", link);
    page.go(&world.url("mail.html")).await;
    press(&page, "a").await;
    page.wait_until("location.pathname + location.search === '/admin/feedback?state=new'").await;

    let form = "<!doctype html><form method='post' action='https://news.example/admin/logout'>\
                <button>Win</button></form>";
    world.write_page("form.html", form);
    page.go(&world.url("form.html")).await;
    press(&page, "button").await;
    page.wait_until("location.pathname === '/admin/logout'").await;
    page.go(&format!("{}/admin/feedback", world.publisher.origin())).await;
    assert_eq!(page.eval("location.pathname").await, "/admin/feedback", "still logged in");
}

#[tokio::test]
async fn the_list_fits_the_smallest_phone_in_either_language() {
    let world = World::start().await;
    let page = log_in(&world, View { width: 320, dark: true, ..View::PHONE }).await;
    for language in ["vi", "en"] {
        let path = format!("{}/admin/feedback?lang={language}", world.publisher.origin());
        page.go(&path).await;
        assert_eq!(page.eval("document.documentElement.lang").await, language);
        let fits = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(page.eval(fits).await, true, "{language}");
    }
    page.assert_no_console_error().await;
}
