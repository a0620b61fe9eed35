//! Steps in order to stages: what is one transaction, and what is none.
//!
//! Stages take turns: one is a transaction, the next one runs statement by statement. Each step
//! goes to the earliest stage that what comes before it allows; only what takes something away
//! waits as long as no stage is added for it, so that nothing is missing between two commits that
//! is there before and after. Of both beginnings, the one with fewer stages is taken.

use std::collections::BTreeSet;

use super::step::{Group, Mode, Step};
use crate::directory::TxMode;
use crate::graph::Graph;

/// The places in the list of steps that make up each stage, in order.
pub(super) fn stages(
    steps: &[Step],
    graph: &Graph<Group, u8>,
    order: &[usize],
) -> Vec<(TxMode, Vec<usize>)> {
    let edges = Edges::new(steps, graph, order);
    let ways =
        [TxMode::File, TxMode::None].map(|first| Turns { first }.assign(steps, &edges, order));
    let [one, other] = &ways;
    let used = |stages: &Vec<usize>| stages.iter().collect::<BTreeSet<_>>().len();
    let (first, stages) = if used(one) <= used(other) {
        (TxMode::File, one)
    } else {
        (TxMode::None, other)
    };
    let last = stages.iter().max().map_or(0, |last| last + 1);
    let mut places = vec![Vec::new(); last];
    for node in order {
        places[stages[*node]].push(*node);
    }
    let turns = Turns { first };
    let numbered = places.into_iter().enumerate();
    numbered
        .filter(|(_, places)| !places.is_empty())
        .map(|(stage, places)| (turns.mode(stage), places))
        .collect()
}

/// What comes directly before and after each step, and whether there is a commit in between.
struct Edges {
    before: Vec<Vec<(usize, bool)>>,
    after: Vec<Vec<(usize, bool)>>,
}

impl Edges {
    fn new(steps: &[Step], graph: &Graph<Group, u8>, order: &[usize]) -> Self {
        let mut position = vec![0; steps.len()];
        for (place, node) in order.iter().enumerate() {
            position[*node] = place;
        }
        let mut edges = Self {
            before: vec![Vec::new(); steps.len()],
            after: vec![Vec::new(); steps.len()],
        };
        for first in 0..steps.len() {
            for then in graph.after(first) {
                edges.add(first, then, steps[then].commits.contains(&first));
            }
        }
        for (then, step) in steps.iter().enumerate() {
            // The order tells whether it is there before.
            let successors = step.successors.iter();
            for first in successors.filter(|it| position[**it] < position[then]) {
                edges.add(*first, then, false);
            }
        }
        edges
    }

    fn add(&mut self, first: usize, then: usize, commit: bool) {
        self.before[then].push((first, commit));
        self.after[first].push((then, commit));
    }
}

/// Stages by turns, numbered from 0.
struct Turns {
    first: TxMode,
}

impl Turns {
    fn mode(&self, stage: usize) -> TxMode {
        let [even, odd] = match self.first {
            TxMode::File => [TxMode::File, TxMode::None],
            TxMode::None => [TxMode::None, TxMode::File],
        };
        if stage.is_multiple_of(2) { even } else { odd }
    }

    fn fits(&self, mode: Mode, stage: usize) -> bool {
        match mode {
            Mode::InTransaction => self.mode(stage) == TxMode::File,
            Mode::Alone => self.mode(stage) == TxMode::None,
            Mode::Either => true,
        }
    }

    /// How much later than `stage` something is that needs its commit.
    fn distance(&self, stage: usize, commit: bool) -> usize {
        usize::from(commit && self.mode(stage) == TxMode::File)
    }

    /// The stage of each step.
    fn assign(&self, steps: &[Step], edges: &Edges, order: &[usize]) -> Vec<usize> {
        let mut stages = vec![0; steps.len()];
        for node in order {
            let before = edges.before[*node].iter();
            let earliest = before.map(|(first, commit)| {
                let stage = stages[*first];
                stage + self.distance(stage, *commit)
            });
            let mut stage = earliest.max().unwrap_or_default();
            while !self.fits(steps[*node].mode, stage) {
                stage += 1;
            }
            stages[*node] = stage;
        }
        let used: BTreeSet<usize> = stages.iter().copied().collect();
        for node in order.iter().rev().filter(|node| steps[**node].is_loss()) {
            let fits = |stage: &usize| {
                let mut after = edges.after[*node].iter();
                self.fits(steps[*node].mode, *stage)
                    && after.all(|(then, commit)| {
                        stage + self.distance(*stage, *commit) <= stages[*then]
                    })
            };
            let later = used.range(stages[*node]..).rev().copied().find(fits);
            stages[*node] = later.unwrap_or(stages[*node]);
        }
        stages
    }
}
