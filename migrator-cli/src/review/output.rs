//! What a review says, in the form that was asked for, and on the pull request.

use camino::Utf8Path;
use schema_core::review::{Judged, Standing};
use schema_core::rule::Rule;
use serde::Serialize;

use super::found::Found;
use super::step::Outcome;
use super::task::Task;
use crate::approval::{self, Approval, PullRequest};
use crate::base::Against;
use crate::cli::{Format, ReviewArgs};
use crate::context::Context;
use crate::environment;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::github::{Commented, GitHub, GitHubError};
use crate::report::{Report, Sources, find_rule, marker};

/// What a report is about, beside what was found.
pub(super) struct Surroundings<'a> {
    pub(super) task: Task<'a>,
    pub(super) against: Option<&'a Against>,
    pub(super) approval: Option<&'a Approval>,
    pub(super) rules: &'a [&'static Rule],
    pub(super) pull_request: Option<&'a PullRequest>,
    pub(super) github: &'a Result<GitHub, GitHubError>,
}

/// The page of a rule.
pub(super) fn explained(
    context: &Context,
    asked: &str,
    rules: &[&'static Rule],
) -> Result<Exit, Failure> {
    #[derive(Serialize)]
    struct Pages<'a> {
        version: u32,
        rules: [Page<'a>; 1],
    }
    #[derive(Serialize)]
    struct Page<'a> {
        code: &'a str,
        name: &'a str,
        title: &'a str,
        why: &'a str,
        instead: &'a str,
    }
    let rule = find_rule(asked, rules)?;
    if context.printer.is_json() {
        let page = Page {
            code: rule.code,
            name: rule.name,
            title: rule.title,
            why: rule.why,
            instead: rule.instead,
        };
        context.printer.json(&Pages {
            version: 1,
            rules: [page],
        });
    } else {
        context.printer.data(rule.page().trim_end());
    }
    Ok(Exit::Clean)
}

/// The pull request that the arguments or the event of the workflow name.
pub(super) fn pull_request(args: &ReviewArgs) -> Result<Option<PullRequest>, Failure> {
    let event = environment::github_event()?;
    let event = event
        .as_ref()
        .map(|(name, path)| (name.as_deref(), Utf8Path::new(path)));
    Ok(approval::pull_request(args.pull_request, event)?)
}

/// Lets pass what a review has let pass. Nobody is asked where nothing needs it.
pub(super) fn approve(
    context: &Context,
    args: &ReviewArgs,
    judged: &mut [Judged],
    pull_request: Option<&PullRequest>,
    github: &Result<GitHub, GitHubError>,
) -> Option<Approval> {
    let mut waiting: Vec<&mut Judged> = judged
        .iter_mut()
        .filter(|judged| judged.standing == Standing::Approvable && judged.fails())
        .collect();
    if waiting.is_empty() {
        return None;
    }
    let approval = approval::find(
        &context.config.approval_label,
        args.approved_by_label.as_deref(),
        pull_request,
        github.as_ref(),
    );
    if let Approval::Given { ground, .. } = &approval {
        for judged in &mut waiting {
            judged.standing = Standing::Approved(ground.clone());
        }
    }
    Some(approval)
}

/// Reports, and says how the command ends.
pub(super) fn report(
    context: &Context,
    found: &Found,
    about: &Surroundings<'_>,
) -> Result<Exit, Failure> {
    let args = about.task.review();
    let places = found.judged.iter().flat_map(|it| &it.finding.places);
    let files = places.map(|place| place.file.as_str());
    let files = files.chain(found.shims.iter().map(|it| it.shim.file.as_str()));
    let root = about.against.and_then(|it| it.root.as_deref());
    let root = root.unwrap_or(&context.root);
    let sources = Sources::read(files, &context.cwd, &context.dir, root);
    let report = Report {
        command: about.task.word(),
        against: about.against,
        judged: &found.judged,
        approval: about.approval,
        shims: &found.shims,
        timings: &found.timings,
        steps: &found.steps,
        consistency: found.consistency.as_ref(),
        rules: about.rules,
        sources: &sources,
    };
    let format = if context.printer.is_json() {
        Format::Json
    } else {
        args.format
    };
    for step in &found.steps {
        if let Outcome::Failed(failure) = &step.outcome {
            context.printer.error(failure);
        }
    }
    context.printer.data(report.render(format));
    if let Some(note) = about.against.and_then(|it| it.note.as_ref()) {
        context.printer.note(note);
    }
    if args.comment {
        comment(context, &report, about)?;
    }
    Ok(exit(found, &report))
}

/// The first that is true of: the directory is not intact, the structs differ, there are findings,
/// a step could not be done.
fn exit(found: &Found, report: &Report<'_>) -> Exit {
    let differs = found.consistency.as_ref().is_some_and(|it| !it.up_to_date);
    if found.is_broken {
        Exit::Integrity
    } else if differs {
        Exit::Regenerate
    } else if found.judged.iter().any(Judged::fails) {
        Exit::Findings
    } else if report.passes() {
        Exit::Clean
    } else {
        let exit = found.steps.iter().find_map(super::StepResult::exit);
        exit.unwrap_or(Exit::Findings)
    }
}

/// Puts the report on the pull request, in place of an older one.
fn comment(
    context: &Context,
    report: &Report<'_>,
    about: &Surroundings<'_>,
) -> Result<(), Failure> {
    let Some(PullRequest { number, .. }) = about.pull_request else {
        return Err(
            Failure::new(Exit::Usage, "there is no pull request to comment on")
                .with_help("name it by --pull-request, or run this for an event `pull_request`"),
        );
    };
    let failed = |error: &GitHubError| {
        Failure::new(
            Exit::Unexpected,
            format!("the report could not be written to pull request #{number}"),
        )
        .because(error.to_string())
        .with_help(error.help())
    };
    let github = about.github.as_ref().map_err(failed)?;
    let text = report.render(Format::Markdown);
    let done = github
        .comment(*number, &marker(report.command), &text)
        .map_err(|error| failed(&error))?;
    let word = match done {
        Commented::Created => "Commented",
        Commented::Updated => "Updated",
        Commented::Unchanged => "Unchanged",
    };
    context
        .printer
        .done(word, format_args!("the report on pull request #{number}"));
    Ok(())
}
