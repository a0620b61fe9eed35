//! Tables in macros, behind `cfg`, in private modules, with raw names, aliases and cycles.
#![deny(warnings)]

mod inner {
    use schema_core::prelude::*;

    type Key = i64;
    type Maybe<T> = Option<T>;

    macro_rules! made {
        ($name:ident { $($field:ident: $ty:ty),* }) => {
            #[table(crate = ::schema_core)]
            pub(super) struct $name {
                #[column(primary_key)]
                pub(super) id: i64,
                $(pub(super) $field: $ty,)*
            }
        };
    }
    made!(Made { text: Maybe<String> });

    #[derive(Clone)]
    #[table(rename_all = "camelCase")]
    #[index(r#type, name = "by_type")]
    pub(super) struct Left {
        #[column(primary_key)]
        pub(super) left_id: Key,
        #[column(references = Right::id)]
        pub(super) r#type: Maybe<Key>,
        #[cfg(any())]
        pub(super) gone: Missing,
        #[column(skip)]
        pub(super) cache: std::marker::PhantomData<()>,
    }

    #[table]
    pub(super) struct Right {
        #[column(primary_key)]
        pub(super) id: Key,
        #[column(references = super::inner::Left::left_id, name = "left")]
        pub(super) other: Maybe<Key>,
    }
}

use schema_core::def::{Record, TableDef};

fn main() {
    let left = recorded("Left");
    let names: Vec<_> = left.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["leftId", "type"]);
    assert_eq!(left.foreign_keys[0].name, "left_type_fkey");
    assert_eq!(recorded("Right").foreign_keys[0].referenced_columns, ["leftId"]);
    assert_eq!(recorded("Right").columns[1].field, "other");
    assert!(recorded("Made").columns[1].nullable);
    let left = inner::Left {
        left_id: 1,
        r#type: None,
        cache: std::marker::PhantomData,
    };
    let _ = (left.clone().left_id, left.r#type, left.cache);
    let made = inner::Made { id: 1, text: None };
    let _ = (made.id, made.text);
    let right = inner::Right { id: 1, other: None };
    let _ = (right.id, right.other);
}

/// What this executable records of a table.
fn recorded(item: &str) -> TableDef<'static> {
    let program = std::env::current_exe().unwrap().try_into().unwrap();
    let arena = Box::leak(Box::default());
    let records = schema_core::metadata::extract::records(&[program], arena).unwrap();
    let table = records.into_iter().find_map(|record| match record {
        Record::Table(table) if table.source.item == item => Some(table),
        _ => None,
    });
    table.unwrap()
}
