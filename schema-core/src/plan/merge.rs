//! Steps in order to statements.

use std::collections::{BTreeMap, BTreeSet};

use super::step::{Class, Group, Step};
use super::{Stage, Statement};
use crate::ddl::{CommentTarget, Ddl, IndexDdl, LockLevel, TableAction, TableDdl};
use crate::directory::TxMode;
use crate::graph::Graph;
use crate::ident::QualifiedName;

/// The stages with the statements of their steps, neighbours that can be one statement as one.
pub(super) fn merge(
    steps: &[Step],
    graph: &Graph<Group, u8>,
    stages: Vec<(TxMode, Vec<usize>)>,
) -> Vec<Stage> {
    let needless = needless(steps, graph, &stages);
    let created: BTreeSet<&QualifiedName> = steps
        .iter()
        .filter_map(|step| match &step.ddl {
            Ddl::Table(TableDdl::Create { name, .. }) => Some(name),
            _ => None,
        })
        .collect();
    let stages = stages.into_iter().map(|(tx_mode, places)| {
        let places = places.iter().filter(|place| !needless.contains(place));
        let merged = joined(places.map(|place| &steps[*place]));
        Stage {
            tx_mode,
            directives: Vec::new(),
            statements: merged
                .into_iter()
                .map(|(ddl, causes)| statement(ddl, causes, &created))
                .collect(),
        }
    });
    stages
        .filter(|stage| !stage.statements.is_empty())
        .collect()
}

fn joined<'a>(steps: impl Iterator<Item = &'a Step>) -> Vec<(Ddl, Vec<String>)> {
    let mut merged: Vec<(Ddl, Vec<String>)> = Vec::new();
    for step in steps {
        let joined = merged.last_mut().is_some_and(|(last, causes)| {
            let joined = join(last, &step.ddl);
            if joined && !causes.contains(&step.cause) {
                causes.push(step.cause.clone());
            }
            joined
        });
        if !joined {
            merged.push((step.ddl.clone(), vec![step.cause.clone()]));
        }
    }
    merged
}

fn statement(ddl: Ddl, causes: Vec<String>, created: &BTreeSet<&QualifiedName>) -> Statement {
    let mut statement = Statement::new(ddl, causes);
    if table_of(&statement.ddl).is_some_and(|table| created.contains(table)) {
        // Nobody uses it yet.
        statement.hazards.clear();
        if !references_others(&statement.ddl, created) {
            statement.lock = LockLevel::None;
        }
    }
    statement
}

/// Takes the statement into the one before it where PostgreSQL then does the same.
fn join(last: &mut Ddl, next: &Ddl) -> bool {
    let Ddl::Table(TableDdl::Alter {
        name,
        only,
        actions: more,
    }) = next
    else {
        return false;
    };
    match last {
        Ddl::Table(TableDdl::Alter {
            name: last_name,
            only: last_only,
            actions,
        }) if last_name == name && last_only == only => {
            let pass = |action: Option<&TableAction>| action.map(TableAction::pass);
            let in_order = pass(actions.last()) <= pass(more.first());
            let mut both = actions.iter().chain(more);
            let alone = both.any(|action| {
                matches!(
                    action,
                    TableAction::SetPersistence(_)
                        | TableAction::SetTablespace(_)
                        | TableAction::SetAccessMethod(_)
                )
            });
            // It reads the rows, which is not to be done under a lock against writing.
            let reads = |it: &TableAction| matches!(it, TableAction::ValidateConstraint(_));
            let alone = alone || actions.iter().any(reads) != more.iter().any(reads);
            let joined = in_order && !alone && !more.iter().any(|it| too_early(actions, it));
            if joined {
                actions.extend(more.iter().cloned());
            }
            joined
        }
        Ddl::Table(TableDdl::Create {
            name: created,
            constraints,
            ..
        }) if created == name => match more.as_slice() {
            [TableAction::AddConstraint(added)]
                if added.is_foreign_key() && added.constraint.validated =>
            {
                constraints.push(added.clone());
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// PostgreSQL checks a change of type before it does any clause of the statement: the column must
/// not be generated or an identity until then.
fn too_early(actions: &[TableAction], next: &TableAction) -> bool {
    let TableAction::SetType { column, .. } = next else {
        return false;
    };
    actions.iter().any(|action| {
        matches!(action, TableAction::DropExpression(it) | TableAction::DropIdentity(it)
            if it == column)
    })
}

/// Foreign keys of dropped tables that can go with them: nothing between asks for them to be gone.
fn needless(
    steps: &[Step],
    graph: &Graph<Group, u8>,
    stages: &[(TxMode, Vec<usize>)],
) -> BTreeSet<usize> {
    let mut position = vec![0; steps.len()];
    let order = stages.iter().flat_map(|(_, places)| places);
    for (place, node) in order.enumerate() {
        position[*node] = place;
    }
    let dropped: BTreeMap<&QualifiedName, usize> = steps
        .iter()
        .enumerate()
        .filter_map(|(place, step)| match &step.ddl {
            Ddl::Table(TableDdl::Drop(name) | TableDdl::DropForeign(name)) => Some((name, place)),
            _ => None,
        })
        .collect();
    let steps = steps.iter().enumerate();
    let needless = steps.filter(|(place, step)| match &step.ddl {
        // One that is made again under its name has others.
        _ if step.group.0 != Class::DropTable => false,
        Ddl::Table(TableDdl::Alter { name, .. }) => dropped.get(name).is_some_and(|drop| {
            graph
                .after(*place)
                .all(|then| then == *drop || position[then] > position[*drop])
        }),
        _ => false,
    });
    needless.map(|(place, _)| place).collect()
}

fn table_of(ddl: &Ddl) -> Option<&QualifiedName> {
    match ddl {
        Ddl::Table(TableDdl::Create { name, .. } | TableDdl::Alter { name, .. }) => Some(name),
        Ddl::Index(IndexDdl::Create { table, .. } | IndexDdl::AttachPartition { table, .. }) => {
            Some(table)
        }
        Ddl::Comment(comment) => match &comment.target {
            CommentTarget::Table(table)
            | CommentTarget::ForeignTable(table)
            | CommentTarget::Column(table, _)
            | CommentTarget::Constraint(table, _)
            | CommentTarget::Index(_, table) => Some(table),
            _ => None,
        },
        _ => None,
    }
}

/// True where a foreign key locks a table that was there before.
fn references_others(ddl: &Ddl, created: &BTreeSet<&QualifiedName>) -> bool {
    let others = |definition: &crate::ddl::ConstraintDefinition| {
        matches!(&definition.constraint.kind, crate::catalog::ConstraintKind::ForeignKey(key)
            if !created.contains(&key.references))
    };
    match ddl {
        Ddl::Table(TableDdl::Create { constraints, .. }) => constraints.iter().any(others),
        Ddl::Table(TableDdl::Alter { actions, .. }) => actions.iter().any(
            |action| matches!(action, TableAction::AddConstraint(definition) if others(definition)),
        ),
        _ => false,
    }
}
