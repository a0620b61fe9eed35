//! DDL that a view stands in the way of: the view goes before it and comes back after it.

use super::super::{Stage, Statement};
use crate::catalog::Catalog;
use crate::ddl::{CompatView, Ddl, ShimDdl, TableAction, TableDdl};
use crate::directory::{DirectiveKind, ShimName};
use crate::ident::{Ident, QualifiedName};

/// Lets a stage do what it does to the table of a view: PostgreSQL neither changes the type of a
/// column that a view shows nor drops it. Everything is one transaction, so the previous release
/// never finds its name gone.
pub(super) fn around(stage: &mut Stage, view: &mut CompatView, to: &Catalog) {
    let Some(first) = stage
        .statements
        .iter()
        .position(|statement| stands_in_the_way(view, &statement.ddl))
    else {
        return;
    };
    let cause = stage.statements[first].cause.clone();
    let drop = ShimDdl::DropView(view.old.clone());
    let table = to.tables.get(&view.table);
    match table {
        Some(table) => view
            .columns
            .retain(|it| table.column(it.column.as_str()).is_some()),
        None => view.columns.clear(),
    }
    if table.is_some() {
        stage.statements.extend(created(view, &cause));
    } else {
        let old = ShimName::Table(view.old.clone()).to_string();
        stage.directives.push(DirectiveKind::ShimDrop { old });
    }
    let drop = Statement::new(Ddl::Shim(drop), cause);
    stage.statements.insert(first, drop);
}

/// The statements that make a view.
pub(super) fn created(view: &CompatView, cause: &[String]) -> [Statement; 2] {
    [
        ShimDdl::CreateView(view.clone()),
        ShimDdl::CopyPrivileges(view.clone()),
    ]
    .map(|ddl| Statement::new(Ddl::Shim(ddl), cause.to_vec()))
}

fn stands_in_the_way(view: &CompatView, ddl: &Ddl) -> bool {
    let shows = |table: &QualifiedName, column: &Ident| {
        *table == view.table && view.columns.iter().any(|it| it.column == *column)
    };
    match ddl {
        Ddl::Table(TableDdl::Drop(table) | TableDdl::DropForeign(table)) => *table == view.table,
        Ddl::Table(TableDdl::Alter { name, actions, .. }) => {
            actions.iter().any(|action| match action {
                TableAction::DropColumn(column) | TableAction::SetType { column, .. } => {
                    shows(name, column)
                }
                _ => false,
            })
        }
        _ => false,
    }
}
