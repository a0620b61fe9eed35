//! Constraints and indexes as the attributes that would make them.

use schema_core::catalog::{
    Constraint, ConstraintKind, Deferrable, ForeignKey, Index, IndexElement, IndexKey, Key,
    ReferentialAction,
};
use schema_core::ident::{Ident, QualifiedName};

use super::spell::{Names, rust_name, settings};

/// `#[primary_key(…)]`, `#[unique(…)]`, `#[foreign_key(…)]`, `#[check(…)]` or `#[exclude(…)]`.
pub(super) fn constraint(
    table: &QualifiedName,
    name: &Ident,
    it: &Constraint,
    names: &Names,
) -> String {
    let (word, mut options, derived) = match &it.kind {
        ConstraintKind::PrimaryKey(key) => {
            ("primary_key", of_key(key), derived(table, &[], "pkey"))
        }
        ConstraintKind::Unique(key) => ("unique", of_key(key), derived(table, &key.columns, "key")),
        ConstraintKind::ForeignKey(key) => (
            "foreign_key",
            of_foreign_key(key, names),
            derived(table, &key.columns, "fkey"),
        ),
        ConstraintKind::Check(check) => (
            "check",
            vec![format!("sql({:?})", check.expression)],
            derived(table, &check.columns, "check"),
        ),
        ConstraintKind::Exclusion(it) => {
            let elements = it.elements.iter();
            let elements = elements.map(|(it, operator)| format!("{} = {operator:?}", element(it)));
            let elements = elements.collect::<Vec<_>>().join(", ");
            let mut options = vec![
                format!("using = {}", it.method.as_str()),
                format!("elements({elements})"),
            ];
            options.extend(include(&it.include));
            options.extend(predicate(it.predicate.as_ref()));
            ("exclude", options, String::new())
        }
    };
    if *name != *derived.as_str() {
        options.push(format!("name = {:?}", name.as_str()));
    }
    match it.deferrable {
        Deferrable::No => {}
        Deferrable::InitiallyImmediate => options.push("deferrable".to_owned()),
        Deferrable::InitiallyDeferred => {
            options.push("deferrable = initially_deferred".to_owned());
        }
    }
    if !it.validated {
        options.push("not_valid".to_owned());
    }
    format!("#[{word}({})]", options.join(", "))
}

/// `#[index(…)]`, or `#[unique(…)]` for a unique index.
pub(super) fn index(table: &QualifiedName, name: &Ident, it: &Index) -> String {
    let word = if it.unique { "unique" } else { "index" };
    let mut options: Vec<String> = it.elements.iter().map(element).collect();
    if it.method != *"btree" {
        options.push(format!("using = {}", it.method.as_str()));
    }
    options.extend(include(&it.include));
    options.extend(predicate(it.predicate.as_ref()));
    options.extend(
        it.nulls_not_distinct
            .then(|| "nulls_not_distinct".to_owned()),
    );
    if !it.storage_parameters.is_empty() {
        options.push(format!("with({})", settings(&it.storage_parameters)));
    }
    let keys = it.elements.iter().map(|element| match &element.key {
        IndexKey::Column(column) => Some(column.clone()),
        IndexKey::Expression(_) => None,
    });
    let keys: Option<Vec<Ident>> = keys.collect();
    let usual = keys.map(|keys| derived(table, &keys, "idx"));
    if usual.is_none_or(|usual| *name != *usual.as_str()) {
        options.push(format!("name = {:?}", name.as_str()));
    }
    format!("#[{word}({})]", options.join(", "))
}

fn of_key(key: &Key) -> Vec<String> {
    let mut options = columns(&key.columns);
    options.extend(include(&key.include));
    options.extend(
        key.nulls_not_distinct
            .then(|| "nulls_not_distinct".to_owned()),
    );
    if !key.storage_parameters.is_empty() {
        options.push(format!("with({})", settings(&key.storage_parameters)));
    }
    options
}

fn of_foreign_key(key: &ForeignKey, names: &Names) -> Vec<String> {
    let other = names.table(&key.references);
    let others = columns(&key.referenced_columns).into_iter();
    let others: Vec<String> = others.map(|column| format!("{other}::{column}")).collect();
    let mut options = vec![
        format!("columns = [{}]", columns(&key.columns).join(", ")),
        format!("references = [{}]", others.join(", ")),
    ];
    for (option, action) in [("on_delete", key.on_delete), ("on_update", key.on_update)] {
        let word = match action {
            ReferentialAction::NoAction => continue,
            ReferentialAction::Restrict => "restrict",
            ReferentialAction::Cascade => "cascade",
            ReferentialAction::SetNull => "set_null",
            ReferentialAction::SetDefault => "set_default",
        };
        options.push(format!("{option} = {word}"));
    }
    options.extend(key.match_full.then(|| "match_full".to_owned()));
    options
}

fn element(element: &IndexElement) -> String {
    let mut text = match &element.key {
        IndexKey::Column(column) => rust_name(column).0,
        IndexKey::Expression(expression) => format!("sql({expression:?})"),
    };
    if let Some(opclass) = &element.opclass {
        text = format!("{text}.opclass({opclass:?})");
    }
    if let Some(collation) = &element.collation {
        text = format!("{text}.collate({collation:?})");
    }
    if element.descending {
        text.push_str(".desc()");
    }
    match (element.nulls_first, element.descending) {
        (true, false) => text.push_str(".nulls_first()"),
        (false, true) => text.push_str(".nulls_last()"),
        _ => {}
    }
    text
}

fn columns(columns: &[Ident]) -> Vec<String> {
    columns.iter().map(|column| rust_name(column).0).collect()
}

fn include(included: &[Ident]) -> Option<String> {
    (!included.is_empty()).then(|| format!("include({})", columns(included).join(", ")))
}

fn predicate(text: Option<&String>) -> Option<String> {
    text.map(|text| format!("where = sql({text:?})"))
}

/// The name that is given where the source says none.
fn derived(table: &QualifiedName, columns: &[Ident], suffix: &str) -> String {
    let mut name = table.name.as_str().to_owned();
    for column in columns {
        name.push('_');
        name.push_str(column.as_str());
    }
    format!("{name}_{suffix}")
}
