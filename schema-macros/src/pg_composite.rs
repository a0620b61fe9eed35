//! `#[derive(PgComposite)]`: a struct as a composite type.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Data, DeriveInput, Fields, LitStr, Path, Token};

use crate::errors::Errors;
use crate::name::{Name, unraw};
use crate::paths::{column_type, line, nullable, private, scoped, stores};
use crate::pg_enum::{emit_name, record_name, type_name};
use crate::record::{CompositeDef, FieldDef, Nullable, Record, SourceDef, Text, Type};
use crate::slot::Slot;
use crate::spelling::{Kind, Spelling};
use crate::sql_type::Stored;
use crate::sqlx::{self, Case, Cases};
use crate::table::input::SchemaName;
use crate::{doc, options};

/// `#[pg(…)]` of a composite type.
#[derive(Default)]
struct CompositeOptions {
    krate: Slot<Path>,
    name: Slot<LitStr>,
    schema: Slot<SchemaName>,
    rename_all: Slot<Case>,
    comment: Slot<LitStr>,
}

/// `#[pg(…)]` of a field.
#[derive(Default)]
struct FieldOptions {
    name: Slot<LitStr>,
    stored: Slot<Stored>,
    collate: Slot<LitStr>,
    comment: Slot<LitStr>,
}

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let mut options = CompositeOptions::default();
    for attribute in item.attrs.iter().filter(|it| it.path().is_ident("pg")) {
        options::of_attribute(attribute, &mut errors, |input, errors| {
            options.read(input, errors)
        });
    }
    if !item.generics.params.is_empty() {
        errors.push_at(&item.generics, "a composite type cannot be generic");
        return errors.into_tokens();
    }
    let name = type_name(&item, options.name.get(), &mut errors);
    let fields = fields(&item, &options, &mut errors);
    if item_has_no_fields(&item) {
        errors.push(
            item.ident.span(),
            "`PgComposite` is for structs with named fields, such as `struct Point { x: f64, y: f64 }`",
        );
        return errors.into_tokens();
    }
    let emitted = emit(&item, &options, &name, fields, errors.is_empty());
    let errors = errors.into_tokens();
    quote!(#errors #emitted)
}

fn item_has_no_fields(item: &DeriveInput) -> bool {
    match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => fields.named.is_empty(),
            Fields::Unnamed(_) | Fields::Unit => true,
        },
        Data::Enum(_) | Data::Union(_) => true,
    }
}

fn fields(item: &DeriveInput, options: &CompositeOptions, errors: &mut Errors) -> Vec<FieldDef> {
    let Data::Struct(data) = &item.data else {
        return Vec::new();
    };
    let cases = Cases::new(&options.rename_all, &item.attrs, errors);
    let mut fields: Vec<(String, FieldDef)> = Vec::new();
    for field in &data.fields {
        let Some(ident) = &field.ident else {
            continue;
        };
        let mut options = FieldOptions::default();
        for attribute in field.attrs.iter().filter(|it| it.path().is_ident("pg")) {
            options::of_attribute(attribute, errors, |input, errors| {
                options.read(input, errors)
            });
        }
        let given = options.name.get();
        let given = given.map(|name| Name::given(name, "attribute", errors));
        let name = sqlx::Field::parse(&field.attrs).name(ident, &cases, given, errors);
        name.check("attribute", errors);
        if fields.iter().any(|(known, _)| *known == name.text) {
            errors.push(
                name.span,
                format_args!("the attribute `{}` is there already", name.text),
            );
        }
        let (ty, nullable) = recorded_type(&field.ty, options.stored.get(), ident.span());
        let comment = match options.comment.get() {
            Some(comment) => Some(comment.into()),
            None => doc::comment(&field.attrs).map(Text::from),
        };
        let def = FieldDef {
            name: (&name.text).into(),
            ty,
            nullable,
            collation: options.collate.get().map(Text::from),
            comment,
            field: unraw(ident).into(),
            line: line(ident.span()),
        };
        fields.push((name.text, def));
    }
    fields.into_iter().map(|(_, def)| def).collect()
}

/// The type of a field and whether it takes NULL, one after the other.
pub(crate) fn recorded_type(
    ty: &syn::Type,
    stored: Option<&Stored>,
    span: proc_macro2::Span,
) -> (Type, Nullable) {
    let Some(stored) = stored else {
        let column = column_type(ty);
        return (Type::Resolved(quote!(#column::COLUMN)), Nullable::WithType);
    };
    match stored.path() {
        Some(path) => (
            Type::Modified(stored.modifiers().to_vec(), stores(ty, &path, "COLUMN")),
            Nullable::WithType,
        ),
        None => (
            Type::Raw(stored.raw().unwrap_or_default().to_owned()),
            Nullable::Resolved(nullable(ty, span)),
        ),
    }
}

fn emit(
    item: &DeriveInput,
    options: &CompositeOptions,
    name: &Name,
    fields: Vec<FieldDef>,
    record: bool,
) -> TokenStream {
    let private = private();
    let ident = &item.ident;
    let constant = emit_name(&private, options.schema.get(), name);
    let record = record.then(|| {
        Record::Composite(CompositeDef {
            name: record_name(&private, options.schema.get(), name),
            comment: match options.comment.get() {
                Some(comment) => Some(comment.into()),
                None => doc::comment(&item.attrs).map(Text::from),
            },
            fields,
            source: SourceDef::here(unraw(ident)).spelled(&Spelling::of(Kind::Composite, item)),
        })
    });
    scoped(
        options.krate.get(),
        &quote! {
            const NAME: #private::NameDef<'static> = #constant;
            #[automatically_derived]
            impl #private::SqlType for #ident {
                const TYPE: #private::TypeDef<'static> = #private::declared(NAME);
            }
            #[automatically_derived]
            impl #private::StoredAs<#ident> for #ident {}
        },
        record.as_ref(),
    )
}

impl CompositeOptions {
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
            "rename_all" => {
                let case = Case::named(&options::value(input)?)?;
                self.rename_all.set(&key, case, errors);
            }
            "comment" => self.comment.set(&key, options::value(input)?, errors),
            _ => {
                return Err(options::unknown(
                    &key,
                    "composite type",
                    &["name", "schema", "rename_all", "comment", "crate"],
                ));
            }
        }
        Ok(())
    }
}

impl FieldOptions {
    fn read(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "name" => self.name.set(&key, options::value(input)?, errors),
            "type" => {
                input.parse::<Token![=]>()?;
                self.stored.set(&key, Stored::parse(input)?, errors);
            }
            "collate" => self.collate.set(&key, options::value(input)?, errors),
            "comment" => self.comment.set(&key, options::value(input)?, errors),
            _ => {
                return Err(options::unknown(
                    &key,
                    "attribute",
                    &["name", "type", "collate", "comment"],
                ));
            }
        }
        Ok(())
    }
}
