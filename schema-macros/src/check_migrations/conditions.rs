//! What `cfg` and `cfg_attr` leave of an item. The macro cannot ask the compiler whether a predicate
//! holds; it looks at each case, and has the compiler choose among what it found.

use std::collections::BTreeMap;
use std::mem;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Fields, Meta, Token};

use crate::spelling::{arguments, canonical, is_ours};

/// More predicates than these on one item are too many cases.
const MOST_PREDICATES: usize = 4;

/// The derives that matter.
pub(super) const DERIVES: &[&str] = &["PgEnum", "PgDomain", "PgNewtype", "PgComposite"];

/// One case: the predicates by their text, and whether each holds.
#[derive(Clone, Default)]
pub(super) struct Case(BTreeMap<String, (TokenStream, bool)>);

impl Case {
    /// All cases of these attributes; `None` if there are too many. Without a predicate, which is
    /// nearly always, there is one. Tests have tables of their own, so that `test` never holds.
    pub(super) fn all<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> Option<Vec<Self>> {
        let mut predicates = BTreeMap::new();
        for attribute in attributes {
            if let Some((predicate, _)) = conditional(attribute) {
                predicates.insert(canonical(predicate.clone()), predicate);
            }
        }
        let mut cases = vec![Self::default()];
        for (text, predicate) in predicates {
            let values = fixed(&text).map_or_else(|| vec![true, false], |value| vec![value]);
            let longer = cases.iter().flat_map(|case| {
                values.iter().map(|value| {
                    let mut case = case.clone();
                    case.0.insert(text.clone(), (predicate.clone(), *value));
                    case
                })
            });
            cases = longer.collect();
            if cases.len() > 1 << MOST_PREDICATES {
                return None;
            }
        }
        Some(cases)
    }

    /// What has to hold for the case to be this one, as predicates of a `cfg`.
    pub(super) fn conditions(&self) -> impl Iterator<Item = TokenStream> {
        self.0
            .iter()
            .filter(|(text, _)| fixed(text).is_none())
            .map(|(_, (predicate, holds))| {
                if *holds {
                    predicate.clone()
                } else {
                    quote!(not(#predicate))
                }
            })
    }

    /// The attributes as they are in this case; `None` if what they stand on is not there.
    pub(super) fn attributes(&self, attributes: Vec<Attribute>) -> Option<Vec<Attribute>> {
        let mut left = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let Some((predicate, within)) = conditional(&attribute) else {
                left.push(attribute);
                continue;
            };
            let holds = self
                .0
                .get(&canonical(predicate))
                .is_none_or(|(_, holds)| *holds);
            match within {
                None if !holds => return None,
                Some(within) if holds => left.extend(self.attributes(within)?),
                None | Some(_) => {}
            }
        }
        Some(left)
    }

    /// The item as it is in this case.
    pub(super) fn item(&self, mut item: DeriveInput) -> Option<DeriveInput> {
        item.attrs = self.attributes(item.attrs)?;
        match &mut item.data {
            Data::Struct(data) => match &mut data.fields {
                Fields::Named(fields) => {
                    fields.named = self.kept(&mut fields.named, |it| &mut it.attrs);
                }
                Fields::Unnamed(fields) => {
                    fields.unnamed = self.kept(&mut fields.unnamed, |it| &mut it.attrs);
                }
                Fields::Unit => {}
            },
            Data::Enum(data) => data.variants = self.kept(&mut data.variants, |it| &mut it.attrs),
            Data::Union(_) => {}
        }
        Some(item)
    }

    fn kept<T>(
        &self,
        list: &mut Punctuated<T, Token![,]>,
        attributes: fn(&mut T) -> &mut Vec<Attribute>,
    ) -> Punctuated<T, Token![,]> {
        let kept = mem::take(list).into_iter().filter_map(|mut one| {
            let its = attributes(&mut one);
            *its = self.attributes(mem::take(its))?;
            Some(one)
        });
        kept.collect()
    }
}

/// All attributes of an item, those of its fields and variants included.
pub(super) fn attributes_within(item: &DeriveInput) -> impl Iterator<Item = &Attribute> {
    let (fields, variants) = match &item.data {
        Data::Struct(data) => (Some(data.fields.iter()), None),
        Data::Enum(data) => (None, Some(data.variants.iter())),
        Data::Union(_) => (None, None),
    };
    let fields = fields.into_iter().flatten().flat_map(|it| &it.attrs);
    let variants = variants.into_iter().flatten().flat_map(|it| &it.attrs);
    item.attrs.iter().chain(fields).chain(variants)
}

/// The predicate of a `cfg`, or of a `cfg_attr` with the attributes under it, if they matter.
fn conditional(attribute: &Attribute) -> Option<(TokenStream, Option<Vec<Attribute>>)> {
    if attribute.path().is_ident("cfg") {
        return Some((arguments(attribute)?, None));
    }
    if !attribute.path().is_ident("cfg_attr") {
        return None;
    }
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated;
    let mut tokens = arguments(attribute)?.into_iter();
    let predicate = tokens
        .by_ref()
        .take_while(|token| !matches!(token, TokenTree::Punct(punct) if punct.as_char() == ','));
    let predicate: TokenStream = predicate.collect();
    let metas = metas.parse2(tokens.collect()).ok()?;
    let within: Vec<Attribute> = metas
        .into_iter()
        .filter(matters)
        .map(|meta| Attribute {
            meta,
            ..attribute.clone()
        })
        .collect();
    (!within.is_empty()).then_some((predicate, Some(within)))
}

/// Whether an attribute may change what is compared or where it is looked for.
fn matters(meta: &Meta) -> bool {
    let last = meta
        .path()
        .segments
        .last()
        .map(|segment| segment.ident.to_string());
    let last = last.unwrap_or_default();
    if last == "derive" {
        let text = meta
            .require_list()
            .map(|list| canonical(list.tokens.clone()));
        return text.is_ok_and(|text| text.split(' ').any(|word| DERIVES.contains(&word)));
    }
    is_ours(&last) || ["cfg", "cfg_attr", "path"].contains(&last.as_str())
}

/// What is known of a predicate with `test` in it.
fn fixed(predicate: &str) -> Option<bool> {
    let words: Vec<&str> = predicate.split(' ').collect();
    match words[..] {
        ["test"] => Some(false),
        ["not", "(", "test", ")"] => Some(true),
        ["all", "(", ..] if words.contains(&"test") && !words.contains(&"not") => Some(false),
        _ => None,
    }
}
