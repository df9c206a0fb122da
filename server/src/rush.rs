//! How many letters come from everywhere at once. Limits for a place do not help against many places.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is looked back on.
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// Letters in it from which on there is a rush …
const RUSH: usize = 60;
/// … and a flood.
const FLOOD: usize = 600;

/// The times of the last letters.
#[derive(Default)]
pub struct Rush(Mutex<VecDeque<Instant>>);

impl Rush {
    /// More letters come than a publisher's readers write.
    pub fn is_on(&self) -> bool {
        self.count_at(Instant::now()) >= RUSH
    }

    /// More come than anyone's readers write.
    pub fn is_flood(&self) -> bool {
        self.count_at(Instant::now()) >= FLOOD
    }

    /// A letter has come.
    pub fn note(&self) {
        self.note_at(Instant::now());
    }

    /// The last one is none after all.
    pub fn take_back(&self) {
        self.times().pop_back();
    }

    fn note_at(&self, now: Instant) {
        let mut times = self.times();
        if times.len() == FLOOD {
            times.pop_front();
        }
        times.push_back(now);
    }

    fn count_at(&self, now: Instant) -> usize {
        let mut times = self.times();
        while times.front().is_some_and(|time| now.duration_since(*time) >= WINDOW) {
            times.pop_front();
        }
        times.len()
    }

    fn times(&self) -> std::sync::MutexGuard<'_, VecDeque<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rush_is_over_when_ten_minutes_have_seen_fewer() {
        let (rush, start) = (Rush::default(), Instant::now());
        for _ in 0..FLOOD + 5 {
            rush.note_at(start);
        }
        assert_eq!(rush.count_at(start), FLOOD, "no more are remembered");
        assert_eq!(rush.count_at(start + WINDOW - Duration::from_nanos(1)), FLOOD);
        assert_eq!(rush.count_at(start + WINDOW), 0);
    }

    #[test]
    fn the_sixty_first_letter_comes_in_a_rush() {
        let rush = Rush::default();
        for _ in 0..RUSH {
            assert!(!rush.is_on());
            rush.note();
        }
        assert!(rush.is_on() && !rush.is_flood());
        rush.take_back();
        assert!(!rush.is_on());
    }
}
