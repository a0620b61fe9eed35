//! What only the compiler can check: facts about types and other tables.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::emit::base;
use super::emit_constraint::element_fields;
use super::field::Field;
use super::input::{ForeignKey, Table};
use crate::default::DefaultValue;
use crate::paths::{fallback, nullable, private_at, value_type};
use crate::primitive::Primitive;

/// What the compiler has to prove: facts about types and other tables.
///
/// Bounds are asked for in one function body; what may panic has a constant of its own, so that
/// each mistake is reported.
pub(super) fn checks(table: &Table<'_>) -> TokenStream {
    let private = &table.private;
    let ident = &table.item.ident;
    let mut checks = Vec::new();
    for field in &table.fields.list {
        let (ty, name) = (field.ty, field.ident);
        let rust_name = field.rust_name();
        let column = quote!(<#ident as #private::Table>::COLUMNS.#name);
        let base = base(field, private);
        let primitive = Primitive::of(ty);
        let certain = |value: &DefaultValue| {
            let literal = value.literal();
            literal.is_some_and(|it| primitive.is_some_and(|primitive| primitive.takes(&it.kind)))
        };
        if let Some(default) = field.options.default.get()
            && !certain(default)
        {
            checks.extend(default.check(ty, &rust_name, &base, &column));
        }
        if let Some(backfill) = field.options.backfill.get()
            && !certain(backfill)
        {
            checks.extend(backfill.check(ty, &rust_name, &base, &column));
        }
        if let Some(span) = field.options.identity.span()
            && !primitive.is_some_and(Primitive::takes_identity)
        {
            let private = private_at(span);
            let (value, import) = (value_type(ty), fallback("NoFit"));
            checks.push(quote_spanned!(span=> {
                #import
                let range = #private::Fit::<#value, #private::literal::identity>::RANGE;
                #private::check_identity(#rust_name, #base, range)
            }));
        }
        if let Some(rendered) = &field.generated {
            checks.extend(rendered.checks.iter().cloned());
        }
    }
    let rendered = table
        .indexes
        .iter()
        .filter_map(|index| index.predicate.as_ref())
        .chain(
            table
                .excludes
                .iter()
                .filter_map(|exclude| exclude.predicate.as_ref()),
        )
        .chain(table.checks.iter().map(|check| &check.predicate));
    for rendered in rendered {
        checks.extend(rendered.checks.iter().cloned());
    }
    for index in &table.primary_keys {
        for field in element_fields(&index.elements) {
            let field = &table.fields.list[field];
            if Primitive::of(field.ty).is_none_or(|primitive| primitive.nullable) {
                checks.push(primary_key_check(field));
            }
        }
    }
    for (at, key) in table.foreign_keys.iter().enumerate() {
        checks.extend(set_null_checks(table, key));
        let constant = format_ident!("REFERENCES_{at}");
        let columns = key.columns.iter().map(|index| {
            let name = table.fields.list[*index].ident;
            quote!(#private::operand(<#ident as #private::Table>::COLUMNS.#name))
        });
        let span = key.references[0]
            .segments
            .last()
            .map_or(key.span, |segment| segment.ident.span());
        let private = private_at(span);
        checks
            .push(quote_spanned!(span=> #private::check_foreign_key::<#ident, _>(&[#(#columns),*], &#constant)));
    }
    quote!(#(const _: () = #checks;)*)
}

fn primary_key_check(field: &Field<'_>) -> TokenStream {
    let nullable = nullable(field.ty, field.span());
    let private = private_at(field.span());
    let message = format!(
        "`{}` is in the primary key and cannot be null: take the `Option` away",
        field.rust_name()
    );
    quote_spanned!(field.span()=> #private::check_not_null(#nullable, #message))
}

fn set_null_checks(table: &Table<'_>, key: &ForeignKey) -> Vec<TokenStream> {
    let mut checks = Vec::new();
    for (slot, word) in [
        (&key.options.on_delete, "on_delete"),
        (&key.options.on_update, "on_update"),
    ] {
        let (Some(action), Some(span)) = (slot.get(), slot.span()) else {
            continue;
        };
        if *action != "SetNull" {
            continue;
        }
        let private = private_at(span);
        for index in &key.columns {
            let field = &table.fields.list[*index];
            let nullable = nullable(field.ty, span);
            let message = format!(
                "`{word} = set_null` on `{}`, a NOT NULL column: make it an `Option` or choose another action",
                field.rust_name()
            );
            checks.push(quote_spanned!(span=>
                #private::check_nullable(#nullable, #message)
            ));
        }
    }
    checks
}
