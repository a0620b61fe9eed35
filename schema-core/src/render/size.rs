//! How large a box is, and which of its rows it shows.

use super::escape::columns;
use super::{Diagram, Mark, Node, NodeColumn};

/// Height of a box's head.
pub(super) const HEAD: i32 = 34;
/// Height of a row.
pub(super) const ROW: i32 = 21;
/// Room below the last row.
pub(super) const FOOT: i32 = 7;
/// Where the names of columns begin: left of them are the marks and `PK`, `FK`, `UK`.
pub(super) const GUTTER: i32 = 38;
/// Room at the right.
pub(super) const MARGIN: i32 = 12;
/// Columns of text that a name may take.
pub(super) const NAME: i32 = 30;
/// Columns of text that a type may take.
pub(super) const TYPE: i32 = 22;
/// Columns of text that the name of a box may take.
pub(super) const TITLE: i32 = 34;

/// Rows that a box has at most, unless more of them matter.
const MOST_ROWS: usize = 18;
/// The width of a character of a row, in tenths.
const CHARACTER: i32 = 72;
/// The width of a character of a head, in tenths.
const WIDE_CHARACTER: i32 = 81;
/// Boxes are at least so wide.
const LEAST_WIDTH: i32 = 168;

/// A box: its size, and the rows that it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Columns that are shown, by place, in order.
    pub(super) rows: Vec<usize>,
    /// How many are not.
    pub(super) hidden: usize,
}

impl Shape {
    /// The middle of a column's row, from the top of the box; of the head where it has none.
    pub(super) fn middle_of(&self, column: Option<usize>) -> i32 {
        let row = column.map(|column| self.rows.iter().position(|it| *it == column));
        match row {
            None => HEAD / 2,
            Some(row) => {
                let row = row.unwrap_or(self.rows.len());
                HEAD + units(row) * ROW + ROW / 2 + 2
            }
        }
    }
}

/// The shapes of all boxes.
pub(super) fn shapes(diagram: &Diagram) -> Vec<Shape> {
    let same_schema = diagram.is_in_one_schema();
    diagram
        .nodes
        .iter()
        .map(|node| shape(node, same_schema))
        .collect()
}

fn shape(node: &Node, same_schema: bool) -> Shape {
    let rows = rows_of(node);
    let hidden = node.columns.len() - rows.len();
    let shown = rows.iter().map(|row| &node.columns[*row]);
    let name = shown
        .clone()
        .map(|it| columns(it.name.as_str()).min(NAME))
        .max();
    let data_type = shown.map(|it| columns(&type_text(it)).min(TYPE)).max();
    let row = match (name, data_type) {
        (Some(name), Some(data_type)) => (name + data_type + 2) * CHARACTER / 10,
        _ => 0,
    };
    let title = columns(node.name.name.as_str()).min(TITLE) * WIDE_CHARACTER / 10;
    let badge = columns(&badge(node, same_schema)) * CHARACTER * 9 / 100;
    let mark = if node.mark.is_same() { 0 } else { 22 };
    let head = 14 + mark + title + 14 + badge + MARGIN;
    let lines = units(rows.len()) + i32::from(hidden > 0);
    let foot = if lines > 0 { FOOT } else { 0 };
    Shape {
        width: head.max(GUTTER + row + MARGIN).max(LEAST_WIDTH),
        height: HEAD + lines * ROW + foot,
        rows,
        hidden,
    }
}

/// What stands at the right of a head: what it is where it is no table, and its schema.
pub(super) fn badge(node: &Node, same_schema: bool) -> String {
    let schema = (!same_schema).then(|| super::escape::cut(node.name.schema.as_str(), 16));
    let word = node.kind.word();
    let kind = (word != "table").then(|| word.to_owned());
    let parts: Vec<String> = kind.into_iter().chain(schema).collect();
    parts.join(" · ")
}

/// All rows where they are few; else keys, what changes, and the first of the others.
fn rows_of(node: &Node) -> Vec<usize> {
    let all = 0..node.columns.len();
    if node.columns.len() <= MOST_ROWS {
        return all.collect();
    }
    let matters = |column: &NodeColumn| {
        let is_new = !matches!(node.mark, Mark::Added | Mark::Removed) && !column.mark.is_same();
        column.primary || column.foreign || is_new
    };
    let must = node.columns.iter().filter(|it| matters(it)).count();
    let mut room = MOST_ROWS.saturating_sub(must);
    let wanted = all.filter(|place| {
        if matters(&node.columns[*place]) {
            return true;
        }
        let has_room = room > 0;
        room = room.saturating_sub(1);
        has_room
    });
    wanted.collect()
}

/// A type as a row shows it: short, with `?` where it may be null.
pub(super) fn type_text(column: &NodeColumn) -> String {
    let mut text = short(&column.data_type);
    text.push_str(if column.not_null { "" } else { "?" });
    text
}

/// The names that people write for PostgreSQL's own types.
pub(super) fn short(data_type: &str) -> String {
    const SHORT: [(&str, &str); 5] = [
        ("character varying", "varchar"),
        ("timestamp with time zone", "timestamptz"),
        ("timestamp without time zone", "timestamp"),
        ("time without time zone", "time"),
        ("double precision", "float8"),
    ];
    let mut text = data_type.to_owned();
    for (long, short) in SHORT {
        if let Some(rest) = text.strip_prefix(long) {
            text = format!("{short}{rest}");
        }
    }
    // `timestamp(3) with time zone` has its precision in the middle.
    if let Some(rest) = text.strip_prefix("timestamp(") {
        if let Some(precision) = rest.strip_suffix(") with time zone") {
            return format!("timestamptz({precision})");
        }
        if let Some(precision) = rest.strip_suffix(") without time zone") {
            return format!("timestamp({precision})");
        }
    }
    text
}

/// A count as a length; pictures are never so large that it would not be one.
pub(super) fn units(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1024)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn types_are_short() {
        for (long, wanted) in [
            ("character varying(80)", "varchar(80)"),
            ("timestamp with time zone", "timestamptz"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            (
                "timestamp(3) without time zone[]",
                "timestamp(3) without time zone[]",
            ),
            ("double precision[]", "float8[]"),
            ("app.\"Odd Type\"", "app.\"Odd Type\""),
        ] {
            assert_eq!(short(long), wanted);
        }
    }
}
