//! `#[derive(PgNewtype)]`: a struct around one value is the same SQL type as that value.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Path, Token, Type};

use crate::errors::Errors;
use crate::name::unraw;
use crate::options;
use crate::paths::{private, scoped};
use crate::queries;
use crate::record::{NewtypeDef, Record, SourceDef};
use crate::slot::Slot;
use crate::spelling::{Kind, Spelling};

pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let item: DeriveInput = match syn::parse2(item) {
        Ok(item) => item,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let mut krate: Slot<Path> = Slot::default();
    let mut sqlx: Slot<bool> = Slot::default();
    for attribute in item
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("pg"))
    {
        options::of_attribute(attribute, &mut errors, |input, errors| {
            let key = options::key(input)?;
            if key == "sqlx" {
                sqlx.set(&key, options::flag(input)?, errors);
                return Ok(());
            }
            if key != "crate" {
                return Err(options::unknown(&key, "newtype", &["sqlx", "crate"]));
            }
            input.parse::<Token![=]>()?;
            krate.set(&key, input.call(Path::parse_mod_style)?, errors);
            Ok(())
        });
    }
    let Some(inner) = inner(&item, "PgNewtype", &mut errors) else {
        return errors.into_tokens();
    };
    let private = private();
    let delegated = delegated(&item, inner);
    let queries = queries::of_wrapper(&item, krate.get(), sqlx.get());
    let (generics, arguments, bounds) = item.generics.split_for_impl();
    // Without generics the constants ask for it, at the type.
    let bounds = if item.generics.params.is_empty() {
        quote!(#bounds)
    } else {
        where_clause(bounds, &quote!(#inner: #private::SqlType))
    };
    let ident = &item.ident;
    let record = Record::Newtype(NewtypeDef {
        source: SourceDef::here(unraw(ident)).spelled(&Spelling::of(Kind::Newtype, &item)),
    });
    let emitted = scoped(
        krate.get(),
        &quote! {
            #[automatically_derived]
            impl #generics #private::SqlType for #ident #arguments #bounds {
                const TYPE: #private::TypeDef<'static> = <#inner as #private::SqlType>::TYPE;
                const BASE: #private::TypeDef<'static> = <#inner as #private::SqlType>::BASE;
            }
            #delegated
            #queries
        },
        Some(&record),
    );
    let errors = errors.into_tokens();
    quote!(#errors #emitted)
}

/// What a wrapper takes over from the type within.
pub(crate) fn delegated(item: &DeriveInput, inner: &Type) -> TokenStream {
    let private = private();
    let ident = &item.ident;
    let (_, arguments, bounds) = item.generics.split_for_impl();
    let mut extended = item.generics.clone();
    extended.params.push(syn::parse_quote!(__Sql));
    let (generics, ..) = extended.split_for_impl();
    let stored = where_clause(
        bounds,
        &quote!(#inner: #private::StoredAs<__Sql>, __Sql: #private::SqlType),
    );
    let accepts = where_clause(bounds, &quote!(#inner: #private::Accepts<__Sql>));
    quote! {
        #[automatically_derived]
        impl #generics #private::StoredAs<__Sql> for #ident #arguments #stored {}
        #[automatically_derived]
        impl #generics #private::Accepts<__Sql> for #ident #arguments #accepts {
            const RANGE: (i128, i128) = <#inner as #private::Accepts<__Sql>>::RANGE;
        }
    }
}

fn where_clause(existing: Option<&syn::WhereClause>, more: &TokenStream) -> TokenStream {
    let predicates = existing.map(|clause| &clause.predicates);
    match predicates {
        Some(predicates) if predicates.trailing_punct() => quote!(where #predicates #more),
        Some(predicates) => quote!(where #predicates, #more),
        None => quote!(where #more),
    }
}

/// The type of the only field.
pub(crate) fn inner<'a>(
    item: &'a DeriveInput,
    derive: &str,
    errors: &mut Errors,
) -> Option<&'a Type> {
    let Data::Struct(data) = &item.data else {
        errors.push(
            item.ident.span(),
            format_args!("`{derive}` is for structs around one value; an enum derives `PgEnum`"),
        );
        return None;
    };
    let mut fields = data.fields.iter();
    match (fields.next(), fields.next()) {
        (Some(field), None) => Some(&field.ty),
        _ => {
            errors.push(
                item.ident.span(),
                format_args!(
                    "`{derive}` is for structs around one value, such as `struct {}(i64);`",
                    item.ident
                ),
            );
            None
        }
    }
}
