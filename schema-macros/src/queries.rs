//! What queries need of enums, domains and newtypes: types of `sqlx`, operands of `sea-query`.
//!
//! The code is handed to macros of `schema-core`, which drop what they have no feature for: the
//! features of this crate can be on for another build of `schema-core`, and are what keeps the
//! code from being made where nobody asks for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Ident, Path};

use crate::name::unraw;
use crate::paths::private;

/// Whether anybody asks for names or types.
const ASKED: bool = cfg!(feature = "sea-query") || cfg!(feature = "sqlx");

/// Code for queries of `sea-query`.
pub(crate) fn for_sea_query(krate: Option<&Path>, code: &TokenStream) -> TokenStream {
    handed(krate, cfg!(feature = "sea-query"), "__with_sea_query", code)
}

/// Code for `sqlx`.
pub(crate) fn for_sqlx(krate: Option<&Path>, code: &TokenStream) -> TokenStream {
    handed(krate, cfg!(feature = "sqlx"), "__with_sqlx", code)
}

fn handed(krate: Option<&Path>, asked: bool, to: &str, code: &TokenStream) -> TokenStream {
    if !asked {
        return TokenStream::new();
    }
    let to = format_ident!("{to}");
    match krate {
        Some(krate) => quote!(#krate::#to! { #code }),
        None => quote!(::schema_core::#to! { #code }),
    }
}

/// Whether sqlx's own derive is on the item: only there its attribute may stand.
pub(crate) fn is_loaded_by_sqlx(item: &DeriveInput) -> bool {
    item.attrs.iter().any(|it| it.path().is_ident("sqlx"))
}

/// Of an enum, in a scope where its name is `NAME`.
pub(crate) fn of_enum(
    item: &DeriveInput,
    krate: Option<&Path>,
    sqlx: Option<&bool>,
    labels: &[(&Ident, &str)],
) -> TokenStream {
    if !ASKED {
        return TokenStream::new();
    }
    let (private, ident, rust) = (private(), &item.ident, unraw(&item.ident));
    let (variants, labels): (Vec<_>, Vec<_>) = labels.iter().copied().unzip();
    let labelled = handed(
        krate,
        true,
        "__with_queries",
        &quote! {
            #[automatically_derived]
            impl #private::Labelled for #ident {
                fn label(&self) -> &'static str {
                    match self { #(Self::#variants => #labels),* }
                }
                fn of_label(label: &str) -> Option<Self> {
                    match label { #(#labels => Some(Self::#variants),)* _ => None }
                }
            }
        },
    );
    let operand = for_sea_query(
        krate,
        &quote! {
            #[automatically_derived]
            impl #private::sea_query::Operand for #ident {
                fn into_text(self) -> ::std::string::String {
                    ::std::string::String::from(#private::Labelled::label(&self))
                }
            }
        },
    );
    if sqlx == Some(&false) || is_loaded_by_sqlx(item) {
        return quote!(#labelled #operand);
    }
    let sqlx = quote!(#private::sqlx);
    let loaded = for_sqlx(
        krate,
        &quote! {
            const QUOTED: [u8; #private::quoted_len(NAME)] = #private::quoted(NAME);
            const TYPE_NAME: &'static str = #private::quoted_text(&QUOTED);
            #[automatically_derived]
            impl #sqlx::Type<#sqlx::Postgres> for #ident {
                fn type_info() -> #sqlx::PgTypeInfo {
                    #sqlx::PgTypeInfo::with_name(TYPE_NAME)
                }
                fn compatible(ty: &#sqlx::PgTypeInfo) -> bool {
                    #sqlx::is_enum(ty, NAME, &#sqlx::PgTypeInfo::with_name(TYPE_NAME))
                }
            }
            #[automatically_derived]
            impl #sqlx::PgHasArrayType for #ident {
                fn array_type_info() -> #sqlx::PgTypeInfo {
                    #sqlx::PgTypeInfo::array_of(TYPE_NAME)
                }
                fn array_compatible(ty: &#sqlx::PgTypeInfo) -> bool {
                    let own = <Self as #sqlx::PgHasArrayType>::array_type_info();
                    #sqlx::has_elements(ty, &own, <Self as #sqlx::Type<#sqlx::Postgres>>::compatible)
                }
            }
            #[automatically_derived]
            impl<'q> #sqlx::Encode<'q, #sqlx::Postgres> for #ident {
                fn encode_by_ref(&self, buffer: &mut #sqlx::PgArgumentBuffer)
                    -> ::core::result::Result<#sqlx::IsNull, #sqlx::BoxDynError>
                {
                    <&str as #sqlx::Encode<'_, #sqlx::Postgres>>::encode_by_ref(
                        &#private::Labelled::label(self), buffer)
                }
            }
            #[automatically_derived]
            impl<'r> #sqlx::Decode<'r, #sqlx::Postgres> for #ident {
                fn decode(value: #sqlx::PgValueRef<'r>)
                    -> ::core::result::Result<Self, #sqlx::BoxDynError>
                {
                    let label = <&'r str as #sqlx::Decode<'r, #sqlx::Postgres>>::decode(value)?;
                    <Self as #private::Labelled>::of_label(label)
                        .ok_or_else(|| #sqlx::no_label(label, NAME, #rust))
                }
            }
        },
    );
    quote!(#labelled #operand #loaded)
}

/// Of a struct around one value.
///
/// The bounds are on a parameter that stands for the type within, so that a type which `sqlx` does
/// not know has a message only where it is used.
pub(crate) fn of_wrapper(
    item: &DeriveInput,
    krate: Option<&Path>,
    sqlx: Option<&bool>,
) -> TokenStream {
    let syn::Data::Struct(data) = &item.data else {
        return TokenStream::new();
    };
    let Some(field) = data.fields.iter().next().filter(|_| ASKED) else {
        return TokenStream::new();
    };
    let (private, ident, inner) = (private(), &item.ident, &field.ty);
    let member = match &field.ident {
        Some(name) => quote!(#name),
        None => quote!(0),
    };
    let (generics, arguments, bounds) = item.generics.split_for_impl();
    let wrapper = handed(
        krate,
        true,
        "__with_queries",
        &quote! {
            #[automatically_derived]
            impl #generics #private::Wrapper for #ident #arguments #bounds {
                type Inner = #inner;
                fn wrap(inner: #inner) -> Self {
                    Self { #member: inner }
                }
                fn inner(&self) -> &#inner {
                    &self.#member
                }
                fn into_inner(self) -> #inner {
                    self.#member
                }
            }
        },
    );
    let mut extended = item.generics.clone();
    extended.params.push(syn::parse_quote!(__Inner));
    let clause = extended.make_where_clause();
    clause
        .predicates
        .push(syn::parse_quote!(#ident #arguments: #private::Wrapper<Inner = __Inner>));
    let with = |lifetime: Option<syn::LifetimeParam>, bound: TokenStream| {
        let mut generics = extended.clone();
        if let Some(lifetime) = lifetime {
            generics
                .params
                .insert(0, syn::GenericParam::Lifetime(lifetime));
        }
        let clause = generics.make_where_clause();
        clause.predicates.push(syn::parse_quote!(__Inner: #bound));
        let (generics, _, bounds) = generics.split_for_impl();
        (quote!(#generics), quote!(#bounds))
    };
    let (operand, operands) = with(None, quote!(#private::sea_query::Operand));
    let operands = quote!(#operands, #ident #arguments: #private::SqlType);
    let operand = for_sea_query(
        krate,
        &quote! {
            #[automatically_derived]
            impl #operand #private::sea_query::Operand for #ident #arguments #operands {
                const IS_ARRAY: bool = <__Inner as #private::sea_query::Operand>::IS_ARRAY;
                fn into_text(self) -> ::std::string::String {
                    <__Inner as #private::sea_query::Operand>::into_text(#private::Wrapper::into_inner(self))
                }
                fn into_expr(self) -> #private::sea_query::Expr {
                    <__Inner as #private::sea_query::Operand>::into_expr(#private::Wrapper::into_inner(self))
                }
            }
        },
    );
    if sqlx == Some(&false) || is_loaded_by_sqlx(item) {
        return quote!(#wrapper #operand);
    }
    let sqlx = quote!(#private::sqlx);
    let postgres = quote!(#sqlx::Postgres);
    let (typed, where_typed) = with(None, quote!(#sqlx::Type<#postgres>));
    let (arrayed, where_arrayed) =
        with(None, quote!(#sqlx::Type<#postgres> + #sqlx::PgHasArrayType));
    let (encoded, where_encoded) = with(
        Some(syn::parse_quote!('q)),
        quote!(#sqlx::Encode<'q, #postgres>),
    );
    let (decoded, where_decoded) = with(
        Some(syn::parse_quote!('r)),
        quote!(#sqlx::Decode<'r, #postgres>),
    );
    let loaded = for_sqlx(
        krate,
        &quote! {
            #[automatically_derived]
            impl #typed #sqlx::Type<#sqlx::Postgres> for #ident #arguments #where_typed {
                fn type_info() -> #sqlx::PgTypeInfo {
                    <__Inner as #sqlx::Type<#sqlx::Postgres>>::type_info()
                }
                fn compatible(ty: &#sqlx::PgTypeInfo) -> bool {
                    #sqlx::is_domain_over(ty, <__Inner as #sqlx::Type<#sqlx::Postgres>>::compatible)
                }
            }
            #[automatically_derived]
            impl #arrayed #sqlx::PgHasArrayType for #ident #arguments #where_arrayed {
                fn array_type_info() -> #sqlx::PgTypeInfo {
                    <__Inner as #sqlx::PgHasArrayType>::array_type_info()
                }
                fn array_compatible(ty: &#sqlx::PgTypeInfo) -> bool {
                    <__Inner as #sqlx::PgHasArrayType>::array_compatible(ty)
                        || #sqlx::has_elements(
                            ty,
                            &<__Inner as #sqlx::PgHasArrayType>::array_type_info(),
                            <Self as #sqlx::Type<#sqlx::Postgres>>::compatible,
                        )
                }
            }
            #[automatically_derived]
            impl #encoded #sqlx::Encode<'q, #sqlx::Postgres> for #ident #arguments #where_encoded {
                fn encode_by_ref(&self, buffer: &mut #sqlx::PgArgumentBuffer)
                    -> ::core::result::Result<#sqlx::IsNull, #sqlx::BoxDynError>
                {
                    <__Inner as #sqlx::Encode<'q, #sqlx::Postgres>>::encode_by_ref(
                        #private::Wrapper::inner(self), buffer)
                }
                fn produces(&self) -> ::core::option::Option<#sqlx::PgTypeInfo> {
                    <__Inner as #sqlx::Encode<'q, #sqlx::Postgres>>::produces(#private::Wrapper::inner(self))
                }
            }
            #[automatically_derived]
            impl #decoded #sqlx::Decode<'r, #sqlx::Postgres> for #ident #arguments #where_decoded {
                fn decode(value: #sqlx::PgValueRef<'r>)
                    -> ::core::result::Result<Self, #sqlx::BoxDynError>
                {
                    <__Inner as #sqlx::Decode<'r, #sqlx::Postgres>>::decode(value)
                        .map(#private::Wrapper::wrap)
                }
            }
        },
    );
    quote!(#wrapper #operand #loaded)
}
