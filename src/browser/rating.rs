//! Says whether the article was of use, until the server has it.

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;

use super::dom;
use super::fetch::{self, Failure};
use super::json::{Value, object};
use super::patience::wait_after;
use super::widget::Widget;
use crate::model::Rating;

/// The field for a word on why.
const WORD: &str = "#aw-rating-word";

impl Widget {
    pub(super) fn rate(self: &Rc<Self>, useful: bool) {
        // One answer at a time: two would overtake each other on their way.
        if self.look(|live| live.rating) != Some(Rating::Unsaid) {
            return;
        }
        let name = self.rating.borrow_mut().get_or_insert_with(dom::uuid).clone();
        self.live(|live| live.rating = Rating::Sending(useful));
        self.tell(name, useful, String::new(), Rating::Taken(useful), WORD);
    }

    pub(super) fn explain(self: &Rc<Self>) {
        let Some(Rating::Taken(useful)) = self.look(|live| live.rating) else { return };
        let word = dom::typed(&self.place, WORD);
        if word.trim().is_empty() {
            return dom::focus(&self.place, WORD);
        }
        let Some(name) = self.rating.borrow().clone() else { return };
        self.live(|live| live.rating = Rating::Explaining(useful));
        self.tell(name, useful, word, Rating::Done, ".aw-rating");
    }

    /// Sends the rating until it is taken; then it stands as `done`, with the focus on what matches `next`.
    fn tell(
        self: &Rc<Self>,
        name: String,
        useful: bool,
        word: String,
        done: Rating,
        next: &'static str,
    ) {
        let body = object(&[
            ("article", Value::Text(self.embed.article.id.as_str())),
            ("rating", Value::Text(&name)),
            ("page", Value::Text(&self.page.text("page"))),
            ("useful", Value::Flag(useful)),
            ("word", Value::Text(&word)),
        ]);
        let url = self.page.server_url(&self.embed, "/v1/ratings");
        let widget = self.clone();
        spawn_local(async move {
            let mut tries = 0;
            let sent = loop {
                let sent = fetch::judge(fetch::post(&url, &body, &name, None).await);
                if widget.rating.borrow().as_ref() != Some(&name) {
                    return;
                }
                match sent {
                    Err(Failure::Busy(wait)) => wait_after(&mut tries, wait).await,
                    sent => break sent,
                }
            };
            let (rating, next) = match sent {
                Ok(_) => (done, next),
                Err(_) => (Rating::Refused, ".aw-rating"),
            };
            widget.live(|live| live.rating = rating);
            dom::focus_later(&widget.place, next);
        });
    }
}
