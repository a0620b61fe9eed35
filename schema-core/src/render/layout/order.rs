//! The order of boxes and lines within their columns, with few crossings.

use super::columns::{Columns, Vertex};

/// How often the columns are gone through, there and back.
const SWEEPS: usize = 12;
/// Places are compared with so many parts of one.
const FINE: i64 = 1000;

/// Puts every column in the order of what it is tied to, and keeps the best that was seen.
pub(super) fn order(columns: &mut Columns) {
    let mut places = vec![0; columns.vertices.len()];
    renumber(columns, &mut places);
    let mut best = (crossings(columns, &places), columns.lists.clone());
    for sweep in 0..SWEEPS {
        let count = columns.lists.len();
        let forward = sweep % 2 == 0;
        for step in 1..count {
            let column = if forward { step } else { count - 1 - step };
            let mut vertices = std::mem::take(&mut columns.lists[column]);
            let vertex = |it: usize| -> &Vertex { &columns.vertices[it] };
            vertices.sort_by_cached_key(|it| {
                let ties = if forward {
                    &vertex(*it).left
                } else {
                    &vertex(*it).right
                };
                let count = i64::try_from(ties.len()).unwrap_or(i64::MAX);
                let own = places[*it];
                if count == 0 {
                    return (own * FINE, own);
                }
                // Within a box, rows further down come later.
                let at = ties.iter().map(|tie| {
                    let inside = i64::from(tie.other_height) * FINE
                        / i64::from(vertex(tie.other).height.max(1));
                    places[tie.other] * FINE + inside
                });
                (at.sum::<i64>() / count, own)
            });
            columns.lists[column] = vertices;
            renumber_one(columns, column, &mut places);
        }
        let now = crossings(columns, &places);
        if now < best.0 {
            best = (now, columns.lists.clone());
        }
    }
    columns.lists = best.1;
}

fn renumber(columns: &Columns, places: &mut [i64]) {
    for column in 0..columns.lists.len() {
        renumber_one(columns, column, places);
    }
}

fn renumber_one(columns: &Columns, column: usize, places: &mut [i64]) {
    for (place, vertex) in (0..).zip(&columns.lists[column]) {
        places[*vertex] = place;
    }
}

/// How many pairs of lines cross, between all neighbouring columns.
fn crossings(columns: &Columns, places: &[i64]) -> u64 {
    let mut total = 0;
    for column in &columns.lists {
        let mut ends: Vec<((i64, i32), (i64, i32))> = Vec::new();
        for vertex in column {
            let ties = &columns.vertices[*vertex].right;
            ends.extend(ties.iter().map(|tie| {
                let left = (places[*vertex], tie.own_height);
                (left, (places[tie.other], tie.other_height))
            }));
        }
        ends.sort_unstable();
        let mut rights: Vec<(i64, i32)> = ends.into_iter().map(|(_, right)| right).collect();
        total += inversions(&mut rights);
    }
    total
}

/// How many pairs are the wrong way round; sorts them.
fn inversions(list: &mut Vec<(i64, i32)>) -> u64 {
    if list.len() < 2 {
        return 0;
    }
    let mut right = list.split_off(list.len() / 2);
    let mut count = inversions(list) + inversions(&mut right);
    let left = std::mem::take(list);
    let (mut one, mut other) = (left.into_iter().peekable(), right.into_iter().peekable());
    loop {
        match (one.peek(), other.peek()) {
            (Some(left), Some(right)) if right < left => {
                count += u64::try_from(one.len()).unwrap_or(u64::MAX);
                list.extend(other.next());
            }
            (Some(_), _) => list.extend(one.next()),
            (None, Some(_)) => list.extend(other.next()),
            (None, None) => return count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inversions;

    #[test]
    fn pairs_the_wrong_way_round_are_counted() {
        let mut list: Vec<(i64, i32)> = [3, 1, 2, 2, 0].map(|it| (it, 0)).into();
        assert_eq!(inversions(&mut list), 7);
        assert!(list.is_sorted());
    }
}
