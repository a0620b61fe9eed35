//! Options that keys, indexes and foreign keys share, on a field and on the struct.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token, parenthesized};

use super::field::Field;
use crate::errors::Errors;
use crate::name::unraw;
use crate::options;
use crate::predicate::Predicate;
use crate::slot::Slot;
use crate::sql::Sql;
use crate::suggest::did_you_mean;

/// Options of `#[index]`, `#[unique]`, `#[primary_key]` and `#[exclude]`.
#[derive(Default)]
pub(crate) struct IndexOptions {
    pub(crate) name: Slot<LitStr>,
    pub(crate) renamed_from: Slot<LitStr>,
    pub(crate) using: Slot<Ident>,
    pub(crate) predicate: Slot<Predicate>,
    pub(crate) include: Slot<Vec<Ident>>,
    pub(crate) nulls_not_distinct: Slot<()>,
    pub(crate) with: Slot<Vec<(String, String)>>,
    pub(crate) deferrable: Slot<Deferrable>,
    pub(crate) concurrently: Slot<bool>,
}

/// When a constraint is checked.
#[derive(Clone, Copy)]
pub(crate) enum Deferrable {
    Immediate,
    Deferred,
}

const INDEX_OPTIONS: &[&str] = &[
    "name",
    "renamed_from",
    "using",
    "where",
    "include",
    "nulls_not_distinct",
    "with",
    "deferrable",
    "concurrently",
];

impl IndexOptions {
    /// What may stand in parentheses after `index` or `unique` on a field.
    pub(crate) fn of_column(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        let mut index = Self::default();
        if input.peek(syn::token::Paren) {
            let content;
            parenthesized!(content in input);
            options::each(&content, errors, &mut |input, errors| {
                let key = options::key(input)?;
                if index.read(&key, input, errors)? {
                    return Ok(());
                }
                Err(options::unknown(&key, "index", INDEX_OPTIONS))
            });
        }
        Ok(index)
    }

    /// Reads one option; false if there is none of this name.
    pub(crate) fn read(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<bool> {
        match key.to_string().as_str() {
            "name" => self.name.set(key, options::value(input)?, errors),
            "renamed_from" => self.renamed_from.set(key, options::value(input)?, errors),
            "using" => {
                input.parse::<Token![=]>()?;
                self.using.set(key, options::key(input)?, errors);
            }
            "where" => {
                input.parse::<Token![=]>()?;
                self.predicate.set(key, Predicate::parse(input)?, errors);
            }
            "include" => {
                let content;
                parenthesized!(content in input);
                let fields = content.parse_terminated(options::key, Token![,])?;
                self.include.set(key, fields.into_iter().collect(), errors);
            }
            "nulls_not_distinct" => self.nulls_not_distinct.set(key, (), errors),
            "with" => self.with.set(key, options::parameters(input)?, errors),
            "deferrable" => self.deferrable.set(key, Deferrable::parse(input)?, errors),
            "concurrently" => self.concurrently.set(key, options::flag(input)?, errors),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Deferrable {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(Token![=]) {
            return Ok(Self::Immediate);
        }
        options::word(
            input,
            "deferrable mode",
            &[
                ("initially_immediate", Self::Immediate),
                ("initially_deferred", Self::Deferred),
            ],
        )
    }
}

/// Options of a foreign key.
#[derive(Default)]
pub(crate) struct ForeignKeyOptions {
    pub(crate) name: Slot<LitStr>,
    pub(crate) renamed_from: Slot<LitStr>,
    pub(crate) on_delete: Slot<&'static str>,
    pub(crate) on_update: Slot<&'static str>,
    pub(crate) match_full: Slot<()>,
    pub(crate) deferrable: Slot<Deferrable>,
    pub(crate) not_valid: Slot<()>,
}

/// Words of `on_delete` and `on_update`, with the variants of `ActionDef`.
const ACTIONS: &[(&str, &str)] = &[
    ("no_action", "NoAction"),
    ("restrict", "Restrict"),
    ("cascade", "Cascade"),
    ("set_null", "SetNull"),
    ("set_default", "SetDefault"),
];

impl ForeignKeyOptions {
    /// Reads one option that fields also have; false if there is none of this name.
    pub(crate) fn read(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<bool> {
        match key.to_string().as_str() {
            "on_delete" => {
                let action = options::word(input, "action", ACTIONS)?;
                self.on_delete.set(key, action, errors);
            }
            "on_update" => {
                let action = options::word(input, "action", ACTIONS)?;
                self.on_update.set(key, action, errors);
            }
            "match_full" => self.match_full.set(key, (), errors),
            "deferrable" => self.deferrable.set(key, Deferrable::parse(input)?, errors),
            "not_valid" => self.not_valid.set(key, (), errors),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The first option that makes no sense without a reference.
    pub(crate) fn first(&self) -> Option<(Span, &'static str)> {
        [
            (self.on_delete.span(), "on_delete"),
            (self.on_update.span(), "on_update"),
            (self.match_full.span(), "match_full"),
            (self.deferrable.span(), "deferrable"),
            (self.not_valid.span(), "not_valid"),
        ]
        .into_iter()
        .find_map(|(span, word)| Some((span?, word)))
    }
}

/// An element of an index.
pub(crate) struct Element {
    pub(crate) key: ElementKey,
    pub(crate) descending: Option<Span>,
    pub(crate) nulls_first: Option<bool>,
    pub(crate) opclass: Option<String>,
    pub(crate) collate: Option<String>,
}

/// A field, by number, or SQL.
pub(crate) enum ElementKey {
    Field(usize, Span),
    Expression(Sql),
}

impl Element {
    /// A field without anything else.
    pub(crate) fn field(index: usize, span: Span) -> Self {
        Self {
            key: ElementKey::Field(index, span),
            descending: None,
            nulls_first: None,
            opclass: None,
            collate: None,
        }
    }

    /// `field.desc()` or `sql("…")`; `None` if the field is unknown, which is on record.
    pub(crate) fn parse(
        input: ParseStream<'_>,
        fields: &Fields<'_>,
        errors: &mut Errors,
    ) -> syn::Result<Option<Self>> {
        let key = if Sql::peek(input) {
            Some(ElementKey::Expression(Sql::parse(input)?))
        } else if input.peek(LitStr) {
            return Err(input.error("expected a field, not a string; SQL is `sql(\"…\")`"));
        } else {
            let ident = options::key(input)?;
            fields
                .find(&ident, errors)
                .map(|index| ElementKey::Field(index, ident.span()))
        };
        let mut element = Self {
            key: key.unwrap_or(ElementKey::Field(usize::MAX, input.span())),
            descending: None,
            nulls_first: None,
            opclass: None,
            collate: None,
        };
        while input.parse::<Option<Token![.]>>()?.is_some() {
            let method = options::key(input)?;
            let content;
            parenthesized!(content in input);
            match method.to_string().as_str() {
                "asc" => element.descending = None,
                "desc" => element.descending = Some(method.span()),
                "nulls_first" => element.nulls_first = Some(true),
                "nulls_last" => element.nulls_first = Some(false),
                "opclass" => element.opclass = Some(content.parse::<LitStr>()?.value()),
                "collate" => element.collate = Some(content.parse::<LitStr>()?.value()),
                _ => {
                    return Err(syn::Error::new(
                        method.span(),
                        format!(
                            "unknown method `{method}` of an index element; expected `asc()`, `desc()`, `nulls_first()`, `nulls_last()`, `opclass(\"…\")` or `collate(\"…\")`"
                        ),
                    ));
                }
            }
        }
        Ok((!matches!(element.key, ElementKey::Field(usize::MAX, _))).then_some(element))
    }

    /// The field, if it is one.
    pub(crate) fn as_field(&self) -> Option<usize> {
        match &self.key {
            ElementKey::Field(index, _) => Some(*index),
            ElementKey::Expression(_) => None,
        }
    }

    /// Whether it is a field and nothing else is said.
    pub(crate) fn is_plain(&self) -> bool {
        self.as_field().is_some()
            && self.descending.is_none()
            && self.nulls_first.is_none()
            && self.opclass.is_none()
            && self.collate.is_none()
    }

    pub(crate) fn span(&self) -> Span {
        match &self.key {
            ElementKey::Field(_, span) => *span,
            ElementKey::Expression(sql) => sql.span,
        }
    }
}

/// The fields of the struct, for names in its attributes.
pub(crate) struct Fields<'a> {
    pub(crate) item: &'a Ident,
    pub(crate) list: Vec<Field<'a>>,
    /// Rust names of the fields that are left out.
    pub(crate) skipped: Vec<String>,
}

/// Fields that a message lists, at most.
const MOST_LISTED: usize = 12;

impl Fields<'_> {
    /// The number of the field, or a mistake on record.
    pub(crate) fn find(&self, ident: &Ident, errors: &mut Errors) -> Option<usize> {
        let name = unraw(ident);
        let found = self.list.iter().position(|field| field.rust_name() == name);
        if found.is_none() && self.skipped.contains(&name) {
            errors.push(
                ident.span(),
                format_args!("`{name}` is not a column: it has `#[column(skip)]`"),
            );
        } else if found.is_none() {
            let by_column = self.list.iter().find(|field| field.name.text == name);
            let hint = match by_column {
                Some(field) => {
                    format!("; the column `{name}` is the field `{}`", field.rust_name())
                }
                None => {
                    let names: Vec<_> = self.list.iter().map(Field::rust_name).collect();
                    let near = did_you_mean(&name, names.iter().map(String::as_str));
                    if near.is_empty() && names.len() <= MOST_LISTED {
                        format!("; expected one of `{}`", names.join("`, `"))
                    } else {
                        near
                    }
                }
            };
            errors.push(
                ident.span(),
                format_args!("no field `{name}` in `{}`{hint}", self.item),
            );
        }
        found
    }

    /// Whether there is a field of this name.
    pub(crate) fn has(&self, ident: &Ident) -> bool {
        let name = unraw(ident);
        self.list.iter().any(|field| field.rust_name() == name)
    }

    /// The columns of some fields, by database name.
    pub(crate) fn columns(&self, indexes: &[usize]) -> Vec<String> {
        indexes
            .iter()
            .map(|index| self.list[*index].name.text.clone())
            .collect()
    }
}

/// The content of `#[index(…)]` and its like: elements and options.
pub(crate) fn elements_and_options(
    attribute: &syn::Attribute,
    fields: &Fields<'_>,
    errors: &mut Errors,
) -> (Vec<Element>, IndexOptions) {
    let mut elements = Vec::new();
    let mut index = IndexOptions::default();
    options::of_attribute(attribute, errors, |input, errors| {
        let ahead = input.fork();
        if let Ok(key) = options::key(&ahead) {
            let assigned = ahead.peek(Token![=]) && !ahead.peek(Token![==]);
            let word = INDEX_OPTIONS.iter().any(|known| key == known) && !fields.has(&key);
            let group = ahead.peek(syn::token::Paren) && key != "sql";
            if assigned || word || group {
                let key = options::key(input)?;
                if index.read(&key, input, errors)? {
                    return Ok(());
                }
                return Err(options::unknown(&key, "index", INDEX_OPTIONS));
            }
        }
        elements.extend(Element::parse(input, fields, errors)?);
        Ok(())
    });
    (elements, index)
}
