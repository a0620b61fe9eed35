//! What queries need of a table: names for `sea-query`, and the struct as a row of `sqlx`.

use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Data, Ident};

use super::emit::name;
use super::input::Table;
use crate::name::unraw;
use crate::queries::{for_sea_query, for_sqlx, is_loaded_by_sqlx};

/// Names and rows, as far as anybody asks for them.
pub(super) fn queries(table: &Table<'_>) -> TokenStream {
    let names = cfg!(feature = "sea-query") && table.options.names.get() != Some(&false);
    let names = names.then(|| names_of(table));
    let row = cfg!(feature = "sqlx") && is_row(table);
    let row = row.then(|| row_of(table));
    quote!(#names #row)
}

/// `User::Table`, `User::Email`.
fn names_of(table: &Table<'_>) -> TokenStream {
    let (private, ident) = (&table.private, &table.item.ident);
    let sea_query = quote!(#private::sea_query);
    let qualified = name(table);
    let own = &table.name.text;
    let mut taken = BTreeSet::from(["Table".to_owned()]);
    let constants: Vec<_> = table
        .fields
        .list
        .iter()
        .map(|field| {
            let constant = constant(&field.rust_name(), &mut taken);
            Ident::new(&constant, field.ident.span())
        })
        .collect();
    let columns = table.fields.list.iter().map(|field| {
        let text = &field.name.text;
        let quoted = text.replace('"', "\"\"");
        quote!(#sea_query::Name::new(#quoted, #text))
    });
    let columns: Vec<_> = columns.collect();
    let docs = table.fields.list.iter().map(|field| {
        let text = &field.name.text;
        format!("The column `{text}`, for queries of `sea-query`.")
    });
    let table_doc = format!("The table `{own}`, for queries of `sea-query`.");
    for_sea_query(
        table.options.krate.get(),
        &quote! {
            const QUALIFIED: #private::NameDef<'static> = #qualified;
            const QUOTED: [u8; #private::quoted_len(QUALIFIED)] = #private::quoted(QUALIFIED);
            #[automatically_derived]
            #[allow(dead_code, non_upper_case_globals, unreachable_pub)]
            impl #ident {
                #[doc = #table_doc]
                pub const Table: #sea_query::Name =
                    #sea_query::Name::new(#private::unquoted(#private::quoted_text(&QUOTED)), #own);
                #(#[doc = #docs] pub const #constants: #sea_query::Name = #columns;)*
            }
            #[automatically_derived]
            impl #sea_query::Named for #ident {
                const ALL: &'static [#sea_query::Name] = &[#(#columns),*];
            }
        },
    )
}

/// The constant of a field: its name in `UpperCamelCase`, with `_` behind it where that is taken or
/// is no name.
fn constant(field: &str, taken: &mut BTreeSet<String>) -> String {
    let mut constant = field.to_upper_camel_case();
    if syn::parse_str::<Ident>(&constant).is_err() && constant != "Self" {
        constant = format!("_{constant}");
    }
    while constant == "Self" || constant == "_" || !taken.insert(constant.clone()) {
        constant.push('_');
    }
    constant
}

/// Whether the struct has no other `sqlx::FromRow`, as far as it can be seen.
fn is_row(table: &Table<'_>) -> bool {
    let item = table.item;
    let derived = item.attrs.iter().any(|it| it.path().is_ident("__loaded"));
    let said = match &item.data {
        Data::Struct(data) => data
            .fields
            .iter()
            .any(|field| field.attrs.iter().any(|it| it.path().is_ident("sqlx"))),
        Data::Enum(_) | Data::Union(_) => true,
    };
    table.options.sqlx.get() != Some(&false) && !derived && !said && !is_loaded_by_sqlx(item)
}

/// `sqlx::FromRow`, for any kind of row, as sqlx's own derive has it: a field that cannot be loaded
/// has a message only where a row is loaded.
fn row_of(table: &Table<'_>) -> TokenStream {
    let (private, ident) = (&table.private, &table.item.ident);
    let sqlx = quote!(#private::sqlx);
    let Data::Struct(data) = &table.item.data else {
        return TokenStream::new();
    };
    let (mut values, mut bounds, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for member in &data.fields {
        let (Some(field), ty) = (&member.ident, &member.ty) else {
            continue;
        };
        let rust_name = unraw(field);
        let column = table
            .fields
            .list
            .iter()
            .find(|it| it.rust_name() == rust_name);
        let new = seen.insert((column.is_some(), ty.to_token_stream().to_string()));
        match column {
            Some(column) => {
                let name = &column.name.text;
                values.push(quote!(#field: #sqlx::Row::try_get(row, #name)?));
                if new {
                    bounds.push(
                        quote!(#ty: #sqlx::Decode<'r, R::Database> + #sqlx::Type<R::Database>),
                    );
                }
            }
            None => {
                values.push(quote!(#field: <#ty as #sqlx::LeftOut<R>>::left_out()));
                if new {
                    bounds.push(quote!(#ty: #sqlx::LeftOut<R>));
                }
            }
        }
    }
    for_sqlx(
        table.options.krate.get(),
        &quote! {
            #[automatically_derived]
            impl<'r, R: #sqlx::Row> #sqlx::FromRow<'r, R> for #ident
            where
                &'r str: #sqlx::ColumnIndex<R>,
                #(#bounds),*
            {
                fn from_row(row: &'r R) -> #sqlx::Result<Self> {
                    ::core::result::Result::Ok(Self { #(#values),* })
                }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::constant;

    #[test]
    fn every_field_has_a_constant_of_its_own() {
        let mut taken = BTreeSet::from(["Table".to_owned()]);
        let fields = [
            "user_id", "user__id", "table", "self_", "type", "_1", "__", "größe", "x",
        ];
        let constants = fields.map(|field| constant(field, &mut taken));
        assert_eq!(
            constants,
            [
                "UserId", "UserId_", "Table_", "Self_", "Type", "_1", "__", "Größe", "X"
            ]
        );
    }
}
