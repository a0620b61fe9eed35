//! `rebase`: the migrations of the branch behind those that have landed on the base branch.

use std::collections::{BTreeMap, BTreeSet};

use schema_core::catalog::Catalog;
use schema_core::dev_db::DevServer;
use schema_core::diff::diff;
use schema_core::directory::{Directory, MigrationFile, StructLine};
use schema_core::schema::Hints;
use schema_core::state::{self, StateError};

use crate::branch::Branch;
use crate::cli::RebaseArgs;
use crate::context::Context;
use crate::directory::load_any;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::pieces::{Item, Piece, Placing, directory_of, pieces};
use crate::pipeline::{ReplayProgress, replayed};
use crate::planning::Asked;
use crate::replan::{differing, name_of, to_structs, with_issue};
use crate::rewriting::{Proposal, carry_out, rewritten, rewritten_to, texts};
use crate::{dev, environment, state_failure};

/// Gives the branch's files versions behind the base branch's, and plans anew what does not fit there.
pub(crate) async fn run(context: &Context, args: &RebaseArgs) -> Result<Exit, Failure> {
    let head = load_any(context)?;
    let branch = Branch::find(context, args.rewrite.base.as_deref(), &head)?;
    let unmerged = branch.unmerged(&head);
    if let Some(first) = unmerged.first() {
        let base = &branch.base.name;
        return Err(Failure::new(
            Exit::Integrity,
            format!("{base} has migrations that are not here, {} first", first.file_name),
        )
        .with_help(format!(
            "`git merge {base}`, or `git rebase {base}`; run `cargo migrate rebase` when it stops at a conflict in atlas.sum, or afterwards"
        )));
    }
    let own = branch.own_files(context, &head)?;
    let placing = Placing {
        head: &head,
        ground: branch.ground(&head),
        newest: branch.newest(),
        now: environment::now(),
    };
    let items: Vec<Item> = own.iter().map(Item::of).collect();
    let files = placing.files(&items)?;
    let mut proposal = Proposal {
        command: "rebase",
        rewrite: rewritten(&head, &files, &BTreeMap::new())?,
        notes: Vec::new(),
        nothing: "this branch's migrations are behind those of the base branch",
        next: branch.then(context)?,
    };
    let mut stuck = None;
    if !proposal.rewrite.is_empty() && !own.is_empty() {
        let dev = dev::open(context, &args.dev).await?;
        let moved = Moved {
            ground: placing.ground,
            own: &own,
            files: &files,
        };
        match fit(context, &dev, &moved).await? {
            Fit::Good => {}
            Fit::Stuck(failure) => stuck = Some(failure),
            Fit::Anew(first, why) => {
                drop(dev);
                proposal.notes.push(why);
                let (files, structs) = anew(context, args, &placing, &own, first).await?;
                proposal.rewrite = rewritten_to(context, &head, &files, &structs)?;
            }
        }
    }
    let exit = carry_out(context, &args.rewrite, Some(&branch), proposal).await?;
    match stuck {
        None => Ok(exit),
        Some(failure) => Err(failure.with_help(
            "the file is in its place now: correct it by `cargo migrate edit`, or remove it by `cargo migrate rm`",
        )),
    }
}

/// The branch's files behind the base branch's.
struct Moved<'a> {
    ground: &'a Directory,
    own: &'a [MigrationFile],
    files: &'a [(String, String)],
}

/// Whether files that were moved still fit.
enum Fit {
    /// They give what they are to give.
    Good,
    /// They are to be planned anew from this piece on, and why.
    Anew(usize, String),
    /// A file that a person wrote does not run any more.
    Stuck(Failure),
}

async fn fit(context: &Context, dev: &DevServer, moved: &Moved<'_>) -> Result<Fit, Failure> {
    let pieces = pieces(moved.own);
    let directory = directory_of(context, moved.files);
    let mut progress = ReplayProgress(context.printer.progress("replaying the migrations"));
    let after = match state::current(dev, &directory, &mut progress).await {
        Ok(state) => state.catalog,
        Err(error) => {
            drop(progress);
            let at = failing(&error).and_then(|name| {
                let position = moved.files.iter().position(|(file, _)| file == name)?;
                position.checked_sub(moved.ground.files.len())
            });
            let hints = Hints::default();
            let failure = state_failure::explain(context, error, &hints, dev.engine());
            // What does not run on the base branch itself, is not for this branch to mend.
            let Some(at) = at else { return Err(failure) };
            let piece = piece_of(&pieces, at);
            return Ok(match pieces.get(piece) {
                Some(Piece::Run(_)) => {
                    let name = &moved.own[at].file_name;
                    let why = format!(
                        "{name} does not run behind the base branch's migrations, and is planned anew"
                    );
                    Fit::Anew(piece, why)
                }
                _ => Fit::Stuck(failure),
            });
        }
    };
    drop(progress);
    // What landed meanwhile, and what it has in common with ours.
    let first = moved.own.iter().map(|file| file.file_name.as_str()).min();
    let older = |file: &&MigrationFile| first.is_some_and(|first| file.file_name.as_str() < first);
    let older = texts(moved.ground.files.iter().filter(older));
    if older.len() == moved.ground.files.len() {
        return Ok(Fit::Good);
    }
    let was = replayed(context, dev, &directory_of(context, &older)).await?;
    let base = replayed(context, dev, moved.ground).await?;
    let common = common(&was, &base, &after);
    let run = pieces.iter().position(|it| matches!(it, Piece::Run(_)));
    Ok(match (common.first(), run) {
        (Some(name), Some(run)) => Fit::Anew(
            run,
            format!(
                "{name} was changed on the base branch as well: what `generate` wrote is planned anew"
            ),
        ),
        _ => Fit::Good,
    })
}

/// What both the base branch, from `was` to `base`, and this one, from there to `after`, have changed.
fn common(was: &Catalog, base: &Catalog, after: &Catalog) -> BTreeSet<String> {
    let theirs: BTreeSet<_> = differing(was, base).into_iter().collect();
    let ours = differing(base, after).into_iter();
    let both = ours.filter(|name| theirs.contains(name));
    both.map(|name| name.to_string()).collect()
}

/// The file at which a replay has stopped.
fn failing(error: &StateError) -> Option<&str> {
    match error {
        StateError::Replay(error) => Some(error.file()),
        _ => None,
    }
}

/// The piece that holds the file at a position.
fn piece_of(pieces: &[Piece], at: usize) -> usize {
    let mut end = 0;
    let holds = |piece: &Piece| {
        end += piece.files().len();
        at < end
    };
    pieces.iter().position(holds).unwrap_or(pieces.len())
}

/// All files, with what `generate` wrote on the branch planned anew from a piece on.
async fn anew(
    context: &Context,
    args: &RebaseArgs,
    placing: &Placing<'_>,
    own: &[MigrationFile],
    first: usize,
) -> Result<(Vec<(String, String)>, Vec<StructLine>), Failure> {
    let pieces = pieces(own);
    let (stays, rest) = pieces.split_at(first);
    let later = rest
        .iter()
        .skip(1)
        .position(|it| matches!(it, Piece::Run(_)));
    let between = rest.iter().find_map(|piece| match piece {
        Piece::Kept(file, why) => Some((file, *why)),
        Piece::Run(_) => None,
    });
    if let (Some(_), Some((file, why))) = (later, between) {
        return Err(Failure::new(
            Exit::Integrity,
            "the migrations do not fit behind the base branch's, and cannot be planned anew one by one: nothing was changed",
        )
        .because(format!("{} {why}, and stands between them", file.file_name))
        .with_help("`cargo migrate reset` plans them as one, with such files behind it"));
    }
    let mut items: Vec<Item> = stays.iter().flat_map(Piece::files).map(Item::of).collect();
    let run: Vec<MigrationFile> = rest
        .iter()
        .filter(|piece| matches!(piece, Piece::Run(_)))
        .flat_map(Piece::files)
        .cloned()
        .collect();
    let before = placing.files(&items)?;
    let plan = with_issue(&args.plan, &directory_of(context, &texts(own)));
    let asked = Asked {
        plan: &plan,
        command: "rebase",
    };
    let before = directory_of(context, &before);
    let name = name_of(None, &run);
    let (planned, comparison) =
        to_structs(context, &before, &name, &asked, &args.build, &args.dev).await?;
    items.extend(planned);
    let kept = rest.iter().filter(|piece| matches!(piece, Piece::Kept(..)));
    items.extend(kept.flat_map(Piece::files).map(Item::of));
    // The whole has to run, and to give what the structs say.
    let files = placing.files(&items)?;
    let after = replayed(context, &comparison.dev, &directory_of(context, &files)).await?;
    let changes = diff(&after, &comparison.desired);
    if !changes.is_empty() {
        let list = changes.list.iter().map(ToString::to_string);
        context.printer.note(format_args!(
            "what was written by hand makes more than the structs say: {}",
            list.collect::<Vec<_>>().join("; ")
        ));
    }
    Ok((files, comparison.structs))
}
