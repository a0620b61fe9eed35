//! Each check with the smallest schema that it refuses, and its neighbour that is fine.

use super::*;
use crate::def::{
    ActionDef, ColumnDef, DeferrableDef, ForeignKeyDef, IdentityDef, IndexDef, KeyDef, TypeDef,
    TypeOrigin,
};

const TEXT: TypeDef<'_> = TypeDef {
    name: name("text"),
    modifiers: &[],
    dimensions: 0,
    origin: TypeOrigin::BuiltIn,
};

const COLUMN: ColumnDef<'_> = ColumnDef {
    name: "id",
    renamed_from: None,
    ty: TEXT,
    nullable: false,
    default: None,
    identity: None,
    generated: None,
    collation: None,
    storage: None,
    compression: None,
    comment: None,
    backfill: None,
    using: None,
    deprecated: None,
    field: "id",
    line: 11,
};

const KEY: KeyDef<'_> = KeyDef {
    name: "users_pkey",
    renamed_from: None,
    columns: &["id"],
    include: &[],
    nulls_not_distinct: false,
    deferrable: DeferrableDef::No,
    storage_parameters: &[],
    line: 12,
};

const FOREIGN_KEY: ForeignKeyDef<'_> = ForeignKeyDef {
    name: "fkey",
    renamed_from: None,
    columns: &["id"],
    references: name("users"),
    referenced_columns: &["id"],
    on_delete: ActionDef::NoAction,
    on_update: ActionDef::NoAction,
    match_full: false,
    deferrable: DeferrableDef::No,
    not_valid: false,
    line: 13,
};

const INDEX: IndexDef<'_> = IndexDef {
    name: "idx",
    renamed_from: None,
    unique: false,
    method: "btree",
    elements: &[],
    include: &[],
    predicate: None,
    nulls_not_distinct: false,
    storage_parameters: &[],
    line: 14,
};

const USERS: TableDef<'_> = table("users", &[COLUMN]);

const fn name(name: &str) -> NameDef<'_> {
    NameDef { schema: "", name }
}

const fn source(item: &str, line: u32) -> SourceDef<'_> {
    SourceDef {
        file: "src/lib.rs",
        line,
        column: 1,
        module: "app",
        item,
        spelling: "",
    }
}

const fn table<'a>(table: &'a str, columns: &'a [ColumnDef<'a>]) -> TableDef<'a> {
    TableDef {
        name: name(table),
        renamed_from: None,
        comment: None,
        unlogged: false,
        storage_parameters: &[],
        tablespace: None,
        columns,
        primary_key: None,
        uniques: &[],
        indexes: &[],
        foreign_keys: &[],
        checks: &[],
        excludes: &[],
        ignore_columns: &[],
        managed: true,
        source: source("User", 10),
    }
}

const fn enumeration<'a>(name: &'a str, labels: &'a [(&'a str, Option<&'a str>)]) -> EnumDef<'a> {
    EnumDef {
        name: self::name(name),
        renamed_from: None,
        comment: None,
        labels,
        source: source("State", 20),
    }
}

/// The errors as `code line: title`.
#[track_caller]
fn check(records: &[Record<'_>], expected: &[&str]) {
    let errors = build(records).err().unwrap_or_default();
    let findings = errors.iter().map(SchemaError::finding).map(|finding| {
        assert!(finding.help.is_some_and(|help| !help.is_empty()));
        let lines: Vec<_> = finding
            .places
            .iter()
            .map(|it| it.line.to_string())
            .collect();
        format!("{} {}: {}", finding.code, lines.join(" "), finding.title)
    });
    assert_eq!(findings.collect::<Vec<_>>(), expected);
}

#[test]
fn tables_of_one_name_are_one_error() {
    let other = TableDef {
        source: source("Person", 30),
        ..USERS
    };
    check(
        &[Record::Table(USERS), Record::Table(other)],
        &["S001 10 30: 2 tables are named `users`"],
    );
    let elsewhere = NameDef {
        schema: "audit",
        name: "users",
    };
    let other = TableDef {
        name: elsewhere,
        ..USERS
    };
    check(&[Record::Table(USERS), Record::Table(other)], &[]);
}

#[test]
fn a_table_is_also_a_type() {
    check(
        &[
            Record::Table(USERS),
            Record::Enum(enumeration("users", &[])),
        ],
        &[
            "S002 10 20: the type name `users` is taken twice: a table (struct `User`), an enum (`State`)",
        ],
    );
}

#[test]
fn indexes_keys_and_sequences_take_names_from_tables() {
    let indexes = [
        IndexDef {
            name: "taken",
            ..INDEX
        },
        IndexDef {
            name: "users_pkey",
            ..INDEX
        },
    ];
    let identity = [ColumnDef {
        identity: Some(IdentityDef {
            always: true,
            options: &[],
        }),
        ..COLUMN
    }];
    let users = TableDef {
        primary_key: Some(KEY),
        indexes: &indexes,
        ..table("users", &identity)
    };
    check(
        &[
            Record::Table(users),
            Record::Table(table("taken", &[])),
            Record::Table(table("users_id_seq", &[])),
        ],
        &[
            "S003 10 11: the relation name `users_id_seq` is taken twice: a table (struct `User`), the identity sequence of `users`",
            "S003 10 14: the relation name `taken` is taken twice: a table (struct `User`), an index of `users`",
            "S003 12 14: the relation name `users_pkey` is taken twice: the primary key of `users`, an index of `users`",
        ],
    );
}

#[test]
fn foreign_keys_need_a_table_and_a_key_that_is_not_deferrable() {
    let posts = TableDef {
        foreign_keys: &[FOREIGN_KEY],
        ..table("posts", &[COLUMN])
    };
    check(
        &[Record::Table(posts)],
        &[
            "S004 13: foreign key `fkey` of `posts` references `users`, which no struct of this build declares",
        ],
    );
    check(
        &[Record::Table(posts), Record::Table(USERS)],
        &[
            "S005 13 10: foreign key `fkey` of `posts` references `users` (`id`), which is neither its primary key nor unique",
        ],
    );
    let deferrable = [KeyDef {
        deferrable: DeferrableDef::InitiallyDeferred,
        ..KEY
    }];
    let users = TableDef {
        uniques: &deferrable,
        ..USERS
    };
    check(
        &[Record::Table(posts), Record::Table(users)],
        &[
            "S006 13 12: foreign key `fkey` of `posts` references the deferrable key `users_pkey` of `users`",
        ],
    );
    let users = TableDef {
        primary_key: Some(KEY),
        managed: false,
        ..USERS
    };
    check(&[Record::Table(posts), Record::Table(users)], &[]);
}

#[test]
fn a_cycle_needs_a_nullable_or_deferrable_foreign_key() {
    let to = |references| ForeignKeyDef {
        references: name(references),
        ..FOREIGN_KEY
    };
    let table = |name, key, foreign_keys| TableDef {
        primary_key: Some(KeyDef { name: key, ..KEY }),
        foreign_keys,
        ..table(name, &[COLUMN])
    };
    let (to_a, to_b_and_a, to_c) = ([to("a")], [to("b"), to("a")], [to("c")]);
    let a = table("a", "a_pkey", &to_c);
    let b = table("b", "b_pkey", &to_a);
    let c = table("c", "c_pkey", &to_b_and_a);
    let records = |a| [Record::Table(a), Record::Table(b), Record::Table(c)];
    check(
        &records(a),
        &[
            "S007 13 13: no row can be inserted first: `a`, `c` reference each other in a cycle that no nullable or deferrable foreign key opens",
        ],
    );
    let nullable = [ColumnDef {
        nullable: true,
        ..COLUMN
    }];
    let open = TableDef {
        columns: &nullable,
        ..a
    };
    check(&records(open), &[]);
    let deferrable = [ForeignKeyDef {
        deferrable: DeferrableDef::InitiallyImmediate,
        ..to_c[0]
    }];
    let open = TableDef {
        foreign_keys: &deferrable,
        ..a
    };
    check(&records(open), &[]);
}

#[test]
fn a_row_may_reference_itself() {
    let users = TableDef {
        primary_key: Some(KEY),
        foreign_keys: &[FOREIGN_KEY],
        ..USERS
    };
    check(&[Record::Table(users)], &[]);
}

#[test]
fn renamed_from_is_a_name_that_is_gone_and_claimed_once() {
    let renamed = |name, old| ColumnDef {
        name,
        renamed_from: Some(old),
        ..COLUMN
    };
    let columns = [COLUMN, renamed("key", "id")];
    check(
        &[Record::Table(table("users", &columns))],
        &["S008 11 11: column `key` is renamed from `id`, which is still there"],
    );
    let columns = [renamed("key", "old"), renamed("number", "old")];
    check(
        &[Record::Table(table("users", &columns))],
        &["S009 11 11: column `key` and column `number` are both renamed from `old`"],
    );
    let people = TableDef {
        renamed_from: Some("users"),
        ..table("people", &[])
    };
    check(
        &[Record::Table(people), Record::Table(USERS)],
        &["S008 10 10: table `people` is renamed from `users`, which is still there"],
    );
    let labels = [("active", Some("idle")), ("idle", None)];
    check(
        &[Record::Enum(enumeration("state", &labels))],
        &["S008 20 20: enum value `active` is renamed from `idle`, which is still there"],
    );
}

#[test]
fn declarations_may_repeat_but_not_differ() {
    let schema = |comment, line| {
        Record::Schema(SchemaDef {
            name: "billing",
            comment,
            source: source("billing", line),
        })
    };
    check(&[schema(None, 1), schema(None, 2)], &[]);
    check(
        &[schema(None, 1), schema(Some("money"), 2)],
        &["S010 1 2: schema `billing` is declared twice, and not alike"],
    );
}

#[test]
fn types_are_declared_or_of_a_declared_extension() {
    let typed = |origin| {
        [ColumnDef {
            ty: TypeDef {
                name: name("citext"),
                origin,
                ..TEXT
            },
            ..COLUMN
        }]
    };
    let columns = typed(TypeOrigin::Extension("citext"));
    let users = Record::Table(table("users", &columns));
    check(
        &[users],
        &[
            "S011 11: column `id` of `users` has the type `citext` of extension `citext`, which is not declared",
        ],
    );
    let extension = Record::Extension(ExtensionDef {
        name: "citext",
        schema: "",
        version: "",
        source: source("citext", 1),
    });
    check(&[users, extension], &[]);
    let columns = typed(TypeOrigin::Declared);
    let users = Record::Table(table("users", &columns));
    check(
        &[users],
        &[
            "S012 11: column `id` of `users` has the type `citext`, which nothing in this build declares",
        ],
    );
    check(&[users, Record::Enum(enumeration("citext", &[]))], &[]);
}

#[test]
fn hints_hold_what_a_catalog_cannot() {
    let backfill = SqlDef {
        parts: &["coalesce(", "hint", ")"],
        depends_on: &[],
        line: 40,
    };
    let columns = [ColumnDef {
        renamed_from: Some("number"),
        backfill: Some(backfill),
        ..COLUMN
    }];
    let users = TableDef {
        renamed_from: Some("old.people"),
        ignore_columns: &["legacy"],
        ..table("users", &columns)
    };
    let hints = build(&[Record::Table(users)])
        .expect("a valid schema")
        .hints();
    let table = QualifiedName::in_default_schema("users");
    let column = (table.clone(), Ident::from("id"));
    assert_eq!(
        hints.renames.tables[&table],
        QualifiedName::new("old", "people")
    );
    assert_eq!(hints.renames.columns[&column], "number");
    assert_eq!(hints.backfill[&column], "coalesce(hint)");
    assert!(hints.ignored_columns[&table].contains("legacy"));
    let line = |key| hints.place(&key).map(|place| place.line);
    assert_eq!(
        line(ObjectKey::Column(table.clone(), "id".into())),
        Some(11)
    );
    assert_eq!(
        line(ObjectKey::Expression(table.clone(), "id".into())),
        Some(11)
    );
    assert_eq!(line(ObjectKey::Constraint(table, "gone".into())), Some(10));
}
