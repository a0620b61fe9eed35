//! Plans between random catalogs, proved on a real server.

use integration_tests::postgres::{self, TestDatabase};
use integration_tests::proof::{prove, text};
use integration_tests::strategies::{catalog, edit};
use proptest::prelude::{Just, Strategy};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use schema_core::catalog::Catalog;
use schema_core::diff::diff;
use schema_core::plan::{PlanHints, plan};

/// Fits the time of CI; `PROPTEST_CASES` asks for more.
const CASES: u32 = 24;

#[test]
fn a_catalog_does_not_differ_from_itself() {
    let config = config();
    let cases = config.cases * 10;
    let mut runner = TestRunner::new(Config { cases, ..config });
    let result = runner.run(&catalog(major()), |catalog| {
        let changes = diff(&catalog, &catalog);
        assert!(changes.is_empty(), "{:?}", changes.list);
        Ok(())
    });
    report(result);
}

#[test]
fn an_edited_catalog_is_reached() {
    let pairs = catalog(major()).prop_flat_map(|from| (Just(from.clone()), edit(from, major())));
    run(&pairs);
}

#[test]
fn an_unrelated_catalog_is_reached() {
    run(&(catalog(major()), catalog(major())));
}

/// What the server knows decides which catalogs are valid there.
fn major() -> u32 {
    runtime().block_on(postgres::major())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts")
}

fn config() -> Config {
    let said = std::env::var("PROPTEST_CASES").is_ok();
    let default = Config::default();
    Config {
        cases: if said { default.cases } else { CASES },
        // The same cases on every run, unless more are asked for.
        rng_seed: if said {
            default.rng_seed
        } else {
            RngSeed::Fixed(15)
        },
        max_shrink_iters: 300,
        failure_persistence: None,
        ..default
    }
}

fn run(pairs: &impl Strategy<Value = (Catalog, Catalog)>) {
    let runtime = runtime();
    let mut runner = TestRunner::new(config());
    let result = runner.run(pairs, |(from, to)| {
        let proof = runtime.block_on(async {
            let (start, goal) = (create(&from).await?, create(&to).await?);
            prove(&start, &goal, &PlanHints::default()).await
        });
        proof.map(|_| ()).map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(reason, (from, to))) = &result {
        // Enough to see it again, and to make a test of it.
        let [from, to] = [from, to].map(|it| creation(it).unwrap_or_else(|error| error));
        panic!("{reason}\n==== from ====\n{from}\n==== to ====\n{to}");
    }
    report(result);
}

/// A database with the objects of a catalog.
async fn create(catalog: &Catalog) -> Result<TestDatabase, String> {
    Ok(TestDatabase::with(&creation(catalog)?).await)
}

/// The SQL that makes a catalog's objects, which is only a plan from nothing.
fn creation(catalog: &Catalog) -> Result<String, String> {
    let empty = Catalog::default();
    let plan = plan(&diff(&empty, catalog), &PlanHints::default());
    Ok(text(&plan.map_err(|error| error.to_string())?))
}

/// The reason alone: the catalogs themselves are hard to read.
fn report<T>(result: Result<(), TestError<T>>) {
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, _) | TestError::Abort(reason)) => panic!("{reason}"),
    }
}
