//! Where generated code finds `schema-core`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

/// How generated code calls `schema_core::private`, within what [`scoped`] returns.
pub(crate) fn private() -> TokenStream {
    quote!(__schema)
}

/// [`private`] at a place in the source, for calls whose errors belong there.
pub(crate) fn private_at(span: Span) -> TokenStream {
    quote_spanned!(span=> __schema)
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
    record: Option<&TokenStream>,
) -> TokenStream {
    let krate = match krate {
        Some(path) => quote!(#path),
        None => quote!(::schema_core),
    };
    let record = record.map(|record| quote!(#krate::__pgschema_record!(#record);));
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

/// `Some(…)` or `None`.
pub(crate) fn option(value: Option<impl quote::ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

/// The `SourceDef` of an item.
pub(crate) fn source(private: &TokenStream, item: &str) -> TokenStream {
    quote!(#private::SourceDef {
        file: file!(),
        line: line!(),
        column: column!(),
        module: module_path!(),
        item: #item,
    })
}
