//! Random catalogs and random edits of them.
//!
//! Everything is made from a tape of random numbers: each decision takes the next one, and where
//! the tape has ended takes the simplest choice. So every tape gives a valid catalog, and a
//! shorter tape with smaller numbers gives a simpler one, which is all that shrinking needs.

mod choices;
mod columns;
mod constraints;
mod edit;
mod indexes;
mod names;
mod repair;
mod types;

use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use schema_core::catalog::Catalog;

use choices::Choices;

/// A provisional catalog whose DDL is valid on PostgreSQL of this major version.
pub fn catalog(major: u32) -> impl Strategy<Value = Catalog> {
    vec(any::<u32>(), 0..600).prop_map(move |tape| {
        let mut builder = Builder::new(Catalog::default(), tape, major);
        builder.build();
        builder.finish()
    })
}

/// The catalog after a few edits, valid again.
pub fn edit(catalog: Catalog, major: u32) -> impl Strategy<Value = Catalog> {
    vec(any::<u32>(), 0..200).prop_map(move |tape| {
        let mut builder = Builder::new(catalog.clone(), tape, major);
        builder.edit();
        builder.finish()
    })
}

/// A catalog in the making.
struct Builder {
    catalog: Catalog,
    choices: Choices,
    major: u32,
}

impl Builder {
    fn new(catalog: Catalog, tape: Vec<u32>, major: u32) -> Self {
        let choices = Choices::new(tape);
        Self {
            catalog,
            choices,
            major,
        }
    }

    fn finish(mut self) -> Catalog {
        repair::repair(&mut self.catalog);
        self.catalog
    }

    fn build(&mut self) {
        self.catalog.schemas.entry("public".into()).or_default();
        for _ in 0..self.choices.below(3) {
            self.add_schema();
        }
        if self.choices.sometimes(10) {
            self.add_extension();
        }
        for _ in 0..self.choices.below(3) {
            self.add_enum();
        }
        for _ in 0..self.choices.below(3) {
            self.add_domain();
        }
        for _ in 0..self.choices.below(2) {
            self.add_sequence();
        }
        for _ in 0..=self.choices.below(4) {
            self.add_table();
        }
        for _ in 0..self.choices.below(5) {
            self.add_foreign_key();
        }
    }
}
