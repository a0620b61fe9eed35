//! What may start now: canaries first, one at a time in each database, and nothing after too many
//! failures.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::target::Place;

/// How many at a time, and when to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub concurrency: usize,
    pub canaries: usize,
    pub max_failures: usize,
}

/// How a target ended, as far as others are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It is where it should be.
    Good,
    /// The migrations failed there.
    Bad,
    /// It was not to be had, which says nothing about the migrations.
    Away,
}

/// The targets that have not started, by their index.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Limits,
    /// One line a database: its targets share an advisory lock, so they take turns.
    lines: Vec<VecDeque<usize>>,
    line_of: Vec<usize>,
    /// The first of each line in which nothing runs.
    ready: BTreeSet<usize>,
    running: usize,
    canaries_good: usize,
    failures: usize,
    canary_failed: bool,
    closed: bool,
}

impl Queue {
    pub(super) fn new(places: impl IntoIterator<Item = Place>, limits: Limits) -> Self {
        let mut lines: Vec<VecDeque<usize>> = Vec::new();
        let mut line_of = Vec::new();
        let mut known = BTreeMap::new();
        for (index, place) in places.into_iter().enumerate() {
            let line = *known.entry(place).or_insert_with(|| {
                lines.push(VecDeque::new());
                lines.len() - 1
            });
            lines[line].push_back(index);
            line_of.push(line);
        }
        Self {
            limits,
            ready: lines
                .iter()
                .filter_map(|line| line.front().copied())
                .collect(),
            lines,
            line_of,
            running: 0,
            canaries_good: 0,
            failures: 0,
            canary_failed: false,
            closed: false,
        }
    }

    /// The next that may start now; it counts as running from here on.
    pub(super) fn start(&mut self) -> Option<usize> {
        let stopped =
            self.closed || self.canary_failed || self.failures >= self.limits.max_failures.max(1);
        let canaries_left = self.limits.canaries.saturating_sub(self.canaries_good);
        let room = match canaries_left {
            0 => self.limits.concurrency.max(1),
            // No more than have to succeed, so that a failure finds the others untouched.
            left => left.min(self.limits.concurrency.max(1)),
        };
        if stopped || self.running >= room {
            return None;
        }
        let index = self.ready.pop_first()?;
        self.lines[self.line_of[index]].pop_front();
        self.running += 1;
        Some(index)
    }

    /// Takes note of how a target ended.
    pub(super) fn end(&mut self, index: usize, end: End) {
        self.running -= 1;
        let is_canary_time = self.canaries_good < self.limits.canaries;
        match end {
            End::Good => self.canaries_good += 1,
            End::Bad => {
                self.failures += 1;
                self.canary_failed |= is_canary_time;
            }
            End::Away => self.failures += 1,
        }
        if let Some(next) = self.lines[self.line_of[index]].front() {
            self.ready.insert(*next);
        }
    }

    /// Lets nothing start any more.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::PgConnectOptions;

    use super::*;

    fn places(databases: &[&str]) -> Vec<Place> {
        let options = |name: &&str| PgConnectOptions::new_without_pgpass().database(name);
        databases
            .iter()
            .map(options)
            .map(|it| Place::of(&it))
            .collect()
    }

    fn queue(
        databases: &[&str],
        concurrency: usize,
        canaries: usize,
        max_failures: usize,
    ) -> Queue {
        let limits = Limits {
            concurrency,
            canaries,
            max_failures,
        };
        Queue::new(places(databases), limits)
    }

    fn start_all(queue: &mut Queue) -> Vec<usize> {
        std::iter::from_fn(|| queue.start()).collect()
    }

    #[test]
    fn no_more_than_allowed_run_at_a_time() {
        let mut queue = queue(&["a", "b", "c", "d"], 2, 0, 1);
        assert_eq!(start_all(&mut queue), [0, 1]);
        queue.end(1, End::Good);
        assert_eq!(start_all(&mut queue), [2]);
    }

    #[test]
    fn schemas_of_one_database_take_turns() {
        let mut queue = queue(&["a", "a", "b", "a"], 4, 0, 1);
        assert_eq!(start_all(&mut queue), [0, 2]);
        queue.end(0, End::Good);
        assert_eq!(start_all(&mut queue), [1]);
        queue.end(1, End::Good);
        assert_eq!(start_all(&mut queue), [3]);
    }

    #[test]
    fn canaries_go_first() {
        let mut queue = queue(&["a", "b", "c", "d"], 8, 2, 1);
        assert_eq!(start_all(&mut queue), [0, 1]);
        queue.end(0, End::Good);
        assert!(start_all(&mut queue).is_empty());
        queue.end(1, End::Good);
        assert_eq!(start_all(&mut queue), [2, 3]);
    }

    #[test]
    fn a_canary_that_fails_stops_everything() {
        let mut queue = queue(&["a", "b", "c"], 8, 2, 100);
        assert_eq!(start_all(&mut queue), [0, 1]);
        queue.end(1, End::Bad);
        queue.end(0, End::Good);
        assert!(start_all(&mut queue).is_empty());
    }

    #[test]
    fn another_takes_the_place_of_a_canary_that_is_away() {
        let mut queue = queue(&["a", "b", "c"], 8, 1, 2);
        assert_eq!(start_all(&mut queue), [0]);
        queue.end(0, End::Away);
        assert_eq!(start_all(&mut queue), [1]);
        queue.end(1, End::Away);
        assert!(start_all(&mut queue).is_empty());
    }

    #[test]
    fn nothing_starts_after_too_many_failures() {
        let mut queue = queue(&["a", "b", "c", "d", "e"], 2, 0, 2);
        assert_eq!(start_all(&mut queue), [0, 1]);
        queue.end(0, End::Bad);
        assert_eq!(start_all(&mut queue), [2]);
        queue.end(1, End::Bad);
        assert!(start_all(&mut queue).is_empty());
    }

    #[test]
    fn nothing_starts_once_closed() {
        let mut queue = queue(&["a", "b"], 1, 0, 1);
        assert_eq!(start_all(&mut queue), [0]);
        queue.close();
        queue.end(0, End::Good);
        assert!(start_all(&mut queue).is_empty());
    }

    /// Whatever the limits and the ends, nothing runs twice, and nothing is lost.
    #[test]
    fn every_target_starts_once_where_nothing_fails() {
        let databases: Vec<String> = (0..40).map(|it| format!("db{}", it * it % 13)).collect();
        let databases: Vec<&str> = databases.iter().map(String::as_str).collect();
        for (concurrency, canaries) in [(1, 0), (1, 5), (3, 1), (8, 8), (100, 0), (100, 100)] {
            let mut queue = queue(&databases, concurrency, canaries, 1);
            let mut running = Vec::new();
            let mut seen = Vec::new();
            loop {
                running.extend(start_all(&mut queue));
                assert!(running.len() <= concurrency);
                let mut busy: Vec<&str> = running.iter().map(|it| databases[*it]).collect();
                busy.sort_unstable();
                busy.dedup();
                assert_eq!(busy.len(), running.len());
                let Some(ended) = running.pop() else { break };
                seen.push(ended);
                queue.end(ended, End::Good);
            }
            seen.sort_unstable();
            assert_eq!(seen, (0..40).collect::<Vec<_>>());
        }
    }
}
