//! The files of the source, as far as they change.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::catalog::{Column, Domain, Enum, Extension, Table};
use schema_core::diagnostic::Place;
use schema_core::ident::{DEFAULT_SCHEMA, Ident, QualifiedName};
use schema_core::schema::{Hints, ObjectKey};

use super::labelled;
use super::source::{Item, Source};
use crate::context::Context;
use crate::exit_code::Exit;
use crate::failure::Failure;
use crate::introspection::Leftover;
use crate::introspection::files::{LEFTOVERS, extension};
use crate::structs::spell::{self, Names};

/// The files that were looked at, and those that are new.
pub(super) struct Files<'a> {
    context: &'a Context,
    hints: &'a Hints,
    folder: &'a Utf8Path,
    names: Names,
    open: BTreeMap<Utf8PathBuf, Source>,
    texts: BTreeMap<Utf8PathBuf, String>,
}

impl<'a> Files<'a> {
    pub(super) fn new(
        context: &'a Context,
        hints: &'a Hints,
        folder: &'a Utf8Path,
        names: Names,
    ) -> Self {
        Self {
            context,
            hints,
            folder,
            names,
            open: BTreeMap::new(),
            texts: BTreeMap::new(),
        }
    }

    pub(super) fn place(&self, key: &ObjectKey) -> Option<&'a Place> {
        self.hints.place(key)
    }

    /// The file and the item in it that a key names; a copy, so that the file can be edited.
    pub(super) fn item(&mut self, key: &ObjectKey) -> Result<Option<(Utf8PathBuf, Item)>, Failure> {
        let Some(place) = self.hints.place(key) else {
            return Ok(None);
        };
        let name = labelled(&place.label).to_owned();
        let paths = self.context.root.ancestors().map(|it| it.join(&place.file));
        let paths: Vec<_> = paths.filter(|path| path.is_file()).collect();
        for path in paths {
            let source = self.source(&path)?;
            if let Some(item) = source.item(&name, place.line) {
                let item = item.clone();
                return Ok(Some((path, item)));
            }
        }
        Ok(None)
    }

    /// The variants of an enum as the source calls them.
    pub(super) fn learn_variants(
        &mut self,
        name: &QualifiedName,
        it: &Enum,
    ) -> Result<(), Failure> {
        let key = ObjectKey::Type(name.clone());
        if let Some((_, item)) = self.item(&key)?
            && item.members.len() == it.labels.len()
        {
            let variants = item.members.iter().map(|member| member.name.clone());
            self.names
                .set_variants(name, it.labels.iter().cloned().zip(variants));
        }
        Ok(())
    }

    /// A file that is open, or is opened.
    pub(super) fn source(&mut self, path: &Utf8Path) -> Result<&mut Source, Failure> {
        if !self.open.contains_key(path) {
            let text = fs_err::read_to_string(path)
                .map_err(|error| Failure::from_error(Exit::Project, &error))?;
            let source = Source::parse(&text).map_err(|error| {
                Failure::new(Exit::Project, format!("{path} is no Rust: {error}"))
            })?;
            self.open.insert(path.to_owned(), source);
        }
        Ok(self.open.get_mut(path).expect("was put there"))
    }

    /// The names as a file sees them: its own items without a path, others from the root of the crate.
    pub(super) fn names(&self, file: &Utf8Path) -> Names {
        let mut names = self.names.clone();
        for (key, place) in &self.hints.sources {
            let (ObjectKey::Table(name) | ObjectKey::Type(name)) = key else {
                continue;
            };
            let item = labelled(&place.label);
            if file.as_str().ends_with(&place.file) {
                names.at(name.clone(), item.to_owned());
            } else if let Some(module) = module_of(&place.file) {
                names.at(name.clone(), format!("crate::{module}{item}"));
            }
        }
        names
    }

    /// Brings what the types of columns need into scope.
    pub(super) fn import(&mut self, file: &Utf8Path, columns: &[&Column]) -> Result<(), Failure> {
        let names = self.names(file);
        let needed = columns
            .iter()
            .flat_map(|it| spell::imports(&it.data_type, it.type_name.as_ref(), &names));
        let needed: std::collections::BTreeSet<_> = needed.collect();
        let source = self.source(file)?;
        for (krate, item) in needed {
            source.import(krate, item);
        }
        Ok(())
    }

    pub(super) fn add_table(
        &mut self,
        name: &QualifiedName,
        table: &Table,
    ) -> Result<bool, Failure> {
        let path = self.home(&name.schema, Some(name))?;
        let lines = spell::table(name, table, &self.names(&path));
        self.source(&path)?.append(&lines);
        let columns: Vec<&Column> = table.columns.iter().collect();
        self.import(&path, &columns)?;
        Ok(true)
    }

    pub(super) fn add_enum(&mut self, name: &QualifiedName, it: &Enum) -> Result<bool, Failure> {
        let path = self.home(&name.schema, None)?;
        let lines = spell::r#enum(name, it, &self.names(&path));
        self.source(&path)?.append(&lines);
        Ok(true)
    }

    pub(super) fn add_domain(
        &mut self,
        name: &QualifiedName,
        it: &Domain,
    ) -> Result<bool, Failure> {
        let path = self.home(&name.schema, None)?;
        let names = self.names(&path);
        let lines = spell::domain(name, it, &names);
        let source = self.source(&path)?;
        source.append(&lines);
        for (krate, item) in spell::imports(&it.base, it.base_name.as_ref(), &names) {
            source.import(krate, item);
        }
        Ok(true)
    }

    pub(super) fn add_extension(&mut self, name: &Ident, it: &Extension) -> Result<bool, Failure> {
        let root = self.folder.join("mod.rs");
        let path = if root.is_file() {
            root
        } else {
            self.home(&Ident::from(DEFAULT_SCHEMA), None)?
        };
        let source = self.source(&path)?;
        source.append(&[extension(name, it)]);
        source.import("schema_core::prelude", "*");
        Ok(true)
    }

    pub(super) fn add_schema(
        &mut self,
        name: &Ident,
        comment: Option<&str>,
    ) -> Result<bool, Failure> {
        let path = self.new_file(name)?;
        let lines = spell::schema(name, comment, &self.names);
        self.source(&path)?.append(&lines);
        Ok(true)
    }

    /// Takes an item away.
    pub(super) fn remove_item(&mut self, key: &ObjectKey) -> Result<bool, Failure> {
        let Some((path, item)) = self.item(key)? else {
            return Ok(false);
        };
        self.source(&path)?.remove_item(item.range);
        Ok(true)
    }

    /// The file that something new of a schema goes to: the one that most of it is in.
    fn home(
        &mut self,
        schema: &Ident,
        _table: Option<&QualifiedName>,
    ) -> Result<Utf8PathBuf, Failure> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, place) in &self.hints.sources {
            let (ObjectKey::Table(name) | ObjectKey::Type(name)) = key else {
                continue;
            };
            if name.schema == *schema {
                *counts.entry(&place.file).or_default() += 1;
            }
        }
        // With one file for each table, there is none of several: the folder's own is it.
        let most = counts
            .iter()
            .max_by_key(|(file, count)| (**count, std::cmp::Reverse(**file)));
        let known = most.map(|(file, _)| (*file).to_owned());
        let mut paths = self.context.root.ancestors();
        let found = known.and_then(|file| {
            let found = paths.find_map(|it| Some(it.join(&file)).filter(|path| path.is_file()))?;
            let folder = found.parent()?.join("mod.rs");
            let per_table = counts.len() > 2 && folder.is_file();
            Some(if per_table { folder } else { found })
        });
        match found {
            Some(path) => {
                self.source(&path)?.import("schema_core::prelude", "*");
                Ok(path)
            }
            None => self.new_file(schema),
        }
    }

    /// A file for a schema that has none, and its line in `mod.rs`.
    fn new_file(&mut self, schema: &Ident) -> Result<Utf8PathBuf, Failure> {
        let module = self.names.module(schema);
        let path = self.folder.join(format!("{module}.rs"));
        if !self.open.contains_key(&path) && !path.is_file() {
            let shown = schema.as_str().replace('\n', " ");
            let text = format!("//! Schema `{shown}`.\n\nuse schema_core::prelude::*;\n");
            let source = Source::parse(&text)
                .map_err(|error| Failure::new(Exit::Unexpected, error.to_string()))?;
            self.open.insert(path.clone(), source);
            let root = self.folder.join("mod.rs");
            if root.is_file() {
                self.source(&root)?.declare(&format!("pub mod {module};"));
            }
        }
        Ok(path)
    }

    /// Takes statements out of the file of SQL, and puts others into it; gives those that were not
    /// found there.
    pub(super) fn statements(
        &mut self,
        old: &[&Leftover],
        new: &[&Leftover],
    ) -> Result<Vec<String>, Failure> {
        if old.is_empty() && new.is_empty() {
            return Ok(Vec::new());
        }
        let path = self.folder.join(LEFTOVERS);
        let is_new = !path.is_file();
        let mut text = if is_new {
            "-- What the structs beside this file cannot say.\n".to_owned()
        } else {
            fs_err::read_to_string(&path)
                .map_err(|error| Failure::from_error(Exit::Project, &error))?
        };
        let mut left = Vec::new();
        for leftover in old {
            let statement = format!("{};\n", leftover.sql.trim_end());
            match text.find(&statement) {
                Some(at) => {
                    let end = at + statement.len();
                    let gap = usize::from(text[..at].ends_with("\n\n") && !text[end..].is_empty());
                    text.replace_range(at - gap..end, "");
                }
                None => left.push(format!("no longer so: {}", first_line(&leftover.sql))),
            }
        }
        let mut text = format!("{}\n", text.trim_end());
        for leftover in new {
            let _ = write!(text, "\n{};\n", leftover.sql.trim_end());
        }
        self.texts.insert(path, text);
        let root = self.folder.join("mod.rs");
        if is_new && root.is_file() {
            let line = format!("schema_core::sql_file!(\"{LEFTOVERS}\");");
            self.source(&root)?.append(&[line]);
        }
        Ok(left)
    }

    /// The files that are other than they were.
    pub(super) fn finish(self) -> Vec<(Utf8PathBuf, String)> {
        let open = self
            .open
            .into_iter()
            .filter(|(_, source)| source.is_changed());
        let mut files: Vec<_> = open
            .map(|(path, source)| (path, source.changed()))
            .collect();
        files.extend(self.texts);
        files.sort();
        files
    }
}

fn first_line(sql: &str) -> &str {
    sql.lines().next().unwrap_or_default()
}

/// The modules that a file is, from the root of its crate: `schema::public::`.
fn module_of(file: &str) -> Option<String> {
    let (_, below) = file
        .rsplit_once("src/")
        .or_else(|| file.strip_prefix("src/").map(|it| ("", it)))?;
    let below = below.strip_suffix(".rs")?;
    let below = below.strip_suffix("/mod").unwrap_or(below);
    if matches!(below, "lib" | "main" | "mod") {
        return Some(String::new());
    }
    Some(format!("{}::", below.replace('/', "::")))
}

#[cfg(test)]
mod tests {
    use super::module_of;

    #[test]
    fn a_file_is_a_module_of_its_crate() {
        for (file, module) in [
            ("src/lib.rs", Some("")),
            ("src/schema/public.rs", Some("schema::public::")),
            ("app/src/schema/mod.rs", Some("schema::")),
            ("build.rs", None),
        ] {
            assert_eq!(module_of(file).as_deref(), module, "{file}");
        }
    }
}
