//! `gate`, `lint` and `check --all`: what is new, what is found, who approved it, and the report.

mod chain;
mod found;
mod output;
mod rehearsal;
mod step;
mod task;

use std::time::Instant;

use schema_core::directory::{Directory, LiveShim};
use schema_core::review::rules;
use schema_core::rule::Rule;

use self::chain::ordering;
use self::found::Found;
use self::output::{Surroundings, approve, explained, pull_request};
use self::rehearsal::{SharedDev, options, rehearse};
use crate::base::{Against, against};
use crate::cli::CheckArgs;
use crate::consistency::consistency;
use crate::context::Context;
use crate::directory::load_any;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::github::GitHub;
use crate::pipeline::since;
use crate::{structs, touched, tracker};

pub(crate) use self::chain::integrity;
pub(crate) use self::step::{Outcome, Step, StepResult};
pub(crate) use self::task::Task;

/// Why steps that replay are not tried.
const BROKEN: &str = "the chain is broken";

/// Finds, judges, reports.
pub(crate) async fn run(context: &Context, task: Task<'_>) -> Result<Exit, Failure> {
    let rules: Vec<&'static Rule> = rules().collect();
    let args = task.review();
    if let Some(asked) = &args.explain {
        return explained(context, asked, &rules);
    }
    let options = options(context, task)?;
    let pull_request = pull_request(args)?;
    let github = GitHub::new(context)?;
    let dev = SharedDev::new(context, task)?;

    let mut found = Found::default();
    let start = Instant::now();
    let mut head = load_any(context)?;
    let (shims, problems) = integrity(context, &head);
    found.is_broken = !problems.is_empty();
    found.open(problems);
    let validated = StepResult::since(start, Step::Validate, Outcome::Done);
    found.steps.push(validated);

    let against = base(context, task, &head, &mut found)?;
    if let Task::All(args) = task {
        check(context, args, &dev, (&head, against.as_ref()), &mut found).await?;
    }
    if let Some(against) = &against {
        let reviewed = Reviewed { against, shims };
        review(
            context, task, &dev, &mut head, reviewed, options, &mut found,
        )
        .await?;
    }

    let judged = &mut found.judged;
    let approval = approve(context, args, judged, pull_request.as_ref(), &github);
    found.steps.sort_by_key(|result| result.step);
    if !matches!(task, Task::All(_)) {
        found.steps.clear();
    }
    output::report(
        context,
        &found,
        &Surroundings {
            task,
            against: against.as_ref(),
            approval: approval.as_ref(),
            rules: &rules,
            pull_request: pull_request.as_ref(),
            github: &github,
        },
    )
}

/// What is new, and whether it fits the base branch. Without an answer from git there is nothing
/// to lint and to gate either.
fn base(
    context: &Context,
    task: Task<'_>,
    head: &Directory,
    found: &mut Found,
) -> Result<Option<Against>, Failure> {
    let start = Instant::now();
    let tag = task.gate().and_then(|args| args.previous_tag.as_deref());
    let against = match against(context, &task.review().base, tag, head) {
        Ok(against) => against,
        Err(failure) => {
            found.failed(task, Step::Ordering, since(start), failure)?;
            for step in [Step::Lint, Step::Gate] {
                let outcome = Outcome::Skipped("what is new is not known");
                found.steps.push(StepResult {
                    step,
                    outcome,
                    ms: 0.0,
                });
            }
            return Ok(None);
        }
    };
    found.timings.insert("base_ms", since(start));
    found.open(ordering(context, head, &against, task.minds_order()));
    let outcome = match against.tip {
        Some(_) => Outcome::Done,
        None => Outcome::NotNeeded("--latest looks at no base branch"),
    };
    let step = StepResult::since(start, Step::Ordering, outcome);
    found.steps.push(step);
    Ok(Some(against))
}

/// Structs against migrations.
async fn check(
    context: &Context,
    args: &CheckArgs,
    dev: &SharedDev,
    (head, against): (&Directory, Option<&Against>),
    found: &mut Found,
) -> Result<(), Failure> {
    let start = Instant::now();
    if found.is_broken {
        let outcome = Outcome::Skipped(BROKEN);
        found
            .steps
            .push(StepResult::since(start, Step::Check, outcome));
        return Ok(());
    }
    let open = async {
        match against.filter(|against| !against.new.is_empty()) {
            Some(against) => dev.open_with_state(context, &against.fork).await,
            None => dev.open().await,
        }
    };
    match Box::pin(consistency(context, head, &args.build, open)).await {
        Ok(consistency) => {
            let shown = context.shown(&context.dir);
            let findings = consistency.structs.iter();
            found.open(findings.map(|diff| structs::finding(diff, head, &shown)));
            found.consistency = Some(consistency);
            found
                .steps
                .push(StepResult::since(start, Step::Check, Outcome::Done));
            Ok(())
        }
        Err(failure) => found.failed(Task::All(args), Step::Check, since(start), failure),
    }
}

/// What `lint` and `gate` look at, beside the directory.
struct Reviewed<'a> {
    against: &'a Against,
    shims: Vec<LiveShim>,
}

/// The new files rehearsed, for `lint` and `gate` at once, and the issues of shims.
async fn review(
    context: &Context,
    task: Task<'_>,
    dev: &SharedDev,
    head: &mut Directory,
    reviewed: Reviewed<'_>,
    options: schema_core::review::ReviewOptions,
    found: &mut Found,
) -> Result<(), Failure> {
    let Reviewed { against, shims } = reviewed;
    let start = Instant::now();
    if let Some(args) = task.gate() {
        let tracker = tracker::open(context, args.issues.as_ref())?;
        let (shims, findings) = tracker::check(shims, tracker.as_ref());
        found.shims = shims;
        found.open(findings);
    }
    let tracked_ms = since(start);
    let start = Instant::now();
    let outcome = if found.is_broken {
        Outcome::Skipped(BROKEN)
    } else {
        match rehearse(context, task, dev, head, against, options).await {
            Ok(review) => {
                match task.gate() {
                    Some(args) if args.check_record => {
                        found.open(touched::missing(context, head, &review.touched));
                    }
                    Some(_) => touched::record(context, head, &review.touched)?,
                    None => {}
                }
                found.review(context, review);
                if against.new.is_empty() {
                    Outcome::NotNeeded("nothing is new")
                } else {
                    Outcome::Done
                }
            }
            Err(mut failure) if matches!(task, Task::All(_)) => {
                found.open(std::mem::take(&mut failure.findings));
                Outcome::Failed(failure)
            }
            // The same for a base that does not replay.
            Err(failure) if failure.exit == Exit::Migration && !found.judged.is_empty() => {
                context.printer.note(&failure);
                Outcome::Done
            }
            Err(failure) => return Err(failure),
        }
    };
    // One rehearsal for both: what the previous release is asked is the gate's, all else the linter's.
    let gate_ms = found.timings.get("gate_ms").copied().unwrap_or(0.0);
    let lint = StepResult {
        step: Step::Lint,
        outcome: outcome.clone(),
        ms: since(start) - gate_ms,
    };
    let gate = StepResult {
        step: Step::Gate,
        outcome: match outcome {
            // It is told once.
            Outcome::Failed(_) => Outcome::Skipped("the new migrations could not be rehearsed"),
            outcome => outcome,
        },
        ms: tracked_ms + gate_ms,
    };
    found.steps.extend([lint, gate]);
    Ok(())
}
