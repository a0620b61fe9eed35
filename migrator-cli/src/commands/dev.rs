//! `dev`: what the dev database is and keeps; install binaries, clear the cache.

use std::path::PathBuf;

use schema_core::dev_db::{Cache, DevServer, InstallFrom, Inventory, ItemKind, install};
use serde::Serialize;

use crate::cli::{DevArgs, DevCommand};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::{dev, environment};

#[derive(Serialize)]
struct Report {
    version: u32,
    engine: String,
    major: u32,
    cache: PathBuf,
    items: Vec<ItemReport>,
    servers: Vec<ServerReport>,
}

#[derive(Serialize)]
struct ItemReport {
    kind: &'static str,
    path: PathBuf,
    bytes: u64,
}

#[derive(Serialize)]
struct ServerReport {
    path: PathBuf,
    bytes: u64,
    in_use: bool,
}

/// Shows, fills or clears it.
pub(crate) async fn run(context: &Context, args: DevArgs) -> Result<Exit, Failure> {
    match &args.command {
        None => show(context, &args).await,
        Some(DevCommand::Install { major, archive }) => {
            let from = match archive {
                Some(archive) => InstallFrom::Archive(context.cwd.join(archive).into()),
                None => InstallFrom::Npm("npm".into()),
            };
            fill(context, *major, &from)
        }
        Some(DevCommand::Clear { all }) => clear(context, &args, *all).await,
    }
}

async fn show(context: &Context, args: &DevArgs) -> Result<Exit, Failure> {
    let options = dev::options(context, &args.dev)?;
    let server = dev::open(context, &args.dev).await?;
    let inventory = Cache::new(&options.cache_dir).inventory(&options.run_dirs);
    if context.printer.is_json() {
        context.printer.json(&report(&server, inventory));
        return Ok(Exit::Clean);
    }
    context
        .printer
        .data(format_args!("engine: {}", server.engine()));
    context
        .printer
        .data(format_args!("cache:  {}", inventory.dir.display()));
    for kind in ItemKind::ALL {
        let items: Vec<_> = inventory
            .items
            .iter()
            .filter(|item| item.kind == kind)
            .collect();
        let bytes: u64 = items.iter().map(|item| item.bytes).sum();
        context.printer.data(format_args!(
            "  {:>4} {:<32} {:>9}",
            items.len(),
            word(kind),
            size(bytes)
        ));
    }
    for run in &inventory.run_dirs {
        let state = if run.in_use {
            "in use"
        } else {
            "left behind, goes with the next start"
        };
        context.printer.data(format_args!(
            "server: {} {} ({state})",
            run.path.display(),
            size(run.bytes)
        ));
    }
    Ok(Exit::Clean)
}

fn report(server: &DevServer, inventory: Inventory) -> Report {
    let items = inventory.items.into_iter();
    let servers = inventory.run_dirs.into_iter();
    Report {
        version: 1,
        engine: server.engine().to_string(),
        major: server.engine().major,
        cache: inventory.dir,
        items: items
            .map(|item| ItemReport {
                kind: word(item.kind),
                path: item.path,
                bytes: item.bytes,
            })
            .collect(),
        servers: servers
            .map(|run| ServerReport {
                path: run.path,
                bytes: run.bytes,
                in_use: run.in_use,
            })
            .collect(),
    }
}

fn fill(context: &Context, major: u32, from: &InstallFrom) -> Result<Exit, Failure> {
    let cache = Cache::new(environment::cache_dir()?);
    let line = context.printer.progress("");
    let installed =
        install(&cache, major, from, &mut |step| line.say(step.to_string())).map_err(|error| {
            Failure::from_error(Exit::Database, &error).with_remedies(&error.remedies())
        })?;
    drop(line);
    let word = if installed.already {
        "Unchanged"
    } else {
        "Installed"
    };
    context.printer.done(word, &installed.engine);
    if !installed.known {
        context.printer.note(format_args!(
            "this archive is none that we know; its checksum is {}",
            installed.sha512
        ));
    }
    Ok(Exit::Clean)
}

async fn clear(context: &Context, args: &DevArgs, all: bool) -> Result<Exit, Failure> {
    let options = dev::options(context, &args.dev)?;
    if args.dev.dev_url.is_some() {
        let server = dev::open(context, &args.dev).await?;
        server
            .forget_states()
            .await
            .map_err(|error| dev::failure(&error))?;
        context
            .printer
            .done("Cleared", format_args!("states on {}", server.engine()));
    }
    let kinds: Vec<_> = ItemKind::ALL
        .into_iter()
        .filter(|kind| all || *kind != ItemKind::Binaries)
        .collect();
    let freed = Cache::new(&options.cache_dir)
        .clear(&kinds)
        .map_err(|error| Failure::from_error(Exit::Unexpected, &error))?;
    context.printer.done(
        "Cleared",
        format_args!("{} in {}", size(freed), options.cache_dir.display()),
    );
    Ok(Exit::Clean)
}

fn word(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Binaries => "downloaded server binaries",
        ItemKind::Template => "empty data directories",
        ItemKind::State => "states with migrations replayed",
        ItemKind::Entry => "catalogs",
    }
}

#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1_000_000.0)
}
