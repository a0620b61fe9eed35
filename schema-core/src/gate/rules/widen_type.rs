//! A column of the previous release takes more values.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, ColumnPair, Hit, Rule, Topic, TypeChange};

/// A column of the previous release takes more values.
pub(super) const RULE: Rule = Rule {
    code: "N020",
    name: "change-type-compatible",
    topic: Topic::PreviousRelease,
    severity: Severity::Warning,
    title: "a column of the previous release takes more values",
    why: "Statements that live connections have prepared and that return the column fail with \
          SQLSTATE 0A000 (cached plan must not change result type), once for each connection \
          with a driver that prepares again; sqlx 0.8 does not, and fails until the connection \
          is closed. Values that are longer than before may be read by the previous release.",
    instead: "Recycle the connections of the app after the migration, or use a driver that \
              prepares again after 0A000. No table is rewritten and no row is read.\n\n\
              ```sql\n\
              SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app' AND state = 'idle';\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let changed = case.changed_columns(|it| (it.type_oid, it.typmod));
    let of_this_kind =
        changed.filter(|(pair, _)| TypeChange::of(pair.old, pair.new) == Some(TypeChange::Wider));
    let hit = |(pair, step): (ColumnPair<'_>, _)| {
        let (old, new) = (&pair.old.data_type, &pair.new.data_type);
        pair.hit(step, format_args!("changes its type from {old} to {new}"))
    };
    of_this_kind.map(hit).collect()
}
