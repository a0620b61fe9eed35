//! Which files there are, and what is in each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use camino::Utf8PathBuf;
use schema_core::catalog::{Catalog, Domain, Extension, Table};
use schema_core::ident::{DEFAULT_SCHEMA, Ident, QualifiedName};

use super::Leftover;
use crate::structs::spell::{self, Here, Import, Names};

/// How the source is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One file for each schema.
    PerSchema,
    /// One file for each table, in a folder for each schema.
    PerTable,
}

/// A file, by its path below the folder of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) path: Utf8PathBuf,
    pub(crate) text: String,
}

/// The source of a catalog, and the SQL of what it cannot say.
pub(crate) fn files(
    catalog: &Catalog,
    leftovers: &[Leftover],
    names: &Names,
    layout: Layout,
) -> Vec<SourceFile> {
    let mut files = Vec::new();
    let mut modules = Vec::new();
    for schema in catalog.schemas.keys() {
        let part = Part::of(catalog, schema);
        if part.is_empty() && schema.as_str() == DEFAULT_SCHEMA {
            continue;
        }
        modules.push(names.module(schema));
        match layout {
            Layout::PerSchema => files.push(whole(&part, names)),
            Layout::PerTable => files.extend(by_table(&part, names)),
        }
    }
    modules.sort();
    files.push(root(catalog, &modules, leftovers));
    if !leftovers.is_empty() {
        files.push(SourceFile {
            path: LEFTOVERS.into(),
            text: sql(leftovers),
        });
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// Whether a crate can have SQL beside its structs.
const HAS_SQL: bool = true;

/// The file of what structs cannot say.
pub(crate) const LEFTOVERS: &str = "objects.sql";

/// What is in a schema.
struct Part<'a> {
    schema: &'a Ident,
    comment: Option<&'a str>,
    catalog: &'a Catalog,
}

impl<'a> Part<'a> {
    fn of(catalog: &'a Catalog, schema: &'a Ident) -> Self {
        let object = catalog.schemas.get(schema);
        Self {
            schema,
            comment: object.and_then(|it| it.comment.as_deref()),
            catalog,
        }
    }

    fn of_schema<T>(
        &self,
        objects: &'a BTreeMap<QualifiedName, T>,
    ) -> impl Iterator<Item = (&'a QualifiedName, &'a T)> {
        let objects = objects.iter();
        objects.filter(|(name, _)| name.schema == *self.schema)
    }

    fn tables(&self) -> impl Iterator<Item = (&'a QualifiedName, &'a Table)> {
        self.of_schema(&self.catalog.tables)
    }

    fn is_empty(&self) -> bool {
        self.tables().next().is_none() && !self.has_types() && self.comment.is_none()
    }

    fn has_types(&self) -> bool {
        let mut enums = self.of_schema(&self.catalog.enums);
        let mut domains = self.of_schema(&self.catalog.domains);
        enums.next().is_some() || domains.next().is_some()
    }

    /// Whether a type has to stand for the schema.
    fn is_declared(&self) -> bool {
        self.schema.as_str() != DEFAULT_SCHEMA || self.comment.is_some()
    }

    fn shown(&self) -> String {
        format!("//! Schema `{}`.", self.schema.as_str().replace('\n', " "))
    }

    fn schema(&self, names: &Names) -> Vec<Vec<String>> {
        let declared = self.is_declared();
        let schema = declared.then(|| spell::schema(self.schema, self.comment, names));
        schema.into_iter().collect()
    }

    fn types(&self, names: &Names) -> Vec<Vec<String>> {
        let enums = self.of_schema(&self.catalog.enums);
        let enums = enums.map(|(name, it)| spell::r#enum(name, it, names));
        let domains = self.of_schema(&self.catalog.domains);
        let domains = domains.map(|(name, it)| spell::domain(name, it, names));
        enums.chain(domains).collect()
    }

    fn domains(&self) -> impl Iterator<Item = &'a Domain> {
        self.of_schema(&self.catalog.domains).map(|(_, it)| it)
    }
}

/// The file of a schema.
fn whole(part: &Part<'_>, names: &Names) -> SourceFile {
    let names = names.seen_from(Here {
        schema: part.schema.clone(),
        below: false,
    });
    let mut blocks = part.schema(&names);
    blocks.extend(part.types(&names));
    blocks.extend(
        part.tables()
            .map(|(name, it)| spell::table(name, it, &names)),
    );
    let imports = imports(part.tables().map(|(_, it)| it), part.domains(), &names);
    SourceFile {
        path: format!("{}.rs", names.module(part.schema)).into(),
        text: text(&part.shown(), &imports, &blocks),
    }
}

/// The folder of a schema: its module, its types, and a file for each table.
fn by_table(part: &Part<'_>, names: &Names) -> Vec<SourceFile> {
    let folder = Utf8PathBuf::from(names.module(part.schema));
    let here = |below| {
        names.seen_from(Here {
            schema: part.schema.clone(),
            below,
        })
    };
    let (outside, inside) = (here(false), here(true));
    let mut taken: BTreeSet<String> = ["mod".to_owned(), "types".to_owned()].into();
    taken.insert(names.module(part.schema));
    let mut lines = Vec::new();
    let mut files = Vec::new();
    if part.has_types() {
        let imports = imports([].into_iter(), part.domains(), &inside);
        let head = format!(
            "//! Types of schema `{}`.",
            part.schema.as_str().replace('\n', " ")
        );
        files.push(SourceFile {
            path: folder.join("types.rs"),
            text: text(&head, &imports, &part.types(&inside)),
        });
        lines.push(("types".to_owned(), "*".to_owned()));
    }
    for (name, table) in part.tables() {
        let module = spell::module(name.name.as_str(), &taken);
        taken.insert(module.clone());
        let blocks = vec![spell::table(name, table, &inside)];
        let imports = imports([table].into_iter(), [].into_iter(), &inside);
        let head = format!("//! Table `{}`.", name.name.as_str().replace('\n', " "));
        files.push(SourceFile {
            path: folder.join(format!("{module}.rs")),
            text: text(&head, &imports, &blocks),
        });
        lines.push((module, names.item(name)));
    }
    lines.sort();
    let modules = lines.iter().map(|(module, _)| format!("mod {module};"));
    let uses = lines
        .iter()
        .map(|(module, item)| format!("pub use self::{module}::{item};"));
    let mut blocks = vec![modules.collect(), uses.collect::<Vec<_>>()];
    blocks.extend(part.schema(&outside));
    let head = part.shown();
    files.push(SourceFile {
        path: folder.join("mod.rs"),
        text: if part.is_declared() {
            text(&head, &BTreeSet::new(), &blocks)
        } else {
            without_prelude(&head, &blocks)
        },
    });
    files
}

/// `mod.rs`: the modules, the extensions, and what is left to SQL.
fn root(catalog: &Catalog, modules: &[String], leftovers: &[Leftover]) -> SourceFile {
    let mut head = String::from(
        "//! What the database holds, as `cargo migrate introspect` found it.\n//!\n\
         //! It is yours from here on: `cargo migrate generate` turns changes into migrations, and\n\
         //! `cargo migrate introspect --update` brings in what others change in a database.\n\
         #![allow(dead_code, reason = \"a program need not use every table\")]",
    );
    if leftovers.is_empty() {
        head.push('\n');
    }
    let head = head.trim_end();
    let mut blocks = Vec::new();
    let modules = modules.iter().map(|module| format!("pub mod {module};"));
    blocks.push(modules.collect::<Vec<_>>());
    let extensions = catalog
        .extensions
        .iter()
        .map(|(name, it)| extension(name, it));
    blocks.push(extensions.collect());
    if HAS_SQL && !leftovers.is_empty() {
        blocks.push(vec![format!("schema_core::sql_file!(\"{LEFTOVERS}\");")]);
    }
    SourceFile {
        path: "mod.rs".into(),
        text: if catalog.extensions.is_empty() {
            without_prelude(head, &blocks)
        } else {
            text(head, &BTreeSet::new(), &blocks)
        },
    }
}

/// `extension!(…)`.
pub(super) fn extension(name: &Ident, it: &Extension) -> String {
    let word = spell::word(name.as_str());
    let mut call = word.unwrap_or_else(|| spell::string(name.as_str()));
    let schema = it.schema.iter().filter(|it| it.as_str() != DEFAULT_SCHEMA);
    for schema in schema {
        let _ = write!(call, ", schema = {}", spell::string(schema.as_str()));
    }
    format!("extension!({call});")
}

/// What the types of fields need in scope.
fn imports<'a>(
    tables: impl Iterator<Item = &'a Table>,
    domains: impl Iterator<Item = &'a Domain>,
    names: &Names,
) -> BTreeSet<Import> {
    let columns = tables.flat_map(|table| &table.columns);
    let columns =
        columns.flat_map(|it| spell::imports(&it.data_type, it.type_name.as_ref(), names));
    let domains = domains.flat_map(|it| spell::imports(&it.base, it.base_name.as_ref(), names));
    columns.chain(domains).collect()
}

fn text(head: &str, imports: &BTreeSet<Import>, blocks: &[Vec<String>]) -> String {
    let mut by_crate: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (krate, item) in imports {
        by_crate.entry(krate).or_default().push(item);
    }
    by_crate
        .entry("schema_core::prelude")
        .or_default()
        .push("*");
    // Modules come before what is in the crate itself, as rustfmt has it.
    let mut by_crate: Vec<_> = by_crate.into_iter().collect();
    by_crate.sort_by_key(|(krate, _)| format!("{krate}::~"));
    let uses = by_crate
        .iter()
        .map(|(krate, items)| match items.as_slice() {
            [item] => format!("use {krate}::{item};"),
            items => format!("use {krate}::{{{}}};", items.join(", ")),
        });
    let mut all = vec![uses.collect::<Vec<_>>()];
    all.extend(blocks.iter().cloned());
    without_prelude(head, &all)
}

fn without_prelude(head: &str, blocks: &[Vec<String>]) -> String {
    let mut text = format!("{head}\n");
    for block in blocks.iter().filter(|block| !block.is_empty()) {
        text.push('\n');
        text.push_str(&block.join("\n"));
        text.push('\n');
    }
    text
}

/// The statements of what structs cannot say, in the order in which they can run.
fn sql(leftovers: &[Leftover]) -> String {
    let mut text = String::from("-- What the structs beside this file cannot say.\n");
    for leftover in leftovers {
        let _ = write!(
            text,
            "\n{};\n",
            leftover.sql.trim_end().trim_end_matches(';')
        );
    }
    text
}
