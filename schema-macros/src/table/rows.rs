//! `rows = […]`: the rows that a table of configuration holds.

use std::collections::BTreeMap;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Path, Token, braced, bracketed};

use super::emit::{base, name_def};
use super::emit_constraint::element_fields;
use super::input::{IndexKind, Table};
use crate::default::DefaultValue;
use crate::errors::Errors;
use crate::name::unraw;
use crate::options;
use crate::paths::{line, nullable, private_at, scoped};
use crate::primitive::Primitive;
use crate::record::{Record, RowDef, RowsDef, SourceDef, Text, ValueDef};

/// What stands behind `rows =`.
pub(crate) enum Rows {
    /// `[{ code: "free" }, …]`
    Here(RowList),
    /// The name of a list that `rows!` made.
    Named(Path),
}

/// Rows and where they stand.
pub(crate) struct RowList {
    span: Span,
    rows: Vec<Row>,
}

/// `{ code: "free", monthly: 0 }`
struct Row {
    span: Span,
    cells: Vec<Cell>,
    /// Whether all of it could be read.
    whole: bool,
}

/// `code: "free"`
struct Cell {
    field: Ident,
    value: Value,
}

/// A value of a row.
enum Value {
    /// `None`, which is NULL.
    Null(Span),
    Given(DefaultValue),
}

impl Rows {
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if input.peek(syn::token::Bracket) {
            return RowList::parse(input, errors).map(Self::Here);
        }
        if input.peek(Ident::peek_any) || input.peek(Token![::]) {
            return input.call(Path::parse_mod_style).map(Self::Named);
        }
        Err(input.error("expected rows, as in `[{ code: \"free\", monthly: 0 }]`, or the name of a list that `rows!` makes"))
    }
}

impl RowList {
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        let content;
        let bracket = bracketed!(content in input);
        let mut rows = Vec::new();
        options::each(&content, errors, &mut |input, errors| {
            rows.push(Row::parse(input, errors)?);
            Ok(())
        });
        Ok(Self {
            span: bracket.span.join(),
            rows,
        })
    }
}

impl Row {
    fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        if !input.peek(syn::token::Brace) {
            return Err(input.error("expected a row, as in `{ code: \"free\", monthly: 0 }`"));
        }
        let content;
        let brace = braced!(content in input);
        let mut cells = Vec::new();
        let before = errors.len();
        options::each(&content, errors, &mut |input, _| {
            let field = options::key(input)?;
            input.parse::<Token![:]>()?;
            let value = Value::parse(input)?;
            cells.push(Cell { field, value });
            Ok(())
        });
        Ok(Self {
            span: brace.span.join(),
            cells,
            whole: errors.len() == before,
        })
    }
}

const EXPECTED: &str = "expected a literal, an enum's variant, `None`, or `sql(\"…\")`";

impl Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        if let Ok(word) = ahead.parse::<Ident>()
            && word == "None"
            && (ahead.is_empty() || ahead.peek(Token![,]))
        {
            let word: Ident = input.parse()?;
            return Ok(Self::Null(word.span()));
        }
        match DefaultValue::parse_one_of(input, EXPECTED)? {
            DefaultValue::Function(name, _) => Err(syn::Error::new(
                name.span(),
                format!(
                    "`{name}()` is another value each time, and a declared row is always the same: leave the field out and give the column a default"
                ),
            )),
            value => Ok(Self::Given(value)),
        }
    }

    /// What tells it from other values of the field, as far as it can be seen here.
    fn text(&self) -> String {
        match self {
            Self::Null(_) => "None".to_owned(),
            Self::Given(DefaultValue::Literal(literal)) => literal.to_sql(),
            Self::Given(DefaultValue::Path(path)) => quote!(#path).to_string(),
            Self::Given(DefaultValue::Sql(sql)) => sql.plain(),
            Self::Given(DefaultValue::Function(name, _)) => name.to_string(),
        }
    }
}

/// Rows whose fields and key are known.
pub(crate) struct Resolved<'a> {
    /// The fields of the key.
    key: Vec<usize>,
    /// Of each row its place, and the values by number of the field.
    rows: Vec<(Span, BTreeMap<usize, &'a Value>)>,
}

/// Checks what can be seen without the compiler; mistakes go on record.
pub(crate) fn check<'a>(
    table: &Table<'_>,
    list: &'a RowList,
    errors: &mut Errors,
) -> Option<Resolved<'a>> {
    let before = errors.len();
    if table.options.managed.get() == Some(&false) {
        errors.push(
            list.span,
            "`rows` belong to a table that the migrations make, and `managed = false` says that this one is not",
        );
    }
    let mut rows = Vec::new();
    for row in &list.rows {
        let mut values = BTreeMap::new();
        let start = errors.len();
        for cell in &row.cells {
            let Some(index) = table.fields.find(&cell.field, errors) else {
                continue;
            };
            let field = &table.fields.list[index];
            if field.options.generated.is_set() {
                errors.push(
                    cell.field.span(),
                    format_args!(
                        "`{}` is generated: PostgreSQL computes it, and no row can give it",
                        unraw(&cell.field)
                    ),
                );
            }
            if values.insert(index, &cell.value).is_some() {
                errors.push(
                    cell.field.span(),
                    format_args!("`{}` is given twice in this row", unraw(&cell.field)),
                );
            }
        }
        let understood = row.whole && errors.len() == start;
        for (index, field) in table.fields.list.iter().enumerate() {
            let filled = field.options.default.is_set()
                || field.options.identity.is_set()
                || field.options.generated.is_set();
            let required = Primitive::of(field.ty).is_some_and(|primitive| !primitive.nullable);
            if understood && required && !filled && !values.contains_key(&index) {
                errors.push(row.span, missing(&field.rust_name()));
            }
        }
        rows.push((row.span, values));
    }
    if errors.len() != before || list.rows.iter().any(|row| !row.whole) {
        return None;
    }
    let key = key(table, list.span, &rows, errors)?;
    for cell in list.rows.iter().flat_map(|row| &row.cells) {
        let Some(index) = table.fields.find(&cell.field, errors) else {
            continue;
        };
        let identity = table.fields.list[index].options.identity.get();
        if identity.is_some_and(|it| it.always) && !key.contains(&index) {
            errors.push(
                cell.field.span(),
                format_args!(
                    "`{}` is numbered by PostgreSQL alone, and these rows are told apart by another key: leave it out, or make it `identity` without `always`",
                    unraw(&cell.field)
                ),
            );
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for (row, (span, values)) in list.rows.iter().zip(&rows) {
        let texts: Vec<String> = key.iter().map(|index| values[index].text()).collect();
        if !seen.insert(texts.clone()) {
            let first = |cell: &&Cell| unraw(&cell.field) == table.fields.list[key[0]].rust_name();
            let place = row.cells.iter().find(first);
            let names: Vec<String> = key
                .iter()
                .map(|index| table.fields.list[*index].rust_name())
                .collect();
            errors.push(
                place.map_or(*span, |cell| cell.field.span()),
                format_args!(
                    "another row has the same key: `{}` = {}",
                    names.join("`, `"),
                    texts.join(", ")
                ),
            );
        }
    }
    (errors.len() == before).then_some(Resolved { key, rows })
}

fn missing(field: &str) -> String {
    format!(
        "this row gives no value for `{field}`, which is required: give one, give the column a default, or make it an `Option`"
    )
}

/// The primary key if every row gives it, else the first unique constraint that every row gives.
fn key(
    table: &Table<'_>,
    span: Span,
    rows: &[(Span, BTreeMap<usize, &Value>)],
    errors: &mut Errors,
) -> Option<Vec<usize>> {
    let unique = table.indexes.iter();
    let unique = unique.filter(|index| index.kind == IndexKind::UniqueConstraint);
    let keys: Vec<Vec<usize>> = table
        .primary_keys
        .iter()
        .chain(unique)
        .filter(|index| !index.options.deferrable.is_set())
        .map(|index| element_fields(&index.elements))
        .collect();
    let complete = |key: &&Vec<usize>| {
        let given = |(_, values): &(Span, BTreeMap<usize, &Value>)| {
            key.iter()
                .all(|field| matches!(values.get(field), Some(Value::Given(_))))
        };
        rows.iter().all(given)
    };
    let found = keys.iter().find(complete).cloned();
    if found.is_none() {
        let names = |key: &Vec<usize>| {
            let names = key.iter();
            let names: Vec<_> = names
                .map(|index| table.fields.list[*index].rust_name())
                .collect();
            format!("`{}`", names.join("`, `"))
        };
        let known: Vec<String> = keys.iter().map(names).collect();
        let ways = if known.is_empty() {
            "the table has no key: give it a primary key, or mark a field with `#[column(unique)]`"
                .to_owned()
        } else {
            format!(
                "every row has to give {}; or mark another field with `#[column(unique)]` and give that",
                known.join(", or ")
            )
        };
        errors.push(span, format_args!("nothing tells these rows apart: {ways}"));
    }
    found
}

/// The record of the rows, and what only the compiler can check.
pub(crate) fn emit(table: &Table<'_>, resolved: &Resolved<'_>) -> TokenStream {
    let private = &table.private;
    let mut checks = Vec::new();
    for (span, values) in &resolved.rows {
        for (index, field) in table.fields.list.iter().enumerate() {
            let (ty, rust_name) = (field.ty, field.rust_name());
            let primitive = Primitive::of(ty);
            match values.get(&index) {
                Some(Value::Given(value)) => {
                    let certain = value.literal().is_some_and(|literal| {
                        field.options.stored.get().is_none()
                            && primitive.is_some_and(|it| it.takes(&literal.kind))
                    });
                    if !certain {
                        let base = base(field, private);
                        checks.extend(value.check(ty, &rust_name, &base, &TokenStream::new()));
                    }
                }
                Some(Value::Null(span)) if primitive.is_none_or(|it| !it.nullable) => {
                    let message = format!("`{rust_name}` is no `Option` and cannot be `None`");
                    checks.push(nullable_check(field.ty, *span, &message));
                }
                None if primitive.is_none()
                    && !field.options.default.is_set()
                    && !field.options.identity.is_set()
                    && !field.options.generated.is_set() =>
                {
                    checks.push(nullable_check(field.ty, *span, &missing(&rust_name)));
                }
                Some(Value::Null(_)) | None => {}
            }
        }
    }
    scoped(
        table.options.krate.get(),
        &quote!(#(const _: () = #checks;)*),
        Some(&Record::Rows(definition(table, resolved))),
    )
}

fn nullable_check(ty: &syn::Type, span: Span, message: &str) -> TokenStream {
    let (private, nullable) = (private_at(span), nullable(ty, span));
    quote_spanned!(span=> #private::check_nullable(#nullable, #message))
}

/// The `RowsDef`.
fn definition(table: &Table<'_>, resolved: &Resolved<'_>) -> RowsDef {
    let private = &table.private;
    let name = |index: &usize| Text::from(&table.fields.list[*index].name.text);
    let rows = resolved.rows.iter().map(|(span, values)| {
        let values = values.iter().map(|(index, value)| {
            let ty = table.fields.list[*index].ty;
            let value = match value {
                Value::Null(_) => ValueDef::Null,
                Value::Given(value @ DefaultValue::Sql(_)) => {
                    ValueDef::Sql(value.to_sql(ty, private).record(private))
                }
                Value::Given(value) => ValueDef::Literal(value.to_sql(ty, private).record(private)),
            };
            (name(index), value)
        });
        RowDef {
            values: values.collect(),
            line: line(*span),
        }
    });
    RowsDef {
        table: name_def(table),
        key: resolved.key.iter().map(name).collect(),
        rows: rows.collect(),
        source: SourceDef::here(unraw(&table.item.ident)),
    }
}

/// `rows!(PLANS = […])`: a list under a name, for `#[table(rows = PLANS)]`.
///
/// ```text
/// macro_rules! PLANS {
///     ({ krate } struct …) => { krate::__rows! { […] struct … } };
/// }
/// ```
pub(crate) fn list(input: TokenStream) -> TokenStream {
    let parsed = |input: ParseStream<'_>| {
        let name: Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let rows: TokenStream = input.parse()?;
        Ok((name, rows))
    };
    let (name, rows) = match syn::parse::Parser::parse2(parsed, input) {
        Ok(parsed) => parsed,
        Err(error) => return error.to_compile_error(),
    };
    quote! {
        macro_rules! #name {
            ({ $($krate:tt)* } $($item:tt)*) => { $($krate)*::__rows! { { #rows } $($item)* } };
        }
    }
}

/// What `rows = PLANS` becomes: the list is handed the struct.
pub(crate) fn ask(table: &Table<'_>, list: &Path) -> TokenStream {
    let item = table.item;
    let krate = match table.options.krate.get() {
        Some(path) => quote!(#path),
        None => quote!(::schema_core),
    };
    quote!(#list! { { #krate } #item })
}

/// `__rows! { { […] } struct … }`: the rows of a list for the struct that asked for it.
pub(crate) fn of_list(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = |input: ParseStream<'_>| {
        let content;
        braced!(content in input);
        if !content.peek(syn::token::Bracket) {
            return Err(content.error("expected rows, as in `[{ code: \"free\", monthly: 0 }]`"));
        }
        let list = RowList::parse(&content, &mut errors)?;
        if !content.is_empty() {
            return Err(content.error("expected nothing behind the rows"));
        }
        Ok((list, input.parse::<syn::DeriveInput>()?))
    };
    let (list, item) = match syn::parse::Parser::parse2(parsed, input) {
        Ok(parsed) => parsed,
        Err(error) => return error.to_compile_error(),
    };
    // The struct's own mistakes are told by itself.
    let Some(table) = Table::parse(&item, &mut Errors::default()) else {
        return TokenStream::new();
    };
    let resolved = check(&table, &list, &mut errors);
    match resolved {
        Some(resolved) if errors.is_empty() => emit(&table, &resolved),
        _ => errors.into_tokens(),
    }
}
