//! A word from outside: begin nothing new.

use tokio::sync::watch;

/// A word from outside: begin nothing new.
#[derive(Debug, Default)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Says it.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was said.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is said.
    pub async fn requested(&self) {
        // The sender is ours, so that it cannot be gone.
        let _ = self.0.subscribe().wait_for(|requested| *requested).await;
    }
}
