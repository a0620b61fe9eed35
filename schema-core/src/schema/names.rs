//! S001, S002, S003: names that are taken twice.

use std::collections::BTreeMap;

use super::{Claim, SchemaError, item_place, line_place, qualified};
use crate::def::{Record, TableDef};
use crate::diagnostic::Place;
use crate::ident::{MAX_IDENT_BYTES, QualifiedName};

type Names = BTreeMap<QualifiedName, Vec<(Kind, Claim)>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Table,
    Type,
    Other,
}

/// `pg_class` holds one relation of a name in a schema, `pg_type` one type; a table is in both.
pub(super) fn check(records: &[Record<'_>]) -> Vec<SchemaError> {
    let mut relations = Names::new();
    let mut types = Names::new();
    for record in records {
        match record {
            Record::Table(table) => {
                let name = qualified(table.name);
                let claim = Claim {
                    what: format!("a table (struct `{}`)", table.source.item),
                    place: item_place(&table.source, String::new()),
                };
                claim_name(&mut types, name.clone(), Kind::Table, claim.clone());
                claim_name(&mut relations, name, Kind::Table, claim);
                if table.managed {
                    parts(table, &mut relations);
                }
            }
            Record::Enum(it) => {
                let what = format!("an enum (`{}`)", it.source.item);
                let place = item_place(&it.source, String::new());
                let claim = Claim { what, place };
                claim_name(&mut types, qualified(it.name), Kind::Type, claim);
            }
            Record::Domain(it) => {
                let what = format!("a domain (`{}`)", it.source.item);
                let place = item_place(&it.source, String::new());
                let claim = Claim { what, place };
                claim_name(&mut types, qualified(it.name), Kind::Type, claim);
            }
            Record::Composite(it) => {
                let what = format!("a composite type (`{}`)", it.source.item);
                let place = item_place(&it.source, String::new());
                let claim = Claim { what, place };
                // PostgreSQL keeps it among the relations too.
                claim_name(&mut types, qualified(it.name), Kind::Type, claim.clone());
                claim_name(&mut relations, qualified(it.name), Kind::Other, claim);
            }
            Record::View(it) => {
                let name = qualified(it.name);
                let what = format!("a view (struct `{}`)", it.source.item);
                let place = item_place(&it.source, String::new());
                claim_name(
                    &mut relations,
                    name.clone(),
                    Kind::Other,
                    Claim { what, place },
                );
                for index in it.indexes {
                    let place = line_place(&it.source, index.line, String::new());
                    let what = format!("an index of `{name}`");
                    let index = name.sibling(index.name);
                    claim_name(&mut relations, index, Kind::Other, Claim { what, place });
                }
            }
            Record::Attached(it) => {
                let table = qualified(it.table);
                for partition in it.partitions {
                    let place = line_place(&it.source, partition.line, String::new());
                    let what = format!("a partition of `{table}`");
                    let partition = table.sibling(partition.name);
                    claim_name(
                        &mut relations,
                        partition,
                        Kind::Other,
                        Claim { what, place },
                    );
                }
            }
            Record::Schema(_)
            | Record::Extension(_)
            | Record::Newtype(_)
            | Record::Rows(_)
            | Record::Statements(_) => {}
        }
    }
    let relations = clashes(relations).map(|(name, kinds, claims)| {
        if kinds.iter().all(|kind| *kind == Kind::Table) {
            SchemaError::TableTwice { name, claims }
        } else {
            SchemaError::RelationTwice { name, claims }
        }
    });
    let types = clashes(types)
        // Two tables of one name are one error, not two.
        .filter(|(_, kinds, _)| kinds.contains(&Kind::Type))
        .map(|(name, _, claims)| SchemaError::TypeTwice { name, claims });
    relations.chain(types).collect()
}

/// What a table brings with it: an index for each key and exclusion, a sequence for each identity.
fn parts(table: &TableDef<'_>, relations: &mut Names) {
    let name = qualified(table.name);
    let mut claim = |part: &str, what: &str, line: u32| {
        let place: Place = line_place(&table.source, line, String::new());
        let what = format!("{what} of `{name}`");
        claim_name(
            relations,
            name.sibling(part),
            Kind::Other,
            Claim { what, place },
        );
    };
    if let Some(key) = &table.primary_key {
        claim(key.name, "the primary key", key.line);
    }
    for key in table.uniques {
        claim(key.name, "a unique constraint", key.line);
    }
    for exclude in table.excludes {
        claim(exclude.name, "an exclusion constraint", exclude.line);
    }
    for index in table.indexes {
        claim(index.name, "an index", index.line);
    }
    for column in table.columns {
        if column.identity.is_some() {
            let sequence = sequence_name(table.name.name, column.name);
            claim(&sequence, "the identity sequence", column.line);
        }
    }
}

fn claim_name(names: &mut Names, name: QualifiedName, kind: Kind, claim: Claim) {
    names.entry(name).or_default().push((kind, claim));
}

fn clashes(names: Names) -> impl Iterator<Item = (QualifiedName, Vec<Kind>, Vec<Claim>)> {
    names
        .into_iter()
        .filter(|(_, claims)| claims.len() > 1)
        .map(|(name, mut claims)| {
            claims.sort_by(|(_, a), (_, b)| a.place.cmp(&b.place));
            let (kinds, claims) = claims.into_iter().unzip();
            (name, kinds, claims)
        })
}

/// `makeObjectName` of PostgreSQL: the longer of the two names is cut until the whole fits.
fn sequence_name(table: &str, column: &str) -> String {
    let room = MAX_IDENT_BYTES - "__seq".len();
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let table = &table[..table.floor_char_boundary(first)];
    let column = &column[..column.floor_char_boundary(second)];
    format!("{table}_{column}_seq")
}

#[cfg(test)]
mod tests {
    use super::sequence_name;

    #[test]
    fn long_sequence_names_are_cut_as_postgresql_cuts_them() {
        let long = "a".repeat(60);
        assert_eq!(sequence_name("users", "id"), "users_id_seq");
        assert_eq!(
            sequence_name(&long, "id"),
            format!("{}_id_seq", &long[..56])
        );
        assert_eq!(
            sequence_name(&long, &long),
            format!("{0}_{0}_seq", &long[..29])
        );
    }
}
