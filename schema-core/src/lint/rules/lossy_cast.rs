//! Values lose something when they are converted.

use crate::diagnostic::Severity;
use crate::directory::words;
use crate::lint::work::{Cause, works};
use crate::observe::Column;
use crate::rule::{Check, Hit, Rule, Steps, Topic};

/// Values lose something when they are converted.
pub(super) const RULE: Rule = Rule {
    code: "L003",
    name: "lossy-cast",
    topic: Topic::DataLoss,
    severity: Severity::Error,
    title: "values lose something when they are converted",
    why: "Some conversions give a value for every row and still lose part of it, without an \
          error: digits behind the point are rounded, times become dates, and an explicit cast \
          to varchar(n) cuts off what is longer.",
    instead: "Keep the old column, add one of the new type beside it, and compare before the old \
              one goes.\n\
              \n\
              ```sql\n\
              ALTER TABLE orders ADD COLUMN price_rounded integer;\n\
              -- later, before the old column is dropped\n\
              SELECT count(*) FROM orders WHERE price IS DISTINCT FROM price_rounded;\n\
              ```",
    check: Check::Steps(check),
};

fn check(steps: &Steps<'_>) -> Vec<Hit> {
    let mut hits = Vec::new();
    for work in works(steps) {
        let (Cause::Type(from, to) | Cause::TimeZone(from, to)) = &work.cause else {
            continue;
        };
        let text = steps.text(&steps.steps[work.step]);
        // By itself PostgreSQL refuses a text that is too long; a conversion that is written down
        // decides what becomes of it, and nobody keeps it.
        let converts = words(text).any(|word| word == "using");
        let shorter = || {
            to.typmod >= 0
                && is_text(to)
                && (!is_text(from) || to.typmod < from.typmod || from.typmod < 0)
        };
        if loses(from, to) || converts && shorter() {
            let title = format!(
                "values of column {} of table {} may lose something as they become {} instead of {}",
                to.name, work.table, to.data_type, from.data_type
            );
            hits.push(work.hit(title));
        }
    }
    hits
}

/// Whether a cast gives another value without an error.
fn loses(from: &Column, to: &Column) -> bool {
    let whole = |it: &Column| matches!(it.data_type.as_str(), "smallint" | "integer" | "bigint");
    let number = |it: &Column| it.data_type.starts_with("numeric");
    let float = |it: &Column| matches!(it.data_type.as_str(), "real" | "double precision");
    let stamp = |it: &Column| it.data_type.starts_with("timestamp");
    // The low half of the modifier is the scale; without one every digit is kept.
    let scale = |it: &Column| {
        if it.typmod < 0 {
            i32::MAX
        } else {
            (it.typmod - 4) & 0x7ff
        }
    };
    let precision = |it: &Column| if it.typmod < 0 { 6 } else { it.typmod };
    let rounds = whole(to) && (number(from) && scale(from) > 0 || float(from));
    let shorter = number(from) && number(to) && scale(to) < scale(from);
    let coarser = from.data_type == "double precision" && to.data_type == "real"
        || number(from) && float(to)
        || float(from) && number(to) && to.typmod >= 0
        || from.data_type == "bigint" && float(to);
    let day = stamp(from) && (to.data_type == "date" || to.data_type.starts_with("time "));
    let less_precise = stamp(from) && stamp(to) && precision(to) < precision(from);
    rounds || shorter || coarser || day || less_precise
}

fn is_text(column: &Column) -> bool {
    column.data_type.starts_with("character") || column.data_type == "text"
}
