//! Random rows become other random rows.

use std::collections::BTreeMap;

use camino::Utf8PathBuf;
use integration_tests::postgres::{TestDatabase, server};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use proptest::{collection, option, sample};
use schema_core::apply::{Silent, replay};
use schema_core::diagnostic::Place;
use schema_core::diff::diff;
use schema_core::directory::{Directory, NewFile};
use schema_core::ident::{Ident, QualifiedName, literal};
use schema_core::plan::{PlanHints, plan, render};
use schema_core::schema::{DeclaredRow, DeclaredRows, DeclaredValue};
use schema_core::state::{self, Scene};

use super::texts;

/// Fits the time of CI; `PROPTEST_CASES` asks for more.
const CASES: u32 = 12;

const TABLES: &str = "
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE plans (code varchar(20) PRIMARY KEY, price numeric(8, 2), mood mood, tags text[], note text DEFAULT 'none');
CREATE TABLE features (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area text NOT NULL, name text NOT NULL, UNIQUE (area, name),
    plan varchar(20) REFERENCES plans ON DELETE RESTRICT, weight real, at timestamptz
);
";

type Declared = BTreeMap<QualifiedName, DeclaredRows>;

/// Texts that have to be quoted with care among them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("it's; \\ \"x\" $$\r\n-- y".to_owned()),
        Just(String::new()),
        "[a-z]{1,3}",
    ]
}

fn row(values: Vec<(&str, Option<String>)>) -> DeclaredRow {
    let value = |text: Option<String>| text.map_or(DeclaredValue::Null, DeclaredValue::Literal);
    let values = values.into_iter();
    DeclaredRow {
        values: values
            .map(|(name, it)| (Ident::from(name), value(it)))
            .collect(),
        place: Place::line("src/lib.rs", 1),
    }
}

fn rows(key: &[&str], rows: Vec<DeclaredRow>) -> DeclaredRows {
    DeclaredRows {
        key: key.iter().copied().map(Ident::from).collect(),
        rows,
        place: Place::line("src/lib.rs", 1),
    }
}

/// Plans by code, and features by area and name, each of one of these plans.
fn declared() -> impl Strategy<Value = Declared> {
    let price =
        option::of(-99_999_999_i64..99_999_999).prop_map(|it| it.map(|it| format!("{it}e-2")));
    let mood = option::of(sample::select(vec!["'sad'", "'happy'"]));
    let tags = option::of(collection::vec(text(), 0..3));
    let plan = (price, mood, tags, option::of(option::of(text())));
    let feature = (
        any::<sample::Index>(),
        option::of(any::<f32>()),
        option::of(0..4_000_000_000_i64),
    );
    let plans = collection::btree_map("[a-e]{1,2}", plan, 1..6);
    let features = collection::btree_map((text(), "[x-z]"), feature, 0..6);
    (plans, features).prop_map(|(plans, features)| {
        let codes: Vec<String> = plans.keys().cloned().collect();
        let plans = plans.into_iter().map(|(code, (price, mood, tags, note))| {
            let array = |tags: Vec<String>| {
                let tags: Vec<String> = tags.iter().map(|it| literal(it)).collect();
                format!("ARRAY[{}]::text[]", tags.join(", "))
            };
            let mut values = vec![
                ("code", Some(literal(&code))),
                ("price", price),
                ("mood", mood.map(str::to_owned)),
                ("tags", tags.map(array)),
            ];
            values.extend(note.map(|note| ("note", note.map(|it| literal(&it)))));
            row(values)
        });
        let features = features
            .into_iter()
            .map(|((area, name), (plan, weight, at))| {
                row(vec![
                    ("area", Some(literal(&area))),
                    ("name", Some(literal(&name))),
                    ("plan", Some(literal(plan.get::<String>(&codes)))),
                    ("weight", weight.map(|it| format!("'{it}'"))),
                    ("at", at.map(|it| format!("to_timestamp({it})"))),
                ])
            });
        let name = QualifiedName::in_default_schema;
        BTreeMap::from([
            (name("plans"), rows(&["code"], plans.collect())),
            (
                name("features"),
                rows(&["area", "name"], features.collect()),
            ),
        ])
    })
}

/// Writes the migration for these rows, if one is needed.
async fn generate(directory: &mut Directory, declared: &Declared) -> Result<bool, String> {
    let shown = |error: &dyn std::error::Error| {
        let source = error.source().map(ToString::to_string);
        format!("{error}: {}", source.unwrap_or_default())
    };
    let dev = server().await;
    let current = state::current(dev, directory, &mut Silent).await;
    let current = current.map_err(|error| shown(&error))?.catalog;
    let changes = diff(&current, &current);
    let nothing = plan(&changes, &PlanHints::default()).map_err(|error| shown(&error))?;
    let scene = Scene {
        dev,
        directory,
        current: &current,
        renames: &[],
        changes: &changes,
        plan: &nothing,
    };
    let mut rows = state::rows(&scene, declared)
        .await
        .map_err(|error| shown(&error))?;
    let plan = rows.prove(&scene).await.map_err(|error| shown(&error))?;
    let [stage] = &plan.stages[..] else {
        return Ok(false);
    };
    let file = NewFile {
        name: "config",
        text: &render(stage),
    };
    let now = "2026-11-23T12:00:00Z".parse().expect("a time");
    directory
        .append(&[file], now)
        .map_err(|error| shown(&error))?;
    // What is remembered is what is found the next time.
    rows.remember(dev, directory)
        .map_err(|error| shown(&error))?;
    Ok(true)
}

/// How the rows of a database differ from these.
async fn differences(database: &TestDatabase, declared: &Declared) -> Vec<String> {
    let mut differences = Vec::new();
    for (table, declared) in declared {
        let all = format!("SELECT count(*)::text FROM {table}");
        if texts(database, &all).await != [declared.rows.len().to_string()] {
            differences.push(format!("{table} has other rows too"));
        }
        for row in &declared.rows {
            let conditions = row.values.iter().map(|(column, value)| {
                let value = match value {
                    DeclaredValue::Null => "NULL",
                    DeclaredValue::Literal(sql) | DeclaredValue::Expression(sql) => sql,
                };
                format!("{column} IS NOT DISTINCT FROM {value}")
            });
            let conditions: Vec<String> = conditions.collect();
            let found = format!("{all} WHERE {}", conditions.join(" AND "));
            if texts(database, &found).await != ["1"] {
                differences.push(format!("{table} lacks {conditions:?}"));
            }
        }
    }
    differences
}

async fn check(from: &Declared, to: &Declared) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = Utf8PathBuf::from_path_buf(folder.path().join("migrations")).expect("text");
    let mut directory = Directory::empty(&path);
    let first = NewFile {
        name: "first",
        text: TABLES,
    };
    let now = "2026-11-23T12:00:00Z".parse().expect("a time");
    directory
        .append(&[first], now)
        .map_err(|error| error.to_string())?;
    let database = TestDatabase::new().await;
    let mut done = 0;
    for declared in [from, to] {
        generate(&mut directory, declared).await?;
        if generate(&mut directory, declared).await? {
            return Err("the second time, there is something to do again".to_owned());
        }
        replay(
            &mut database.connect().await,
            &directory.files[done..],
            &mut Silent,
        )
        .await
        .map_err(|error| format!("{error:?}"))?;
        done = directory.files.len();
        let differences = differences(&database, declared).await;
        if !differences.is_empty() {
            return Err(differences.join("\n"));
        }
    }
    Ok(())
}

#[test]
fn any_rows_become_any_others() {
    let said = std::env::var("PROPTEST_CASES").is_ok();
    let default = Config::default();
    let mut runner = TestRunner::new(Config {
        cases: if said { default.cases } else { CASES },
        rng_seed: if said {
            default.rng_seed
        } else {
            RngSeed::Fixed(15)
        },
        max_shrink_iters: 50,
        failure_persistence: None,
        ..default
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts");
    let result = runner.run(&(declared(), declared()), |(from, to)| {
        runtime
            .block_on(check(&from, &to))
            .map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
