//! A Rust file with the places of its tables and types, and edits of its text. What no edit touches
//! stays as it is, to the byte.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A file that is being changed.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) text: String,
    pub(super) items: Vec<Item>,
    uses: Vec<(String, Range<usize>)>,
    last_module: Option<usize>,
    /// What is to be brought into scope, by crate.
    imports: BTreeMap<String, BTreeSet<String>>,
    edits: Vec<(Range<usize>, String)>,
}

/// A struct or enum.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    /// All of it, attributes too.
    pub(super) range: Range<usize>,
    /// What stands behind its attributes.
    pub(super) bare: usize,
    /// The brace or parenthesis behind its members.
    pub(super) end_of_members: usize,
    pub(super) members: Vec<Member>,
    lines: Range<usize>,
}

/// A field or a variant.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    /// All of it, attributes and the comma too.
    pub(super) range: Range<usize>,
    /// What stands behind its attributes.
    pub(super) bare: usize,
    /// The type of a field.
    pub(super) ty: Option<Range<usize>>,
    lines: Range<usize>,
}

/// An attribute.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) word: String,
    pub(super) range: Range<usize>,
    /// What stands between the commas of its parentheses.
    pub(super) options: Vec<String>,
    lines: Range<usize>,
}

impl Attribute {
    pub(super) fn has_line(&self, line: u32) -> bool {
        self.lines.contains(&(line as usize))
    }
}

impl Item {
    pub(super) fn attributes_of(&self, word: &str) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(move |it| it.word == word)
    }

    /// The field or variant on a line.
    pub(super) fn member_at(&self, line: u32) -> Option<&Member> {
        let mut members = self.members.iter();
        members.find(|member| member.lines.contains(&(line as usize)))
    }

    pub(super) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }
}

impl Source {
    /// Reads a text; an error says why it is no Rust.
    pub(super) fn parse(text: &str) -> syn::Result<Self> {
        let file = syn::parse_file(text)?;
        let mut items = Items {
            text,
            items: Vec::new(),
        };
        items.visit_file(&file);
        let uses = file.items.iter().filter_map(|item| match item {
            syn::Item::Use(item) => {
                let range = item.span().byte_range();
                Some((text[range.clone()].to_owned(), range))
            }
            _ => None,
        });
        let modules = file.items.iter().filter_map(|item| match item {
            syn::Item::Mod(item) if item.content.is_none() => Some(item.span().byte_range().end),
            _ => None,
        });
        Ok(Self {
            text: text.to_owned(),
            uses: uses.collect(),
            last_module: modules.max(),
            imports: BTreeMap::new(),
            items: items.items,
            edits: Vec::new(),
        })
    }

    /// The struct or enum of this name, the nearest to a line.
    pub(super) fn item(&self, name: &str, line: u32) -> Option<&Item> {
        let named = self.items.iter().filter(|item| item.name == name);
        named.min_by_key(|item| item.lines.start.abs_diff(line as usize))
    }

    /// Puts a text in the place of another.
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.edits.push((range, text.into()));
    }

    /// Takes something away, with its lines where nothing else is on them.
    pub(super) fn remove(&mut self, range: Range<usize>) {
        let range = self.whole_lines(range);
        self.edits.push((range, String::new()));
    }

    /// Takes an item away, with the empty line behind it.
    pub(super) fn remove_item(&mut self, range: Range<usize>) {
        let mut range = self.whole_lines(range);
        if self.text[range.end..].starts_with('\n') {
            range.end += 1;
        }
        self.edits.push((range, String::new()));
    }

    /// Puts lines before what is at a place, with its indentation.
    pub(super) fn insert_before(&mut self, at: usize, lines: &[String]) {
        let start = self.text[..at].rfind('\n').map_or(0, |it| it + 1);
        let indent = &self.text[start..at];
        if indent.trim().is_empty() {
            let text = format!("{}\n", lines.join("\n"));
            self.edits.push((start..start, text));
        } else {
            let words: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
            let text = format!("{} ", words.join(" "));
            self.edits.push((at..at, text));
        }
    }

    /// Puts lines behind what ends at a place.
    pub(super) fn insert_after(&mut self, at: usize, lines: &[String]) {
        let rest = &self.text[at..];
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let text = lines.join("\n");
        if rest[..line_end].trim().is_empty() || rest[..line_end].trim_start().starts_with("//") {
            self.edits
                .push((at + line_end..at + line_end, format!("\n{text}")));
        } else {
            self.edits.push((at..at, format!("\n{text}\n")));
        }
    }

    /// Puts fields or variants behind one, or before all.
    pub(super) fn insert_members(
        &mut self,
        item: &Item,
        previous: Option<&Member>,
        lines: &[String],
    ) {
        if lines.is_empty() {
            return;
        }
        let Some(member) = previous else {
            let first = item.members.first().map(|it| it.range.start);
            self.insert_before(first.unwrap_or(item.end_of_members), lines);
            return;
        };
        let end = member.range.end;
        if !self.text[..end].ends_with(',') {
            self.replace(end..end, ",");
        }
        self.insert_after(end, lines);
    }

    /// Puts lines at the end, after an empty one.
    pub(super) fn append(&mut self, lines: &[String]) {
        let end = self.text.len();
        let gap = if self.text.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        let text = lines.join("\n");
        self.edits.push((end..end, format!("{gap}{text}\n")));
    }

    /// Brings an item of a crate into scope, where it is not.
    pub(super) fn import(&mut self, krate: &str, item: &str) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let names = |text: &str| match item {
            "*" => text.contains(&format!("{krate}::*")),
            _ => text.split(|c| !is_word(c)).any(|word| word == item),
        };
        if !self.uses.iter().any(|(text, _)| names(text)) {
            let items = self.imports.entry(krate.to_owned()).or_default();
            items.insert(item.to_owned());
        }
    }

    /// Declares a module, behind those that are there.
    pub(super) fn declare(&mut self, line: &str) {
        let line = [line.to_owned()];
        match self.last_module {
            Some(at) => self.insert_after(at, &line),
            None => self.append(&line),
        }
    }

    /// The edits that bring into scope what is missing.
    fn import_all(&mut self) {
        for (krate, mut items) in std::mem::take(&mut self.imports) {
            let head = format!("use {krate}::");
            // One that names items of this crate alone takes them in.
            let simple = |text: &str| {
                let list = text.strip_prefix(&head)?.strip_suffix(';')?;
                let list = list
                    .strip_prefix('{')
                    .and_then(|it| it.strip_suffix('}'))
                    .unwrap_or(list);
                let plain = !list.contains(|c: char| "{}:*".contains(c)) && !list.contains(" as ");
                plain.then(|| {
                    list.split(',')
                        .map(|it| it.trim().to_owned())
                        .collect::<Vec<_>>()
                })
            };
            let known = self
                .uses
                .iter()
                .find_map(|(text, range)| Some((simple(text)?, range.clone())));
            let place = known.as_ref().map(|(_, range)| range.clone());
            items.extend(known.into_iter().flat_map(|(list, _)| list));
            items.remove("");
            let list: Vec<&str> = items.iter().map(String::as_str).collect();
            let line = match list.as_slice() {
                [item] => format!("{head}{item};"),
                list => format!("{head}{{{}}};", list.join(", ")),
            };
            if let Some(range) = place {
                self.replace(range, line);
                continue;
            }
            // In the order that rustfmt has.
            let before = self.uses.iter().find(|(text, _)| *text > line);
            let before = before.map(|(_, range)| range.start);
            let behind = self.uses.last().map(|(_, range)| range.end);
            let lines = [line];
            match (before, behind) {
                (Some(at), _) => self.insert_before(at, &lines),
                (None, Some(at)) => self.insert_after(at, &lines),
                (None, None) => {
                    let head =
                        |it: &&str| it.starts_with("//!") || it.starts_with("#![") || it.is_empty();
                    let head = self.text.lines().take_while(head);
                    let at = head
                        .map(|it| it.len() + 1)
                        .sum::<usize>()
                        .min(self.text.len());
                    let [line] = lines;
                    self.edits.push((at..at, format!("{line}\n\n")));
                }
            }
        }
    }

    pub(super) fn is_changed(&self) -> bool {
        !self.edits.is_empty() || !self.imports.is_empty()
    }

    /// The text with all edits.
    pub(super) fn changed(mut self) -> String {
        self.import_all();
        // Stable: what is put at one place stays in its order.
        self.edits
            .sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::new();
        let mut at = 0;
        for (range, text) in &self.edits {
            if range.start < at && !range.is_empty() {
                continue;
            }
            out.push_str(&self.text[at..range.start.max(at)]);
            out.push_str(text);
            at = at.max(range.end);
        }
        out.push_str(&self.text[at..]);
        out
    }

    fn whole_lines(&self, range: Range<usize>) -> Range<usize> {
        let start = self.text[..range.start].rfind('\n').map_or(0, |it| it + 1);
        let rest = &self.text[range.end..];
        let end = rest.find('\n').map_or(rest.len(), |it| it + 1);
        let alone =
            self.text[start..range.start].trim().is_empty() && rest[..end].trim().is_empty();
        if alone { start..range.end + end } else { range }
    }
}

struct Items<'a> {
    text: &'a str,
    items: Vec<Item>,
}

impl<'ast> Visit<'ast> for Items<'_> {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let members = item.fields.iter().map(|field| {
            let name = field
                .ident
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let bare = match field.vis.span().byte_range() {
                vis if vis.is_empty() => field.ident.span().byte_range().start,
                vis => vis.start,
            };
            let ty = Some(field.ty.span().byte_range());
            self.member(name, &field.attrs, field, bare, ty)
        });
        let members = members.collect();
        let end = match &item.fields {
            syn::Fields::Named(fields) => fields.brace_token.span.close().byte_range().start,
            syn::Fields::Unnamed(fields) => fields.paren_token.span.close().byte_range().start,
            syn::Fields::Unit => item.span().byte_range().end,
        };
        let bare = match item.vis.span().byte_range() {
            vis if vis.is_empty() => item.struct_token.span().byte_range().start,
            vis => vis.start,
        };
        self.add(&item.ident, &item.attrs, item, bare, end, members);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        let members = item.variants.iter().map(|variant| {
            let bare = variant.ident.span().byte_range().start;
            self.member(
                variant.ident.to_string(),
                &variant.attrs,
                variant,
                bare,
                None,
            )
        });
        let members = members.collect();
        let bare = match item.vis.span().byte_range() {
            vis if vis.is_empty() => item.enum_token.span().byte_range().start,
            vis => vis.start,
        };
        let end = item.brace_token.span.close().byte_range().start;
        self.add(&item.ident, &item.attrs, item, bare, end, members);
        visit::visit_item_enum(self, item);
    }
}

impl Items<'_> {
    fn add(
        &mut self,
        name: &syn::Ident,
        attributes: &[syn::Attribute],
        whole: &impl Spanned,
        bare: usize,
        end_of_members: usize,
        members: Vec<Member>,
    ) {
        let attributes = self.attributes(attributes);
        let own = whole.span().byte_range();
        let first = attributes.iter().map(|it| it.range.start).min();
        self.items.push(Item {
            name: name.to_string(),
            range: first.unwrap_or(own.start).min(own.start)..own.end,
            lines: lines(whole),
            attributes,
            bare,
            end_of_members,
            members,
        });
    }

    fn member(
        &self,
        name: String,
        attributes: &[syn::Attribute],
        whole: &impl Spanned,
        bare: usize,
        ty: Option<Range<usize>>,
    ) -> Member {
        let attributes = self.attributes(attributes);
        let own = whole.span().byte_range();
        let rest = &self.text[own.end..];
        let comma = rest.len() - rest.trim_start().len();
        let end = if rest.trim_start().starts_with(',') {
            own.end + comma + 1
        } else {
            own.end
        };
        let first = attributes.iter().map(|it| it.range.start).min();
        Member {
            name,
            range: first.unwrap_or(own.start).min(own.start)..end,
            lines: lines(whole),
            attributes,
            bare,
            ty,
        }
    }

    fn attributes(&self, attributes: &[syn::Attribute]) -> Vec<Attribute> {
        let attributes = attributes.iter().map(|attribute| {
            let word = attribute.path().get_ident().map(ToString::to_string);
            let options = match &attribute.meta {
                syn::Meta::List(list) => self.options(&list.tokens),
                syn::Meta::Path(_) | syn::Meta::NameValue(_) => Vec::new(),
            };
            // `#[doc(alias = "…")]` is no comment.
            let word = word.filter(|word| word != "doc" || options.is_empty());
            Attribute {
                word: word.unwrap_or_default(),
                range: attribute.span().byte_range(),
                options,
                lines: lines(attribute),
            }
        });
        attributes.collect()
    }

    /// The texts between the commas.
    fn options(&self, tokens: &TokenStream) -> Vec<String> {
        let mut options = Vec::new();
        let mut current: Option<Range<usize>> = None;
        for token in tokens.clone() {
            let comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
            let range = token.span().byte_range();
            match (&mut current, comma) {
                (Some(option), false) => option.end = range.end,
                (none @ None, false) => *none = Some(range),
                (option, true) => options.extend(option.take()),
            }
        }
        options.extend(current);
        options
            .into_iter()
            .map(|range| self.text[range].to_owned())
            .collect()
    }
}

fn lines(node: &impl Spanned) -> Range<usize> {
    let span = node.span();
    span.start().line..span.end().line + 1
}
