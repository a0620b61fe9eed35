//! What is recorded, in the order of its bytes: the one description, from which the macros make the
//! writing half and `schema-core` the reading half. Both crates have this file; a test compares.
//!
//! A field is described by its kind: `str`, `bool`, `u8`, `u32`, `i32`, `i64` or another described
//! type; `(kind?)` for an option, `[kind]` for a list, `(kind, kind)` for a pair, `(kind since 2)` for
//! a field that records of an earlier format do not have. A text and what is
//! `resolved_…` may be known to the compiler only: its bytes then follow those of the others.

macro_rules! records {
    ($codec:ident) => {
        $codec! {
            enum Record<'a> {
                0 => Table(table: TableDef),
                1 => Enum(value: EnumDef),
                2 => Domain(domain: DomainDef),
                3 => Schema(schema: SchemaDef),
                4 => Extension(extension: ExtensionDef),
                6 => Newtype(newtype: NewtypeDef),
                5 => Rows(rows: RowsDef),
                7 => Statements(statements: StatementsDef),
                8 => View(view: ViewDef),
                9 => Composite(composite: CompositeDef),
                10 => Attached(attached: AttachedDef),
            }

            struct SourceDef<'a> {
                file: str,
                line: resolved_u32,
                column: resolved_u32,
                module: str,
                item: str,
                spelling: (str since 2),
            }

            struct NameDef<'a> {
                schema: str,
                name: str,
            }

            struct SqlDef<'a> {
                parts: [str],
                depends_on: [NameDef],
                line: u32,
            }

            struct TableDef<'a> {
                name: NameDef,
                renamed_from: (str?),
                comment: (str?),
                unlogged: bool,
                storage_parameters: [(str, str)],
                tablespace: (str?),
                columns: [ColumnDef],
                primary_key: (KeyDef?),
                uniques: [KeyDef],
                indexes: [IndexDef],
                foreign_keys: [ForeignKeyDef],
                checks: [CheckDef],
                excludes: [ExcludeDef],
                ignore_columns: [str],
                managed: bool,
                source: SourceDef,
            }

            struct ColumnDef<'a> {
                name: str,
                renamed_from: (str?),
                ty: resolved_type,
                nullable: resolved_bool,
                default: (SqlDef?),
                identity: (IdentityDef?),
                generated: (SqlDef?),
                collation: (str?),
                storage: (str?),
                compression: (str?),
                comment: (str?),
                backfill: (SqlDef?),
                using: (SqlDef?),
                deprecated: (str?),
                field: str,
                line: u32,
            }

            struct TypeDef<'a> {
                modifiers: [i32],
                name: NameDef,
                dimensions: u8,
                origin: TypeOrigin,
            }

            enum TypeOrigin<'a> {
                0 => BuiltIn,
                1 => Declared,
                2 => Extension(name: str),
                3 => Raw,
            }

            struct IdentityDef<'a> {
                always: bool,
                options: [(str, i64)],
            }

            struct KeyDef<'a> {
                name: str,
                renamed_from: (str?),
                columns: [str],
                include: [str],
                nulls_not_distinct: bool,
                deferrable: DeferrableDef,
                storage_parameters: [(str, str)],
                line: u32,
            }

            enum DeferrableDef {
                0 => No,
                1 => InitiallyImmediate,
                2 => InitiallyDeferred,
            }

            struct IndexDef<'a> {
                name: str,
                renamed_from: (str?),
                unique: bool,
                method: str,
                elements: [ElementDef],
                include: [str],
                predicate: (SqlDef?),
                nulls_not_distinct: bool,
                storage_parameters: [(str, str)],
                line: u32,
            }

            struct ElementDef<'a> {
                key: ElementKeyDef,
                descending: bool,
                nulls_first: (bool?),
                opclass: (str?),
                collation: (str?),
            }

            enum ElementKeyDef<'a> {
                0 => Column(name: str),
                1 => Expression(sql: SqlDef),
            }

            struct ForeignKeyDef<'a> {
                name: str,
                renamed_from: (str?),
                columns: [str],
                references: NameDef,
                referenced_columns: [str],
                on_delete: ActionDef,
                on_update: ActionDef,
                match_full: bool,
                deferrable: DeferrableDef,
                not_valid: bool,
                line: u32,
            }

            enum ActionDef {
                0 => NoAction,
                1 => Restrict,
                2 => Cascade,
                3 => SetNull,
                4 => SetDefault,
            }

            struct CheckDef<'a> {
                name: str,
                renamed_from: (str?),
                predicate: SqlDef,
                columns: [str],
                not_valid: bool,
                line: u32,
            }

            struct ExcludeDef<'a> {
                name: str,
                renamed_from: (str?),
                method: str,
                elements: [(ElementDef, str)],
                include: [str],
                predicate: (SqlDef?),
                deferrable: DeferrableDef,
                storage_parameters: [(str, str)],
                line: u32,
            }

            struct EnumDef<'a> {
                name: NameDef,
                renamed_from: (str?),
                comment: (str?),
                labels: [(str, (str?))],
                source: SourceDef,
            }

            struct DomainDef<'a> {
                name: NameDef,
                renamed_from: (str?),
                comment: (str?),
                base: resolved_type,
                collation: (str?),
                not_null: bool,
                default: (SqlDef?),
                checks: [(str, SqlDef)],
                source: SourceDef,
            }

            struct NewtypeDef<'a> {
                source: SourceDef,
            }

            struct SchemaDef<'a> {
                name: str,
                comment: (str?),
                source: SourceDef,
            }

            struct ExtensionDef<'a> {
                name: str,
                schema: str,
                version: (str since 3),
                source: SourceDef,
            }

            struct RowsDef<'a> {
                table: NameDef,
                key: [str],
                rows: [RowDef],
                source: SourceDef,
            }

            struct RowDef<'a> {
                values: [(str, ValueDef)],
                line: u32,
            }

            enum ValueDef<'a> {
                0 => Null,
                1 => Literal(sql: SqlDef),
                2 => Sql(sql: SqlDef),
            }

            struct StatementsDef<'a> {
                text: str,
                file: (str?),
                line: u32,
                source: SourceDef,
            }

            struct ViewDef<'a> {
                name: NameDef,
                materialized: bool,
                comment: (str?),
                query: str,
                file: (str?),
                line: u32,
                options: [(str, str)],
                with_no_data: bool,
                tablespace: (str?),
                access_method: (str?),
                columns: [FieldDef],
                indexes: [IndexDef],
                source: SourceDef,
            }

            struct FieldDef<'a> {
                name: str,
                ty: resolved_type,
                nullable: resolved_bool,
                collation: (str?),
                comment: (str?),
                field: str,
                line: u32,
            }

            struct CompositeDef<'a> {
                name: NameDef,
                comment: (str?),
                fields: [FieldDef],
                source: SourceDef,
            }

            struct AttachedDef<'a> {
                table: NameDef,
                row_security: bool,
                force_row_security: bool,
                replica_identity: (str?),
                replica_index: (str?),
                access_method: (str?),
                partition_by: (PartitionByDef?),
                partitions: [PartitionDef],
                policies: [PolicyDef],
                triggers: [TriggerDef],
                grants: [GrantDef],
                statistics: [StatisticsDef],
                source: SourceDef,
            }

            struct PartitionByDef<'a> {
                strategy: str,
                key: [ElementKeyDef],
            }

            struct PartitionDef<'a> {
                name: str,
                bound: BoundDef,
                line: u32,
            }

            enum BoundDef<'a> {
                0 => Default,
                1 => Range(range: ([SqlDef], [SqlDef])),
                2 => List(values: [SqlDef]),
                3 => Hash(hash: (u32, u32)),
            }

            struct PolicyDef<'a> {
                name: str,
                restrictive: bool,
                command: str,
                roles: [str],
                using: (SqlDef?),
                check: (SqlDef?),
                line: u32,
            }

            struct TriggerDef<'a> {
                name: str,
                timing: str,
                events: [(str, [str])],
                for_each_row: bool,
                constraint: bool,
                deferrable: DeferrableDef,
                old_table: (str?),
                new_table: (str?),
                when: (SqlDef?),
                execute: str,
                line: u32,
            }

            struct GrantDef<'a> {
                privileges: [(str, [str])],
                roles: [str],
                grant_option: bool,
                line: u32,
            }

            struct StatisticsDef<'a> {
                name: str,
                kinds: [str],
                elements: [ElementKeyDef],
                line: u32,
            }
        }
    };
}
pub(super) use records;
