//! A column of the previous release takes fewer values.

use crate::diagnostic::Severity;
use crate::rule::{Case, Check, ColumnPair, Hit, Rule, Topic, TypeChange};

/// A column of the previous release takes fewer values.
pub(super) const RULE: Rule = Rule {
    code: "N019",
    name: "narrow-type",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a column of the previous release takes fewer values",
    why: "Values of the previous release that do not fit any more fail with SQLSTATE 22001 \
          (string_data_right_truncation) or 22003 (numeric_value_out_of_range), or are silently \
          rounded. An explicit cast in USING truncates what is there without an error.",
    instead: "Let the app write only what fits, demand it by a check one release later, and \
              change the type after that, if at all.\n\n\
              ```sql\n\
              -- release N+1\n\
              ALTER TABLE users ADD CONSTRAINT users_note_short CHECK (length(note) <= 20) NOT VALID;\n\
              ALTER TABLE users VALIDATE CONSTRAINT users_note_short;\n\
              ```",
    check: Check::Contract(check),
};

fn check(case: &Case<'_>) -> Vec<Hit> {
    let changed = case.changed_columns(|it| (it.type_oid, it.typmod));
    let of_this_kind = changed
        .filter(|(pair, _)| TypeChange::of(pair.old, pair.new) == Some(TypeChange::Narrower));
    let hit = |(pair, step): (ColumnPair<'_>, _)| {
        let (old, new) = (&pair.old.data_type, &pair.new.data_type);
        pair.hit(step, format_args!("changes its type from {old} to {new}"))
    };
    of_this_kind.map(hit).collect()
}
