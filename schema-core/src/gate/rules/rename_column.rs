//! A column that the previous release uses is renamed.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, Hit, Rule, Topic};

/// A column that the previous release uses is renamed.
pub(super) const RULE: Rule = Rule {
    code: "N003",
    name: "rename-column",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column that the previous release uses is renamed",
    why: "Every statement of the previous release that names the column fails with SQLSTATE \
          42703 (undefined_column). The rename itself takes a moment; there is no moment at \
          which both releases are right.",
    instead: "Keep both names for a release: mark the field `#[column(renamed_from = \"name\")]` \
              and `cargo migrate generate` writes a second column, a trigger that keeps both in \
              step and the backfill, and later the contract migration.\n\n\
              ```sql\n\
              -- release N: both names hold the same value\n\
              ALTER TABLE users ADD COLUMN full_name text;\n\
              CREATE FUNCTION users_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
              IF TG_OP = 'INSERT' THEN\n\
              NEW.full_name := coalesce(NEW.full_name, NEW.name); NEW.name := coalesce(NEW.name, NEW.full_name);\n\
              ELSIF NEW.full_name IS DISTINCT FROM OLD.full_name THEN NEW.name := NEW.full_name;\n\
              ELSE NEW.full_name := NEW.name;\n\
              END IF;\n\
              RETURN NEW;\n\
              END $$;\n\
              CREATE TRIGGER users_sync BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION users_sync();\n\
              -- then the backfill, in batches; release N+1 drops the trigger and the column `name`\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let kept = case
        .pairs()
        .filter(|pair| pair.base.is_table() || pair.base.is_view());
    let mut hits = Vec::new();
    for (base, now) in kept.filter_map(|pair| Some((pair.base, pair.kept()?))) {
        let name = base.qualified();
        for old in &base.columns {
            let Some(new) = now.column(old.number) else {
                continue;
            };
            if new.name == old.name
                || now.column_named(&old.name).is_some()
                || !case.contract.uses_column(&name, &old.name)
            {
                continue;
            }
            let number = old.number;
            let step = case.blame_relation(base.oid, |it| {
                it.column(number).map(|column| column.name.clone())
            });
            let kind = base.kind_word();
            let title = format!(
                "column {} of {kind} {name} is renamed to {}",
                old.name, new.name
            );
            hits.push(Hit::new(step, &name, title));
        }
    }
    hits
}
