//! What is left when all tables have rows: cycles of foreign keys, and sequences.

use sqlx::PgConnection;

use super::RowsError;
use super::fill::Filling;
use super::insert::run;

impl Filling<'_> {
    /// Sets the foreign keys that had to wait, in one row each, where the server agrees.
    pub(super) async fn close_cycles(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), RowsError> {
        for (oid, index) in std::mem::take(&mut self.later) {
            let table = &self.shape.tables[&oid];
            let reference = &table.references[index];
            let Some(key) = table.primary() else { continue };
            let row = self.rows.get(&oid).and_then(|rows| rows.first());
            let Some(row) = row else { continue };
            let condition = key.columns.iter().map(|number| {
                Some(format!(
                    "{} = {}",
                    table.column(*number)?.name,
                    row.get(number)?
                ))
            });
            let Some(condition) = condition.collect::<Option<Vec<_>>>() else {
                continue;
            };
            let sets = reference
                .columns
                .iter()
                .zip(&reference.referenced)
                .filter_map(|(number, there)| {
                    let name = &table.column(*number)?.name;
                    Some(format!(
                        "{name} = {}",
                        self.referenced(reference.table, *there, 0)
                    ))
                });
            let sets: Vec<String> = sets.collect();
            let (path, condition) = (table.path(), condition.join(" AND "));
            let sql = format!("UPDATE {path} SET {} WHERE {condition}", sets.join(", "));
            // A row that stays without it is a good row too.
            let _ = run(connection, table, sql).await?;
        }
        self.check_unwatched(connection).await
    }

    /// Takes rows away whose foreign keys lead nowhere.
    pub(super) async fn check_unwatched(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), RowsError> {
        for oid in &self.unwatched {
            let table = &self.shape.tables[oid];
            for reference in &table.references {
                let Some(there) = self.shape.tables.get(&reference.table) else {
                    continue;
                };
                let pairs = reference
                    .columns
                    .iter()
                    .zip(&reference.referenced)
                    .filter_map(|(here, number)| {
                        Some((&table.column(*here)?.name, &there.column(*number)?.name))
                    });
                let pairs: Vec<_> = pairs.collect();
                let same = pairs
                    .iter()
                    .map(|(here, number)| format!("there.{number} = here.{here}"));
                let given = pairs
                    .iter()
                    .map(|(here, _)| format!("here.{here} IS NOT NULL"));
                let sql = format!(
                    "SET session_replication_role = replica; \
                     DELETE FROM {} AS here WHERE {} AND NOT EXISTS (SELECT FROM {} AS there WHERE {}); \
                     RESET session_replication_role",
                    table.path(),
                    given.collect::<Vec<_>>().join(" AND "),
                    there.path(),
                    same.collect::<Vec<_>>().join(" AND "),
                );
                let _ = run(connection, table, sql).await?;
            }
        }
        Ok(())
    }

    /// Lets every sequence go on where its table stands.
    pub(super) async fn move_sequences(
        &mut self,
        connection: &mut PgConnection,
    ) -> Result<(), RowsError> {
        let used = self.sequences.iter().filter_map(|(oid, (_, last))| {
            last.map(|last| format!("setval({oid}::regclass, {last})"))
        });
        let used: Vec<String> = used.collect();
        // As many as a list of results may have, and some to spare.
        for some in used.chunks(1_000) {
            let Some(table) = self.shape.tables.values().next() else {
                break;
            };
            let _ = run(connection, table, format!("SELECT {}", some.join(", "))).await?;
        }
        Ok(())
    }
}
