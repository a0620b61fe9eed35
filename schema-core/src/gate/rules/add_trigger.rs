//! A new trigger refuses or changes what the previous release writes.

use crate::diagnostic::Severity;
use crate::rule::{Check, Rule, Topic};

/// A new trigger refuses or changes what the previous release writes.
pub(super) const RULE: Rule = Rule {
    code: "N015",
    name: "add-trigger",
    topic: Topic::PreviousRelease,
    severity: Severity::Error,
    title: "a new trigger refuses or changes what the previous release writes",
    why: "A BEFORE trigger can raise any error, or write something else than what it was given. \
          What its function does cannot be read off the catalog: the gate writes rows as the \
          previous release does, before and after, and compares.",
    instead: "Let the trigger pass everything that the previous release writes, and be strict \
              one release later.\n\n\
              ```sql\n\
              CREATE FUNCTION users_check() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n\
              IF NEW.age IS NULL THEN NEW.age := 0; END IF;\n\
              RETURN NEW;\n\
              END $$;\n\
              ```",
    check: Check::Elsewhere,
};
