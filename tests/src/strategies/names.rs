//! Names and comments, hostile ones among them.

use schema_core::catalog::Generation;
use schema_core::ident::{Ident, QualifiedName};

use super::Builder;

const WORDS: &[&str] = &[
    "users",
    "orders",
    "items",
    "price",
    "state",
    "order",
    "Select",
    "two words",
    "quo\"te",
    "it's",
    "größe",
    "x.y",
    "$1",
    "back\\slash",
    "UPPER",
    "表",
    "percent%s",
    "user",
    "a_name_that_is_so_long_that_one_more_word_would_be_too_long",
];

const COMMENTS: &[&str] = &[
    "A comment.",
    "It's hers; isn't it?",
    "Two\nlines\n\nand -- more /* of */ it.",
    "C:\\new $$ $body$",
    "größer als 表",
];

impl Builder {
    /// A name that nothing in the catalog has: tables, types, indexes and constraints share some
    /// of their name spaces, so all of them are kept apart.
    pub(super) fn fresh_name(&mut self) -> Ident {
        let word = self.choices.one_of(WORDS);
        let taken = self.taken_names();
        (1..=taken.len() + 1)
            .map(|number| match number {
                1 => word.to_owned(),
                number => format!("{word}{number}"),
            })
            .find(|name| !taken.contains(&name.as_str()))
            .expect("one more than there are names")
            .into()
    }

    pub(super) fn fresh_qualified_name(&mut self) -> QualifiedName {
        let schemas: Vec<Ident> = self.catalog.schemas.keys().cloned().collect();
        let public = schemas.iter().position(|schema| schema == "public");
        let first = public.unwrap_or_default();
        let index = (first + self.choices.below(schemas.len())) % schemas.len().max(1);
        let schema = schemas.get(index).cloned();
        QualifiedName::new(schema.unwrap_or("public".into()), self.fresh_name())
    }

    pub(super) fn comment(&mut self) -> Option<String> {
        let commented = self.choices.sometimes(15);
        commented.then(|| self.choices.one_of(COMMENTS).to_owned())
    }

    fn taken_names(&self) -> Vec<&str> {
        let catalog = &self.catalog;
        let mut names: Vec<&Ident> = catalog.schemas.keys().collect();
        names.extend(catalog.enums.keys().map(|name| &name.name));
        names.extend(catalog.domains.keys().map(|name| &name.name));
        names.extend(catalog.sequences.keys().map(|name| &name.name));
        for domain in catalog.domains.values() {
            names.extend(domain.checks.keys());
        }
        for (name, table) in &catalog.tables {
            names.push(&name.name);
            for column in &table.columns {
                names.push(&column.name);
                if let Generation::Identity(identity) = &column.generation {
                    names.extend(identity.sequence.iter().map(|sequence| &sequence.name));
                }
            }
            names.extend(table.constraints.keys());
            names.extend(table.indexes.keys());
        }
        names.into_iter().map(Ident::as_str).collect()
    }
}
