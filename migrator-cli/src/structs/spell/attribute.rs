//! Constraints and indexes as the attributes that would make them.

use schema_core::catalog::{
    Constraint, ConstraintKind, Deferrable, ForeignKey, Index, IndexElement, IndexKey, Key,
    ReferentialAction,
};
use schema_core::ident::{Ident, MAX_IDENT_BYTES, QualifiedName};

use super::names::Names;
use super::settings;
use super::text::{attribute, string};

/// `#[primary_key(…)]`, `#[unique(…)]`, `#[foreign_key(…)]`, `#[check(…)]` or `#[exclude(…)]`.
pub(crate) fn constraint(
    table: &QualifiedName,
    name: &Ident,
    it: &Constraint,
    names: &Names,
) -> Vec<String> {
    let (word, mut options, derived) = match &it.kind {
        ConstraintKind::PrimaryKey(key) => (
            "primary_key",
            of_key(table, key, names),
            derived(table, &[], "pkey"),
        ),
        ConstraintKind::Unique(key) => (
            "unique",
            of_key(table, key, names),
            derived(table, &key.columns, "key"),
        ),
        ConstraintKind::ForeignKey(key) => (
            "foreign_key",
            of_foreign_key(table, key, names),
            derived(table, &key.columns, "fkey"),
        ),
        ConstraintKind::Check(check) => (
            "check",
            vec![format!("sql({})", string(&check.expression))],
            derived(table, &[], "check"),
        ),
        ConstraintKind::Exclusion(it) => {
            let elements = it.elements.iter();
            let elements = elements.map(|(it, operator)| {
                format!("{} = {}", element(table, it, names), string(operator))
            });
            let elements = elements.collect::<Vec<_>>().join(", ");
            let mut options = vec![
                format!("using = {}", it.method.as_str()),
                format!("elements({elements})"),
            ];
            options.extend(include(table, &it.include, names));
            options.extend(predicate(table, it.predicate.as_ref(), &[], names));
            if !it.storage_parameters.is_empty() {
                options.push(format!("with({})", settings(&it.storage_parameters)));
            }
            let keys = it.elements.iter().map(|(element, _)| &element.key);
            ("exclude", options, of_elements(table, keys, "excl"))
        }
    };
    options.extend(given(name, &derived));
    match it.deferrable {
        Deferrable::No => {}
        Deferrable::InitiallyImmediate => {
            options.push("deferrable = initially_immediate".to_owned());
        }
        Deferrable::InitiallyDeferred => {
            options.push("deferrable = initially_deferred".to_owned());
        }
    }
    if !it.validated {
        options.push("not_valid".to_owned());
    }
    attribute(word, &options, "")
}

/// `#[index(…)]`, or `#[unique(…)]` for a unique index.
pub(crate) fn index(table: &QualifiedName, name: &Ident, it: &Index, names: &Names) -> Vec<String> {
    let word = if it.unique { "unique" } else { "index" };
    let elements = it.elements.iter();
    let mut options: Vec<String> = elements.map(|it| element(table, it, names)).collect();
    // Without anything that only an index has, it would be a constraint.
    let plain = it.predicate.is_none() && it.elements.iter().all(is_plain);
    if it.method != *"btree" || it.unique && plain {
        options.push(format!("using = {}", it.method.as_str()));
    }
    options.extend(include(table, &it.include, names));
    let own = it.columns.as_slice();
    options.extend(predicate(table, it.predicate.as_ref(), own, names));
    options.extend(
        it.nulls_not_distinct
            .then(|| "nulls_not_distinct".to_owned()),
    );
    if !it.storage_parameters.is_empty() {
        options.push(format!("with({})", settings(&it.storage_parameters)));
    }
    let keys = it.elements.iter().map(|element| &element.key);
    options.extend(given(name, &of_elements(table, keys, "idx")));
    attribute(word, &options, "")
}

/// A field and nothing else.
pub(crate) fn is_plain(element: &IndexElement) -> bool {
    matches!(element.key, IndexKey::Column(_))
        && element.opclass.is_none()
        && element.collation.is_none()
        && !element.descending
        && !element.nulls_first
}

/// The options of a foreign key that a field can have too.
pub(crate) fn actions(it: &Constraint, key: &ForeignKey) -> Vec<String> {
    let mut options = referential(key);
    options.extend(match it.deferrable {
        Deferrable::No => None,
        Deferrable::InitiallyImmediate => Some("deferrable".to_owned()),
        Deferrable::InitiallyDeferred => Some("deferrable = initially_deferred".to_owned()),
    });
    options.extend((!it.validated).then(|| "not_valid".to_owned()));
    options
}

fn of_key(table: &QualifiedName, key: &Key, names: &Names) -> Vec<String> {
    let mut options = columns(table, &key.columns, names);
    options.extend(include(table, &key.include, names));
    options.extend(
        key.nulls_not_distinct
            .then(|| "nulls_not_distinct".to_owned()),
    );
    if !key.storage_parameters.is_empty() {
        options.push(format!("with({})", settings(&key.storage_parameters)));
    }
    options
}

fn of_foreign_key(table: &QualifiedName, key: &ForeignKey, names: &Names) -> Vec<String> {
    let other = names.table(&key.references);
    let others = columns(&key.references, &key.referenced_columns, names).into_iter();
    let others: Vec<String> = others.map(|column| format!("{other}::{column}")).collect();
    let mut options = vec![
        format!(
            "columns = [{}]",
            columns(table, &key.columns, names).join(", ")
        ),
        format!("references = [{}]", others.join(", ")),
    ];
    options.extend(referential(key));
    options
}

fn referential(key: &ForeignKey) -> Vec<String> {
    let mut options = Vec::new();
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

fn element(table: &QualifiedName, element: &IndexElement, names: &Names) -> String {
    let mut text = match &element.key {
        IndexKey::Column(column) => names.field(table, column).0,
        IndexKey::Expression(expression) => format!("sql({})", string(expression)),
    };
    if let Some(opclass) = &element.opclass {
        text = format!("{text}.opclass({})", string(opclass));
    }
    if let Some(collation) = &element.collation {
        text = format!("{text}.collate({})", string(&unquoted(collation)));
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

fn columns(table: &QualifiedName, columns: &[Ident], names: &Names) -> Vec<String> {
    let fields = columns.iter().map(|column| names.field(table, column).0);
    fields.collect()
}

fn include(table: &QualifiedName, included: &[Ident], names: &Names) -> Option<String> {
    let included = columns(table, included, names);
    (!included.is_empty()).then(|| format!("include({})", included.join(", ")))
}

/// `where = …`: whether a column is null as Rust says it, else SQL.
fn predicate(
    table: &QualifiedName,
    text: Option<&String>,
    columns: &[Ident],
    names: &Names,
) -> Option<String> {
    let text = text?;
    let is = |end: &str, method: &str| {
        let name = text.strip_suffix(end)?;
        let column = columns.iter().find(|column| {
            let spelled = column.to_string();
            spelled == name
        })?;
        Some(format!(
            "where = {}.{method}()",
            names.field(table, column).0
        ))
    };
    let short = is(" IS NOT NULL", "is_some").or_else(|| is(" IS NULL", "is_null"));
    Some(short.unwrap_or_else(|| format!("where = sql({})", string(text))))
}

/// `name = …`, where it is not the derived one, or that is too long to be derived.
fn given(name: &Ident, derived: &str) -> Option<String> {
    let is_derived = *name == *derived && derived.len() <= MAX_IDENT_BYTES;
    (!is_derived).then(|| format!("name = {}", string(name.as_str())))
}

/// The name that is given where the source says none.
pub(crate) fn derived(table: &QualifiedName, columns: &[Ident], suffix: &str) -> String {
    let mut name = table.name.as_str().to_owned();
    for column in columns {
        name.push('_');
        name.push_str(column.as_str());
    }
    format!("{name}_{suffix}")
}

fn of_elements<'a>(
    table: &QualifiedName,
    keys: impl Iterator<Item = &'a IndexKey>,
    suffix: &str,
) -> String {
    let keys: Vec<Ident> = keys
        .map(|key| match key {
            IndexKey::Column(column) => column.clone(),
            IndexKey::Expression(_) => Ident::from("expr"),
        })
        .collect();
    derived(table, &keys, suffix)
}

/// A collation as the grammar has it: the names without their quotes.
pub(crate) fn unquoted(sql: &str) -> String {
    let mut out = String::new();
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '"' {
            out.push(character);
        } else if characters.peek() == Some(&'"') {
            out.push('"');
            characters.next();
        }
    }
    out
}
