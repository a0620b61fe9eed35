//! Deterministic topological order.

use std::collections::{BTreeMap, BTreeSet};

/// Nodes with an order among them that is wanted and edges that must, or should, be kept.
#[derive(Clone, Debug)]
pub struct Graph<G, K> {
    nodes: Vec<(G, K)>,
    must: BTreeSet<(usize, usize)>,
    should: BTreeSet<(usize, usize)>,
}

/// Nodes of which each has to come before the next, and the last before the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle(pub Vec<usize>);

impl<G: Ord + Clone, K: Ord + Clone> Graph<G, K> {
    /// Nodes by group and by place in the group; they are known by their index.
    pub fn new(nodes: Vec<(G, K)>) -> Self {
        Self {
            nodes,
            must: BTreeSet::new(),
            should: BTreeSet::new(),
        }
    }

    /// `first` has to come before `then`.
    pub fn must(&mut self, first: usize, then: usize) {
        if first != then {
            self.must.insert((first, then));
        }
    }

    /// `first` comes before `then` where nothing speaks against it.
    pub fn should(&mut self, first: usize, then: usize) {
        if first != then {
            self.should.insert((first, then));
        }
    }

    /// All that has to come after this node, without what follows from that.
    pub fn after(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let edges = self.must.range((node, 0)..=(node, usize::MAX));
        edges.map(|(_, then)| *then)
    }

    /// The nodes in an order that keeps every `must`, and every `should` that is not in a cycle.
    ///
    /// Of the nodes that may come next, one of the group of the last is taken, else one of the
    /// lowest group; within a group the lowest, and among equals the one that was given first.
    pub fn order(&self) -> Result<Vec<usize>, Cycle> {
        let mut before: BTreeMap<usize, BTreeMap<usize, bool>> = BTreeMap::new();
        let mut after: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let soft = self.should.iter().map(|edge| (edge, false));
        for ((first, then), must) in soft.chain(self.must.iter().map(|edge| (edge, true))) {
            before.entry(*then).or_default().insert(*first, must);
            after.entry(*first).or_default().push(*then);
        }
        let mut waiting: BTreeSet<usize> = before.keys().copied().collect();
        let mut ready: BTreeMap<G, BTreeSet<(K, usize)>> = BTreeMap::new();
        let mut free = (0..self.nodes.len())
            .filter(|node| !waiting.contains(node))
            .collect::<Vec<_>>();
        let mut order: Vec<usize> = Vec::with_capacity(self.nodes.len());
        while order.len() < self.nodes.len() {
            for node in free.drain(..) {
                let (group, place) = self.nodes[node].clone();
                ready.entry(group).or_default().insert((place, node));
            }
            let group = order.last().map(|last| &self.nodes[*last].0);
            let group = group.filter(|group| ready.contains_key(group));
            let Some(group) = group.or_else(|| ready.keys().next()).cloned() else {
                let node = self.free_one(&before, &waiting)?;
                waiting.remove(&node);
                before.remove(&node);
                free.push(node);
                continue;
            };
            let mut places = ready.remove(&group).unwrap_or_default();
            let Some((_, node)) = places.pop_first() else {
                continue;
            };
            if !places.is_empty() {
                ready.insert(group, places);
            }
            order.push(node);
            for then in after.remove(&node).unwrap_or_default() {
                let Some(open) = before.get_mut(&then) else {
                    continue;
                };
                open.remove(&node);
                if open.is_empty() && waiting.remove(&then) {
                    free.push(then);
                }
            }
        }
        Ok(order)
    }

    /// Of a cycle among the waiting nodes, the lowest node that only a `should` holds back.
    fn free_one(
        &self,
        before: &BTreeMap<usize, BTreeMap<usize, bool>>,
        waiting: &BTreeSet<usize>,
    ) -> Result<usize, Cycle> {
        let start = *waiting.first().expect("nodes are left, and none is ready");
        let mut path = vec![start];
        loop {
            let open = &before[path.last().expect("starts with one node")];
            let previous = *open.keys().next().expect("a waiting node waits for one");
            let Some(place) = path.iter().position(|node| *node == previous) else {
                path.push(previous);
                continue;
            };
            let mut cycle = path.split_off(place);
            let held_softly = |node: &&usize| before[*node].values().all(|must| !must);
            let everywhere = waiting.iter().filter(held_softly);
            let free = cycle.iter().filter(held_softly).min_by_key(|node| {
                let (group, place) = &self.nodes[**node];
                (group.clone(), place.clone())
            });
            if let Some(node) = free.or(everywhere.min()).copied() {
                return Ok(node);
            }
            cycle.reverse();
            return Err(Cycle(cycle));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stay_together_unless_an_edge_says_otherwise() {
        let mut graph = Graph::new(vec![("a", 0), ("a", 1), ("b", 0), ("b", 1)]);
        assert_eq!(graph.order(), Ok(vec![0, 1, 2, 3]));
        graph.must(2, 1);
        assert_eq!(graph.order(), Ok(vec![0, 2, 3, 1]));
    }

    #[test]
    fn a_cycle_of_wishes_is_broken_at_its_lowest_node() {
        let mut graph = Graph::new(vec![("a", 0), ("b", 0), ("c", 0)]);
        for (first, then) in [(0, 1), (1, 0), (1, 2)] {
            graph.should(first, then);
        }
        assert_eq!(graph.order(), Ok(vec![0, 1, 2]));
    }

    #[test]
    fn a_cycle_of_musts_is_reported_in_order() {
        let mut graph = Graph::new(vec![("a", 0), ("b", 0), ("c", 0)]);
        for (first, then) in [(0, 1), (1, 2), (2, 0)] {
            graph.must(first, then);
        }
        assert_eq!(graph.order(), Err(Cycle(vec![1, 2, 0])));
    }
}
