//! The way out of work on a table in use, with the names of the case.

use super::work::{Cause, Work};
use crate::ident::{Ident, QualifiedName};
use crate::observe::{Column, Constraint, Index, Oid, Relation};

/// What begins a file whose statements do not run in a transaction.
const ALONE: &str = "-- atlas:txmode none";

/// SQL in place of the statement, where there is some that holds nobody up.
pub(super) fn fix(work: &Work<'_>) -> Option<String> {
    let (before, after) = work.sides?;
    let table = &work.table;
    // Partitions, and what is partitioned, take more than these.
    let is_plain = after.kind != 'p' && after.qualified() == *table && after.parents.is_empty();
    match work.cause {
        Cause::Index(index) if is_plain => built(table, after, index.oid),
        Cause::Reindex(index) if is_plain => Some(format!(
            "{ALONE}\nREINDEX INDEX CONCURRENTLY {};",
            index.name
        )),
        Cause::ForeignKey(it) if is_plain => Some(in_two_files(table, it)),
        Cause::Check(it) if after.qualified() == *table => Some(in_two_files(table, it)),
        Cause::Validate(it) if after.qualified() == *table => Some(format!(
            "-- in a file of its own\nALTER TABLE {table} VALIDATE CONSTRAINT {};",
            it.name
        )),
        Cause::NotNull(column) if after.qualified() == *table => Some(proved(table, &[column], "")),
        Cause::Unique(it) if is_plain => {
            let build = built(table, after, it.index)?;
            Some(format!(
                "-- first file\n{build}\n-- second file\n{}",
                taken_over(table, it, "UNIQUE")
            ))
        }
        Cause::PrimaryKey(it) if is_plain => primary_key(table, before, after, it),
        _ => None,
    }
}

/// The index, built while others write.
fn built(table: &QualifiedName, relation: &Relation, index: Oid) -> Option<String> {
    let Index {
        name,
        unique,
        definition,
        ..
    } = relation.indexes.iter().find(|it| it.oid == index)?;
    let unique = if *unique { "UNIQUE " } else { "" };
    let name_in_schema = QualifiedName {
        schema: table.schema.clone(),
        name: name.clone(),
    };
    Some(format!(
        "{ALONE}\nDROP INDEX CONCURRENTLY IF EXISTS {name_in_schema};\n\
         CREATE {unique}INDEX CONCURRENTLY {name} ON {table} USING {definition};"
    ))
}

fn in_two_files(table: &QualifiedName, constraint: &Constraint) -> String {
    let (name, rule) = (&constraint.name, constraint.rule());
    format!(
        "-- first file\nALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID;\n\
         -- second file\nALTER TABLE {table} VALIDATE CONSTRAINT {name};"
    )
}

/// `SET NOT NULL` behind a check that proves it, with more to do in the third file.
fn proved(table: &QualifiedName, columns: &[&Column], then: &str) -> String {
    let checks: Vec<(Ident, &Ident)> = columns
        .iter()
        .map(|column| {
            let name = format!("{}_{}_not_null", table.name.as_str(), column.name.as_str());
            (Ident::from(name.as_str()), &column.name)
        })
        .collect();
    let each = |line: &dyn Fn(&Ident, &Ident) -> String| -> String {
        checks
            .iter()
            .map(|(check, column)| format!("ALTER TABLE {table} {};\n", line(check, column)))
            .collect()
    };
    let add = each(&|check, column| {
        format!("ADD CONSTRAINT {check} CHECK ({column} IS NOT NULL) NOT VALID")
    });
    let validate = each(&|check, _| format!("VALIDATE CONSTRAINT {check}"));
    let set = each(&|_, column| format!("ALTER COLUMN {column} SET NOT NULL"));
    let drop = each(&|check, _| format!("DROP CONSTRAINT {check}"));
    format!("-- first file\n{add}-- second file\n{validate}-- third file\n{set}{drop}{then}")
        .trim_end()
        .to_owned()
}

/// A constraint that takes its index over.
fn taken_over(table: &QualifiedName, constraint: &Constraint, kind: &str) -> String {
    let name = &constraint.name;
    let deferrable = constraint
        .definition
        .find(" DEFERRABLE")
        .map_or("", |at| &constraint.definition[at..]);
    format!("ALTER TABLE {table} ADD CONSTRAINT {name} {kind} USING INDEX {name}{deferrable};")
}

fn primary_key(
    table: &QualifiedName,
    before: &Relation,
    after: &Relation,
    key: &Constraint,
) -> Option<String> {
    let take = taken_over(table, key, "PRIMARY KEY");
    // An index that was there is taken over already: only its columns are read for NULL.
    let was_there = before.indexes.iter().any(|it| it.oid == key.index);
    let build = if was_there {
        None
    } else {
        Some(built(table, after, key.index)?)
    };
    let nullable: Vec<&Column> = key
        .columns
        .iter()
        .filter_map(|number| before.column(*number))
        .filter(|column| !column.not_null)
        .collect();
    let steps = if nullable.is_empty() {
        format!("-- next file\n{take}")
    } else {
        proved(table, &nullable, &take)
    };
    Some(match build {
        Some(build) => format!("-- before\n{build}\n{steps}"),
        None => steps,
    })
}
