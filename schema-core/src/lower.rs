//! Schema to provisional catalog.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{
    Catalog, Check, Column, Constraint, ConstraintKind, Deferrable, Domain, DomainCheck, Enum,
    Exclusion, Extension, ForeignKey, Generation, Identity, Index, IndexElement, IndexKey, Key,
    Parameters, Persistence, ReferentialAction, SchemaObject, Sequence, SequenceOptions, Table,
};
use crate::def::{
    ActionDef, AttachedDef, CheckDef, ColumnDef, DeferrableDef, DomainDef, ElementDef,
    ElementKeyDef, ExcludeDef, ForeignKeyDef, IdentityDef, IndexDef, KeyDef, PartitionByDef,
    SqlDef, TableDef, TypeDef, TypeOrigin,
};
use crate::ident::{DEFAULT_SCHEMA, Ident, QualifiedName};
use crate::schema::{Schema, qualified, sql_text};

/// Whether doc comments become `COMMENT ON`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comments {
    /// They do.
    #[default]
    Keep,
    /// They do not.
    Drop,
}

/// The catalog that a schema asks for, spelled as the source spells it.
///
/// Tables with `managed = false` are in it, because foreign keys need them to be there when its
/// DDL is run; the [hints](crate::schema::Hints) name them, so that a diff can leave them out.
pub fn lower(schema: &Schema<'_>, comments: Comments) -> Catalog {
    let lowering = Lowering::of(schema, comments);
    let objects = lowering.schemas.iter().map(|name| {
        let declared = schema.schemas.get(name);
        let comment = lowering.comment(declared.and_then(|it| it.comment));
        (name.clone(), SchemaObject { comment })
    });
    let public = (Ident::from(DEFAULT_SCHEMA), SchemaObject::default());
    let enums = schema.enums.iter().map(|(name, it)| {
        let labels = it.labels.iter().map(|(label, _)| (*label).to_owned());
        let lowered = Enum {
            labels: labels.collect(),
            comment: lowering.comment(it.comment),
        };
        (name.clone(), lowered)
    });
    let domains = schema.domains.iter();
    let tables = schema.tables.iter();
    Catalog {
        schemas: [public].into_iter().chain(objects).collect(),
        extensions: lowering.extensions.clone(),
        enums: enums.collect(),
        domains: domains
            .map(|(name, it)| (name.clone(), lowering.domain(it)))
            .collect(),
        sequences: schema.tables.iter().flat_map(owned_sequences).collect(),
        tables: tables
            .map(|(name, it)| {
                let attached = schema.attached.get(name);
                (name.clone(), lowering.table(it, attached))
            })
            .collect(),
        ..Catalog::default()
    }
}

/// The sequences of `serial` columns: a default of `nextval('name')` on an integer column means
/// that the sequence is the column's own, as PostgreSQL makes it for `serial`.
fn owned_sequences<'a>(
    (table, def): (&'a QualifiedName, &'a TableDef<'a>),
) -> impl Iterator<Item = (QualifiedName, Sequence)> + 'a {
    let columns = def.columns.iter().filter(|_| def.managed);
    columns.filter_map(move |column| {
        let data_type = match column.ty.name.name {
            "int2" | "smallint" => "smallint",
            "int4" | "integer" => "integer",
            "int8" | "bigint" => "bigint",
            _ => return None,
        };
        let sequence = Sequence {
            data_type: data_type.to_owned(),
            options: SequenceOptions::default(),
            owned_by: Some((table.clone(), Ident::from(column.name))),
            comment: None,
        };
        Some((sequence_of(&sql_text(&column.default?))?, sequence))
    })
}

/// The name in `nextval('name')` or `nextval('name'::regclass)`.
#[expect(clippy::missing_panics_doc, reason = "there always is a first name")]
pub fn sequence_of(default: &str) -> Option<QualifiedName> {
    let call = default
        .trim()
        .strip_prefix("nextval('")?
        .strip_suffix(')')?;
    let literal = call
        .strip_suffix("::regclass")
        .unwrap_or(call)
        .strip_suffix('\'')?;
    let mut names = vec![String::new()];
    let mut quoted = false;
    for character in literal.replace("''", "'").chars() {
        let name = names.last_mut().expect("starts with one name");
        match character {
            // Two quotes within quotes are one: the second opens again, and is kept.
            '"' => {
                if !quoted && !name.is_empty() {
                    name.push('"');
                }
                quoted = !quoted;
            }
            '.' if !quoted => names.push(String::new()),
            _ if quoted => name.push(character),
            _ => name.extend(character.to_lowercase()),
        }
    }
    match names.as_slice() {
        [name] => Some(QualifiedName::in_default_schema(name.as_str())),
        [schema, name] => Some(QualifiedName::new(schema.as_str(), name.as_str())),
        _ => None,
    }
}

/// What every part needs to know of the whole.
pub(crate) struct Lowering {
    schemas: BTreeSet<Ident>,
    extensions: BTreeMap<Ident, Extension>,
    comments: Comments,
}

impl Lowering {
    pub(crate) fn of(schema: &Schema<'_>, comments: Comments) -> Self {
        let extensions = schema.extensions.iter().map(|(name, it)| {
            let schema = (!it.schema.is_empty()).then(|| Ident::from(it.schema));
            (name.clone(), Extension { schema })
        });
        Self {
            schemas: schema.schema_names(),
            extensions: extensions.collect(),
            comments,
        }
    }

    pub(crate) fn comment(&self, comment: Option<&str>) -> Option<String> {
        match self.comments {
            Comments::Keep => comment.map(str::to_owned),
            Comments::Drop => None,
        }
    }

    /// A collation as SQL spells it. Its name may hold a dot (`en_US.utf8`), so what stands before
    /// one is a schema only if there is such a schema.
    pub(crate) fn collation(&self, collation: Option<&str>) -> Option<String> {
        let text = collation?;
        let split = text.split_once('.').filter(|(schema, _)| {
            matches!(*schema, "pg_catalog" | DEFAULT_SCHEMA) || self.schemas.contains(*schema)
        });
        Some(match split {
            Some((schema, name)) => format!("{}.{}", Ident::from(schema), Ident::from(name)),
            None => Ident::from(text).to_string(),
        })
    }

    /// A type as SQL spells it. Built-in names are written as they are, for `"char"` is not `char`.
    pub(crate) fn data_type(&self, ty: &TypeDef<'_>) -> String {
        let name = match ty.origin {
            TypeOrigin::BuiltIn | TypeOrigin::Raw => ty.name.name.to_owned(),
            TypeOrigin::Declared => qualified(ty.name).to_string(),
            TypeOrigin::Extension(extension) => {
                let extension = self.extensions.get(extension);
                let schema = extension.and_then(|it| it.schema.clone());
                match schema {
                    Some(schema) => QualifiedName::new(schema, ty.name.name).to_string(),
                    None => Ident::from(ty.name.name).to_string(),
                }
            }
        };
        let modifiers: Vec<String> = ty.modifiers.iter().map(i32::to_string).collect();
        let modifiers = if modifiers.is_empty() {
            String::new()
        } else {
            format!("({})", modifiers.join(", "))
        };
        format!(
            "{name}{modifiers}{}",
            "[]".repeat(usize::from(ty.dimensions))
        )
    }

    fn domain(&self, domain: &DomainDef<'_>) -> Domain {
        let checks = domain.checks.iter().map(|(name, sql)| {
            let check = DomainCheck {
                expression: sql_text(sql),
                validated: true,
            };
            (Ident::from(*name), check)
        });
        Domain {
            base: self.data_type(&domain.base),
            base_name: declared(&domain.base),
            collation: self.collation(domain.collation),
            default: domain.default.as_ref().map(sql_text),
            not_null: domain.not_null,
            checks: checks.collect(),
            comment: self.comment(domain.comment),
        }
    }

    fn table(&self, table: &TableDef<'_>, attached: Option<&AttachedDef<'_>>) -> Table {
        let primary = table.primary_key.iter();
        let primary =
            primary.map(|key| (key.name, key_constraint(key, ConstraintKind::PrimaryKey)));
        let uniques = table.uniques.iter();
        let uniques = uniques.map(|key| (key.name, key_constraint(key, ConstraintKind::Unique)));
        let foreign = table
            .foreign_keys
            .iter()
            .map(|it| (it.name, foreign_key(it)));
        let checks = table.checks.iter().map(|it| (it.name, check(it)));
        let excludes = table.excludes.iter();
        let excludes = excludes.map(|it| (it.name, self.exclusion(it)));
        let constraints = primary
            .chain(uniques)
            .chain(foreign)
            .chain(checks)
            .chain(excludes);
        let indexes = table.indexes.iter();
        Table {
            columns: table.columns.iter().map(|it| self.column(it)).collect(),
            constraints: constraints
                .map(|(name, it)| (Ident::from(name), it))
                .collect(),
            indexes: indexes
                .map(|it| (Ident::from(it.name), self.index(it)))
                .collect(),
            persistence: if table.unlogged {
                Persistence::Unlogged
            } else {
                Persistence::Logged
            },
            storage_parameters: parameters(table.storage_parameters),
            tablespace: table.tablespace.map(Ident::from),
            partition_by: attached.and_then(|it| it.partition_by.as_ref().map(partition_by)),
            access_method: attached.and_then(|it| it.access_method.map(Ident::from)),
            comment: self.comment(table.comment),
            ..Table::default()
        }
    }

    fn column(&self, column: &ColumnDef<'_>) -> Column {
        let generation = match (&column.identity, &column.generated, &column.default) {
            (Some(identity), _, _) => Generation::Identity(lower_identity(identity)),
            (None, Some(expression), _) => Generation::Stored(sql_text(expression)),
            (None, None, Some(expression)) => Generation::Default(sql_text(expression)),
            (None, None, None) => Generation::None,
        };
        Column {
            type_name: declared(&column.ty),
            not_null: !column.nullable,
            generation,
            collation: self.collation(column.collation),
            storage: column.storage.map(str::to_owned),
            compression: column.compression.map(str::to_owned),
            comment: self.comment(column.comment),
            ..Column::new(column.name, self.data_type(&column.ty))
        }
    }

    pub(crate) fn index(&self, index: &IndexDef<'_>) -> Index {
        let columns = element_columns(index.elements.iter(), index.include);
        // A predicate may use more, and only PostgreSQL knows which.
        let complete = columns.filter(|_| index.predicate.is_none());
        Index {
            unique: index.unique,
            method: Ident::from(index.method),
            include: idents(index.include),
            nulls_not_distinct: index.nulls_not_distinct,
            storage_parameters: parameters(index.storage_parameters),
            predicate: index.predicate.as_ref().map(sql_text),
            columns: complete.unwrap_or_default(),
            ..Index::new(index.elements.iter().map(|it| self.element(it)).collect())
        }
    }

    fn exclusion(&self, exclude: &ExcludeDef<'_>) -> Constraint {
        let elements = exclude.elements.iter();
        let columns = element_columns(elements.clone().map(|(it, _)| it), exclude.include);
        let complete = columns.filter(|_| exclude.predicate.is_none());
        let kind = ConstraintKind::Exclusion(Exclusion {
            method: Ident::from(exclude.method),
            elements: elements
                .map(|(element, operator)| (self.element(element), (*operator).to_owned()))
                .collect(),
            include: idents(exclude.include),
            predicate: exclude.predicate.as_ref().map(sql_text),
            storage_parameters: parameters(exclude.storage_parameters),
            tablespace: None,
            columns: complete.unwrap_or_default(),
        });
        constraint(kind, exclude.deferrable, true)
    }

    fn element(&self, element: &ElementDef<'_>) -> IndexElement {
        IndexElement {
            key: match &element.key {
                ElementKeyDef::Column(name) => IndexKey::Column(Ident::from(*name)),
                ElementKeyDef::Expression(sql) => IndexKey::Expression(sql_text(sql)),
            },
            opclass: element.opclass.map(str::to_owned),
            collation: self.collation(element.collation),
            descending: element.descending,
            nulls_first: element.nulls_first.unwrap_or(element.descending),
        }
    }
}

/// `RANGE (at)`
fn partition_by(by: &PartitionByDef<'_>) -> String {
    let key = by.key.iter().map(|part| match part {
        ElementKeyDef::Column(name) => Ident::from(*name).to_string(),
        ElementKeyDef::Expression(sql) => format!("({})", sql_text(sql)),
    });
    format!("{} ({})", by.strategy, key.collect::<Vec<_>>().join(", "))
}

/// The enum or domain of this schema that a type is.
fn declared(ty: &TypeDef<'_>) -> Option<QualifiedName> {
    matches!(ty.origin, TypeOrigin::Declared).then(|| qualified(ty.name))
}

fn lower_identity(identity: &IdentityDef<'_>) -> Identity {
    let option = |name| {
        let found = identity.options.iter().find(|(option, _)| *option == name);
        found.map(|(_, value)| *value)
    };
    Identity {
        always: identity.always,
        sequence: None,
        options: SequenceOptions {
            start: option("start"),
            increment: option("increment"),
            min: option("minvalue"),
            max: option("maxvalue"),
            cache: option("cache"),
            cycle: option("cycle").is_some_and(|value| value != 0),
        },
    }
}

fn key_constraint(key: &KeyDef<'_>, kind: fn(Key) -> ConstraintKind) -> Constraint {
    let lowered = Key {
        columns: idents(key.columns),
        include: idents(key.include),
        nulls_not_distinct: key.nulls_not_distinct,
        storage_parameters: parameters(key.storage_parameters),
        ..Key::default()
    };
    constraint(kind(lowered), key.deferrable, true)
}

fn foreign_key(key: &ForeignKeyDef<'_>) -> Constraint {
    let kind = ConstraintKind::ForeignKey(ForeignKey {
        columns: idents(key.columns),
        references: qualified(key.references),
        referenced_columns: idents(key.referenced_columns),
        on_delete: action(key.on_delete),
        on_delete_columns: Vec::new(),
        on_update: action(key.on_update),
        match_full: key.match_full,
        period: false,
    });
    constraint(kind, key.deferrable, !key.not_valid)
}

fn check(check: &CheckDef<'_>) -> Constraint {
    let columns: BTreeSet<Ident> = check.columns.iter().copied().map(Ident::from).collect();
    let kind = ConstraintKind::Check(Check {
        expression: sql_text(&check.predicate),
        no_inherit: false,
        columns: columns.into_iter().collect(),
    });
    constraint(kind, DeferrableDef::No, !check.not_valid)
}

fn constraint(kind: ConstraintKind, deferrable: DeferrableDef, validated: bool) -> Constraint {
    Constraint {
        deferrable: match deferrable {
            DeferrableDef::No => Deferrable::No,
            DeferrableDef::InitiallyImmediate => Deferrable::InitiallyImmediate,
            DeferrableDef::InitiallyDeferred => Deferrable::InitiallyDeferred,
        },
        validated,
        ..Constraint::new(kind)
    }
}

fn action(action: ActionDef) -> ReferentialAction {
    match action {
        ActionDef::NoAction => ReferentialAction::NoAction,
        ActionDef::Restrict => ReferentialAction::Restrict,
        ActionDef::Cascade => ReferentialAction::Cascade,
        ActionDef::SetNull => ReferentialAction::SetNull,
        ActionDef::SetDefault => ReferentialAction::SetDefault,
    }
}

/// Columns of elements and include, sorted; `None` where an expression hides some.
fn element_columns<'a>(
    elements: impl Iterator<Item = &'a ElementDef<'a>>,
    include: &[&str],
) -> Option<Vec<Ident>> {
    let mut columns: BTreeSet<Ident> = include.iter().copied().map(Ident::from).collect();
    for element in elements {
        match element.key {
            ElementKeyDef::Column(name) => columns.insert(Ident::from(name)),
            ElementKeyDef::Expression(SqlDef { .. }) => return None,
        };
    }
    Some(columns.into_iter().collect())
}

fn idents(names: &[&str]) -> Vec<Ident> {
    names.iter().copied().map(Ident::from).collect()
}

fn parameters(parameters: &[(&str, &str)]) -> Parameters {
    let owned = parameters.iter();
    owned
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::def::NameDef;

    #[test]
    fn the_sequence_of_a_default_is_found_however_it_is_spelled() {
        for (default, expected) in [
            ("nextval('users_id_seq')", Some(("public", "users_id_seq"))),
            ("nextval('billing.Seq'::regclass)", Some(("billing", "seq"))),
            (
                "nextval('\"A.b\".\"it''s \"\"x\"\"\"'::regclass)",
                Some(("A.b", "it's \"x\"")),
            ),
            ("nextval(name)", None),
            ("1 + nextval('s')", None),
        ] {
            let expected = expected.map(|(schema, name)| QualifiedName::new(schema, name));
            assert_eq!(sequence_of(default), expected, "{default}");
        }
    }

    const LOWERING: Lowering = Lowering {
        schemas: BTreeSet::new(),
        extensions: BTreeMap::new(),
        comments: Comments::Keep,
    };

    #[test]
    fn collations_are_quoted_and_their_dots_are_not_taken_for_schemas() {
        let cases = [
            ("C", "\"C\""),
            ("en_US.utf8", "\"en_US.utf8\""),
            ("pg_catalog.C", "pg_catalog.\"C\""),
            ("text.german", "text.german"),
        ];
        let lowering = Lowering {
            schemas: BTreeSet::from([Ident::from("text")]),
            ..LOWERING
        };
        for (given, expected) in cases {
            assert_eq!(lowering.collation(Some(given)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn types_are_spelled_with_schema_modifiers_and_dimensions() {
        let ty = |name, modifiers: &'static [i32], dimensions, origin| TypeDef {
            name,
            modifiers,
            dimensions,
            origin,
        };
        let plain = |name| NameDef { schema: "", name };
        let geo = NameDef {
            schema: "geo",
            name: "Kind",
        };
        let citext = Extension {
            schema: Some(Ident::from("ext")),
        };
        let lowering = Lowering {
            extensions: BTreeMap::from([(Ident::from("citext"), citext)]),
            ..LOWERING
        };
        let cases = [
            (
                ty(plain("numeric"), &[12, 2], 1, TypeOrigin::BuiltIn),
                "numeric(12, 2)[]",
            ),
            (ty(plain("\"char\""), &[], 0, TypeOrigin::Raw), "\"char\""),
            (ty(geo, &[], 2, TypeOrigin::Declared), "geo.\"Kind\"[][]"),
            (
                ty(plain("citext"), &[], 0, TypeOrigin::Extension("citext")),
                "ext.citext",
            ),
            (
                ty(plain("vector"), &[3], 0, TypeOrigin::Extension("vector")),
                "vector(3)",
            ),
        ];
        for (given, expected) in cases {
            assert_eq!(lowering.data_type(&given), expected);
        }
    }
}
