//! What `gate` and `lint` share: what is new, what is found, who approved it, and the report.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use camino::Utf8Path;
use schema_core::diagnostic::Finding;
use schema_core::directory::{Directory, LiveShim, MigrationFile};
use schema_core::ident::Ident;
use schema_core::lint::history::{self, History};
use schema_core::lint::{DOES_NOT_RUN, Stats};
use schema_core::review::{Judged, Review, ReviewOptions, Standing, review, rules};
use schema_core::rule::{Rule, Topic};
use serde::Serialize;

use crate::approval::{self, Approval, PullRequest};
use crate::base::{Against, against};
use crate::cli::{Format, GateArgs, ReviewArgs};
use crate::context::Context;
use crate::contract::contract;
use crate::directory::load_any;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::github::{Commented, GitHub, GitHubError};
use crate::pipeline::{ReplayProgress, since};
use crate::report::{Report, Sources, find_rule, marker};
use crate::tracker::{self, ShimState};
use crate::{dev, environment, state_failure, touched};

/// Which of the two is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task<'a> {
    /// The contract of the previous release.
    Gate(&'a GateArgs),
    /// The migrations by themselves.
    Lint,
}

impl Task<'_> {
    fn word(self) -> &'static str {
        match self {
            Self::Gate(_) => "gate",
            Self::Lint => "lint",
        }
    }
}

/// What was found so far.
#[derive(Debug, Default)]
struct Found {
    judged: Vec<Judged>,
    shims: Vec<ShimState>,
    timings: BTreeMap<&'static str, f64>,
    /// The migration directory is not what its sum says: nothing can be replayed.
    is_broken: bool,
}

/// Finds, judges, reports.
pub(crate) async fn run(
    context: &Context,
    args: &ReviewArgs,
    task: Task<'_>,
) -> Result<Exit, Failure> {
    let rules: Vec<&'static Rule> = rules().collect();
    if let Some(asked) = &args.explain {
        return explained(context, asked, &rules);
    }
    let stats = args.stats.as_deref().map(|path| read_stats(context, path));
    let stats = stats.transpose()?;
    let pull_request = pull_request(args)?;

    let start = Instant::now();
    let mut head = load_any(context)?;
    let tag = match task {
        Task::Gate(args) => args.previous_tag.as_deref(),
        Task::Lint => None,
    };
    let against = against(context, &args.base, tag, &head)?;
    let mut found = Found::default();
    found.timings.insert("base_ms", since(start));
    let (shims, problems) = integrity(context, &head);
    found.open(problems);
    found.is_broken = !found.judged.is_empty();
    found.open(changed_history(context, &head, &against, task));
    if let Task::Gate(args) = task {
        let tracker = tracker::open(context, args.issues.as_ref())?;
        let (shims, findings) = tracker::check(shims, tracker.as_ref());
        found.shims = shims;
        found.open(findings);
    }
    if !found.is_broken {
        let options = options(context, args, task, stats, &rules)?;
        match observed(context, args, task, &head, &against, options).await {
            Ok(review) => {
                match task {
                    Task::Gate(args) if args.check_record => {
                        found.open(touched::missing(context, &head, &review.touched));
                    }
                    Task::Gate(_) => touched::record(context, &mut head, &review.touched)?,
                    Task::Lint => {}
                }
                found.add(context, review);
            }
            // The same for a base that does not replay.
            Err(failure) if failure.exit == Exit::Migration && !found.judged.is_empty() => {
                context.printer.note(&failure);
            }
            Err(failure) => return Err(failure),
        }
    }

    let github = GitHub::new(context)?;
    let approval = approve(
        context,
        args,
        &mut found.judged,
        pull_request.as_ref(),
        &github,
    );
    report(
        context,
        args,
        &found,
        &Surroundings {
            task,
            against: &against,
            approval: approval.as_ref(),
            rules: &rules,
            pull_request: pull_request.as_ref(),
            github: &github,
        },
    )
}

impl Found {
    fn add(&mut self, context: &Context, review: Review) {
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        let times = [
            ("replay_ms", review.base_time),
            ("review_ms", review.review_time),
        ];
        let times = times.map(|(name, time)| (name, milliseconds(time)));
        self.timings.extend(times);
        for (table, reason) in &review.without_rows {
            let note = format_args!("no rows could be made for {table}: {reason}");
            context.printer.note(note);
        }
        // Where the history was changed, that is why a file does not run.
        let changed = self
            .judged
            .iter()
            .any(|it| it.fails() && history::is_change(it.finding.code));
        let told = |it: &Judged| !(changed && it.finding.code == DOES_NOT_RUN.code);
        self.judged.extend(review.findings.into_iter().filter(told));
    }

    fn open(&mut self, findings: impl IntoIterator<Item = Finding>) {
        let judged = findings.into_iter().map(|finding| Judged {
            finding,
            standing: Standing::Open,
            file: None,
            statement: None,
        });
        self.judged.extend(judged);
    }
}

/// What the engine finds: the new files run on a dev database that stands where the base does.
async fn observed(
    context: &Context,
    args: &ReviewArgs,
    task: Task<'_>,
    head: &Directory,
    against: &Against,
    mut options: ReviewOptions,
) -> Result<Review, Failure> {
    let is_new = |file: &&MigrationFile| against.new.contains(&file.file_name);
    let new: Vec<MigrationFile> = head.files.iter().filter(is_new).cloned().collect();
    if new.is_empty() {
        return Ok(Review::default());
    }
    let mut dev = dev::options(context, &args.dev)?;
    dev.roles.extend(options.app_role.clone());
    let server = dev::open_with(&dev).await?;
    if let Task::Gate(args) = task {
        let tagged = against.release.directory.as_ref();
        options.contract = contract(context, args, tagged, &server).await?;
        let queries = against.release.queries.iter();
        let queries = queries.map(|it| (it.path.as_str().into(), it.text.clone()));
        options.queries = queries.collect();
    }
    let line = context.printer.progress("rehearsing the new migrations");
    review(
        &server,
        &against.fork,
        &new,
        &options,
        &mut ReplayProgress(line),
    )
    .await
    .map_err(|error| state_failure::review(context, error, server.engine()))
}

/// What the flags and the configuration say about how to look; the contract is not among it yet.
fn options(
    context: &Context,
    args: &ReviewArgs,
    task: Task<'_>,
    stats: Option<Stats>,
    rules: &[&'static Rule],
) -> Result<ReviewOptions, Failure> {
    let app_role = match task {
        Task::Gate(args) => args.app_role.as_ref().or(context.config.app_role.as_ref()),
        Task::Lint => None,
    };
    Ok(ReviewOptions {
        topics: topics(task),
        disabled: disabled(context, rules)?,
        naming: context.config.lint.naming()?,
        rows: !args.no_rows,
        app_role: app_role.map(|role| Ident::new(role.as_str())),
        stats,
        ..ReviewOptions::default()
    })
}

/// What each of the two looks for.
fn topics(task: Task<'_>) -> BTreeSet<Topic> {
    match task {
        Task::Gate(_) => [Topic::PreviousRelease, Topic::Gate].into(),
        Task::Lint => [
            Topic::DataLoss,
            Topic::Blocking,
            Topic::Running,
            Topic::History,
            Topic::Convention,
        ]
        .into(),
    }
}

/// The codes of the rules that the configuration switches off; a misspelt one is an error.
fn disabled(context: &Context, rules: &[&'static Rule]) -> Result<BTreeSet<String>, Failure> {
    let mut codes = BTreeSet::new();
    for name in &context.config.lint.disabled {
        let found = find_rule(name, rules).map_err(|failure| Failure {
            exit: Exit::Project,
            message: format!("{}, which `lint.disabled` names", failure.message),
            ..failure
        })?;
        if matches!(found.topic, Topic::PreviousRelease | Topic::Gate) {
            let message = format!(
                "`{name}`, which `lint.disabled` names, is a rule of the gate, and those always hold"
            );
            return Err(Failure::new(Exit::Project, message).with_help(
                "a break passes with a shim, or with the approval label on the pull request",
            ));
        }
        codes.insert(found.code.to_owned());
    }
    Ok(codes)
}

/// What is wrong with the chain and the directives, and the shims that live after all files.
fn integrity(context: &Context, head: &Directory) -> (Vec<LiveShim>, Vec<Finding>) {
    let shown = context.shown(&context.dir);
    let problems = head.verify();
    let mut findings: Vec<Finding> = problems.iter().map(|it| it.finding(&shown)).collect();
    let shims = head.live_shims().unwrap_or_else(|errors| {
        findings.extend(errors.iter().map(|it| it.finding(&shown)));
        Vec::new()
    });
    (shims, findings)
}

/// What does not fit the base branch. To the gate only what makes the files that run others than
/// those that it looks at: their order is the linter's.
fn changed_history(
    context: &Context,
    head: &Directory,
    against: &Against,
    task: Task<'_>,
) -> Vec<Finding> {
    let Some(tip) = &against.tip else {
        return Vec::new();
    };
    let mut findings = history::check(&History {
        base_name: &against.name,
        fork: &against.fork,
        tip,
        head,
        same_to_git: &against.same_to_git,
        shown: &context.shown(&context.dir),
    });
    if matches!(task, Task::Gate(_)) {
        findings.retain(|finding| !history::is_order(finding.code));
    }
    findings
}

fn explained(context: &Context, asked: &str, rules: &[&'static Rule]) -> Result<Exit, Failure> {
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

fn read_stats(context: &Context, path: &Utf8Path) -> Result<Stats, Failure> {
    let cannot = |error: &dyn std::error::Error| {
        let mut failure = Failure::from_error(Exit::Usage, error);
        failure.causes.insert(0, failure.message);
        failure.message = format!("the sizes in {path} cannot be used");
        failure.with_help("export them again: cargo migrate stats --url URL --output FILE")
    };
    let text = fs_err::read_to_string(context.cwd.join(path)).map_err(|error| cannot(&error))?;
    Stats::parse(&text).map_err(|error| cannot(&error))
}

fn pull_request(args: &ReviewArgs) -> Result<Option<PullRequest>, Failure> {
    let event = environment::github_event()?;
    let event = event
        .as_ref()
        .map(|(name, path)| (name.as_deref(), Utf8Path::new(path)));
    Ok(approval::pull_request(args.pull_request, event)?)
}

/// Lets pass what a review has let pass. Nobody is asked where nothing needs it.
fn approve(
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

/// What a report is about, beside what was found.
struct Surroundings<'a> {
    task: Task<'a>,
    against: &'a Against,
    approval: Option<&'a Approval>,
    rules: &'a [&'static Rule],
    pull_request: Option<&'a PullRequest>,
    github: &'a Result<GitHub, GitHubError>,
}

fn report(
    context: &Context,
    args: &ReviewArgs,
    found: &Found,
    about: &Surroundings<'_>,
) -> Result<Exit, Failure> {
    let places = found.judged.iter().flat_map(|it| &it.finding.places);
    let files = places.map(|place| place.file.as_str());
    let files = files.chain(found.shims.iter().map(|it| it.shim.file.as_str()));
    let root = about.against.root.as_deref().unwrap_or(&context.root);
    let sources = Sources::read(files, &context.cwd, &context.dir, root);
    let report = Report {
        command: about.task.word(),
        base: &about.against.name,
        new: &about.against.new,
        release: &about.against.release,
        judged: &found.judged,
        approval: about.approval,
        shims: &found.shims,
        timings: &found.timings,
        rules: about.rules,
        sources: &sources,
    };
    let format = if context.printer.is_json() {
        Format::Json
    } else {
        args.format
    };
    context.printer.data(report.render(format));
    if let Some(note) = &about.against.note {
        context.printer.note(note);
    }
    if args.comment {
        comment(context, &report, about)?;
    }
    Ok(match (found.is_broken, report.passes()) {
        (true, _) => Exit::Integrity,
        (false, true) => Exit::Clean,
        (false, false) => Exit::Findings,
    })
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
