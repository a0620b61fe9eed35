//! `#[view]` and `#[materialized_view]`: a struct whose fields are the columns of a query.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::ParseStream;
use syn::{DeriveInput, LitStr, Path, Token};

use super::attribute::{crate_path, loaded};
use super::emit::{base, columns_ident, name, name_def};
use super::emit_check::checks;
use super::emit_constraint;
use super::emit_queries::queries;
use super::field::{ColumnOptions, Field};
use super::input::{SchemaName, Table, TableOptions};
use super::{check, fallback};
use crate::errors::Errors;
use crate::name::unraw;
use crate::options;
use crate::paths::{line, scoped};
use crate::pg_composite::recorded_type;
use crate::record::{FieldDef, Record, SourceDef, Text, ViewDef};
use crate::slot::Slot;
use crate::spelling::{Kind, Spelling};
use crate::sql_text::SqlText;
use crate::sqlx::Case;

/// `#[view(…)]`
#[derive(Default)]
struct ViewOptions {
    table: TableOptions,
    materialized: bool,
    query: Slot<SqlText>,
    security_invoker: Slot<bool>,
    security_barrier: Slot<bool>,
    check_option: Slot<&'static str>,
    with_no_data: Slot<()>,
    access_method: Slot<LitStr>,
}

const OPTIONS: &[&str] = &[
    "sql",
    "file",
    "name",
    "schema",
    "rename_all",
    "comment",
    "names",
    "sqlx",
    "security_invoker",
    "security_barrier",
    "check_option",
    "crate",
];

const MATERIALIZED_OPTIONS: &[&str] = &[
    "sql",
    "file",
    "name",
    "schema",
    "rename_all",
    "comment",
    "names",
    "sqlx",
    "with_no_data",
    "with",
    "tablespace",
    "access_method",
    "crate",
];

/// The attributes themselves: the item behind `#[derive(::schema_core::View)] #[__view(…)]`.
pub(crate) fn attribute(
    materialized: bool,
    arguments: &TokenStream,
    item: &TokenStream,
) -> TokenStream {
    let krate = crate_path(arguments).unwrap_or_else(|| quote!(::schema_core));
    let word = materialized.then(|| quote!(__materialized,));
    let loaded = loaded(item);
    quote!(#[derive(#krate::View)] #[__view(#word #arguments)] #loaded #item)
}

/// The derive, which sees the fields that are left after `cfg`.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let mut options = ViewOptions::default();
    for attribute in &item.attrs {
        if attribute.path().is_ident("__view") {
            options::of_attribute(attribute, &mut errors, |input, errors| {
                options.read(input, errors)
            });
        }
    }
    let table_options = std::mem::take(&mut options.table);
    let Some(view) = Table::of(&item, table_options, true, &mut errors) else {
        return errors.into_tokens();
    };
    options.check(&view, &mut errors);
    check::check(&view, &mut errors);
    if errors.is_empty()
        && let Some(query) = options.query.get()
    {
        return emit(&view, &options, query);
    }
    let stub = fallback::stub(&view);
    let errors = errors.into_tokens();
    quote!(#errors #stub)
}

impl ViewOptions {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let key = options::key(input)?;
        let word = key.to_string();
        let known = if self.materialized {
            MATERIALIZED_OPTIONS
        } else {
            OPTIONS
        };
        if word == "__materialized" {
            self.materialized = true;
            return Ok(());
        }
        if !known.contains(&word.as_str()) {
            let what = if self.materialized {
                "materialized view"
            } else {
                "view"
            };
            return Err(options::unknown(&key, what, known));
        }
        match word.as_str() {
            "sql" => {
                input.parse::<Token![=]>()?;
                let query = SqlText::parse(input, false, errors)?;
                self.set_query(&key, query, errors);
            }
            "file" => {
                input.parse::<Token![=]>()?;
                let query = SqlText::parse_file(input)?;
                self.set_query(&key, query, errors);
            }
            "security_invoker" => {
                self.security_invoker
                    .set(&key, options::flag(input)?, errors);
            }
            "security_barrier" => {
                self.security_barrier
                    .set(&key, options::flag(input)?, errors);
            }
            "check_option" => {
                let words = &[("local", "local"), ("cascaded", "cascaded")];
                let value = options::word(input, "check option", words)?;
                self.check_option.set(&key, value, errors);
            }
            "with_no_data" => self.with_no_data.set(&key, (), errors),
            "access_method" => self.access_method.set(&key, options::value(input)?, errors),
            _ => self.table.read_shared(&key, input, errors)?,
        }
        Ok(())
    }

    fn set_query(&mut self, key: &syn::Ident, query: SqlText, errors: &mut Errors) {
        if self.query.is_set() {
            errors.push(
                key.span(),
                "the query is there already: it is either `sql = \"…\"` or `file = \"…\"`",
            );
        } else {
            self.query.set(key, query, errors);
        }
    }

    fn check(&self, view: &Table<'_>, errors: &mut Errors) {
        let what = if self.materialized {
            "materialized_view"
        } else {
            "view"
        };
        if !self.query.is_set() {
            errors.push(
                view.item.ident.span(),
                format_args!(
                    "a view needs its query: `#[{what}(sql = \"SELECT …\")]`, or `#[{what}(file = \"….sql\")]` with a path relative to this file"
                ),
            );
        }
        if view.fields.list.is_empty() {
            errors.push(
                view.item.ident.span(),
                "a view has the columns of its query, and this struct has no fields",
            );
        }
        for field in &view.fields.list {
            for (span, word) in refused(&field.options) {
                errors.push(
                    span,
                    format_args!(
                        "`{word}` is not for the fields of a view, whose columns come from its query"
                    ),
                );
            }
        }
        let keys = view.primary_keys.iter();
        let mut refused: Vec<(Span, &str)> = keys.map(|it| (it.span, "primary_key")).collect();
        refused.extend(view.foreign_keys.iter().map(|it| (it.span, "foreign_key")));
        refused.extend(view.checks.iter().map(|it| (it.span, "check")));
        refused.extend(view.excludes.iter().map(|it| (it.span, "exclude")));
        for (span, word) in refused {
            errors.push(
                span,
                format_args!("`{word}` belongs to a table: a view has no constraints"),
            );
        }
        for index in view.indexes.iter().filter(|_| !self.materialized) {
            errors.push(
                index.span,
                "only a materialized view has indexes: `#[materialized_view(…)]`",
            );
        }
    }
}

/// Options of columns that a query cannot have.
fn refused(options: &ColumnOptions) -> Vec<(Span, &'static str)> {
    [
        (options.renamed_from.span(), "renamed_from"),
        (options.default.span(), "default"),
        (options.identity.span(), "identity"),
        (options.generated.span(), "generated"),
        (options.collate.span(), "collate"),
        (options.storage.span(), "storage"),
        (options.compression.span(), "compression"),
        (options.backfill.span(), "backfill"),
        (options.using.span(), "using"),
        (options.deprecated.span(), "deprecated"),
    ]
    .into_iter()
    .filter_map(|(span, word)| Some((span?, word)))
    .collect()
}

/// The implementation of `Table`, the record, and what only the compiler can check.
fn emit(view: &Table<'_>, options: &ViewOptions, query: &SqlText) -> TokenStream {
    let private = &view.private;
    let ident = &view.item.ident;
    let columns_ident = columns_ident(view);
    let fields: Vec<_> = view.fields.list.iter().map(|field| field.ident).collect();
    let types = view.fields.list.iter().map(|field| field.ty);
    let values = view.fields.list.iter().map(|field| {
        let name = &field.name.text;
        let base = base(field, private);
        quote!(#private::Column { name: #name, base: #base, types: #private::PhantomData })
    });
    let name = name(view);
    let checks = checks(view);
    let queries = queries(view);
    scoped(
        view.options.krate.get(),
        &quote! {
            pub struct #columns_ident { #(pub #fields: #private::Column<#ident, #types>),* }
            #[automatically_derived]
            impl #private::Table for #ident {
                type Columns = #columns_ident;
                const COLUMNS: #columns_ident = #columns_ident { #(#fields: #values),* };
                const NAME: #private::NameDef<'static> = #name;
                const KEYS: &'static [&'static [&'static str]] = &[];
            }
            #[automatically_derived]
            impl #private::View for #ident {}
            #checks
            #queries
        },
        Some(&Record::View(definition(view, options, query))),
    )
}

fn definition(view: &Table<'_>, options: &ViewOptions, query: &SqlText) -> ViewDef {
    let flag = |slot: &Slot<bool>, name: &str| {
        let value = slot.get()?;
        Some((Text::from(name), Text::from(value.to_string())))
    };
    let flags = [
        flag(&options.security_barrier, "security_barrier"),
        flag(&options.security_invoker, "security_invoker"),
        options
            .check_option
            .get()
            .map(|value| ("check_option".into(), (*value).into())),
    ];
    let mut parameters: Vec<(Text, Text)> = flags.into_iter().flatten().collect();
    parameters.extend(emit_constraint::pairs(view.options.with.get()));
    ViewDef {
        name: name_def(view),
        materialized: options.materialized,
        comment: view.comment.as_ref().map(Text::from),
        query: query.text(),
        file: query.file(),
        line: query.line(),
        options: parameters,
        with_no_data: options.with_no_data.is_set(),
        tablespace: view.options.tablespace.get().map(Text::from),
        access_method: options.access_method.get().map(Text::from),
        columns: view.fields.list.iter().map(field_def).collect(),
        indexes: view
            .indexes
            .iter()
            .map(|index| emit_constraint::index(view, index))
            .collect(),
        source: SourceDef::here(unraw(&view.item.ident))
            .spelled(&Spelling::of(Kind::View, view.item)),
    }
}

fn field_def(field: &Field<'_>) -> FieldDef {
    let stored = field.options.stored.get();
    let (ty, nullable) = recorded_type(field.ty, stored, field.span());
    FieldDef {
        name: (&field.name.text).into(),
        ty,
        nullable,
        collation: None,
        comment: field.comment.as_ref().map(Text::from),
        field: field.rust_name().into(),
        line: line(field.span()),
    }
}

/// The options that a table has too.
impl TableOptions {
    fn read_shared(
        &mut self,
        key: &syn::Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        match key.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                self.krate
                    .set(key, input.call(Path::parse_mod_style)?, errors);
            }
            "name" => self.name.set(key, options::value(input)?, errors),
            "schema" => {
                input.parse::<Token![=]>()?;
                let schema = SchemaName::parse(input, errors)?;
                self.schema.set(key, schema, errors);
            }
            "rename_all" => {
                let case = Case::named(&options::value(input)?)?;
                self.rename_all.set(key, case, errors);
            }
            "with" => self.with.set(key, options::parameters(input)?, errors),
            "tablespace" => self.tablespace.set(key, options::value(input)?, errors),
            "comment" => self.comment.set(key, options::value(input)?, errors),
            "names" => self.names.set(key, options::flag(input)?, errors),
            "sqlx" => self.sqlx.set(key, options::flag(input)?, errors),
            _ => return Err(options::unknown(key, "view", OPTIONS)),
        }
        Ok(())
    }
}
