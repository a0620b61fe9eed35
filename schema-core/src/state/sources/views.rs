//! Fields of views against the columns that PostgreSQL makes of the query.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};

use super::{ExpectedView, finding};
use crate::diagnostic::Finding;
use crate::state::StateError;

/// A column as PostgreSQL made it.
struct Column {
    name: String,
    data_type: String,
    /// The number of its type.
    oid: i64,
}

/// Types that are read alike: how long a text may be is nothing to who reads it.
const TEXTS: &[i64] = &[25, 1043, 1042];

/// Compares all views.
pub(super) async fn check(
    connection: &mut PgConnection,
    views: &[ExpectedView],
) -> Result<(), StateError> {
    if views.is_empty() {
        return Ok(());
    }
    let made = columns(connection, views).await?;
    let types = types(connection, views).await?;
    let mut findings = Vec::new();
    for (view, made) in views.iter().zip(&made) {
        compare(view, made, &types, &mut findings);
    }
    if findings.is_empty() {
        Ok(())
    } else {
        Err(StateError::Sources(findings))
    }
}

async fn columns(
    connection: &mut PgConnection,
    views: &[ExpectedView],
) -> Result<Vec<Vec<Column>>, StateError> {
    let names: Vec<String> = views.iter().map(|view| view.name.full()).collect();
    let rows = sqlx::query(
        "SELECT view.place::int8, attname::text, format_type(atttypid, atttypmod), atttypid::int8 \
         FROM unnest($1::text[]) WITH ORDINALITY AS view (name, place) \
         JOIN pg_attribute ON attrelid = to_regclass(view.name) AND attnum > 0 AND NOT attisdropped \
         ORDER BY view.place, attnum",
    )
    .bind(names)
    .fetch_all(connection)
    .await
    .map_err(StateError::Connection)?;
    let mut columns: Vec<Vec<Column>> = views.iter().map(|_| Vec::new()).collect();
    for row in rows {
        let failed = StateError::Connection;
        let place: i64 = row.try_get(0).map_err(failed)?;
        let column = Column {
            name: row.try_get(1).map_err(failed)?,
            data_type: row.try_get(2).map_err(failed)?,
            oid: row.try_get(3).map_err(failed)?,
        };
        let place = usize::try_from(place - 1).unwrap_or(0);
        columns[place].push(column);
    }
    Ok(columns)
}

/// The numbers and names of the types that the fields have; none where there is no such type.
async fn types(
    connection: &mut PgConnection,
    views: &[ExpectedView],
) -> Result<BTreeMap<String, Option<(i64, String)>>, StateError> {
    let mut types = BTreeMap::new();
    for column in views.iter().flat_map(|view| &view.columns) {
        types.insert(column.data_type.clone(), None);
    }
    let names: Vec<String> = types.keys().cloned().collect();
    let rows = sqlx::query(
        "SELECT name, to_regtype(name)::oid::int8, format_type(to_regtype(name)::oid, NULL) \
         FROM unnest($1::text[]) AS name WHERE to_regtype(name) IS NOT NULL",
    )
    .bind(names)
    .fetch_all(connection)
    .await
    .map_err(StateError::Connection)?;
    for row in rows {
        let failed = StateError::Connection;
        let oid = row.try_get(1).map_err(failed)?;
        let name = row.try_get(2).map_err(failed)?;
        types.insert(row.try_get(0).map_err(failed)?, Some((oid, name)));
    }
    Ok(types)
}

fn compare(
    view: &ExpectedView,
    made: &[Column],
    types: &BTreeMap<String, Option<(i64, String)>>,
    findings: &mut Vec<Finding>,
) {
    let (name, item) = (&view.name, &view.item);
    for expected in &view.columns {
        let field = &expected.field;
        let place = expected.place.clone();
        let Some(column) = made.iter().find(|column| column.name == expected.name) else {
            let given: Vec<_> = made.iter().map(|column| column.name.as_str()).collect();
            let title = format!(
                "`{item}.{field}` has no column: the query of view `{name}` gives {}",
                given.join(", ")
            );
            let help = format!(
                "select it as `{}`, name the column with `#[column(name = \"…\")]`, or take the field away",
                expected.name
            );
            findings.push(finding("S102", title, place, Some(help)));
            continue;
        };
        let Some(Some((oid, data_type))) = types.get(&expected.data_type) else {
            let title = format!(
                "`{item}.{field}` is {}, and there is no such type",
                expected.data_type
            );
            let help = "declare the type, or its extension with `extension!(…)`".to_owned();
            findings.push(finding("S102", title, place, Some(help)));
            continue;
        };
        let alike = TEXTS.contains(oid) && TEXTS.contains(&column.oid);
        if *oid != column.oid && !alike {
            let title = format!(
                "`{item}.{field}` is {data_type}, but the query of view `{name}` gives {}",
                column.data_type
            );
            let help = format!(
                "cast it in the query: `{}::{data_type}`, or give the field a type that is {}",
                expected.name, column.data_type
            );
            findings.push(finding("S102", title, place, Some(help)));
        }
    }
    for column in made {
        if !view.columns.iter().any(|it| it.name == column.name) {
            let title = format!(
                "the query of view `{name}` gives `{}` ({}), which no field of `{item}` names",
                column.name, column.data_type
            );
            let help = format!(
                "add a field `{}` to `{item}`, or leave the column out of the query",
                column.name
            );
            findings.push(finding("S102", title, view.place.clone(), Some(help)));
        }
    }
}
