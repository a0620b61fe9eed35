//! Schema to provisional catalog.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{
    Catalog, Check, Column, Constraint, ConstraintKind, Deferrable, Domain, DomainCheck, Enum,
    Exclusion, Extension, ForeignKey, Generation, Identity, Index, IndexElement, IndexKey, Key,
    Persistence, ReferentialAction, SchemaObject, SequenceOptions, Table,
};
use crate::def::{
    ActionDef, CheckDef, ColumnDef, DeferrableDef, DomainDef, ElementDef, ElementKeyDef,
    ExcludeDef, ForeignKeyDef, IdentityDef, IndexDef, KeyDef, SqlDef, TableDef, TypeDef,
    TypeOrigin,
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
    let extensions = schema.extensions.iter().map(|(name, it)| {
        let schema = (!it.schema.is_empty()).then(|| Ident::from(it.schema));
        (name.clone(), Extension { schema })
    });
    let lowering = Lowering {
        schemas: schema.schema_names(),
        extensions: extensions.collect(),
        comments,
    };
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
        tables: tables
            .map(|(name, it)| (name.clone(), lowering.table(it)))
            .collect(),
        ..Catalog::default()
    }
}

/// What every part needs to know of the whole.
struct Lowering {
    schemas: BTreeSet<Ident>,
    extensions: BTreeMap<Ident, Extension>,
    comments: Comments,
}

impl Lowering {
    fn comment(&self, comment: Option<&str>) -> Option<String> {
        match self.comments {
            Comments::Keep => comment.map(str::to_owned),
            Comments::Drop => None,
        }
    }

    /// A collation as SQL spells it. Its name may hold a dot (`en_US.utf8`), so what stands before
    /// one is a schema only if there is such a schema.
    fn collation(&self, collation: Option<&str>) -> Option<String> {
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
    fn data_type(&self, ty: &TypeDef<'_>) -> String {
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

    fn table(&self, table: &TableDef<'_>) -> Table {
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
            comment: self.comment(table.comment),
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
            name: Ident::from(column.name),
            data_type: self.data_type(&column.ty),
            type_name: declared(&column.ty),
            not_null: !column.nullable,
            generation,
            collation: self.collation(column.collation),
            storage: column.storage.map(str::to_owned),
            compression: column.compression.map(str::to_owned),
            comment: self.comment(column.comment),
        }
    }

    fn index(&self, index: &IndexDef<'_>) -> Index {
        let columns = element_columns(index.elements.iter(), index.include);
        // A predicate may use more, and only PostgreSQL knows which.
        let complete = columns.filter(|_| index.predicate.is_none());
        Index {
            unique: index.unique,
            method: Ident::from(index.method),
            elements: index.elements.iter().map(|it| self.element(it)).collect(),
            include: idents(index.include),
            nulls_not_distinct: index.nulls_not_distinct,
            storage_parameters: parameters(index.storage_parameters),
            predicate: index.predicate.as_ref().map(sql_text),
            valid: true,
            tablespace: None,
            columns: complete.unwrap_or_default(),
            comment: None,
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
        kind,
        deferrable: match deferrable {
            DeferrableDef::No => Deferrable::No,
            DeferrableDef::InitiallyImmediate => Deferrable::InitiallyImmediate,
            DeferrableDef::InitiallyDeferred => Deferrable::InitiallyDeferred,
        },
        validated,
        comment: None,
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

fn parameters(parameters: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = parameters.iter();
    owned
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
