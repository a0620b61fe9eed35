//! Where the boxes stand, and how references run between them.
//!
//! Boxes that refer to each other are put into columns, what is referred to left of what refers to
//! it. In the columns between, a reference has a place like a box, so that no line crosses one; all
//! that lead to the same key share their way. Only whole numbers are used: the same boxes are
//! placed the same everywhere.

mod columns;
mod heights;
mod order;
mod pack;

use std::collections::{BTreeMap, BTreeSet};

use super::Diagram;
use super::size::{Shape, shapes};
use columns::Columns;

/// Room between two columns of boxes.
const GAP: i32 = 84;

/// Where everything of a diagram is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Where each node is.
    pub boxes: Vec<Placed>,
    /// How each reference runs.
    pub routes: Vec<Route>,
    /// Width of the whole.
    pub width: i32,
    /// Height of the whole.
    pub height: i32,
    pub(super) shapes: Vec<Shape>,
}

/// Where a box is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "what a box is made of")]
pub struct Placed {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

/// How a reference runs, from the referencing table to the one that it refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Points, in pairs: between the two of a pair it is straight, between pairs a curve.
    pub points: Vec<(i32, i32)>,
    /// Whether it leads to its own table.
    pub is_loop: bool,
}

/// An edge between boxes: heights of its ends are those of rows, from the top of each box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    /// What refers.
    from: usize,
    /// What is referred to.
    to: usize,
    from_height: i32,
    to_height: i32,
}

/// Places everything of a diagram.
pub fn layout(diagram: &Diagram) -> Layout {
    let shapes = shapes(diagram);
    let edges: Vec<Edge> = diagram
        .references
        .iter()
        .map(|reference| {
            let place = |node: usize, name: &str| {
                let columns = &diagram.nodes[node].columns;
                columns.iter().position(|column| column.name == *name)
            };
            let pair = reference.columns.first();
            let from = pair.and_then(|(from, _)| place(reference.from, from.as_str()));
            let to = pair.and_then(|(_, to)| place(reference.to, to.as_str()));
            Edge {
                from: reference.from,
                to: reference.to,
                from_height: shapes[reference.from].middle_of(from),
                to_height: shapes[reference.to].middle_of(to),
            }
        })
        .collect();
    let mut layout = Layout {
        boxes: vec![Placed::default(); shapes.len()],
        routes: vec![Route::default(); edges.len()],
        ..Layout::default()
    };
    let mut parts = Vec::new();
    let (groups, alone) = groups(shapes.len(), &edges);
    for group in groups {
        parts.push(place_group(&group, &shapes, &edges, &mut layout));
    }
    let beside = parts
        .iter()
        .map(|part: &Part| part.width)
        .max()
        .unwrap_or(0);
    if let Some(part) = pack::rows(&alone, &shapes, beside, &mut layout) {
        parts.push(part);
    }
    pack::side_by_side(&parts, &edges, &mut layout);
    for (edge, route) in edges.iter().zip(&mut layout.routes) {
        if edge.from == edge.to {
            *route = own(layout.boxes[edge.from], edge);
        }
    }
    layout.shapes = shapes;
    layout
}

/// Boxes that belong together, placed as if nothing else were there.
#[derive(Clone, Debug)]
struct Part {
    boxes: Vec<usize>,
    width: i32,
    height: i32,
}

/// Boxes that are connected, each group by the smallest; and those that stand alone.
fn groups(count: usize, edges: &[Edge]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut first: Vec<usize> = (0..count).collect();
    for edge in edges {
        let (one, other) = (root(&mut first, edge.from), root(&mut first, edge.to));
        first[one.max(other)] = one.min(other);
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in 0..count {
        groups.entry(root(&mut first, node)).or_default().push(node);
    }
    let (alone, together): (Vec<_>, Vec<_>) =
        groups.into_values().partition(|group| group.len() == 1);
    (together, alone.concat())
}

/// The box that stands for the group of another, as far as that is known.
fn root(first: &mut [usize], mut node: usize) -> usize {
    while first[node] != node {
        first[node] = first[first[node]];
        node = first[node];
    }
    node
}

fn place_group(group: &[usize], shapes: &[Shape], edges: &[Edge], layout: &mut Layout) -> Part {
    let members: BTreeSet<usize> = group.iter().copied().collect();
    let own = edges.iter().copied();
    let own: Vec<Edge> = own
        .filter(|edge| edge.from != edge.to && members.contains(&edge.from))
        .collect();
    let mut columns = Columns::new(group, shapes, &own);
    order::order(&mut columns);
    let heights = heights::heights(&columns);
    // Where each column begins, and how wide it is.
    let mut x = 0;
    let mut spans = Vec::new();
    for column in &columns.lists {
        let boxes = column
            .iter()
            .filter_map(|vertex| columns.vertices[*vertex].node);
        let width = boxes.map(|node| shapes[node].width).max().unwrap_or(0);
        spans.push((x, width));
        // More room where more lines turn.
        let lines = i32::try_from(column.len()).unwrap_or(0);
        x += width + GAP + (lines * 4).min(70);
    }
    let mut height = 0;
    for (vertex, at) in columns.vertices.iter().zip(&heights) {
        height = height.max(at + vertex.height);
        if let Some(node) = vertex.node {
            let (x, width) = spans[vertex.column];
            layout.boxes[node] = Placed {
                x,
                y: *at,
                width,
                height: vertex.height,
            };
        }
    }
    for (number, edge) in edges.iter().enumerate() {
        if edge.from != edge.to && members.contains(&edge.from) {
            layout.routes[number].points = route(&columns, &heights, &spans, edge, layout);
        }
    }
    let (last, width) = spans.last().copied().unwrap_or_default();
    Part {
        boxes: group.to_vec(),
        width: last + width,
        height,
    }
}

fn route(
    columns: &Columns,
    heights: &[i32],
    spans: &[(i32, i32)],
    edge: &Edge,
    layout: &Layout,
) -> Vec<(i32, i32)> {
    let (from, to) = (layout.boxes[edge.from], layout.boxes[edge.to]);
    let (start, end) = (from.y + edge.from_height, to.y + edge.to_height);
    let is_forward = to.x < from.x;
    let mut points = vec![(
        if is_forward {
            from.x
        } else {
            from.x + from.width
        },
        start,
    )];
    let ways = columns.way(edge);
    for vertex in ways {
        let (x, width) = spans[columns.vertices[vertex].column];
        let y = heights[vertex] + columns.vertices[vertex].height / 2;
        if is_forward {
            points.extend([(x + width, y), (x, y)]);
        } else {
            points.extend([(x, y), (x + width, y)]);
        }
    }
    points.push((if is_forward { to.x + to.width } else { to.x }, end));
    points
}

/// From a row of a box to another of the same, around its right side.
fn own(place: Placed, edge: &Edge) -> Route {
    let right = place.x + place.width;
    Route {
        points: vec![
            (right, place.y + edge.from_height),
            (right, place.y + edge.to_height),
        ],
        is_loop: true,
    }
}
