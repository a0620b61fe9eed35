//! Steps in order to statements, and statements to stages.

use std::collections::{BTreeMap, BTreeSet};

use super::step::{Group, Step};
use super::{Stage, Statement};
use crate::ddl::{CommentTarget, Ddl, EnumDdl, IndexDdl, LockLevel, TableAction, TableDdl};
use crate::graph::Graph;
use crate::ident::{QualifiedName, literal};

/// One statement for neighbours that can be one.
pub(super) fn merge(steps: &[Step], graph: &Graph<Group, u8>, order: &[usize]) -> Vec<Statement> {
    let needless = needless(steps, graph, order);
    let mut created: BTreeSet<&QualifiedName> = BTreeSet::new();
    let mut merged: Vec<(Ddl, Vec<String>)> = Vec::new();
    for place in order {
        let step = &steps[*place];
        if needless.contains(place) {
            continue;
        }
        if let Ddl::Table(TableDdl::Create { name, .. }) = &step.ddl {
            created.insert(name);
        }
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
    let statements = merged.into_iter().map(|(ddl, causes)| {
        let mut statement = Statement::new(ddl, causes);
        if table_of(&statement.ddl).is_some_and(|table| created.contains(table)) {
            // Nobody uses it yet.
            statement.hazards.clear();
            if !references_others(&statement.ddl, &created) {
                statement.lock = LockLevel::None;
            }
        }
        statement
    });
    statements.collect()
}

/// Takes the statement into the one before it where PostgreSQL then does the same.
fn join(last: &mut Ddl, next: &Ddl) -> bool {
    let Ddl::Table(TableDdl::Alter {
        name,
        actions: more,
    }) = next
    else {
        return false;
    };
    match last {
        Ddl::Table(TableDdl::Alter {
            name: last_name,
            actions,
        }) if last_name == name => {
            let pass = |action: Option<&TableAction>| action.map(TableAction::pass);
            let in_order = pass(actions.last()) <= pass(more.first());
            let mut both = actions.iter().chain(more);
            let alone = both.any(|action| {
                matches!(
                    action,
                    TableAction::SetPersistence(_) | TableAction::SetTablespace(_)
                )
            });
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
fn needless(steps: &[Step], graph: &Graph<Group, u8>, order: &[usize]) -> BTreeSet<usize> {
    let mut position = vec![0; steps.len()];
    for (place, node) in order.iter().enumerate() {
        position[*node] = place;
    }
    let dropped: BTreeMap<&QualifiedName, usize> = steps
        .iter()
        .enumerate()
        .filter_map(|(place, step)| match &step.ddl {
            Ddl::Table(TableDdl::Drop(name)) => Some((name, place)),
            _ => None,
        })
        .collect();
    let steps = steps.iter().enumerate();
    let needless = steps.filter(|(place, step)| match &step.ddl {
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
        Ddl::Index(IndexDdl::Create { table, .. }) => Some(table),
        Ddl::Comment(comment) => match &comment.target {
            CommentTarget::Table(table)
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

/// PostgreSQL lets a new enum value be used after the commit only (55P04): where a later statement
/// does, the new values are a stage of their own.
pub(super) fn stages(statements: Vec<Statement>) -> Vec<Stage> {
    let label = |statement: &Statement| match &statement.ddl {
        Ddl::Enum(EnumDdl::AddValue { label, .. }) => Some(literal(label)),
        _ => None,
    };
    let labels: Vec<String> = statements.iter().filter_map(label).collect();
    let uses = |statement: &Statement| {
        let sql = statement.ddl.to_string();
        label(statement).is_none() && labels.iter().any(|label| sql.contains(label.as_str()))
    };
    let staged = !labels.is_empty() && statements.iter().any(uses);
    let (first, then) = statements
        .into_iter()
        .partition(|statement| staged && label(statement).is_some());
    [first, then]
        .into_iter()
        .filter(|statements: &Vec<Statement>| !statements.is_empty())
        .map(|statements| Stage {
            statements,
            ..Stage::default()
        })
        .collect()
}
