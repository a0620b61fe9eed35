//! `stats`: row counts and sizes of production's tables, for the linter.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use camino::Utf8Path;
use schema_core::apply::connect;
use schema_core::ident::QualifiedName;
use schema_core::lint::{Stats, TableStats};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::cli::StatsArgs;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;
use crate::{database, environment};

/// What the transaction is held to, whatever the server's own settings are.
const BEGIN: &str =
    "BEGIN READ ONLY; SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '2s'";

/// Writes the export.
pub(crate) async fn run(context: &Context, args: &StatsArgs) -> Result<Exit, Failure> {
    let tables = read(context, args).await?;
    let never = tables.values().filter(|table| table.rows.is_none()).count();
    let count = counted(tables.len(), "table");
    let stats = Stats::new(environment::now().to_string(), tables);
    match &args.output {
        None => context.printer.json(&stats),
        Some(path) => {
            let text = serde_json::to_string_pretty(&stats).expect("its keys are strings");
            let path = context.cwd.join(path);
            write(&path, &format!("{text}\n"))
                .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
            context.printer.done(
                "Written",
                format_args!("{} of {count}", context.shown(&path)),
            );
        }
    }
    if never > 0 {
        context.printer.note(format_args!(
            "{} never analysed: their rows are unknown until ANALYZE has run",
            if never == 1 {
                "1 table was".to_owned()
            } else {
                format!("{never} tables were")
            }
        ));
    }
    Ok(Exit::Clean)
}

async fn read(
    context: &Context,
    args: &StatsArgs,
) -> Result<BTreeMap<QualifiedName, TableStats>, Failure> {
    let failed = |error: sqlx::Error| Failure::from_error(Exit::Database, &error);
    let options =
        database::target(context, &args.database)?.application_name("cargo-migrate stats");
    let mut connection = connect(&options.disable_statement_logging())
        .await
        .map_err(failed)?;
    sqlx::raw_sql(BEGIN)
        .execute(&mut connection)
        .await
        .map_err(failed)?;
    let rows = sqlx::raw_sql(include_str!("stats.sql"))
        .fetch_all(&mut connection)
        .await
        .map_err(failed)?;
    let mut tables = BTreeMap::new();
    for row in rows {
        let size = |column| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
        let rows: Option<i64> = row.try_get("rows").map_err(failed)?;
        let name = |column| row.try_get::<String, _>(column).map_err(failed);
        tables.insert(
            QualifiedName::new(name("schema")?, name("name")?),
            TableStats {
                rows: rows.map(i64::unsigned_abs),
                bytes: size("bytes").map_err(failed)?,
                index_bytes: size("index_bytes").map_err(failed)?,
            },
        );
    }
    connection.close().await.map_err(failed)?;
    Ok(tables)
}

/// Never half a file.
fn write(path: &Utf8Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Utf8Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
