//! `status`: where a database stands.

use schema_core::apply::{self, GrantGap, Outlook, State, Status, status};
use schema_core::directory::Directory;
use serde::Serialize;
use sqlx::postgres::PgConnectOptions;

use super::fleet_status;
use crate::apply_failure::failure;
use crate::cli::StatusArgs;
use crate::context::Context;
use crate::directory::load_intact;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::printer::counted;
use crate::{database, grants};

/// Where what is said about a version begins.
const INDENT: &str = "             ";

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    status: &'a Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    grants: Option<&'a [GrantGap]>,
}

/// Lists the versions that are not simply applied, and sums up.
pub(crate) async fn run(context: &Context, args: &StatusArgs) -> Result<Exit, Failure> {
    let directory = load_intact(context)?;
    if let Some(source) = &args.targets.targets {
        return fleet_status::run(context, args, source, directory).await;
    }
    let target = database::target(context, &args.database)?;
    let schema = database::revisions_schema(context, &args.database);
    let status = status(&target, &directory, schema.as_deref())
        .await
        .map_err(|error| failure(context, &error))?;
    let grants = if args.grants {
        Some(check_grants(context, args, &target, &directory).await?)
    } else {
        None
    };
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            status: &status,
            grants: grants.as_deref(),
        });
    } else {
        context.printer.data(shown(&status));
    }
    let broken = [State::Missing, State::Modified, State::OutOfOrder]
        .into_iter()
        .any(|state| status.count(state) > 0);
    let unusable = grants::tell(context, &grants.unwrap_or_default());
    Ok(if broken { Exit::Integrity } else { unusable })
}

/// What the app's role may use and cannot.
async fn check_grants(
    context: &Context,
    args: &StatusArgs,
    target: &PgConnectOptions,
    directory: &Directory,
) -> Result<Vec<GrantGap>, Failure> {
    let role = grants::app_role(context, args.app_role.as_ref()).ok_or_else(|| {
        Failure::new(Exit::Usage, "no role to check the grants of")
            .with_help("give --app-role, or write `app-role` into the configuration")
    })?;
    apply::grants(target, directory, &role)
        .await
        .map_err(|error| failure(context, &error))
}

fn shown(status: &Status) -> String {
    let version = |version: &Option<_>, none: &str| {
        version
            .as_ref()
            .map_or_else(|| none.to_owned(), ToString::to_string)
    };
    let mut lines = vec![
        format!(
            "current: {}",
            version(&status.current, "nothing is applied")
        ),
        format!("next:    {}", version(&status.next, "nothing is pending")),
    ];
    let words = [
        (State::Applied, "applied"),
        (State::Baseline, "baseline"),
        (State::Resolved, "resolved"),
        (State::Skipped, "skipped"),
        (State::Partial, "partial"),
        (State::Deferred, "deferred"),
        (State::Pending, "pending"),
        (State::Missing, "missing"),
        (State::Modified, "modified"),
        (State::OutOfOrder, "out of order"),
    ];
    let counts: Vec<_> = words
        .iter()
        .map(|(state, word)| (status.count(*state), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if !counts.is_empty() {
        lines.push(format!("files:   {}", counts.join(", ")));
    }
    for version in &status.versions {
        if matches!(version.state, State::Applied | State::Baseline) {
            continue;
        }
        let word = words
            .iter()
            .find(|(state, _)| *state == version.state)
            .map_or("", |(_, word)| word);
        let mut line = format!("{word:>12} {} {}", version.version, version.description);
        if version.state == State::Partial {
            line = format!(
                "{line}, {} of {} statements",
                version.applied, version.total
            );
        }
        if let Some(environment) = &version.skipped_on {
            line = format!("{line}, on {environment}; it never runs on this database");
        }
        if !version.skips_on.is_empty() {
            line = format!("{line}, not for {}", version.skips_on.join(", "));
        }
        lines.push(line);
        let put_off = status.next_apply.defers.iter();
        let mut put_off = put_off
            .filter(|it| it.version == version.version)
            .map(|it| &it.reason);
        let said = [
            ("waits", version.deferred.as_ref()),
            (
                "would wait",
                put_off.next_back().filter(|_| version.deferred.is_none()),
            ),
            ("last attempt", version.error.as_ref()),
        ];
        lines.extend(
            said.into_iter()
                .filter_map(|(word, text)| Some(format!("{INDENT}{word}: {}", text?))),
        );
    }
    lines.extend(outlook(&status.next_apply));
    lines.join("\n")
}

/// What the next deployment would do, where that is not simply everything.
fn outlook(outlook: &Outlook) -> Vec<String> {
    if let Some(refused) = &outlook.refused {
        return vec![format!("next apply: refused, because {refused}")];
    }
    if outlook.defers.is_empty() {
        return Vec::new();
    }
    let (runs, waits) = (outlook.runs.len(), outlook.defers.len());
    vec![format!(
        "next apply: {} of {} would run, the rest a deployment later",
        runs,
        counted(runs + waits, "migration")
    )]
}
