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
    let intact = "are not intact".to_owned();
    let (wrong, cause) = match &checked.base {
        _ if checked.history.is_empty() => (intact, None),
        Ok(base) if checked.chain.is_empty() => (format!("do not fit {base}"), None),
        base => {
            let base = base.as_deref().unwrap_or("the base branch");
            (intact, Some(format!("they do not fit {base} either")))
        }
    };
    let findings = checked.history.into_iter().chain(checked.chain).collect();
    let message = format!("the migrations of {what} {wrong}");
    let mut failure = Failure::findings(exit, message, findings).with_remedies(&remedies);
    failure.causes.extend(cause);
    failure
}

/// What is to do beside what each finding says, one a line.
fn remedies(context: &Context, hook: Hook, checked: &Checked, stale: &[String]) -> Vec<String> {
    let dir = quoted(context.shown(&context.dir).as_str());
    let mut remedies = Vec::new();
    if !stale.is_empty() {
        remedies.push(format!(
            "`git add {dir}` stages what is not staged as it is on disk: {}",
            stale.join(", ")
        ));
    }
    if checked.history.iter().any(|it| !history::is_order(it.code)) {
        remedies.push(
            "where more is wrong: `cargo migrate reset` makes the migrations as they are on the base branch, with this branch's own behind them; `cargo migrate undo` takes that back"
                .to_owned(),
        );
    }
    remedies.push(match hook {
        Hook::PreCommit if stale.is_empty() => format!(
            "then stage the result: `git add {dir}`; without the check: `git commit --no-verify`"
        ),
        Hook::PreCommit => "without the check: `git commit --no-verify`".to_owned(),
        Hook::PrePush => {
            "then commit, and push again; without the check: `git push --no-verify`".to_owned()
        }
    });
    remedies
}
