//! Renames to statements.

use std::collections::BTreeSet;

use super::{Stage, Statement, timeout};
use crate::catalog::Catalog;
use crate::ddl::{Ddl, DomainAction, DomainDdl, EnumDdl, IndexDdl, SchemaDdl, TableDdl};
use crate::diff::Rename;
use crate::ident::{Ident, QualifiedName};

/// The statements that do the renames, in their order. A schema that something moves to, and that
/// `from` does not have, is created before.
pub fn rename(from: &Catalog, renames: &[Rename]) -> Stage {
    let mut schemas: BTreeSet<&Ident> = from.schemas.keys().collect();
    let mut statements = Vec::new();
    for rename in renames {
        let mut push = |ddl| statements.push(Statement::new(ddl, vec![rename.to_string()]));
        if let Rename::Table { to, .. } | Rename::Type { to, .. } = rename
            && schemas.insert(&to.schema)
        {
            push(Ddl::Schema(SchemaDdl::Create(to.schema.clone())));
        }
        match rename {
            Rename::Table { from, to } => {
                moves(from, to, |name, step| {
                    let name = name.clone();
                    push(Ddl::Table(match step {
                        Step::SetSchema(schema) => TableDdl::SetSchema { name, schema },
                        Step::Rename(to) => TableDdl::Rename { name, to },
                    }));
                });
            }
            Rename::Type {
                from,
                to,
                domain: false,
            } => moves(from, to, |name, step| {
                let name = name.clone();
                push(Ddl::Enum(match step {
                    Step::SetSchema(schema) => EnumDdl::SetSchema { name, schema },
                    Step::Rename(to) => EnumDdl::Rename { name, to },
                }));
            }),
            Rename::Type { from, to, .. } => moves(from, to, |name, step| {
                let action = match step {
                    Step::SetSchema(schema) => DomainAction::SetSchema(schema),
                    Step::Rename(to) => DomainAction::Rename(to),
                };
                let name = name.clone();
                push(Ddl::Domain(DomainDdl::Alter { name, action }));
            }),
            Rename::Label { r#enum, from, to } => push(Ddl::Enum(EnumDdl::RenameValue {
                name: r#enum.clone(),
                from: from.clone(),
                to: to.clone(),
            })),
            Rename::Column { table, from, to } => push(Ddl::Table(TableDdl::RenameColumn {
                name: table.clone(),
                from: from.clone(),
                to: to.clone(),
            })),
            Rename::Constraint { table, from, to } => {
                push(Ddl::Table(TableDdl::RenameConstraint {
                    name: table.clone(),
                    from: from.clone(),
                    to: to.clone(),
                }));
            }
            Rename::Index { table, from, to } => push(Ddl::Index(IndexDdl::Rename {
                name: table.sibling(from.clone()),
                to: to.clone(),
            })),
        }
    }
    timeout::limited(Stage {
        statements,
        ..Stage::default()
    })
}

/// Half of a move to another name in another schema.
enum Step {
    SetSchema(Ident),
    Rename(Ident),
}

/// The schema first, then the name.
fn moves(from: &QualifiedName, to: &QualifiedName, mut step: impl FnMut(&QualifiedName, Step)) {
    if from.schema != to.schema {
        step(from, Step::SetSchema(to.schema.clone()));
    }
    if from.name != to.name {
        let name = to.sibling(from.name.clone());
        step(&name, Step::Rename(to.name.clone()));
    }
}
