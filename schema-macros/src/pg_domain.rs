//! `#[derive(PgDomain)]`: a struct around one value as a domain over the type of that value.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{DeriveInput, LitStr, Path, Token, parenthesized};

use crate::default::DefaultValue;
use crate::errors::Errors;
use crate::name::{Name, unraw};
use crate::paths::{private, scoped, stores};
use crate::pg_enum::{emit_name, record_name, type_name};
use crate::pg_newtype::{delegated, inner};
use crate::record::{DomainDef, Record, SourceDef, Text, Type};
use crate::slot::Slot;
use crate::spelling::{Kind, Spelling};
use crate::sql::Sql;
use crate::sql_type::Stored;
use crate::table::input::SchemaName;
use crate::{doc, options, queries};

/// `#[pg(…)]` of a domain.
#[derive(Default)]
struct DomainOptions {
    krate: Slot<Path>,
    name: Slot<LitStr>,
    schema: Slot<SchemaName>,
    stored: Slot<Stored>,
    not_null: Slot<bool>,
    default: Slot<DefaultValue>,
    collate: Slot<LitStr>,
    renamed_from: Slot<LitStr>,
    comment: Slot<LitStr>,
    checks: Vec<(Option<LitStr>, Sql)>,
    sqlx: Slot<bool>,
}

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let mut options = DomainOptions::default();
    for attribute in item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("pg"))
    {
        options::of_attribute(attribute, &mut errors, |input, errors| {
            options.read(input, errors)
        });
    }
    if !item.generics.params.is_empty() {
        errors.push_at(&item.generics, "a domain cannot be generic");
        return errors.into_tokens();
    }
    let name = type_name(&item, options.name.get(), &mut errors);
    if let Some(old) = options.renamed_from.get()
        && old.value() == name.text
    {
        errors.push(
            old.span(),
            format_args!("`{}` is the type's own name", name.text),
        );
    }
    let checks = check_names(&options, &name, &mut errors);
    let Some(inner) = inner(&item, "PgDomain", &mut errors) else {
        return errors.into_tokens();
    };
    let emitted = emit(&item, &options, &name, &checks, inner, errors.is_empty());
    let errors = errors.into_tokens();
    quote!(#errors #emitted)
}

/// The names of the checks: given, or as PostgreSQL would choose.
fn check_names(options: &DomainOptions, domain: &Name, errors: &mut Errors) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for (given, sql) in &options.checks {
        let name = match given {
            Some(given) => Name::given(given, "check", errors),
            None => Name::derived(&domain.text, &[], "check", sql.span, errors),
        };
        if names.iter().any(|known| known.text == name.text) {
            errors.push(
                name.span,
                format_args!(
                    "the name `{}` is taken by another check: give another one with `check(name = \"…\", sql(\"…\"))`",
                    name.text
                ),
            );
        }
        names.push(name);
    }
    names
}

fn emit(
    item: &DeriveInput,
    options: &DomainOptions,
    name: &Name,
    checks: &[Name],
    inner: &syn::Type,
    record: bool,
) -> TokenStream {
    let private = private();
    let ident = &item.ident;
    let constant = emit_name(&private, options.schema.get(), name);
    let plain = quote!(<#inner as #private::SqlType>);
    let (base, compared) = match options.stored.get() {
        None => (
            Type::Resolved(quote!(#private::Piece::Type(&#plain::TYPE))),
            quote!(#plain::BASE),
        ),
        Some(stored) => match (stored.path(), stored.raw()) {
            (Some(path), _) => {
                let base = stores(inner, &path, "BASE");
                (
                    Type::Modified(stored.modifiers().to_vec(), stores(inner, &path, "PIECE")),
                    quote!(*#base),
                )
            }
            (None, raw) => (
                Type::Raw(raw.unwrap_or_default().to_owned()),
                quote!(*#private::UNKNOWN),
            ),
        },
    };
    let plain_base = quote!(&<#inner as #private::SqlType>::BASE);
    let default_check = options
        .default
        .get()
        .and_then(DefaultValue::literal)
        .map(|literal| literal.check(inner, &unraw(ident), &plain_base))
        .map(|check| quote!(const _: () = #check;));
    let record = record.then(|| {
        Record::Domain(DomainDef {
            name: record_name(&private, options.schema.get(), name),
            renamed_from: options.renamed_from.get().map(Text::from),
            comment: match options.comment.get() {
                Some(comment) => Some(comment.into()),
                None => doc::comment(&item.attrs).map(Text::from),
            },
            base,
            collation: options.collate.get().map(Text::from),
            not_null: options.not_null.get() == Some(&true),
            default: options
                .default
                .get()
                .map(|default| default.to_sql(inner, &private).record(&private)),
            checks: checks
                .iter()
                .zip(&options.checks)
                .map(|(name, (_, sql))| ((&name.text).into(), sql.record(&private)))
                .collect(),
            source: SourceDef::here(unraw(ident)).spelled(&Spelling::of(Kind::Domain, item)),
        })
    });
    let checks = record.as_ref().and(default_check);
    let delegated = delegated(item, inner);
    let krate = options.krate.get();
    let queries = queries::of_wrapper(item, krate, options.sqlx.get());
    scoped(
        options.krate.get(),
        &quote! {
            const NAME: #private::NameDef<'static> = #constant;
            #[automatically_derived]
            impl #private::SqlType for #ident {
                const TYPE: #private::TypeDef<'static> = #private::declared(NAME);
                const BASE: #private::TypeDef<'static> = #compared;
            }
            #[automatically_derived]
            impl #private::StoredAs<#ident> for #inner {}
            #delegated
            #checks
            #queries
        },
        record.as_ref(),
    )
}

impl DomainOptions {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                self.krate
                    .set(&key, input.call(Path::parse_mod_style)?, errors);
            }
            "name" => self.name.set(&key, options::value(input)?, errors),
            "schema" => {
                input.parse::<Token![=]>()?;
                let schema = SchemaName::parse(input, errors)?;
                self.schema.set(&key, schema, errors);
            }
            "type" => {
                input.parse::<Token![=]>()?;
                self.stored.set(&key, Stored::parse(input)?, errors);
            }
            "check" => self.checks.push(check(input)?),
            "not_null" => self.not_null.set(&key, options::flag(input)?, errors),
            "default" => {
                input.parse::<Token![=]>()?;
                self.default.set(&key, DefaultValue::parse(input)?, errors);
            }
            "collate" => self.collate.set(&key, options::value(input)?, errors),
            "renamed_from" => self.renamed_from.set(&key, options::value(input)?, errors),
            "comment" => self.comment.set(&key, options::value(input)?, errors),
            "sqlx" => self.sqlx.set(&key, options::flag(input)?, errors),
            _ => {
                return Err(options::unknown(
                    &key,
                    "domain",
                    &[
                        "name",
                        "schema",
                        "type",
                        "check",
                        "not_null",
                        "default",
                        "collate",
                        "renamed_from",
                        "comment",
                        "sqlx",
                        "crate",
                    ],
                ));
            }
        }
        Ok(())
    }
}

/// `= sql("…")` or `(name = "…", sql("…"))`
fn check(input: ParseStream<'_>) -> syn::Result<(Option<LitStr>, Sql)> {
    if input.peek(syn::token::Paren) {
        let content;
        parenthesized!(content in input);
        let mut name = None;
        if content.peek2(Token![=]) {
            let key = options::key(&content)?;
            if key != "name" {
                return Err(options::unknown(&key, "check", &["name"]));
            }
            name = Some(options::value(&content)?);
            content.parse::<Token![,]>()?;
        }
        return Ok((name, sql(&content)?));
    }
    input.parse::<Token![=]>()?;
    Ok((None, sql(input)?))
}

fn sql(input: ParseStream<'_>) -> syn::Result<Sql> {
    if !Sql::peek(input) {
        return Err(input.error("expected `sql(\"…\")`, where `value` is the value"));
    }
    Sql::parse(input)
}
