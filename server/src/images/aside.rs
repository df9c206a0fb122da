//! Work that takes its time, and takes it from nobody.

use std::thread;

use tokio::sync::oneshot;

/// Does `work` on a thread of its own, which the system lets run when no other has anything to do; none where
/// it panicked.
pub(super) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> std::io::Result<Option<T>> {
    let (sender, receiver) = oneshot::channel();
    thread::Builder::new().name("pictures".into()).spawn(move || {
        yield_to_others();
        // Nobody waits any more where the server stops.
        let _ = sender.send(work());
    })?;
    Ok(receiver.await.ok())
}

/// Of this thread: Linux alone knows niceness of one thread.
#[cfg(target_os = "linux")]
fn yield_to_others() {
    if let Err(error) = rustix::process::nice(19) {
        tracing::debug!(%error, "pictures are made at the priority of everything else");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_the_work_and_nothing_else() {
        assert_eq!(aside(|| 1 + 1).await.unwrap(), Some(2));
        assert_eq!(aside(|| -> u8 { panic!("a broken picture") }).await.unwrap(), None);
        assert_eq!(aside(|| 3).await.unwrap(), Some(3));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn it_alone_has_the_lowest_priority() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        assert_eq!(aside(niceness).await.unwrap(), Some(19));
        assert_eq!(niceness(), before);
    }
}
