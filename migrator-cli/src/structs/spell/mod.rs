//! What a catalog holds, spelled as the struct's lines would say it.

mod attribute;
mod field;
mod names;
mod text;
mod types;
mod value;
mod word;

use std::fmt::Write as _;

use schema_core::catalog::{Domain, Enum, Persistence, Table};
use schema_core::ident::{Ident, QualifiedName};

pub(crate) use self::attribute::{constraint, index};
pub(crate) use self::field::{Folded, field, field_type, imports, key_of, wanted};
pub(crate) use self::names::{Here, Names};
pub(crate) use self::text::{attribute as attribute_text, docs, string};
pub(crate) use self::types::{Crates, Import};
pub(crate) use self::word::{module, word};

use self::word::Case;

/// A struct for a table.
pub(crate) fn table(name: &QualifiedName, table: &Table, names: &Names) -> Vec<String> {
    let folded = Folded::of(name, table, names);
    let case = common_case(name, table, names);
    let mut lines = commented(table.comment.as_deref(), "");
    lines.extend(table_lines(name, table, case, names));
    for (constraint, it) in &table.constraints {
        if !folded.constraints.contains(constraint) {
            lines.extend(attribute::constraint(name, constraint, it, names));
        }
    }
    for (index, it) in &table.indexes {
        if !folded.indexes.contains(index) {
            lines.extend(attribute::index(name, index, it, names));
        }
    }
    lines.push(format!("pub struct {} {{", names.item(name)));
    for column in &table.columns {
        lines.extend(commented(column.comment.as_deref(), "    "));
        lines.extend(field(
            name,
            column,
            folded.of_column(&column.name),
            case,
            names,
        ));
    }
    lines.push("}".to_owned());
    lines
}

/// The comment as a doc comment, where that says it.
pub(crate) fn commented(comment: Option<&str>, indent: &str) -> Vec<String> {
    comment.and_then(|it| docs(it, indent)).unwrap_or_default()
}

/// `comment = …`, where a doc comment does not say it.
fn comment_option(comment: Option<&str>) -> Option<String> {
    let comment = comment.filter(|it| !it.is_empty() && docs(it, "").is_none())?;
    Some(format!("comment = {}", string(comment)))
}

/// `#[table(…)]`.
pub(crate) fn table_attribute(name: &QualifiedName, table: &Table, names: &Names) -> Vec<String> {
    table_lines(name, table, None, names)
}

fn table_lines(
    name: &QualifiedName,
    table: &Table,
    case: Option<Case>,
    names: &Names,
) -> Vec<String> {
    text::attribute("table", &table_options(name, table, case, names), "")
}

/// The options of `#[table(…)]`.
pub(crate) fn table_options(
    name: &QualifiedName,
    table: &Table,
    case: Option<Case>,
    names: &Names,
) -> Vec<String> {
    let mut options = scope(name, names);
    if !word::is_snake_of(&names.item(name), name.name.as_str()) {
        options.push(format!("name = {}", string(name.name.as_str())));
    }
    options.extend(case.map(|case| format!("rename_all = \"{}\"", case.name())));
    let is_key = |it: &schema_core::catalog::Constraint| {
        matches!(it.kind, schema_core::catalog::ConstraintKind::PrimaryKey(_))
    };
    if !table.constraints.values().any(is_key) {
        options.push("no_primary_key".to_owned());
    }
    if names.is_unmanaged(name) {
        options.push("managed = false".to_owned());
    }
    let parts = table.partition_by.as_deref();
    let parts = parts.and_then(|it| Some((it, partition_columns(table, it)?)));
    if let Some((by, columns)) = parts {
        let method = by.split(' ').next().unwrap_or_default().to_lowercase();
        let fields = columns.iter().map(|column| names.field(name, column).0);
        let fields: Vec<_> = fields.collect();
        options.push(format!("partition_by = {method}({})", fields.join(", ")));
    }
    if let Some(method) = &table.access_method {
        options.push(format!("access_method = {}", string(method.as_str())));
    }
    if table.persistence == Persistence::Unlogged {
        options.push("unlogged".to_owned());
    }
    let parameters = plain_parameters(&table.storage_parameters);
    if !parameters.is_empty() {
        options.push(format!("with({})", settings(&parameters)));
    }
    if let Some(tablespace) = &table.tablespace {
        options.push(format!("tablespace = {}", string(tablespace.as_str())));
    }
    options.extend(comment_option(table.comment.as_deref()));
    options
}

/// The columns of `RANGE (a, b)`, where there is nothing else in it.
pub(crate) fn partition_columns(table: &Table, by: &str) -> Option<Vec<Ident>> {
    let (_, list) = by.split_once(" (")?;
    let mut rest = list.strip_suffix(')')?;
    let mut columns = Vec::new();
    while !rest.is_empty() {
        let spelled = table.columns.iter().filter_map(|column| {
            let tail = rest.strip_prefix(column.name.to_string().as_str())?;
            let end = tail.is_empty() || tail.starts_with(", ");
            end.then(|| (column.name.clone(), tail.strip_prefix(", ").unwrap_or(tail)))
        });
        let (column, tail) = spelled.into_iter().next()?;
        columns.push(column);
        rest = tail;
    }
    Some(columns)
}

/// The case that says the names of all columns, where those of the fields do not.
pub(crate) fn common_case(name: &QualifiedName, table: &Table, names: &Names) -> Option<Case> {
    let fields: Vec<_> = table
        .columns
        .iter()
        .map(|column| (names.field(name, &column.name), column.name.as_str()))
        .collect();
    let many = fields.iter().filter(|((_, exact), _)| !exact).count() > 1;
    let says = |case: Case| {
        let mut fields = fields.iter();
        fields.all(|((field, _), column)| case.says(field, column))
    };
    Case::OF_FIELDS.into_iter().find(|case| many && says(*case))
}

/// An enum for an enum type.
pub(crate) fn r#enum(name: &QualifiedName, it: &Enum, names: &Names) -> Vec<String> {
    let mut options = scope(name, names);
    let item = names.type_item(name);
    if !word::is_snake_of(&item, name.name.as_str()) {
        options.push(format!("name = {}", string(name.name.as_str())));
    }
    let variants: Vec<_> = it
        .labels
        .iter()
        .map(|label| (names.variant(name, label), label))
        .collect();
    let says = |case: &Case| {
        variants
            .iter()
            .all(|(variant, label)| case.says(variant, label))
    };
    let mut cases = Case::OF_LABELS.into_iter();
    let case = cases.find(says).filter(|_| !variants.is_empty());
    let other = case.filter(|case| *case != Case::Snake);
    options.extend(other.map(|case| format!("rename_all = \"{}\"", case.name())));
    options.extend(comment_option(it.comment.as_deref()));
    let mut lines = commented(it.comment.as_deref(), "");
    lines.push("#[derive(Clone, Copy, Debug, PartialEq, Eq, PgEnum)]".to_owned());
    if !options.is_empty() {
        lines.extend(text::attribute("pg", &options, ""));
    }
    lines.push(format!("pub enum {item} {{"));
    for (variant, label) in &variants {
        if !case.unwrap_or(Case::Snake).says(variant, label) {
            lines.push(format!("    #[pg(rename = {})]", string(label)));
        }
        lines.push(format!("    {variant},"));
    }
    lines.push("}".to_owned());
    lines
}

/// The options of `#[column(…)]` that say nothing of constraints and indexes.
pub(crate) fn column_options(
    table: &QualifiedName,
    column: &schema_core::catalog::Column,
    names: &Names,
) -> Vec<String> {
    let mut options = field::options(table, column, &[], None, names);
    options.retain(|it| key_of(it) != "name");
    options
}

/// What is in the struct of a domain.
pub(crate) fn domain_inner(it: &Domain, names: &Names) -> String {
    field::domain_type(it, names).name
}

/// A variant for a label; `renamed` where the enum has a case of its own, so that the label is named.
pub(crate) fn variant(
    name: &QualifiedName,
    label: &str,
    renamed: bool,
    names: &Names,
) -> Vec<String> {
    let variant = names.variant(name, label);
    let mut lines = Vec::new();
    if renamed || !Case::Snake.says(&variant, label) {
        lines.push(format!("    #[pg(rename = {})]", string(label)));
    }
    lines.push(format!("    {variant},"));
    lines
}

/// A newtype for a domain.
pub(crate) fn domain(name: &QualifiedName, it: &Domain, names: &Names) -> Vec<String> {
    let inner = field::domain_type(it, names);
    let mut lines = commented(it.comment.as_deref(), "");
    lines.push("#[derive(Clone, Debug, PartialEq, PgDomain)]".to_owned());
    lines.extend(domain_attribute(name, it, names));
    let item = names.type_item(name);
    lines.push(format!("pub struct {item}(pub {});", inner.name));
    lines
}

/// `#[pg(…)]` of a domain; no line where there is nothing to say.
pub(crate) fn domain_attribute(name: &QualifiedName, it: &Domain, names: &Names) -> Vec<String> {
    let options = domain_options(name, it, names);
    if options.is_empty() {
        return Vec::new();
    }
    text::attribute("pg", &options, "")
}

/// The options of `#[pg(…)]` of a domain.
pub(crate) fn domain_options(name: &QualifiedName, it: &Domain, names: &Names) -> Vec<String> {
    let mut options = scope(name, names);
    if !word::is_snake_of(&names.type_item(name), name.name.as_str()) {
        options.push(format!("name = {}", string(name.name.as_str())));
    }
    let stored = field::domain_type(it, names).stored;
    options.extend(stored.map(|it| format!("type = {it}")));
    options.extend(it.not_null.then(|| "not_null".to_owned()));
    let default = it.default.iter();
    options.extend(default.map(|it| format!("default = sql({})", string(it))));
    let collation = it.collation.iter();
    options.extend(collation.map(|it| format!("collate = {}", string(&attribute::unquoted(it)))));
    let usual = attribute::derived(name, &[], "check");
    for (check, it) in &it.checks {
        let sql = format!("sql({})", string(&it.expression));
        options.push(if *check == *usual.as_str() {
            format!("check = {sql}")
        } else {
            format!("check(name = {}, {sql})", string(check.as_str()))
        });
    }
    options.extend(comment_option(it.comment.as_deref()));
    options
}

/// `fillfactor = 70, …`
pub(crate) fn settings(parameters: &schema_core::catalog::Parameters) -> String {
    let spelled = |value: &String| {
        let number = !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit());
        if number || matches!(value.as_str(), "true" | "false" | "on" | "off" | "auto") {
            value.clone()
        } else {
            string(value)
        }
    };
    let parameters = parameters.iter();
    let parameters = parameters.map(|(name, value)| format!("{name} = {}", spelled(value)));
    parameters.collect::<Vec<_>>().join(", ")
}

/// Those whose names the grammar takes.
fn plain_parameters(
    parameters: &schema_core::catalog::Parameters,
) -> schema_core::catalog::Parameters {
    let plain = parameters.iter().filter(|(name, _)| word(name).is_some());
    plain
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// `schema = …`, outside of the default schema.
fn scope(name: &QualifiedName, names: &Names) -> Vec<String> {
    let is_default = *name == QualifiedName::in_default_schema(name.name.as_str());
    let schema = (!is_default).then(|| format!("schema = {}", names.schema(&name.schema)));
    schema.into_iter().collect()
}

/// `pg_schema!(…)` for a schema.
pub(crate) fn schema(name: &Ident, comment: Option<&str>, names: &Names) -> Vec<String> {
    let module = names.module(name);
    let mut lines = commented(comment, "");
    let mut call = format!("pub {module}");
    if module != name.as_str() {
        let _ = write!(call, ", name = {}", string(name.as_str()));
    }
    if let Some(option) = comment_option(comment) {
        let _ = write!(call, ", {option}");
    }
    if lines.is_empty() {
        lines.push(format!("pg_schema!({call});"));
    } else {
        // The attribute goes before the visibility, within the parentheses.
        let docs = lines.iter().map(|line| format!("    {line}"));
        let mut all = vec!["pg_schema!(".to_owned()];
        all.extend(docs);
        all.push(format!("    {call}"));
        all.push(");".to_owned());
        lines = all;
    }
    lines
}
