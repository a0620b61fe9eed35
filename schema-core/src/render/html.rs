//! A diagram as one page: the picture, what is behind it, and a script to walk through both.

use serde::Serialize;

use super::compare::Mark;
use super::draw::{inside, schemas, summary};
use super::escape::{Xml, json_in_script};
use super::layout::{Layout, Placed, layout};
use super::{Diagram, Entry, NamedType, Node, NodeColumn, Section, Touch};

/// A page that needs nothing else: no network, no server, no other file.
///
/// # Panics
///
/// Never: a diagram always serialises.
pub fn html(diagram: &Diagram) -> String {
    let layout = layout(diagram);
    let data = serde_json::to_string(&data(diagram, &layout)).expect("a diagram always serialises");
    let parts = [
        ("{title}", Xml(&diagram.title).to_string()),
        ("{summary}", Xml(&summary(diagram)).to_string()),
        (
            "{css}",
            format!(
                "{}{}",
                include_str!("picture.css"),
                include_str!("page.css")
            ),
        ),
        ("{picture}", inside(diagram, &layout)),
        ("{data}", json_in_script(&data)),
        ("{js}", include_str!("page.js").to_owned()),
    ];
    fill(include_str!("page.html"), &parts)
}

/// The template with each mark replaced once, from front to back: a name that looks like a mark
/// stays a name.
fn fill(template: &str, parts: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    loop {
        let found = parts
            .iter()
            .filter_map(|(mark, part)| Some((rest.find(mark)?, mark, part)));
        let Some((place, mark, part)) = found.min_by_key(|(place, _, _)| *place) else {
            text.push_str(rest);
            return text;
        };
        text.push_str(&rest[..place]);
        text.push_str(part);
        rest = &rest[place + mark.len()..];
    }
}

#[derive(Serialize)]
struct Data<'a> {
    width: i32,
    height: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared: Option<&'a str>,
    schemas: Vec<&'a str>,
    nodes: Vec<NodeData<'a>>,
    lines: Vec<LineData>,
    types: Vec<TypeData<'a>>,
}

#[derive(Serialize)]
struct NodeData<'a> {
    /// The name as people write it.
    label: String,
    schema: &'a str,
    name: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Mark::is_same")]
    mark: Mark,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    place: [i32; 4],
    columns: Vec<ColumnData<'a>>,
    sections: &'a [Section],
    /// Foreign keys of other tables that lead here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<Entry>,
    #[serde(skip_serializing_if = "slice_is_empty")]
    history: &'a [Touch],
}

#[derive(Serialize)]
struct ColumnData<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    data_type: &'a str,
    /// The type among those of the diagram.
    #[serde(skip_serializing_if = "Option::is_none")]
    named: Option<usize>,
    #[serde(skip_serializing_if = "is_false")]
    not_null: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<&'static str>,
    #[serde(skip_serializing_if = "Mark::is_same")]
    mark: Mark,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<&'a str>,
}

#[derive(Serialize)]
struct LineData {
    from: usize,
    to: usize,
    /// Left, top, right and bottom.
    place: [i32; 4],
}

#[derive(Serialize)]
struct TypeData<'a> {
    label: String,
    kind: &'static str,
    parts: Vec<(&'a str, Mark)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    #[serde(skip_serializing_if = "Mark::is_same")]
    mark: Mark,
}

fn data<'a>(diagram: &'a Diagram, layout: &Layout) -> Data<'a> {
    let nodes = diagram.nodes.iter().enumerate();
    let lines = diagram.references.iter().zip(&layout.routes);
    Data {
        width: layout.width,
        height: layout.height,
        compared: diagram.compared.as_deref(),
        schemas: schemas(diagram),
        nodes: nodes
            .map(|(place, node)| node_data(diagram, layout, place, node))
            .collect(),
        lines: lines
            .map(|(reference, route)| LineData {
                from: reference.from,
                to: reference.to,
                place: around(&route.points),
            })
            .collect(),
        types: diagram.types.iter().map(type_data).collect(),
    }
}

fn node_data<'a>(
    diagram: &'a Diagram,
    layout: &Layout,
    place: usize,
    node: &'a Node,
) -> NodeData<'a> {
    let Placed {
        x,
        y,
        width,
        height,
    } = layout.boxes[place];
    let users = diagram
        .references
        .iter()
        .filter(|it| it.to == place && it.from != place);
    let used_by = users.map(|reference| {
        let columns: Vec<&str> = reference
            .columns
            .iter()
            .map(|(from, _)| from.as_str())
            .collect();
        Entry {
            name: diagram.nodes[reference.from].label(),
            text: columns.join(", "),
            mark: reference.mark,
            leads_to: Some(reference.from),
            ..Entry::default()
        }
    });
    NodeData {
        label: node.label(),
        schema: node.name.schema.as_str(),
        name: node.name.name.as_str(),
        kind: node.kind.word(),
        mark: node.mark,
        comment: node.comment.as_deref(),
        place: [x, y, width, height],
        columns: node
            .columns
            .iter()
            .map(|column| column_data(diagram, column))
            .collect(),
        sections: &node.sections,
        used_by: used_by.collect(),
        history: &node.history,
    }
}

fn column_data<'a>(diagram: &Diagram, column: &'a NodeColumn) -> ColumnData<'a> {
    let named = column.type_name.as_ref();
    let named = named.and_then(|name| diagram.types.iter().position(|it| it.name == *name));
    let keys = [
        (column.primary, "PK"),
        (column.foreign, "FK"),
        (column.unique, "UK"),
    ];
    ColumnData {
        name: column.name.as_str(),
        data_type: &column.data_type,
        named,
        not_null: column.not_null,
        value: column.value.as_deref(),
        comment: column.comment.as_deref(),
        keys: keys
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, key)| *key)
            .collect(),
        mark: column.mark,
        was: column.was.as_deref(),
    }
}

fn type_data(named: &NamedType) -> TypeData<'_> {
    let parts = named.parts.iter();
    TypeData {
        label: named.name.to_string(),
        kind: named.kind,
        parts: parts.map(|(part, mark)| (part.as_str(), *mark)).collect(),
        comment: named.comment.as_deref(),
        mark: named.mark,
    }
}

fn around(points: &[(i32, i32)]) -> [i32; 4] {
    let side = |of: fn(&(i32, i32)) -> i32| points.iter().map(of);
    let (xs, ys) = (side(|point| point.0), side(|point| point.1));
    [
        xs.clone().min().unwrap_or(0) - 16,
        ys.clone().min().unwrap_or(0) - 8,
        // A line to its own table goes out at the right.
        xs.max().unwrap_or(0) + 50,
        ys.max().unwrap_or(0) + 8,
    ]
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde wants it")]
fn is_false(it: &bool) -> bool {
    !it
}

fn slice_is_empty<T>(slice: &&[T]) -> bool {
    slice.is_empty()
}
