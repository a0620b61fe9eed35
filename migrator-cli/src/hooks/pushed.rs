//! Before a push: the migrations of each commit that is pushed. Only git's objects are read.

use std::io::{self, IsTerminal as _, Read as _};

use super::history;
use super::{Hook, message};
use crate::branch::asked;
use crate::context::Context;
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::git::{Base, GitError, Repository};

/// One line of git: what becomes of a branch or tag there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pushed {
    /// The branch or tag here.
    local: String,
    /// What it points to; `None` where that of the other side is deleted.
    object: Option<String>,
    /// The branch or tag there.
    remote: String,
    /// What that points to now; `None` if it is new.
    there: Option<String>,
}

/// Checks what git says on standard input that it is about to push.
pub(crate) fn run(context: &Context) -> Result<Exit, Failure> {
    let pushed = read()?;
    let repository = Repository::open(&context.root)?;
    let folder = match repository.inside(&context.dir) {
        Err(GitError::Outside { .. }) => return Ok(Exit::Clean),
        folder => folder?,
    };
    let mut refused: Option<Failure> = None;
    for one in &pushed {
        let Some(failure) = check(context, &repository, &folder, one)? else {
            continue;
        };
        refused = Some(match refused {
            None => failure,
            Some(mut first) => {
                first.causes.push(failure.message);
                first.findings.extend(failure.findings);
                first
            }
        });
    }
    match refused {
        Some(failure) => Err(failure),
        None => Ok(Exit::Clean),
    }
}

/// What is pushed: git's lines, what a framework makes of them, or HEAD for somebody at a terminal.
fn read() -> Result<Vec<Pushed>, Failure> {
    if let Some(words) = environment::framework_push()? {
        let words = words.each_ref().map(String::as_str);
        return Ok(vec![pushed(words)]);
    }
    let mut text = String::new();
    let mut input = io::stdin();
    if input.is_terminal() {
        return Ok(vec![pushed(["HEAD", "HEAD", "HEAD", ""])]);
    }
    input
        .read_to_string(&mut text)
        .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let words = <[&str; 4]>::try_from(words).map_err(|_| {
                Failure::new(
                    Exit::Usage,
                    format!("`{line}` is not what git tells a hook before a push"),
                )
                .with_help("it tells LOCAL-REF COMMIT REMOTE-REF COMMIT, a line each")
            })?;
            Ok(pushed(words))
        })
        .collect()
}

fn pushed([local, object, remote, there]: [&str; 4]) -> Pushed {
    // Git says zeros for what does not exist.
    let object_of = |id: &str| {
        let is_there = id.bytes().any(|byte| byte != b'0');
        is_there.then(|| id.to_owned())
    };
    Pushed {
        local: local.to_owned(),
        object: object_of(object),
        remote: remote.to_owned(),
        there: object_of(there),
    }
}

/// One branch or tag; `None` where its migrations are as they were, or in order.
fn check(
    context: &Context,
    repository: &Repository,
    folder: &str,
    pushed: &Pushed,
) -> Result<Option<Failure>, Failure> {
    let Some(object) = &pushed.object else {
        return Ok(None);
    };
    let there = pushed.there.as_deref().unwrap_or_default();
    let commits = repository.resolve(&[object, there])?;
    let [Some(commit), there] = &commits[..] else {
        // A tag of something else than a commit.
        return Ok(None);
    };
    if same(repository, folder, commit, there.as_deref())? {
        return Ok(None);
    }
    let base = base(context, repository, pushed, commit, there.as_deref());
    if let Ok(base) = &base
        && same(repository, folder, commit, Some(&base.fork))?
    {
        return Ok(None);
    }
    let tree = repository.tree(commit, folder)?;
    let checked = history::check(context, repository, &tree, folder, base)?;
    if checked.passes() {
        return Ok(None);
    }
    let short = commit.get(..7).unwrap_or(commit);
    let what = format!("`{}` ({short})", name(&pushed.local));
    Ok(Some(message::refused(
        context,
        Hook::PrePush,
        &what,
        checked,
        &[],
    )))
}

/// Whether two commits have the same migrations.
fn same(
    repository: &Repository,
    folder: &str,
    commit: &str,
    other: Option<&str>,
) -> Result<bool, GitError> {
    let Some(other) = other else {
        return Ok(false);
    };
    let of = |commit: &str| format!("{commit}:{folder}");
    let objects = repository.objects(&[of(commit), of(other)])?;
    Ok(objects[0] == objects[1])
}

/// What the commit is compared with: the base branch, or for a push to that branch itself what is
/// there, which is nothing if it is new there.
fn base(
    context: &Context,
    repository: &Repository,
    pushed: &Pushed,
    commit: &str,
    there: Option<&str>,
) -> Result<Base, GitError> {
    let base = repository.base_of(asked(context, None), &[commit])?;
    let branch = pushed.remote.strip_prefix("refs/heads/");
    let is_base =
        branch.is_some_and(|name| base.name == name || base.name == format!("origin/{name}"));
    match (is_base, there, &pushed.there) {
        (true, Some(tip), _) => {
            let fork = repository.fork(&base.name, tip, &[commit])?;
            Ok(Base {
                is_head: fork == commit,
                fork,
                tip: tip.to_owned(),
                name: base.name,
            })
        }
        (true, None, None) => Err(GitError::NoCommit),
        _ => Ok(base),
    }
}

fn name(reference: &str) -> &str {
    let name = reference.strip_prefix("refs/heads/");
    name.or_else(|| reference.strip_prefix("refs/tags/"))
        .unwrap_or(reference)
}
