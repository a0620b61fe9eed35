//! A field with what its attributes say.

use proc_macro2::Span;
use syn::{Ident, LitStr, Path, Type};

use super::constraint::{ForeignKeyOptions, IndexOptions};
use crate::default::DefaultValue;
use crate::errors::Errors;
use crate::name::{Name, unraw};
use crate::options;
use crate::predicate::{Predicate, Rendered};
use crate::slot::Slot;
use crate::sql::Sql;
use crate::sql_type::Stored;
use crate::{doc, sqlx};

/// A field of the struct.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    /// Its name in the database.
    pub(crate) name: Name,
    pub(crate) comment: Option<String>,
    pub(crate) options: ColumnOptions,
    /// `generated`, over the fields of the struct.
    pub(crate) generated: Option<Rendered>,
}

/// `#[column(…)]`
#[derive(Default)]
pub(crate) struct ColumnOptions {
    pub(crate) name: Slot<LitStr>,
    pub(crate) renamed_from: Slot<LitStr>,
    pub(crate) stored: Slot<Stored>,
    pub(crate) primary_key: Slot<()>,
    pub(crate) unique: Slot<IndexOptions>,
    pub(crate) index: Slot<IndexOptions>,
    pub(crate) default: Slot<DefaultValue>,
    pub(crate) identity: Slot<Identity>,
    pub(crate) generated: Slot<Predicate>,
    pub(crate) references: Slot<Path>,
    pub(crate) foreign_key: ForeignKeyOptions,
    pub(crate) check: Slot<Predicate>,
    pub(crate) collate: Slot<LitStr>,
    pub(crate) storage: Slot<&'static str>,
    pub(crate) compression: Slot<&'static str>,
    pub(crate) comment: Slot<LitStr>,
    pub(crate) backfill: Slot<DefaultValue>,
    pub(crate) using: Slot<Sql>,
    pub(crate) deprecated: Slot<String>,
    pub(crate) skip: Slot<()>,
}

/// `identity(always, start = 1000)`
#[derive(Default)]
pub(crate) struct Identity {
    pub(crate) always: bool,
    pub(crate) options: Vec<(&'static str, i64)>,
}

/// The options that a misspelt one is compared with.
const KNOWN: &[&str] = &[
    "name",
    "renamed_from",
    "type",
    "primary_key",
    "unique",
    "index",
    "default",
    "identity",
    "generated",
    "references",
    "check",
    "collate",
    "storage",
    "compression",
    "comment",
    "backfill",
    "using",
    "deprecated",
    "skip",
    "on_delete",
    "on_update",
    "match_full",
    "deferrable",
    "not_valid",
];

impl<'a> Field<'a> {
    /// Reads a field; `None` if it is left out of the table.
    pub(crate) fn parse(
        field: &'a syn::Field,
        cases: &sqlx::Cases,
        errors: &mut Errors,
    ) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let mut options = ColumnOptions::default();
        for attribute in &field.attrs {
            if attribute.path().is_ident("column") {
                options::of_attribute(attribute, errors, |input, errors| {
                    options.read(input, errors)
                });
            } else if let Some(word) = attribute.path().get_ident()
                && super::STRUCT_ATTRIBUTES.iter().any(|known| word == known)
            {
                errors.push_at(
                    attribute,
                    format_args!("`#[{word}]` belongs on the struct; on a field it is an option: `#[column({word})]`"),
                );
            } else if attribute.path().is_ident("embed") {
                errors.push_at(attribute, "`#[embed]` is not supported yet");
            }
        }
        let loaded = sqlx::Field::parse(&field.attrs);
        if options.skip.is_set() {
            return None;
        }
        loaded.check_not_left_out(errors);
        let given = options
            .name
            .get()
            .map(|name| Name::given(name, "column", errors));
        let unchecked = given.is_none();
        let name = loaded.name(ident, cases, given, errors);
        if unchecked {
            name.check("column", errors);
        }
        let comment = match options.comment.get() {
            Some(comment) => Some(comment.value()),
            None => doc::comment(&field.attrs),
        };
        let parsed = Self {
            ident,
            ty: &field.ty,
            name,
            comment,
            options,
            generated: None,
        };
        Some(parsed)
    }

    /// Its Rust name.
    pub(crate) fn rust_name(&self) -> String {
        unraw(self.ident)
    }

    pub(crate) fn span(&self) -> Span {
        self.ident.span()
    }
}

impl ColumnOptions {
    fn read(&mut self, input: syn::parse::ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        let key = options::key(input)?;
        match key.to_string().as_str() {
            "name" => self.name.set(&key, options::value(input)?, errors),
            "renamed_from" => self.renamed_from.set(&key, options::value(input)?, errors),
            "type" => {
                input.parse::<syn::Token![=]>()?;
                self.stored.set(&key, Stored::parse(input)?, errors);
            }
            "primary_key" => {
                let _on = options::flag(input)?;
                self.primary_key.set(&key, (), errors);
            }
            "unique" => self
                .unique
                .set(&key, IndexOptions::of_column(input, errors)?, errors),
            "index" => self
                .index
                .set(&key, IndexOptions::of_column(input, errors)?, errors),
            "default" => {
                input.parse::<syn::Token![=]>()?;
                self.default.set(&key, DefaultValue::parse(input)?, errors);
            }
            "identity" => self
                .identity
                .set(&key, Identity::parse(input, errors)?, errors),
            "generated" => {
                input.parse::<syn::Token![=]>()?;
                self.generated.set(&key, Predicate::parse(input)?, errors);
            }
            "references" => self.references.set(&key, reference(input)?, errors),
            "check" => {
                input.parse::<syn::Token![=]>()?;
                self.check.set(&key, Predicate::parse(input)?, errors);
            }
            "collate" => self.collate.set(&key, options::value(input)?, errors),
            "storage" => self.storage.set(
                &key,
                options::word(
                    input,
                    "storage",
                    &[
                        ("plain", "plain"),
                        ("external", "external"),
                        ("extended", "extended"),
                        ("main", "main"),
                    ],
                )?,
                errors,
            ),
            "compression" => self.compression.set(
                &key,
                options::word(input, "compression", &[("pglz", "pglz"), ("lz4", "lz4")])?,
                errors,
            ),
            "comment" => self.comment.set(&key, options::value(input)?, errors),
            "backfill" => {
                input.parse::<syn::Token![=]>()?;
                self.backfill.set(&key, DefaultValue::parse(input)?, errors);
            }
            "using" => {
                input.parse::<syn::Token![=]>()?;
                if !Sql::peek(input) {
                    return Err(input.error("expected `sql(\"…\")`"));
                }
                self.using.set(&key, Sql::parse(input)?, errors);
            }
            "deprecated" => {
                let reason = if input.peek(syn::Token![=]) {
                    options::value::<LitStr>(input)?.value()
                } else {
                    String::new()
                };
                self.deprecated.set(&key, reason, errors);
            }
            "skip" => self.skip.set(&key, (), errors),
            _ if self.foreign_key.read(&key, input, errors)? => {}
            _ => return Err(options::unknown(&key, "column", KNOWN)),
        }
        Ok(())
    }
}

impl Identity {
    fn parse(input: syn::parse::ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        let mut identity = Self::default();
        if !input.peek(syn::token::Paren) {
            return Ok(identity);
        }
        let content;
        syn::parenthesized!(content in input);
        options::each(&content, errors, &mut |input, errors| {
            let key = options::key(input)?;
            let name = match key.to_string().as_str() {
                "always" => {
                    identity.always = true;
                    return Ok(());
                }
                "by_default" => return Ok(()),
                "start" => "start",
                "increment" => "increment",
                "minvalue" => "minvalue",
                "maxvalue" => "maxvalue",
                "cache" => "cache",
                "cycle" => "cycle",
                _ => {
                    return Err(options::unknown(
                        &key,
                        "identity",
                        &[
                            "always",
                            "by_default",
                            "start",
                            "increment",
                            "minvalue",
                            "maxvalue",
                            "cache",
                            "cycle",
                        ],
                    ));
                }
            };
            let value = if name == "cycle" {
                i64::from(options::flag(input)?)
            } else {
                input.parse::<syn::Token![=]>()?;
                let negative = input.parse::<Option<syn::Token![-]>>()?.is_some();
                let value: i64 = input.parse::<syn::LitInt>()?.base10_parse()?;
                if negative { -value } else { value }
            };
            if identity.options.iter().any(|(known, _)| *known == name) {
                errors.push(key.span(), format_args!("`{key}` is given twice"));
            } else if value == 0 && name == "increment" {
                errors.push(key.span(), "`increment` must not be 0");
            } else {
                identity.options.push((name, value));
            }
            Ok(())
        });
        Ok(identity)
    }
}

/// `= Type::column`
fn reference(input: syn::parse::ParseStream<'_>) -> syn::Result<Path> {
    input.parse::<syn::Token![=]>()?;
    if input.peek(LitStr) {
        return Err(input.error("expected a path such as `User::id`, not a string"));
    }
    let path: Path = input.parse()?;
    if path.segments.len() < 2 {
        return Err(syn::Error::new_spanned(
            &path,
            "expected the column too: a path such as `User::id`",
        ));
    }
    Ok(path)
}
