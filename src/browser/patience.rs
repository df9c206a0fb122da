//! How long to wait before something is sent again.

use gloo::timers::future::TimeoutFuture;

/// Waits between two tries, in milliseconds; the last one again and again.
const PATIENCE: [u32; 4] = [2_000, 5_000, 15_000, 30_000];

/// No wait is longer, in seconds, whatever a server says.
const LONGEST_WAIT: u32 = 3_600;

/// The wait after so many tries, of which there is one more now; longer where the server asks for it, in
/// seconds.
pub(super) async fn wait_after(tries: &mut usize, asked: u32) {
    let patience = PATIENCE[(*tries).min(PATIENCE.len() - 1)];
    *tries += 1;
    TimeoutFuture::new(patience.max(asked.min(LONGEST_WAIT) * 1_000)).await;
}
