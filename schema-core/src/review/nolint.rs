//! `-- migrate:nolint CODE reason` and `-- atlas:nolint …`: what is not to be reported.

use camino::Utf8Path;

use super::{Judged, Standing, finding, rule};
use crate::diagnostic::Place;
use crate::directory::{DirectiveKind, MigrationFile, Scope};
use crate::lint::UNUSED_NOLINT;
use crate::rule::{Hit, Topic};

/// One name of a `nolint`.
struct Silence<'a> {
    file: usize,
    scope: Scope,
    line: u32,
    /// Empty for everything.
    name: &'a str,
    reason: String,
    used: bool,
}

/// Silences what the files ask to be silent about, and reports what silences nothing.
///
/// A break of the previous release is never silenced: only a shim or an approval lets it pass.
pub(super) fn suppress(
    files: &[MigrationFile],
    dir: &Utf8Path,
    mut findings: Vec<Judged>,
) -> Vec<Judged> {
    let mut silences: Vec<Silence<'_>> = files
        .iter()
        .enumerate()
        .flat_map(|(file, migration)| silences(file, migration))
        .collect();
    for judged in &mut findings {
        let silence = silences.iter_mut().find(|silence| {
            judged.file == Some(silence.file)
                && match silence.scope {
                    Scope::File => true,
                    Scope::Statement(index) => judged.statement == Some(index),
                }
                && means(silence.name, judged.finding.code)
        });
        if let Some(silence) = silence {
            silence.used = true;
            if judged.standing == Standing::Open {
                judged.standing = Standing::Suppressed(silence.reason.clone());
            }
        }
    }
    for silence in silences.iter().filter(|silence| !silence.used) {
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
        let mut finding = finding(&UNUSED_NOLINT, Hit::at_line(None, title));
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
    let code = word.len() >= 4
        && word.chars().take_while(char::is_ascii_uppercase).count() >= 1
        && word
            .chars()
            .all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    code || is_known(word)
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
        _ if upper.starts_with("BC1") => &[Topic::PreviousRelease],
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
