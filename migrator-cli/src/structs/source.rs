//! Rust files by their lines: which of them a field, a variant, an attribute or an item takes.

use std::ops::RangeInclusive;

use syn::visit::{self, Visit};

/// Lines of a file, from 1.
pub(super) type Lines = RangeInclusive<usize>;

/// A Rust file.
#[derive(Debug, Default)]
pub(super) struct Source {
    lines: Vec<String>,
    items: Vec<Item>,
}

/// A struct or enum.
#[derive(Debug)]
pub(super) struct Item {
    /// Its name.
    name: String,
    /// All of it, without its doc comments.
    pub(super) whole: Lines,
    /// Its doc comments.
    pub(super) docs: Vec<Lines>,
    /// Its other attributes.
    pub(super) attributes: Vec<Lines>,
    /// Its fields or variants, in order.
    pub(super) members: Vec<Member>,
}

/// A field or a variant.
#[derive(Debug)]
pub(super) struct Member {
    /// Its lines with its attributes, without doc comments.
    pub(super) lines: Lines,
    /// Its doc comments.
    pub(super) docs: Vec<Lines>,
}

impl Source {
    /// The lines and items of a text. One that is no Rust has lines only.
    pub(super) fn parse(text: &str) -> Self {
        let mut items = Items::default();
        if let Ok(file) = syn::parse_file(text) {
            items.visit_file(&file);
        }
        Self {
            lines: text.lines().map(str::to_owned).collect(),
            items: items.0,
        }
    }

    /// The text of some lines, each with its number.
    pub(super) fn texts(&self, lines: &Lines) -> impl Iterator<Item = (u32, String)> {
        lines.clone().filter_map(|number| {
            let text = self.lines.get(number.checked_sub(1)?)?.clone();
            Some((u32::try_from(number).ok()?, text))
        })
    }

    /// The innermost item that a line belongs to; what stands behind its doc comments and before
    /// its end is of it.
    pub(super) fn item(&self, line: u32) -> Option<&Item> {
        let line = line as usize;
        let around = self.items.iter().filter(|item| {
            let first = item.docs.iter().map(Lines::start).min();
            let first = first.map_or(*item.whole.start(), |it| *it.min(item.whole.start()));
            (first..=*item.whole.end()).contains(&line)
        });
        around.min_by_key(|item| item.whole.end() - item.whole.start())
    }

    /// Whether what a line belongs to has this name, or the line says it.
    pub(super) fn names(&self, line: u32, name: &str) -> bool {
        if let Some(item) = self.item(line) {
            return item.name == name;
        }
        let text = self.lines.get((line as usize).wrapping_sub(1));
        text.is_some_and(|text| text.contains(name))
    }

    /// The field or variant on a line.
    pub(super) fn member(&self, line: u32) -> Option<&Member> {
        let mut members = self.item(line)?.members.iter();
        members.find(|member| member.lines.contains(&(line as usize)))
    }

    /// What a line is part of: a field with its attributes, an attribute, else the line itself.
    pub(super) fn part(&self, line: u32) -> Lines {
        if let Some(member) = self.member(line) {
            return member.lines.clone();
        }
        let line = line as usize;
        let item = self.item(u32::try_from(line).unwrap_or(u32::MAX));
        let mut attributes = item.into_iter().flat_map(|item| &item.attributes);
        let found = attributes.find(|lines| lines.contains(&line));
        found.cloned().unwrap_or(line..=line)
    }
}

#[derive(Default)]
struct Items(Vec<Item>);

impl<'ast> Visit<'ast> for Items {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let members = item.fields.iter();
        let members = members.map(|field| member(&field.attrs, lines(field)));
        self.0.push(of_item(
            &item.ident,
            &item.attrs,
            lines(item),
            members.collect(),
        ));
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        let members = item.variants.iter();
        let members = members.map(|variant| member(&variant.attrs, lines(variant)));
        self.0.push(of_item(
            &item.ident,
            &item.attrs,
            lines(item),
            members.collect(),
        ));
        visit::visit_item_enum(self, item);
    }
}

fn of_item(
    name: &syn::Ident,
    attributes: &[syn::Attribute],
    all: Lines,
    members: Vec<Member>,
) -> Item {
    let (docs, attributes) = split(attributes);
    Item {
        name: name.to_string(),
        whole: without(&docs, &all),
        docs,
        attributes,
        members,
    }
}

fn member(attributes: &[syn::Attribute], all: Lines) -> Member {
    let (docs, _) = split(attributes);
    Member {
        lines: without(&docs, &all),
        docs,
    }
}

/// Doc comments, and all other attributes.
fn split(attributes: &[syn::Attribute]) -> (Vec<Lines>, Vec<Lines>) {
    let (docs, others): (Vec<_>, Vec<_>) = attributes
        .iter()
        .partition(|attribute| attribute.path().is_ident("doc"));
    let places = |attributes: Vec<&syn::Attribute>| attributes.into_iter().map(lines).collect();
    (places(docs), places(others))
}

/// What is left when doc comments at the begin are cut off.
fn without(docs: &[Lines], all: &Lines) -> Lines {
    let mut first = *all.start();
    for doc in docs {
        if *doc.start() == first && doc.end() < all.end() {
            first = doc.end() + 1;
        }
    }
    first..=*all.end()
}

fn lines(node: &impl syn::spanned::Spanned) -> Lines {
    let span = node.span();
    span.start().line..=span.end().line
}
