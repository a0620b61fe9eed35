//! `extension!(citext)`: an extension that the tables need.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Path, Token};

use crate::errors::Errors;
use crate::name::Name;
use crate::options;
use crate::paths::{private, scoped};
use crate::record::{ExtensionDef, Record, SourceDef, Text};
use crate::slot::Slot;
use crate::table::input::SchemaName;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    options::whole(input, parse)
}

fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<TokenStream> {
    let name = if input.peek(LitStr) {
        Name::given(&input.parse()?, "extension", errors)
    } else {
        Name::of_ident(&input.call(Ident::parse_any)?, "extension", errors)
    };
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let mut krate: Slot<Path> = Slot::default();
    let mut schema: Slot<SchemaName> = Slot::default();
    let mut version: Slot<LitStr> = Slot::default();
    options::each(input, errors, &mut |input, errors| {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "crate" => {
                input.parse::<Token![=]>()?;
                krate.set(&key, input.call(Path::parse_mod_style)?, errors);
            }
            "schema" => {
                input.parse::<Token![=]>()?;
                let parsed = SchemaName::parse(input, errors)?;
                schema.set(&key, parsed, errors);
            }
            "version" => version.set(&key, options::value(input)?, errors),
            _ => {
                let known = &["schema", "version", "crate"];
                return Err(options::unknown(&key, "extension", known));
            }
        }
        Ok(())
    });
    if let Some(version) = version.get()
        && version.value().is_empty()
    {
        errors.push(version.span(), "the version is empty");
    }
    if !errors.is_empty() {
        return Ok(TokenStream::new());
    }
    let private = private();
    let schema = match schema.get() {
        Some(schema) => schema.text(&private),
        None => "".into(),
    };
    Ok(scoped(
        krate.get(),
        &TokenStream::new(),
        Some(&Record::Extension(ExtensionDef {
            name: (&name.text).into(),
            schema,
            version: version.get().map_or_else(|| "".into(), Text::from),
            source: SourceDef::here(name.text.clone()),
        })),
    ))
}
