//! `migrate!("migrations")`: a migration directory, verified and put into the program.

#[expect(
    clippy::enum_variant_names,
    unused_imports,
    unreachable_pub,
    reason = "the folder is one with the engine's, which uses more of it and shows it"
)]
mod chain;
mod configuration;
mod read;

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token, bracketed};

use crate::errors::Errors;
use crate::options;
use crate::slot::Slot;

/// Where migrations are unless the macro is told.
const FOLDER: &str = "migrations";

/// What is written in the parentheses.
struct Input {
    folder: Option<LitStr>,
    prefixes: Option<Vec<LitStr>>,
    krate: Option<syn::Path>,
}

/// The expression that the macro stands for, or its mistakes in one.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parser = |input: ParseStream<'_>| parse(input, &mut errors);
    let parsed = parser.parse2(input);
    let input = errors.ok(parsed).filter(|_| errors.is_empty());
    let tokens = input.and_then(|input| {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        embed(&input, Path::new(&manifest), &mut errors)
    });
    tokens.unwrap_or_else(|| {
        let errors = errors.into_tokens();
        quote!({ #errors })
    })
}

fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Input> {
    let folder = input.peek(LitStr).then(|| input.parse()).transpose()?;
    if folder.is_some() && !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let mut prefixes: Slot<Vec<LitStr>> = Slot::default();
    let mut krate: Slot<syn::Path> = Slot::default();
    options::each(input, errors, &mut |input, errors| {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "prefixes" => prefixes.set(&key, list(input)?, errors),
            "crate" => {
                input.parse::<Token![=]>()?;
                krate.set(&key, input.call(syn::Path::parse_mod_style)?, errors);
            }
            _ => return Err(options::unknown(&key, "migrate", &["prefixes", "crate"])),
        }
        Ok(())
    });
    Ok(Input {
        folder,
        prefixes: prefixes.take().map(|(_, prefixes)| prefixes),
        krate: krate.take().map(|(_, path)| path),
    })
}

/// `= ["a", "b"]`
fn list(input: ParseStream<'_>) -> syn::Result<Vec<LitStr>> {
    input.parse::<Token![=]>()?;
    let content;
    bracketed!(content in input);
    let list = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    Ok(list.into_iter().collect())
}

/// ```text
/// {
///     const _: &[u8] = include_bytes!("/app/migrate.toml");
///     schema_core::private::Migrator::embedded(
///         "migrations",
///         &[("1_a.sql", include_str!("/app/migrations/1_a.sql"))],
///         include_str!("/app/migrations/atlas.sum"),
///         None,
///         &["renewa"],
///     )
/// }
/// ```
///
/// What is included is what the compiler watches. Every change of a directory changes `atlas.sum`.
fn embed(input: &Input, manifest: &Path, errors: &mut Errors) -> Option<TokenStream> {
    let (folder, span) = match &input.folder {
        Some(literal) => (literal.value(), literal.span()),
        None => (FOLDER.to_owned(), Span::call_site()),
    };
    let directory = read::read(manifest, &folder)
        .map_err(|mistakes| {
            for mistake in mistakes {
                errors.push(span, mistake);
            }
        })
        .ok()?;
    let configuration = configuration::find(manifest)
        .map_err(|mistake| errors.push(span, mistake))
        .ok()?;
    let prefixes = prefixes(input, configuration.as_ref(), span, errors)?;
    let mut include = |path: &PathBuf| {
        let text = path.to_str();
        if text.is_none() {
            errors.push(span, format_args!("`{}` is not UTF-8", path.display()));
        }
        text.map(str::to_owned)
    };
    let watched = match &configuration {
        Some(configuration) => Some(include(&configuration.file)?),
        None => None,
    }
    .into_iter();
    let names = directory.files.iter().map(|file| &file.name);
    let paths = directory.files.iter().map(|file| include(&file.path));
    let paths = paths.collect::<Option<Vec<_>>>()?;
    let sum = include(&directory.sum)?;
    let touched = match &directory.touched {
        Some(path) => {
            let path = include(path)?;
            quote!(::core::option::Option::Some(::core::include_str!(#path)))
        }
        None => quote!(::core::option::Option::None),
    };
    let krate = match &input.krate {
        Some(path) => quote!(#path),
        None => quote!(::schema_core),
    };
    Some(quote!({
        #(const _: &[u8] = ::core::include_bytes!(#watched);)*
        #krate::private::Migrator::embedded(
            #folder,
            &[#((#names, ::core::include_str!(#paths))),*],
            ::core::include_str!(#sum),
            #touched,
            &[#(#prefixes),*],
        )
    }))
}

/// The project's own prefixes of directives: a comment that the command line takes for a directive
/// has to be one for the app.
fn prefixes(
    input: &Input,
    configuration: Option<&configuration::Configuration>,
    span: Span,
    errors: &mut Errors,
) -> Option<Vec<String>> {
    let configured = configuration.and_then(|it| Some((&it.file, it.prefixes.as_ref()?)));
    let Some(given) = &input.prefixes else {
        return Some(configured.map_or_else(Vec::new, |(_, prefixes)| prefixes.clone()));
    };
    let texts: Vec<String> = given.iter().map(LitStr::value).collect();
    for (literal, text) in given.iter().zip(&texts) {
        let is_word = |character: char| character.is_alphanumeric() || "_-".contains(character);
        if text.is_empty() || !text.chars().all(is_word) {
            errors.push(
                literal.span(),
                "a prefix is a word, without the colon behind it",
            );
        }
    }
    if let Some((file, configured)) = configured
        && *configured != texts
    {
        let span = given.first().map_or(span, LitStr::span);
        let name = file.file_name().unwrap_or_default().display();
        errors.push(
            span,
            format_args!(
                "{name} has other prefixes: {configured:?}\nhelp: leave `prefixes` out, to take them from there"
            ),
        );
    }
    errors.is_empty().then_some(texts)
}
