//! What was touched, at the base and now.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{PgConnection, Row as _};

use super::error::ObserveError;
use super::facts::{Facts, Oid, Relation, Routine, Type};
use super::reading::Gauge;
use super::rehearsal::Rehearsal;
use super::{Step, class};
use crate::ident::QualifiedName;

/// Both sides of what was touched.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// At the base.
    pub base: Facts,
    /// Now: the same objects, and what has the names of the old relations.
    pub head: Facts,
}

impl Rehearsal {
    /// Whether steps from this one on touched anything that was there before.
    pub fn touches_old(&self, since: usize) -> bool {
        self.steps[since..].iter().any(|step| {
            let effects = &step.effects;
            let facts = &effects.facts;
            let nothing = facts.relations.is_empty()
                && facts.types.is_empty()
                && facts.routines.is_empty()
                && effects.truncated.is_empty()
                && effects.rows.is_empty();
            !nothing || step.changes_privileges() || effects.dropped.iter().any(|it| it.is_old)
        })
    }

    /// Relations that steps from this one on touched and that were there before, and those that
    /// use a type that was touched.
    pub fn touched(&self, since: usize) -> BTreeSet<Oid> {
        let mut touched = BTreeSet::new();
        for effects in self.steps[since..].iter().map(|step| &step.effects) {
            touched.extend(effects.facts.relations.keys().copied());
            let dropped = effects.dropped.iter();
            touched.extend(
                dropped
                    .filter(|it| it.is_old && it.class == class::RELATION)
                    .map(|it| it.object),
            );
            for it in effects.facts.types.values() {
                touched.extend(it.used_by.iter().copied());
            }
            touched.extend(effects.truncated.iter().map(|it| it.oid));
            touched.extend(effects.rows.iter().map(|it| it.table.oid));
        }
        touched.retain(|oid| *oid < self.old_below);
        touched
    }

    /// Both sides of what steps from this one on touched.
    pub async fn sides(&mut self, since: usize) -> Result<Sides, ObserveError> {
        let mut relations = self.touched(since);
        if self.steps[since..].iter().any(Step::changes_privileges) {
            relations.extend(self.with_other_privileges().await?);
        }
        let (mut types, mut routines) = (BTreeSet::new(), BTreeSet::new());
        for effects in self.steps[since..].iter().map(|step| &step.effects) {
            types.extend(effects.facts.types.keys().copied());
            routines.extend(effects.facts.routines.keys().copied());
            for dropped in effects.dropped.iter().filter(|it| it.is_old) {
                match dropped.class {
                    class::TYPE => _ = types.insert(dropped.object),
                    class::ROUTINE => _ = routines.insert(dropped.object),
                    _ => {}
                }
            }
        }
        let base = facts(&mut self.base_reader, &relations, &types, &routines).await?;
        // What bears an old name now, whatever it is.
        let names: Vec<String> = base
            .relations
            .values()
            .map(|it| full_name(&it.qualified()))
            .collect();
        let successors: Vec<i64> = sqlx::query_scalar(
            "SELECT c.oid::int8 FROM unnest($1::text[]) name, to_regclass(name) r \
             JOIN pg_class c ON c.oid = r",
        )
        .bind(&names)
        .fetch_all(&mut self.runner)
        .await?;
        relations.extend(
            successors
                .into_iter()
                .filter_map(|oid| u32::try_from(oid).ok().map(Oid)),
        );
        let head = facts(&mut self.runner, &relations, &types, &routines).await?;
        Ok(Sides { base, head })
    }

    /// Relations whose owner or privileges are not those of the base.
    async fn with_other_privileges(&mut self) -> Result<Vec<Oid>, ObserveError> {
        let privileges = "SELECT c.oid::int8, concat_ws('|', c.relowner, c.relacl::text, \
            (SELECT string_agg(a.attnum || a.attacl::text, ',') FROM pg_attribute a \
             WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)) \
            FROM pg_class c WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')";
        let read = async |connection: &mut PgConnection| {
            let rows = sqlx::query(privileges).fetch_all(connection).await?;
            let pairs = rows.iter().map(|row| (row.get(0), row.get(1)));
            Ok::<BTreeMap<i64, String>, sqlx::Error>(pairs.collect())
        };
        let base = read(&mut self.base_reader).await?;
        let head = read(&mut self.runner).await?;
        Ok(base
            .iter()
            .filter(|(oid, acl)| head.get(*oid).is_some_and(|now| now != *acl))
            .filter_map(|(oid, _)| u32::try_from(*oid).ok().map(Oid))
            .collect())
    }
}

impl Step {
    /// Whether it may have changed privileges of objects that event triggers do not name.
    pub(super) fn changes_privileges(&self) -> bool {
        self.effects.commands.iter().any(|command| {
            matches!(
                command.tag.as_str(),
                "GRANT" | "REVOKE" | "REASSIGN OWNED" | "DROP OWNED"
            )
        })
    }
}

pub(super) async fn facts(
    connection: &mut PgConnection,
    relations: &BTreeSet<Oid>,
    types: &BTreeSet<Oid>,
    routines: &BTreeSet<Oid>,
) -> Result<Facts, ObserveError> {
    let numbers =
        |oids: &BTreeSet<Oid>| -> Vec<i64> { oids.iter().map(|oid| i64::from(oid.0)).collect() };
    let row = sqlx::query(
        "SELECT cargo_migrate.relation_facts($1::int8[]::oid[])::text, \
         cargo_migrate.type_facts($2::int8[]::oid[])::text, \
         cargo_migrate.routine_facts($3::int8[]::oid[])::text",
    )
    .bind(numbers(relations))
    .bind(numbers(types))
    .bind(numbers(routines))
    .fetch_one(connection)
    .await?;
    let relations: Vec<Relation> = serde_json::from_str(row.get(0))?;
    let types: Vec<Type> = serde_json::from_str(row.get(1))?;
    let routines: Vec<Routine> = serde_json::from_str(row.get(2))?;
    Ok(Facts {
        relations: relations.into_iter().map(|it| (it.oid, it)).collect(),
        types: types.into_iter().map(|it| (it.oid, it)).collect(),
        routines: routines.into_iter().map(|it| (it.oid, it)).collect(),
    })
}

/// With its schema, whatever that is.
pub(super) fn full_name(name: &QualifiedName) -> String {
    format!("{}.{}", name.schema, name.name)
}

pub(super) async fn gauges(
    connection: &mut PgConnection,
    relations: &[Oid],
) -> Result<Vec<Gauge>, ObserveError> {
    let relations: Vec<i64> = relations.iter().map(|oid| i64::from(oid.0)).collect();
    let text: String = sqlx::query_scalar("SELECT cargo_migrate.gauges($1::int8[]::oid[])::text")
        .bind(relations)
        .fetch_one(connection)
        .await?;
    Ok(serde_json::from_str(&text)?)
}
