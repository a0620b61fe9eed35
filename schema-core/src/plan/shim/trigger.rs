//! The triggers of column shims, from both catalogs.

use std::collections::BTreeSet;

use super::super::cast::{Conversion, conversion};
use super::super::mentions::mentions;
use super::{Shim, ShimError, trigger_name};
use crate::catalog::{Catalog, Column, ConstraintKind, Generation, Table};
use crate::ddl::{ShimRule, ShimTrigger, ShimValue};
use crate::ident::{Ident, QualifiedName};
use crate::plan::PlanHints;

/// The trigger of a shim; `None` for a view.
///
/// `from` has the old column, `to` the new one.
pub(super) fn trigger(
    shim: &Shim,
    from: &Catalog,
    to: &Catalog,
    hints: &PlanHints,
) -> Result<Option<ShimTrigger>, ShimError> {
    let (table, old, rule) = match shim {
        Shim::View(_) => return Ok(None),
        Shim::Sync { table, old, new } => {
            let sides = (from.tables.get(table), to.tables.get(table));
            let (Some(before), Some(after)) = sides else {
                return Ok(None);
            };
            let (Some(old), Some(new)) = (before.column(old.as_str()), after.column(new.as_str()))
            else {
                return Ok(None);
            };
            (table, &old.name, sync(table, before, (old, new), hints)?)
        }
        Shim::Fill { table, column } => {
            let sides = (from.tables.get(table), to.tables.get(table));
            let (Some(before), Some(after)) = sides else {
                return Ok(None);
            };
            let key = (table.clone(), column.clone());
            let (Some(value), Some(after)) =
                (hints.backfill.get(&key), after.column(column.as_str()))
            else {
                return Ok(None);
            };
            let value = ShimValue::Expression {
                sql: value.clone(),
                data_type: after.data_type.clone(),
                columns: mentioned(before, value),
            };
            let column = column.clone();
            (table, &after.name, ShimRule::Fill { column, value })
        }
    };
    Ok(Some(ShimTrigger {
        table: table.clone(),
        name: trigger_name(table, old),
        rule,
    }))
}

fn sync(
    name: &QualifiedName,
    table: &Table,
    (old, new): (&Column, &Column),
    hints: &PlanHints,
) -> Result<ShimRule, ShimError> {
    refuse(name, table, old, new)?;
    let forward = match hints.using.get(&(name.clone(), new.name.clone())) {
        Some(using) => {
            // As in `USING`, the column goes by its new name and has its old value.
            let mut columns = mentioned(table, using);
            columns.push((old.name.clone(), new.name.clone()));
            ShimValue::Expression {
                sql: using.clone(),
                data_type: new.data_type.clone(),
                columns,
            }
        }
        None => cast(name, old, new)?,
    };
    Ok(ShimRule::Sync {
        old: old.name.clone(),
        new: new.name.clone(),
        forward,
        back: cast(name, new, old)?,
    })
}

/// What no trigger can keep alike.
fn refuse(
    name: &QualifiedName,
    table: &Table,
    old: &Column,
    new: &Column,
) -> Result<(), ShimError> {
    let generated = [old, new].into_iter().find_map(|it| match it.generation {
        Generation::Identity(_) => Some("an identity"),
        Generation::Stored(_) | Generation::Virtual(_) => Some("generated"),
        Generation::None | Generation::Default(_) => None,
    });
    let column = format!("{name}.{}", old.name);
    if let Some(how) = generated {
        return Err(ShimError::Generated { column, how });
    }
    let in_key = |kind: &ConstraintKind| matches!(kind, ConstraintKind::PrimaryKey(key) if key.columns.contains(&old.name));
    if table.constraints.values().any(|it| in_key(&it.kind)) {
        return Err(ShimError::PrimaryKey { column });
    }
    let words = |not_null| {
        if not_null {
            "does not allow NULL"
        } else {
            "allows NULL"
        }
    };
    if old.not_null != new.not_null {
        return Err(ShimError::Nullability {
            from: column,
            to: new.name.clone(),
            before: words(old.not_null),
            after: words(new.not_null),
        });
    }
    Ok(())
}

/// The value of one column as one of the other's type.
fn cast(table: &QualifiedName, from: &Column, to: &Column) -> Result<ShimValue, ShimError> {
    let target = to.data_type.clone();
    let user_defined = from.type_name.is_some() || to.type_name.is_some();
    let casts = match conversion(&from.data_type, &to.data_type) {
        _ if from.data_type == to.data_type => Vec::new(),
        Conversion::Assignment | Conversion::Cast => vec![target],
        Conversion::Text if user_defined => vec!["text".to_owned(), target],
        Conversion::Text => {
            return Err(ShimError::NoCast {
                from: format!("{table}.{}", from.name),
                from_type: from.data_type.clone(),
                to: to.name.clone(),
                to_type: target,
            });
        }
    };
    let column = from.name.clone();
    Ok(ShimValue::Column { column, casts })
}

/// The columns that an expression may use, under their own names. No others: a column that the
/// function of a trigger names cannot go as long as the trigger lives.
fn mentioned(table: &Table, expression: &str) -> Vec<(Ident, Ident)> {
    let words = mentions(expression);
    let folded: BTreeSet<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let names = table.columns.iter().map(|column| &column.name);
    names
        .filter(|name| words.contains(name.as_str()) || folded.contains(name.as_str()))
        .map(|name| (name.clone(), name.clone()))
        .collect()
}
