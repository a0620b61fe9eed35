//! `#[derive(PgEnum)]`: an enum without fields as an enum type.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Path, Token};

use crate::errors::Errors;
use crate::name::{Name, literal, unraw};
use crate::paths::{private, scoped};
use crate::record::{EnumDef, NameDef, Record, SourceDef, Text};
use crate::slot::Slot;
use crate::spelling::{Kind, Spelling};
use crate::sqlx::{self, Case, Cases};
use crate::table::input::SchemaName;
use crate::{doc, options, queries};

/// `#[pg(…)]` of an enum.
#[derive(Default)]
struct EnumOptions {
    krate: Slot<Path>,
    name: Slot<LitStr>,
    schema: Slot<SchemaName>,
    rename_all: Slot<Case>,
    renamed_from: Slot<LitStr>,
    comment: Slot<LitStr>,
    sqlx: Slot<bool>,
}

/// A variant.
struct Label<'a> {
    ident: &'a Ident,
    name: Name,
    renamed_from: Option<LitStr>,
}

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let mut options = EnumOptions::default();
    for attribute in item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("pg"))
    {
        options::of_attribute(attribute, &mut errors, |input, errors| {
            options.read(input, errors)
        });
    }
    let labels = labels(&item, &options, &mut errors);
    let name = type_name(&item, options.name.get(), &mut errors);
    if let Some(old) = options.renamed_from.get()
        && old.value() == name.text
    {
        errors.push(
            old.span(),
            format_args!("`{}` is the type's own name", name.text),
        );
    }
    check(&labels, &mut errors);
    if !item.generics.params.is_empty() {
        return errors.into_tokens();
    }
    let emitted = emit(&item, &options, &name, &labels, errors.is_empty());
    let errors = errors.into_tokens();
    quote!(#errors #emitted)
}

/// The name of a type: `#[pg(name)]`, `#[sqlx(type_name)]`, or that of the item.
pub(crate) fn type_name(item: &DeriveInput, given: Option<&LitStr>, errors: &mut Errors) -> Name {
    let loaded = sqlx::type_name(&item.attrs);
    if let (Some(given), Some((loaded, span))) = (given, &loaded)
        && *loaded != given.value()
    {
        errors.push(
            *span,
            format_args!(
                "sqlx loads the type `{loaded}`, but its name is `{}`: let both say the same, or leave ours out",
                given.value()
            ),
        );
    }
    if let Some(given) = given {
        return Name::given(given, "type", errors);
    }
    let (text, span) =
        loaded.unwrap_or_else(|| (unraw(&item.ident).to_snake_case(), item.ident.span()));
    let name = Name { text, span };
    name.check("type", errors);
    name
}

fn labels<'a>(item: &'a DeriveInput, options: &EnumOptions, errors: &mut Errors) -> Vec<Label<'a>> {
    let Data::Enum(data) = &item.data else {
        errors.push(
            item.ident.span(),
            "`PgEnum` is for enums; a struct around one value derives `PgDomain` or `PgNewtype`",
        );
        return Vec::new();
    };
    if !item.generics.params.is_empty() {
        errors.push_at(&item.generics, "an enum type cannot be generic");
    }
    if data.variants.is_empty() {
        errors.push(item.ident.span(), "the enum has no variants");
    }
    let cases = Cases::of_labels(&options.rename_all, &item.attrs, errors);
    let mut labels = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            errors.push_at(
                &variant.fields,
                format_args!(
                    "the variant `{}` has fields; an enum type has labels only",
                    variant.ident
                ),
            );
        }
        let mut rename: Slot<LitStr> = Slot::default();
        let mut renamed_from: Slot<LitStr> = Slot::default();
        for attribute in variant
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("pg"))
        {
            options::of_attribute(attribute, errors, |input, errors| {
                let key = options::key(input)?;
                match key.to_string().as_str() {
                    "rename" => rename.set(&key, options::value(input)?, errors),
                    "renamed_from" => renamed_from.set(&key, options::value(input)?, errors),
                    _ => {
                        return Err(options::unknown(
                            &key,
                            "variant",
                            &["rename", "renamed_from"],
                        ));
                    }
                }
                Ok(())
            });
        }
        let given = rename.get().map(|name| Name {
            text: name.value(),
            span: name.span(),
        });
        let loaded = sqlx::Field::parse(&variant.attrs);
        let name = loaded.name(&variant.ident, &cases, given, errors);
        name.check("label", errors);
        labels.push(Label {
            ident: &variant.ident,
            name,
            renamed_from: renamed_from.get().cloned(),
        });
    }
    labels
}

fn check(labels: &[Label<'_>], errors: &mut Errors) {
    let mut seen = BTreeMap::new();
    for label in labels {
        if let Some(first) = seen.insert(&label.name.text, label.ident) {
            errors.push(
                label.name.span,
                format_args!(
                    "the label `{}` is already that of `{first}`",
                    label.name.text
                ),
            );
        }
    }
    let mut claimed = BTreeMap::new();
    for label in labels {
        let Some(old) = &label.renamed_from else {
            continue;
        };
        let text = old.value();
        if text == label.name.text {
            errors.push(old.span(), format_args!("`{text}` is the label's own name"));
        } else if let Some(other) = seen.get(&text) {
            errors.push(
                old.span(),
                format_args!("`{text}` is still a label: that of `{other}`"),
            );
        } else if let Some(first) = claimed.insert(text.clone(), label.ident) {
            errors.push(
                old.span(),
                format_args!("`{text}` became `{first}` already"),
            );
        }
    }
}

fn emit(
    item: &DeriveInput,
    options: &EnumOptions,
    name: &Name,
    labels: &[Label<'_>],
    record: bool,
) -> TokenStream {
    let private = private();
    let ident = &item.ident;
    let constant = emit_name(&private, options.schema.get(), name);
    let record = record.then(|| {
        Record::Enum(EnumDef {
            name: record_name(&private, options.schema.get(), name),
            renamed_from: options.renamed_from.get().map(Text::from),
            comment: match options.comment.get() {
                Some(comment) => Some(comment.into()),
                None => doc::comment(&item.attrs).map(Text::from),
            },
            labels: labels
                .iter()
                .map(|label| {
                    let old = label.renamed_from.as_ref().map(Text::from);
                    ((&label.name.text).into(), old)
                })
                .collect(),
            source: SourceDef::here(unraw(ident)).spelled(&Spelling::of(Kind::Enum, item)),
        })
    });
    let literals = labels.iter().map(|label| {
        let (variant, text) = (label.ident, literal(&label.name.text));
        quote!((Self::#variant as i128, #text))
    });
    let literals = if record.is_some() {
        quote!(&[#(#literals),*])
    } else {
        quote!(&[])
    };
    let labels: Vec<_> = labels
        .iter()
        .map(|label| (label.ident, label.name.text.as_str()))
        .collect();
    let krate = options.krate.get();
    let queries = record
        .as_ref()
        .map(|_| queries::of_enum(item, krate, options.sqlx.get(), &labels));
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
            #[automatically_derived]
            impl #private::StoredAs<#ident> for String {}
            #[automatically_derived]
            impl #private::StoredAs<#private::pg::text> for #ident {}
            #[automatically_derived]
            impl #private::PgEnum for #ident {
                const LITERALS: &'static [(i128, &'static str)] = #literals;
            }
            #queries
        },
        record.as_ref(),
    )
}

/// The name of a type as it is recorded.
pub(crate) fn record_name(
    private: &TokenStream,
    schema: Option<&SchemaName>,
    name: &Name,
) -> NameDef {
    NameDef {
        schema: schema.map_or_else(|| "".into(), |schema| schema.text(private)),
        name: (&name.text).into(),
    }
}

/// The `NameDef` of a type.
pub(crate) fn emit_name(
    private: &TokenStream,
    schema: Option<&SchemaName>,
    name: &Name,
) -> TokenStream {
    let schema = schema.map_or_else(|| quote!(""), |schema| schema.emit(private));
    let name = &name.text;
    quote!(#private::NameDef { schema: #schema, name: #name })
}

impl EnumOptions {
    fn read(&mut self, input: syn::parse::ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
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
            "renamed_from" => self.renamed_from.set(&key, options::value(input)?, errors),
            "comment" => self.comment.set(&key, options::value(input)?, errors),
            "sqlx" => self.sqlx.set(&key, options::flag(input)?, errors),
            _ => {
                return Err(options::unknown(
                    &key,
                    "enum",
                    &[
                        "name",
                        "schema",
                        "rename_all",
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
