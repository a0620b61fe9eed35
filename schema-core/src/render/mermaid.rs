//! A diagram in the language of Mermaid, as it is rendered in Markdown.

use std::fmt::Write as _;

use super::size::short;
use super::{Diagram, Mark, Node, NodeColumn};

/// Words that are not read as a name.
const KEYWORDS: [&str; 20] = [
    "acctitle",
    "accdescr",
    "class",
    "classdef",
    "click",
    "direction",
    "end",
    "erdiagram",
    "link",
    "many",
    "one",
    "only",
    "optionally",
    "or",
    "style",
    "subgraph",
    "title",
    "to",
    "zero",
    "default",
];

/// The diagram as an `erDiagram`: its names are the database's, escaped where the language needs it.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut text = String::from("erDiagram\n");
    for node in &diagram.nodes {
        table(&mut text, node);
    }
    for reference in &diagram.references {
        let many = match (reference.unique, reference.optional) {
            (true, _) => "|o",
            (false, _) => "}o",
        };
        let one = if reference.optional { "o|" } else { "||" };
        let sign = match reference.mark {
            Mark::Same => String::new(),
            mark => format!("{} ", ascii(mark)),
        };
        let _ = writeln!(
            text,
            "    {} {many}--{one} {} : \"{sign}{}\"",
            entity(&diagram.nodes[reference.from]),
            entity(&diagram.nodes[reference.to]),
            escaped(reference.name.as_str())
        );
    }
    text.push_str(&classes(diagram));
    text
}

/// What is changed gets a colour, and a word beside.
fn classes(diagram: &Diagram) -> String {
    let mut text = String::new();
    let sorts = [
        (Mark::Added, "fill:#dcf5e4,stroke:#11713a,color:#1d2530"),
        (
            Mark::Removed,
            "fill:#fce3e1,stroke:#b3261e,color:#1d2530,stroke-dasharray:3 4",
        ),
        (Mark::Changed, "fill:#fcefce,stroke:#8a5a00,color:#1d2530"),
    ];
    for (mark, style) in sorts {
        let nodes = diagram.nodes.iter().filter(|node| node.mark == mark);
        let names: Vec<String> = nodes.map(entity).collect();
        if !names.is_empty() {
            let word = mark.word();
            let _ = writeln!(text, "    classDef {word} {style}");
            for name in names {
                let _ = writeln!(text, "    class {name} {word}");
            }
        }
    }
    text
}

fn table(text: &mut String, node: &Node) {
    let name = entity(node);
    let kind = match node.kind.word() {
        "table" => String::new(),
        word => format!(" ({word})"),
    };
    let sign = match node.mark {
        Mark::Same => String::new(),
        mark => format!("{} ", ascii(mark)),
    };
    let _ = if kind.is_empty() && sign.is_empty() {
        write!(text, "    {name}")
    } else {
        let shown = escaped(&node.label());
        write!(text, "    {name}[\"{sign}{shown}{kind}\"]")
    };
    if node.columns.is_empty() {
        text.push('\n');
        return;
    }
    text.push_str(" {\n");
    for column in &node.columns {
        attribute(text, column);
    }
    text.push_str("    }\n");
}

fn attribute(text: &mut String, column: &NodeColumn) {
    let data_type = word(&short(&column.data_type));
    let name = word(column.name.as_str());
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
    let _ = write!(text, "        {data_type} {name}");
    if !keys.is_empty() {
        let _ = write!(text, " {}", keys.join(","));
    }
    let mut notes = Vec::new();
    if !column.mark.is_same() {
        notes.push(format!("{} {}", ascii(column.mark), column.mark.word()));
    }
    if name != column.name.as_str() {
        notes.push(escaped(column.name.as_str()));
    }
    if !column.not_null {
        notes.push("null".to_owned());
    }
    if !notes.is_empty() {
        let _ = write!(text, " \"{}\"", notes.join(", "));
    }
    text.push('\n');
}

fn ascii(mark: Mark) -> &'static str {
    match mark {
        Mark::Same => "",
        Mark::Added => "+",
        Mark::Removed => "-",
        Mark::Changed => "~",
    }
}

/// The name of a box: plain where that is read as one, else in quotes.
fn entity(node: &Node) -> String {
    let name = node.label();
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|it| it.is_ascii_alphabetic());
    let plain = starts && letters.all(|it| it.is_ascii_alphanumeric() || it == '_');
    let known = KEYWORDS.contains(&name.to_ascii_lowercase().as_str());
    if plain && name.len() > 2 && !known {
        name
    } else {
        format!("\"{}\"", escaped(&name))
    }
}

/// A text in quotes: what the language or Markdown would read, as the number of the character.
fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for character in text.chars() {
        if character.is_control() || super::escape::is_bidi(character) {
            shown.push(' ');
        } else if character.is_alphanumeric() || " _-.,()".contains(character) {
            shown.push(character);
        } else {
            let _ = write!(shown, "#{};", u32::from(character));
        }
    }
    // An empty name is none.
    if shown.is_empty() {
        "#8203;".to_owned()
    } else {
        shown
    }
}

/// The type or name of a column: letters, digits, `_`, `(…)` and `[…]`.
fn word(text: &str) -> String {
    let mut word: String = text
        .chars()
        .map(|it| {
            if it.is_ascii_alphanumeric() || "_()[]".contains(it) {
                it
            } else {
                '_'
            }
        })
        .collect();
    let is_key = ["PK", "FK", "UK"].contains(&word.to_ascii_uppercase().as_str());
    if is_key || !word.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') {
        word.insert(0, '_');
    }
    word
}
