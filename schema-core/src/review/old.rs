//! What the statements of the previous release tell, as findings: evidence for what a rule found
//! in the catalog, or a finding of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::{ReviewError, ReviewOptions, rule};
use crate::diagnostic::Severity;
use crate::gate::old::{Broken, Layer, OldRelease, RecordedQuery, Source};
use crate::ident::QualifiedName;
use crate::observe::{Column, Index, Rehearsal, Relation};
use crate::rule::{Case, Hit, Pair, Rule, Topic};

/// How many statements are told for one finding.
const MOST_EVIDENCE: usize = 3;

/// The previous release, if it is asked for.
pub(super) struct Old {
    release: Option<OldRelease>,
    /// Whether something was changed since the last look that only its recorded queries can feel.
    unseen: bool,
    unusable: Vec<(&'static Rule, Hit)>,
}

impl Old {
    /// Gets to know the previous release before the new files run.
    pub(super) async fn open(
        rehearsal: &Rehearsal,
        options: &ReviewOptions,
    ) -> Result<Self, ReviewError> {
        let mut old = Self {
            release: None,
            unseen: false,
            unusable: Vec::new(),
        };
        if !options.topics.contains(&Topic::PreviousRelease) {
            return Ok(old);
        }
        let mut queries = Vec::new();
        for (path, text) in &options.queries {
            match RecordedQuery::parse(path, text) {
                Ok(query) => queries.push(query),
                Err(error) => {
                    let hit = Hit::at_line(None, error.to_string()).note(error.remedy());
                    old.unusable.extend(rule("G012").map(|rule| (rule, hit)));
                }
            }
        }
        let release = OldRelease::open(
            &rehearsal.base().options(),
            &rehearsal.head().options(),
            options.app_role.as_ref(),
            queries,
        )
        .await?;
        for stale in release.stale() {
            let title = format!(
                "{} fails at the base already: {}",
                stale.file, stale.message
            );
            let hit = Hit::at_line(None, title);
            old.unusable.extend(rule("G013").map(|rule| (rule, hit)));
        }
        old.release = Some(release);
        Ok(old)
    }

    /// Recorded queries that say nothing.
    pub(super) fn unusable(&mut self) -> Vec<(&'static Rule, Hit)> {
        std::mem::take(&mut self.unusable)
    }

    /// Tries its statements at a commit point, whose first step is `since` and whose findings so
    /// far are those from `first` on.
    ///
    /// What an old release cannot feel by itself (a new column that it need not name, a plain
    /// index) is left to its recorded queries, which are asked once at the end: `SELECT *`, and
    /// names that became ambiguous, are as broken then as they are now.
    pub(super) async fn look(
        &mut self,
        rehearsal: &Rehearsal,
        case: &Case<'_>,
        since: usize,
        first: usize,
        hits: &mut Vec<(&'static Rule, Hit)>,
    ) -> Result<(), ReviewError> {
        let Some(release) = &mut self.release else {
            return Ok(());
        };
        if is_harmless(rehearsal, case, since) {
            self.unseen = true;
            return Ok(());
        }
        let touched = rehearsal.touched(since).into_iter().map(|oid| oid.0);
        let broken = release
            .break_at(&touched.collect(), rehearsal.emptied())
            .await?;
        tell(broken, case, first, hits);
        self.unseen = false;
        Ok(())
    }

    /// Whether something was left to the recorded queries.
    pub(super) fn has_unseen(&self) -> bool {
        self.unseen && self.release.is_some()
    }

    /// Asks the recorded queries about what was left to them.
    pub(super) async fn finish(
        &mut self,
        rehearsal: &Rehearsal,
        case: &Case<'_>,
        hits: &mut Vec<(&'static Rule, Hit)>,
    ) -> Result<(), ReviewError> {
        if let Some(release) = self.release.as_mut().filter(|_| self.unseen) {
            let broken = release
                .break_at(&BTreeSet::new(), rehearsal.emptied())
                .await?;
            tell(broken, case, 0, hits);
        }
        Ok(())
    }
}

impl Old {
    /// Lets go of the databases of the rehearsal.
    pub(super) async fn close(self) {
        if let Some(release) = self.release {
            release.close().await;
        }
    }
}

/// Whether all that was done is to add columns that need not be named, and to add or drop indexes
/// that keep no rows out.
fn is_harmless(rehearsal: &Rehearsal, case: &Case<'_>, since: usize) -> bool {
    let steps = &rehearsal.steps()[since..];
    let only_tables = steps.iter().all(|step| {
        let effects = &step.effects;
        effects.rows.is_empty()
            && effects.truncated.is_empty()
            && effects.facts.types.is_empty()
            && effects.facts.routines.is_empty()
            && !step.changes_privileges()
    });
    let sides = case.sides;
    let same_elsewhere =
        sides.base.types == sides.head.types && sides.base.routines == sides.head.routines;
    only_tables && same_elsewhere && case.pairs().all(|pair| is_unfelt(&pair))
}

fn is_unfelt(pair: &Pair<'_>) -> bool {
    let (base, Some(now)) = (pair.base, pair.kept()) else {
        return false;
    };
    let unique = |relation: &Relation| -> Vec<Index> {
        let indexes = relation.indexes.iter();
        indexes.filter(|index| index.unique).cloned().collect()
    };
    let unnamed = now
        .columns
        .iter()
        .filter(|column| base.column(column.number).is_none())
        .all(is_plain);
    let mut like_base = now.clone();
    like_base
        .columns
        .retain(|column| base.column(column.number).is_some());
    like_base.indexes.clone_from(&base.indexes);
    like_base.referenced_by.clone_from(&base.referenced_by);
    unnamed && like_base == *base && unique(base) == unique(now)
}

/// Each break as a note of the finding that explains it, or as part of a finding of its own.
///
/// The findings of this commit point begin at `first`. What one of them names is explained by it;
/// what breaks along with it (a view on a table that is gone, the rows of its children) by the one
/// that is an error, so that one cause is one finding.
fn tell(broken: Vec<Broken>, case: &Case<'_>, first: usize, hits: &mut Vec<(&'static Rule, Hit)>) {
    let mut rest: BTreeMap<(&str, Option<QualifiedName>, String), Vec<Broken>> = BTreeMap::new();
    for broken in broken {
        if !is_relied_on(&broken, case) {
            continue;
        }
        let found = &mut hits[first..];
        let is_error =
            |(rule, hit): &(&Rule, Hit)| hit.severity.unwrap_or(rule.severity) == Severity::Error;
        let named =
            |it: &(&Rule, Hit)| it.0.topic == Topic::PreviousRelease && explains(&it.1, &broken);
        let place = found
            .iter()
            .position(|it| named(it) && is_error(it))
            .or_else(|| found.iter().position(named))
            .or_else(|| {
                let error =
                    |it: &(&Rule, Hit)| it.0.topic == Topic::PreviousRelease && is_error(it);
                found.iter().position(error)
            });
        if let Some(place) = place {
            let hit = &mut found[place].1;
            // What was only likely to break, does.
            hit.severity = Some(Severity::Error);
            let evidence = evidence(&broken);
            if hit.notes.len() < MOST_EVIDENCE && !hit.notes.contains(&evidence) {
                hit.notes.push(evidence);
            }
            continue;
        }
        let own = match &broken.what {
            Source::Query { file, .. } => file.to_string(),
            Source::Statement { .. } | Source::Probe { .. } => String::new(),
        };
        let code = code(&broken, case);
        rest.entry((code, broken.table.clone(), own))
            .or_default()
            .push(broken);
    }
    for ((code, table, _), broken) in rest {
        let Some(rule) = rule(code) else { continue };
        let mut hit = Hit::at_line(None, title(&broken[0]));
        hit.step = table
            .as_ref()
            .and_then(|table| case.pairs().find(|pair| pair.name() == *table))
            .or_else(|| widened(&broken[0], case))
            .and_then(|pair| match code {
                "N021" => case.blame_relation(pair.base.oid, |it| it.columns.len()),
                _ => case.last_touch(pair.base.oid),
            })
            .or(case.all.steps.len().checked_sub(1));
        hit.object = table;
        let told: BTreeSet<String> = broken.iter().map(evidence).collect();
        hit.notes.extend(told.iter().take(MOST_EVIDENCE).cloned());
        if let Some(more) = told.len().checked_sub(MOST_EVIDENCE + 1) {
            hit.notes.push(format!("{} more fail alike.", more + 1));
        }
        hits.push((rule, hit));
    }
}

/// Whether the previous release does such a thing at all.
fn is_relied_on(broken: &Broken, case: &Case<'_>) -> bool {
    // Whether NULL can come is for the rule on NOT NULL to tell, which knows of checks.
    if broken.layer == Layer::Types && broken.after == "nullable" {
        return false;
    }
    if matches!(broken.what, Source::Query { .. }) {
        return true;
    }
    // What a release may do is made of all columns of a table: one that knows fewer does less.
    broken.table.as_ref().is_none_or(|table| {
        let pair = case.pairs().find(|pair| pair.name() == *table);
        let knows_all = pair.is_none_or(|pair| {
            let mut columns = pair.base.columns.iter();
            columns.all(|column| case.contract.uses_column(table, &column.name))
        });
        case.contract.uses(table) && knows_all
    })
}

/// Whether a finding is about what broke.
fn explains(hit: &Hit, broken: &Broken) -> bool {
    let Some(object) = &hit.object else {
        return false;
    };
    if broken.table.as_ref() == Some(object) {
        return true;
    }
    let mentions = |name: &str| {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        broken.message.split(|c| !part(c)).any(|word| word == name)
    };
    let column = broken.column.as_ref();
    mentions(object.name.as_str())
        || column.is_some_and(|column| hit.title.contains(&format!("column {column} ")))
}

/// The rule of what no finding explains.
fn code(broken: &Broken, case: &Case<'_>) -> &'static str {
    let pair = broken
        .table
        .as_ref()
        .and_then(|table| case.pairs().find(|pair| pair.name() == *table));
    let sqlstate = broken.sqlstate.as_deref().unwrap_or_default();
    if pair.is_some_and(|pair| pair.shim().is_some()) {
        return "N055";
    }
    let pair = pair.or_else(|| widened(broken, case));
    match (&broken.what, broken.layer, sqlstate) {
        (_, Layer::Live, "0A000") if pair.is_some_and(|pair| has_new_column(&pair)) => "N021",
        (_, Layer::Live, _) => "N083",
        (_, _, "42702" | "42601") => "N022",
        (Source::Query { .. }, ..) => "N080",
        (Source::Statement { .. }, ..) => "N081",
        (Source::Probe { .. }, ..) if pair.is_some_and(|pair| has_new_trigger(&pair)) => "N015",
        (Source::Probe { .. }, ..) => "N082",
    }
}

/// The table that a recorded query selects all columns of, and that has got a new one.
fn widened<'a>(broken: &Broken, case: &'a Case<'_>) -> Option<Pair<'a>> {
    let Source::Query { text, .. } = &broken.what else {
        return None;
    };
    let part = |c: char| !(c.is_alphanumeric() || c == '_');
    let names = |pair: &Pair<'_>| {
        let table = pair.name();
        text.split(part)
            .any(|word| word.eq_ignore_ascii_case(table.name.as_str()))
    };
    let mut pairs = case.pairs();
    let is_live = broken.layer == Layer::Live && text.contains('*');
    pairs.find(|pair| is_live && has_new_column(pair) && names(pair))
}

fn has_new_column(pair: &Pair<'_>) -> bool {
    pair.now.is_some_and(|now| {
        let mut columns = now.columns.iter();
        columns.any(|column| pair.base.column(column.number).is_none())
    })
}

fn has_new_trigger(pair: &Pair<'_>) -> bool {
    pair.now.is_some_and(|now| {
        let known = |oid| pair.base.triggers.iter().any(|trigger| trigger.oid == oid);
        now.triggers.iter().any(|trigger| !known(trigger.oid))
    })
}

/// Whether an INSERT that does not name the column does nothing but store a constant: functions
/// and types of the user's (of a schema that is not PostgreSQL's) may refuse.
fn is_plain(column: &Column) -> bool {
    let calls = column.default.as_ref().is_some_and(|it| it.contains('('));
    !column.is_required()
        && !calls
        && column.generated.is_empty()
        && !column.data_type.contains('.')
}

fn title(broken: &Broken) -> String {
    let Broken { message, .. } = broken;
    match &broken.what {
        Source::Query { file, .. } => {
            format!("query {file} of the previous release fails: {message}")
        }
        Source::Statement {
            table, operation, ..
        } => format!("the previous release can no longer {operation} on table {table}: {message}"),
        Source::Probe { table, kind } => {
            format!("the previous release can no longer {kind} on table {table}: {message}")
        }
    }
}

/// One sentence: what was tried, and what PostgreSQL says.
fn evidence(broken: &Broken) -> String {
    let said = match &broken.sqlstate {
        Some(sqlstate) => format!("{} (SQLSTATE {sqlstate})", broken.message),
        None => format!(
            "{}: {} became {}",
            broken.message, broken.before, broken.after
        ),
    };
    match &broken.what {
        Source::Query { file, text, span } => {
            let part = span.clone().and_then(|span| text.get(span));
            let part = part.map_or_else(String::new, |part| format!(" at `{part}`"));
            format!(
                "The query of {file} fails{part}: {said}.\n{}",
                marked(text, span.clone())
            )
        }
        Source::Statement { text, .. } => format!("`{text}` fails: {said}."),
        Source::Probe { kind, .. } => format!("Tried with a row: {kind} fails: {said}."),
    }
}

/// The lines of a query, the part that broke underlined.
fn marked(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let Some(span) = span else {
        return text.to_owned();
    };
    let mut shown = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        shown.push_str(line.trim_end_matches('\n'));
        shown.push('\n');
        if (start..end).contains(&span.start) {
            let before = text[start..span.start].chars().count();
            let marks = text[span.start..span.end.min(end)]
                .trim_end()
                .chars()
                .count();
            shown.push_str(&" ".repeat(before));
            shown.push_str(&"^".repeat(marks.max(1)));
            shown.push('\n');
        }
        start = end;
    }
    shown.trim_end().to_owned()
}
