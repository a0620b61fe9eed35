//! `squash`: the migrations of the branch become one.

use std::collections::BTreeMap;

use schema_core::diff::diff;
use schema_core::directory::{Directory, check_name};

use crate::branch::Branch;
use crate::cli::SquashArgs;
use crate::context::Context;
use crate::directory::{failure, load_intact};
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pieces::{Item, Piece, Placing, directory_of, pieces};
use crate::pipeline::{reflect, replayed};
use crate::printer::counted;
use crate::replan::{Replanned, between, name_of};
use crate::rewriting::{Proposal, carry_out, rewritten, texts};
use crate::{dev, environment};

/// Plans each run of generated files anew, and leaves the others where they are.
pub(crate) async fn run(context: &Context, args: &SquashArgs) -> Result<Exit, Failure> {
    if let Some(name) = &args.name {
        check_name(name).map_err(|error| failure(&error))?;
    }
    let head = load_intact(context)?;
    let branch = Branch::find(context, args.rewrite.base.as_deref(), &head)?;
    let own: Vec<_> = branch.own(&head).into_iter().cloned().collect();
    let is_own = |name: &str| own.iter().any(|file| file.file_name == name);
    let base = head.files.iter().filter(|file| !is_own(&file.file_name));
    let base = directory_of(context, &texts(base));
    let mut proposal = Proposal {
        command: "squash",
        rewrite: rewritten(&head, &texts(&head.files), &BTreeMap::new())?,
        notes: Vec::new(),
        nothing: match own.len() {
            0 => "this branch has no migrations of its own",
            1 => "this branch has one migration",
            _ => "there are no neighbours that `generate` wrote",
        },
        next: None,
    };
    let pieces = pieces(&own);
    let is_long = |piece: &Piece| matches!(piece, Piece::Run(files) if files.len() > 1);
    let mut items = Vec::new();
    // Which file takes the place of one that goes.
    let mut heirs: Vec<(String, usize)> = Vec::new();
    if pieces.iter().any(is_long) {
        let hints = reflect(context, &args.build)?.hints;
        let dev = dev::open(context, &args.dev).await?;
        let mut name = args.name.as_ref();
        let mut before = texts(&base.files);
        for piece in &pieces {
            let stays = |items: &mut Vec<Item>| items.extend(piece.files().iter().map(Item::of));
            match piece {
                Piece::Run(run) if run.len() > 1 => {
                    let from = directory_of(context, &before);
                    let name = name_of(name.take(), run);
                    match between(context, &dev, &hints, &from, run, &name).await? {
                        Replanned::Anew(anew) => {
                            if anew.is_empty() {
                                proposal
                                    .notes
                                    .push(format!("{} change nothing together", range(run)));
                            }
                            heirs.extend(run.iter().map(|it| (it.file_name.clone(), items.len())));
                            items.extend(anew);
                        }
                        Replanned::AsItIs(why) => {
                            proposal
                                .notes
                                .push(format!("{} stay as they are: {why}", range(run)));
                            stays(&mut items);
                        }
                    }
                }
                Piece::Run(_) => stays(&mut items),
                Piece::Kept(file, why) => {
                    proposal
                        .notes
                        .push(format!("{} {why}, and stays as it is", file.file_name));
                    stays(&mut items);
                }
            }
            before.extend(texts(piece.files()));
        }
        let placing = Placing {
            head: &head,
            ground: &base,
            newest: branch.newest(),
            now: environment::now(),
        };
        let places = placing.placed(&items)?;
        let heirs = heirs.into_iter().filter_map(|(old, at)| {
            let (name, _): &(String, String) = places.get(at)?;
            Some((old, name.clone()))
        });
        let heirs: BTreeMap<String, String> = heirs.collect();
        let files = placing.files(&items)?;
        let progress = context
            .printer
            .progress("comparing the old state with the new one");
        same_state(context, &dev, &head, &directory_of(context, &files)).await?;
        drop(progress);
        proposal.rewrite = rewritten(&head, &files, &heirs)?;
        if !proposal.rewrite.is_empty() {
            proposal.notes.push(format!(
                "{} become {}; a database that has run them is made anew, or corrected by `cargo migrate set`",
                counted(own.len(), "migration"),
                items.len()
            ));
        }
    }
    carry_out(context, &args.rewrite, Some(&branch), proposal).await
}

/// The first and the last of some files.
fn range(run: &[schema_core::directory::MigrationFile]) -> String {
    let names = [run.first(), run.last()].map(|file| file.map_or("", |it| it.file_name.as_str()));
    format!("{} to {}", names[0], names[1])
}

/// Refuses where two directories do not give the same state.
async fn same_state(
    context: &Context,
    dev: &schema_core::dev_db::DevServer,
    old: &Directory,
    new: &Directory,
) -> Result<(), Failure> {
    let was = replayed(context, dev, old).await?;
    let is = replayed(context, dev, new).await?;
    let changes = diff(&was, &is);
    if changes.is_empty() && was.unmodelled == is.unmodelled {
        return Ok(());
    }
    let mut failure = Failure::new(
        Exit::Migration,
        "squashed, the migrations would not give the state that they give now: nothing was changed",
    );
    failure.causes = changes.list.iter().map(ToString::to_string).collect();
    let other = was.unmodelled.symmetric_difference(&is.unmodelled);
    failure.causes.extend(other.cloned());
    Err(failure.with_help("this is a bug in cargo-migrate: please report it with the migrations"))
}
