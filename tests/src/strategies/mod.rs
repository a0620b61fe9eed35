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
mod rename;
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
    use schema_core::diff::diff;
    use schema_core::plan::{PlanHints, plan, render};
    use sqlx::AssertSqlSafe;

    use super::{Catalog, Strategy, catalog, edit};
    use crate::postgres::{TestDatabase, major};

    /// Makes the catalog on an empty database and reads it back.
    async fn made(catalog: &Catalog) -> Result<Catalog, TestCaseError> {
        let database = TestDatabase::new().await;
        let mut connection = database.connect().await;
        let empty = database.catalog().await;
        let plan = plan(&diff(&empty, catalog), &PlanHints::default());
        let plan = plan.map_err(|error| TestCaseError::fail(error.to_string()))?;
        for stage in &plan.stages {
            let sql = render(stage);
            let result = sqlx::raw_sql(AssertSqlSafe(sql.as_str()))
                .execute(&mut connection)
                .await;
            result.map_err(|error| TestCaseError::fail(format!("{error}\n{sql}")))?;
        }
        Ok(database.catalog().await)
    }

    /// What there is, without how it is spelled.
    fn names(catalog: &Catalog) -> BTreeSet<String> {
        let mut names = Vec::new();
        names.extend(catalog.schemas.keys().map(|it| format!("schema {it}")));
        names.extend(
            catalog
                .enums
                .iter()
                .map(|(name, it)| format!("{name} {:?}", it.labels)),
        );
        names.extend(catalog.domains.keys().map(|it| format!("domain {it}")));
        names.extend(catalog.sequences.keys().map(|it| format!("sequence {it}")));
        for (name, table) in &catalog.tables {
            let columns = table.columns.iter();
            let columns = columns.map(|it| format!("{name} {} {}", it.name, it.not_null));
            names.extend(columns);
            names.extend(table.constraints.keys().map(|it| format!("{name} {it}")));
            names.extend(table.indexes.keys().map(|it| format!("{name} {it}")));
        }
        names.into_iter().collect()
    }

    #[test]
    fn catalogs_and_their_edits_can_be_made() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let major = runtime.block_on(major());
        let said = std::env::var_os("PROPTEST_CASES").is_some();
        let default = Config::default();
        let mut runner = TestRunner::new(Config {
            cases: if said { default.cases } else { 24 },
            failure_persistence: None,
            max_shrink_iters: 60,
            ..default
        });
        let pairs = catalog(major).prop_flat_map(move |from| {
            let to = edit(from.clone(), major);
            (proptest::strategy::Just(from), to)
        });
        let result = runner.run(&pairs, |(from, to)| {
            for catalog in [from, to] {
                let read = runtime.block_on(made(&catalog))?;
                let (read, wanted) = (names(&read), names(&catalog));
                let differing = read.symmetric_difference(&wanted);
                proptest::prop_assert_eq!(differing.collect::<Vec<_>>(), [""; 0]);
            }
            Ok(())
        });
        if let Err(TestError::Fail(reason, (from, to))) = result {
            let json = serde_json::to_string_pretty(&[from, to]).expect("serialises");
            panic!("{reason}\n{json}");
        }
    }
}
