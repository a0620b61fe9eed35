//! A diagram in the language of Graphviz.

use std::fmt::Write as _;

use super::escape::Xml;
use super::size::type_text;
use super::{Diagram, Mark, Node};

/// What means something else in the language.
const KEYWORDS: [&str; 6] = ["node", "edge", "graph", "digraph", "subgraph", "strict"];

/// The diagram for `dot`: tables as HTML-like labels with a port for each column.
pub fn dot(diagram: &Diagram) -> String {
    let mut text = String::from(
        "digraph schema {\n  graph [rankdir=RL, nodesep=0.35, ranksep=1.1, fontname=\"Helvetica\"]\n  \
         node [shape=plain, fontname=\"Helvetica\", fontsize=11]\n  \
         edge [arrowhead=none, dir=both, color=\"#7a8696\"]\n",
    );
    for (place, node) in diagram.nodes.iter().enumerate() {
        table(&mut text, &name_of(place, node), node);
    }
    for reference in &diagram.references {
        let end = |place: usize, column: Option<&str>| {
            let node = &diagram.nodes[place];
            let mut columns = node.columns.iter();
            let port = column.and_then(|name| columns.position(|it| it.name == *name));
            let port = port.map_or_else(String::new, |port| format!(":c{port}"));
            format!("{}{port}", name_of(place, node))
        };
        let pair = reference.columns.first();
        let from = end(reference.from, pair.map(|(from, _)| from.as_str()));
        let to = end(reference.to, pair.map(|(_, to)| to.as_str()));
        let tail = if reference.unique { "tee" } else { "crow" };
        let head = if reference.optional { "odot" } else { "tee" };
        let _ = write!(
            text,
            "  {from} -> {to} [arrowtail={tail}, arrowhead={head}, tooltip={}",
            quoted(reference.name.as_str())
        );
        if !reference.mark.is_same() {
            let (color, style) = colors(reference.mark);
            let _ = write!(
                text,
                ", color=\"{color}\", style={style}, label=\"{}\"",
                reference.mark.sign()
            );
        }
        text.push_str("]\n");
    }
    text.push_str("}\n");
    text
}

fn table(text: &mut String, name: &str, node: &Node) {
    let (border, fill) = match node.mark {
        Mark::Same => ("#9aa6b5", "#e8eef7"),
        Mark::Added => ("#11713a", "#dcf5e4"),
        Mark::Removed => ("#b3261e", "#fce3e1"),
        Mark::Changed => ("#8a5a00", "#fcefce"),
    };
    let style = if node.kind.is_view() {
        " STYLE=\"ROUNDED\""
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "  {name} [tooltip={}, label=<<TABLE BORDER=\"1\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"4\" COLOR=\"{border}\"{style}>",
        quoted(&node.label())
    );
    let sign = sign(node.mark);
    let kind = match node.kind.word() {
        "table" => String::new(),
        word => format!(" <I>{word}</I>"),
    };
    let _ = writeln!(
        text,
        "    <TR><TD COLSPAN=\"3\" ALIGN=\"LEFT\" BGCOLOR=\"{fill}\"><B>{sign}{}</B>{kind}</TD></TR>",
        label(&node.label())
    );
    for (place, column) in node.columns.iter().enumerate() {
        let keys = [
            (column.primary, "PK"),
            (column.foreign, "FK"),
            (column.unique, "UK"),
        ];
        let keys: Vec<&str> = keys
            .iter()
            .filter(|(is, _)| *is)
            .map(|(_, key)| *key)
            .collect();
        let sign = self::sign(column.mark);
        let _ = writeln!(
            text,
            "    <TR><TD ALIGN=\"LEFT\" PORT=\"c{place}\">{sign}{}</TD><TD ALIGN=\"LEFT\">{}</TD><TD ALIGN=\"LEFT\">{}</TD></TR>",
            label(column.name.as_str()),
            label(&type_text(column)),
            keys.join(" ")
        );
    }
    text.push_str("  </TABLE>>]\n");
}

fn sign(mark: Mark) -> String {
    match mark {
        Mark::Same => String::new(),
        mark => format!("{} ", mark.sign()),
    }
}

fn colors(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Same => ("#7a8696", "solid"),
        Mark::Added => ("#11713a", "bold"),
        Mark::Removed => ("#b3261e", "dotted"),
        Mark::Changed => ("#8a5a00", "dashed"),
    }
}

/// A name within a label; Graphviz takes an empty one for a mistake.
fn label(name: &str) -> String {
    let text = Xml(name).to_string();
    if text.is_empty() {
        " ".to_owned()
    } else {
        text
    }
}

/// A box by its name where that is plain, else by its place.
fn name_of(place: usize, node: &Node) -> String {
    let name = node.label().replace('.', "__");
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|it| it.is_ascii_alphabetic());
    let plain = starts && letters.all(|it| it.is_ascii_alphanumeric() || it == '_');
    let label = node.label();
    let is_own = !label.contains("__") && label.matches('.').count() < 2;
    if plain && is_own && !KEYWORDS.contains(&name.to_ascii_lowercase().as_str()) {
        name
    } else {
        format!("_{place}")
    }
}

/// A text in double quotes. A backslash would be an escape of the layout program.
fn quoted(text: &str) -> String {
    let plain = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", plain.replace(char::is_control, " "))
}
