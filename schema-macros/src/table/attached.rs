//! What is attached to a table: row security, policies, triggers, grants, statistics, partitions.

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Ident, LitInt, LitStr, Token, bracketed, parenthesized};

use super::constraint::{Deferrable, ElementKey, Fields};
use super::input::Table;
use crate::default::Literal;
use crate::errors::Errors;
use crate::name::Name;
use crate::options;
use crate::predicate::{Predicate, Rendered};
use crate::slot::Slot;
use crate::sql::Sql;

/// Options of `#[table(…)]`.
#[derive(Default)]
pub(crate) struct AttachedOptions {
    pub(super) rls: Slot<bool>,
    pub(super) partition_by: Slot<(&'static str, Vec<KeyPart>)>,
    pub(super) replica_identity: Slot<ReplicaIdentity>,
    pub(super) access_method: Slot<LitStr>,
}

/// A part of a key, before the fields are known.
pub(super) enum KeyPart {
    Field(Ident),
    Expression(Sql),
}

/// What of a row's old values goes to subscribers.
pub(super) enum ReplicaIdentity {
    Full,
    Nothing,
    Index(LitStr),
}

/// What the attributes of the struct say.
#[derive(Default)]
pub(crate) struct Attached {
    pub(super) policies: Vec<Policy>,
    pub(super) triggers: Vec<Trigger>,
    pub(super) grants: Vec<Grant>,
    pub(super) statistics: Vec<Statistics>,
    pub(super) partitions: Vec<Partition>,
}

/// `#[policy(…)]`
pub(super) struct Policy {
    pub(super) span: Span,
    pub(super) name: String,
    pub(super) restrictive: bool,
    pub(super) command: &'static str,
    pub(super) roles: Vec<String>,
    pub(super) using: Option<Rendered>,
    pub(super) check: Option<Rendered>,
}

/// `#[trigger(…)]`
pub(super) struct Trigger {
    pub(super) span: Span,
    pub(super) name: String,
    pub(super) timing: &'static str,
    /// Each with the fields of `update(…)`.
    pub(super) events: Vec<(&'static str, Vec<usize>)>,
    pub(super) for_each_row: bool,
    pub(super) constraint: bool,
    pub(super) deferrable: Slot<Deferrable>,
    pub(super) old_table: Option<String>,
    pub(super) new_table: Option<String>,
    pub(super) when: Option<Sql>,
    pub(super) execute: String,
}

/// `#[grant(…)]`
pub(super) struct Grant {
    pub(super) span: Span,
    /// Each with the fields that it is for.
    pub(super) privileges: Vec<(&'static str, Vec<usize>)>,
    pub(super) roles: Vec<String>,
    pub(super) grant_option: bool,
}

/// `#[statistics(…)]`
pub(super) struct Statistics {
    pub(super) span: Span,
    pub(super) name: Name,
    pub(super) kinds: Vec<&'static str>,
    pub(super) elements: Vec<ElementKey>,
}

/// `#[partition(…)]`
pub(super) struct Partition {
    pub(super) span: Span,
    pub(super) name: String,
    pub(super) bound: Bound,
}

/// What a partition holds.
pub(super) enum Bound {
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
    pub(super) fn read(
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

    pub(super) fn resolve(&self, fields: &Fields<'_>, errors: &mut Errors) -> Option<ElementKey> {
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
    pub(super) fn partition_key(
        &self,
        errors: &mut Errors,
    ) -> Option<(&'static str, Vec<ElementKey>)> {
        let (strategy, parts) = self.options.attached.partition_by.get()?;
        let parts = parts.iter();
        let key = parts.filter_map(|it| it.resolve(&self.fields, errors));
        Some((strategy, key.collect()))
    }

    /// Reads an attribute of the struct; others are not ours.
    pub(super) fn read_attached(
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

    fn read_policy(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        const KNOWN: &[&str] = &["name", "for", "to", "using", "with_check", "restrictive"];
        const COMMANDS: &[(&str, &str)] = &[
            ("all", "ALL"),
            ("select", "SELECT"),
            ("insert", "INSERT"),
            ("update", "UPDATE"),
            ("delete", "DELETE"),
        ];
        let mut name: Slot<LitStr> = Slot::default();
        let mut command: Slot<&'static str> = Slot::default();
        let mut roles: Slot<Vec<String>> = Slot::default();
        let mut using: Slot<Predicate> = Slot::default();
        let mut check: Slot<Predicate> = Slot::default();
        let mut restrictive: Slot<()> = Slot::default();
        options::of_attribute(attribute, errors, |input, errors| {
            let key = options::key(input)?;
            match key.to_string().as_str() {
                "name" => name.set(&key, options::value(input)?, errors),
                "for" => command.set(&key, options::word(input, "command", COMMANDS)?, errors),
                "to" => roles.set(&key, self::roles(input)?, errors),
                "using" => {
                    input.parse::<Token![=]>()?;
                    using.set(&key, Predicate::parse(input)?, errors);
                }
                "with_check" => {
                    input.parse::<Token![=]>()?;
                    check.set(&key, Predicate::parse(input)?, errors);
                }
                "restrictive" => restrictive.set(&key, (), errors),
                _ => return Err(options::unknown(&key, "policy", KNOWN)),
            }
            Ok(())
        });
        if !self.options.attached.rls.is_set() {
            errors.push(
                span,
                "a policy does nothing while row security is off: add `rls` to `#[table(…)]`",
            );
        }
        let name = required_name(&name, "policy", span, errors);
        let mut render = |slot: Slot<Predicate>| {
            let (_, predicate) = slot.take()?;
            Some(predicate.render(&self.fields, &self.private, errors))
        };
        let policy = Policy {
            span,
            name,
            restrictive: restrictive.is_set(),
            command: command.get().copied().unwrap_or("ALL"),
            roles: roles.take().map(|(_, it)| it).unwrap_or_default(),
            using: render(using),
            check: render(check),
        };
        if policy.using.is_none() && policy.check.is_none() {
            errors.push(span, "a policy needs `using = …` or `with_check = …`");
        }
        self.attached.policies.push(policy);
    }

    fn read_trigger(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        const KNOWN: &[&str] = &[
            "name",
            "before",
            "after",
            "for_each",
            "when",
            "execute",
            "constraint",
            "deferrable",
            "old_table",
            "new_table",
        ];
        let mut name: Slot<LitStr> = Slot::default();
        let mut timing: Slot<(&'static str, Vec<(&'static str, Vec<usize>)>)> = Slot::default();
        let mut row: Slot<bool> = Slot::default();
        let mut when: Slot<Sql> = Slot::default();
        let mut execute: Slot<LitStr> = Slot::default();
        let mut constraint: Slot<()> = Slot::default();
        let mut deferrable: Slot<Deferrable> = Slot::default();
        let mut old_table: Slot<LitStr> = Slot::default();
        let mut new_table: Slot<LitStr> = Slot::default();
        let fields = &self.fields;
        options::of_attribute(attribute, errors, |input, errors| {
            let key = options::key(input)?;
            match key.to_string().as_str() {
                "name" => name.set(&key, options::value(input)?, errors),
                word @ ("before" | "after") => {
                    let sql = if word == "before" { "BEFORE" } else { "AFTER" };
                    let content;
                    parenthesized!(content in input);
                    let events = words(&content, "event", EVENTS, fields, errors)?;
                    if timing.is_set() {
                        return Err(syn::Error::new(
                            key.span(),
                            "a trigger runs either before or after",
                        ));
                    }
                    timing.set(&key, (sql, events), errors);
                }
                "for_each" => {
                    let words = &[("row", true), ("statement", false)];
                    row.set(&key, options::word(input, "level", words)?, errors);
                }
                "when" => {
                    input.parse::<Token![=]>()?;
                    if !Sql::peek(input) {
                        return Err(input
                            .error("expected `sql(\"…\")`, where `old` and `new` are the rows"));
                    }
                    when.set(&key, Sql::parse(input)?, errors);
                }
                "execute" => execute.set(&key, options::value(input)?, errors),
                "constraint" => constraint.set(&key, (), errors),
                "deferrable" => deferrable.set(&key, Deferrable::parse(input)?, errors),
                "old_table" => old_table.set(&key, options::value(input)?, errors),
                "new_table" => new_table.set(&key, options::value(input)?, errors),
                _ => return Err(options::unknown(&key, "trigger", KNOWN)),
            }
            Ok(())
        });
        let name = required_name(&name, "trigger", span, errors);
        let (timing, events) = match timing.take() {
            Some((at, (timing, events))) => {
                if events.is_empty() {
                    errors.push(at, "expected events: `after(insert, update)`");
                }
                (timing, events)
            }
            None => {
                errors.push(
                    span,
                    "a trigger says when: `before(update)`, or `after(insert, update(email))`",
                );
                ("AFTER", Vec::new())
            }
        };
        if !execute.is_set() {
            errors.push(span, "a trigger runs a function: `execute = \"touch()\"`");
        }
        if deferrable.is_set() && !constraint.is_set() {
            errors.push(span, "only a `constraint` trigger is deferrable");
        }
        let execute = execute.get().map(LitStr::value).unwrap_or_default();
        let text = |slot: &Slot<LitStr>| slot.get().map(LitStr::value);
        self.attached.triggers.push(Trigger {
            span,
            name,
            timing,
            for_each_row: row
                .get()
                .copied()
                .unwrap_or_else(|| events.iter().all(|(event, _)| *event != "TRUNCATE")),
            events,
            constraint: constraint.is_set(),
            deferrable,
            old_table: text(&old_table),
            new_table: text(&new_table),
            when: when.take().map(|(_, sql)| sql),
            execute: if execute.trim_end().ends_with(')') {
                execute
            } else {
                format!("{execute}()")
            },
        });
    }

    fn read_grant(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        let mut privileges = Vec::new();
        let mut roles: Slot<Vec<String>> = Slot::default();
        let mut grant_option: Slot<()> = Slot::default();
        let fields = &self.fields;
        options::of_attribute(attribute, errors, |input, errors| {
            let ahead = options::key(&input.fork())?;
            match ahead.to_string().as_str() {
                "to" => {
                    let key = options::key(input)?;
                    roles.set(&key, self::roles(input)?, errors);
                }
                "grant_option" => grant_option.set(&options::key(input)?, (), errors),
                _ => privileges.push(word(input, "privilege", PRIVILEGES, fields, errors)?),
            }
            Ok(())
        });
        if privileges.is_empty() {
            errors.push(
                span,
                "expected privileges: `#[grant(select, insert, to = \"app\")]`",
            );
        }
        if !roles.is_set() {
            errors.push(
                span,
                "expected who gets it: `to = \"app\"`, or `to = public`",
            );
        }
        self.attached.grants.push(Grant {
            span,
            privileges,
            roles: roles.take().map(|(_, it)| it).unwrap_or_default(),
            grant_option: grant_option.is_set(),
        });
    }

    fn read_statistics(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        const KINDS: &[(&str, &str)] = &[
            ("ndistinct", "ndistinct"),
            ("dependencies", "dependencies"),
            ("mcv", "mcv"),
        ];
        let mut name: Slot<LitStr> = Slot::default();
        let mut kinds: Slot<Vec<&'static str>> = Slot::default();
        let mut elements = Vec::new();
        let fields = &self.fields;
        options::of_attribute(attribute, errors, |input, errors| {
            let ahead = input.fork();
            let key = options::key(&ahead)?;
            if ahead.peek(Token![=]) {
                let key_here = options::key(input)?;
                match key.to_string().as_str() {
                    "name" => name.set(&key_here, options::value(input)?, errors),
                    "kinds" => {
                        input.parse::<Token![=]>()?;
                        let content;
                        bracketed!(content in input);
                        let found = words(&content, "kind of statistics", KINDS, fields, errors)?;
                        let found = found.into_iter().map(|(kind, _)| kind).collect();
                        kinds.set(&key_here, found, errors);
                    }
                    _ => {
                        return Err(options::unknown(
                            &key_here,
                            "statistics",
                            &["name", "kinds"],
                        ));
                    }
                }
                return Ok(());
            }
            elements.extend(KeyPart::parse(input)?.resolve(fields, errors));
            Ok(())
        });
        if elements.is_empty() {
            errors.push(span, "expected fields: `#[statistics(city, zip)]`");
        }
        let names: Vec<String> = elements
            .iter()
            .map(|element| match element {
                ElementKey::Field(field, _) => self.fields.list[*field].name.text.clone(),
                ElementKey::Expression(_) => "expr".to_owned(),
            })
            .collect();
        let name = match name.get() {
            Some(name) => Name::given(name, "statistics", errors),
            None => Name::derived(&self.name.text, &names, "stat", span, errors),
        };
        self.attached.statistics.push(Statistics {
            span,
            name,
            kinds: kinds.take().map(|(_, it)| it).unwrap_or_default(),
            elements,
        });
    }

    fn read_partition(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        const KNOWN: &[&str] = &[
            "name",
            "from",
            "to",
            "in",
            "modulus",
            "remainder",
            "default",
        ];
        let mut name: Slot<LitStr> = Slot::default();
        let mut from: Slot<Vec<Sql>> = Slot::default();
        let mut to: Slot<Vec<Sql>> = Slot::default();
        let mut list: Slot<Vec<Sql>> = Slot::default();
        let mut modulus: Slot<u32> = Slot::default();
        let mut remainder: Slot<u32> = Slot::default();
        let mut default: Slot<()> = Slot::default();
        let number = |input: ParseStream<'_>| -> syn::Result<u32> {
            options::value::<LitInt>(input)?.base10_parse()
        };
        options::of_attribute(attribute, errors, |input, errors| {
            let key = options::key(input)?;
            match key.to_string().as_str() {
                "name" => name.set(&key, options::value(input)?, errors),
                "from" => from.set(&key, values(input)?, errors),
                "to" => to.set(&key, values(input)?, errors),
                "in" => list.set(&key, values(input)?, errors),
                "modulus" => modulus.set(&key, number(input)?, errors),
                "remainder" => remainder.set(&key, number(input)?, errors),
                "default" => default.set(&key, (), errors),
                _ => return Err(options::unknown(&key, "partition", KNOWN)),
            }
            Ok(())
        });
        if !self.options.attached.partition_by.is_set() {
            errors.push(
                span,
                "the table has no partitions: add `partition_by = range(…)` to `#[table(…)]`",
            );
        }
        let name = required_name(&name, "partition", span, errors);
        let value = |slot: Slot<Vec<Sql>>| slot.take().map(|(_, it)| it);
        let number = |slot: Slot<u32>| slot.take().map(|(_, it)| it);
        let given = (
            value(from),
            value(to),
            value(list),
            number(modulus),
            number(remainder),
            default.is_set(),
        );
        let bound = match given {
            (Some(from), Some(to), None, None, None, false) => Bound::Range(from, to),
            (None, None, Some(list), None, None, false) => Bound::List(list),
            (None, None, None, Some(modulus), Some(remainder), false) => {
                Bound::Hash(modulus, remainder)
            }
            (None, None, None, None, None, true) => Bound::Default,
            _ => {
                errors.push(
                    span,
                    "expected what it holds: `from = …, to = …`, or `in = […]`, or `modulus = …, remainder = …`, or `default`",
                );
                Bound::Default
            }
        };
        self.attached
            .partitions
            .push(Partition { span, name, bound });
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
        return Err(options::unknown(&key, what, &known));
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
) -> syn::Result<Vec<(&'static str, Vec<usize>)>> {
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
