//! What a hook says: what is wrong, and the commands that repair it.

use schema_core::lint::history;

use super::Hook;
use super::entry::quoted;
use super::history::Checked;
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;

/// The failure for migrations that are not in order; `what` are the migrations of, such as `this
/// commit`. `stale` are files of the directory that are not staged as they are.
pub(crate) fn refused(
    context: &Context,
    hook: Hook,
    what: &str,
    checked: Checked,
    stale: &[String],
) -> Failure {
    let exit = if checked.chain.is_empty() {
        Exit::Findings
    } else {
        Exit::Integrity
    };
    let remedies = remedies(context, hook, &checked, stale);
    let (head, causes) = match (checked.chain.is_empty(), checked.history.is_empty()) {
        (false, true) => ("do not agree with their atlas.sum".to_owned(), None),
        (_, false) => (
            format!(
                "do not fit {}",
                checked.base.as_deref().unwrap_or("the base branch")
            ),
            (!checked.chain.is_empty())
                .then(|| "they do not agree with their atlas.sum either".to_owned()),
        ),
        (true, true) => ("are in order".to_owned(), None),
    };
    let findings = checked.history.into_iter().chain(checked.chain).collect();
    let mut failure = Failure::findings(exit, format!("the migrations of {what} {head}"), findings)
        .with_remedies(&remedies);
    failure.causes.extend(causes);
    failure
}

/// The commands that repair what was found, one a line.
fn remedies(context: &Context, hook: Hook, checked: &Checked, stale: &[String]) -> Vec<String> {
    let dir = quoted(context.shown(&context.dir).as_str());
    let mut remedies = Vec::new();
    let codes: Vec<&str> = checked.history.iter().map(|it| it.code).collect();
    if !stale.is_empty() {
        remedies.push(format!(
            "`git add {dir}` stages what is not staged as it is on disk: {}",
            stale.join(", ")
        ));
    }
    if codes.iter().any(|code| !history::is_order(code)) {
        remedies.push(
            "`cargo migrate reset` brings back what is on the base branch and keeps what is this branch's own; `cargo migrate undo` takes that back"
                .to_owned(),
        );
    }
    if codes.iter().any(|code| history::is_order(code)) {
        remedies.push(
            "`cargo migrate rebase` gives this branch's files current versions behind those of the base branch"
                .to_owned(),
        );
    }
    if codes.is_empty() && stale.is_empty() {
        remedies.push(
            "`cargo migrate hash` extends atlas.sum over new files and this branch's edited ones; `cargo migrate rebase` also resolves a conflict in it"
                .to_owned(),
        );
    }
    let last = match hook {
        Hook::PreCommit if stale.is_empty() => {
            format!(
                "then stage the result: `git add {dir}`; without the check: `git commit --no-verify`"
            )
        }
        Hook::PreCommit => "without the check: `git commit --no-verify`".to_owned(),
        Hook::PrePush => {
            "then commit, and push again; without the check: `git push --no-verify`".to_owned()
        }
    };
    remedies.push(last);
    remedies
}
