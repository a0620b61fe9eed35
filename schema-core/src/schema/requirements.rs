//! S010, S011, S012: schemas, extensions and types that something else needs.

use std::collections::BTreeMap;

use super::{Schema, SchemaError, item_place, line_place, qualified};
use crate::def::{Record, TypeDef, TypeOrigin};
use crate::diagnostic::Place;
use crate::ident::Ident;

/// A schema or extension may be declared in several crates, as long as they agree.
pub(super) fn declarations(records: &[Record<'_>]) -> Vec<SchemaError> {
    let mut seen: BTreeMap<(&'static str, &str), _> = BTreeMap::new();
    let mut errors = Vec::new();
    for record in records {
        let (kind, name, says, source) = match record {
            Record::Schema(it) => (
                "schema",
                it.name,
                (it.comment.unwrap_or(""), ""),
                &it.source,
            ),
            Record::Extension(it) => ("extension", it.name, (it.schema, it.version), &it.source),
            Record::Table(_)
            | Record::Enum(_)
            | Record::Domain(_)
            | Record::Newtype(_)
            | Record::Rows(_)
            | Record::Statements(_)
            | Record::View(_)
            | Record::Composite(_)
            | Record::Attached(_) => continue,
        };
        let (said, first) = *seen.entry((kind, name)).or_insert((says, source));
        if said != says {
            let place = |source| item_place(source, String::new());
            errors.push(SchemaError::DeclaredDifferently {
                kind,
                name: Ident::from(name),
                places: vec![place(first), place(source)],
            });
        }
    }
    errors
}

/// Types of columns and domains are built in, declared, or of a declared extension.
pub(super) fn types(schema: &Schema<'_>) -> Vec<SchemaError> {
    let mut errors = Vec::new();
    let tables = schema.tables.iter().filter(|(_, table)| table.managed);
    for (name, table) in tables {
        for column in table.columns {
            let user = || format!("column `{}` of `{name}`", Ident::from(column.name));
            let place = || line_place(&table.source, column.line, String::new());
            errors.extend(check_type(schema, &column.ty, user, place));
        }
    }
    for (name, domain) in &schema.domains {
        let user = || format!("domain `{name}`");
        let place = || item_place(&domain.source, String::new());
        errors.extend(check_type(schema, &domain.base, user, place));
    }
    let composites = schema.composites.iter();
    let composites = composites.map(|(name, it)| ("composite type", name, it.fields, &it.source));
    let views = schema.views.iter();
    let views = views.map(|(name, it)| ("view", name, it.columns, &it.source));
    for (kind, name, fields, source) in composites.chain(views) {
        for field in fields {
            let user = || format!("`{}` of the {kind} `{name}`", Ident::from(field.name));
            let place = || line_place(source, field.line, String::new());
            errors.extend(check_type(schema, &field.ty, user, place));
        }
    }
    errors
}

fn check_type(
    schema: &Schema<'_>,
    ty: &TypeDef<'_>,
    user: impl Fn() -> String,
    place: impl Fn() -> Place,
) -> Option<SchemaError> {
    match ty.origin {
        TypeOrigin::BuiltIn | TypeOrigin::Raw => None,
        TypeOrigin::Declared => {
            let name = qualified(ty.name);
            let known = schema.enums.contains_key(&name)
                || schema.domains.contains_key(&name)
                || schema.composites.contains_key(&name);
            (!known).then(|| SchemaError::UnknownType {
                user: user(),
                ty: name,
                place: place(),
            })
        }
        TypeOrigin::Extension(extension) => {
            let known = schema.extensions.contains_key(extension);
            (!known).then(|| SchemaError::ExtensionNotDeclared {
                user: user(),
                ty: ty.name.name.to_owned(),
                extension: Ident::from(extension),
                place: place(),
            })
        }
    }
}
