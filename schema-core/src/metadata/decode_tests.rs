//! What is encoded comes back, and nothing else does.

use std::sync::LazyLock;

use bumpalo::Bump;

use super::{DecodeError, decode};
use crate::def::{
    ActionDef, AttachedDef, BoundDef, CheckDef, ColumnDef, CompositeDef, DeferrableDef, DomainDef,
    ElementDef, ElementKeyDef, EnumDef, ExcludeDef, ExtensionDef, FieldDef, ForeignKeyDef,
    GrantDef, IdentityDef, IndexDef, KeyDef, NameDef, NewtypeDef, PartitionByDef, PartitionDef,
    PolicyDef, Record, RowDef, RowsDef, SchemaDef, SourceDef, SqlDef, StatementsDef, StatisticsDef,
    TableDef, TriggerDef, TypeDef, TypeOrigin, ValueDef, ViewDef,
};
use crate::metadata::encode::encode;

const SOURCE: SourceDef<'static> = SourceDef {
    file: "src/lib.rs",
    line: 7,
    column: 1,
    module: "shop::users",
    item: "Üser",
    spelling: "0123456789abcdef *=0123 id=4567",
};
const SQL: SqlDef<'static> = SqlDef {
    parts: &["\"plan\" = ", "'free'::plan"],
    depends_on: &[NameDef {
        schema: "s",
        name: "f",
    }],
    line: 12,
};
const TYPE: TypeDef<'static> = TypeDef {
    name: NameDef {
        schema: "",
        name: "numeric",
    },
    modifiers: &[12, -2],
    dimensions: 1,
    origin: TypeOrigin::Extension("citext"),
};
const KEY: KeyDef<'static> = KeyDef {
    name: "users_pkey",
    renamed_from: Some("old"),
    columns: &["id", "org_id"],
    include: &["email"],
    nulls_not_distinct: true,
    deferrable: DeferrableDef::InitiallyDeferred,
    storage_parameters: &[("fillfactor", "70")],
    line: 3,
};
const ELEMENT: ElementDef<'static> = ElementDef {
    key: ElementKeyDef::Expression(SQL),
    descending: true,
    nulls_first: Some(false),
    opclass: Some("gin_trgm_ops"),
    collation: None,
};
const TABLE: Record<'static> = Record::Table(TableDef {
    name: NameDef {
        schema: "billing",
        name: "users",
    },
    renamed_from: None,
    comment: Some("who\npays"),
    unlogged: true,
    storage_parameters: &[],
    tablespace: Some("fast"),
    columns: &[ColumnDef {
        name: "id",
        renamed_from: Some("nr"),
        ty: TYPE,
        nullable: true,
        default: Some(SQL),
        identity: Some(IdentityDef {
            always: true,
            options: &[("start", i64::MIN)],
        }),
        generated: Some(SQL),
        collation: Some("C"),
        storage: Some("external"),
        compression: Some("lz4"),
        comment: Some(""),
        backfill: Some(SQL),
        using: Some(SQL),
        deprecated: Some("use `x`"),
        field: "id",
        line: u32::MAX,
    }],
    primary_key: Some(KEY),
    uniques: &[KEY, KEY],
    indexes: &[IndexDef {
        name: "users_idx",
        renamed_from: None,
        unique: true,
        method: "gin",
        elements: &[
            ELEMENT,
            ElementDef {
                key: ElementKeyDef::Column("id"),
                descending: false,
                nulls_first: None,
                opclass: None,
                collation: Some("de_DE"),
            },
        ],
        include: &["email"],
        predicate: Some(SQL),
        nulls_not_distinct: false,
        storage_parameters: &[("m", "16")],
        line: 9,
    }],
    foreign_keys: &[ForeignKeyDef {
        name: "users_org_id_fkey",
        renamed_from: None,
        columns: &["org_id"],
        references: NameDef {
            schema: "",
            name: "organization",
        },
        referenced_columns: &["id"],
        on_delete: ActionDef::SetNull,
        on_update: ActionDef::Cascade,
        match_full: true,
        deferrable: DeferrableDef::InitiallyImmediate,
        not_valid: true,
        line: 2,
    }],
    checks: &[CheckDef {
        name: "users_check",
        renamed_from: None,
        predicate: SQL,
        columns: &["a", "b"],
        not_valid: false,
        line: 4,
    }],
    excludes: &[ExcludeDef {
        name: "users_excl",
        renamed_from: None,
        method: "gist",
        elements: &[(ELEMENT, "&&")],
        include: &[],
        predicate: None,
        deferrable: DeferrableDef::No,
        storage_parameters: &[],
        line: 5,
    }],
    ignore_columns: &["legacy"],
    managed: false,
    source: SOURCE,
});
const ENUM: Record<'static> = Record::Enum(EnumDef {
    name: NameDef {
        schema: "",
        name: "plan",
    },
    renamed_from: None,
    comment: None,
    labels: &[("free", None), ("paid", Some("pro"))],
    source: SOURCE,
});
const DOMAIN: Record<'static> = Record::Domain(DomainDef {
    name: NameDef {
        schema: "",
        name: "slug",
    },
    renamed_from: Some("s"),
    comment: None,
    base: TypeDef {
        origin: TypeOrigin::Raw,
        ..TYPE
    },
    collation: None,
    not_null: true,
    default: None,
    checks: &[("slug_check", SQL)],
    source: SOURCE,
});
const SCHEMA: Record<'static> = Record::Schema(SchemaDef {
    name: "billing",
    comment: Some("money"),
    source: SOURCE,
});
const EXTENSION: Record<'static> = Record::Extension(ExtensionDef {
    name: "citext",
    schema: "public",
    version: "1.6",
    source: SOURCE,
});
const STATEMENTS: Record<'static> = Record::Statements(StatementsDef {
    text: "CREATE TYPE r AS RANGE (subtype = int8);",
    file: Some("../sql/types.sql"),
    line: 3,
    source: SOURCE,
});
const FIELD: FieldDef<'static> = FieldDef {
    name: "total",
    ty: TYPE,
    nullable: true,
    collation: Some("C"),
    comment: None,
    field: "sum",
    line: 9,
};
const VIEW: Record<'static> = Record::View(ViewDef {
    name: NameDef {
        schema: "billing",
        name: "totals",
    },
    materialized: true,
    comment: Some("what is due"),
    query: "SELECT 1",
    file: None,
    line: 4,
    options: &[("security_barrier", "true")],
    with_no_data: true,
    tablespace: Some("fast"),
    access_method: Some("heap"),
    columns: &[FIELD],
    indexes: &[],
    source: SOURCE,
});
const COMPOSITE: Record<'static> = Record::Composite(CompositeDef {
    name: NameDef {
        schema: "",
        name: "address",
    },
    comment: None,
    fields: &[FIELD, FIELD],
    source: SOURCE,
});
const ATTACHED: Record<'static> = Record::Attached(AttachedDef {
    table: NameDef {
        schema: "",
        name: "users",
    },
    row_security: true,
    force_row_security: true,
    replica_identity: Some("USING INDEX"),
    replica_index: Some("users_key"),
    access_method: Some("heap"),
    partition_by: Some(PartitionByDef {
        strategy: "RANGE",
        key: &[ElementKeyDef::Column("at"), ElementKeyDef::Expression(SQL)],
    }),
    partitions: &[
        PartitionDef {
            name: "a",
            bound: BoundDef::Range((&[SQL], &[SQL, SQL])),
            line: 1,
        },
        PartitionDef {
            name: "b",
            bound: BoundDef::List(&[SQL]),
            line: 2,
        },
        PartitionDef {
            name: "c",
            bound: BoundDef::Hash((4, 3)),
            line: 3,
        },
        PartitionDef {
            name: "d",
            bound: BoundDef::Default,
            line: 4,
        },
    ],
    policies: &[PolicyDef {
        name: "own",
        restrictive: true,
        command: "SELECT",
        roles: &["app", ""],
        using: Some(SQL),
        check: None,
        line: 5,
    }],
    triggers: &[TriggerDef {
        name: "touch",
        timing: "BEFORE",
        events: &[("UPDATE", &["a", "b"]), ("DELETE", &[])],
        for_each_row: true,
        constraint: true,
        deferrable: DeferrableDef::InitiallyDeferred,
        old_table: Some("old"),
        new_table: None,
        when: Some(SQL),
        execute: "touch()",
        line: 6,
    }],
    grants: &[GrantDef {
        privileges: &[("SELECT", &["a"])],
        roles: &["app"],
        grant_option: true,
        line: 7,
    }],
    statistics: &[StatisticsDef {
        name: "s",
        kinds: &["mcv"],
        elements: &[ElementKeyDef::Column("a")],
        line: 8,
    }],
    source: SOURCE,
});
const NEWTYPE: Record<'static> = Record::Newtype(NewtypeDef { source: SOURCE });
const ROWS: Record<'static> = Record::Rows(RowsDef {
    table: NameDef {
        schema: "",
        name: "plans",
    },
    key: &["code"],
    rows: &[
        RowDef {
            values: &[("code", ValueDef::Literal(SQL)), ("note", ValueDef::Null)],
            line: 7,
        },
        RowDef {
            values: &[("code", ValueDef::Sql(SQL))],
            line: 300,
        },
    ],
    source: SOURCE,
});
static TABLE_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| encode(&TABLE));
static ENUM_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| encode(&ENUM));
static DOMAIN_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| encode(&DOMAIN));
static SCHEMA_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| encode(&SCHEMA));
static ROWS_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| encode(&ROWS));
static EXTENSION_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| encode(&EXTENSION));

#[test]
fn records_survive_with_padding_between_them() {
    let section = [
        &TABLE_BYTES[..],
        &[0; 3],
        &ENUM_BYTES,
        &DOMAIN_BYTES,
        &SCHEMA_BYTES,
        &[0],
        &EXTENSION_BYTES,
        &encode(&NEWTYPE),
        &[0; 9],
        &ROWS_BYTES,
        &encode(&STATEMENTS),
        &encode(&VIEW),
        &[0; 2],
        &encode(&COMPOSITE),
        &encode(&ATTACHED),
    ]
    .concat();
    let records = [
        TABLE, ENUM, DOMAIN, SCHEMA, EXTENSION, NEWTYPE, ROWS, STATEMENTS, VIEW, COMPOSITE,
        ATTACHED,
    ];
    assert_eq!(decode(&section, &Bump::new()).as_deref(), Ok(&records[..]));
    assert_eq!(decode(&[], &Bump::new()).as_deref(), Ok(&[][..]));
}

#[test]
fn every_shortened_record_is_refused() {
    for bytes in [&*TABLE_BYTES, &encode(&VIEW), &encode(&ATTACHED)] {
        for length in 1..bytes.len() {
            let error = decode(&bytes[..length], &Bump::new()).expect_err("it is cut off");
            if length >= 8 {
                assert_eq!(error, DecodeError::Truncated { offset: length });
            }
        }
    }
}

#[test]
fn changed_bytes_never_panic() {
    for original in [TABLE_BYTES.clone(), encode(&VIEW), encode(&ATTACHED)] {
        for position in 0..original.len() {
            for value in [0, 1, 2, 0x7f, 0xff] {
                let mut bytes = original.clone();
                bytes[position] = value;
                let _refused_or_another_record = decode(&bytes, &Bump::new());
            }
        }
    }
}

#[test]
fn foreign_bytes_and_surplus_are_refused() {
    assert_eq!(
        decode(b"\0\0something", &Bump::new()),
        Err(DecodeError::Magic { offset: 2 })
    );
    let mut bytes = SCHEMA_BYTES.to_vec();
    let length_at = 8 + 4 + 4 + crate::metadata::CRATE_VERSION.len();
    bytes[length_at] += 1;
    bytes.push(5);
    assert_eq!(
        decode(&bytes, &Bump::new()),
        Err(DecodeError::Surplus {
            offset: SCHEMA_BYTES.len()
        })
    );
}

#[test]
fn a_record_of_the_format_before_is_read() {
    let without = SourceDef {
        spelling: "",
        ..SOURCE
    };
    let record = |source| Record::Newtype(NewtypeDef { source });
    let mut bytes = encode(&record(without));
    // Format 1 ended before the spelling, which is a single byte here.
    bytes.pop();
    bytes[8] = 1;
    let length_at = 8 + 4 + 4 + crate::metadata::CRATE_VERSION.len();
    bytes[length_at] -= 1;
    bytes[length_at + 4] -= 1;
    assert_eq!(
        decode(&bytes, &Bump::new()).as_deref(),
        Ok(&[record(without)][..])
    );
}

#[test]
fn another_format_is_refused_with_advice() {
    let mut bytes = SCHEMA_BYTES.clone();
    bytes[8] = 9;
    let error = decode(&bytes, &Bump::new()).expect_err("format 9 is unknown");
    let version = crate::metadata::CRATE_VERSION;
    assert_eq!(
        error.to_string(),
        format!(
            "the schema record at byte 0 was built with schema-core {version} (format 9); this \
             cargo-migrate reads schema-core {version} (format 3): upgrade cargo-migrate"
        )
    );
}
