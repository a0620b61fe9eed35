//! The compat view of a table that gets another name.

use crate::catalog::Catalog;
use crate::ddl::{CompatView, ViewColumn};
use crate::diff::Rename;
use crate::ident::QualifiedName;

/// The first major version whose views can ask for the rights of whoever uses them.
pub const SECURITY_INVOKER: u32 = 15;

/// The view for a table that `renames` give another name: the columns of the previous release, in
/// its order and under its names, without those that go.
///
/// `current` is the state before the renames, `to` the one that is wanted.
pub fn compat_view(
    current: &Catalog,
    to: &Catalog,
    renames: &[Rename],
    (from, table): (&QualifiedName, &QualifiedName),
    major: u32,
) -> CompatView {
    let before = current.tables.get(from);
    let after = to.tables.get(table);
    let columns = before.into_iter().flat_map(|it| &it.columns);
    let columns = columns.map(|column| {
        let new_name = renames.iter().find_map(|rename| match rename {
            Rename::Column {
                table: of,
                from,
                to,
            } if of == table && *from == column.name => Some(to),
            _ => None,
        });
        ViewColumn {
            old: column.name.clone(),
            column: new_name.unwrap_or(&column.name).clone(),
        }
    });
    let stays =
        |it: &ViewColumn| after.is_some_and(|after| after.column(it.column.as_str()).is_some());
    CompatView {
        old: from.clone(),
        table: table.clone(),
        columns: columns.filter(stays).collect(),
        security_invoker: major >= SECURITY_INVOKER,
    }
}
