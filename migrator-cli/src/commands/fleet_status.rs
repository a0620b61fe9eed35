//! `status --targets`: where many databases stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use schema_core::apply::{State, Status, status_of_all};
use schema_core::directory::{Directory, Version};
use serde::Serialize;

use crate::apply_failure::failure;
use crate::cli::{StatusArgs, TargetSource};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::fleet::{grouped, listed, without_name};
use crate::printer::counted;
use crate::{database, targets};

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    targets: &'a [Entry],
}

/// Where one target stands.
#[derive(Serialize)]
struct Entry {
    name: String,
    #[serde(flatten)]
    place: Place,
}

/// Where targets stand that are told together.
#[derive(PartialEq, Eq, Serialize)]
struct Place {
    current: Option<Version>,
    next: Option<Version>,
    /// How many files are in which state.
    files: BTreeMap<State, usize>,
    error: Option<String>,
}

/// One line for all targets that stand at the same place.
pub(crate) async fn run(
    context: &Context,
    args: &StatusArgs,
    source: &TargetSource,
    directory: Directory,
) -> Result<Exit, Failure> {
    let targets = targets::list(context, &args.database, source).await?;
    let schema = database::revisions_schema(context, &args.database);
    let concurrency = args.targets.concurrency.get();
    let answers = status_of_all(
        &targets,
        Arc::new(directory),
        schema.as_deref(),
        concurrency,
    )
    .await;
    let mut exit = Exit::Clean;
    let mut entries = Vec::new();
    for (target, answer) in targets.iter().zip(answers) {
        let place = match answer {
            Ok(status) => Place::of(&status),
            Err(error) => {
                let failure = failure(context, &error);
                if exit == Exit::Clean {
                    exit = failure.exit;
                }
                Place::unknown(without_name(&failure.message, target))
            }
        };
        entries.push(Entry {
            name: target.name.clone(),
            place,
        });
    }
    if entries.iter().any(|entry| entry.place.is_broken()) {
        exit = Exit::Integrity;
    }
    if context.printer.is_json() {
        context.printer.json(&Report {
            version: 1,
            targets: &entries,
        });
    } else {
        context.printer.data(shown(&entries));
    }
    Ok(exit)
}

impl Place {
    fn of(status: &Status) -> Self {
        let mut files = BTreeMap::new();
        for version in &status.versions {
            *files.entry(version.state).or_default() += 1;
        }
        Self {
            current: status.current.clone(),
            next: status.next.clone(),
            files,
            error: None,
        }
    }

    fn unknown(error: String) -> Self {
        Self {
            current: None,
            next: None,
            files: BTreeMap::new(),
            error: Some(error),
        }
    }

    fn is_broken(&self) -> bool {
        let broken = [State::Missing, State::Modified, State::OutOfOrder];
        broken.iter().any(|state| self.files.contains_key(state))
    }
}

fn shown(entries: &[Entry]) -> String {
    let mut groups = grouped(entries.iter().map(|entry| (&entry.place, entry)));
    groups.sort_by_key(|group| std::cmp::Reverse(group.entries.len()));
    let lines = groups.iter().map(|group| {
        let count = counted(group.entries.len(), "target");
        let names = listed(group.entries.iter().map(|it| it.name.as_str()));
        let Place {
            current,
            files,
            error,
            ..
        } = group.what;
        if let Some(error) = error {
            return format!("{count}: {error}\n    {names}");
        }
        let current = match current {
            Some(version) => format!("at {version}"),
            None => "with nothing applied".to_owned(),
        };
        let files: Vec<String> = files
            .iter()
            .map(|(state, count)| format!("{count} {}", word(*state)))
            .collect();
        format!("{count} {current}: {}\n    {names}", files.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A state as people read it: what machines get, in words.
fn word(state: State) -> String {
    let name = serde_json::to_value(state).expect("a state has a name");
    name.as_str().unwrap_or_default().replace('_', " ")
}
