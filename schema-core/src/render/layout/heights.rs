//! How high everything in a column is, so that lines are straight where they can be.

use super::columns::{BELOW, Columns, Tie};

/// How often the columns are gone through.
const SWEEPS: usize = 10;
/// Room between two lines, or a line and a box.
const LINE_GAP: i32 = 5;

/// The top of every vertex, from 0 on.
pub(super) fn heights(columns: &Columns) -> Vec<i32> {
    let mut tops = vec![0; columns.vertices.len()];
    for column in &columns.lists {
        let mut at = 0;
        for pair in column.windows(2) {
            tops[pair[0]] = at;
            at += columns.vertices[pair[0]].height + gap(columns, pair[0], pair[1]);
        }
        if let Some(last) = column.last() {
            tops[*last] = at;
        }
    }
    let count = columns.lists.len();
    for sweep in 0..SWEEPS {
        let is_last = sweep + 2 >= SWEEPS;
        for step in 0..count {
            let (column, sides) = if sweep % 2 == 0 {
                (step, [true, is_last])
            } else {
                (count - 1 - step, [is_last, true])
            };
            settle(columns, column, sides, &mut tops);
        }
    }
    let least = tops.iter().copied().min().unwrap_or(0);
    tops.iter().map(|top| top - least).collect()
}

fn gap(columns: &Columns, above: usize, below: usize) -> i32 {
    let is_box = |vertex: usize| columns.vertices[vertex].node.is_some();
    match (is_box(above), is_box(below)) {
        (true, true) => BELOW,
        (false, false) => LINE_GAP,
        _ => LINE_GAP * 2,
    }
}

/// A run of neighbours that stand as close as they may, with what they would like on average.
struct Run {
    sum: i64,
    weight: i64,
    count: usize,
}

/// Brings a column as near as can be to what its ties at these sides ask for, in its order: runs
/// of neighbours that would overlap share their wish.
fn settle(columns: &Columns, column: usize, [left, right]: [bool; 2], tops: &mut [i32]) {
    let vertices = &columns.lists[column];
    let mut offsets = Vec::with_capacity(vertices.len());
    let mut runs: Vec<Run> = Vec::new();
    let mut offset = 0;
    for (place, vertex) in vertices.iter().enumerate() {
        if place > 0 {
            let above = vertices[place - 1];
            offset += columns.vertices[above].height + gap(columns, above, *vertex);
        }
        offsets.push(offset);
        let it = &columns.vertices[*vertex];
        let ties = it.left.iter().filter(|_| left);
        let ties = ties.chain(it.right.iter().filter(|_| right));
        let (wish, weight) = wish(ties, tops, it.node.is_none(), tops[*vertex]);
        runs.push(Run {
            sum: (wish - i64::from(offset)) * weight,
            weight,
            count: 1,
        });
        while let [.., above, below] = &runs[..]
            && above.sum * below.weight > below.sum * above.weight
        {
            let Some(below) = runs.pop() else { break };
            if let Some(above) = runs.last_mut() {
                above.sum += below.sum;
                above.weight += below.weight;
                above.count += below.count;
            }
        }
    }
    let mut place = 0;
    for run in runs {
        let at = run.sum.div_euclid(run.weight);
        for _ in 0..run.count {
            let top = at + i64::from(offsets[place]);
            tops[vertices[place]] = i32::try_from(top).unwrap_or(i32::MAX / 4);
            place += 1;
        }
    }
}

/// Where a vertex would like its top to be, and how much.
fn wish<'a>(
    ties: impl Iterator<Item = &'a Tie>,
    tops: &[i32],
    is_line: bool,
    now: i32,
) -> (i64, i64) {
    let mut wishes: Vec<i64> = ties
        .map(|tie| i64::from(tops[tie.other] + tie.other_height - tie.own_height))
        .collect();
    if wishes.is_empty() {
        return (i64::from(now), 1);
    }
    wishes.sort_unstable();
    let (low, high) = (wishes[(wishes.len() - 1) / 2], wishes[wishes.len() / 2]);
    // Lines are kept straight before boxes are brought near.
    let weight = if is_line { 12 } else { 4 };
    (i64::midpoint(low, high), weight)
}
