//! A catalog as a picture: a page to explore, and SVG, Mermaid and DOT.
//!
//! A [`Diagram`] is what a picture is of: boxes with rows, references between them, and what a
//! branch changes. All four forms are made from it alone; the same diagram gives the same bytes.

mod compare;
mod detail;
mod diagram;
mod dot;
mod draw;
mod escape;
mod html;
mod layout;
mod mermaid;
mod others;
mod size;

pub use compare::Mark;
pub use diagram::{
    Diagram, Entry, History, NamedType, Node, NodeColumn, NodeKind, Reference, Section, Touch,
};
pub use dot::dot;
pub use draw::svg;
pub use html::html;
pub use layout::{Layout, Placed, Route, layout};
pub use mermaid::mermaid;
