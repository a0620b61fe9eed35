//! The source files of a crate, module by module, and the tables and types in them.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, DeriveInput, Expr, ExprLit, Lit, Meta};

use super::conditions::{Case, attributes_within};
use super::items::{Item, items};
use crate::name::unraw;
use crate::spelling::{Kind, Spelling, arguments, is, sql_name};

/// Words without which a file holds no table and no type, beside `mod`.
const MARKERS: &[&str] = &[
    "table",
    "view",
    "PgEnum",
    "PgDomain",
    "PgNewtype",
    "PgComposite",
];

/// A module that goes deeper than this includes itself.
const MOST_DEPTH: usize = 64;

/// What the sources of a crate hold.
#[derive(Default)]
pub(super) struct Sources {
    /// Tables and types.
    pub(super) found: Vec<Found>,
    /// Words from which macros may make tables. Only known if everything was read.
    pub(super) words: BTreeSet<String>,
    reading: Reading,
}

/// A table or type.
pub(super) struct Found {
    pub(super) kind: Kind,
    /// Its name in the database.
    pub(super) name: String,
    /// The struct or enum.
    pub(super) item: String,
    file: Rc<File>,
    /// The `cfg` predicates under which it is there, and so.
    pub(super) conditions: Vec<TokenStream>,
    /// What it says; `None` where that depends on too much.
    pub(super) spelling: Option<Spelling>,
}

/// How much is read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Reading {
    /// Files that may hold tables.
    #[default]
    Marked,
    /// All, for the words in macros.
    Everything,
}

/// A source file.
struct File {
    path: PathBuf,
    text: String,
}

/// Where modules are looked for.
struct Folder {
    /// For `mod name;`
    plain: PathBuf,
    /// For `#[path = "…"] mod name;`
    with_path: PathBuf,
}

impl Sources {
    /// Follows the modules from the file that is the root of a crate.
    pub(super) fn of_crate(root: &Path) -> Self {
        let mut sources = Self::default();
        sources.file(root, &Folder::of_root(root), &[], 0);
        sources
    }

    /// The same, with files that have nothing to do with tables.
    pub(super) fn everything(root: &Path) -> Self {
        let mut sources = Self {
            reading: Reading::Everything,
            ..Self::default()
        };
        sources.file(root, &Folder::of_root(root), &[], 0);
        sources
    }

    /// What cannot be read or is no Rust is left to the compiler, which reads it as well.
    fn file(&mut self, path: &Path, folder: &Folder, conditions: &[TokenStream], depth: usize) {
        let mut text = String::new();
        let read = std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text));
        if read.is_err() || depth > MOST_DEPTH {
            return;
        }
        if self.reading == Reading::Marked && !may_matter(&text) {
            return;
        }
        let code = text.strip_prefix('\u{feff}').unwrap_or(&text);
        if let Ok(tokens) = code.parse() {
            let file = Rc::new(File {
                path: path.to_owned(),
                text,
            });
            self.module(tokens, &file, folder, conditions, depth);
        }
    }

    fn module(
        &mut self,
        tokens: TokenStream,
        file: &Rc<File>,
        folder: &Folder,
        conditions: &[TokenStream],
        depth: usize,
    ) {
        for item in items(tokens) {
            match item {
                Item::Module {
                    attributes,
                    ident,
                    content,
                } => {
                    let name = unraw(&ident);
                    for case in Case::all(attributes.iter()).unwrap_or_default() {
                        let Some(attributes) = case.attributes(attributes.clone()) else {
                            continue;
                        };
                        let mut conditions = conditions.to_vec();
                        conditions.extend(case.conditions());
                        let given = attributes.iter().find_map(path_value);
                        match (&content, given) {
                            (Some(content), given) => {
                                let folder = folder.within(&name, given.as_deref());
                                self.module(content.clone(), file, &folder, &conditions, depth + 1);
                            }
                            (None, Some(given)) => {
                                let file = folder.with_path.join(given);
                                self.file(&file, &Folder::of_root(&file), &conditions, depth + 1);
                            }
                            (None, None) => {
                                let (file, folder) = folder.named(&name);
                                self.file(&file, &folder, &conditions, depth + 1);
                            }
                        }
                    }
                }
                Item::Marked(tokens) => self.marked(tokens, file, conditions),
                Item::Plain { ident, may_expand } => {
                    if may_expand {
                        self.words.insert(unraw(&ident));
                    }
                }
                Item::Macro(tokens) => {
                    if self.reading == Reading::Everything {
                        self.words_of(tokens);
                    }
                }
            }
        }
    }

    /// A struct or enum, in each case of its `cfg`s.
    fn marked(&mut self, tokens: TokenStream, file: &Rc<File>, conditions: &[TokenStream]) {
        let Ok(item) = syn::parse2::<DeriveInput>(tokens) else {
            return;
        };
        let mut put = |kind, item: &DeriveInput, conditions: Vec<TokenStream>, spelling| {
            self.found.push(Found {
                kind,
                name: sql_name(kind, item),
                item: unraw(&item.ident),
                file: Rc::clone(file),
                conditions,
                spelling,
            });
        };
        let Some(cases) = Case::all(attributes_within(&item)) else {
            for kind in kinds(&item) {
                put(kind, &item, conditions.to_vec(), None);
            }
            return;
        };
        for case in cases {
            let Some(item) = case.item(item.clone()) else {
                continue;
            };
            for kind in kinds(&item) {
                let mut conditions = conditions.to_vec();
                conditions.extend(case.conditions());
                put(kind, &item, conditions, Some(Spelling::of(kind, &item)));
            }
        }
    }

    /// The identifiers of an item that is, has or defines a macro.
    fn words_of(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    self.words.insert(unraw(&ident));
                }
                TokenTree::Group(group) => self.words_of(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

impl Found {
    /// What it goes by within the crate.
    pub(super) fn key(&self) -> (Kind, &str) {
        (self.kind, &self.name)
    }

    /// Where it begins: `src/user.rs:12`. The tokens of a text that a macro has parsed do not say where
    /// they stand in it.
    pub(super) fn place(&self) -> String {
        let declares = |line: &str| {
            let mut words = line
                .split(|it| !is_word(it))
                .filter(|word| !word.is_empty());
            words.any(|word| word == "struct" || word == "enum")
                && words.find(|word| *word != "r") == Some(&self.item)
        };
        let mut lines = self.file.text.lines().zip(1..);
        let line = lines.find(|(line, _)| declares(line));
        let line = line.map_or(1, |(_, number)| number);
        format!("{}:{line}", self.file.path.display())
    }
}

impl Folder {
    /// Of a crate's root, a `mod.rs`, and a file that `#[path]` names.
    fn of_root(file: &Path) -> Self {
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Self {
            plain: folder.clone(),
            with_path: folder,
        }
    }

    /// Of `mod name { … }`.
    fn within(&self, name: &str, given: Option<&str>) -> Self {
        let folder = match given {
            Some(given) => self.with_path.join(given),
            None => self.plain.join(name),
        };
        Self {
            plain: folder.clone(),
            with_path: folder,
        }
    }

    /// The file of `mod name;`, and where its own modules are.
    fn named(&self, name: &str) -> (PathBuf, Self) {
        let plain = self.plain.join(name);
        let file = self.plain.join(format!("{name}.rs"));
        if file.is_file() {
            let with_path = self.plain.clone();
            return (file, Self { plain, with_path });
        }
        let file = plain.join("mod.rs");
        let folder = Self::of_root(&file);
        (file, folder)
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether a file may hold a table or a type, or name a module that does.
fn may_matter(text: &str) -> bool {
    MARKERS.iter().any(|marker| text.contains(marker))
        || text.match_indices("mod").any(|(at, word)| {
            !text[..at].ends_with(is_word)
                && text[at + word.len()..].starts_with(char::is_whitespace)
        })
}

/// What an item is, by its attributes.
fn kinds(item: &DeriveInput) -> Vec<Kind> {
    let mut kinds = Vec::new();
    if item.attrs.iter().any(|it| is(it, "table")) {
        kinds.push(Kind::Table);
    }
    let is_view = |it| is(it, "view") || is(it, "materialized_view");
    if item.attrs.iter().any(is_view) {
        kinds.push(Kind::View);
    }
    let derives = item.attrs.iter().filter(|it| is(it, "derive"));
    for token in derives.filter_map(arguments).flatten() {
        kinds.extend(match token.to_string().as_str() {
            "PgEnum" => Some(Kind::Enum),
            "PgDomain" => Some(Kind::Domain),
            "PgNewtype" => Some(Kind::Newtype),
            "PgComposite" => Some(Kind::Composite),
            _ => None,
        });
    }
    kinds
}

/// `#[path = "…"]`
fn path_value(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if pair.path.is_ident("path") => Some(text.value()),
        _ => None,
    }
}
