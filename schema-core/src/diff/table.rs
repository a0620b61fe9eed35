//! The changes of one table.

use super::{Change, Delta, SequenceDelta, deltas, pair_renamed, rename_pairs};
use crate::catalog::{Column, Constraint, Generation, Index, Table};
use crate::ident::{QualifiedName, literal};

/// Adds the changes between two states of a table.
pub(super) fn diff<'a>(
    name: &'a QualifiedName,
    from: &'a Table,
    to: &'a Table,
    sequences: &[SequenceDelta<'a>],
    list: &mut Vec<Change<'a>>,
) {
    if is_another(from, to) {
        list.push(Change::Table(name, Delta::Drop(from)));
        list.push(Change::Table(name, Delta::Create(to)));
        return;
    }
    let itself = |table: &Table| {
        let Table {
            columns: _,
            constraints: _,
            indexes: _,
            persistence,
            storage_parameters,
            tablespace,
            partition_by,
            partition_of,
            inherits,
            of_type,
            foreign,
            access_method,
            comment,
        } = table.clone();
        let made_of = (partition_by, partition_of, inherits, of_type, foreign);
        let kept = (persistence, storage_parameters, tablespace, access_method);
        (made_of, kept, comment)
    };
    if itself(from) != itself(to) {
        list.push(Change::Table(name, Delta::Alter { from, to }));
    }
    for column in &from.columns {
        if to.column(column.name.as_str()).is_none() {
            list.push(Change::Column(name, &column.name, Delta::Drop(column)));
        }
    }
    for column in &to.columns {
        let delta = match from.column(column.name.as_str()) {
            None => Delta::Create(column),
            Some(before) if !same_column(before, column, sequences) => Delta::Alter {
                from: before,
                to: column,
            },
            Some(_) => continue,
        };
        list.push(Change::Column(name, &column.name, delta));
    }
    let constraints: Vec<_> = deltas(&from.constraints, &to.constraints).collect();
    let pairs = pair_renamed(&constraints, |old, new| {
        *old == Constraint {
            comment: old.comment.clone(),
            ..new.clone()
        }
    });
    let constraints = rename_pairs(&constraints, &pairs).into_iter();
    list.extend(constraints.map(|(object, delta)| Change::Constraint(name, object, delta)));
    let indexes: Vec<_> = deltas(&from.indexes, &to.indexes).collect();
    let pairs = pair_renamed(&indexes, |old, new| {
        *old == Index {
            comment: old.comment.clone(),
            ..new.clone()
        }
    });
    let indexes = rename_pairs(&indexes, &pairs).into_iter();
    list.extend(indexes.map(|(object, delta)| Change::Index(name, object, delta)));
}

/// True where no `ALTER TABLE` turns one into the other: how a table is partitioned, or where its
/// rows are.
fn is_another(from: &Table, to: &Table) -> bool {
    let server = |table: &Table| table.foreign.as_ref().map(|it| it.server.clone());
    from.partition_by != to.partition_by || server(from) != server(to)
}

/// True where the columns are equal once the sequences have their new names: a default follows
/// its sequence by itself.
fn same_column(from: &Column, to: &Column, sequences: &[SequenceDelta<'_>]) -> bool {
    // How a child has come by a column is of no account, and cannot be changed.
    let from = &Column {
        inherited: to.inherited,
        ..from.clone()
    };
    let (Generation::Default(before), Generation::Default(after)) =
        (&from.generation, &to.generation)
    else {
        return from == to;
    };
    let spelled = |name: &QualifiedName| format!("{}::regclass", literal(&name.to_string()));
    let follows = sequences.iter().any(|(new, delta)| {
        matches!(delta, Delta::Rename { name: old, .. }
            if before.replace(&spelled(old), &spelled(new)) == *after)
    });
    from == to
        || follows && {
            let renamed = Column {
                generation: to.generation.clone(),
                ..from.clone()
            };
            renamed == *to
        }
}
