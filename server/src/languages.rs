//! Follows the publisher's folder of languages while the server runs.

use anyhow::Context as _;
use tokio::task::spawn_blocking;

use crate::messages::Languages;
use crate::state::Server;

/// Says once what files leave out: readers get these words in another language.
pub fn warn_of_missing(languages: &Languages) {
    for missing in languages.missing() {
        tracing::warn!(
            file = %missing.file.display(),
            fallback = missing.fallback,
            keys = missing.keys.join("; "),
            "words are missing, and are another language's"
        );
    }
}

/// Takes up what has changed. The texts that readers may agree to are in the store before anyone sees them.
///
/// # Errors
/// Files that are wrong, or a failing store: the languages stay as they are.
pub async fn follow(server: &Server) -> anyhow::Result<()> {
    let languages = server.renderer.languages.clone();
    let changed = spawn_blocking(move || languages.look()).await?;
    let Some(change) = changed.context("the languages stay as they are")? else { return Ok(()) };
    server.store.save_consents(change.languages.consents(), server.clock.now()).await?;
    warn_of_missing(&change.languages);
    server.renderer.languages.take_over(change);
    server.embeds.forget_all();
    tracing::info!(languages = ?server.renderer.languages, "took up changed languages");
    Ok(())
}
