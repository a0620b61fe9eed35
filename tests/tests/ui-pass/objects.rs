//! Views, composite types, statements, and what is attached to tables.
#![deny(warnings)]
#![deny(missing_docs)]
#![forbid(unsafe_code)]

use schema_core::def::{BoundDef, Record};
use schema_core::prelude::*;
use schema_core::table::View;

const RANGES: &str = concat!("CREATE TYPE spans AS ", "RANGE (subtype = int8)");
sql!(RANGES);
sql!("SELECT 1; SELECT ';'", crate = ::schema_core);

extension!(citext, version = "1.6");

/// A place.
#[derive(PgComposite)]
#[pg(name = "place", schema = "geo")]
pub struct Place {
    /// To the north.
    pub north: f64,
    /// To the east.
    #[pg(name = "to_the_east", type = numeric(9, 6))]
    pub east: Option<String>,
}

/// Readings.
#[table(name = "readings", rls, partition_by = range(at, sql("lower(unit)")), replica_identity = nothing)]
#[partition(name = "readings_old", from = [minvalue, minvalue], to = ["2031-01-01", "a"])]
#[partition(name = "readings_rest", default)]
#[policy(name = "own", using = unit == "m" && value > 1.5)]
#[trigger(name = "t", after(insert, update(unit, value)), for_each = statement, new_table = "added", execute = "f(1)")]
#[grant(select, insert(unit), to = public)]
#[statistics(unit, sql("value * 2"))]
#[primary_key(at, id)]
pub struct Reading {
    /// Its number.
    pub id: i64,
    /// When.
    #[column(type = date)]
    pub at: String,
    /// Where.
    pub place: Option<Place>,
    /// Of what.
    pub unit: String,
    /// How much.
    pub value: f64,
}

/// Readings in metres.
#[view(sql = "SELECT id, unit FROM readings", check_option = local, security_invoker = true)]
#[derive(Debug)]
pub struct Metres {
    /// Its number.
    pub id: i64,
    /// Always the same.
    #[column(name = "unit")]
    pub of: Option<String>,
}

/// How many there are.
#[materialized_view(file = "objects.rs", with(fillfactor = 50), with_no_data)]
#[unique(unit)]
pub struct Units {
    /// Of what.
    pub unit: String,
    /// How many.
    pub count: i64,
}

fn main() {
    fn is_view<V: View>() -> &'static str {
        V::NAME.name
    }
    assert_eq!(is_view::<Metres>(), "metres");
    assert_eq!(Metres::COLUMNS.of.name(), "unit");
    let program = std::env::current_exe().unwrap().try_into().unwrap();
    let arena = Box::leak(Box::default());
    let records = schema_core::metadata::extract::records(&[program], arena).unwrap();
    let mut seen = Vec::new();
    for record in &records {
        match record {
            Record::Statements(it) if it.line == 0 => {
                assert_eq!(it.text, "CREATE TYPE spans AS RANGE (subtype = int8)");
                seen.push("constant");
            }
            Record::Statements(it) => {
                assert_eq!((it.text, it.line), ("SELECT 1; SELECT ';'", 12));
                seen.push("text");
            }
            Record::Extension(it) => {
                assert_eq!(it.version, "1.6");
                seen.push("extension");
            }
            Record::Composite(it) => {
                assert_eq!((it.name.schema, it.fields[1].name), ("geo", "to_the_east"));
                assert_eq!(it.fields[1].ty.modifiers, [9, 6]);
                assert_eq!(it.fields[0].comment, Some("To the north."));
                assert_eq!([it.fields[0].nullable, it.fields[1].nullable], [false, true]);
                seen.push("composite");
            }
            Record::Attached(it) => {
                assert_eq!(it.partitions[1].bound, BoundDef::Default);
                let BoundDef::Range((from, to)) = it.partitions[0].bound else {
                    panic!("a range");
                };
                assert_eq!(from[1].parts, ["MINVALUE"]);
                assert_eq!(to[0].parts, ["'2031-01-01'"]);
                assert_eq!(it.partition_by.unwrap().key.len(), 2);
                assert_eq!(it.policies[0].command, "ALL");
                assert_eq!(it.triggers[0].events[1], ("UPDATE", &["unit", "value"][..]));
                assert!(!it.triggers[0].for_each_row);
                assert_eq!(it.grants[0].roles, [""]);
                assert_eq!(it.statistics[0].name, "readings_unit_expr_stat");
                seen.push("attached");
            }
            Record::View(it) if it.materialized => {
                assert_eq!((it.file, it.line), (Some("objects.rs"), 0));
                assert!(it.query.starts_with("//! Views,"));
                assert_eq!(it.indexes[0].name, "units_unit_idx");
                assert!(it.indexes[0].unique && it.with_no_data);
                seen.push("materialized");
            }
            Record::View(it) => {
                let options = [("security_invoker", "true"), ("check_option", "local")];
                assert_eq!(it.options, options);
                assert_eq!((it.columns[1].name, it.columns[1].field), ("unit", "of"));
                assert!(it.columns[1].nullable && !it.columns[0].nullable);
                seen.push("view");
            }
            _ => {}
        }
    }
    seen.sort_unstable();
    let all = ["attached", "composite", "constant", "extension", "materialized", "text", "view"];
    assert_eq!(seen, all);
    let _ = (Place { north: 0.0, east: None }, Units { unit: String::new(), count: 0 });
    let metres = Metres { id: 1, of: None };
    let _ = (&metres, metres.id, &metres.of);
}
