//! `-- migrate:nolint CODE reason` and `-- atlas:nolint …`: what is not to be reported.

use camino::Utf8Path;

use super::{Judged, ReviewOptions, Standing, finding, rule};
use crate::diagnostic::Place;
use crate::directory::{DirectiveKind, MigrationFile, Scope};
use crate::lint::UNUSED_NOLINT;
use crate::rule::{Hit, Rule, Topic};

/// One name of a `nolint`.
struct Silence<'a> {
    file: usize,
    scope: Scope,
    line: u32,
    /// Empty for everything.
    name: &'a str,
    reason: String,
    used: bool,
    /// Whether it is meant for a break of the previous release.
    cannot: bool,
}

/// What a silence cannot do.
const CANNOT: &str = "What the gate finds is not silenced: a shim covers a break of the previous release, or a \
    review of the pull request lets it pass.";

/// Silences what the files ask to be silent about, and reports what silences nothing of that which
/// was asked for.
///
/// A break of the previous release is never silenced: only a shim or an approval lets it pass.
pub(super) fn suppress(
    files: &[MigrationFile],
    dir: &Utf8Path,
    mut findings: Vec<Judged>,
    options: &ReviewOptions,
) -> Vec<Judged> {
    let mut silences: Vec<Silence<'_>> = files
        .iter()
        .enumerate()
        .flat_map(|(file, migration)| silences(file, migration))
        .collect();
    for judged in &mut findings {
        let meant = silences.iter_mut().filter(|silence| {
            judged.file == Some(silence.file)
                && match silence.scope {
                    Scope::File => true,
                    Scope::Statement(index) => judged.statement == Some(index),
                }
                && means(silence.name, judged.finding.code)
        });
        let is_break = rule(judged.finding.code)
            .is_some_and(|rule| matches!(rule.topic, Topic::PreviousRelease | Topic::Gate));
        for silence in meant {
            if is_break {
                silence.cannot = true;
                continue;
            }
            silence.used = true;
            if !matches!(judged.standing, Standing::Suppressed(_)) {
                judged.standing = Standing::Suppressed(silence.reason.clone());
            }
        }
    }
    let unused = silences.iter().filter(|silence| !silence.used);
    for silence in unused.filter(|silence| was_asked(silence.name, options)) {
        let what = if silence.name.is_empty() {
            "everything".to_owned()
        } else {
            silence.name.to_owned()
        };
        let known = silence.name.is_empty() || is_known(silence.name);
        let title = if known {
            format!("nolint of {what} silences nothing")
        } else {
            format!("nolint names {what}, which is no rule")
        };
        let mut hit = Hit::at_line(None, title);
        if silence.cannot {
            hit = hit.note(CANNOT);
        }
        // Atlas, which may read the same directory, may have a use for its own codes.
        if rule(silence.name).is_none() && classes(silence.name).is_some() {
            hit = hit.warning();
        }
        let mut finding = finding(&UNUSED_NOLINT, hit);
        finding.places = vec![Place::line(
            dir.join(&files[silence.file].file_name),
            silence.line,
        )];
        findings.push(Judged {
            finding,
            standing: Standing::Open,
            file: Some(silence.file),
            statement: None,
        });
    }
    findings.sort_by_key(|it| (it.file, it.finding.places.first().map(|place| place.line)));
    findings
}

fn silences(file: usize, migration: &MigrationFile) -> Vec<Silence<'_>> {
    let mut found = Vec::new();
    for directive in &migration.directives {
        let DirectiveKind::NoLint(words) = &directive.kind else {
            continue;
        };
        // Names come first; what follows the last that is one, is the reason.
        let names = words
            .iter()
            .position(|word| !is_name(word))
            .unwrap_or(words.len());
        let reason = words[names..].join(" ");
        let mut add = |name| {
            found.push(Silence {
                file,
                scope: directive.scope,
                line: directive.line,
                name,
                reason: reason.clone(),
                used: false,
                cannot: false,
            });
        };
        if words.is_empty() {
            add("");
        }
        // A first word that is no name at all is a misspelt one.
        for word in &words[..names.max(usize::from(!words.is_empty()))] {
            add(word.as_str());
        }
    }
    found
}

/// Words that may be names: codes of ours or Atlas's, names of rules, classes.
fn is_name(word: &str) -> bool {
    let number = word.trim_start_matches(|it: char| it.is_ascii_uppercase());
    let is_code = !number.is_empty()
        && number.len() < word.len()
        && number.chars().all(|it| it.is_ascii_digit());
    is_code || is_known(word)
}

/// Whether a review with these options could have found what a name means.
fn was_asked(name: &str, options: &ReviewOptions) -> bool {
    let asked =
        |rule: &Rule| options.topics.contains(&rule.topic) && !options.disabled.contains(rule.code);
    if let Some(rule) = rule(name) {
        return asked(rule);
    }
    if let Some(topics) = classes(name) {
        return topics.iter().all(|topic| options.topics.contains(topic));
    }
    // Everything, or a name that is none.
    let all = [Topic::DataLoss, Topic::Blocking, Topic::Running];
    !name.is_empty() || all.iter().all(|topic| options.topics.contains(topic))
}

fn is_known(name: &str) -> bool {
    rule(name).is_some() || classes(name).is_some()
}

/// What Atlas calls classes and codes, as topics of ours.
fn classes(name: &str) -> Option<&'static [Topic]> {
    let upper = name.to_ascii_uppercase();
    Some(match name {
        "destructive" => &[Topic::DataLoss],
        "data_depend" => &[Topic::Running],
        "concurrent_index" => &[Topic::Blocking],
        "incompatible" => &[Topic::PreviousRelease],
        "naming" => &[Topic::Convention],
        _ if upper.starts_with("DS1") => &[Topic::DataLoss],
        _ if upper.starts_with("MF1") => &[Topic::Running],
        _ if upper.starts_with("PG1") || upper.starts_with("PG3") => &[Topic::Blocking],
        _ if upper.starts_with("BC1") || upper.starts_with("CD1") => &[Topic::PreviousRelease],
        _ if upper.starts_with("NM1") => &[Topic::Convention],
        _ => return None,
    })
}

fn means(name: &str, code: &str) -> bool {
    if name.is_empty() || name.eq_ignore_ascii_case(code) {
        return true;
    }
    let Some(found) = rule(code) else {
        return false;
    };
    found.name == name || classes(name).is_some_and(|topics| topics.contains(&found.topic))
}
