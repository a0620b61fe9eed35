//! Keys, indexes, foreign keys, checks and exclusions, from fields and from the struct.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Ident, LitStr, Token, bracketed};

use super::constraint::{Element, IndexOptions, elements_and_options};
use super::input::{Check, Exclude, Index, IndexKind, Table};
use crate::errors::Errors;
use crate::name::Name;
use crate::options;
use crate::predicate::{Predicate, Rendered};
use crate::slot::Slot;

impl Table<'_> {
    /// Keys, indexes, references and checks that fields have.
    pub(super) fn read_fields(&mut self, errors: &mut Errors) {
        let key: Vec<_> = (0..self.fields.list.len())
            .filter(|index| self.fields.list[*index].options.primary_key.is_set())
            .collect();
        if let Some(first) = key.first() {
            let span_of = |index: &usize| {
                let options = &self.fields.list[*index].options;
                options.primary_key.span().unwrap_or_else(Span::call_site)
            };
            for second in &key[1..] {
                errors.push(
                    span_of(second),
                    "a second primary key; a key of several columns is `#[primary_key(…)]` on the struct",
                );
            }
            let elements = vec![Element::field(*first, self.fields.list[*first].span())];
            let span = span_of(first);
            self.add_index(
                span,
                IndexKind::PrimaryKey,
                elements,
                IndexOptions::default(),
                errors,
            );
        }
        for index in 0..self.fields.list.len() {
            let field = &mut self.fields.list[index];
            let ident_span = field.span();
            let unique = std::mem::take(&mut field.options.unique);
            let plain = std::mem::take(&mut field.options.index);
            let references = std::mem::take(&mut field.options.references);
            let foreign_key = std::mem::take(&mut field.options.foreign_key);
            let check = std::mem::take(&mut field.options.check);
            for (slot, kind) in [
                (unique, IndexKind::UniqueConstraint),
                (plain, IndexKind::Index),
            ] {
                if let Some((span, options)) = slot.take() {
                    let elements = vec![Element::field(index, ident_span)];
                    self.add_index(span, kind, elements, options, errors);
                }
            }
            if let Some((span, path)) = references.take() {
                self.add_foreign_key(span, vec![index], vec![path], foreign_key, errors);
            } else if let Some((span, word)) = foreign_key.first() {
                errors.push(
                    span,
                    format_args!("`{word}` belongs to a foreign key, and there is no `references`"),
                );
            }
            if let Some(generated) = self.fields.list[index].options.generated.get() {
                let rendered = generated.render(&self.fields, &self.private, errors);
                for (field, span) in rendered.fields.iter().zip(&rendered.spans) {
                    let used = &self.fields.list[*field];
                    if used.options.generated.is_set() {
                        errors.push(
                            *span,
                            format_args!(
                                "`{}` is generated itself, and PostgreSQL computes all generated columns from others: repeat its expression here",
                                used.rust_name()
                            ),
                        );
                    }
                }
                self.fields.list[index].generated = Some(rendered);
            }
            if let Some((span, predicate)) = check.take() {
                let predicate = predicate.render(&self.fields, &self.private, errors);
                let columns = vec![index];
                self.add_check(span, None, predicate, columns, errors);
            }
        }
    }

    pub(super) fn read_attribute(&mut self, attribute: &Attribute, errors: &mut Errors) {
        let Some(word) = attribute.path().get_ident() else {
            return;
        };
        let span = word.span();
        match word.to_string().as_str() {
            "column" => errors.push_at(attribute, "`#[column]` belongs on a field"),
            "primary_key" | "unique" | "index" => {
                let (elements, options) = elements_and_options(attribute, &self.fields, errors);
                let kind = match word.to_string().as_str() {
                    "primary_key" => IndexKind::PrimaryKey,
                    "unique" => IndexKind::UniqueConstraint,
                    _ => IndexKind::Index,
                };
                if elements.is_empty() {
                    if errors.is_empty() {
                        errors.push(span, format_args!("expected fields: `#[{word}(…)]`"));
                    }
                    return;
                }
                self.add_index(span, kind, elements, options, errors);
            }
            "foreign_key" => self.read_foreign_key(attribute, span, errors),
            "check" => self.read_check(attribute, span, errors),
            "exclude" => self.read_exclude(attribute, span, errors),
            word => self.read_attached(word, attribute, span, errors),
        }
    }

    fn add_index(
        &mut self,
        span: Span,
        kind: IndexKind,
        elements: Vec<Element>,
        options: IndexOptions,
        errors: &mut Errors,
    ) {
        let constraint = !self.is_view
            && elements.iter().all(Element::is_plain)
            && !options.predicate.is_set()
            && !options.using.is_set();
        let kind = if kind == IndexKind::UniqueConstraint && !constraint {
            IndexKind::UniqueIndex
        } else {
            kind
        };
        let columns = self.element_names(&elements);
        let name = match options.name.get() {
            Some(name) => Name::given(name, "index", errors),
            None => {
                let (columns, suffix) = match kind {
                    IndexKind::PrimaryKey => (&[][..], "pkey"),
                    IndexKind::UniqueConstraint => (&columns[..], "key"),
                    IndexKind::UniqueIndex | IndexKind::Index => (&columns[..], "idx"),
                };
                Name::derived(&self.name.text, columns, suffix, span, errors)
            }
        };
        let predicate = options
            .predicate
            .get()
            .map(|predicate| predicate.render(&self.fields, &self.private, errors));
        let include = self.included(&options, errors);
        let index = Index {
            span,
            name,
            kind,
            elements,
            options,
            include,
            predicate,
        };
        if kind == IndexKind::PrimaryKey {
            self.primary_keys.push(index);
        } else {
            self.indexes.push(index);
        }
    }

    /// The fields of `include(…)`.
    fn included(&self, options: &IndexOptions, errors: &mut Errors) -> Vec<usize> {
        let fields = options.include.get().into_iter().flatten();
        fields
            .filter_map(|field| self.fields.find(field, errors))
            .collect()
    }

    /// What elements contribute to a name.
    fn element_names(&self, elements: &[Element]) -> Vec<String> {
        elements
            .iter()
            .map(|element| match element.as_field() {
                Some(index) => self.fields.list[index].name.text.clone(),
                None => "expr".to_owned(),
            })
            .collect()
    }

    fn read_check(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        let mut name: Slot<LitStr> = Slot::default();
        let mut renamed_from: Slot<LitStr> = Slot::default();
        let mut not_valid: Slot<()> = Slot::default();
        let mut predicate: Option<Predicate> = None;
        let has_field = |key: &Ident| self.fields.has(key);
        let before = errors.len();
        options::of_attribute(attribute, errors, |input, errors| {
            let ahead = input.fork();
            if let Ok(key) = options::key(&ahead) {
                let assigned = ahead.peek(Token![=]) && !ahead.peek(Token![==]);
                let flag = key == "not_valid" && !has_field(&key);
                if assigned || flag {
                    let key = options::key(input)?;
                    match key.to_string().as_str() {
                        "name" => name.set(&key, options::value(input)?, errors),
                        "renamed_from" => renamed_from.set(&key, options::value(input)?, errors),
                        "not_valid" => not_valid.set(&key, (), errors),
                        _ if has_field(&key) => {
                            return Err(syn::Error::new(
                                key.span(),
                                format!("expected a predicate, such as `{key} == …`"),
                            ));
                        }
                        _ => {
                            return Err(options::unknown(
                                &key,
                                "check",
                                &["name", "renamed_from", "not_valid"],
                            ));
                        }
                    }
                    return Ok(());
                }
            }
            let parsed = Predicate::parse(input)?;
            if predicate.is_some() {
                return Err(syn::Error::new(
                    parsed.span(),
                    "a check has one predicate; join them with `&&`",
                ));
            }
            predicate = Some(parsed);
            Ok(())
        });
        let Some(predicate) = predicate else {
            if errors.len() == before {
                errors.push(span, "expected a predicate: `#[check(seats >= 1)]`");
            }
            return;
        };
        let predicate = predicate.render(&self.fields, &self.private, errors);
        let columns = predicate.fields.clone();
        self.add_check(span, name.get(), predicate, columns, errors);
        if let Some(check) = self.checks.last_mut() {
            check.renamed_from = renamed_from.get().cloned();
            check.not_valid = not_valid.is_set();
        }
    }

    fn add_check(
        &mut self,
        span: Span,
        name: Option<&LitStr>,
        predicate: Rendered,
        columns: Vec<usize>,
        errors: &mut Errors,
    ) {
        let name = match name {
            Some(name) => Name::given(name, "check", errors),
            None => {
                let columns = match &columns[..] {
                    [one] => self.fields.columns(&[*one]),
                    _ => Vec::new(),
                };
                Name::derived(&self.name.text, &columns, "check", span, errors)
            }
        };
        self.checks.push(Check {
            span,
            name,
            predicate: Rendered {
                fields: columns,
                ..predicate
            },
            renamed_from: None,
            not_valid: false,
        });
    }

    fn read_exclude(&mut self, attribute: &Attribute, span: Span, errors: &mut Errors) {
        let mut elements: Vec<(Element, String)> = Vec::new();
        let mut index = IndexOptions::default();
        let before = errors.len();
        options::of_attribute(attribute, errors, |input, errors| {
            let key = options::key(input)?;
            if key != "elements" {
                if index.read(&key, input, errors)? {
                    return Ok(());
                }
                return Err(options::unknown(
                    &key,
                    "exclude",
                    &["elements", "using", "where", "name", "include"],
                ));
            }
            let content;
            syn::parenthesized!(content in input);
            options::each(&content, errors, &mut |input, errors| {
                let element = Element::parse(input, &self.fields, errors)?;
                let operator: LitStr = options::value(input)?;
                elements.extend(element.map(|element| (element, operator.value())));
                Ok(())
            });
            Ok(())
        });
        if elements.is_empty() {
            if errors.len() == before {
                errors.push(
                    span,
                    "expected `#[exclude(using = gist, elements(field = \"&&\"))]`",
                );
            }
            return;
        }
        let names = elements.iter().map(|(element, _)| element);
        let columns: Vec<_> = names
            .map(|element| match element.as_field() {
                Some(field) => self.fields.list[field].name.text.clone(),
                None => "expr".to_owned(),
            })
            .collect();
        let name = match index.name.get() {
            Some(name) => Name::given(name, "exclude", errors),
            None => Name::derived(&self.name.text, &columns, "excl", span, errors),
        };
        let predicate = index
            .predicate
            .get()
            .map(|predicate| predicate.render(&self.fields, &self.private, errors));
        let include = self.included(&index, errors);
        self.excludes.push(Exclude {
            span,
            name,
            elements,
            options: index,
            include,
            predicate,
        });
    }
}

/// `= [item, …]`
pub(super) fn list<T>(
    input: ParseStream<'_>,
    item: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Punctuated<T, Token![,]>> {
    input.parse::<Token![=]>()?;
    if !input.peek(syn::token::Bracket) {
        return Err(input.error("expected a list: `[…]`"));
    }
    let content;
    bracketed!(content in input);
    content.parse_terminated(item, Token![,])
}
