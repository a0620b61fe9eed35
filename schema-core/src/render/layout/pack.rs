//! Parts that have nothing to do with each other, side by side.

use super::{Edge, GAP, Layout, Part, Placed};
use crate::render::size::Shape;

/// Room between two parts.
const BETWEEN: i32 = 90;
/// Room between boxes that stand alone.
const ALONE: i32 = 36;

/// Boxes that stand alone, in columns of about the same height; as wide as what is `beside` them.
pub(super) fn rows(
    alone: &[usize],
    shapes: &[Shape],
    beside: i32,
    layout: &mut Layout,
) -> Option<Part> {
    let width = alone.iter().map(|node| shapes[*node].width).max()?;
    let area = alone
        .iter()
        .map(|node| i64::from(width + ALONE) * i64::from(shapes[*node].height + ALONE));
    let wanted = (area.sum::<i64>() * 22 / 10).isqrt();
    let wanted = wanted.max(i64::from(beside));
    let count = usize::try_from(wanted / i64::from(width + ALONE)).unwrap_or(1);
    let count = count.clamp(1, alone.len());
    let mut heights = vec![0; count];
    for node in alone {
        let shortest = (0..count)
            .min_by_key(|column| heights[*column])
            .unwrap_or(0);
        let step = i32::try_from(shortest).unwrap_or(0);
        layout.boxes[*node] = Placed {
            x: step * (width + ALONE),
            y: heights[shortest],
            width,
            height: shapes[*node].height,
        };
        heights[shortest] += shapes[*node].height + ALONE;
    }
    let columns = i32::try_from(count).unwrap_or(1);
    Some(Part {
        boxes: alone.to_vec(),
        width: columns * (width + ALONE) - ALONE,
        height: heights.into_iter().max().unwrap_or(0) - ALONE,
    })
}

/// Puts the parts on shelves, the highest first, and moves what is in them there.
pub(super) fn side_by_side(parts: &[Part], edges: &[Edge], layout: &mut Layout) {
    let area = parts
        .iter()
        .map(|part| i64::from(part.width + BETWEEN) * i64::from(part.height + BETWEEN));
    let wanted = (area.sum::<i64>() * 16 / 10).isqrt();
    let widest = parts.iter().map(|part| part.width).max().unwrap_or(0);
    let wanted = i32::try_from(wanted).unwrap_or(i32::MAX / 4).max(widest);
    let mut order: Vec<&Part> = parts.iter().collect();
    // The sort is stable: parts of one height stay in the order of their names.
    order.sort_by_key(|part| std::cmp::Reverse(part.height));
    let (mut x, mut y, mut shelf) = (0, 0, 0);
    for part in order {
        if x > 0 && x + part.width > wanted {
            (x, y) = (0, y + shelf + BETWEEN);
            shelf = 0;
        }
        for node in &part.boxes {
            layout.boxes[*node].x += x;
            layout.boxes[*node].y += y;
        }
        for (edge, route) in edges.iter().zip(&mut layout.routes) {
            if part.boxes.binary_search(&edge.from).is_ok() {
                for point in &mut route.points {
                    *point = (point.0 + x, point.1 + y);
                }
            }
        }
        layout.width = layout.width.max(x + part.width);
        shelf = shelf.max(part.height);
        layout.height = layout.height.max(y + part.height);
        x += part.width + BETWEEN;
    }
    // Room for lines around the right side.
    layout.width += GAP / 2;
}
