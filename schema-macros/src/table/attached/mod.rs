//! What is attached to a table: row security, policies, triggers, grants, statistics, partitions.

mod read;

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, LitStr, Token, bracketed, parenthesized};

use crate::default::Literal;
use crate::errors::Errors;
use crate::name::Name;
use crate::options;
use crate::predicate::Rendered;
use crate::slot::Slot;
use crate::sql::Sql;
use crate::suggest::did_you_mean;
use crate::table::constraint::{Deferrable, ElementKey, Fields};
use crate::table::input::Table;

/// Options of `#[table(…)]`.
#[derive(Default)]
pub(crate) struct AttachedOptions {
    pub(in crate::table) rls: Slot<bool>,
    pub(in crate::table) partition_by: Slot<(&'static str, Vec<KeyPart>)>,
    pub(in crate::table) replica_identity: Slot<ReplicaIdentity>,
    pub(in crate::table) access_method: Slot<LitStr>,
}

/// A part of a key, before the fields are known.
pub(in crate::table) enum KeyPart {
    Field(Ident),
    Expression(Sql),
}

/// What of a row's old values goes to subscribers.
pub(in crate::table) enum ReplicaIdentity {
    Full,
    Nothing,
    Index(LitStr),
}

/// What the attributes of the struct say.
#[derive(Default)]
pub(crate) struct Attached {
    pub(in crate::table) policies: Vec<Policy>,
    pub(in crate::table) triggers: Vec<Trigger>,
    pub(in crate::table) grants: Vec<Grant>,
    pub(in crate::table) statistics: Vec<Statistics>,
    pub(in crate::table) partitions: Vec<Partition>,
}

/// Events or privileges, each with the fields that it is for.
pub(in crate::table) type Words = Vec<(&'static str, Vec<usize>)>;

/// `#[policy(…)]`
pub(in crate::table) struct Policy {
    pub(in crate::table) span: Span,
    pub(in crate::table) name: String,
    pub(in crate::table) restrictive: bool,
    pub(in crate::table) command: &'static str,
    pub(in crate::table) roles: Vec<String>,
    pub(in crate::table) using: Option<Rendered>,
    pub(in crate::table) check: Option<Rendered>,
}

/// `#[trigger(…)]`
pub(in crate::table) struct Trigger {
    pub(in crate::table) span: Span,
    pub(in crate::table) name: String,
    pub(in crate::table) timing: &'static str,
    /// Each with the fields of `update(…)`.
    pub(in crate::table) events: Words,
    pub(in crate::table) for_each_row: bool,
    pub(in crate::table) constraint: bool,
    pub(in crate::table) deferrable: Slot<Deferrable>,
    pub(in crate::table) old_table: Option<String>,
    pub(in crate::table) new_table: Option<String>,
    pub(in crate::table) when: Option<Sql>,
    pub(in crate::table) execute: String,
}

/// `#[grant(…)]`
pub(in crate::table) struct Grant {
    pub(in crate::table) span: Span,
    /// Each with the fields that it is for.
    pub(in crate::table) privileges: Words,
    pub(in crate::table) roles: Vec<String>,
    pub(in crate::table) may_pass_on: bool,
}

/// `#[statistics(…)]`
pub(in crate::table) struct Statistics {
    pub(in crate::table) span: Span,
    pub(in crate::table) name: Name,
    pub(in crate::table) kinds: Vec<&'static str>,
    pub(in crate::table) elements: Vec<ElementKey>,
}

/// `#[partition(…)]`
pub(in crate::table) struct Partition {
    pub(in crate::table) span: Span,
    pub(in crate::table) name: String,
    pub(in crate::table) bound: Bound,
}

/// What a partition holds.
pub(in crate::table) enum Bound {
    Default,
    Range(Vec<Sql>, Vec<Sql>),
    List(Vec<Sql>),
    Hash(u32, u32),
}

const EVENTS: &[(&str, &str)] = &[
    ("insert", "INSERT"),
    ("update", "UPDATE"),
    ("delete", "DELETE"),
    ("truncate", "TRUNCATE"),
];

const PRIVILEGES: &[(&str, &str)] = &[
    ("select", "SELECT"),
    ("insert", "INSERT"),
    ("update", "UPDATE"),
    ("delete", "DELETE"),
    ("truncate", "TRUNCATE"),
    ("references", "REFERENCES"),
    ("trigger", "TRIGGER"),
    ("maintain", "MAINTAIN"),
    ("all", "ALL"),
];

impl AttachedOptions {
    /// Reads one option; false if there is none of this name.
    pub(in crate::table) fn read(
        &mut self,
        key: &Ident,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<bool> {
        match key.to_string().as_str() {
            "rls" => {
                let force = input.peek(Token![=])
                    && options::word(input, "row security", &[("force", true)])?;
                self.rls.set(key, force, errors);
            }
            "partition_by" => {
                let words = &[("range", "RANGE"), ("list", "LIST"), ("hash", "HASH")];
                let strategy = options::word(input, "partitioning", words)?;
                let content;
                parenthesized!(content in input);
                let parts = content.parse_terminated(KeyPart::parse, Token![,])?;
                if parts.is_empty() {
                    return Err(syn::Error::new(
                        key.span(),
                        "expected the key: `range(created_at)`",
                    ));
                }
                self.partition_by
                    .set(key, (strategy, parts.into_iter().collect()), errors);
            }
            "replica_identity" => {
                let value = if input.peek2(LitStr) {
                    ReplicaIdentity::Index(options::value(input)?)
                } else {
                    let words = &[("full", true), ("nothing", false)];
                    if options::word(input, "replica identity", words)? {
                        ReplicaIdentity::Full
                    } else {
                        ReplicaIdentity::Nothing
                    }
                };
                self.replica_identity.set(key, value, errors);
            }
            "access_method" => self.access_method.set(key, options::value(input)?, errors),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl KeyPart {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if Sql::peek(input) {
            Sql::parse(input).map(Self::Expression)
        } else {
            options::key(input).map(Self::Field)
        }
    }

    pub(in crate::table) fn resolve(
        &self,
        fields: &Fields<'_>,
        errors: &mut Errors,
    ) -> Option<ElementKey> {
        match self {
            Self::Field(ident) => {
                let field = fields.find(ident, errors)?;
                Some(ElementKey::Field(field, ident.span()))
            }
            Self::Expression(sql) => Some(ElementKey::Expression(sql.clone())),
        }
    }
}

impl Table<'_> {
    /// The key of `partition_by`.
    pub(in crate::table) fn partition_key(
        &self,
        errors: &mut Errors,
    ) -> Option<(&'static str, Vec<ElementKey>)> {
        let (strategy, parts) = self.options.attached.partition_by.get()?;
        let parts = parts.iter();
        let key = parts.filter_map(|it| it.resolve(&self.fields, errors));
        Some((strategy, key.collect()))
    }

    /// Reads an attribute of the struct; others are not ours.
    pub(in crate::table) fn read_attached(
        &mut self,
        word: &str,
        attribute: &Attribute,
        span: Span,
        errors: &mut Errors,
    ) {
        match word {
            "policy" | "trigger" | "grant" | "statistics" | "partition" if self.is_view => {
                errors.push(
                    span,
                    format_args!(
                        "`#[{word}]` belongs to a table; for a view, write the statement in `sql!(\"…\")`"
                    ),
                );
            }
            "policy" => self.read_policy(attribute, span, errors),
            "trigger" => self.read_trigger(attribute, span, errors),
            "grant" => self.read_grant(attribute, span, errors),
            "statistics" => self.read_statistics(attribute, span, errors),
            "partition" => self.read_partition(attribute, span, errors),
            _ => {}
        }
    }
}

fn required_name(name: &Slot<LitStr>, what: &str, span: Span, errors: &mut Errors) -> String {
    match name.get() {
        Some(name) => Name::given(name, what, errors).text,
        None => {
            errors.push(span, format_args!("a {what} needs a name: `name = \"…\"`"));
            String::new()
        }
    }
}

/// `= "app"`, `= public` or `= ["app", "web"]`; an empty name is PUBLIC.
fn roles(input: ParseStream<'_>) -> syn::Result<Vec<String>> {
    let one = |input: ParseStream<'_>| -> syn::Result<String> {
        if input.peek(LitStr) {
            let role: LitStr = input.parse()?;
            return if role.value().is_empty() {
                Err(syn::Error::new(role.span(), "the role's name is empty"))
            } else {
                Ok(role.value())
            };
        }
        let word = options::key(input)?;
        if word == "public" {
            return Ok(String::new());
        }
        Err(syn::Error::new(
            word.span(),
            "expected a role: a string, or `public` for everybody",
        ))
    };
    input.parse::<Token![=]>()?;
    if !input.peek(syn::token::Bracket) {
        return one(input).map(|role| vec![role]);
    }
    let content;
    bracketed!(content in input);
    let roles = content.parse_terminated(one, Token![,])?;
    Ok(roles.into_iter().collect())
}

/// One of the words, and the fields in its parentheses.
fn word(
    input: ParseStream<'_>,
    what: &str,
    known: &[(&'static str, &'static str)],
    fields: &Fields<'_>,
    errors: &mut Errors,
) -> syn::Result<(&'static str, Vec<usize>)> {
    let key = options::key(input)?;
    let Some((_, sql)) = known.iter().find(|(word, _)| key == word) else {
        let known: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        let near = did_you_mean(&key.to_string(), known.iter().copied());
        let near = if near.is_empty() {
            format!("; expected one of `{}`", known.join("`, `"))
        } else {
            near
        };
        let message = format!("unknown {what} `{key}`{near}");
        return Err(syn::Error::new(key.span(), message));
    };
    let mut found = Vec::new();
    if input.peek(syn::token::Paren) {
        let content;
        parenthesized!(content in input);
        for field in content.parse_terminated(options::key, Token![,])? {
            found.extend(fields.find(&field, errors));
        }
    }
    Ok((sql, found))
}

fn words(
    input: ParseStream<'_>,
    what: &str,
    known: &[(&'static str, &'static str)],
    fields: &Fields<'_>,
    errors: &mut Errors,
) -> syn::Result<Words> {
    let mut found = Vec::new();
    while !input.is_empty() {
        found.push(word(input, what, known, fields, errors)?);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(found)
}

/// `= value` or `= [value, …]`: literals, `null`, `minvalue`, `maxvalue`, or `sql("…")`.
fn values(input: ParseStream<'_>) -> syn::Result<Vec<Sql>> {
    input.parse::<Token![=]>()?;
    if !input.peek(syn::token::Bracket) {
        return value(input).map(|value| vec![value]);
    }
    let content;
    bracketed!(content in input);
    let values = content.parse_terminated(value, Token![,])?;
    Ok(values.into_iter().collect())
}

fn value(input: ParseStream<'_>) -> syn::Result<Sql> {
    const EXPECTED: &str = "expected a literal, `null`, `minvalue`, `maxvalue`, or `sql(\"…\")`";
    if Sql::peek(input) {
        return Sql::parse(input);
    }
    let expression: Expr = input.parse()?;
    if let Some(literal) = Literal::of(&expression)? {
        return Ok(Sql::text(literal.to_sql(), literal.span));
    }
    let word = expression.to_token_stream().to_string();
    if ["null", "minvalue", "maxvalue"].contains(&word.as_str()) {
        let span = syn::spanned::Spanned::span(&expression);
        return Ok(Sql::text(word.to_uppercase(), span));
    }
    Err(syn::Error::new_spanned(expression, EXPECTED))
}
