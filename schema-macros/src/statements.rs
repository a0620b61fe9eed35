//! `sql!("…")` and `sql_file!("…")`: statements that make objects.

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{Path, Token};

use crate::errors::Errors;
use crate::options;
use crate::paths::scoped;
use crate::record::{Record, SourceDef, StatementsDef};
use crate::slot::Slot;
use crate::sql_text::SqlText;

/// `sql!`
pub(crate) fn here(input: TokenStream) -> TokenStream {
    options::whole(input, |input, errors| {
        let text = SqlText::parse(input, true, errors)?;
        expand(input, &text, "sql!", errors)
    })
}

/// `sql_file!`
pub(crate) fn file(input: TokenStream) -> TokenStream {
    options::whole(input, |input, errors| {
        let text = SqlText::parse_file(input)?;
        expand(input, &text, "sql_file!", errors)
    })
}

fn expand(
    input: ParseStream<'_>,
    text: &SqlText,
    item: &str,
    errors: &mut Errors,
) -> syn::Result<TokenStream> {
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let mut krate: Slot<Path> = Slot::default();
    options::each(input, errors, &mut |input, errors| {
        let key = options::key(input)?;
        if key != "crate" {
            return Err(options::unknown(&key, item, &["crate"]));
        }
        input.parse::<Token![=]>()?;
        krate.set(&key, input.call(Path::parse_mod_style)?, errors);
        Ok(())
    });
    if !errors.is_empty() {
        return Ok(TokenStream::new());
    }
    let record = Record::Statements(StatementsDef {
        text: text.text(),
        file: text.file(),
        line: text.line(),
        source: SourceDef::here(item.to_owned()),
    });
    Ok(scoped(krate.get(), &TokenStream::new(), Some(&record)))
}
