//! Which column each box is in, and the places that references take in the columns between.

use std::collections::BTreeMap;

use super::{Edge, GAP};
use crate::render::size::Shape;

/// Room below a box.
pub(super) const BELOW: i32 = 30;
/// What a line takes in a column.
const LINE: i32 = 6;
/// Columns are about so high that the whole is by so much wider than high, in tenths.
const ASPECT: i64 = 15;

/// A box in its column, or a line that passes it.
#[derive(Clone, Debug)]
pub(super) struct Vertex {
    /// The box; `None` for a line.
    pub(super) node: Option<usize>,
    pub(super) column: usize,
    pub(super) height: i32,
    /// What it is tied to in the column left of its own: the vertex, and the heights of both ends.
    pub(super) left: Vec<Tie>,
    /// The same at the right.
    pub(super) right: Vec<Tie>,
}

/// One end of a line between neighbouring columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tie {
    pub(super) other: usize,
    /// Where it begins, from the top of this vertex.
    pub(super) own_height: i32,
    /// Where it ends, from the top of the other.
    pub(super) other_height: i32,
}

/// Boxes and lines in columns.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) vertices: Vec<Vertex>,
    /// Vertices of each column, from top to bottom.
    pub(super) lists: Vec<Vec<usize>>,
    of_node: BTreeMap<usize, usize>,
    /// The lines that lead to a key: by its table, its height, the side and the column.
    lines: BTreeMap<(usize, i32, bool, usize), usize>,
}

impl Columns {
    pub(super) fn new(group: &[usize], shapes: &[Shape], edges: &[Edge]) -> Self {
        let column_of = assign(group, shapes, edges);
        let count = column_of.values().max().map_or(0, |last| last + 1);
        let mut columns = Self {
            vertices: Vec::new(),
            lists: vec![Vec::new(); count],
            of_node: BTreeMap::new(),
            lines: BTreeMap::new(),
        };
        for node in group {
            let vertex = columns.add(Some(*node), column_of[node], shapes[*node].height + BELOW);
            columns.of_node.insert(*node, vertex);
        }
        for edge in edges {
            columns.tie(edge);
        }
        columns
    }

    fn add(&mut self, node: Option<usize>, column: usize, height: i32) -> usize {
        let vertex = self.vertices.len();
        self.vertices.push(Vertex {
            node,
            column,
            height: height - if node.is_some() { BELOW } else { 0 },
            left: Vec::new(),
            right: Vec::new(),
        });
        self.lists[column].push(vertex);
        vertex
    }

    /// Leads an edge from its begin to its end, along the lines that are there for that key.
    fn tie(&mut self, edge: &Edge) {
        let (from, to) = (self.of_node[&edge.from], self.of_node[&edge.to]);
        let (start, end) = (self.vertices[from].column, self.vertices[to].column);
        let is_forward = end < start;
        let mut at = from;
        let mut height = edge.from_height;
        for column in between(start, end) {
            let key = (edge.to, edge.to_height, is_forward, column);
            let known = self.lines.get(&key).copied();
            let line = known.unwrap_or_else(|| self.add(None, column, LINE));
            self.join(at, height, line, LINE / 2, is_forward);
            if known.is_some() {
                return;
            }
            self.lines.insert(key, line);
            (at, height) = (line, LINE / 2);
        }
        self.join(at, height, to, edge.to_height, is_forward);
    }

    fn join(&mut self, from: usize, own: i32, to: usize, other: i32, is_forward: bool) {
        let here = Tie {
            other: to,
            own_height: own,
            other_height: other,
        };
        let there = Tie {
            other: from,
            own_height: other,
            other_height: own,
        };
        let (from, to) = (from, to);
        if is_forward {
            self.vertices[from].left.push(here);
            self.vertices[to].right.push(there);
        } else {
            self.vertices[from].right.push(here);
            self.vertices[to].left.push(there);
        }
    }

    /// The lines that an edge runs along, in its direction.
    pub(super) fn way(&self, edge: &Edge) -> Vec<usize> {
        let column = |node| self.vertices[self.of_node[node]].column;
        let (start, end) = (column(&edge.from), column(&edge.to));
        let lines = between(start, end).into_iter().map(|column| {
            let key = (edge.to, edge.to_height, end < start, column);
            self.lines[&key]
        });
        lines.collect()
    }
}

/// The columns between two, from the first on.
fn between(start: usize, end: usize) -> Vec<usize> {
    if end < start {
        (end + 1..start).rev().collect()
    } else {
        (start + 1..end).collect()
    }
}

/// The column of each box: right of all that it refers to, as far as there is no cycle, and no
/// column much higher than the whole is to be.
fn assign(group: &[usize], shapes: &[Shape], edges: &[Edge]) -> BTreeMap<usize, usize> {
    let parents = acyclic(group, edges);
    let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, parents) in &parents {
        for parent in parents {
            children.entry(*parent).or_default().push(*node);
        }
    }
    let area = group.iter().map(|node| {
        let shape = &shapes[*node];
        i64::from(shape.width + GAP) * i64::from(shape.height + BELOW)
    });
    let most = (area.sum::<i64>() * 10 / ASPECT).isqrt();
    let highest = group.iter().map(|node| shapes[*node].height + BELOW).max();
    let most = i32::try_from(most)
        .unwrap_or(i32::MAX / 4)
        .max(highest.unwrap_or(0));

    let mut column_of: BTreeMap<usize, usize> = BTreeMap::new();
    let mut heights: Vec<i32> = Vec::new();
    for node in sorted(group, &parents, &children) {
        let height = shapes[node].height + BELOW;
        let behind = parents[&node].iter().map(|parent| column_of[parent] + 1);
        let mut column = behind.max().unwrap_or(0);
        while heights.get(column).is_some_and(|it| it + height > most) {
            column += 1;
        }
        heights.resize(heights.len().max(column + 1), 0);
        heights[column] += height;
        column_of.insert(node, column);
    }
    // What nothing is left of comes near to what refers to it.
    for node in sorted(group, &parents, &children).into_iter().rev() {
        let (Some(children), true) = (children.get(&node), parents[&node].is_empty()) else {
            continue;
        };
        let height = shapes[node].height + BELOW;
        let nearest = children
            .iter()
            .map(|child| column_of[child])
            .min()
            .unwrap_or(0);
        let now = column_of[&node];
        let better = (now + 1..nearest)
            .rev()
            .find(|it| heights[*it] + height <= most);
        if let Some(column) = better {
            heights[now] -= height;
            heights[column] += height;
            column_of.insert(node, column);
        }
    }
    without_gaps(column_of)
}

/// Columns that are empty go.
fn without_gaps(mut column_of: BTreeMap<usize, usize>) -> BTreeMap<usize, usize> {
    let mut used: Vec<usize> = column_of.values().copied().collect();
    used.sort_unstable();
    used.dedup();
    for column in column_of.values_mut() {
        *column = used.binary_search(column).unwrap_or(0);
    }
    column_of
}

/// What each box refers to, without what would close a cycle.
fn acyclic(group: &[usize], edges: &[Edge]) -> BTreeMap<usize, Vec<usize>> {
    let mut parents: BTreeMap<usize, Vec<usize>> =
        group.iter().map(|node| (*node, Vec::new())).collect();
    let mut referred: BTreeMap<usize, usize> = BTreeMap::new();
    for edge in edges {
        let of = parents.entry(edge.from).or_default();
        if !of.contains(&edge.to) {
            of.push(edge.to);
            *referred.entry(edge.to).or_default() += 1;
        }
    }
    // Depth first, from what is referred to least; a line back to where the walk is closes a cycle.
    let mut starts = group.to_vec();
    starts.sort_by_key(|node| (referred.get(node).copied().unwrap_or(0), *node));
    let mut kept: BTreeMap<usize, Vec<usize>> =
        group.iter().map(|node| (*node, Vec::new())).collect();
    let mut state: BTreeMap<usize, bool> = BTreeMap::new();
    for start in starts {
        if state.contains_key(&start) {
            continue;
        }
        state.insert(start, true);
        let mut walk = vec![(start, 0)];
        while let Some((node, next)) = walk.last_mut() {
            let node = *node;
            let Some(parent) = parents[&node].get(*next).copied() else {
                state.insert(node, false);
                walk.pop();
                continue;
            };
            *next += 1;
            match state.get(&parent) {
                Some(true) => {}
                Some(false) => kept.entry(node).or_default().push(parent),
                None => {
                    kept.entry(node).or_default().push(parent);
                    state.insert(parent, true);
                    walk.push((parent, 0));
                }
            }
        }
    }
    kept
}

/// Boxes behind all that they refer to; those whose last parent came first are first, so that
/// what belongs together stays near.
fn sorted(
    group: &[usize],
    parents: &BTreeMap<usize, Vec<usize>>,
    children: &BTreeMap<usize, Vec<usize>>,
) -> Vec<usize> {
    let mut missing: BTreeMap<usize, usize> = parents
        .iter()
        .map(|(node, parents)| (*node, parents.len()))
        .collect();
    let degree = |node: &usize| children.get(node).map_or(0, Vec::len);
    let mut ready: Vec<usize> = group
        .iter()
        .copied()
        .filter(|it| missing[it] == 0)
        .collect();
    ready.sort_by_key(|node| (std::cmp::Reverse(degree(node)), *node));
    let mut order = Vec::new();
    let mut next = 0;
    while let Some(node) = ready.get(next).copied() {
        next += 1;
        order.push(node);
        let mut freed = Vec::new();
        for child in children.get(&node).into_iter().flatten() {
            let count = missing.entry(*child).or_default();
            *count -= 1;
            if *count == 0 {
                freed.push(*child);
            }
        }
        freed.sort_by_key(|node| (std::cmp::Reverse(degree(node)), *node));
        ready.extend(freed);
    }
    order
}
