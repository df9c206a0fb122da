//! What stands there while there is no article. Its words come with the program: no others have come.

use yew::prelude::*;

/// Why there is none.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    /// It is on its way.
    Loading,
    /// It could not be had.
    Failed,
    /// There is no network.
    Offline,
}

/// The notice, in Vietnamese or English.
pub(crate) fn waiting(lang: &str, wait: Wait, on_retry: &Callback<()>) -> Html {
    let vietnamese = lang.starts_with("vi");
    let words = match (wait, vietnamese) {
        (Wait::Loading, true) => "Đang tải bài viết…",
        (Wait::Loading, false) => "Loading the article…",
        (Wait::Failed, true) => "Chưa tải được bài viết.",
        (Wait::Failed, false) => "The article could not be loaded.",
        (Wait::Offline, true) => "Không có mạng. Bài viết sẽ tự hiện khi có mạng trở lại.",
        (Wait::Offline, false) => "You are offline. The article will come when the network does.",
    };
    let on_retry = on_retry.clone();
    let retry = Callback::from(move |_: MouseEvent| on_retry.emit(()));
    html! {
        <div class="aw aw-waiting" part="article" tabindex="-1" lang={if vietnamese { "vi" } else { "en" }} dir="ltr">
            <p class="aw-notice" part="notice" role="status">{ words }</p>
            if matches!(wait, Wait::Failed) {
                <button type="button" class="aw-button" part="button" onclick={retry}>
                    { if vietnamese { "Thử lại" } else { "Try again" } }
                </button>
            }
        </div>
    }
}
