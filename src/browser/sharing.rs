//! What a widget does to share: by the browser's dialog, or by its clipboard.

use std::rc::Rc;

use super::widget::Widget;
use super::{dom, share};
use crate::components::{marked_url, quotation, to_passage};
use crate::model::{Action, Copied};

impl Widget {
    pub(super) async fn share(self: Rc<Self>, action: Action) {
        let embed = &self.embed;
        let native = share::is_native();
        let (channel, letter, copied) = match action {
            Action::ShareNative => ("native", "n", None),
            // Zalo is in the dialog's list; where there is no dialog, its readers paste.
            Action::ShareZalo => ("zalo", "z", (!native).then_some(Copied::ForZalo)),
            Action::SharePassage => ("passage", "k", (!native).then_some(Copied::Done)),
            _ => ("copy", "c", Some(Copied::Done)),
        };
        let mut url = marked_url(embed, &self.host(), letter);
        let mut title = embed.article.title.clone();
        let mut text = url.clone();
        if action == Action::SharePassage {
            let Some(Some(passage)) = self.look(|live| live.passage.clone()) else { return };
            url = to_passage(&url, &passage);
            title = quotation(&title, &passage);
            text = [&title, "\n", &url].concat();
        }
        let done = match copied {
            None => share::native(&title, &url).await,
            Some(copied) => self.copy(text, copied).await,
        };
        if done {
            self.report_share(channel);
        }
        // The loader has closed the menu.
        if action != Action::SharePassage {
            dom::focus(&self.place, ".aw-share>summary");
        }
    }

    /// Copies, and says what came of it below the menu's button.
    async fn copy(&self, text: String, copied: Copied) -> bool {
        // Said anew, also where it was said before: a screen reader hears only what changes.
        self.live(|live| live.copied = None);
        let done = share::copy(&self.place, &text).await;
        self.live(|live| live.copied = Some(if done { copied } else { Copied::ByHand(text) }));
        done
    }
}
