//! What the database holds of the live shims.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use super::{StateError, current};
use crate::apply::Silent;
use crate::ddl::{CompatView, ViewColumn};
use crate::dev_db::DevServer;
use crate::directory::{Directory, LiveShim, ShimName};
use crate::ident::{Ident, QualifiedName};
use crate::plan::shim::{Shim, trigger_name};

/// Kind of the cache entries that hold what there is of the shims of a state.
const SHIMS: &str = "shims";

/// The live shims of a directory, each with what the current state holds of it; `None` where it
/// holds nothing that `generate` could have made.
///
/// The ledger knows the old names only. Which table a view shows, and which columns a trigger keeps
/// alike, is read from a database with the current state.
pub async fn shims(
    dev: &DevServer,
    directory: &Directory,
    live: Vec<LiveShim>,
) -> Result<Vec<(LiveShim, Option<Shim>)>, StateError> {
    if live.is_empty() {
        return Ok(Vec::new());
    }
    let key = current::key(directory);
    let known = dev.cache().get::<Vec<Shim>>(SHIMS, &key);
    let found = if let Some(found) = known {
        found
    } else {
        let scratch = current::restore(dev, directory, &mut Silent).await?;
        let mut connection = scratch.connect().await?;
        let mut found = views(&mut connection, &live).await?;
        found.extend(triggers(&mut connection, &live).await?);
        drop(connection);
        scratch.close().await?;
        dev.cache().put(SHIMS, &key, &found)?;
        found
    };
    let with_made = live.into_iter().map(|shim| {
        let made = found.iter().find(|made| made.name() == shim.old);
        (shim, made.cloned())
    });
    Ok(with_made.collect())
}

/// Views on one table that show columns and nothing else.
async fn views(connection: &mut PgConnection, live: &[LiveShim]) -> Result<Vec<Shim>, StateError> {
    let names = live.iter().filter_map(|shim| match &shim.old {
        ShimName::Table(name) => Some((name.schema.as_str(), name.name.as_str())),
        ShimName::Column(..) => None,
    });
    let (schemas, names): (Vec<_>, Vec<_>) = names.unzip();
    let rows = sqlx::query(include_str!("shim_views.sql"))
        .bind(schemas)
        .bind(names)
        .fetch_all(connection)
        .await
        .map_err(StateError::Connection)?;
    let mut views: BTreeMap<QualifiedName, (CompatView, usize)> = BTreeMap::new();
    for row in rows {
        let old = QualifiedName::new(name(&row, 0)?, name(&row, 1)?);
        let table = QualifiedName::new(name(&row, 2)?, name(&row, 3)?);
        let security_invoker = row.try_get(6).map_err(StateError::Connection)?;
        let all: i32 = row.try_get(7).map_err(StateError::Connection)?;
        let column = ViewColumn {
            old: name(&row, 4)?,
            column: name(&row, 5)?,
        };
        let (view, left) = views.entry(old.clone()).or_insert_with(|| {
            let columns = Vec::new();
            let view = CompatView {
                old,
                table: table.clone(),
                columns,
                security_invoker,
            };
            (view, usize::try_from(all).unwrap_or_default())
        });
        if view.table == table {
            view.columns.push(column);
            *left = left.saturating_sub(1);
        }
    }
    // Where columns are left, it shows something else too.
    let whole = views.into_values().filter(|(_, left)| *left == 0);
    Ok(whole.map(|(view, _)| Shim::View(view)).collect())
}

/// Triggers by the names and with the arguments that `generate` gives them.
async fn triggers(
    connection: &mut PgConnection,
    live: &[LiveShim],
) -> Result<Vec<Shim>, StateError> {
    let mut found = Vec::new();
    for shim in live {
        let ShimName::Column(table, column) = &shim.old else {
            continue;
        };
        let arguments: Option<Vec<u8>> = sqlx::query_scalar(include_str!("shim_trigger.sql"))
            .bind(table.schema.as_str())
            .bind(table.name.as_str())
            .bind(trigger_name(table, column).as_str().to_owned())
            .fetch_optional(&mut *connection)
            .await
            .map_err(StateError::Connection)?;
        let arguments = arguments.unwrap_or_default();
        let arguments = arguments.split_inclusive(|byte| *byte == 0);
        let arguments = arguments.map(|it| String::from_utf8_lossy(&it[..it.len() - 1]));
        let arguments: Vec<Ident> = arguments.map(|it| Ident::new(it.into_owned())).collect();
        let (table, column) = (table.clone(), column.clone());
        found.extend(match arguments.as_slice() {
            [old, new] if *old == column => Some(Shim::Sync {
                table,
                old: column,
                new: new.clone(),
            }),
            [only] if *only == column => Some(Shim::Fill { table, column }),
            _ => None,
        });
    }
    Ok(found)
}

fn name(row: &PgRow, column: usize) -> Result<Ident, StateError> {
    let text: String = row.try_get(column).map_err(StateError::Connection)?;
    Ok(Ident::new(text))
}
