//! The attributes of the struct that attach something to a table.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Attribute, LitInt, LitStr, Token, bracketed, parenthesized};

use super::{
    Bound, EVENTS, Grant, KeyPart, PRIVILEGES, Partition, Policy, Statistics, Trigger, Words,
    required_name, values, word, words,
};
use crate::errors::Errors;
use crate::name::Name;
use crate::options;
use crate::predicate::Predicate;
use crate::slot::Slot;
use crate::sql::Sql;
use crate::table::constraint::{Deferrable, ElementKey};
use crate::table::input::Table;

impl Table<'_> {
    pub(super) fn read_policy(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
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
                "to" => roles.set(&key, super::roles(input)?, errors),
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

    pub(super) fn read_trigger(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
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
        let mut timing: Slot<(&'static str, Words)> = Slot::default();
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

    pub(super) fn read_grant(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        let mut privileges = Vec::new();
        let mut roles: Slot<Vec<String>> = Slot::default();
        let mut grant_option: Slot<()> = Slot::default();
        let fields = &self.fields;
        options::of_attribute(attribute, errors, |input, errors| {
            let ahead = options::key(&input.fork())?;
            match ahead.to_string().as_str() {
                "to" => {
                    let key = options::key(input)?;
                    roles.set(&key, super::roles(input)?, errors);
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
            may_pass_on: grant_option.is_set(),
        });
    }

    pub(super) fn read_statistics(
        &mut self,
        attribute: &Attribute,
        span: Span,
        errors: &mut Errors,
    ) {
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

    pub(super) fn read_partition(
        &mut self,
        attribute: &Attribute,
        span: Span,
        errors: &mut Errors,
    ) {
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
