//! Rows that stand in the way of a migration are taken away, and it is run again.

use super::error::ObserveError;
use super::reading::Before;
use super::rehearsal::Rehearsal;
use super::sides::{facts, gauges};
use crate::apply::execute;
use crate::ident::QualifiedName;

impl Rehearsal {
    /// Takes away the rows that PostgreSQL refused; `false` where it did not refuse rows.
    pub(super) async fn make_room(&mut self, error: &sqlx::Error) -> Result<bool, ObserveError> {
        let Some(server) = error.as_database_error() else {
            return Ok(false);
        };
        let server = server.downcast_ref::<sqlx::postgres::PgDatabaseError>();
        let about_rows = server.code().starts_with("22") || server.code().starts_with("23");
        if !about_rows || self.population.rows.is_empty() {
            return Ok(false);
        }
        let tables: Vec<QualifiedName> = match (server.schema(), server.table()) {
            (Some(schema), Some(table)) => vec![QualifiedName::new(schema, table)],
            _ => self.population.rows.keys().cloned().collect(),
        };
        let there = sqlx::query_scalar::<_, String>(
            "SELECT DISTINCT coalesce(pg_partition_root(c.oid), c.oid)::regclass::text \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE c.relkind IN ('r', 'p') AND format('%I.%I', n.nspname, c.relname) = ANY ($1)",
        )
        .bind(tables.iter().map(QualifiedName::full).collect::<Vec<_>>())
        .fetch_all(&mut self.runner)
        .await?;
        if there.is_empty() {
            return Ok(false);
        }
        let truncate = format!(
            "SET session_replication_role = replica; TRUNCATE {} CASCADE; RESET session_replication_role",
            there.join(", ")
        );
        execute(&mut self.runner, &truncate).await?;
        self.emptied.extend(tables);
        // What the removal did is not what the migration did.
        for gauge in self.moved().await? {
            self.before.gauges.insert(gauge.oid, gauge);
        }
        Ok(true)
    }

    /// Reads what was known again, because the transaction that it was read in was rolled back.
    pub(super) async fn look_again(&mut self) -> Result<(), ObserveError> {
        let before = std::mem::take(&mut self.before);
        let oids: Vec<_> = before.gauges.keys().copied().collect();
        let gauges = gauges(&mut self.runner, &oids).await?;
        let relations = before.facts.relations.keys().copied().collect();
        let types = before.facts.types.keys().copied().collect();
        let routines = before.facts.routines.keys().copied().collect();
        self.before = Before {
            gauges: gauges.into_iter().map(|gauge| (gauge.oid, gauge)).collect(),
            facts: facts(&mut self.runner, &relations, &types, &routines).await?,
            newest: before.newest,
            ..Before::default()
        };
        Ok(())
    }
}
