//! `pg_schema!(pub billing, comment = "money")`: a schema, and a type that stands for it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Path, Token, Visibility};

use crate::errors::Errors;
use crate::name::{Name, unraw};
use crate::paths::{private, scoped};
use crate::record::{Record, SchemaDef, SourceDef, Text};
use crate::slot::Slot;
use crate::{doc, options};

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    options::whole(input, parse)
}

fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<TokenStream> {
    let attributes = input.call(Attribute::parse_outer)?;
    let visibility: Visibility = input.parse()?;
    let ident: Ident = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let mut krate: Slot<Path> = Slot::default();
    let mut name: Slot<LitStr> = Slot::default();
    let mut comment: Slot<LitStr> = Slot::default();
    options::each(input, errors, &mut |input, errors| {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                krate.set(&key, input.call(Path::parse_mod_style)?, errors);
            }
            "name" => name.set(&key, options::value(input)?, errors),
            "comment" => comment.set(&key, options::value(input)?, errors),
            _ => {
                return Err(options::unknown(
                    &key,
                    "schema",
                    &["name", "comment", "crate"],
                ));
            }
        }
        Ok(())
    });
    let name = match name.get() {
        Some(name) => Name::given(name, "schema", errors),
        None => Name::of_ident(&ident, "schema", errors),
    };
    if name.text.starts_with("pg_") {
        errors.push(
            name.span,
            "names that start with `pg_` are PostgreSQL's own",
        );
    }
    let text = &name.text;
    let comment = match comment.get() {
        Some(comment) => Some(comment.value()),
        None => doc::comment(&attributes),
    };
    let private = private();
    let record = errors.is_empty().then(|| {
        Record::Schema(SchemaDef {
            name: text.into(),
            comment: comment.map(Text::from),
            source: SourceDef::here(unraw(&ident)),
        })
    });
    let items = scoped(
        krate.get(),
        &quote! {
            impl #private::Schema for #ident {
                const NAME: &'static str = #text;
            }
        },
        record.as_ref(),
    );
    let doc = format!("The schema `{text}`.");
    Ok(quote! {
        #[doc = #doc]
        #(#attributes)*
        #[allow(non_camel_case_types)]
        #visibility enum #ident {}
        #items
    })
}
