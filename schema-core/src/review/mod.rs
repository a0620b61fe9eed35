//! New migrations judged: rehearsed on a copy of the base, every rule asked, findings placed.

mod error;
mod ledger;
mod nolint;
mod old;
mod refusal;
mod size;
mod verdict;

pub use error::ReviewError;
pub use verdict::{Judged, Standing};

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use camino::Utf8PathBuf;

use crate::apply::{Observer, ReplayError};
use crate::dev_db::DevServer;
use crate::diagnostic::Finding;
use crate::directory::{Directory, MigrationFile, Touches};
use crate::ident::{Ident, QualifiedName};
use crate::lint::Stats;
use crate::observe::{ObserveError, Rehearsal, RehearsalOptions, Sides};
use crate::rule::{Case, Check, Contract, Hit, Rule, Steps, Topic};
use crate::{gate, lint};
use old::Old;

/// All rules that there are, by code.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    gate::RULES.iter().chain(lint::RULES).copied()
}

/// The rule of a code or name.
pub fn rule(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.eq_ignore_ascii_case(code) || rule.name == code)
}

/// What to review, and how.
#[derive(Clone, Debug)]
pub struct ReviewOptions {
    /// Which rules: the gate's, the linter's, or both.
    pub topics: BTreeSet<Topic>,
    /// Codes of rules that are switched off.
    pub disabled: BTreeSet<String>,
    /// Whether tables of the dev database get a few rows.
    pub rows: bool,
    /// The role that the app connects as; the dev server has it, or the owner stands in for it.
    pub app_role: Option<Ident>,
    /// What the previous release relies on.
    pub contract: Contract,
    /// Its queries, as sqlx recorded them: paths and texts of `.sqlx/query-*.json`.
    pub queries: Vec<(Utf8PathBuf, String)>,
    /// Sizes of production's tables.
    pub stats: Option<Stats>,
    /// How names have to look.
    pub naming: lint::Naming,
}

impl Default for ReviewOptions {
    fn default() -> Self {
        Self {
            topics: [
                Topic::PreviousRelease,
                Topic::DataLoss,
                Topic::Blocking,
                Topic::Running,
                Topic::Gate,
                Topic::Convention,
            ]
            .into(),
            disabled: BTreeSet::new(),
            rows: true,
            app_role: None,
            contract: Contract::Base,
            queries: Vec::new(),
            stats: None,
            naming: lint::Naming::default(),
        }
    }
}

/// What a review gave.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// What was found, in the order of files and lines.
    pub findings: Vec<Judged>,
    /// Tables that no rows could be made for, and why: what depends on rows was not seen there.
    pub without_rows: Vec<(QualifiedName, String)>,
    /// What each file touches that was seen to its end.
    pub touched: Vec<(String, Touches)>,
    /// How many statements ran.
    pub statements: usize,
    /// How long bringing the base up took.
    pub base_time: Duration,
    /// How long everything behind that took.
    pub review_time: Duration,
    /// How much of that went into the previous release.
    pub gate_time: Duration,
}

/// Rehearses the new files on the state that `base` gives, and asks every rule.
pub async fn review(
    dev: &DevServer,
    base: &Directory,
    new: &[MigrationFile],
    options: &ReviewOptions,
    observer: &mut dyn Observer,
) -> Result<Review, ReviewError> {
    let start = Instant::now();
    let rehearsal_options = RehearsalOptions { rows: options.rows };
    let mut rehearsal = Rehearsal::begin(dev, base, &rehearsal_options, observer).await?;
    let base_time = start.elapsed();
    let major = dev.engine().major;
    let start = Instant::now();
    let rules: Vec<&Rule> = rules()
        .filter(|rule| options.topics.contains(&rule.topic))
        // What the gate says is not said twice.
        .filter(|rule| {
            let gate = options.topics.contains(&Topic::PreviousRelease);
            !(gate && lint::SAID_BY_GATE.contains(&rule.code))
        })
        .collect();
    let mut hits: Vec<(&Rule, Hit)> = Vec::new();
    if options.topics.contains(&Topic::Gate) {
        hits.extend(ledger::made_and_dropped(new));
    }
    let mut gate_time = Duration::ZERO;
    let asking = Instant::now();
    let mut old = Old::open(&rehearsal, options).await?;
    gate_time += asking.elapsed();
    hits.extend(old.unusable());
    let mut stopped = None;
    let mut touched = Vec::new();
    'files: for (number, file) in new.iter().enumerate() {
        let covered = ledger::covered(&base.files, &new[..=number]);
        let statements = file.statements().map_err(|source| {
            let file = file.file_name.clone();
            ObserveError::Migration(ReplayError::Split { file, source })
        })?;
        let mut next = 0;
        loop {
            let since = rehearsal.steps().len();
            let (point, then) = match rehearsal.run(number, file, &statements, next).await {
                Ok(done) => done,
                Err(error) => {
                    // Behind it nothing can be run.
                    stopped = Some(refusal::hit(number, error)?);
                    break 'files;
                }
            };
            next = then;
            if rehearsal.touches_old(since) {
                let asking = Instant::now();
                let sides = rehearsal.sides(since).await?;
                let case = Case {
                    all: Steps {
                        files: new,
                        steps: rehearsal.steps(),
                        rows: &rehearsal.population().rows,
                        major,
                    },
                    sides: &sides,
                    contract: &options.contract,
                    covered: &covered,
                    app_role: options.app_role.as_ref(),
                };
                let first = hits.len();
                for rule in &rules {
                    if let Check::Contract(check) = rule.check {
                        let found = case.without_partitions(check(&case));
                        hits.extend(found.into_iter().map(|hit| (*rule, hit)));
                    }
                }
                ledger::late_shims(&case, &mut hits);
                old.look(&rehearsal, &case, since, first, &mut hits).await?;
                gate_time += asking.elapsed();
            }
            if point.ends_file {
                touched.extend(touched_by(&rehearsal, number, file, options));
                if options.topics.contains(&Topic::Gate) {
                    hits.extend(ledger::not_there(&mut rehearsal, number, file).await?);
                }
                break;
            }
        }
    }
    let names_matter = options.topics.contains(&Topic::Convention) && !options.naming.is_off();
    let made = if names_matter {
        rehearsal.made().await?
    } else {
        Vec::new()
    };
    if stopped.is_none() && options.topics.contains(&Topic::Gate) {
        hits.extend(ledger::gone(&mut rehearsal, &base.files, new).await?);
    }
    let sides = if old.has_unseen() {
        rehearsal.sides(0).await?
    } else {
        Sides::default()
    };
    let all = Steps {
        files: new,
        steps: rehearsal.steps(),
        rows: &rehearsal.population().rows,
        major,
    };
    let at_the_end = Case {
        all,
        sides: &sides,
        contract: &options.contract,
        covered: &ledger::covered(&base.files, new),
        app_role: options.app_role.as_ref(),
    };
    let asking = Instant::now();
    old.finish(&rehearsal, &at_the_end, &mut hits).await?;
    gate_time += asking.elapsed();
    for rule in &rules {
        if let Check::Steps(check) = rule.check {
            hits.extend(check(&all).into_iter().map(|hit| (*rule, hit)));
        }
    }
    let names = lint::check_names(&options.naming, &made, &all);
    hits.extend(names.into_iter().map(|hit| (&lint::NAME, hit)));
    if let Some(stats) = &options.stats {
        size::weigh(stats, &all, &mut hits);
    }
    // Only now: what a rule that is switched off explains is not told by another one instead.
    hits.retain(|(rule, _)| !options.disabled.contains(rule.code));
    let findings = verdict::judge(&all, &base.path, hits);
    let mut findings = nolint::suppress(new, &base.path, findings, options);
    // Not to be able to look is never silenced.
    findings.extend(verdict::judge(
        &all,
        &base.path,
        stopped.into_iter().collect(),
    ));
    findings.sort_by_key(|it| (it.file, it.finding.places.first().map(|place| place.line)));
    let empty = rehearsal.population().empty.clone();
    let statements = rehearsal.steps().len();
    old.close().await;
    rehearsal.close().await;
    Ok(Review {
        findings,
        without_rows: empty.into_iter().collect(),
        touched,
        statements,
        base_time,
        review_time: start.elapsed(),
        gate_time,
    })
}

/// What a file touches. Without rows, what triggers and keys do is not to be seen.
fn touched_by(
    rehearsal: &Rehearsal,
    number: usize,
    file: &MigrationFile,
    options: &ReviewOptions,
) -> Option<(String, Touches)> {
    let steps = rehearsal.steps().iter();
    let mut touches = Touches::default();
    for step in steps.filter(|step| step.file == number) {
        touches.extend(&step.effects.touched);
    }
    options.rows.then(|| (file.file_name.clone(), touches))
}

/// A finding of a rule, without a place yet.
pub(crate) fn finding(rule: &Rule, hit: Hit) -> Finding {
    let mut notes = hit.notes;
    notes.push(rule.why.to_owned());
    Finding {
        notes,
        help: Some(rule.remedy().to_owned()),
        fix: hit.fix,
        ..Finding::new(rule.code, hit.severity.unwrap_or(rule.severity), hit.title)
    }
}
