//! `check_migrations!`: the crate's tables against what the newest migrations recorded for them.

mod compare;
mod conditions;
mod items;
mod message;
mod record;
mod sources;

use std::path::Path;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Token};

use self::compare::compare;
use self::record::{RECORD_FILE, Record};
use self::sources::Sources;
use crate::errors::Errors;
use crate::options;
use crate::slot::Slot;

/// Where migrations are unless the macro is told.
const FOLDER: &str = "migrations";

/// What changes with every migration.
const SUM_FILE: &str = "atlas.sum";

/// Set while `cargo migrate` builds: the migration that is missing could never be written if its
/// build failed for want of it.
const RESCUE: &str = "CARGO_MIGRATE";

/// More findings than these are only counted.
const MOST_FINDINGS: usize = 10;

/// What is written in the parentheses.
struct Input {
    folder: Option<LitStr>,
    severity: Severity,
}

/// What a difference does to the build.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Severity {
    Warn,
    Deny,
}

/// A difference, and the `cfg` predicates under which it is one.
pub(super) struct Finding {
    pub(super) text: String,
    pub(super) conditions: Vec<TokenStream>,
}

impl Finding {
    /// One that is true whatever is built.
    pub(super) fn always(text: String) -> Self {
        Self {
            text,
            conditions: Vec::new(),
        }
    }
}

/// The items that the macro stands for, or its mistakes.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parser = |input: ParseStream<'_>| parse(input, &mut errors);
    let parsed = parser.parse2(input);
    let input = errors.ok(parsed).filter(|_| errors.is_empty());
    let tokens = input.and_then(|input| {
        let span = input
            .folder
            .as_ref()
            .map_or_else(Span::call_site, LitStr::span);
        // An editor that expands macros does not say where they stand; the compiler does.
        let Some(root) = Span::call_site().unwrap().local_file() else {
            return Some(TokenStream::new());
        };
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
        errors.ok(check(&input, Path::new(&manifest), &root, span))
    });
    tokens.unwrap_or_else(|| errors.into_tokens())
}

fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Input> {
    let folder = input.peek(LitStr).then(|| input.parse()).transpose()?;
    if folder.is_some() && !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    let mut deny: Slot<bool> = Slot::default();
    options::each(input, errors, &mut |input, errors| {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "deny" => deny.set(&key, options::flag(input)?, errors),
            _ => return Err(options::unknown(&key, "check_migrations", &["deny"])),
        }
        Ok(())
    });
    let severity = if deny.get() == Some(&true) {
        Severity::Deny
    } else {
        Severity::Warn
    };
    Ok(Input { folder, severity })
}

/// ```text
/// const _: &[u8] = include_bytes!("/app/migrations/migrate.structs");
/// const _: fn() = {
///     #[deprecated(note = "table `users` (struct `User`, src/user.rs:12): …")]
///     fn migration_missing() {}
///     migration_missing
/// };
/// ```
///
/// What is included is what the compiler watches, beside the sources. Where there is no record, the
/// variable is watched that `cargo migrate` sets: it builds anew, and so does what follows it.
fn check(input: &Input, manifest: &Path, root: &Path, span: Span) -> syn::Result<TokenStream> {
    let folder = input
        .folder
        .as_ref()
        .map_or_else(|| FOLDER.to_owned(), LitStr::value);
    let directory = manifest.join(&folder);
    let rescue = std::env::var_os(RESCUE).is_some();
    let watch_rescue = quote!(
        const _: ::core::option::Option<&str> = ::core::option_env!(#RESCUE);
    );
    if !directory.is_dir() {
        if rescue {
            return Ok(watch_rescue);
        }
        return Err(syn::Error::new(
            span,
            format!(
                "there is no directory `{folder}` beside the Cargo.toml of this crate\nhelp: the path is relative to that; `cargo migrate init` sets a project up"
            ),
        ));
    }
    let path = directory.join(RECORD_FILE);
    let record = Record::read(&path).map_err(|error| {
        syn::Error::new(
            span,
            format!("cannot read `{folder}/{RECORD_FILE}`: {error}"),
        )
    })?;
    let findings = match &record {
        None => {
            let found = Sources::of_crate(root).found;
            let text = format!(
                "`{folder}/{RECORD_FILE}` is not there; `cargo migrate generate NAME` makes it"
            );
            let missing = (!found.is_empty()).then(|| Finding::always(text));
            missing.into_iter().collect()
        }
        Some(Record::Foreign) => {
            let text = format!(
                "`{folder}/{RECORD_FILE}` was written by another version of cargo migrate; use a schema-core of that version"
            );
            vec![Finding::always(text)]
        }
        Some(Record::Lines(lines)) => compare(lines, &directory, &folder, root),
    };
    let watched = match &record {
        Some(_) => Some(include(&path, span)?),
        None => {
            let sum = Some(directory.join(SUM_FILE)).filter(|sum| sum.is_file());
            sum.map(|sum| include(&sum, span)).transpose()?
        }
    };
    let severity = if rescue {
        Severity::Warn
    } else {
        input.severity
    };
    // What is not there cannot be watched; and a build that should have failed is not to be taken for
    // one that passed.
    let is_rescued = severity != input.severity && !findings.is_empty();
    let watched_too = (record.is_none() || is_rescued).then_some(watch_rescue);
    let reports = reports(findings, severity, span);
    let placed = placed(span);
    Ok(quote!(#watched #watched_too #placed #reports))
}

/// A file as part of the build, so that a change of it is one of the crate.
fn include(path: &Path, span: Span) -> syn::Result<TokenStream> {
    let Some(path) = path.to_str() else {
        let text = format!("`{}` is not UTF-8", path.display());
        return Err(syn::Error::new(span, text));
    };
    Ok(quote!(
        const _: &[u8] = ::core::include_bytes!(#path);
    ))
}

/// The modules are followed from the file of the macro, so that has to be the crate's root.
fn placed(span: Span) -> TokenStream {
    quote_spanned! {span=>
        const _: () = {
            let path = ::core::module_path!().as_bytes();
            let mut at = 0;
            while at < path.len() {
                assert!(path[at] != b':', "`check_migrations!` stands in the root of the crate: lib.rs or main.rs");
                at += 1;
            }
        };
    }
}

/// The findings as what the compiler reports.
fn reports(mut findings: Vec<Finding>, severity: Severity, span: Span) -> TokenStream {
    if findings.len() > MOST_FINDINGS + 1 {
        let more = findings.split_off(MOST_FINDINGS).len();
        let text = format!("{more} more tables and types differ from the migrations");
        findings.push(Finding::always(text));
    }
    let report = |finding: &Finding| {
        let (text, conditions) = (&finding.text, &finding.conditions);
        let condition = (!conditions.is_empty()).then(|| quote!(#[cfg(all(#(#conditions),*))]));
        match severity {
            Severity::Deny => quote_spanned!(span=> #condition ::core::compile_error!(#text);),
            Severity::Warn => quote_spanned! {span=>
                #condition
                const _: fn() = {
                    #[deprecated(note = #text)]
                    fn migration_missing() {}
                    migration_missing
                };
            },
        }
    };
    findings.iter().map(report).collect()
}
