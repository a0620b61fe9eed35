//! Where generated code finds `schema-core`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::record::Record;

/// How generated code calls `schema_core::private`, within what [`scoped`] returns.
pub(crate) fn private() -> TokenStream {
    quote!(__schema)
}

/// [`private`] at a place in the source, for calls whose errors belong there.
pub(crate) fn private_at(span: Span) -> TokenStream {
    quote_spanned!(span=> __schema)
}

/// The field's type as a column; in the user's tokens, so that a type without SQL mapping is one
/// mistake at one place, wherever it is asked for.
pub(crate) fn column_type(ty: &syn::Type) -> TokenStream {
    let span = syn::spanned::Spanned::span(ty);
    let private = private_at(span);
    quote_spanned!(span=> <#ty as #private::ColumnType>)
}

/// The field's type without `Option`; in the user's tokens, as [`column_type`].
pub(crate) fn value_type(ty: &syn::Type) -> TokenStream {
    let column = column_type(ty);
    quote_spanned!(syn::spanned::Spanned::span(ty)=> #column::Value)
}

/// Whether the field's type is an `Option`, for types without SQL mapping too.
pub(crate) fn nullable(ty: &syn::Type, span: Span) -> TokenStream {
    let (import, private) = (fallback("NotOption"), private_at(span));
    quote_spanned!(span=> { #import #private::Probe::<#ty>::NULLABLE })
}

/// Imports what a constant is looked up in last; it may be unused, and is not in the user's tokens,
/// for which the compiler would warn about that.
pub(crate) fn fallback(name: &str) -> TokenStream {
    let private = private();
    let name = proc_macro2::Ident::new(name, Span::call_site());
    quote!(use #private::#name as _;)
}

/// A fact about a column with `type = path`.
pub(crate) fn stores(ty: &syn::Type, path: &TokenStream, fact: &str) -> TokenStream {
    let span = syn::spanned::Spanned::span(path);
    let private = private_at(span);
    let fact = proc_macro2::Ident::new(fact, span);
    quote_spanned!(span=> <#path as #private::Stores<#ty>>::#fact)
}

/// Items in a scope of their own, where [`private`] is known, and the record, if any.
///
/// ```text
/// const _: () = {
///     use ::schema_core::private as __schema;
///     …
///     ::schema_core::__pgschema_record!(…);
/// };
/// ```
pub(crate) fn scoped(
    krate: Option<&syn::Path>,
    items: &TokenStream,
    record: Option<&Record>,
) -> TokenStream {
    let krate = match krate {
        Some(path) => quote!(#path),
        None => quote!(::schema_core),
    };
    let record = record.map(|record| {
        let pieces = record.emit(&private());
        quote!(#krate::__pgschema_record!(#pieces);)
    });
    quote! {
        const _: () = {
            use #krate::private as __schema;
            #items
            #record
        };
    }
}

/// The line of a place in the source.
pub(crate) fn line(span: Span) -> u32 {
    u32::try_from(span.unwrap().line()).unwrap_or(0)
}
