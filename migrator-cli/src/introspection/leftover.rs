//! What structs cannot say of a catalog, as SQL.

use schema_core::catalog::{Catalog, Table};
use schema_core::ident::{QualifiedName, literal};

/// A part of the catalog that no struct says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leftover {
    /// What it is: `comment on index users_email_idx`.
    pub(crate) what: String,
    /// The statement that makes it.
    pub(crate) sql: String,
}

/// The part of a catalog that structs can say, and the rest.
pub(crate) fn split(catalog: &Catalog) -> (Catalog, Vec<Leftover>) {
    let mut said = catalog.clone();
    let mut left = Vec::new();
    for (name, table) in &mut said.tables {
        of_table(name, table, &mut left);
    }
    (said, left)
}

fn of_table(name: &QualifiedName, table: &mut Table, left: &mut Vec<Leftover>) {
    for (constraint, it) in &mut table.constraints {
        if let Some(comment) = it.comment.take() {
            left.push(Leftover {
                what: format!("comment on constraint {constraint} of {name}"),
                sql: format!(
                    "COMMENT ON CONSTRAINT {constraint} ON {} IS {}",
                    name.full(),
                    literal(&comment)
                ),
            });
        }
    }
    for (index, it) in &mut table.indexes {
        if let Some(comment) = it.comment.take() {
            left.push(Leftover {
                what: format!("comment on index {index}"),
                sql: format!(
                    "COMMENT ON INDEX {} IS {}",
                    name.sibling(index.as_str()).full(),
                    literal(&comment)
                ),
            });
        }
    }
}
