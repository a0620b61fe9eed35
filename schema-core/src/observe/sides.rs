//! What was touched, at the base and now.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::error::ObserveError;
use super::facts::{Facts, Oid, Relation, Routine, Type};
use super::reading::Gauge;
use super::rehearsal::Rehearsal;
use super::{Command, Step, class};
use crate::ident::QualifiedName;

/// Both sides of what was touched.
#[derive(Clone, Debug, Default)]
pub struct Sides {
    /// At the base.
    pub base: Facts,
    /// Now: the same objects, and what has the names of the old ones.
    pub head: Facts,
    /// What bears which name now, among these.
    pub names: BTreeMap<QualifiedName, Oid>,
    /// Checks of the head of which PostgreSQL proves that what held at the base implies them.
    pub implied: BTreeSet<Oid>,
}

/// Owners and privileges of relations, their columns and their schemas.
const RELATION_PRIVILEGES: &str = "SELECT c.oid::int8, \
    concat_ws('|', c.relowner, c.relacl::text, n.nspacl::text, \
        (SELECT string_agg(a.attnum || a.attacl::text, ',' ORDER BY a.attnum) FROM pg_attribute a \
         WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL)) \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')";

/// Owners and privileges of functions.
const ROUTINE_PRIVILEGES: &str =
    "SELECT oid::int8, concat_ws('|', proowner, proacl::text) FROM pg_proc WHERE oid >= 16384";

/// The tables that indexes are of, and those that partitions and children are of.
const TABLES_ABOVE: &str = "SELECT indrelid::int8 FROM pg_index WHERE indexrelid = ANY ($1::int8[]::oid[]) \
    UNION SELECT i.inhparent::int8 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent \
    WHERE i.inhrelid = ANY ($1::int8[]::oid[]) AND c.relkind IN ('r', 'p')";

const RELATIONS_NAMED: &str = "SELECT c.oid::int8 FROM unnest($1::text[]) name \
    JOIN pg_class c ON c.oid = to_regclass(name)";

const TYPES_NAMED: &str = "SELECT t.oid::int8 FROM unnest($1::text[]) name \
    JOIN pg_type t ON t.oid = to_regtype(name)";

const ROUTINES_NAMED: &str = "SELECT p.oid::int8 FROM pg_proc p \
    JOIN pg_namespace n ON n.oid = p.pronamespace \
    WHERE format('%I.%I', n.nspname, p.proname) = ANY ($1::text[])";

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
            let unchanged = effects.commands.is_empty() && effects.dropped.is_empty();
            let stands_in = !(unchanged || self.displaced.is_empty());
            let extends = |it: &Command| it.class == class::EXTENSION && it.is_old;
            !nothing
                || stands_in
                || effects.commands.iter().any(extends)
                || step.changes_privileges()
                || effects.dropped.iter().any(|it| it.is_old)
        })
    }

    /// Relations that steps from this one on touched and that were there before, and those that
    /// use a type that was touched.
    pub fn touched(&self, since: usize) -> BTreeSet<Oid> {
        let mut touched = self.displaced.clone();
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

    /// Both sides, where the readings of the steps say it all: nothing was dropped, nothing got or
    /// left a name, and nothing but tables was touched.
    fn sides_as_read(&self, since: usize) -> Option<(Facts, Facts)> {
        if !self.displaced.is_empty() {
            return None;
        }
        let (mut base, mut head) = (Facts::default(), Facts::default());
        for step in &self.steps[since..] {
            let effects = &step.effects;
            let only_tables = effects.facts.types.is_empty()
                && effects.facts.routines.is_empty()
                && effects.truncated.is_empty()
                && effects.rows.is_empty()
                && effects.dropped.iter().all(|it| !it.is_old);
            if !only_tables || step.changes_privileges() {
                return None;
            }
            for (oid, now) in &effects.facts.relations {
                let before = self.at_base.get(oid)?;
                let same = before.qualified() == now.qualified();
                let alone = before.parents.is_empty() && before.partitions.is_empty();
                if !(same && alone && before.is_table()) {
                    return None;
                }
                base.relations.insert(*oid, before.clone());
                head.relations.insert(*oid, now.clone());
            }
        }
        Some((base, head))
    }

    /// Both sides of what steps from this one on touched.
    pub async fn sides(&mut self, since: usize) -> Result<Sides, ObserveError> {
        if let Some((base, head)) = self.sides_as_read(since) {
            let implied = self.implied(&base, &head).await?;
            let bearers = head.relations.values();
            return Ok(Sides {
                names: bearers.map(|it| (it.qualified(), it.oid)).collect(),
                base,
                head,
                implied,
            });
        }
        let mut relations = self.touched(since);
        let (mut types, mut routines) = (BTreeSet::new(), BTreeSet::new());
        if self.steps[since..].iter().any(Step::changes_privileges) {
            relations.extend(self.differing(RELATION_PRIVILEGES).await?);
            routines.extend(self.differing(ROUTINE_PRIVILEGES).await?);
        }
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
        // An index stands for its table; what a partition leaves has a name.
        relations.extend(oids(&mut self.base_reader, TABLES_ABOVE, &numbers(&relations)).await?);
        let mut base = facts(&mut self.base_reader, &relations, &types, &routines).await?;
        base.relations
            .retain(|_, it| !matches!(it.kind, 'i' | 'I' | 't'));
        // What bears an old name now, whatever it is.
        let names: Vec<String> = base
            .relations
            .values()
            .map(|it| it.qualified().full())
            .collect();
        relations.extend(oids(&mut self.runner, RELATIONS_NAMED, &names).await?);
        let names: Vec<String> = base
            .types
            .values()
            .map(|it| it.qualified().full())
            .collect();
        types.extend(oids(&mut self.runner, TYPES_NAMED, &names).await?);
        let names: Vec<String> = base
            .routines
            .values()
            .map(|it| it.qualified().full())
            .collect();
        routines.extend(oids(&mut self.runner, ROUTINES_NAMED, &names).await?);
        let head = facts(&mut self.runner, &relations, &types, &routines).await?;
        for (oid, old) in &base.relations {
            let displaced = head
                .relations
                .get(oid)
                .is_some_and(|now| now.qualified() != old.qualified());
            if displaced {
                self.displaced.insert(*oid);
            } else {
                self.displaced.remove(oid);
            }
        }
        let implied = self.implied(&base, &head).await?;
        let bearers = head.relations.values();
        Ok(Sides {
            names: bearers.map(|it| (it.qualified(), it.oid)).collect(),
            base,
            head,
            implied,
        })
    }

    /// New checks that no row of the base can violate, as PostgreSQL's planner proves from the
    /// checks and NOT NULLs of the base: lists of values, ranges.
    async fn implied(&mut self, base: &Facts, head: &Facts) -> Result<BTreeSet<Oid>, ObserveError> {
        let mut implied = BTreeSet::new();
        for (oid, old) in &base.relations {
            let Some(now) = head.relations.get(oid) else {
                continue;
            };
            let added = now.constraints.iter().filter(|it| {
                it.kind == 'c' && old.constraints.iter().all(|before| before.oid != it.oid)
            });
            for check in added {
                let Some(condition) = check.condition() else {
                    continue;
                };
                let question = format!(
                    "SET constraint_exclusion = on; EXPLAIN SELECT FROM {} WHERE NOT {condition}",
                    old.qualified().full()
                );
                // One that does not fit the base at all is not implied.
                let plan = sqlx::raw_sql(AssertSqlSafe(question))
                    .fetch_all(&mut self.base_reader)
                    .await
                    .unwrap_or_default();
                let never = plan
                    .iter()
                    .any(|row| row.get::<String, _>(0).contains("One-Time Filter: false"));
                if never {
                    implied.insert(check.oid);
                }
            }
        }
        Ok(implied)
    }

    /// Objects of which a query tells something else now than at the base.
    async fn differing(&mut self, query: &'static str) -> Result<Vec<Oid>, ObserveError> {
        let read = async |connection: &mut PgConnection| {
            let rows = sqlx::query(query).fetch_all(connection).await?;
            let pairs = rows.iter().map(|row| (row.get(0), row.get(1)));
            Ok::<BTreeMap<i64, String>, sqlx::Error>(pairs.collect())
        };
        let base = read(&mut self.base_reader).await?;
        let head = read(&mut self.runner).await?;
        Ok(base
            .iter()
            .filter(|(oid, old)| head.get(*oid).is_some_and(|now| now != *old))
            .filter_map(|(oid, _)| u32::try_from(*oid).ok().map(Oid))
            .collect())
    }
}

impl Step {
    /// Whether it may have changed privileges of objects that event triggers do not name.
    pub fn changes_privileges(&self) -> bool {
        self.effects.commands.iter().any(|command| {
            matches!(
                command.tag.as_str(),
                "GRANT" | "REVOKE" | "REASSIGN OWNED" | "DROP OWNED"
            )
        })
    }
}

fn numbers(oids: &BTreeSet<Oid>) -> Vec<i64> {
    oids.iter().map(|oid| i64::from(oid.0)).collect()
}

/// What a query of numbers gives for a list.
async fn oids<'q, T>(
    connection: &mut PgConnection,
    query: &'static str,
    list: &'q [T],
) -> Result<Vec<Oid>, ObserveError>
where
    &'q [T]: sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<i64> = sqlx::query_scalar(query)
        .bind(list)
        .fetch_all(connection)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|oid| u32::try_from(oid).ok().map(Oid))
        .collect())
}

pub(super) async fn facts(
    connection: &mut PgConnection,
    relations: &BTreeSet<Oid>,
    types: &BTreeSet<Oid>,
    routines: &BTreeSet<Oid>,
) -> Result<Facts, ObserveError> {
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
