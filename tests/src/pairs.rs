//! Pairs of schemas, `tests/corpus/KIND/NAME.sql`, and whether the way from one to the other is found.
//!
//! A file has the parts `-- both`, `-- from` and `-- to`; before them it may say `-- roles: a, b`,
//! `-- since: 15`, `-- tablespace`, and `-- same` where both sides are one schema in other words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use schema_core::catalog::Catalog;
use schema_core::diff::diff;
use schema_core::directory::split;
use schema_core::introspect::Scope;
use schema_core::plan::{Plan, PlanHints, plan};
use sqlx::AssertSqlSafe;

use crate::postgres::{TestDatabase, pg_dump_text};
use crate::proof::{go, text};

/// Where a pair may put things that are not to be beside the rest.
const TABLESPACE: &str = "pairs_space";

/// Two schemas.
#[derive(Clone, Debug)]
pub struct Pair {
    /// `KIND/NAME`.
    pub name: String,
    /// Roles that it names.
    pub roles: Vec<String>,
    /// The first major version that takes it.
    pub since: u32,
    /// Whether it needs a tablespace.
    pub has_tablespace: bool,
    /// Whether both sides are the same.
    pub is_same: bool,
    /// What makes one.
    pub from: String,
    /// What makes the other.
    pub to: String,
}

/// What became of a way between two schemas.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// `KIND/NAME`, and ` back` for the way from the second to the first.
    pub way: String,
    /// What is wrong, if anything is.
    pub fault: Option<String>,
}

/// A database, and what it was before anything happened to it.
struct Side {
    database: TestDatabase,
    catalog: Catalog,
    dump: Option<Vec<String>>,
}

impl Pair {
    /// All of them, sorted by name.
    ///
    /// # Panics
    ///
    /// If a file cannot be read.
    pub fn all() -> Vec<Self> {
        let corpus = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
        let mut kinds = entries(&corpus);
        kinds.retain(|it| it.is_dir());
        let files = kinds.iter().flat_map(|kind| entries(kind));
        files.map(|file| Self::read(&file)).collect()
    }

    fn read(file: &Utf8Path) -> Self {
        let text = fs_err::read_to_string(file).expect("a pair can be read");
        let kind = file.parent().and_then(Utf8Path::file_name);
        let name = format!("{}/{}", kind.unwrap_or(""), file.file_stem().unwrap_or(""));
        let (mut head, mut both, mut from, mut to) =
            (String::new(), String::new(), String::new(), String::new());
        let mut part = &mut head;
        for line in text.split_inclusive('\n') {
            part = match line.trim_end() {
                "-- both" => &mut both,
                "-- from" => &mut from,
                "-- to" => &mut to,
                _ => {
                    part.push_str(line);
                    continue;
                }
            };
        }
        let said = |word: &str| {
            let mut lines = head.lines().filter_map(|line| line.strip_prefix("-- "));
            lines
                .find_map(|line| line.strip_prefix(word))
                .map(str::trim)
        };
        let roles = said("roles:").unwrap_or("").split(',').map(str::trim);
        Self {
            roles: roles
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
            since: said("since:").map_or(0, |it| it.parse().expect("a major version")),
            has_tablespace: said("tablespace").is_some(),
            is_same: said("same").is_some(),
            from: format!("{both}{from}"),
            to: format!("{both}{to}"),
            name,
        }
    }

    /// Goes there, and back if asked.
    ///
    /// # Panics
    ///
    /// If the server does not take a side, or `pg_dump` does not read it.
    pub async fn judge(&self, both: bool) -> Vec<Verdict> {
        let (from, to) = (Side::new(&self.from).await, Side::new(&self.to).await);
        if let (Some(one), Some(other)) = (&from.dump, &to.dump) {
            assert_eq!(one == other, self.is_same, "{}", self.name);
        }
        let mut verdicts = vec![Verdict {
            way: self.name.clone(),
            fault: from.becomes(&to).await,
        }];
        if both {
            verdicts.push(Verdict {
                way: format!("{} back", self.name),
                fault: to.becomes(&from).await,
            });
        }
        verdicts
    }
}

impl Side {
    async fn new(sql: &str) -> Self {
        let database = TestDatabase::with(sql).await;
        Self {
            catalog: database.catalog_of(&scope()).await,
            dump: statements(&database).await,
            database,
        }
    }

    /// What is wrong with the way from here to there.
    async fn becomes(&self, wanted: &Self) -> Option<String> {
        let plan = match planned(&self.catalog, &wanted.catalog) {
            Ok(plan) => plan,
            Err(refused) => return Some(format!("refused: {refused}")),
        };
        for stage in &plan.stages {
            if let Err(error) = go(&self.database, stage).await {
                return Some(format!("{error}\n{}", text(&plan)));
            }
        }
        let after = self.database.catalog_of(&scope()).await;
        match planned(&after, &wanted.catalog) {
            Err(refused) => return Some(format!("planning again is refused: {refused}")),
            Ok(rest) if !rest.stages.is_empty() => {
                return Some(format!(
                    "left over:\n{}\nafter:\n{}",
                    text(&rest),
                    text(&plan)
                ));
            }
            Ok(_) => {}
        }
        let dump = statements(&self.database).await;
        let (Some(dump), Some(wanted)) = (dump, &wanted.dump) else {
            return None;
        };
        let mut lines = String::new();
        for (statement, count) in counted(&dump, wanted) {
            let what = if count > 0 {
                "only after the plan"
            } else {
                "only wanted"
            };
            writeln!(lines, "{what}: {statement}").expect("a string takes everything");
        }
        (!lines.is_empty()).then(|| format!("{lines}after:\n{}", text(&plan)))
    }
}

/// The roles and the tablespace of these pairs.
///
/// # Panics
///
/// If the server does not make them.
pub async fn prepare(pairs: &[Pair]) {
    let database = TestDatabase::new().await;
    let mut roles: Vec<&String> = pairs.iter().flat_map(|it| &it.roles).collect();
    roles.sort();
    roles.dedup();
    for role in roles {
        let sql = format!(
            "DO $do$ BEGIN CREATE ROLE {role}; \
             EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$"
        );
        database.run(&sql).await;
    }
    let mut connection = database.connect().await;
    for sql in [
        "SET allow_in_place_tablespaces = on".to_owned(),
        format!("CREATE TABLESPACE {TABLESPACE} LOCATION ''"),
    ] {
        let _ = sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await;
    }
}

fn scope() -> Scope {
    Scope {
        privileges: true,
        ..Scope::default()
    }
}

fn planned(from: &Catalog, to: &Catalog) -> Result<Plan, String> {
    plan(&diff(from, to), &PlanHints::default()).map_err(|error| error.to_string())
}

/// How often more a statement is in one than in the other, where that is not equal.
fn counted<'s>(one: &'s [String], other: &'s [String]) -> BTreeMap<&'s str, i32> {
    let mut counts = BTreeMap::new();
    for (statements, by) in [(one, 1), (other, -1)] {
        for statement in statements {
            *counts.entry(statement.as_str()).or_insert(0) += by;
        }
    }
    counts.retain(|_, count| *count != 0);
    counts
}

/// What `pg_dump` says, sorted; `None` where it does not read this server.
async fn statements(database: &TestDatabase) -> Option<Vec<String>> {
    let dump = pg_dump_text(database).await?;
    let lines = dump.lines();
    let lines = lines.filter(|line| !line.starts_with("--") && !line.starts_with('\\'));
    let text = lines.collect::<Vec<_>>().join("\n");
    let statements = split(&text, None).expect("pg_dump writes statements");
    let statements = statements.iter().map(|it| it.text.trim());
    let statements = statements.filter(|it| !it.starts_with("SET "));
    let mut statements: Vec<String> = statements.map(in_order).collect();
    statements.sort();
    Some(statements)
}

/// Columns, tags and options say nothing by their order.
fn in_order(statement: &str) -> String {
    let listed = [
        "TABLE ",
        "UNLOGGED TABLE ",
        "FOREIGN TABLE ",
        "SERVER ",
        "FOREIGN DATA WRAPPER ",
        "USER MAPPING ",
    ];
    let is_listed = statement
        .strip_prefix("CREATE ")
        .is_some_and(|rest| listed.iter().any(|kind| rest.starts_with(kind)));
    let (open, close, between) = if statement.starts_with("CREATE EVENT TRIGGER ") {
        ("TAG IN (", ")", ", ")
    } else if is_listed {
        ("(\n", "\n)", "\n")
    } else {
        return statement.to_owned();
    };
    let Some((head, rest)) = statement.split_once(open) else {
        return statement.to_owned();
    };
    let Some((inside, tail)) = rest
        .rsplit_once(close)
        .filter(|_| between == "\n")
        .or_else(|| rest.split_once(close))
    else {
        return statement.to_owned();
    };
    let mut parts: Vec<&str> = inside
        .split(between)
        .map(|it| it.trim_end_matches(','))
        .collect();
    parts.sort_unstable();
    format!("{head}{open}{}{close}{tail}", parts.join(between))
}

fn entries(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let found = folder.read_dir_utf8().expect("the corpus can be read");
    let mut paths: Vec<_> = found
        .map(|entry| entry.expect("its entries too").into_path())
        .collect();
    paths.sort();
    paths
}
