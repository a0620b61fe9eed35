//! A column of the previous release changes its type.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, ColumnPair, Hit, Rule, Topic, TypeChange};

/// A column of the previous release changes its type.
pub(super) const RULE: Rule = Rule {
    code: "N018",
    name: "change-type",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column of the previous release changes its type",
    why: "Drivers check the type of a result: sqlx refuses to decode INT8 as i32. Parameters get \
          another type too, and statements that are prepared fail with SQLSTATE 0A000 (cached \
          plan must not change result type).",
    instead: "Give the field a new name beside its new type, with `#[column(renamed_from = \"…\")]`: \
              `cargo migrate generate` then adds a second column, keeps both in step by a trigger, and \
              fills it in batches; the old one goes a release later.\n\n\
              ```sql\n\
              -- release N\n\
              ALTER TABLE orders ADD COLUMN total_new bigint;\n\
              CREATE FUNCTION orders_total_sync() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
              NEW.total_new := NEW.total;\n\
              RETURN NEW;\n\
              END $$;\n\
              CREATE TRIGGER orders_total_sync BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_total_sync();\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let changed = case.changed_columns(|it| (it.type_oid, it.typmod));
    let of_this_kind =
        changed.filter(|(pair, _)| TypeChange::of(pair.old, pair.new) == Some(TypeChange::Other));
    let hit = |(pair, step): (ColumnPair<'_>, _)| {
        let (old, new) = (&pair.old.data_type, &pair.new.data_type);
        pair.hit(step, format_args!("changes its type from {old} to {new}"))
    };
    of_this_kind.map(hit).collect()
}
