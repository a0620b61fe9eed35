//! A diagram as SVG: by itself, and as the page has it.

use std::fmt::Write as _;

use super::escape::{Xml, columns, cut};
use super::layout::{Layout, Placed, Route, layout};
use super::size::{GUTTER, HEAD, MARGIN, NAME, ROW, TITLE, TYPE, badge, type_text};
use super::{Diagram, Mark, Node, NodeColumn, Reference};

/// Room around the whole.
const AROUND: i32 = 40;
/// Room for the title, where there is one.
const ABOVE: i32 = 64;
/// Corners of boxes.
const CORNER: i32 = 8;
/// How far the foot of a crow reaches, and the bar at the other end.
const FEET: i32 = 11;

/// A picture that needs nothing else: light or dark as the reader's system is.
pub fn svg(diagram: &Diagram) -> String {
    let layout = layout(diagram);
    let (width, height) = (
        layout.width + 2 * AROUND,
        layout.height + 2 * AROUND + ABOVE,
    );
    let width = width.max(520);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title\">\n"
    );
    let _ = writeln!(text, "<title id=\"title\">{}</title>", Xml(&diagram.title));
    let _ = writeln!(text, "<style>\n{}</style>", include_str!("picture.css"));
    let _ = writeln!(
        text,
        "<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>"
    );
    let _ = writeln!(
        text,
        "<text class=\"title\" x=\"{AROUND}\" y=\"46\">{}</text>",
        Xml(&diagram.title)
    );
    let _ = writeln!(
        text,
        "<text class=\"subtitle\" x=\"{AROUND}\" y=\"68\">{}</text>",
        Xml(&summary(diagram))
    );
    let top = AROUND + ABOVE;
    let _ = writeln!(text, "<g transform=\"translate({AROUND} {top})\">");
    text.push_str(&inside(diagram, &layout));
    text.push_str("</g>\n</svg>\n");
    text
}

/// How much there is, and what is changed.
pub(super) fn summary(diagram: &Diagram) -> String {
    let views = diagram
        .nodes
        .iter()
        .filter(|node| node.kind.is_view())
        .count();
    let tables = diagram.nodes.len() - views;
    let mut parts = vec![counted(tables, "table")];
    if views > 0 {
        parts.push(counted(views, "view"));
    }
    parts.push(counted(diagram.references.len(), "foreign key"));
    if let Some(compared) = &diagram.compared {
        let [added, removed, changed] = diagram.changes();
        parts.push(format!(
            "against {compared}: +{added} added, \u{2212}{removed} removed, ~{changed} changed"
        ));
    }
    parts.join(" · ")
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// References, and boxes above them.
pub(super) fn inside(diagram: &Diagram, layout: &Layout) -> String {
    let mut text = String::from("<g class=\"lines\">\n");
    for (number, (reference, route)) in diagram.references.iter().zip(&layout.routes).enumerate() {
        line(&mut text, number, diagram, reference, route);
    }
    text.push_str("</g>\n<g class=\"boxes\">\n");
    let same_schema = diagram.is_in_one_schema();
    let schemas = schemas(diagram);
    for (number, node) in diagram.nodes.iter().enumerate() {
        let hue = schemas
            .iter()
            .position(|it| *it == node.name.schema.as_str());
        boxed(
            &mut text,
            number,
            node,
            layout,
            same_schema,
            hue.unwrap_or(0),
        );
    }
    text.push_str("</g>\n");
    text
}

/// The schemas that there are, sorted.
pub(super) fn schemas(diagram: &Diagram) -> Vec<&str> {
    let mut schemas: Vec<&str> = diagram
        .nodes
        .iter()
        .map(|node| node.name.schema.as_str())
        .collect();
    schemas.sort_unstable();
    schemas.dedup();
    schemas
}

fn line(text: &mut String, number: usize, diagram: &Diagram, reference: &Reference, route: &Route) {
    let class = |word: &str| {
        if word.is_empty() {
            String::new()
        } else {
            format!(" {word}")
        }
    };
    let mark = class(reference.mark.word());
    let (from, to) = (&diagram.nodes[reference.from], &diagram.nodes[reference.to]);
    let sign = match reference.mark {
        Mark::Same => String::new(),
        mark => format!(" ({} {})", mark.sign(), mark.word()),
    };
    let title = format!(
        "{}: {} → {}{sign}",
        reference.name.as_str(),
        from.label(),
        to.label()
    );
    let _ = writeln!(
        text,
        "<path class=\"line{mark}\" id=\"r{number}\" d=\"{}{}\"><title>{}</title></path>",
        path(route),
        ends(reference, route),
        Xml(&title)
    );
}

/// The way as a path: straight within pairs of points, curved between them.
fn path(route: &Route) -> String {
    let [first, rest @ ..] = &route.points[..] else {
        return String::new();
    };
    let mut text = format!("M{} {}", first.0, first.1);
    if let (true, [last]) = (route.is_loop, rest) {
        let out = first.0.max(last.0) + 46;
        let _ = write!(
            text,
            "C{out} {} {out} {} {} {}",
            first.1, last.1, last.0, last.1
        );
        return text;
    }
    let mut at = *first;
    for (place, point) in rest.iter().enumerate() {
        if place % 2 == 0 {
            let middle = i32::midpoint(at.0, point.0);
            let _ = write!(
                text,
                "C{middle} {} {middle} {} {} {}",
                at.1, point.1, point.0, point.1
            );
        } else {
            let _ = write!(text, "H{}", point.0);
        }
        at = *point;
    }
    text
}

/// What the ends say: how many rows refer to how many.
fn ends(reference: &Reference, route: &Route) -> String {
    let (Some(start), Some(end)) = (route.points.first(), route.points.last()) else {
        return String::new();
    };
    let neighbours = (route.points.get(1), route.points.iter().rev().nth(1));
    let away = |here: &(i32, i32), there: Option<&(i32, i32)>| {
        let to_right = route.is_loop || there.is_some_and(|there| there.0 > here.0);
        if to_right { 1 } else { -1 }
    };
    let (x, y) = *start;
    let side = away(start, neighbours.0);
    let mut text = if reference.unique {
        let bar = x + side * FEET;
        format!("M{bar} {}V{}", y - 5, y + 5)
    } else {
        let tip = x + side * FEET;
        format!("M{x} {}L{tip} {y}L{x} {}", y - 5, y + 5)
    };
    let (x, y) = *end;
    let side = away(end, neighbours.1);
    if reference.optional {
        let (near, far) = (x + side * 4, x + side * 12);
        let _ = write!(text, "M{near} {y}A4 4 0 1 1 {far} {y}A4 4 0 1 1 {near} {y}");
    } else {
        let bar = x + side * FEET;
        let _ = write!(text, "M{bar} {}V{}", y - 5, y + 5);
    }
    text
}

fn boxed(
    text: &mut String,
    number: usize,
    node: &Node,
    layout: &Layout,
    same_schema: bool,
    hue: usize,
) {
    let Placed {
        x,
        y,
        width,
        height,
    } = layout.boxes[number];
    let shape = &layout.shapes[number];
    let mut class = format!("box h{}", hue % 8);
    if node.kind.is_view() {
        class.push_str(" view");
    }
    if !node.mark.is_same() {
        class.push(' ');
        class.push_str(node.mark.word());
    }
    let mark = if node.mark.is_same() {
        String::new()
    } else {
        format!(", {}", node.mark.word())
    };
    let label = format!(
        "{} {}, {}{mark}",
        node.kind.word(),
        node.label(),
        counted(node.columns.len(), "column")
    );
    let _ = writeln!(
        text,
        "<g class=\"{class}\" id=\"n{number}\" transform=\"translate({x} {y})\" aria-label=\"{}\"><title>{}</title>",
        Xml(&label),
        Xml(&title_of(node))
    );
    let corner = if node.kind.is_view() {
        2 * CORNER
    } else {
        CORNER
    };
    let _ = writeln!(
        text,
        "<rect class=\"body\" width=\"{width}\" height=\"{height}\" rx=\"{corner}\"/>"
    );
    let low = if shape.rows.is_empty() { corner } else { 0 };
    let _ = writeln!(
        text,
        "<path class=\"head\" d=\"M0 {corner}a{corner} {corner} 0 0 1 {corner} -{corner}H{}a{corner} {corner} 0 0 1 {corner} {corner}V{}{}Z\"/>",
        width - corner,
        HEAD - low,
        if low == 0 {
            "H0".to_owned()
        } else {
            format!("a{low} {low} 0 0 1 -{low} {low}H{low}a{low} {low} 0 0 1 -{low} -{low}")
        }
    );
    let begin = if node.mark.is_same() {
        14
    } else {
        let _ = writeln!(
            text,
            "<text class=\"sign\" x=\"12\" y=\"22\">{}</text>",
            node.mark.sign()
        );
        30
    };
    let name = node.name.name.as_str();
    let _ = writeln!(
        text,
        "<text class=\"name\" x=\"{begin}\" y=\"22\">{}</text>",
        Xml(&cut(name, TITLE))
    );
    let badge = badge(node, same_schema);
    if !badge.is_empty() {
        let right = width - MARGIN;
        let _ = writeln!(
            text,
            "<text class=\"badge\" x=\"{right}\" y=\"22\">{}</text>",
            Xml(&badge)
        );
    }
    text.push_str("<g class=\"rows\">\n");
    let whole = matches!(node.mark, Mark::Added | Mark::Removed);
    for (place, column) in (0..).zip(&shape.rows) {
        row(
            text,
            &node.columns[*column],
            HEAD + place * ROW + 4,
            width,
            whole,
        );
    }
    if shape.hidden > 0 {
        let y = HEAD + super::size::units(shape.rows.len()) * ROW + 18;
        let more = counted(shape.hidden, "more column");
        let _ = writeln!(
            text,
            "<text class=\"more\" x=\"{GUTTER}\" y=\"{y}\">{more}</text>"
        );
    }
    text.push_str("</g>\n");
    // What is read from far away.
    let letters = columns(&cut(name, 24)).max(1);
    let size = (width * 15 / (letters * 10)).min(height * 6 / 10).min(44);
    let _ = writeln!(
        text,
        "<text class=\"far\" x=\"{}\" y=\"{}\" font-size=\"{size}\">{}{}</text></g>",
        width / 2,
        height / 2 + size / 3,
        node.mark.sign(),
        Xml(&cut(name, 24))
    );
}

fn row(text: &mut String, column: &NodeColumn, y: i32, width: i32, whole: bool) {
    let base = y + 14;
    let right = width - MARGIN;
    // In a table that is new as a whole, so is every row.
    let mark = if whole { Mark::Same } else { column.mark };
    if !mark.is_same() {
        let inner = width - 2;
        let _ = write!(
            text,
            "<rect class=\"{}\" x=\"1\" y=\"{y}\" width=\"{inner}\" height=\"{ROW}\"/>",
            mark.word()
        );
    }
    let class = if mark.is_same() { "" } else { mark.word() };
    let _ = write!(text, "<text y=\"{base}\"");
    if !class.is_empty() {
        let _ = write!(text, " class=\"{class}\"");
    }
    text.push('>');
    if !mark.is_same() {
        let _ = write!(text, "<tspan class=\"m\" x=\"7\">{}</tspan>", mark.sign());
    }
    let key = match (column.primary, column.foreign, column.unique) {
        (true, _, _) => "PK",
        (_, true, _) => "FK",
        (_, _, true) => "UK",
        _ => "",
    };
    if !key.is_empty() {
        let _ = write!(text, "<tspan class=\"k {key}\" x=\"18\">{key}</tspan>");
    }
    let _ = writeln!(
        text,
        "<tspan class=\"c\" x=\"{GUTTER}\">{}</tspan><tspan class=\"t\" x=\"{right}\">{}</tspan></text>",
        Xml(&cut(column.name.as_str(), NAME)),
        Xml(&cut(&type_text(column), TYPE))
    );
}

fn title_of(node: &Node) -> String {
    let mut title = format!("{} {}", node.kind.word(), node.label());
    if !node.mark.is_same() {
        let _ = write!(title, " ({} {})", node.mark.sign(), node.mark.word());
    }
    if let Some(comment) = &node.comment {
        let _ = write!(title, ": {comment}");
    }
    title
}
