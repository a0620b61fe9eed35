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
